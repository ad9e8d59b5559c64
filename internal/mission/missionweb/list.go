package missionweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type listPage struct {
	Head   ui.PageHead
	Time   ui.Choice
	Family ui.Choice
	One    ui.Choice      // competence
	Use    *ui.Choice     // situation of use
	About  *ui.LinkButton // the page of the one chosen
	Why    string         // the mission below is proposed
	First  *ui.Card
	Cards  []ui.Card
	Empty  *ui.Empty
}

var listTemplate = ui.Page[listPage](pages, "pages/list.tmpl")

// times are the spans people say they have, in minutes.
var times = []int{10, 20, 40}

// list shows the missions to choose from.
func (d Desk) list(w http.ResponseWriter, r *http.Request) error {
	v := web.VisitOf(r)
	p, q := v.P, r.URL.Query()
	minutes, _ := strconv.Atoi(q.Get("minutes")) // anything else takes all
	f := mission.Filter{Family: q.Get("family"), Competence: q.Get("competence")}
	if slices.Contains(times, minutes) {
		f.Minutes = minutes
	}
	all, err := d.List(r.Context(), v.Actor, mission.Filter{})
	if err != nil {
		return err
	}
	use, about, err := d.uses(r, all, &f)
	if err != nil {
		return err
	}
	found, err := d.List(r.Context(), v.Actor, f)
	if err != nil {
		return err
	}
	known, err := d.Competences(r.Context(), v.Actor, string(v.Lang))
	if err != nil {
		return err
	}
	page := listPage{Use: use, About: about, Head: ui.PageHead{Title: p.T("missionweb.missions"), Lead: p.T("missionweb.lead")},
		Time:   ui.Choice{Name: "minutes", Label: p.T("missionweb.time"), Options: []ui.Option{{Label: p.T("missionweb.time_any")}}},
		Family: ui.Choice{Name: "family", Label: p.T("missionweb.family"), Options: []ui.Option{{Label: p.T("missionweb.family_any")}}}}
	mine := "missionweb.own_mine"
	if mission.MayPublish(v.Actor) {
		mine = "missionweb.own"
	}
	page.Head.Actions = []ui.LinkButton{{Label: p.T(mine), Href: ownHome, Icon: "library"}}
	for _, n := range times {
		page.Time.Options = append(page.Time.Options, ui.Option{Value: strconv.Itoa(n), Label: p.T("missionweb.time_most", n), Selected: n == f.Minutes})
	}
	for _, family := range families(all) {
		page.Family.Options = append(page.Family.Options, ui.Option{Value: family, Label: known[family].named(family), Selected: family == f.Family})
	}
	page.One = competences(p, all, known, f.Competence)
	if proposal, ok := mission.Propose(found, all); ok {
		var first ui.Card
		first, page.Why = proposed(p, proposal, known)
		page.First = &first
		found = slices.DeleteFunc(found, func(st mission.Standing) bool { return st.ID == proposal.ID })
	}
	for _, st := range found {
		page.Cards = append(page.Cards, card(p, st, known))
	}
	if len(found) == 0 && page.First == nil {
		page.Empty = &ui.Empty{Icon: "search", Title: p.T("missionweb.none"), Text: p.T("missionweb.none_text"),
			Action: &ui.LinkButton{Label: p.T("missionweb.show_all"), Href: "/missions"}}
	}
	return listTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, NoIndex: true}, page)
}

// proposed is the card of a mission proposed, under a heading that says so, and why it is.
func proposed(p *i18n.Printer, proposal mission.Proposal, known map[string]Competence) (ui.Card, string) {
	c := card(p, proposal.Standing, known)
	c.Level = 3
	return c, p.T("missionweb.why_"+string(proposal.Reason), about(proposal, known))
}

// Proposed is the mission the visitor of r would be proposed among all, and why; nil when all are passed.
func (d Desk) Proposed(r *http.Request) (*ui.Card, string, error) {
	v := web.VisitOf(r)
	all, err := d.List(r.Context(), v.Actor, mission.Filter{})
	if err != nil {
		return nil, "", err
	}
	proposal, ok := mission.Propose(all, all)
	if !ok {
		return nil, "", nil
	}
	known, err := d.Competences(r.Context(), v.Actor, string(v.Lang))
	if err != nil {
		return nil, "", err
	}
	c, why := proposed(v.P, proposal, known)
	return &c, why, nil
}

// about names what the reason of a proposal is about: a competence, or its family.
func about(proposal mission.Proposal, known map[string]Competence) string {
	code := proposal.For.Code
	if proposal.Reason == mission.NewFamily {
		code = proposal.For.Family()
	}
	return known[code].named(code)
}

// competences offers those the missions prove, by family.
func competences(p *i18n.Printer, all []mission.Standing, known map[string]Competence, chosen string) ui.Choice {
	c := ui.Choice{Name: "competence", Label: p.T("missionweb.competence"), Options: []ui.Option{{Label: p.T("missionweb.family_any")}}}
	var proved []mission.Competence
	for _, st := range all {
		proved = append(proved, st.Competences...)
	}
	slices.SortFunc(proved, func(a, b mission.Competence) int { return strings.Compare(a.Code, b.Code) })
	for i, one := range proved {
		if i == 0 || proved[i-1].Code != one.Code {
			c.Options = append(c.Options, ui.Option{Value: one.Code, Label: known[one.Code].named(one.Code), Group: known[one.Family()].named(one.Family()), Selected: one.Code == chosen})
		}
	}
	return c
}

// families lists those of the competences the missions prove.
func families(list []mission.Standing) (codes []string) {
	for _, st := range list {
		for _, c := range st.Competences {
			codes = append(codes, c.Family())
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func card(p *i18n.Printer, st mission.Standing, known map[string]Competence) ui.Card {
	lang := string(p.Lang())
	c := ui.Card{Title: st.Title.In(lang), Href: ui.Link("/missions", string(st.ID)), Text: st.Story.In(lang), Level: 2, Icon: "sparkles",
		Facts: []ui.Fact{{Label: p.T("missionweb.duration"), Value: p.T("missionweb.minutes", st.Minutes), Icon: "clock"}}}
	for _, competence := range st.Competences {
		c.Badges = append(c.Badges, ui.Badge{Label: p.T("missionweb.level", known[competence.Code].named(competence.Code), competence.Level), Kind: ui.Info})
	}
	switch {
	case st.Passed != nil:
		c.Badges = append(c.Badges, ui.Badge{Label: p.T("missionweb.passed"), Kind: ui.Success, Icon: "check"})
	case st.Tried > 0:
		c.Badges = append(c.Badges, ui.Badge{Label: p.T("missionweb.tried"), Kind: ui.Neutral})
	}
	return c
}
