package mission

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cultured/internal/french"
)

// A Chart is a drawing of a table as somebody orders it: what is compared, what is measured, how it is drawn, and the words around it.
type Chart struct {
	Kind   string `json:"kind,omitempty"`   // one of [ChartKinds]
	Of     string `json:"of,omitempty"`     // column whose values are compared
	Value  string `json:"value,omitempty"`  // column measured; "" for "count"
	How    string `json:"how,omitempty"`    // one of [ChartHows]: how rows of one value are put together
	Order  string `json:"order,omitempty"`  // one of [ChartOrders]
	Most   int    `json:"most,omitempty"`   // values drawn at most; 0 for all
	Zero   bool   `json:"zero,omitempty"`   // the scale starts at zero
	Colour string `json:"colour,omitempty"` // "#1a2b3c"
	Title  string `json:"title,omitempty"`
	Unit   string `json:"unit,omitempty"`
	Source string `json:"source,omitempty"`
	Alt    string `json:"alt,omitempty"` // what somebody who does not see it is told
}

// ChartKinds lists the forms of a drawing.
func ChartKinds() []string { return []string{"bars", "line", "pie"} }

// ChartHows lists how rows are put together.
func ChartHows() []string { return []string{"sum", "mean", "count"} }

// ChartOrders lists how what is compared is ordered: as the data have it, the largest first, by name or date.
func ChartOrders() []string { return []string{"data", "value", "name"} }

// A Figure is one value compared, and what is measured of it. Of the ones put together under no name, Label is "".
type Figure struct {
	Label  string
	Number float64
}

// Figures are what a chart draws, in its order, and how many more there are that it leaves out. A pie leaves nothing out: the rest is one slice without a name.
func (ch Chart) Figures(t Table) (drawn []Figure, more int) {
	of, at := t.Column(ch.Of), t.Column(ch.Value)
	if of < 0 || at < 0 && ch.How != "count" {
		return nil, 0
	}
	place, counts := map[string]int{}, []int{}
	for _, row := range t.Rows {
		label := strings.TrimSpace(row[of])
		i, ok := place[label]
		if !ok {
			i, place[label] = len(drawn), len(drawn)
			drawn, counts = append(drawn, Figure{Label: label}), append(counts, 0)
		}
		n, isNumber := 1.0, true
		if ch.How != "count" {
			n, isNumber = french.Number(row[at])
		}
		if isNumber {
			drawn[i].Number += n
			counts[i]++
		}
	}
	for i := range drawn {
		if ch.How == "mean" {
			drawn[i].Number /= float64(max(1, counts[i]))
		}
	}
	switch ch.Order {
	case "value":
		slices.SortStableFunc(drawn, func(a, b Figure) int { return cmp.Compare(b.Number, a.Number) })
	case "name":
		slices.SortStableFunc(drawn, func(a, b Figure) int { return french.Compare(a.Label, b.Label) })
	}
	if ch.Most <= 0 || len(drawn) <= ch.Most {
		return drawn, 0
	}
	rest := drawn[ch.Most:]
	drawn = drawn[:ch.Most:ch.Most]
	if ch.Kind != "pie" {
		return drawn, len(rest)
	}
	other := Figure{}
	for _, f := range rest {
		other.Number += f.Number
	}
	return append(drawn, other), 0
}

// blank reports whether nothing was ordered or said.
func (ch *Chart) blank() bool {
	return ch == nil || ch.Kind == "" && ch.Title == "" && ch.Unit == "" && ch.Source == "" && ch.Alt == ""
}

// Tidy trims the words of a chart and drops what it cannot have.
func (ch *Chart) Tidy() {
	for _, s := range []*string{&ch.Title, &ch.Unit, &ch.Source, &ch.Alt, &ch.Colour} {
		*s = strings.TrimSpace(*s)
	}
	for _, one := range []struct {
		s    *string
		list []string
	}{{&ch.Kind, ChartKinds()}, {&ch.How, ChartHows()}, {&ch.Order, ChartOrders()}} {
		if !slices.Contains(one.list, *one.s) {
			*one.s = ""
		}
	}
	ch.Most = min(max(0, ch.Most), MostRows)
	if !colourShape.MatchString(ch.Colour) {
		ch.Colour = ""
	}
}

var colourShape = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// contrastLeast is how much what is drawn must stand out against white. Source: WCAG 2.2, 1.4.11.
const contrastLeast = 3.0

// contrast is that of a colour against white, from 1 to 21. Source: WCAG 2.2, relative luminance.
func contrast(colour string) float64 {
	if !colourShape.MatchString(colour) {
		return 1
	}
	share := [3]float64{0.2126, 0.7152, 0.0722}
	light := 0.0
	for i, part := range share {
		n, _ := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8) // the shape says so
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		light += part * c
	}
	return 1.05 / (light + 0.05)
}

// order is a chart as it is before anybody thought about it: the first two columns, as they come.
func order(t Table) *Chart {
	return &Chart{Kind: "bars", Of: t.Columns[0], Value: t.Columns[min(1, len(t.Columns)-1)], How: "sum", Order: "data"}
}

