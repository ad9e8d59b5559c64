package datasetweb

import (
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/finding"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// rowsPage is part of a table around a cell.
type rowsPage struct {
	Frame   frame
	Caption string
	Window  string // which columns are shown, when not all are
	Headers []headerCell
	Rows    []rowView
	Gone    string // said when the row asked for is not in the table
	What    []string
	Pages   ui.Pagination
	Back    ui.LinkButton
}

type headerCell struct {
	Label   string
	Numeric bool
	Marked  bool
}

type rowView struct {
	Number string
	Marked bool
	Cells  []cellView
}

// A cellView is one cell: At marks the one asked for, Fault says what was found in it.
type cellView struct {
	Text, Fault    string
	Missing, At    bool
	Numeric, Fixed bool
}

var rowsTemplate = ui.Page[rowsPage](pages, "pages/rows.tmpl", "pages/frame.tmpl")

// rowsAround is how many rows are shown before the one asked for, and rowsShown how many in all.
const (
	rowsAround = 8
	rowsShown  = 25
)

// widest is how many columns a page shows; more would be a page nobody can read.
const widest = 40

// rows shows the table around a cell, as the source has it.
func (d Desk) rows(w http.ResponseWriter, r *http.Request, s subject) error {
	p, q := web.VisitOf(r).P, r.URL.Query()
	around, column := whole(q.Get("around"), 0), -1
	if n, err := strconv.Atoi(q.Get("column")); err == nil && n >= 0 && n < len(s.outcome.Report.Columns) {
		column = n
	}
	from := max(whole(q.Get("from"), 1), 1)
	if around > 0 {
		from = max(around-rowsAround, 1)
	}
	columns := s.outcome.Report.Columns
	left := max(0, min(column-widest/2, len(columns)-widest))
	shown := columns[left:min(left+widest, len(columns))]
	rows, err := d.Dataset.Rows(r.Context(), s.outcome, dataset.Query{Columns: shown, From: int64(from), Limit: rowsShown})
	if err != nil {
		return err
	}
	if s.kept == nil && len(rows.Rows) == 0 && around == 0 && from > 1 {
		return web.Redirect(w, r, s.base+"/rows", web.Said{})
	}
	to := from + rowsShown
	if n := len(rows.Rows); n > 0 {
		to = int(rows.Rows[n-1].Number)
	}
	found, err := d.Dataset.Findings(r.Context(), s.outcome, dataset.FindingQuery{From: int64(from), To: int64(max(to, around)), Limit: 2000})
	if err != nil {
		return err
	}
	view := window{p: p, of: s, left: left, around: around, column: column, found: found}
	page := rowsPage{Frame: d.frameOf(r, s, "datasetweb.rows_title", false), Back: ui.LinkButton{Label: p.T("datasetweb.back_to_findings"), Href: s.quality, Icon: "arrow-left"}}
	view.fill(&page, rows)
	if len(shown) < len(columns) {
		page.Window = p.T("datasetweb.columns_window", left+1, left+len(shown), len(columns))
	}
	if from > 1 {
		page.Pages.Previous = s.base + "/rows?from=" + strconv.Itoa(max(from-rowsShown, 1))
	}
	if rows.Next != "" {
		page.Pages.Next = s.base + "/rows?from=" + strconv.Itoa(to+1)
	}
	head := headOf(r, s, "datasetweb.rows_title")
	head.Wide = true
	if s.kept != nil {
		head.Crumbs = append(head.Crumbs, ui.Crumb{Label: p.T("datasetweb.tab_quality"), Href: s.quality})
	}
	return rowsTemplate.Render(w, r, http.StatusOK, head, page)
}

// A window is the part of a table that is shown, and what was found in it.
type window struct {
	p      *i18n.Printer
	of     subject
	left   int // position of the first column
	around int // row asked for, 0 for none
	column int // column asked for, -1 for none
	found  []finding.Finding
}

func (v window) fill(page *rowsPage, rows dataset.Page) {
	p := v.p
	for i, c := range rows.Columns {
		page.Headers = append(page.Headers, headerCell{Label: c.Name, Numeric: isNumeric(c.Type), Marked: v.left+i == v.column})
	}
	page.Caption = p.T("datasetweb.rows_title")
	if v.around > 0 {
		var around any = v.around
		if file, at := v.of.outcome.Report.Reading.Place(v.around); file != "" {
			around = p.T("dataset.row_in_file", at, file)
		}
		page.Caption, page.Gone = p.T("datasetweb.rows_around", around), p.T("datasetweb.row_gone", around)
	}
	for _, row := range rows.Rows {
		file, at := v.of.outcome.Report.Reading.Place(int(row.Number))
		number := strconv.Itoa(at)
		if file != "" {
			number = path.Base(file) + ", " + number
		}
		out := rowView{Number: number, Marked: int(row.Number) == v.around}
		if out.Marked {
			page.Gone = ""
		}
		for i, cell := range row.Cells {
			c := cellView{Text: shorten(dataset.Show(p, rows.Columns[i].Type, cell), 60), Missing: cell == nil, Numeric: isNumeric(rows.Columns[i].Type)}
			out.Cells = append(out.Cells, v.marked(c, int(row.Number), v.left+i))
		}
		page.Rows = append(page.Rows, out)
	}
	for _, f := range v.found {
		if f.Row == v.around && v.around > 0 && (f.Column < 0 || f.Column == v.column || page.Gone != "") {
			page.What = append(page.What, p.T(f.Reason, v.of.places(p).Words(f.Reason, f.Args)...))
		}
	}
	page.What = slices.Compact(page.What)
}

// marked adds to a cell what was found in it, and shows it as the source writes it.
func (v window) marked(c cellView, row, column int) cellView {
	c.At = row == v.around && column == v.column
	var faults []string
	for _, f := range v.found {
		if f.Row != row || f.Column != column {
			continue
		}
		if f.Value != "" {
			c.Text, c.Missing, c.Fixed = f.Value, false, true
		}
		if f.Severity != finding.Info || c.At {
			faults = append(faults, v.p.T(f.Reason+"_title", words(f.Args)...))
		}
	}
	c.Fault = strings.Join(slices.Compact(faults), ", ")
	return c
}

func isNumeric(t dataset.Type) bool { return t == dataset.TypeInteger || t == dataset.TypeNumber }
