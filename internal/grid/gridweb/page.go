package gridweb

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// gridPage is a grid as a plain table.
type gridPage struct {
	Head    ui.PageHead
	Tabs    ui.Tabs
	Base    string
	Hidden  []ui.Pair // what the search and filter forms keep
	Search  ui.Field
	Clear   string // address of every row, "" when they are all shown
	Filters []filterView
	Found   []foundView // choices of rows by what was found in them
	Nothing ui.Empty    // shown where there is no row
	Column  ui.Choice
	Op      ui.Choice
	Value   ui.Field
	Opened  bool // the filter form
	Sum     string
	Caption string
	Next    string          // address of the next finding, "" when there is none
	Beyond  string          // said when there is none any more
	Add     string          // address of a new row, "" where nothing is added
	Ways    []ui.LinkButton // to the pages of what was edited
	Notices []ui.Notice
	Past    *pastView // the table is shown as it was
	Totals  string
	CSV     string
	XLSX    string
	ODS     string
	Window  string
	Headers []headView
	Rows    []rowView
	Pages   ui.Pagination
	Columns ui.Pagination
	Island  island
	Sheet   sheet
	Here    string // who else is in the grid, "" for nobody
}

// A pastView says as of when the table is shown.
type pastView struct {
	Text    string
	Now     string // address of the table as it is
	Restore string // number of the operation, "" for who may not go back to it
}

// A filterView is a filter in words, and the address without it.
type filterView struct{ Text, Remove string }

// A headView is the head of a column.
type headView struct {
	Label, Sort, Sorted, Then string
	Numeric                   bool
}

// A rowView is one row of the plain table.
type rowView struct {
	Number string
	Fault  string // what was found in the row as a whole
	Href   string // of the page of its cells
	Added  bool
	Here   bool // the row asked for
	Cells  []cellView
}

// A cellView is one cell of the plain table.
type cellView struct {
	Text, Fault  string
	Href         string // where the finding is explained
	Missing, At  bool
	Numeric      bool
	Edited, Kept bool // Kept: shown as it is written
	Proposed     bool // a proposal that waits would change it
}

var gridTemplate = ui.Page[gridPage](pages, "pages/grid.tmpl", "pages/sheet.tmpl")

const (
	pageRows = 50 // rows of a page of the plain table
	widest   = 40 // columns of it
	longest  = 60 // characters of a cell of it
)

// page shows the grid. The form that adds a filter leads here too: its three fields become one in the address.
func (d Desk) page(w http.ResponseWriter, r *http.Request) error {
	s, err := d.subject(r)
	if err != nil {
		return err
	}
	p, q, at := web.VisitOf(r).P, r.URL.Query(), addressOf(r.URL.Query())
	typed := filterForm{q.Get("column"), q.Get("op"), strings.TrimSpace(q.Get("value"))}
	look, errs, err := d.read(r, s, typed)
	if err != nil {
		return err
	}
	if typed.column != "" && len(errs) == 0 {
		return web.Redirect(w, r, at.with(typed.filter()).to(s.base), web.Said{})
	}
	status := http.StatusOK
	if len(errs) > 0 {
		status, at.filters = http.StatusUnprocessableEntity, nil
	}
	page := gridPage{Head: s.head(p), Tabs: d.Tabs(r, string(s.Dataset.ID), s.Dataset.Title), Base: s.base}
	if err := d.fill(r, s, look, &at, &page); err != nil {
		return err
	}
	page.forms(p, s, at, typed, errs)
	page.edited(p, s)
	if page.Here, err = d.company(r, p); err != nil {
		return err
	}
	if page.Island, err = s.island(web.Actor(r)); err != nil {
		return err
	}
	head := ui.Head{Title: p.T("gridweb.title") + " – " + s.Dataset.Title, Section: "/datasets", NoIndex: true, Wide: true, Errors: errs,
		Crumbs: []ui.Crumb{{Label: p.T("ui.nav_datasets"), Href: "/datasets"}, {Label: s.Dataset.Title, Href: ui.Link("/datasets", string(s.Dataset.ID))}}}
	head.Scripts = []string{"grid-sheet.js"}
	return gridTemplate.Render(w, r, status, head, page)
}

