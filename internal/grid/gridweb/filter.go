package gridweb

import (
	"cmp"
	"strings"

	"cultured/internal/finding"
	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/ui"
)

// A filterForm is what somebody asks of the form that adds a filter.
type filterForm struct{ column, op, value string }

// filter writes it as the address holds it.
func (f filterForm) filter() string {
	if grid.Bare(f.op) {
		return f.column + ":" + f.op
	}
	return f.column + ":" + f.op + ":" + f.value
}

// forms fills the forms of the page: the search, the filters there are, the one to add.
func (page *gridPage) forms(p *i18n.Printer, s subject, at address, typed filterForm, errs ui.FormErrors) {
	page.Search = ui.Field{Name: "search", Label: p.T("gridweb.search"), Value: at.search, Type: "search", MaxLength: grid.SearchMost, Autocomplete: "off"}
	for _, name := range lookNames[1:] {
		for _, v := range at.look()[name] {
			page.Hidden = append(page.Hidden, ui.Pair{Name: name, Value: v})
		}
	}
	if at.view != "" {
		page.Hidden = append(page.Hidden, ui.Pair{Name: "view", Value: at.view})
	}
	if at.search != "" || len(at.filters) > 0 || at.sort != "" {
		page.Clear = address{view: at.view}.to(s.base)
	}
	for i, f := range at.filters {
		page.Filters = append(page.Filters, filterView{s.say(p, f), at.without(i).to(s.base)})
	}
	page.Opened = typed.column != "" || len(at.filters) > 0
	page.Column = ui.Choice{Name: "column", Label: p.T("gridweb.filter_column"), Empty: p.T("gridweb.filter_choose"), Required: true}
	for _, c := range s.columns {
		page.Column.Options = append(page.Column.Options, ui.Option{Value: c.Slug, Label: c.Name, Selected: c.Slug == typed.column})
	}
	page.Op = ui.Choice{Name: "op", Label: p.T("gridweb.filter_op")}
	for _, op := range grid.Operators() {
		page.Op.Options = append(page.Op.Options, ui.Option{Value: op, Label: p.T("gridweb.op_" + op), Selected: op == typed.op})
	}
	page.Value = ui.Field{Name: "value", Label: p.T("gridweb.filter_value"), Hint: p.T("gridweb.filter_value_hint"), Value: typed.value, Error: errs.For("value"), Autocomplete: "off"}
}

// A foundView is a choice of rows by what was found in them.
type foundView struct {
	Name    string // as the address has it, "" for all rows
	Label   string
	Href    string
	Current bool
}

// founds are the choices that make sense for a table: nothing is offered where nothing was found.
func (s subject) founds(p *i18n.Printer, at address) []foundView {
	r := s.Version.Outcome.Report
	offered := map[string]bool{"": true, string(finding.Error): r.Errors > 0 || len(s.view.Overlay.Cells) > 0, string(finding.Warning): r.Warnings > 0}
	offered[at.found] = true
	var out []foundView
	for _, name := range []string{"", string(finding.Error), string(finding.Warning)} {
		if offered[name] {
			out = append(out, foundView{name, p.T("gridweb.found_" + cmp.Or(name, "all")), at.finding(name).to(s.base), name == at.found})
		}
	}
	if len(out) == 1 {
		return nil
	}
	return out
}

// sum says how many rows there are of how many.
func (s subject) sum(p *i18n.Printer, look grid.Look, rows int64) string {
	all := p.Number(s.view.Count())
	switch {
	case look.Plain():
		return p.T("gridweb.sum", rows)
	case look.Found == "":
		return p.T("gridweb.sum_of", rows, all)
	}
	return p.T("gridweb.sum_found_"+string(look.Found), rows, all)
}

// nothing says that no row is left.
func (s subject) nothing(p *i18n.Printer, at address) ui.Empty {
	if at.found == "" {
		return ui.Empty{Title: p.T("gridweb.no_row"), Text: p.T("gridweb.no_row_text"), Icon: "search"}
	}
	text := p.T("gridweb.no_found_text")
	if at.search != "" || len(at.filters) > 0 {
		text = p.T("gridweb.no_found_filtered")
	}
	return ui.Empty{Title: p.T("gridweb.no_found_" + at.found), Text: text, Icon: "check"}.Leading(p.T("gridweb.found_all"), at.finding("").to(s.base))
}

// say puts a filter in words.
func (s subject) say(p *i18n.Printer, filter string) string {
	parts := append(strings.SplitN(filter, ":", 3), "", "")
	name := parts[0]
	for _, c := range s.columns {
		if c.Slug == parts[0] {
			name = c.Name
		}
	}
	if grid.Bare(parts[1]) {
		return p.T("gridweb.filter_bare", name, p.T("gridweb.op_"+parts[1]))
	}
	return p.T("gridweb.filter_says", name, p.T("gridweb.op_"+parts[1]), strings.ReplaceAll(parts[2], "|", ", "))
}
