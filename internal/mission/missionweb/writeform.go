package missionweb

import (
	"net/http"

	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// formKept is the choice of the forms the mission has already.
const formKept = "kept"

// A formPart is the form to put right and the good one, chosen among those of the author.
type formPart struct {
	First, Good ui.Choice
	There       bool // the mission has its forms
}

func newFormPart(p *i18n.Printer, m mission.Mission, mine []form.Form, errs ui.FormErrors) formPart {
	part := formPart{There: len(m.Forms) > 0}
	choice := func(name string) ui.Choice {
		c := ui.Choice{Name: name, Label: p.T("missionweb.write_" + name), Error: errs.For(name), Options: []ui.Option{{Label: p.T("missionweb.write_recipe_none")}}}
		if part.There {
			c.Options[0] = ui.Option{Value: formKept, Label: p.T("missionweb.write_form_kept"), Selected: true}
		}
		for _, f := range mine {
			c.Options = append(c.Options, ui.Option{Value: string(f.ID), Label: f.Title})
		}
		return c
	}
	part.First, part.Good = choice("form_first"), choice("form_good")
	return part
}

// formsOf reads which forms are put right: two of the author's, or those the draft has. Faults: those of [mission.Service.Draft]; Invalid "mission.form_gone" on the
// field of the form that is not there.
func (d Desk) formsOf(r *http.Request, of mission.ID, kind mission.AnswerKind) ([]mission.FormCase, error) {
	first, good := r.PostFormValue("form_first"), r.PostFormValue("form_good")
	if kind != mission.AnswerForm || first == "" && good == "" {
		return nil, nil
	}
	if first == formKept && good == formKept && of != "" {
		o, err := d.Draft(r.Context(), web.Actor(r), of)
		return o.Mission.Forms, err
	}
	mine, err := d.Buildable(r.Context(), web.Actor(r), mission.Mission{Answer: mission.AnswerForm})
	if err != nil {
		return nil, err
	}
	found := map[string]form.Form{}
	for _, f := range mine {
		found[string(f.ID)] = f
	}
	for field, id := range map[string]string{"form_first": first, "form_good": good} {
		if _, ok := found[id]; !ok {
			return nil, fault.Field(field, "mission.form_gone")
		}
	}
	return []mission.FormCase{mission.CaseOf(found[first], found[good])}, nil
}
