package learningweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/learning"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A TeamDesk is what the pages about whole services stand on.
type TeamDesk struct {
	*learning.Team
	// Framework says how the organisation's competences and levels are called, in a language.
	Framework func(ctx context.Context, by actor.Actor, lang string) (Framework, error)
}

// TeamRoutes adds the pages about whole services to the site. They are for who has the role HR; the rules say so.
func TeamRoutes(site *web.Site, d TeamDesk) {
	site.Handle("GET /learning/team", d.team)
	site.Handle("GET /learning/team/export/{file}", d.teamFile)
}

const teamHome = home + "/team"

type teamPage struct {
	Head    ui.PageHead
	Empty   *ui.Empty
	Plan    *ui.Table
	Needs   *ui.Table
	Since   string // day of the oldest of the needs
	Crowds  []crowd
	Named   *ui.Table
	Exports []ui.LinkButton
}

// A crowd is what is told of one competence.
type crowd struct {
	Label, Href string
	Family      ui.Badge
	Blocks      []block
}

// A block is one service, or several counted together.
type block struct {
	Name, Hint string
	Split      ui.Split
}

var teamTemplate = ui.Page[teamPage](pages, "pages/team.tmpl")

// A teller puts an overview into words.
type teller struct {
	learning.Overview
	p *i18n.Printer
	f Framework
}

func (d TeamDesk) teller(r *http.Request) (t teller, err error) {
	v := web.VisitOf(r)
	t.p = v.P
	if t.Overview, err = d.Overview(r.Context(), v.Actor); err != nil {
		return t, err
	}
	t.f, err = d.Framework(r.Context(), v.Actor, string(v.Lang))
	return t, err
}

// team shows needs and levels by service, the plan that follows, and who lets HR read what they can show.
func (d TeamDesk) team(w http.ResponseWriter, r *http.Request) error {
	t, err := d.teller(r)
	if err != nil {
		return err
	}
	p := t.p
	page := teamPage{Head: ui.PageHead{Title: p.T("learningweb.team"), Lead: p.T("learningweb.team_lead"),
		Facts: []ui.Fact{{Label: p.T("learningweb.team_next"), Value: p.Date(t.Next), Icon: "clock"}}},
		Plan: t.plan(), Needs: t.needs(), Since: t.since(), Crowds: t.crowds(), Named: t.named()}
	if page.Plan == nil && page.Needs == nil && len(page.Crowds) == 0 && page.Named == nil {
		page.Empty = &ui.Empty{Icon: "users", Title: p.T("learningweb.team_none"), Text: p.T("learningweb.team_none_text"),
			Action: &ui.LinkButton{Label: p.T("learningweb.team_map"), Href: "/situations/map"}}
	}
	for _, one := range []struct {
		file, label string
		has         bool
	}{{"plan.csv", p.T("learningweb.team_plan"), page.Plan != nil}, {"needs.csv", p.T("learningweb.team_needs"), page.Needs != nil},
		{"levels.csv", p.T("learningweb.team_levels"), len(page.Crowds) > 0}, {"shared.csv", p.T("learningweb.team_named"), page.Named != nil},
		{"team.json", p.T("learningweb.team_all"), page.Empty == nil}} {
		if one.has {
			kind := strings.ToUpper(one.file[strings.LastIndexByte(one.file, '.')+1:])
			page.Exports = append(page.Exports, ui.LinkButton{Label: one.label + " (" + kind + ")", Href: ui.Link(teamHome, "export", one.file), Icon: "download", Download: true})
		}
	}
	return teamTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, NoIndex: true}, page)
}

// service names a service of people.
func (t teller) service(id string) string {
	if name := t.Services[id]; name != "" {
		return name
	}
	return t.p.T("learningweb.team_no_service")
}

// services names the block a figure counts: a service by its name, else by what people wrote.
func (t teller) services(f learning.Figure) string {
	var names []string
	for _, s := range f.Services {
		switch {
		case s == "" && f.View == learning.NeedView:
			s = t.p.T("learningweb.team_unsaid")
		case f.View == learning.LevelView || t.Services[s] != "":
			s = t.service(s)
		}
		names = append(names, s)
	}
	slices.SortFunc(names, french.Compare)
	return strings.Join(names, ", ")
}

// group says which levels a group spans.
func (t teller) group(g learning.Group) string {
	switch {
	case g.From == 0 && g.To == 0:
		return t.p.T("learningweb.team_no_level")
	case g.From == 0:
		return t.p.T("learningweb.team_up_to", t.f.level(g.To))
	case g.To == learning.Highest && g.From < g.To:
		return t.p.T("learningweb.team_from", t.f.level(g.From))
	case g.From == g.To:
		return t.f.level(g.From)
	}
	return t.p.T("learningweb.team_between", t.f.level(g.From), t.f.level(g.To))
}

