package gridweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/id"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// cellPage is one cell of a row: what it holds, what was done to it, and the ways to change it.
type cellPage struct {
	Head     ui.PageHead
	Tabs     ui.Tabs
	Back     ui.LinkButton
	Notices  []ui.Notice
	Base     string
	Hidden   []ui.Pair
	Gone     int64         // the operation that took the row away, 0 while it is there
	May      bool          // write; who may not may propose
	Long     *ui.Textarea  // of the value, or
	Short    *ui.Field     //
	Why      ui.Field      // of a proposal
	Conflict *conflictView // the last answer
	Cells    ui.Table      // of the row
	Traces   []traceView
	Own      bool // the log is theirs to read
	Remove   []ui.Pair
	Fill     string // address where the column is filled by a formula
}

// A conflictView is a change that was not made, and what to choose from.
type conflictView struct {
	Facts  []ui.Fact
	Hidden []ui.Pair // writes the wanted value over what is there
	Leave  string    // keeps what is there
}

// A traceView is one change of a cell.
type traceView struct {
	Who, What, Was, Is string
	Formula            string // that made the value
	Undo               string // number of the operation, "" for who may not undo it
}

var cellTemplate = ui.Page[cellPage](pages, "pages/cell.tmpl")

// tall is how many characters a value has at least that is edited on several lines.
const tall = 80

// A seat is a cell somebody opened.
type seat struct {
	subject
	row    grid.Row
	gone   int64 // the operation that took the row away
	at     int   // place of the column
	traces []grid.Trace
	back   address
}

func (s seat) column() dataset.ColumnProfile { return s.columns[s.at] }

// holds is what the cell holds, as changes name it.
func (s seat) holds() string {
	if s.gone != 0 {
		return ""
	}
	v, _ := s.value(s.row, s.at, dataset.StorageColumn{Name: s.column().Name, Type: s.column().Storage})
	return v
}

// cellAt reads the cell that a request names by "row" and "column"; without a column, the first. Faults: NotFound "web.not_found".
func (d Desk) cellAt(r *http.Request, q url.Values) (c seat, err error) {
	row, _ := strconv.ParseInt(q.Get("row"), 10, 64)
	missing := fault.New(fault.NotFound, "web.not_found")
	err = d.Grid.Look(r.Context(), web.Actor(r), idOf(r), func(v grid.View) error {
		c.subject = subjectOf(v)
		c.at = max(0, slices.IndexFunc(c.columns, func(p dataset.ColumnProfile) bool { return p.Slug == q.Get("column") }))
		if !v.Overlay.Has(row) || len(c.columns) == 0 {
			return missing
		}
		c.gone = v.Overlay.Removed[row]
		if v.State != nil {
			c.traces = v.State.Blame(row, c.column().Name)
		}
		c.view.State = nil
		return nil
	})
	if err != nil {
		return c, err
	}
	c.back, c.row.Number = addressOf(q), row
	if c.gone != 0 {
		return c, nil
	}
	place, err := d.Reader.Find(r.Context(), c.Table, grid.Look{}, row)
	if err != nil {
		return c, err
	}
	page, err := d.Reader.Window(r.Context(), c.Table, grid.Look{}, grid.Window{From: max(0, place), Count: 1})
	if err != nil {
		return c, err
	}
	if len(page.Rows) == 0 || page.Rows[0].Number != row {
		return c, missing
	}
	c.row = page.Rows[0]
	return c, nil
}

// cell shows a cell.
func (d Desk) cell(w http.ResponseWriter, r *http.Request) error {
	c, err := d.cellAt(r, r.URL.Query())
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	return d.showCell(w, r, c, told{status: http.StatusOK, value: entered(p, c.column().Storage, c.holds())})
}

// told is what a page of a cell says besides the cell.
type told struct {
	status   int
	value    string // in the form
	why      string
	errs     ui.FormErrors
	conflict *grid.Conflict
}