// drawnOtherwise is the good chart with one of its settings changed.
func (m Mission) drawnOtherwise(good Answer, b Bad) (Answer, error) {
	ch := *good.Chart
	text := map[string]*string{"kind": &ch.Kind, "of": &ch.Of, "value": &ch.Value, "how": &ch.How, "order": &ch.Order, "colour": &ch.Colour,
		"title": &ch.Title, "unit": &ch.Unit, "source": &ch.Source, "alt": &ch.Alt}[b.Column]
	switch {
	case b.Mistake != drawnBadly:
		return good, fmt.Errorf("no mistake %q of a chart", b.Mistake)
	case text != nil:
		*text = b.Text
	case b.Column == "zero":
		ch.Zero = b.Text != ""
	case b.Column == "most":
		ch.Most, _ = strconv.Atoi(b.Text) // none is all
	default:
		return good, fmt.Errorf("a chart has no %q", b.Column)
	}
	good.Chart = &ch
	return good, nil
}

// drawnBadly is the mistake of charts: a setting (the column), and what it is (the text).
const drawnBadly Mistake = "drawn"

// chartCandidates are the mistakes that may fail a check of a chart.
func (m Mission) chartCandidates(v Variant, check Check) (list []Bad) {
	settings := map[string][]string{"chart_zero": {"zero"}, "chart_most": {"most"}, "chart_order": {"order"}, "chart_contrast": {"colour"}, "chart_kind": {"kind"}, "chart_shows": {"of", "value", "how"}}[check.Kind]
	if settings == nil {
		settings = []string{strings.TrimPrefix(check.Kind, "chart_")}
	}
	texts := slices.Concat([]string{"", "#ffff00"}, ChartKinds(), ChartHows(), ChartOrders(), v.Truth.Columns)
	for _, s := range settings {
		for _, t := range texts {
			list = append(list, Bad{Mistake: drawnBadly, Column: s, Text: t, Fails: check.Kind})
		}
	}
	return list
}

func judgeChartKind(c *answered, _ Check) (Result, error) {
	return Result{Passed: c.answer.Chart.Kind == c.Chart.Kind}, nil
}

// judgeChartShows says which of the three is not what the question asks for, never what it should be.
func judgeChartShows(c *answered, _ Check) (Result, error) {
	got, want := *c.answer.Chart, *c.Chart
	if got.Of == "" || c.Truth.Column(got.Of) != c.Truth.Column(want.Of) {
		return Result{where: "_of"}, nil
	}
	asked, _ := Chart{Of: want.Of, Value: want.Value, How: want.How}.Figures(c.Truth)
	drawn, _ := Chart{Of: got.Of, Value: got.Value, How: got.How}.Figures(c.Truth)
	if len(asked) > 0 && slices.Equal(asked, drawn) {
		return Result{Passed: true}, nil
	}
	if got.How != want.How {
		return Result{where: "_how"}, nil
	}
	return Result{where: "_value"}, nil
}

func judgeChartZero(c *answered, _ Check) (Result, error) {
	return Result{Passed: c.answer.Chart.Kind != "bars" || c.answer.Chart.Zero}, nil
}

func judgeChartMost(c *answered, check Check) (Result, error) {
	drawn, _ := c.answer.Chart.Figures(c.Truth)
	return Result{Passed: len(drawn) > 0 && len(drawn) <= check.Points, Args: []any{len(drawn), check.Points}}, nil
}

func judgeChartOrder(c *answered, _ Check) (Result, error) {
	return Result{Passed: c.answer.Chart.Order == c.Chart.Order}, nil
}

func judgeChartContrast(c *answered, _ Check) (Result, error) {
	n := contrast(c.answer.Chart.Colour)
	return Result{Passed: n >= contrastLeast, Args: []any{math.Floor(n*10) / 10, contrastLeast}}, nil
}

// said judges one of the words of a chart.
func said(of func(Chart) string) func(*answered, Check) (Result, error) {
	return func(c *answered, check Check) (Result, error) {
		n := utf8.RuneCountInString(strings.Join(strings.Fields(of(*c.answer.Chart)), " "))
		return Result{Passed: n >= max(1, check.Length), Args: []any{n, max(1, check.Length)}}, nil
	}
}

// judgeChartAlt wants the words for who does not see the chart: long enough, other than the title, and naming what stands out.
func judgeChartAlt(c *answered, check Check) (Result, error) {
	ch := *c.answer.Chart
	r, err := said(func(ch Chart) string { return ch.Alt })(c, check)
	if !r.Passed || err != nil {
		return r, err
	}
	if french.Fold(ch.Alt) == french.Fold(ch.Title) {
		r.Passed, r.where = false, "_title"
		return r, nil
	}
	if !names(ch.Alt, c.largest(c.Truth)) {
		r.Passed, r.where = false, "_largest"
	}
	return r, nil
}

// largest is the value compared that has most, in the good chart.
func (m Mission) largest(t Table) string {
	all, _ := Chart{Of: m.Chart.Of, Value: m.Chart.Value, How: m.Chart.How, Order: "value"}.Figures(t)
	if len(all) == 0 {
		return ""
	}
	return all[0].Label
}

// namedLeast is how many letters a word has that tells a name from others: people leave out the short ones.
const namedLeast = 4

// names reports whether a text names something: with its long words, or as it stands when it has none.
func names(text, name string) bool {
	there, long := french.Words(text), 0
	for _, w := range french.Words(name) {
		if utf8.RuneCountInString(w) < namedLeast {
			continue
		}
		if long++; !slices.Contains(there, w) {
			return false
		}
	}
	return long > 0 || strings.Contains(french.Fold(text), french.Fold(name))
}

// goodChart is the mission's chart, whose words name what stands out in this variant.
func (m Mission) goodChart(v Variant) *Chart {
	ch := *m.Chart
	ch.Alt = strings.TrimSpace(ch.Alt + " " + m.largest(v.Truth))
	return &ch
}