// plan is what to learn: a row a decision, one for a competence nothing was decided about.
func (t teller) plan() *ui.Table {
	p := t.p
	table := &ui.Table{ID: "plan", Stacks: true, Caption: p.T("learningweb.team_plan"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("learningweb.team_what")},
		{Label: p.T("learningweb.team_asked"), Numeric: true}, {Label: p.T("learningweb.team_below", t.f.level(learning.Applies)), Numeric: true},
		{Label: p.T("learningweb.team_action")}, {Label: p.T("learningweb.team_owner")}, {Label: p.T("learningweb.team_due")}}}
	for _, line := range t.Plan() {
		c := t.f.find(line.Code)
		counts := []ui.Cell{{Text: c.named(), Href: c.Href}, t.count(line.Asked()), t.count(line.Behind())}
		if len(line.Decisions) == 0 {
			table.Rows = append(table.Rows, ui.Row{Cells: append(counts, ui.Cell{Text: p.T("learningweb.team_undecided")}, ui.Cell{}, ui.Cell{})})
		}
		for _, d := range line.Decisions {
			table.Rows = append(table.Rows, ui.Row{Cells: append(slices.Clone(counts), ui.Cell{Text: d.Action, Href: d.Path}, ui.Cell{Text: d.Owner}, ui.Cell{Text: t.day(d.Due)})})
		}
	}
	if len(table.Rows) == 0 {
		return nil
	}
	return table
}

// count writes a number that is told; what is not told is a dash, whatever it is.
func (t teller) count(n int) ui.Cell {
	if n == 0 {
		return ui.Cell{Text: "–"}
	}
	return ui.Cell{Text: t.p.Number(n)}
}

// needs has a row a competence and a column a service that is told of by itself; those counted together share the last.
func (t teller) needs() *ui.Table {
	var alone []string
	together := false
	for _, f := range t.Needs {
		if together = together || len(f.Services) > 1; len(f.Services) == 1 && !slices.Contains(alone, t.services(f)) {
			alone = append(alone, t.services(f))
		}
	}
	if len(t.Needs) == 0 {
		return nil
	}
	slices.SortFunc(alone, french.Compare)
	table := &ui.Table{ID: "needs", Stacks: true, Caption: t.p.T("learningweb.team_needs"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: t.p.T("learningweb.team_competence")}}}
	for _, name := range alone {
		table.Columns = append(table.Columns, ui.Column{Label: name, Numeric: true})
	}
	if together {
		table.Columns = append(table.Columns, ui.Column{Label: t.p.T("learningweb.team_together")})
	}
	row := map[string]int{}
	for _, f := range t.Needs {
		i, ok := row[f.Code]
		if !ok {
			c := t.f.find(f.Code)
			i, row[f.Code] = len(table.Rows), len(table.Rows)
			cells := make([]ui.Cell, len(table.Columns))
			for j := range cells {
				cells[j].Text = "–"
			}
			cells[0] = ui.Cell{Text: c.named(), Href: c.Href}
			table.Rows = append(table.Rows, ui.Row{Cells: cells})
		}
		if j := slices.Index(alone, t.services(f)); len(f.Services) == 1 {
			table.Rows[i].Cells[j+1] = ui.Cell{Text: t.p.Number(f.Size())}
		} else {
			table.Rows[i].Cells[len(table.Columns)-1] = ui.Cell{Text: t.p.T("learningweb.team_sum", f.Size(), t.services(f))}
		}
	}
	return table
}

// since is the day the oldest of the needs was told.
func (t teller) since() string {
	if len(t.Needs) == 0 {
		return ""
	}
	return t.p.Date(slices.MinFunc(t.Needs, func(a, b learning.Figure) int { return a.At.Compare(b.At) }).At)
}

// crowds are the levels told of, by competence.
func (t teller) crowds() (out []crowd) {
	for _, f := range t.Levels {
		if n := len(out); n == 0 || out[n-1].Label != t.f.find(f.Code).named() {
			c := t.f.find(f.Code)
			out = append(out, crowd{Label: c.named(), Href: c.Href, Family: ui.Badge{Label: c.Family, Family: c.Mark}})
		}
		b := block{Name: t.services(f), Hint: t.p.T("learningweb.team_told", f.Size(), t.p.Date(f.At))}
		b.Split.Label = b.Name
		for _, g := range f.Groups {
			kind := shade(g)
			b.Split.Parts = append(b.Split.Parts, ui.Part{Label: t.group(g), Text: t.p.Number(len(g.Members)), Kind: kind, Value: float64(len(g.Members))})
		}
		out[len(out)-1].Blocks = append(out[len(out)-1].Blocks, b)
	}
	return out
}

// shade tells groups of one bar apart: without a level, below the level the plan leads to, at it, and the others.
func shade(g learning.Group) string {
	switch {
	case g.From == 0:
		return ui.Neutral
	case g.To < learning.Applies:
		return ui.Warning
	case g.From == learning.Applies:
		return ui.Success
	}
	return ui.Info
}

// named are those who let HR read what they can show: only what they share.
func (t teller) named() *ui.Table {
	if len(t.Named) == 0 {
		return nil
	}
	p := t.p
	table := &ui.Table{ID: "named", Stacks: true, Caption: p.T("learningweb.team_named"), CaptionHidden: true, FirstIsHeader: true,
		Columns: []ui.Column{{Label: p.T("learningweb.team_person")}, {Label: p.T("learningweb.team_service")}, {Label: p.T("learningweb.team_competence")}, {Label: p.T("learningweb.team_level")}}}
	for _, n := range t.Named {
		for _, code := range codes(n.Levels) {
			c := t.f.find(code)
			table.Rows = append(table.Rows, ui.Row{Cells: []ui.Cell{{Text: n.Name}, {Text: t.service(n.Service)}, {Text: c.named(), Href: c.Href}, {Text: t.f.level(n.Levels[code])}}})
		}
	}
	return table
}

func codes(levels map[string]int) (list []string) {
	for code, level := range levels {
		if level > 0 {
			list = append(list, code)
		}
	}
	slices.Sort(list)
	return list
}
