package situationweb

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cultured/internal/competency"
	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/situation"
	"cultured/internal/ui"
	"cultured/internal/web"
)

const mapHome = home + "/map"

type mapPage struct {
	Head     ui.PageHead
	Choices  []ui.Choice
	Summary  string
	Empty    *ui.Empty
	Heads    []string // of the three columns of bubbles
	Panels   []panel
	Ties     ties
	Gaps     ui.Table
	ByPlace  ui.Table // gaps, service by service
	NoGap    bool
	Tallies  ui.Table // what the bubbles say
	Contents ui.Table // what the links say
	Exports  []ui.LinkButton
}

var mapTemplate = ui.Page[mapPage](pages, "pages/map.tmpl", "pages/panel.tmpl", "pages/ties.tmpl")

// An atlas is what the map shows: situations in force that the address lets through, and the competences they are linked to.
type atlas struct {
	choice
	p       *i18n.Printer
	byTheme bool
	may     bool // decide actions
	actions []situation.Action
	today   string
	named   map[competency.ItemID]competence
	order   map[competency.ItemID]int // reading order of the frameworks
}

func (d Desk) atlas(r *http.Request) (a atlas, err error) {
	if a.choice, err = d.kept(r); err != nil {
		return a, err
	}
	a.may, a.today = situation.MayEdit(web.Actor(r)), d.today()
	if a.actions, err = d.Situation.Plan(r.Context(), web.Actor(r), a.today); err != nil {
		return a, err
	}
	if a.filter.Retired { // the map is of what is in force
		a.filter.Retired = false
		a.kept = a.filter.Keep(a.all, french.Fold)
	}
	list, named, err := d.competences(r)
	a.p, a.named, a.byTheme, a.order = web.VisitOf(r).P, named, r.URL.Query().Get("group") == "theme", map[competency.ItemID]int{}
	for i, c := range list {
		a.order[c.id] = i + 1
	}
	return a, err
}

// of is a competence; one the visitor may not read says so.
func (a atlas) of(id competency.ItemID) competence {
	if c, ok := a.named[id]; ok {
		return c
	}
	return competence{id: id, label: a.p.T("situationweb.gone_competence")}
}

// reading sorts tallies as the frameworks are read.
func (a atlas) reading(x, y situation.Tally) int {
	return cmp.Or(cmp.Compare(a.order[x.Competence], a.order[y.Competence]), cmp.Compare(x.Competence, y.Competence))
}

// tallies counts the competences by group, in reading order.
func (a atlas) tallies(group func(situation.Situation) string) []situation.Tally {
	out := situation.Count(a.kept, group)
	slices.SortStableFunc(out, a.reading)
	return out
}

func themeOf(s situation.Situation) string { return s.Origin.Theme }

// pairs are what the address of this map says.
func (a atlas) pairs() []string {
	group := ""
	if a.byTheme {
		group = "theme"
	}
	return append(pairs(a.filter), "group", group)
}

// chart shows the map of situations and competences as two pictures and as their tables, narrowed as the address says.
func (d Desk) chart(w http.ResponseWriter, r *http.Request) error {
	a, err := d.atlas(r)
	if err != nil {
		return err
	}
	p := a.p
	page := mapPage{Head: ui.PageHead{Title: p.T("situationweb.map"), Lead: p.T("situationweb.map_lead")}}
	if len(a.actions) > 0 {
		page.Head.Actions = []ui.LinkButton{{Label: p.T("situationweb.actions"), Href: actionHome, Icon: "clipboard-check"}}
	}
	head := ui.Head{Title: page.Head.Title, Crumbs: crumbs(p)}
	if len(a.all) == 0 {
		page.Empty = &ui.Empty{Icon: "lightbulb", Title: p.T("situationweb.none"), Text: p.T("situationweb.none_text"), Example: p.T("situationweb.none_example")}
		return mapTemplate.Render(w, r, http.StatusOK, head, page)
	}
	page.Choices = append(a.filters(p), ui.Choice{Name: "group", Label: p.T("situationweb.group_by"), Empty: p.T("situationweb.family"),
		Options: []ui.Option{{Value: "theme", Label: p.T("situationweb.theme"), Selected: a.byTheme}}})
	all := a.tallies(situation.Everywhere)
	page.Summary = p.T("situationweb.found", len(a.kept)) + " · " + p.T("situationweb.map_competences", len(all))
	if len(all) == 0 {
		page.Empty = &ui.Empty{Icon: "search", Title: p.T("situationweb.nothing"), Text: p.T("situationweb.nothing_map"), Action: &ui.LinkButton{Label: p.T("situationweb.show_all"), Href: mapHome, Look: ui.Primary}}
		return mapTemplate.Render(w, r, http.StatusOK, head, page)
	}
	for _, s := range situation.Standings() {
		page.Heads = append(page.Heads, p.T("situation."+string(s)))
	}
	page.Panels, page.Ties = a.panels(), a.ties()
	page.Gaps, page.ByPlace = a.gapTable("gaps", situation.Gaps(all), false), a.gapTable("places", a.placeGaps(), true)
	page.NoGap = len(page.Gaps.Rows) == 0
	page.Tallies, page.Contents = a.tallyTable(all), a.contents()
	for _, one := range []struct{ file, label string }{{"map.csv", "CSV"}, {"gaps.csv", p.T("situationweb.gaps") + " (CSV)"}, {"map.json", "JSON"}, {"map.svg", "SVG"}} {
		to, err := ui.Query(mapHome+"/"+one.file, a.pairs()...)
		if err != nil {
			return err
		}
		page.Exports = append(page.Exports, ui.LinkButton{Label: one.label, Context: p.T("situationweb.of_map"), Href: to, Icon: "download", Download: true})
	}
	return mapTemplate.Render(w, r, http.StatusOK, head, page)
}