// read reads the look of an address, with the filter being added. What is wrong with it shows every row, and the form says why.
func (d Desk) read(r *http.Request, s subject, typed filterForm) (look grid.Look, errs ui.FormErrors, err error) {
	q := r.URL.Query()
	if typed.column != "" {
		q.Add("filter", typed.filter())
	}
	look, err = grid.ReadLook(q, s.columns)
	if err == nil {
		return look, nil, nil
	}
	errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
	if !ok || fault.KindOf(err) != fault.Invalid {
		return look, nil, err
	}
	for i := range errs {
		errs[i].Field = "value"
	}
	look.Where = nil
	return look, errs, nil
}

// An island is what the script of the page is told, as attributes of its element.
type island struct{ Data []ui.Pair }

// island tells the script where things are.
func (s subject) island(who actor.Actor) (island, error) {
	may, own := "propose", ""
	if s.view.May {
		may = "edit"
	}
	if s.view.Own {
		own = "1"
	}
	type columnJSON struct {
		Name string `json:"name"`
		Slug string `json:"slug"`
		Type string `json:"type"`
	}
	var columns []columnJSON
	for _, c := range s.columns {
		columns = append(columns, columnJSON{c.Name, c.Slug, string(c.Storage)})
	}
	list, err := json.Marshal(columns)
	return island{[]ui.Pair{{Name: "base", Value: s.base}, {Name: "me", Value: who.ID}, {Name: "may", Value: may}, {Name: "own", Value: own},
		{Name: "version", Value: strconv.Itoa(s.view.Overlay.Base)}, {Name: "seq", Value: strconv.FormatInt(s.view.Overlay.Seq, 10)}, {Name: "columns", Value: string(list)}}}, err
}

func (s subject) head(p *i18n.Printer) ui.PageHead {
	return ui.PageHead{Title: s.Dataset.Title, Eyebrow: p.T("gridweb.title")}
}

// fill reads the rows of the page. A page beyond the last shows the last.
func (d Desk) fill(r *http.Request, s subject, look grid.Look, at *address, page *gridPage) error {
	p := web.VisitOf(r).P
	if at.left >= len(s.columns) {
		at.left = 0
	}
	shown := s.columns[at.left:min(at.left+widest, len(s.columns))]
	row, column := whole(r, "row"), whole(r, "column_at")
	place, err := d.placeOf(r, s, look, row)
	if err != nil {
		return err
	}
	if place >= 0 {
		at.page = int(place/pageRows) + 1
	}
	win := grid.Window{From: int64(at.page-1) * pageRows, Count: pageRows}
	for _, c := range shown {
		win.Columns = append(win.Columns, c.Name)
	}
	rows, err := d.Reader.Window(r.Context(), s.Table, look, win)
	if err != nil {
		return err
	}
	last := int(max(1, (rows.Total+pageRows-1)/pageRows))
	if at.page > last {
		at.page = last
		win.From = int64(last-1) * pageRows
		if rows, err = d.Reader.Window(r.Context(), s.Table, look, win); err != nil {
			return err
		}
	}
	found, err := d.findingsOf(r, s, rows)
	if err != nil {
		return err
	}
	page.Headers = s.headers(p, *at, shown)
	for _, each := range rows.Rows {
		v := s.rowView(p, each, rows.Columns, spotlight{found, at.left, int64(row), column})
		if s.at == 0 {
			v.Href = at.to(s.base+"/cell", "row", strconv.FormatInt(each.Number, 10))
		}
		page.Rows = append(page.Rows, v)
	}
	page.Sum, page.Found, page.Nothing = s.sum(p, look, rows.Total), s.founds(p, *at), s.nothing(p, *at)
	page.Caption = p.T("gridweb.caption", at.page, last)
	here := *at
	page.Pages = ui.Pages(at.page, last, func(n int) string { return here.at(n).to(s.base) })
	page.columnPages(p, s, here)
	page.leads(r, s, *at, win.From)
	page.Sheet = s.sheet(p, *at, rows.Total)
	if place >= 0 {
		page.Sheet.Data = append(page.Sheet.Data, ui.Pair{Name: "place", Value: strconv.FormatInt(place, 10)})
	}
	return nil
}

// leads fills the addresses of the page that go on from the rows it shows, the first at a place.
func (page *gridPage) leads(r *http.Request, s subject, at address, first int64) {
	row, column := whole(r, "row"), whole(r, "column_at")
	if s.Version.Outcome.Findings != "" {
		page.Next = at.to(s.base+"/next", "place", strconv.FormatInt(first-1, 10))
		if row > 0 && column >= 0 {
			page.Next = at.to(s.base+"/next", "after", strconv.Itoa(row), "column_at", strconv.Itoa(column))
		}
	}
	if r.URL.Query().Get("done") != "" {
		page.Next, page.Beyond = at.to(s.base+"/next", "place", "-1"), web.VisitOf(r).P.T("gridweb.no_more_findings")
	}
	export := func(format string) string { return at.at(1).from(0).to(s.base+"/export", "format", format) }
	page.CSV, page.XLSX, page.ODS = export("csv"), export("xlsx"), export("ods")
	page.Totals = at.at(1).from(0).to(s.base + "/totals")
}

