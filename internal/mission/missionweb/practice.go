package missionweb

import (
	"net/http"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// practicePart is how a mission is done on one's own data, as the bench shows it.
type practicePart struct {
	Needs  string
	Checks []string
	Action string
	None   string
	Held   []held
}

// held is a dataset that fits.
type held struct{ ID, Title, Rows, Href string }

// newPractice says what a dataset needs, which ones fit, and how they are checked; nil for a mission that needs planted truth.
func newPractice(p *i18n.Printer, m mission.Mission, fitting []mission.Holding) *practicePart {
	if m.Practice == nil {
		return nil
	}
	o := &practicePart{Action: ui.Link("/missions", string(m.ID), "practice")}
	needs := []string{p.T("missionweb.practice_least", mission.PracticeRowsLeast)}
	for _, n := range m.Practice.Needs {
		needs = append(needs, n.Say.In(string(p.Lang())))
	}
	o.Needs = p.T("missionweb.practice_needs", strings.Join(needs, ", "))
	for _, c := range m.Practice.Checks {
		key, args := c.Ask()
		o.Checks = append(o.Checks, p.T(key, args...))
	}
	o.Checks = append(o.Checks, p.T("mission.ask_yours"))
	for _, h := range fitting {
		o.Held = append(o.Held, held{h.ID, h.Title, p.T("missionweb.practice_rows", h.Rows), ui.Link("/datasets", h.ID)})
	}
	if len(o.Held) == 0 {
		o.None = p.T("missionweb.practice_none")
	}
	return o
}

// work has a dataset of the person's checked, and shows what it is worth.
func (d Desk) work(w http.ResponseWriter, r *http.Request) error {
	id := mission.ID(r.PathValue("mission"))
	if _, err := d.Work(r.Context(), web.Actor(r), id, r.PostFormValue("dataset")); err != nil {
		return err
	}
	return web.Redirect(w, r, ui.Link("/missions", string(id))+"#feedback", web.Said{})
}