// placeGaps are the gaps of each service, the widest first; services in alphabetical order where gaps are as wide.
func (a atlas) placeGaps() []situation.Tally {
	list := a.tallies(a.refs.where)
	slices.SortStableFunc(list, func(x, y situation.Tally) int { return french.Compare(x.Group, y.Group) })
	return situation.Gaps(list)
}

// a competence's cell leads to its page.
func (a atlas) cell(id competency.ItemID) ui.Cell {
	c := a.of(id)
	if _, ok := a.named[id]; !ok {
		return ui.Cell{Text: c.label}
	}
	return ui.Cell{Text: c.label, Href: "/competences/" + url.PathEscape(string(id))}
}

func (a atlas) family(id competency.ItemID) ui.Cell {
	c := a.of(id)
	if c.family == "" {
		return ui.Cell{}
	}
	return ui.Cell{Badge: &ui.Badge{Label: c.family, Family: c.mark}}
}

// gapTable lists gaps, each with the way to the situations behind it.
func (a atlas) gapTable(id string, gaps []situation.Tally, services bool) ui.Table {
	p := a.p
	t := ui.Table{ID: id, Caption: p.T("situationweb.gaps"), Tall: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("situationweb.competence")}}}
	if services {
		t.Caption = p.T("situationweb.gaps_services")
		t.Columns = append(t.Columns, ui.Column{Label: p.T("situationweb.service")})
	}
	t.Columns = append(t.Columns, ui.Column{Label: p.T("situationweb.family")}, ui.Column{Label: p.T("situation.needed"), Numeric: true}, ui.Column{Label: p.T("situation.held"), Numeric: true},
		ui.Column{Label: p.T("situationweb.gap"), Numeric: true}, ui.Column{Label: p.T("situation.develop"), Numeric: true}, ui.Column{Label: p.T("situationweb.actions")})
	for _, g := range gaps {
		row := ui.Row{Cells: []ui.Cell{a.cell(g.Competence)}}
		if services {
			row.Cells = append(row.Cells, ui.Cell{Text: first(g.Group, p.T("situationweb.no_service"))})
		}
		row.Cells = append(row.Cells, a.family(g.Competence), ui.Cell{Text: p.Number(g.Needed)}, ui.Cell{Text: p.Number(g.Held)}, ui.Cell{Text: p.Number(g.Gap())}, ui.Cell{Text: p.Number(g.Develop)}, a.decided(g, services))
		t.Rows = append(t.Rows, row)
	}
	return t
}

// tallyTable says what the bubbles say.
func (a atlas) tallyTable(all []situation.Tally) ui.Table {
	p := a.p
	t := ui.Table{ID: "tallies", Caption: p.T("situationweb.map_tallies"), Tall: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("situationweb.competence")}, {Label: p.T("situationweb.family")},
		{Label: p.T("situation.needed"), Numeric: true}, {Label: p.T("situation.held"), Numeric: true}, {Label: p.T("situation.develop"), Numeric: true}}}
	if a.byTheme {
		t.Columns[1].Label = p.T("situationweb.theme")
		all = a.tallies(themeOf)
	}
	for _, one := range all {
		group := a.family(one.Competence)
		if a.byTheme {
			group = ui.Cell{Text: first(one.Group, p.T("situationweb.no_theme"))}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{a.cell(one.Competence), group, {Text: p.Number(one.Needed)}, {Text: p.Number(one.Held)}, {Text: p.Number(one.Develop)}}})
	}
	return t
}

// contents says what the links say: for each situation, its service, its competences by what they are to it, and its datasets.
func (a atlas) contents() ui.Table {
	p := a.p
	t := ui.Table{ID: "contents", Caption: p.T("situationweb.map_contents"), Tall: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("situationweb.name")}, {Label: p.T("situationweb.kind")}, {Label: p.T("situationweb.service")},
		{Label: p.T("situationweb.theme")}, {Label: p.T("situationweb.mentions"), Numeric: true}}}
	for _, s := range situation.Standings() {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("situation." + string(s))})
	}
	t.Columns = append(t.Columns, ui.Column{Label: p.T("situationweb.datasets")})
	for _, s := range a.kept {
		row := ui.Row{Cells: []ui.Cell{{Text: s.Title, Href: path(s.ID)}, {Text: p.T("situation." + string(s.Kind))}, {Text: a.refs.where(s)}, {Text: s.Origin.Theme}, {Text: p.Number(s.Mentions())}}}
		for _, standing := range situation.Standings() {
			var names []string
			for _, l := range s.Links {
				if l.Standing == standing {
					names = append(names, a.of(l.Competence).label)
				}
			}
			row.Cells = append(row.Cells, ui.Cell{Text: strings.Join(names, " · ")})
		}
		row.Cells = append(row.Cells, ui.Cell{Text: strings.Join(a.refs.about(p, s), " · ")})
		t.Rows = append(t.Rows, row)
	}
	return t
}
