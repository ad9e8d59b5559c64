package missionweb

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
)

// chartPrefix begins the names of the fields of a chart.
const chartPrefix = "chart-"

// chartColour is what a chart is drawn in before somebody chooses.
const chartColour = "#9db8d9"

// A chartForm is the settings of a chart, to be filled in.
type chartForm struct {
	Kind, Of, How, Value, Order ui.Choice
	Most, Colour                ui.Field
	Zero                        ui.Checkbox
	Title, Unit, Source         ui.Field
	Alt                         ui.Textarea
}

func newChartForm(p *i18n.Printer, ch mission.Chart, columns []string, errs ui.FormErrors) *chartForm {
	name := func(part string) string { return chartPrefix + part }
	one := func(part string, values []string, label func(string) string, chosen string) ui.Choice {
		return ui.Choice{Name: name(part), Label: p.T("missionweb.chart_" + part), Options: options(values, label, chosen), Error: errs.For(name(part))}
	}
	line := func(part, value string) ui.Field {
		return ui.Field{Name: name(part), Label: p.T("missionweb.chart_" + part), Value: value, MaxLength: 300, Autocomplete: "off"}
	}
	f := &chartForm{Kind: one("kind", mission.ChartKinds(), said(p, "missionweb.chart_kind_"), ch.Kind), Of: one("of", columns, same, ch.Of),
		How: one("how", mission.ChartHows(), said(p, "missionweb.chart_how_"), ch.How), Value: one("value", columns, same, ch.Value),
		Order: one("order", mission.ChartOrders(), said(p, "missionweb.chart_order_"), ch.Order),
		Most:  line("most", positive(ch.Most)), Colour: line("colour", ch.Colour),
		Zero:  ui.Checkbox{Name: name("zero"), Label: p.T("missionweb.chart_zero"), Checked: ch.Zero},
		Title: line("title", ch.Title), Unit: line("unit", ch.Unit), Source: line("source", ch.Source),
		Alt: ui.Textarea{Name: name("alt"), Label: p.T("missionweb.chart_alt"), Hint: p.T("missionweb.chart_alt_hint"), Value: ch.Alt, MaxLength: 1000, Rows: 3}}
	f.Most.Mode, f.Most.Size, f.Most.Hint = "numeric", "short", p.T("missionweb.chart_most_hint")
	f.Colour.Type, f.Colour.Size, f.Colour.MaxLength = "color", "short", 0
	f.Unit.Size = "medium"
	if f.Colour.Value == "" {
		f.Colour.Value = chartColour
	}
	return f
}

// chartOf reads the settings of a chart from a form.
func chartOf(r *http.Request) *mission.Chart {
	v := func(part string) string { return cut(r.PostFormValue(chartPrefix + part)) }
	most, _ := strconv.Atoi(strings.TrimSpace(v("most"))) // no number is all
	ch := &mission.Chart{Kind: v("kind"), Of: v("of"), How: v("how"), Value: v("value"), Order: v("order"), Most: most, Zero: v("zero") != "", Colour: v("colour"),
		Title: v("title"), Unit: v("unit"), Source: v("source"), Alt: v("alt")}
	ch.Tidy()
	return ch
}

// askChart makes the form of a chart, with what was last ordered, and draws it.
func (page *benchPage) askChart(p *i18n.Printer, work mission.Desk, r *http.Request, errs ui.FormErrors) {
	if work.Answer != mission.AnswerChart {
		return
	}
	ch := mission.Chart{}
	if given, ok := lastGiven(work); ok && given.Chart != nil {
		ch = *given.Chart
	}
	if r.Method == http.MethodPost {
		ch = *chartOf(r)
	}
	page.Chart = newChartForm(p, ch, work.Table.Columns, errs)
	page.Chart.Kind.Error = errs.For("answer")
	page.Drawing = newDrawing(p, ch, work.Table)
}

// A drawing is a chart as it is shown: the picture, its words, and the figures as a table.
type drawing struct {
	Title, Alt, Unit, Source, More, Colour string
	Kind                                   string
	Bars                                   []drawnBar
	Height                                 int
	Line                                   string
	Dots                                   [][2]float64
	Slices                                 []drawnSlice
	Low, High                              string // ends of the scale
	Figures                                ui.Table
}