// placeOf is the place in a look of a row that an address names without its page, -1 for none: the row one was on stays in sight when a filter goes.
func (d Desk) placeOf(r *http.Request, s subject, look grid.Look, row int) (int64, error) {
	if q := r.URL.Query(); row < 1 || q.Has("page") || q.Has("place") {
		return -1, nil
	}
	return d.Reader.Find(r.Context(), s.Table, look, int64(row))
}

// whole reads a whole number of the address, -1 for none.
func whole(r *http.Request, name string) int {
	if n, err := strconv.Atoi(r.URL.Query().Get(name)); err == nil && n >= 0 {
		return n
	}
	return -1
}

// columnPages leads through the columns of a wide table.
func (page *gridPage) columnPages(p *i18n.Printer, s subject, at address) {
	if len(s.columns) <= widest {
		return
	}
	page.Columns.Label = p.T("gridweb.columns")
	if at.left > 0 {
		page.Columns.Previous = at.from(max(0, at.left-widest)).to(s.base)
	}
	if at.left+widest < len(s.columns) {
		page.Columns.Next = at.from(at.left + widest).to(s.base)
	}
	page.Window = p.T("gridweb.columns_window", at.left+1, min(at.left+widest, len(s.columns)), len(s.columns))
}

func (s subject) headers(p *i18n.Printer, at address, shown []dataset.ColumnProfile) (out []headView) {
	order := strings.Split(at.sort, ",")
	for _, c := range shown {
		h := headView{Label: c.Name, Numeric: numeric(c.Storage), Sort: at.sorted(c.Slug, false).to(s.base)}
		switch {
		case slices.Contains(order, c.Slug):
			h.Sorted = "ascending"
		case slices.Contains(order, "-"+c.Slug):
			h.Sorted = "descending"
		case at.sort != "":
			h.Then = at.sorted(c.Slug, true).to(s.base)
		}
		out = append(out, h)
	}
	return out
}

func numeric(t dataset.Type) bool { return t == dataset.TypeInteger || t == dataset.TypeNumber }

// A spotlight is what is to be shown of the cells of a page besides their values.
type spotlight struct {
	found  findings
	left   int   // place of the first column
	row    int64 // number of the row asked for, -1 for none
	column int   // place of the column asked for, -1 for none
}

func (s subject) rowView(p *i18n.Printer, row grid.Row, columns []dataset.StorageColumn, light spotlight) rowView {
	v := rowView{Number: s.rowName(p, row), Added: row.Line == 0, Here: row.Number == light.row}
	if f, ok := light.found.whole(row); ok {
		v.Fault = f.text
	}
	for i, value := range row.Cells {
		c := cellView{Text: shorten(dataset.Show(p, columns[i].Type, value), longest), Missing: value == nil, Numeric: numeric(columns[i].Type),
			At: v.Here && light.left+i == light.column}
		c.Proposed = s.view.Marks[row.Number][columns[i].Name]
		if now, edited := s.value(row, i, columns[i]); edited {
			c.Edited, c.Fault = true, unfit(p, columns[i].Type, now)
			if c.Missing = now == ""; c.Fault != "" {
				c.Text, c.Kept = shorten(now, longest), true
			}
		} else if f, ok := light.found.at(row.Line, light.left+i); ok {
			c.Fault, c.Href = f.text, f.href
			if value == nil && f.value != "" {
				c.Text, c.Missing, c.Kept = shorten(f.value, longest), false, true
			}
		}
		v.Cells = append(v.Cells, c)
	}
	return v
}

// rowName is the number of a row as its source counts, or that it was added.
func (s subject) rowName(p *i18n.Printer, row grid.Row) string {
	if row.Line == 0 {
		return p.T("gridweb.added_row")
	}
	if file, at := s.Version.Outcome.Report.Reading.Place(int(row.Line)); file != "" {
		return p.T("dataset.row_in_file", at, file)
	}
	return strconv.FormatInt(row.Line, 10)
}

// shorten cuts a text to some characters.
func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}
