package datasetweb

import (
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// previewPage is the first tab of a dataset.
type previewPage struct {
	Frame   frame
	Quality ui.Notice
	Table   ui.Table
	Sum     string
	Unsort  string // address without an order, "" when there is none
	Pages   ui.Pagination
	Columns ui.Pagination // of the columns, when they are too many for one page
	Window  string
	Next    ui.Steps
}

var previewTemplate = ui.Page[previewPage](pages, "pages/preview.tmpl", "pages/frame.tmpl")

// previewRows is how many rows a page of the preview shows.
const previewRows = 50

// A place is where in a table a preview is, as its address says.
type place struct {
	sort  string   // slug of a column, "-" before it for the other way round
	after string   // cursor of the page before
	trail []string // cursors of the pages before that, so that one can go back
	left  int      // position of the first column shown
}

// trailKept bounds how far back the address remembers; further back is the beginning.
const trailKept = 12

func placeOf(r *http.Request) place {
	q := r.URL.Query()
	at := place{sort: q.Get("sort"), after: q.Get("after"), left: max(whole(q.Get("from_column"), 1)-1, 0)}
	if t := q.Get("trail"); t != "" {
		at.trail = strings.Split(t, ".")
		at.trail = at.trail[max(0, len(at.trail)-trailKept):]
	}
	return at
}

func (at place) path(base string) string {
	left := ""
	if at.left > 0 {
		left = strconv.Itoa(at.left + 1)
	}
	path, _ := ui.Query(base, "sort", at.sort, "after", at.after, "trail", strings.Join(at.trail, "."), "from_column", left) // pairs: cannot fail
	return path
}

// next is the place after the page that ends with the cursor; previous the one before.
func (at place) next(cursor string) place {
	if at.after != "" {
		at.trail = append(append([]string{}, at.trail...), at.after)
		at.trail = at.trail[max(0, len(at.trail)-trailKept):]
	}
	at.after = cursor
	return at
}

func (at place) previous() place {
	n := len(at.trail)
	if n == 0 {
		at.after = ""
		return at
	}
	at.after, at.trail = at.trail[n-1], at.trail[:n-1]
	return at
}

// preview shows the rows of a dataset, sorted by the column one clicks.
func (d Desk) preview(w http.ResponseWriter, r *http.Request, s subject) error {
	p, at := web.VisitOf(r).P, placeOf(r)
	profile := s.outcome.Report.Profile
	if at.left >= len(profile.Columns) {
		at.left = 0
	}
	shown := profile.Columns[at.left:min(at.left+widest, len(profile.Columns))]
	q := dataset.Query{After: at.after, Limit: previewRows}
	for _, c := range shown {
		q.Columns = append(q.Columns, c.Name)
	}
	slug, down := strings.CutPrefix(at.sort, "-")
	for _, c := range profile.Columns {
		if c.Slug == slug && slug != "" {
			q.Order = []dataset.Order{{Column: c.Name, Descending: down}}
		}
	}
	rows, err := d.Dataset.Rows(r.Context(), s.outcome, q)
	if err != nil {
		return err
	}
	report := s.outcome.Report
	page := previewPage{Frame: d.frameOf(r, s, "datasetweb.dataset", true), Sum: p.T("datasetweb.preview_sum", report.Rows, p.Number(len(profile.Columns))),
		Quality: ui.Notice{Kind: levelKind(report.Verdict.Level), Text: p.T(report.Verdict.Key, report.Verdict.Words()...)},
		Table:   previewTable(r, s.base, at, shown, rows), Next: nextSteps(r, s)}
	if d.Notices != nil {
		said, err := d.Notices(r, s.kept.ID)
		if err != nil {
			return err
		}
		page.Frame.Notices = append(page.Frame.Notices, said...)
	}
	if report.Problems() > 0 {
		page.Quality.Action = &ui.LinkButton{Label: p.T("datasetweb.see_quality"), Href: s.base + "/quality"}
	}
	if len(q.Order) > 0 {
		page.Unsort = place{left: at.left}.path(s.base)
	}
	if at.after != "" {
		page.Pages.Previous = at.previous().path(s.base)
	}
	if rows.Next != "" {
		page.Pages.Next = at.next(rows.Next).path(s.base)
	}
	page.Columns, page.Window = columnWindow(r, s.base, at, len(profile.Columns))
	head := headOf(r, s, "datasetweb.tab_preview")
	head.Title, head.Wide = s.title, true
	if page.Frame.Progress != nil {
		head.Refresh = refresh
	}
	return previewTemplate.Render(w, r, http.StatusOK, head, page)
}

// columnWindow leads through the columns of a wide table.
func columnWindow(r *http.Request, base string, at place, all int) (nav ui.Pagination, said string) {
	if all <= widest {
		return nav, ""
	}
	p := web.VisitOf(r).P
	nav.Label = p.T("datasetweb.tab_columns")
	if at.left > 0 {
		before := at
		before.left = max(0, at.left-widest)
		nav.Previous = before.path(base)
	}
	if at.left+widest < all {
		after := at
		after.left += widest
		nav.Next = after.path(base)
	}
	return nav, p.T("datasetweb.columns_window", at.left+1, min(at.left+widest, all), all)
}

func previewTable(r *http.Request, base string, at place, shown []dataset.ColumnProfile, rows dataset.Page) ui.Table {
	p := web.VisitOf(r).P
	by, down := strings.CutPrefix(at.sort, "-")
	t := ui.Table{ID: "preview", Caption: p.T("datasetweb.tab_preview"), CaptionHidden: true, Compact: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("datasetweb.row_head")}}}
	for i, c := range shown {
		col := sortLink(place{left: at.left}.path(base), c.Slug, columnName(p, c), by, down)
		if i < len(rows.Columns) {
			col.Numeric = isNumeric(rows.Columns[i].Type)
		}
		t.Columns = append(t.Columns, col)
	}
	t.Rows = previewRowsOf(p, rows, 60)
	return t
}

