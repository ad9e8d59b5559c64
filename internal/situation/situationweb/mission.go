package situationweb

import (
	"net/http"
	"net/url"
	"slices"

	"cultured/internal/situation"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// missionsMost is how many missions a situation's page proposes; the list of missions has the others.
const missionsMost = 5

// codesOf lists the codes of the competences a situation calls for, each once.
func codesOf(s situation.Situation, code func(situation.Link) string) (out []string) {
	for _, l := range s.Links {
		if c := code(l); c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// missions proposes what trains for a situation.
func (d Desk) missions(r *http.Request, s situation.Situation, page *showPage) error {
	if d.Missions == nil || len(s.Links) == 0 || s.Retired {
		return nil
	}
	_, named, err := d.competences(r)
	if err != nil {
		return err
	}
	v := web.VisitOf(r)
	codes := codesOf(s, func(l situation.Link) string { return named[l.Competence].code })
	list, err := d.Missions(r.Context(), v.Actor, codes, string(v.Lang))
	if err != nil {
		return err
	}
	for _, m := range list[:min(len(list), missionsMost)] {
		f := ui.Fact{Label: m.Title, Href: m.Href, Value: v.P.T("situationweb.mission_minutes", m.Minutes)}
		if m.Passed {
			f.Hint = v.P.T("situationweb.mission_passed")
		}
		page.Missions = append(page.Missions, f)
	}
	if len(list) > missionsMost {
		page.All = "/missions?situation=" + url.QueryEscape(string(s.ID))
	}
	return nil
}
