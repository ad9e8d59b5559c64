package missionweb

import (
	"bytes"
	"net/http"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// herePart is how a table is worked on in this product and handed in from it.
type herePart struct {
	Open, Answer, Number string
	Held                 *ui.Choice
}

// newHere says where to open the variant, and which datasets may be handed in; nil for an answer that is no table.
func newHere(p *i18n.Printer, work mission.Desk, handable []mission.Holding) *herePart {
	if work.Mission.Answer != mission.AnswerTable {
		return nil
	}
	base := ui.Link("/missions", string(work.ID))
	h := &herePart{Open: base + "/workbench", Answer: base + "/answer?from=dataset", Number: work.Number}
	if len(handable) > 0 {
		h.Held = &ui.Choice{Name: "dataset", Label: p.T("missionweb.here_which"), Required: true}
	}
	for _, one := range handable {
		h.Held.Options = append(h.Held.Options, ui.Option{Value: one.ID, Label: p.T("missionweb.here_one", one.Title, one.Version)})
	}
	return h
}

// workHere has the person's variant examined like any file: from there on it is worked on as all data are.
func (d Desk) workHere(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	work, err := d.Open(r.Context(), by, mission.ID(r.PathValue("mission")))
	if err != nil {
		return err
	}
	if work.Mission.Answer != mission.AnswerTable {
		return fault.New(fault.NotFound, "web.not_found")
	}
	check, err := d.Submit(r.Context(), by, work.Title.In(string(web.VisitOf(r).Lang))+".csv", bytes.NewReader(work.File()))
	if err != nil {
		return err
	}
	return web.Redirect(w, r, ui.Link("/check", check), web.Said{Key: "missionweb.here_opened"})
}
