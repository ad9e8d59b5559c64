package missionweb

import (
	"net/http"
	"slices"

	"cultured/internal/mission"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// useMost is how much of a situation's name an option shows, in characters: the page of the situation says it whole.
const useMost = 70

// uses offers the organisation's situations of use some mission prepares for, and narrows f to the one the address names. nil where there is none.
func (d Desk) uses(r *http.Request, all []mission.Standing, f *mission.Filter) (*ui.Choice, *ui.LinkButton, error) {
	if d.Situations == nil {
		return nil, nil, nil
	}
	v := web.VisitOf(r)
	list, err := d.Situations(r.Context(), v.Actor, string(v.Lang))
	if err != nil {
		return nil, nil, err
	}
	chosen := r.URL.Query().Get("situation")
	use := &ui.Choice{Name: "situation", Label: v.P.T("missionweb.use"), Options: []ui.Option{{Label: v.P.T("missionweb.family_any")}}}
	var about *ui.LinkButton
	for _, s := range list {
		if s.ID == chosen {
			f.Codes = append([]string{}, s.Codes...)
			about = &ui.LinkButton{Label: s.Label, Href: s.Href}
		}
		if s.ID == chosen || slices.ContainsFunc(all, func(st mission.Standing) bool {
			return slices.ContainsFunc(st.Competences, func(c mission.Competence) bool { return slices.Contains(s.Codes, c.Code) })
		}) {
			use.Options = append(use.Options, ui.Option{Value: s.ID, Label: shortened(s.Label, useMost), Group: s.Group, Selected: s.ID == chosen})
		}
	}
	if len(use.Options) == 1 {
		return nil, nil, nil
	}
	return use, about, nil
}

// shortened is the beginning of a text, with a mark where more was cut off.
func shortened(s string, most int) string {
	if chars := []rune(s); len(chars) > most {
		return string(chars[:most-1]) + "…"
	}
	return s
}
