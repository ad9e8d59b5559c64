package gridweb

import (
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/id"
	"cultured/internal/recipe"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// formulaPage computes a column by a formula: what it would write in the first rows, then the rows themselves.
type formulaPage struct {
	Head    ui.PageHead
	Tabs    ui.Tabs
	Back    ui.LinkButton
	Base    string
	Hidden  []ui.Pair // the look
	Column  ui.Choice
	Formula ui.Textarea
	Filters []string // in words, where rows are filtered
	Tried   *ui.Table
	Sum     string    // what filling would touch
	Fill    []ui.Pair // what the form that fills sends
	Do      string    // the words of its button
	May     bool      // write; who may not may propose
	Names   string    // of the columns, as formulas write them
	Known   []functionView
	Why     ui.Field
}

// A functionView is a function of formulas and what it does.
type functionView struct{ Name, Does string }

var formulaTemplate = ui.Page[formulaPage](pages, "pages/formula.tmpl")

// tried is how many rows a formula is tried on.
const tried = 8

// A formulaForm is what somebody asks of the page of formulas.
type formulaForm struct {
	column, formula, why string
	err                  error // of the last answer
}

// formula shows the page of formulas, or tries one for a script: see [triedJSON].
func (d Desk) formula(w http.ResponseWriter, r *http.Request) error {
	s, look, err := d.asked(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	if q.Get("as") == "json" {
		return d.try(w, r, s, look)
	}
	return d.showFormula(w, r, s, formulaForm{column: q.Get("column"), formula: strings.TrimSpace(q.Get("formula"))})
}

// A triedJSON is what a formula would write: in words, as the page shows it. Error says why the formula does not read.
type triedJSON struct {
	Error string         `json:"error,omitempty"`
	Total int64          `json:"total"` // rows of the look
	Rows  []triedRowJSON `json:"rows"`
}

type triedRowJSON struct {
	Row    int64  `json:"row"`
	Line   int64  `json:"line,omitempty"`
	Before string `json:"before"`
	After  string `json:"after"`
	Why    string `json:"why,omitempty"` // why the cell is left as it is
}

// try answers with the rows from a place on.
func (d Desk) try(w http.ResponseWriter, r *http.Request, s subject, look grid.Look) error {
	p, q := web.VisitOf(r).P, r.URL.Query()
	c, err := s.columnOf(q.Get("column"))
	if err != nil {
		return err
	}
	out := triedJSON{Rows: []triedRowJSON{}}
	rows, total, err := d.Grid.Preview(r.Context(), web.Actor(r), idOf(r), grid.Fill{Column: c.Name, Formula: q.Get("formula"), Look: look, From: int64(max(0, whole(r, "place")))}, tried)
	if said := formulaFault(p, err); said != "" {
		out.Error = said
		return web.WriteJSON(w, http.StatusOK, out)
	}
	if err != nil {
		return err
	}
	out.Total = total
	for _, row := range rows {
		one := triedRowJSON{Row: row.Number, Line: row.Line, Before: shown(p, c.Storage, row.Before), After: shown(p, c.Storage, row.After)}
		if row.Why.Key != "" {
			one.Why = p.T(row.Why.Key, row.Why.Args...)
		}
		out.Rows = append(out.Rows, one)
	}
	return web.WriteJSON(w, http.StatusOK, out)
}

// formulaFault is what is wrong with a formula, in words; "" for another fault or none.
func formulaFault(p *i18n.Printer, err error) string {
	if fault.KindOf(err) != fault.Invalid {
		return ""
	}
	errs, _ := ui.FormErrorsOf(p, err)
	return errs.For("formula")
}

// columnOf is the column that an address names. Faults: NotFound "web.not_found".
func (s subject) columnOf(slug string) (dataset.ColumnProfile, error) {
	for _, c := range s.columns {
		if c.Slug == slug {
			return c, nil
		}
	}
	return dataset.ColumnProfile{}, fault.New(fault.NotFound, "web.not_found")
}

func (d Desk) showFormula(w http.ResponseWriter, r *http.Request, s subject, f formulaForm) error {
	p, at := web.VisitOf(r).P, addressOf(r.URL.Query())
	title := p.T("gridweb.formula_title")
	page := formulaPage{Head: ui.PageHead{Title: title, Eyebrow: s.Dataset.Title, Lead: p.T("gridweb.formula_lead")}, Tabs: d.Tabs(r, string(s.Dataset.ID), s.Dataset.Title), Base: s.base, May: s.view.May,
		Back: ui.LinkButton{Label: p.T("gridweb.back"), Href: at.to(s.base), Icon: "arrow-left"},
		Why:  ui.Field{Name: "text", Label: p.T("gridweb.why"), Hint: p.T("gridweb.why_hint"), Value: f.why, MaxLength: grid.TextMost, Autocomplete: "off", Optional: true}}
	for name, values := range at.look() {
		for _, v := range values {
			page.Hidden = append(page.Hidden, ui.Pair{Name: name, Value: v})
		}
	}
	for _, one := range at.filters {
		page.Filters = append(page.Filters, s.say(p, one))
	}
	status := http.StatusOK
	if err := d.tryFormula(r, s, f, &page); err != nil {
		f.err = err
	}
	var errs ui.FormErrors
	if f.err != nil {
		var ok bool
		if errs, ok = ui.FormErrorsOf(p, f.err); !ok || fault.KindOf(f.err) == fault.NotFound || fault.KindOf(f.err) == fault.Denied {
			return f.err
		}
		for i := range errs {
			if errs[i].Field == "" {
				errs[i].Field = "formula"
			}
		}
		status = web.StatusOf(f.err)
	}
	page.forms(p, s, f, errs)
	return formulaTemplate.Render(w, r, status, s.headOf(p, title, errs), page)
}

// tryFormula shows what a formula would write in the first rows.
func (d Desk) tryFormula(r *http.Request, s subject, f formulaForm, page *formulaPage) error {
	if f.formula == "" {
		return nil
	}
	p := web.VisitOf(r).P
	c, err := s.columnOf(f.column)
	if err != nil {
		return fault.Field("column", "grid.no_such_column", f.column)
	}
	look, err := grid.ReadLook(r.URL.Query(), s.columns)
	if err != nil {
		return err
	}
	rows, total, err := d.Grid.Preview(r.Context(), web.Actor(r), idOf(r), grid.Fill{Column: c.Name, Formula: f.formula, Look: look}, tried)
	if err != nil {
		return err
	}
	t := ui.Table{ID: "tried", Caption: p.T("gridweb.formula_tried", c.Name), Compact: true, FirstIsHeader: true,
		Columns: []ui.Column{{Label: p.T("gridweb.row")}, {Label: p.T("gridweb.formula_before")}, {Label: p.T("gridweb.formula_after")}}}
	for _, row := range rows {
		after := ui.Cell{Text: shown(p, c.Storage, row.After), Missing: row.After == ""}
		if row.Why.Key != "" {
			after.Fault = p.T(row.Why.Key, row.Why.Args...)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: s.rowName(p, grid.Row{Number: row.Number, Line: row.Line})}, {Text: shown(p, c.Storage, row.Before), Missing: row.Before == ""}, after}})
	}
	page.Tried, page.Sum = &t, p.T("gridweb.formula_sum", total, c.Name)
	page.Do = p.T("gridweb.formula_do", total)
	page.Fill = []ui.Pair{{Name: "column", Value: c.Slug}, {Name: "formula", Value: f.formula}, {Name: "back", Value: addressOf(r.URL.Query()).query()}, {Name: "key", Value: id.New(d.Now())}}
	return nil
}

