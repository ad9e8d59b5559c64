package privacyweb

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/privacy"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type tablePage struct {
	Tabs, Parts ui.Tabs
	Head        ui.PageHead
	Action      string
	Row, Column ui.Choice
	What, Rule  ui.Choice
	Empty       *ui.Empty
	Facts       ui.Facts
	None        string // nothing is hidden
	Table       *ui.Table
	File        ui.LinkButton
}

var tableTemplate = ui.Page[tablePage](pages, "pages/table.tmpl")

// rules are those one may choose, by their name in the address.
var rules = []struct {
	name string
	rule privacy.Rule
}{{"people", privacy.People}, {"households", privacy.Households}, {"enterprises", privacy.Enterprises}}

// A cross is what the form of the page asks: two columns, what is counted ("" for rows, else a column of numbers), and a rule.
type cross struct {
	row, column, sum, rule string
}

func readCross(q url.Values) cross {
	return cross{q.Get("row"), q.Get("column"), q.Get("sum"), q.Get("rule")}
}

// A published table is a grid with its totals, and what of it is hidden.
type published struct {
	rows, columns []string
	cells         [][]privacy.Cell
	marks         [][]privacy.Mark
}

// table shows the dataset as a table that may be published.
func (d Desk) table(w http.ResponseWriter, r *http.Request) error {
	s, err := d.subject(r)
	if err != nil {
		return err
	}
	p, asked := web.VisitOf(r).P, readCross(r.URL.Query())
	page := tablePage{Tabs: d.Tabs(r, string(s.dataset.ID), s.dataset.Title), Parts: Parts(p, s.base, "table"), Head: s.head(p), Action: s.base + "/table"}
	var errs ui.FormErrors
	status := http.StatusOK
	if asked.row == "" || asked.column == "" {
		page.Empty = &ui.Empty{Icon: "table", Title: p.T("privacyweb.table_none"), Text: p.T("privacyweb.table_none_text")}
	} else if made, err := d.make(r.Context(), p, s, asked); err != nil {
		var ok bool
		if errs, ok = ui.FormErrorsOf(p, err); !ok {
			return err
		}
		for i := range errs {
			errs[i].Field = "row"
		}
		status = web.StatusOf(err)
	} else if err := page.fill(p, s, asked, made); err != nil {
		return err
	}
	page.choices(p, s, asked, errs)
	return tableTemplate.Render(w, r, status, s.layout(p, errs), page)
}

func (page *tablePage) choices(p *i18n.Printer, s subject, asked cross, errs ui.FormErrors) {
	page.Row = ui.Choice{Name: "row", Label: p.T("privacyweb.row"), Empty: p.T("privacyweb.choose"), Error: errs.For("row"), Required: true}
	page.Column = ui.Choice{Name: "column", Label: p.T("privacyweb.column"), Empty: p.T("privacyweb.choose"), Required: true}
	page.What = ui.Choice{Name: "sum", Label: p.T("privacyweb.what"), Options: []ui.Option{{Label: p.T("privacyweb.what_rows")}}}
	page.Rule = ui.Choice{Name: "rule", Label: p.T("privacyweb.rule")}
	for _, c := range s.columns() {
		page.Row.Options = append(page.Row.Options, ui.Option{Value: c.Name, Label: c.Source, Selected: c.Name == asked.row})
		page.Column.Options = append(page.Column.Options, ui.Option{Value: c.Name, Label: c.Source, Selected: c.Name == asked.column})
		if c.Storage == dataset.TypeInteger || c.Storage == dataset.TypeNumber {
			page.What.Options = append(page.What.Options, ui.Option{Value: c.Name, Label: p.T("privacyweb.what_sum", c.Source), Selected: c.Name == asked.sum})
		}
	}
	for _, one := range rules {
		page.Rule.Options = append(page.Rule.Options, ui.Option{Value: one.name, Label: p.T("privacyweb.rule_" + one.name), Selected: one.name == asked.rule})
	}
}

// make counts the groups and hides what has to be. Faults: Invalid "privacyweb.same", "privacyweb.many_groups"; those of [dataset.Service.Aggregate]
// and of [privacy.NewTable].
func (d Desk) make(ctx context.Context, p *i18n.Printer, s subject, asked cross) (published, error) {
	if asked.row == asked.column {
		return published{}, fault.New(fault.Invalid, "privacyweb.same")
	}
	question := dataset.Aggregation{Group: []string{asked.row, asked.column}, Measures: []dataset.Measure{{Fn: dataset.Count}}, Limit: dataset.MostGroups}
	if asked.sum != "" {
		question.Measures = append(question.Measures, dataset.Measure{Fn: dataset.Sum, Column: asked.sum}, dataset.Measure{Fn: dataset.Maximum, Column: asked.sum})
	}
	groups, err := d.Data.Aggregate(ctx, s.outcome, question)
	if err != nil {
		return published{}, err
	}
	if len(groups.Rows) == dataset.MostGroups {
		return published{}, fault.New(fault.TooLarge, "privacyweb.many_groups", dataset.MostGroups)
	}
	var out published
	for _, g := range groups.Rows {
		out.rows, out.columns = append(out.rows, show(p, g.Cells[0])), append(out.columns, show(p, g.Cells[1]))
	}
	out.rows, out.columns = ordered(out.rows), ordered(out.columns)
	grid := make([][]privacy.Cell, len(out.rows))
	for i := range grid {
		grid[i] = make([]privacy.Cell, len(out.columns))
	}
	for _, g := range groups.Rows {
		c := &grid[slices.Index(out.rows, show(p, g.Cells[0]))][slices.Index(out.columns, show(p, g.Cells[1]))]
		n := number(g.Cells[2])
		c.Units += int(n)
		if asked.sum == "" {
			c.Value, c.Largest = c.Value+n, 1
			continue
		}
		c.Value, c.Largest = c.Value+number(g.Cells[3]), max(c.Largest, number(g.Cells[4]))
	}
	table, err := privacy.NewTable(grid)
	if err != nil {
		return published{}, err
	}
	rule := rules[0].rule
	for _, one := range rules {
		if one.name == asked.rule {
			rule = one.rule
		}
	}
	out.cells, out.marks = table.Cells(), table.Hide(rule)
	return out, nil
}

