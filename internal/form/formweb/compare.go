package formweb

import (
	"encoding/csv"
	"net/http"
	"strconv"

	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type comparePage struct {
	Head      ui.PageHead
	Tabs      ui.Tabs
	Over      ui.Tabs
	Note      string
	Empty     *ui.Empty
	Sides     *ui.Table
	Changes   []changed
	Questions []comparedQuestion
	Plain     *ui.Table // questions of which only who answered is counted
	CSV       ui.LinkButton
}

// A changed is what one side asks otherwise than the one before.
type changed struct {
	Title string
	Items []string
}

// A comparedQuestion is one question over the sides: its figures, then a drawing of them.
type comparedQuestion struct {
	Label string
	Table ui.Table
	Bars  *ui.Bars
}

var compareTemplate = ui.Page[comparePage](pages, "pages/compare.tmpl")

// compare sets editions, or organisations, side by side.
func (d Desk) compare(w http.ResponseWriter, r *http.Request) error {
	f, c, err := d.comparison(r)
	if err != nil {
		return err
	}
	p, here := web.VisitOf(r).P, path(f.ID, "compare")
	page := comparePage{Head: ui.PageHead{Title: p.T("formweb.compare_of", f.Title), Eyebrow: p.T("formweb.form"), Badges: []ui.Badge{stateOf(p, f)}}, Tabs: tabs(p, f, "compare"), Over: ui.Tabs{Label: p.T("formweb.compare_over")},
		CSV: ui.LinkButton{Label: p.T("formweb.compare_csv"), Href: here + ".csv?by=" + string(c.Over), Icon: "download", Download: true}}
	for _, over := range []form.Over{form.Years, form.Houses} {
		page.Over.Items = append(page.Over.Items, ui.Tab{Label: p.T("formweb.compare_" + string(over)), Href: here + "?by=" + string(over), Current: over == c.Over})
	}
	head := ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbsOf(p, f), Wide: true}
	if page.Note = p.T("formweb.compare_" + string(c.Over) + "_note"); c.Over == form.Houses {
		page.Note = p.T("formweb.compare_houses_note", form.CrowdLeast)
	}
	if c.Zero() {
		page.Empty = &ui.Empty{Icon: "chart-column", Title: p.T("formweb.compare_none"), Text: p.T("formweb.compare_none_" + string(c.Over)),
			Action: &ui.LinkButton{Label: p.T("formweb.tab_model"), Href: path(f.ID, "model"), Icon: "arrow-right"}}
		return compareTemplate.Render(w, r, http.StatusOK, head, page)
	}
	page.Sides = sidesTable(p, c)
	for i, one := range c.Sides {
		if texts := changeTexts(p, one.Changes); len(texts) > 0 {
			page.Changes = append(page.Changes, changed{p.T("formweb.changes_from", c.Sides[i-1].Label, one.Label), texts})
		}
	}
	plain := ui.Table{ID: "plain-table", Caption: p.T("formweb.compare_plain"), CaptionHidden: true, FirstIsHeader: true, Columns: sideColumns(p.T("formweb.question"), c)}
	for i, q := range c.Questions {
		if q.Rows == nil && q.Means == nil {
			plain.Rows = append(plain.Rows, figureRow(p, q.Label, q.Answered, 0))
			continue
		}
		page.Questions = append(page.Questions, comparedOf(p, c, q, i))
	}
	if plain.Rows != nil {
		page.Plain = &plain
	}
	return compareTemplate.Render(w, r, http.StatusOK, head, page)
}

func (d Desk) comparison(r *http.Request) (f form.Form, c form.Comparison, err error) {
	if f, err = d.Form.Look(r.Context(), web.Actor(r), idOf(r)); err != nil {
		return f, c, err
	}
	over := form.Years
	if r.URL.Query().Get("by") == string(form.Houses) {
		over = form.Houses
	}
	c, err = d.Form.Compare(r.Context(), web.Actor(r), f.ID, over)
	return f, c, err
}

func sidesTable(p *i18n.Printer, c form.Comparison) *ui.Table {
	t := &ui.Table{ID: "sides", Caption: p.T("formweb.compare_" + string(c.Over)), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("formweb.compare_" + string(c.Over) + "_one")}, {Label: p.T("formweb.answers"), Numeric: true}}}
	for _, one := range c.Sides {
		name := ui.Cell{Text: one.Label}
		if one.Form != "" {
			name.Href = path(one.Form)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, {Text: figureText(p, one.Answers, 0)}}})
	}
	return t
}