func (d Desk) showCell(w http.ResponseWriter, r *http.Request, c seat, say told) error {
	p := web.VisitOf(r).P
	row := strconv.FormatInt(c.row.Number, 10)
	title := p.T("gridweb.cell_title", c.column().Name, c.named(p))
	page := cellPage{Head: ui.PageHead{Title: title, Eyebrow: c.Dataset.Title}, Tabs: d.Tabs(r, string(c.Dataset.ID), c.Dataset.Title), Base: c.base, Gone: c.gone,
		May: c.view.May, Own: c.view.Own, Back: ui.LinkButton{Label: p.T("gridweb.back"), Href: c.seen(), Icon: "arrow-left"}}
	page.Hidden = []ui.Pair{{Name: "row", Value: row}, {Name: "column", Value: c.column().Slug}, {Name: "was", Value: strconv.Quote(c.holds())}, {Name: "seen", Value: strconv.FormatInt(c.view.Overlay.Seq, 10)},
		{Name: "base", Value: strconv.Itoa(c.view.Overlay.Base)}, {Name: "key", Value: id.New(d.Now())}, {Name: "back", Value: c.back.query()}}
	page.Fill = c.back.at(1).from(0).to(c.base+"/formula", "column", c.column().Slug)
	page.Remove = []ui.Pair{page.Hidden[0], page.Hidden[3], page.Hidden[4], page.Hidden[6]}
	c.input(p, &page, say)
	if c.gone == 0 {
		found, err := d.findingsOf(r, c.subject, grid.Page{Rows: []grid.Row{c.row}})
		if err != nil {
			return err
		}
		page.Cells = c.others(p, found)
		if f := c.fault(p, found); f != "" {
			page.Notices = append(page.Notices, ui.Notice{Kind: "warning", Text: f})
		}
	}
	if c.view.Marks[c.row.Number][c.column().Name] {
		page.Notices = append(page.Notices, ui.Notice{Kind: "info", Text: p.T("gridweb.cell_proposed")})
	}
	for _, t := range c.traces {
		page.Traces = append(page.Traces, c.trace(p, t))
	}
	if say.conflict != nil {
		page.Conflict = c.conflict(p, *say.conflict, page.Hidden)
	}
	return cellTemplate.Render(w, r, say.status, c.headOf(p, title, say.errs), page)
}

// input is the field of the value.
func (s seat) input(p *i18n.Printer, page *cellPage, say told) {
	label, hint := p.T("gridweb.value"), ""
	if p.Has("gridweb.value_hint_" + string(s.column().Storage)) {
		hint = p.T("gridweb.value_hint_"+string(s.column().Storage)) + " "
	}
	hint += p.T("gridweb.formula_way")
	if s.column().Storage == dataset.TypeText && (len(say.value) > tall || strings.Contains(say.value, "\n")) {
		page.Long = &ui.Textarea{Name: "value", Label: label, Hint: hint, Value: say.value, Rows: 6, Error: say.errs.For("value"), MaxLength: grid.CellMost}
	} else {
		page.Short = &ui.Field{Name: "value", Label: label, Hint: hint, Value: say.value, Error: say.errs.For("value"), MaxLength: grid.CellMost, Autocomplete: "off"}
	}
	page.Why = ui.Field{Name: "text", Label: p.T("gridweb.why"), Hint: p.T("gridweb.why_hint"), Value: say.why, Error: say.errs.For("text"), MaxLength: grid.TextMost, Autocomplete: "off", Optional: true}
}

// seen is the address of the grid with the cell in sight.
func (s seat) seen() string {
	if s.gone != 0 {
		return s.back.to(s.base)
	}
	return s.back.to(s.base, "row", strconv.FormatInt(s.row.Number, 10), "column_at", strconv.Itoa(s.at)) + "#cell"
}

// named is the row in words.
func (s seat) named(p *i18n.Printer) string {
	if s.gone != 0 {
		return p.T("gridweb.row_gone")
	}
	if s.row.Line == 0 {
		return p.T("gridweb.row_added", s.row.Number)
	}
	return p.T("gridweb.row_named", s.rowName(p, s.row))
}