// A drawnBar is one bar, in hundredths of the width.
type drawnBar struct {
	Label, Text string
	Y           int
	Width       float64
}

// A drawnSlice is one slice of a pie: a path, and how dark it is.
type drawnSlice struct {
	Path  string
	Light float64
}

// Sizes of the drawing, in its own units.
const (
	barStep   = 14
	lineTall  = 160.0
	lineWide  = 300.0
	figureTop = 60 // figures drawn at most: beyond, nobody reads them
)

// newDrawing draws a chart; nil while it shows nothing.
func newDrawing(p *i18n.Printer, ch mission.Chart, t mission.Table) *drawing {
	figures, more := ch.Figures(t)
	if len(figures) == 0 || ch.Kind == "" {
		return nil
	}
	if len(figures) > figureTop {
		figures, more = figures[:figureTop], more+len(figures)-figureTop
	}
	d := &drawing{Title: ch.Title, Alt: ch.Alt, Unit: ch.Unit, Source: ch.Source, Colour: ch.Colour, Kind: ch.Kind}
	if d.Colour == "" {
		d.Colour = chartColour
	}
	if d.Title == "" {
		d.Title = p.T("missionweb.chart_no_title")
	}
	if more > 0 {
		d.More = p.T("missionweb.chart_more", more)
	}
	head := strings.TrimSpace(ch.Value + " " + d.Unit)
	if ch.How == "count" {
		head = p.T("missionweb.chart_how_count")
	}
	d.Figures = ui.Table{ID: "figures", Caption: p.T("missionweb.chart_figures"), CaptionHidden: true, Compact: true, FirstIsHeader: true, Columns: []ui.Column{{Label: ch.Of}, {Label: head}}}
	low, high := math.Inf(1), math.Inf(-1)
	for i, f := range figures {
		if f.Label == "" {
			figures[i].Label = p.T("missionweb.chart_rest")
		}
		figures[i].Number = math.Round(f.Number*100) / 100
		low, high = min(low, f.Number), max(high, f.Number)
		d.Figures.Rows = append(d.Figures.Rows, ui.Row{Cells: []ui.Cell{{Text: figures[i].Label}, {Text: p.Number(figures[i].Number)}}})
	}
	if ch.Zero {
		low = min(low, 0)
	} else {
		low -= (high - low) / 20 // the smallest is seen still
	}
	d.Low, d.High = p.Number(math.Round(low*100)/100), p.Number(math.Round(high*100)/100)
	share := func(n float64) float64 {
		if high <= low {
			return 1
		}
		return (n - low) / (high - low)
	}
	d.place(p, figures, share)
	return d
}

// place lays the figures out, in the form asked.
func (d *drawing) place(p *i18n.Printer, figures []mission.Figure, share func(float64) float64) {
	switch d.Kind {
	case "bars":
		for i, f := range figures {
			d.Bars = append(d.Bars, drawnBar{Label: f.Label, Text: p.Number(f.Number), Y: i * barStep, Width: math.Round(share(f.Number)*1000) / 10})
		}
		d.Height = len(figures) * barStep
	case "line":
		var points []string
		for i, f := range figures {
			x := math.Round(lineWide * float64(i) / float64(max(1, len(figures)-1)))
			y := math.Round(lineTall * (1 - share(f.Number)))
			d.Dots = append(d.Dots, [2]float64{x, y})
			points = append(points, fmt.Sprintf("%g,%g", x, y))
		}
		d.Line = strings.Join(points, " ")
	case "pie":
		total, from := 0.0, -math.Pi/2
		for _, f := range figures {
			total += max(0, f.Number)
		}
		for i, f := range figures {
			if f.Number <= 0 || total == 0 {
				continue
			}
			to := from + min(2*math.Pi*f.Number/total, 2*math.Pi-0.001) // a whole circle is no arc
			large := 0
			if to-from > math.Pi {
				large = 1
			}
			path := fmt.Sprintf("M80 80L%.2f %.2fA80 80 0 %d 1 %.2f %.2fZ", 80+80*math.Cos(from), 80+80*math.Sin(from), large, 80+80*math.Cos(to), 80+80*math.Sin(to))
			d.Slices = append(d.Slices, drawnSlice{Path: path, Light: max(0.25, 1-0.75*float64(i)/float64(len(figures)))})
			from = to
		}
	}
}