// figureText writes a figure with so many decimals.
func figureText(p *i18n.Printer, f form.Figure, decimals int) string {
	switch {
	case !f.Asked:
		return "–"
	case f.Hidden:
		return p.T("formweb.hidden")
	}
	return p.Decimal(f.Value, decimals)
}

// meanDecimals is how finely means are written.
const meanDecimals = 2

// barsMost is how many bars are drawn of one question: more are read in the table alone.
const barsMost = 40

func comparedOf(p *i18n.Printer, c form.Comparison, q form.Question, number int) comparedQuestion {
	out := comparedQuestion{Label: q.Label, Table: ui.Table{ID: "q" + strconv.Itoa(number), Caption: q.Label, CaptionHidden: true, FirstIsHeader: true, Columns: sideColumns(p.T("formweb.compare_what"), c)}}
	bars := &ui.Bars{Caption: p.T("formweb.compare_drawn", q.Label), CaptionHidden: true, LabelHead: p.T("formweb.compare_what"), ValueHead: p.T("formweb.compare_share")}
	row := func(label string, figures []form.Figure, decimals int) {
		out.Table.Rows = append(out.Table.Rows, figureRow(p, label, figures, decimals))
	}
	for _, line := range q.Rows {
		row(line.Option, line.Figures, 0)
		for i, f := range line.Figures {
			if whole := q.Answered[i]; f.Asked && !f.Hidden && !whole.Hidden && whole.Value > 0 {
				share := 100 * f.Value / whole.Value
				bars.Items = append(bars.Items, ui.Bar{Label: line.Option + " – " + c.Sides[i].Label, Text: p.Percent(share / 100), Value: share})
			}
		}
	}
	if q.Means != nil {
		bars.ValueHead = p.T("formweb.mean")
		row(p.T("formweb.mean"), q.Means, meanDecimals)
		for i, f := range q.Means {
			if f.Asked && !f.Hidden {
				bars.Items = append(bars.Items, ui.Bar{Label: c.Sides[i].Label, Text: p.Decimal(f.Value, meanDecimals), Value: f.Value})
			}
		}
	}
	row(p.T("formweb.answered"), q.Answered, 0)
	if n := len(bars.Items); n > 0 && n <= barsMost {
		out.Bars = bars
	}
	return out
}

func sideColumns(first string, c form.Comparison) []ui.Column {
	out := []ui.Column{{Label: first}}
	for _, one := range c.Sides {
		out = append(out, ui.Column{Label: one.Label, Numeric: true})
	}
	return out
}

func figureRow(p *i18n.Printer, label string, figures []form.Figure, decimals int) ui.Row {
	cells := []ui.Cell{{Text: label}}
	for _, f := range figures {
		cells = append(cells, ui.Cell{Text: figureText(p, f, decimals)})
	}
	return ui.Row{Cells: cells}
}

// compareCSV gives the comparison as a file: a line for each question and what is counted of it, a column for each side; empty cells are
// what was not asked or is not shown.
func (d Desk) compareCSV(w http.ResponseWriter, r *http.Request) error {
	f, c, err := d.comparison(r)
	if err != nil {
		return err
	}
	web.Attachment(w, "text/csv; charset=utf-8", form.Slug(f.Title)+"-"+string(c.Over)+".csv")
	out := csv.NewWriter(w)
	line := func(question, label, measure string, figures []form.Figure) error {
		cells := []string{question, tabular.CSVCell(label), tabular.CSVCell(measure)}
		for _, one := range figures {
			cell := ""
			if one.Asked && !one.Hidden {
				cell = strconv.FormatFloat(one.Value, 'f', -1, 64)
			}
			cells = append(cells, cell)
		}
		return out.Write(cells)
	}
	head, answers := []string{"question", "label", "measure"}, []form.Figure{}
	for _, one := range c.Sides {
		head, answers = append(head, tabular.CSVCell(one.Label)), append(answers, one.Answers)
	}
	if err := out.Write(head); err != nil {
		return err
	}
	if err := line("", "", "answers", answers); err != nil {
		return err
	}
	for _, q := range c.Questions {
		for _, o := range q.Rows {
			if err := line(q.Name, q.Label, o.Option, o.Figures); err != nil {
				return err
			}
		}
		if q.Means != nil {
			if err := line(q.Name, q.Label, "mean", q.Means); err != nil {
				return err
			}
		}
		if err := line(q.Name, q.Label, "answered", q.Answered); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
