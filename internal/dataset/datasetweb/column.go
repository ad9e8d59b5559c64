package datasetweb

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/i18n"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type columnsPage struct {
	Frame   frame
	Keys    string   // what tells the rows apart, "" for nothing
	Related ui.Table // which column tells which
	Columns []columnView
	Pages   ui.Pagination
	CSV     string
}

// A columnView is what one reading says of a column.
type columnView struct {
	ID, Name  string
	Badges    []ui.Badge
	Warning   string // about persons
	Filled    ui.Split
	Facts     ui.Facts
	Top       *ui.Bars
	Histogram *ui.Histogram
	Details   []ui.Fact
	Patterns  *ui.Bars // how the values are written
}

var columnsTemplate = ui.Page[columnsPage](pages, "pages/columns.tmpl", "pages/frame.tmpl")

// columnsShown is how many columns a page describes.
const columnsShown = 50

// columns describes each column at a glance.
func (d Desk) columns(w http.ResponseWriter, r *http.Request, s subject) error {
	p, all := web.VisitOf(r).P, s.outcome.Report.Profile.Columns
	last := max(1, (len(all)+columnsShown-1)/columnsShown)
	page := min(whole(r.URL.Query().Get("page"), 1), last)
	out := columnsPage{Frame: d.frameOf(r, s, "datasetweb.tab_columns", true), CSV: s.base + "/columns.csv",
		Pages: ui.Pages(page, last, func(n int) string { return s.base + "/columns?page=" + strconv.Itoa(n) })}
	rows := s.outcome.Report.Profile.Rows
	for _, c := range all[(page-1)*columnsShown : min(page*columnsShown, len(all))] {
		out.Columns = append(out.Columns, newColumn(p, c, rows))
	}
	if page == 1 {
		out.Keys, out.Related = keysOf(p, s.outcome.Report.Profile), related(p, s)
	}
	head := headOf(r, s, "datasetweb.tab_columns")
	if out.Frame.Progress != nil {
		head.Refresh = refresh
	}
	return columnsTemplate.Render(w, r, http.StatusOK, head, out)
}

func newColumn(p *i18n.Printer, c dataset.ColumnProfile, rows int64) columnView {
	v := columnView{ID: "column-" + strconv.Itoa(c.Position+1), Name: columnName(p, c)}
	v.Badges = append(v.Badges, ui.Badge{Label: p.T("dataset.type_" + string(c.Type)), Icon: "type"})
	if c.Semantic != dataset.SemanticNone {
		v.Badges = append(v.Badges, ui.Badge{Kind: ui.Info, Icon: "tag", Label: p.T("datasetweb.semantic", p.T("dataset.semantic_"+string(c.Semantic)), p.Percent(c.Confidence))})
	}
	if c.Unique && rows > 1 {
		v.Badges = append(v.Badges, ui.Badge{Kind: ui.Success, Icon: "key", Label: p.T("datasetweb.unique")})
	}
	if c.Privacy != dataset.PrivacyNone {
		v.Badges = append(v.Badges, ui.Badge{Kind: ui.Warning, Icon: "lock", Label: p.T("dataset.privacy_" + string(c.Privacy))})
		v.Warning = p.T("datasetweb.privacy_warning")
		if told := TraceWords(p, c); told != "" {
			v.Warning += " " + p.T("datasetweb.traces", told)
		}
	}
	filled := rows - c.Missing
	v.Filled = ui.Split{Label: p.T("datasetweb.filled", share(p, filled, rows)), Parts: []ui.Part{
		{Label: p.T("datasetweb.filled_part"), Text: p.Number(filled), Kind: ui.Success, Value: float64(filled)},
		{Label: p.T("datasetweb.missing_part"), Text: p.Number(c.Missing), Kind: ui.Neutral, Value: float64(c.Missing)}}}
	v.Facts = ui.Facts{Items: columnFacts(p, c, rows)}
	if c.Privacy == dataset.PrivacyNone && !c.Unique && len(c.Top) > 0 {
		v.Top = &ui.Bars{Caption: p.T("datasetweb.top", c.Name), LabelHead: p.T("datasetweb.value"), ValueHead: p.T("datasetweb.how_many")}
		for i, t := range c.Top[:min(len(c.Top), 5)] {
			v.Top.Items = append(v.Top.Items, ui.Bar{Label: shorten(c.TopWords(i, p.T), 60), Text: p.Number(t.Count), Value: float64(t.Count)})
		}
	}
	v.Histogram, v.Details, v.Patterns = histogram(p, c), columnDetails(p, c, rows), patterns(p, c)
	return v
}