func (s subject) headOf(p *i18n.Printer, title string, errs ui.FormErrors) ui.Head {
	return ui.Head{Title: title + " – " + s.Dataset.Title, Section: "/datasets", NoIndex: true, Errors: errs, Crumbs: []ui.Crumb{{Label: p.T("ui.nav_datasets"), Href: "/datasets"},
		{Label: s.Dataset.Title, Href: ui.Link("/datasets", string(s.Dataset.ID))}, {Label: p.T("gridweb.title"), Href: s.base}}}
}

// fault is what is wrong with the cell, "" for nothing.
func (s seat) fault(p *i18n.Printer, found findings) string {
	if _, edited := s.view.Overlay.Cells[s.row.Number][s.column().Name]; edited {
		return unfit(p, s.column().Storage, s.holds())
	}
	f, _ := found.at(s.row.Line, s.at)
	if f.value != "" && s.holds() == "" {
		return p.T("gridweb.found_written", f.text, f.value)
	}
	return f.text
}

// others lists the cells of the row, each with its page.
func (s seat) others(p *i18n.Printer, found findings) ui.Table {
	t := ui.Table{ID: "cells", Caption: p.T("gridweb.cells_caption"), Compact: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("gridweb.column")}, {Label: p.T("gridweb.value")}}}
	for i, c := range s.columns {
		one := s
		one.at = i
		value := one.holds()
		cell := ui.Cell{Text: shown(p, c.Storage, value), Missing: value == "", Fault: one.fault(p, found)}
		if _, edited := s.view.Overlay.Cells[s.row.Number][c.Name]; edited {
			cell.Badge = &ui.Badge{Kind: "info", Label: p.T("gridweb.edited")}
		}
		name := ui.Cell{Text: c.Name, Href: s.back.to(s.base+"/cell", "row", strconv.FormatInt(s.row.Number, 10), "column", c.Slug)}
		if i == s.at {
			name.Href, name.Badge = "", &ui.Badge{Kind: "info", Label: p.T("gridweb.this_cell")}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, cell}})
	}
	return t
}

func (s seat) trace(p *i18n.Printer, t grid.Trace) traceView {
	kind := s.column().Storage
	v := traceView{Who: p.T("gridweb.by_at", by(p, t.Op.Name), p.DateTime(t.Op.At)), What: kindOf(p, t.Op), Was: shown(p, kind, t.Before), Is: shown(p, kind, t.After), Formula: t.Op.Formula}
	if s.view.May && t.Op.Kind != grid.Rebase {
		v.Undo = strconv.FormatInt(t.Op.Seq, 10)
	}
	return v
}

// by is who did something, as shown.
func by(p *i18n.Printer, name string) string {
	if name == "" {
		return p.T("gridweb.somebody")
	}
	return name
}

// kindOf says what kind of operation one is.
func kindOf(p *i18n.Printer, op grid.Op) string {
	said := p.T("gridweb.kind_" + string(op.Kind))
	if op.CreditName != "" {
		said = p.T("gridweb.proposed_by", said, op.CreditName)
	}
	return said
}

// conflict lets somebody choose between what is there and what they wanted.
func (s seat) conflict(p *i18n.Printer, c grid.Conflict, hidden []ui.Pair) *conflictView {
	kind := s.column().Storage
	v := &conflictView{Leave: s.seen(), Facts: []ui.Fact{{Label: p.T("gridweb.conflict_seen"), Value: shown(p, kind, c.Seen)}, {Label: p.T("gridweb.conflict_now"), Value: shown(p, kind, c.Now)},
		{Label: p.T("gridweb.conflict_wanted"), Value: shown(p, kind, c.Wanted)}}}
	if len(s.traces) > 0 {
		v.Facts[1].Hint = p.T("gridweb.by_at", by(p, s.traces[0].Op.Name), p.DateTime(s.traces[0].Op.At))
	}
	if c.Reason == grid.ReasonOther {
		v.Hidden = append(slices.Clone(hidden), ui.Pair{Name: "value", Value: entered(p, kind, c.Wanted)})
	}
	return v
}
