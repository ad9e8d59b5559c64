package gridweb

import (
	"net/http"

	"cultured/internal/dataset"
	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// totalsPage sums up the rows of a look, and counts them by the values of a column.
type totalsPage struct {
	Head    ui.PageHead
	Tabs    ui.Tabs
	Back    ui.LinkButton
	Sum     string
	Filters []string
	Action  string
	Hidden  []ui.Pair
	By, Of  ui.Choice
	Groups  *ui.Table
	More    string // said when there are more groups than shown
	Totals  ui.Table
}

var totalsTemplate = ui.Page[totalsPage](pages, "pages/totals.tmpl")

const (
	groupsShown = 100
	totalsMost  = 200 // columns summed up
)

// totals shows what the rows of a look come to.
func (d Desk) totals(w http.ResponseWriter, r *http.Request) error {
	s, look, err := d.asked(r)
	if err != nil {
		return err
	}
	p, at := web.VisitOf(r).P, addressOf(r.URL.Query())
	var columns []dataset.StorageColumn
	for _, c := range s.columns[:min(len(s.columns), totalsMost)] {
		columns = append(columns, dataset.StorageColumn{Name: c.Name, Type: c.Storage})
	}
	rows, totals, err := d.Reader.Totals(r.Context(), s.Table, look, columns)
	if err != nil {
		return err
	}
	page := totalsPage{Head: s.head(p), Tabs: d.Tabs(r, string(s.Dataset.ID), s.Dataset.Title), Action: s.base + "/totals", Totals: totalsTable(p, columns, totals),
		Back: ui.LinkButton{Label: p.T("gridweb.back"), Href: at.to(s.base), Icon: "arrow-left"}, Sum: s.sum(p, look, rows)}
	for _, f := range at.filters {
		page.Filters = append(page.Filters, s.say(p, f))
	}
	for _, name := range lookNames {
		for _, v := range at.look()[name] {
			page.Hidden = append(page.Hidden, ui.Pair{Name: name, Value: v})
		}
	}
	if err := d.group(r, s, look, &page); err != nil {
		return err
	}
	return totalsTemplate.Render(w, r, http.StatusOK, ui.Head{Title: p.T("gridweb.totals") + " – " + s.Dataset.Title, Section: "/datasets", NoIndex: true,
		Crumbs: []ui.Crumb{{Label: p.T("ui.nav_datasets"), Href: "/datasets"}, {Label: s.Dataset.Title, Href: ui.Link("/datasets", string(s.Dataset.ID))},
			{Label: p.T("gridweb.title"), Href: at.to(s.base)}}}, page)
}

func totalsTable(p *i18n.Printer, columns []dataset.StorageColumn, totals []grid.Total) ui.Table {
	t := ui.Table{ID: "totals", Caption: p.T("gridweb.totals_caption"), Compact: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("gridweb.column")},
		{Label: p.T("gridweb.values"), Numeric: true}, {Label: p.T("gridweb.total"), Numeric: true}, {Label: p.T("gridweb.mean"), Numeric: true},
		{Label: p.T("gridweb.least")}, {Label: p.T("gridweb.largest")}}}
	for i, each := range totals {
		show := func(kind dataset.Type, v any) ui.Cell {
			return ui.Cell{Text: shorten(dataset.Show(p, kind, v), longest)}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: each.Column}, {Text: p.Number(each.Values)}, show(dataset.TypeNumber, each.Sum), show(dataset.TypeNumber, each.Mean),
			show(columns[i].Type, each.Least), show(columns[i].Type, each.Largest)}})
	}
	return t
}

// group counts the rows by the values of the column asked for.
func (d Desk) group(r *http.Request, s subject, look grid.Look, page *totalsPage) error {
	p, q := web.VisitOf(r).P, r.URL.Query()
	page.By = ui.Choice{Name: "by", Label: p.T("gridweb.group_by"), Empty: p.T("gridweb.filter_choose"), Required: true}
	page.Of = ui.Choice{Name: "of", Label: p.T("gridweb.sum_column"), Empty: p.T("gridweb.sum_none")}
	var by, of *dataset.ColumnProfile
	for i, c := range s.columns {
		chosen := c.Slug == q.Get("by")
		page.By.Options = append(page.By.Options, ui.Option{Value: c.Slug, Label: c.Name, Selected: chosen})
		if chosen {
			by = &s.columns[i]
		}
		if !numeric(c.Storage) {
			continue
		}
		chosen = c.Slug == q.Get("of")
		page.Of.Options = append(page.Of.Options, ui.Option{Value: c.Slug, Label: c.Name, Selected: chosen})
		if chosen {
			of = &s.columns[i]
		}
	}
	if by == nil {
		return nil
	}
	ask := grid.Grouping{By: by.Name}
	t := ui.Table{ID: "groups", Caption: p.T("gridweb.groups_caption", by.Name), Compact: true, FirstIsHeader: true,
		Columns: []ui.Column{{Label: by.Name}, {Label: p.T("gridweb.rows"), Numeric: true}}}
	if of != nil {
		ask.Sum = of.Name
		t.Columns = append(t.Columns, ui.Column{Label: p.T("gridweb.sum_of_column", of.Name), Numeric: true})
	}
	res, err := d.Reader.Groups(r.Context(), s.Table, look, ask, groupsShown+1)
	if err != nil {
		return err
	}
	if len(res.Rows) > groupsShown {
		res.Rows, page.More = res.Rows[:groupsShown], p.T("gridweb.more_groups", groupsShown)
	}
	for _, row := range res.Rows {
		cells := []ui.Cell{{Text: shorten(dataset.Show(p, by.Storage, row.Cells[0]), longest), Missing: row.Cells[0] == nil}}
		for _, v := range row.Cells[1:] {
			cells = append(cells, ui.Cell{Text: dataset.Show(p, dataset.TypeNumber, v)})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	page.Groups = &t
	return nil
}