// forms fills the fields of the page.
func (page *formulaPage) forms(p *i18n.Printer, s subject, f formulaForm, errs ui.FormErrors) {
	page.Column = ui.Choice{Name: "column", Label: p.T("gridweb.formula_column"), Required: true, Error: errs.For("column"), Empty: p.T("gridweb.filter_choose")}
	var names []string
	for _, c := range s.columns {
		page.Column.Options = append(page.Column.Options, ui.Option{Value: c.Slug, Label: c.Name, Selected: c.Slug == f.column})
		names = append(names, "["+c.Name+"]")
	}
	page.Names = strings.Join(names, " ")
	page.Formula = ui.Textarea{Name: "formula", Label: p.T("gridweb.formula_field"), Hint: p.T("gridweb.formula_hint"), Value: f.formula, Rows: 2, Required: true, Error: errs.For("formula"), MaxLength: 2000}
	page.Known = functionViews(p)
}

// functionViews lists the functions of formulas, by the names of the reader's language.
func functionViews(p *i18n.Printer) (out []functionView) {
	for _, f := range recipe.FunctionNames() {
		name := f.French
		if p.Lang() != i18n.French {
			name = f.English
		}
		out = append(out, functionView{name, p.T("recipe.fn_" + strings.ToLower(strings.ReplaceAll(f.French, ".", "_")))})
	}
	return out
}

// fill computes a column as the page says.
func (h *hand) fill(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	back := backOf(r)
	r.URL.RawQuery = back.query() // the look is that of where the form came from
	s, look, err := h.asked(r)
	if err != nil {
		return err
	}
	f := formulaForm{column: r.PostForm.Get("column"), formula: strings.TrimSpace(r.PostForm.Get("formula")), why: strings.TrimSpace(r.PostForm.Get("text"))}
	c, err := s.columnOf(f.column)
	if err != nil {
		return err
	}
	if err := h.pace.take(w, r, paceFill); err != nil {
		return err
	}
	a := formOp(r, kindAsked(r))
	a.Base = 0 // whichever rows the look has now
	if a.Key == "" {
		a.Key = id.New(h.Now())
	}
	out, err := h.Grid.Fill(r.Context(), web.Actor(r), idOf(r), grid.Fill{Column: c.Name, Formula: f.formula, Look: look}, a)
	if err == nil && out.Fault != nil {
		err = out.Fault
	}
	if err != nil {
		if fault.KindOf(err) == fault.Denied || fault.KindOf(err) == fault.NotFound {
			return err
		}
		f.err = err
		return h.showFormula(w, r, s, f)
	}
	say := said(s.base, out.Op)
	if out.Left > 0 && len(out.Op.Conflicts) == 0 {
		say.Key, say.Args = "gridweb.said_formula_left", []string{strconv.Itoa(out.Op.Size()), strconv.FormatInt(out.Left, 10), reasons(web.VisitOf(r).P, out.Reasons)}
		say.Kind = "warning"
	} else if out.Op.Seq > 0 && len(out.Op.Conflicts) == 0 && out.Op.Kind == grid.Edit {
		say.Key, say.Args = "gridweb.said_formula", []string{strconv.Itoa(out.Op.Size())}
	}
	return web.Redirect(w, r, back.to(s.base), say)
}

// reasons says why cells were left as they are, each reason once.
func reasons(p *i18n.Printer, list []recipe.Trouble) string {
	said := make([]string, len(list))
	for i, t := range list {
		said[i] = p.T(t.Key, t.Args...)
	}
	return strings.Join(said, " ")
}