// TraceWords lists what the texts of a column tell about persons, with in how many cells at least; "" when nothing likely was found.
func TraceWords(p *i18n.Printer, c dataset.ColumnProfile) string {
	var words []string
	for _, t := range c.Traces {
		if t.Likely() {
			words = append(words, p.T("datasetweb.trace", p.T("dataset.trace_kind_"+string(t.Kind)), t.Cells))
		}
	}
	return strings.Join(words, ", ")
}

// glanced is how many columns a check's page lists; the others are a click away.
const glanced = 30

// glance sums up the columns of a table, one on a line.
func glance(p *i18n.Printer, s subject) ui.Table {
	t := ui.Table{ID: "columns", Caption: p.T("datasetweb.columns_glance"), CaptionHidden: true, FirstIsHeader: true, Compact: true, Columns: []ui.Column{{Label: p.T("datasetweb.column")},
		{Label: p.T("datasetweb.entry_description")}, {Label: p.T("datasetweb.filled_part"), Numeric: true}, {Label: p.T("datasetweb.stat_distinct"), Numeric: true}}}
	profile := s.outcome.Report.Profile
	for _, c := range profile.Columns[:min(len(profile.Columns), glanced)] {
		what := ui.Cell{Text: p.T("dataset.type_" + string(c.Type))}
		if c.Semantic != dataset.SemanticNone {
			what.Text = p.T("dataset.semantic_" + string(c.Semantic))
		}
		if c.Privacy != dataset.PrivacyNone {
			what.Badge = &ui.Badge{Kind: ui.Warning, Icon: "lock", Label: p.T("dataset.privacy_" + string(c.Privacy))}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: columnName(p, c), Href: columnPath(s, c.Position)}, what, {Text: share(p, profile.Rows-c.Missing, profile.Rows)},
			{Text: p.Number(c.Distinct)}}})
	}
	return t
}

func columnName(p *i18n.Printer, c dataset.ColumnProfile) string {
	if c.Name == "" {
		return p.T("datasetweb.column_number", c.Position+1)
	}
	return c.Name
}

func share(p *i18n.Printer, n, of int64) string {
	if of == 0 {
		return p.Percent(0)
	}
	return p.Percent(float64(n) / float64(of))
}

// columnsTable gives the description of the columns as a table.
func (d Desk) columnsTable(w http.ResponseWriter, r *http.Request, s subject) error {
	p := web.VisitOf(r).P
	return attach(w, dataset.CSV.MediaType(), dataset.Title(s.source.Name)+" – "+p.T("datasetweb.columns_file")+".csv", func() error {
		out := csv.NewWriter(w)
		lines := [][]string{{"name", "type", "meaning", "confidence", "privacy", "missing", "distinct", "min", "max", "mean", "median", "std_dev", "p5", "q1", "q3", "p95",
			"shortest", "longest", "mean_length"}}
		for _, c := range s.outcome.Report.Profile.Columns {
			line := []string{tabular.CSVCell(c.Name), string(c.Type), string(c.Semantic), dataset.Plain(dataset.TypeNumber, c.Confidence), string(c.Privacy),
				strconv.FormatInt(c.Missing, 10), strconv.FormatInt(c.Distinct, 10)}
			line = append(line, spreadCells(c)...)
			lines = append(lines, append(line, strconv.Itoa(c.Lengths.Min), strconv.Itoa(c.Lengths.Max), dataset.Plain(dataset.TypeNumber, c.Lengths.Mean)))
		}
		return out.WriteAll(lines)
	})
}

// spreadCells are the least, the greatest, the mean, the median, the standard deviation and the quantiles of a column; not the least and the
// greatest of a column about persons.
func spreadCells(c dataset.ColumnProfile) []string {
	var out [9]string
	switch {
	case c.Numbers != nil:
		n := c.Numbers
		for i, v := range [...]float64{n.Min, n.Max, n.Mean, n.Median, n.StdDev, n.P5, n.Q1, n.Q3, n.P95} {
			out[i] = dataset.Plain(dataset.TypeNumber, v)
		}
	case c.Dates != nil:
		out[0], out[1], out[3] = c.Dates.Min, c.Dates.Max, c.Dates.Median
	}
	if c.Privacy != dataset.PrivacyNone {
		out[0], out[1] = "", ""
	}
	return out[:]
}