// ordered sorts labels as a French list and takes away those that come twice.
func ordered(labels []string) []string {
	slices.SortFunc(labels, french.Compare)
	return slices.Compact(labels)
}

// show writes a value of the table as a label.
func show(p *i18n.Printer, v any) string {
	switch v := v.(type) {
	case nil:
		return p.T("privacyweb.missing")
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10) // a year is no amount
	case time.Time:
		return p.Date(v)
	}
	return fmt.Sprint(v)
}

func number(v any) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

// fill shows the table, its hidden cells as "s", and how much is hidden.
func (page *tablePage) fill(p *i18n.Printer, s subject, asked cross, made published) error {
	what := p.T("privacyweb.what_rows")
	if asked.sum != "" {
		what = p.T("privacyweb.what_sum", asked.sum)
	}
	t := ui.Table{ID: "published", Caption: p.T("privacyweb.caption", what, asked.row, asked.column), Compact: true, FirstIsHeader: true, Columns: []ui.Column{{Label: asked.row}}}
	for _, label := range append(slices.Clone(made.columns), p.T("privacyweb.total")) {
		t.Columns = append(t.Columns, ui.Column{Label: label, Numeric: true})
	}
	var primary, secondary int64
	hidden := 0.0
	last := len(made.cells) - 1
	for i, row := range made.cells {
		label := p.T("privacyweb.total")
		if i < last {
			label = made.rows[i]
		}
		cells := []ui.Cell{{Text: label}}
		for j, c := range row {
			if made.marks[i][j] == privacy.Shown {
				cells = append(cells, ui.Cell{Text: p.Number(c.Value)})
				continue
			}
			cells = append(cells, ui.Cell{Text: "s"})
			if made.marks[i][j] == privacy.Primary {
				primary++
			} else {
				secondary++
			}
			if i < last && j < len(row)-1 {
				hidden += c.Value
			}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	page.Table = &t
	if primary == 0 {
		page.None = p.T("privacyweb.nothing_hidden")
	}
	page.Facts.Items = []ui.Fact{{Label: p.T("privacyweb.hidden_primary"), Value: p.Number(primary)}, {Label: p.T("privacyweb.hidden_secondary"), Value: p.Number(secondary)}}
	if total := made.cells[last][len(made.columns)].Value; total > 0 {
		page.Facts.Items = append(page.Facts.Items, ui.Fact{Label: p.T("privacyweb.hidden_share"), Value: p.Percent(hidden / total)})
	}
	to, err := ui.Query(s.base+"/table.csv", "row", asked.row, "column", asked.column, "sum", asked.sum, "rule", asked.rule)
	page.File = ui.LinkButton{Label: p.T("privacyweb.download"), Href: to, Icon: "download", Download: true}
	return err
}

// tableFile gives the table as CSV, a line a cell: value and status "shown", or no value and "secret". Why a cell is secret is not said: that
// it is small would be half of the secret.
func (d Desk) tableFile(w http.ResponseWriter, r *http.Request) error {
	s, err := d.subject(r)
	if err != nil {
		return err
	}
	p, asked := web.VisitOf(r).P, readCross(r.URL.Query())
	made, err := d.make(r.Context(), p, s, asked)
	if err != nil {
		return err
	}
	web.Attachment(w, "text/csv; charset=utf-8; header=present", s.dataset.Title+".csv")
	out := csv.NewWriter(w)
	if err := out.Write([]string{asked.row, asked.column, "value", "status"}); err != nil {
		return err
	}
	total := p.T("privacyweb.total")
	for i, row := range made.cells {
		for j, c := range row {
			line := []string{total, total, strconv.FormatFloat(c.Value, 'f', -1, 64), "shown"}
			if i < len(made.rows) {
				line[0] = made.rows[i]
			}
			if j < len(made.columns) {
				line[1] = made.columns[j]
			}
			if made.marks[i][j] != privacy.Shown {
				line[2], line[3] = "", "secret"
			}
			if err := out.Write(line); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}
