package gridweb

import (
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// comparePage is what tells two versions apart.
type comparePage struct {
	Head     ui.PageHead
	Tabs     ui.Tabs
	Back     ui.LinkButton
	Action   string
	From, To ui.Choice
	Notice   *ui.Notice
	Sums     []string
	How      string // how rows were recognised
	Tables   []ui.Table
	More     string
}

var compareTemplate = ui.Page[comparePage](pages, "pages/compare.tmpl")

// versionsOffered is how many versions one chooses from, the latest.
const versionsOffered = 100

// compare shows what changed from one version to another: by default, to the current one from the one before.
func (d Desk) compare(w http.ResponseWriter, r *http.Request) error {
	v, err := d.watched(r)
	if err != nil {
		return err
	}
	s, p := subjectOf(v), web.VisitOf(r).P
	now := s.Dataset.Current
	from, to := whole(r, "from"), whole(r, "to")
	if to < 1 || to > now {
		to = now
	}
	if from < 1 || from > now {
		from = max(1, to-1)
	}
	title := p.T("gridweb.compare")
	page := comparePage{Head: ui.PageHead{Title: title, Eyebrow: s.Dataset.Title}, Tabs: d.Tabs(r, string(s.Dataset.ID), s.Dataset.Title), Action: s.base + "/compare",
		Back: ui.LinkButton{Label: p.T("gridweb.history"), Href: s.base + "/history", Icon: "arrow-left"}, From: versionChoice(p, "from", now, from), To: versionChoice(p, "to", now, to)}
	if from == to {
		page.Notice = &ui.Notice{Text: p.T("gridweb.compare_same")}
		return compareTemplate.Render(w, r, http.StatusOK, s.headOf(p, title, nil), page)
	}
	c, err := d.Grid.Compare(r.Context(), web.Actor(r), idOf(r), from, to)
	status := http.StatusOK
	switch {
	case fault.KindOf(err) == fault.TooLarge:
		status = web.StatusOf(err)
		page.Notice = &ui.Notice{Kind: ui.Warning, Text: web.Explain(r, err).Text}
	case err != nil:
		return err
	default:
		page.fill(p, c)
	}
	return compareTemplate.Render(w, r, status, s.headOf(p, title, nil), page)
}

func versionChoice(p *i18n.Printer, name string, last, chosen int) ui.Choice {
	c := ui.Choice{Name: name, Label: p.T("gridweb.compare_" + name)}
	for n := last; n >= max(1, last-versionsOffered+1); n-- {
		c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(n), Label: p.T("gridweb.version", n), Selected: n == chosen})
	}
	return c
}

// fill says a comparison.
func (page *comparePage) fill(p *i18n.Printer, c grid.Comparison) {
	for _, sum := range []struct {
		key string
		n   int
	}{{"gridweb.cells_changed", c.ChangedCells}, {"gridweb.rows_added", c.AddedRows}, {"gridweb.rows_removed", c.RemovedRows}} {
		if sum.n > 0 {
			page.Sums = append(page.Sums, p.T(sum.key, sum.n))
		}
	}
	if len(c.NewColumns) > 0 {
		page.Sums = append(page.Sums, p.T("gridweb.columns_new", strings.Join(c.NewColumns, ", ")))
	}
	if len(c.GoneColumns) > 0 {
		page.Sums = append(page.Sums, p.T("gridweb.columns_gone", strings.Join(c.GoneColumns, ", ")))
	}
	if len(page.Sums) == 0 {
		page.Notice = &ui.Notice{Kind: ui.Success, Text: p.T("gridweb.compare_none")}
		return
	}
	switch {
	case c.Exact:
		page.How = p.T("gridweb.compare_exact")
	case len(c.Keys) > 0:
		page.How = p.T("gridweb.compare_keys", strings.Join(c.Keys, ", "))
	default:
		page.How = p.T("gridweb.compare_rank")
	}
	types := map[string]dataset.Type{}
	for _, col := range c.To.Outcome.Report.Profile.Columns {
		types[col.Name] = col.Storage
	}
	if len(c.Changed) > 0 {
		var lines []changeLine
		for _, one := range c.Changed {
			kind := types[one.Column]
			if kind == "" {
				kind = dataset.TypeText
			}
			lines = append(lines, changeLine{row: named(p, one.Row, one.Key), column: one.Column, was: one.Before, is: one.After, kind: kind})
		}
		page.Tables = append(page.Tables, changeTable(p, "changed", p.T("gridweb.compare_changed"), lines))
	}
	for _, part := range []struct {
		id   string
		rows []grid.RowDiff
	}{{"added", c.Added}, {"removed", c.Removed}} {
		if len(part.rows) == 0 {
			continue
		}
		t := ui.Table{ID: part.id, Caption: p.T("gridweb.compare_" + part.id), Compact: true, Columns: []ui.Column{{Label: p.T("gridweb.row")}}}
		for _, row := range part.rows {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: named(p, row.Row, row.Key)}}})
		}
		page.Tables = append(page.Tables, t)
	}
	if c.ChangedCells > len(c.Changed) || c.AddedRows > len(c.Added) || c.RemovedRows > len(c.Removed) {
		page.More = p.T("gridweb.compare_more", max(len(c.Changed), len(c.Added), len(c.Removed)))
	}
}

// named is a row of a version in words.
func named(p *i18n.Printer, row int64, key string) string {
	if key != "" {
		return p.T("gridweb.row_keyed", row, key)
	}
	return p.T("gridweb.row_place", row)
}