// firstShown is how many rows a check shows, so that one sees whether the file is well read; firstColumns of how many columns.
const (
	firstShown   = 6
	firstColumns = 12
)

// firstRows are the first rows of a check; none when its table is no more.
func (d Desk) firstRows(r *http.Request, s subject) (t ui.Table, err error) {
	p, shown := web.VisitOf(r).P, s.outcome.Report.Profile.Columns
	shown = shown[:min(len(shown), firstColumns)]
	q := dataset.Query{Limit: firstShown}
	t = ui.Table{ID: "first", Caption: p.T("datasetweb.first_rows"), CaptionHidden: true, Compact: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("datasetweb.row_head")}}}
	for _, c := range shown {
		q.Columns = append(q.Columns, c.Name)
	}
	rows, err := d.Dataset.Rows(r.Context(), s.outcome, q)
	if fault.KindOf(err) == fault.NotFound {
		return ui.Table{}, nil
	}
	if err != nil {
		return t, err
	}
	for i, c := range shown {
		t.Columns = append(t.Columns, ui.Column{Label: columnName(p, c), Numeric: i < len(rows.Columns) && isNumeric(rows.Columns[i].Type)})
	}
	t.Rows = previewRowsOf(p, rows, 40)
	return t, nil
}

// previewRowsOf are rows of a preview, the number of each first; long values are cut.
func previewRowsOf(p *i18n.Printer, rows dataset.Page, most int) (out []ui.Row) {
	for _, row := range rows.Rows {
		cells := []ui.Cell{{Text: strconv.FormatInt(row.Number, 10)}}
		for i, c := range row.Cells {
			cells = append(cells, ui.Cell{Text: shorten(dataset.Show(p, rows.Columns[i].Type, c), most), Missing: c == nil})
		}
		out = append(out, ui.Row{Cells: cells})
	}
	return out
}

// nextSteps is what one can do next with a dataset, the most useful first.
func nextSteps(r *http.Request, s subject) ui.Steps {
	p := web.VisitOf(r).P
	next := ui.Steps{Title: p.T("datasetweb.next")}
	step := func(key, href, icon string) {
		next.Items = append(next.Items, ui.Step{Label: p.T("datasetweb.next_" + key), Text: p.T("datasetweb.next_" + key + "_text"), Href: s.base + href, Icon: icon})
	}
	if s.mayChange && s.outcome.Report.Fixable > 0 {
		step("mend", "/quality", "wand-sparkles")
	}
	if s.mayChange && s.kept != nil {
		step("clean", "/clean", "columns-3")
	}
	if s.mayChange {
		step("record", "/record", "tag")
		step("dictionary", "/dictionary", "book-open")
	}
	step("use", "/use", "download")
	return next
}
