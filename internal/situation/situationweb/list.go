package situationweb

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/situation"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type listPage struct {
	Head    ui.PageHead
	Query   ui.Field
	Choices []ui.Choice
	Summary string
	Table   *ui.Table
	Empty   *ui.Empty
	Exports []ui.LinkButton
}

var listTemplate = ui.Page[listPage](pages, "pages/list.tmpl")

// readFilter reads the filter of an address.
func readFilter(form url.Values) situation.Filter {
	return situation.Filter{Words: strings.TrimSpace(form.Get("q")), Kind: situation.Kind(form.Get("kind")), Service: form.Get("service"),
		Theme: form.Get("theme"), Session: form.Get("session"), Dataset: form.Get("dataset"), Retired: form.Get("state") == "retired"}
}

// pairs are what the address says of a filter.
func pairs(f situation.Filter) []string {
	state := ""
	if f.Retired {
		state = "retired"
	}
	return []string{"q", f.Words, "kind", string(f.Kind), "service", f.Service, "theme", f.Theme, "session", f.Session, "dataset", f.Dataset, "state", state}
}

// A choice is what the filter of an address lets through, beside everything there is and what it refers to.
type choice struct {
	kept, all []situation.Situation
	filter    situation.Filter
	refs      refs
}

// kept lists what the filter of the address lets through, the most mentioned first.
func (d Desk) kept(r *http.Request) (c choice, err error) {
	if c.all, err = d.Situation.All(r.Context(), web.Actor(r)); err != nil {
		return c, err
	}
	if c.refs, err = d.refs(r); err != nil {
		return c, err
	}
	c.filter = readFilter(r.URL.Query())
	c.filter.Names = c.refs.names()
	c.kept = c.filter.Keep(c.all, french.Fold)
	slices.SortStableFunc(c.kept, func(a, b situation.Situation) int {
		if a.Mentions() != b.Mentions() {
			return b.Mentions() - a.Mentions()
		}
		return french.Compare(a.Title, b.Title)
	})
	return c, nil
}

// filters are the choices that narrow a list.
func (c choice) filters(p *i18n.Printer) (out []ui.Choice) {
	all, f := c.all, c.filter
	choice := func(name, label, chosen string, options ...ui.Option) ui.Choice {
		for i := range options {
			options[i].Selected = options[i].Value == chosen
		}
		return ui.Choice{Name: name, Label: label, Empty: p.T("situationweb.all"), Options: options}
	}
	values := func(list []string) (out []ui.Option) {
		for _, v := range list {
			out = append(out, ui.Option{Value: v, Label: v})
		}
		return out
	}
	var kinds, sessions []ui.Option
	for _, k := range situation.Kinds() {
		kinds = append(kinds, ui.Option{Value: string(k), Label: p.T("situation." + string(k))})
	}
	seen := map[string]bool{}
	for _, s := range all {
		if o := s.Origin; o.Session != "" && !seen[o.Session] {
			seen[o.Session] = true
			sessions = append(sessions, ui.Option{Value: o.Session, Label: o.Title})
		}
	}
	out = []ui.Choice{
		choice("kind", p.T("situationweb.kind"), string(f.Kind), kinds...),
		choice("service", p.T("situationweb.service"), f.Service, c.refs.places(all)...),
		choice("theme", p.T("situationweb.theme"), f.Theme, values(distinct(all, func(s situation.Situation) string { return s.Origin.Theme }))...),
		choice("session", p.T("situationweb.session"), f.Session, sessions...),
	}
	if used := c.refs.used(all); len(used) > 0 {
		out = append(out, choice("dataset", p.T("situationweb.dataset"), f.Dataset, used...))
	}
	return out
}

// list shows what is known, narrowed as the address says.
func (d Desk) list(w http.ResponseWriter, r *http.Request) error {
	c, err := d.kept(r)
	if err != nil {
		return err
	}
	p, kept, all, f := web.VisitOf(r).P, c.kept, c.all, c.filter
	page := listPage{Head: ui.PageHead{Title: p.T("situationweb.title"), Lead: p.T("situationweb.lead")}}
	if len(all) > 0 {
		page.Head.Actions = append(page.Head.Actions, ui.LinkButton{Label: p.T("situationweb.map"), Href: mapHome, Icon: "chart-column"}, ui.LinkButton{Label: p.T("situationweb.actions"), Href: actionHome, Icon: "clipboard-check"})
	}
	if situation.MayEdit(web.Actor(r)) {
		page.Head.Actions = append(page.Head.Actions, ui.LinkButton{Label: p.T("situationweb.new"), Href: home + "/new", Icon: "plus", Look: ui.Primary})
	}
	if len(all) == 0 {
		page.Empty = &ui.Empty{Icon: "lightbulb", Title: p.T("situationweb.none"), Text: p.T("situationweb.none_text"), Example: p.T("situationweb.none_example")}
		return listTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title}, page)
	}
	page.Query = ui.Field{Name: "q", Type: "search", Label: p.T("situationweb.search"), Value: f.Words, Autocomplete: "off"}
	state := ui.Choice{Name: "state", Label: p.T("situationweb.state"), Empty: p.T("situationweb.in_force"), Options: []ui.Option{{Value: "retired", Label: p.T("situationweb.retired"), Selected: f.Retired}}}
	page.Choices = append(c.filters(p), state)
	page.Summary = p.T("situationweb.found", len(kept))
	if len(kept) == 0 {
		page.Empty = &ui.Empty{Icon: "search", Title: p.T("situationweb.nothing"), Text: p.T("situationweb.nothing_text"), Action: &ui.LinkButton{Label: p.T("situationweb.show_all"), Href: home, Look: ui.Primary}}
		return listTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title}, page)
	}
	page.Table = table(p, c)
	for _, one := range []struct{ file, label string }{{"situations.csv", "CSV"}, {"situations.json", "JSON"}} {
		to, err := ui.Query(home+"/export/"+one.file, pairs(f)...)
		if err != nil {
			return err
		}
		page.Exports = append(page.Exports, ui.LinkButton{Label: one.label, Context: p.T("situationweb.of_list"), Href: to, Icon: "download", Download: true})
	}
	return listTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title}, page)
}

func table(p *i18n.Printer, c choice) *ui.Table {
	t := &ui.Table{ID: "situations", Caption: p.T("situationweb.title"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("situationweb.name")}, {Label: p.T("situationweb.kind")},
		{Label: p.T("situationweb.service")}, {Label: p.T("situationweb.theme")}, {Label: p.T("situationweb.mentions"), Numeric: true}, {Label: p.T("situationweb.competences"), Numeric: true}}}
	for _, s := range c.kept {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: s.Title, Href: path(s.ID)}, {Text: p.T("situation." + string(s.Kind))}, {Text: c.refs.where(s)}, {Text: s.Origin.Theme},
			{Text: p.Number(s.Mentions())}, {Text: p.Number(len(s.Links))}}})
	}
	return t
}
