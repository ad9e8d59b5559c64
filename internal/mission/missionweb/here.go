package missionweb

import (
	"bytes"
	"net/http"

	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// herePart is how a table is worked on in this product and handed in from it.
type herePart struct {
	Open, Answer, Number, Send, Hint string
	Held                             *ui.Choice
	Only                             bool // there is no other way to answer
}

// newHere says where to open the variant, and which datasets, or steps, may be handed in; nil for another answer.
func newHere(p *i18n.Printer, work mission.Desk, handable []mission.Holding, saved []mission.Prepared, forms []form.Form) *herePart {
	base := ui.Link("/missions", string(work.ID))
	h := &herePart{Open: base + "/workbench", Answer: base + "/answer?from=dataset", Number: work.Number, Send: p.T("missionweb.here_send"), Hint: p.T("missionweb.here_hint")}
	held, before, group := &ui.Choice{Name: "dataset", Label: p.T("missionweb.here_which"), Required: true}, "", ""
	switch work.Mission.Answer {
	case mission.AnswerRecipe:
		held.Label, h.Send, h.Hint = p.T("missionweb.here_recipe"), p.T("missionweb.here_send_recipe"), p.T("missionweb.here_hint_recipe")
		before, group = mission.CleanedSteps, p.T("missionweb.here_group_datasets")
		h.Answer = base + "/answer?from=recipe"
	case mission.AnswerTable:
		saved = nil
	case mission.AnswerForm:
		held.Label, h.Send, h.Hint, h.Only = p.T("missionweb.here_form"), p.T("missionweb.here_send_form"), p.T("missionweb.here_hint_form"), true
		h.Answer, saved = base+"/answer?from=form", nil
	default:
		return nil
	}
	for _, one := range handable {
		held.Options = append(held.Options, ui.Option{Value: before + one.ID, Group: group, Label: p.T("missionweb.here_one", one.Title, one.Version)})
	}
	for _, one := range forms {
		held.Options = append(held.Options, ui.Option{Value: string(one.ID), Label: one.Title})
	}
	for _, one := range saved {
		held.Options = append(held.Options, ui.Option{Value: mission.SavedSteps + one.ID, Group: p.T("missionweb.here_group_saved"), Label: p.T("missionweb.here_one", one.Title, one.Version)})
	}
	if len(held.Options) > 0 {
		h.Held = held
	}
	return h
}

// workHere has the person's variant examined like any file: from there on it is worked on as all data are.
func (d Desk) workHere(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if m, err := d.Find(r.Context(), by, mission.ID(r.PathValue("mission"))); err == nil && m.Answer == mission.AnswerForm {
		id, err := d.BeginForm(r.Context(), by, m.ID, string(web.VisitOf(r).Lang))
		if err != nil {
			return err
		}
		return web.Redirect(w, r, ui.Link("/forms", string(id)), web.Said{Key: "missionweb.here_form_opened"})
	}
	work, err := d.Open(r.Context(), by, mission.ID(r.PathValue("mission")))
	if err != nil {
		return err
	}
	if work.Mission.Answer != mission.AnswerTable && work.Mission.Answer != mission.AnswerRecipe {
		return fault.New(fault.NotFound, "web.not_found")
	}
	check, err := d.Submit(r.Context(), by, work.ID, work.Title.In(string(web.VisitOf(r).Lang))+".csv", bytes.NewReader(work.File()))
	if err != nil {
		return err
	}
	return web.Redirect(w, r, ui.Link("/check", check), web.Said{Key: "missionweb.here_opened"})
}
