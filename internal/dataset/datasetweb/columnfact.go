package datasetweb

import (
	"math"
	"strconv"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/i18n"
	"cultured/internal/ui"
)

// statFact is one fact of a column, under its name in the catalogue.
func statFact(p *i18n.Printer, key, value string) ui.Fact {
	return ui.Fact{Label: p.T("datasetweb.stat_" + key), Value: value}
}

// columnFacts are what everybody wants to know of a column. The least and the greatest value of a column about persons are not told: each is
// somebody's.
func columnFacts(p *i18n.Printer, c dataset.ColumnProfile, rows int64) []ui.Fact {
	distinct := p.Number(c.Distinct)
	if !c.DistinctExact {
		distinct = p.T("datasetweb.about", distinct)
	}
	fact := func(key, value string) ui.Fact { return statFact(p, key, value) }
	out := []ui.Fact{fact("missing", p.T("datasetweb.count_share", p.Number(c.Missing), share(p, c.Missing, rows))), fact("distinct", distinct)}
	if n := c.Numbers; n != nil {
		if c.Privacy == dataset.PrivacyNone {
			out = append(out, fact("min", withUnit(p, c, n.Min)), fact("max", withUnit(p, c, n.Max)))
		}
		out = append(out, fact("mean", withUnit(p, c, n.Mean)), fact("median", withUnit(p, c, n.Median)))
	}
	if dates := c.Dates; dates != nil {
		if c.Privacy == dataset.PrivacyNone {
			out = append(out, fact("from", isoDate(p, dates.Min)), fact("to", isoDate(p, dates.Max)))
		}
		out = append(out, fact("median", isoDate(p, dates.Median)))
	}
	if c.Type == dataset.TypeText && c.Distinct > 0 {
		out = append(out, fact("lengths", lengths(p, c)))
	}
	return out
}

// columnDetails are the other facts of a column, for who looks closer.
func columnDetails(p *i18n.Printer, c dataset.ColumnProfile, rows int64) []ui.Fact {
	if c.Missing >= rows {
		return nil
	}
	var out []ui.Fact
	add := func(key, value string) { out = append(out, statFact(p, key, value)) }
	if n := c.Numbers; n != nil {
		about := func(v float64) string {
			if n.Exact {
				return withUnit(p, c, v)
			}
			return p.T("datasetweb.about", withUnit(p, c, v))
		}
		add("p5", about(n.P5))
		add("q1", about(n.Q1))
		add("q3", about(n.Q3))
		add("p95", about(n.P95))
		add("std_dev", withUnit(p, c, n.StdDev))
	}
	if c.DistinctExact && !c.Unique {
		add("repeats", p.Number(rows-c.Missing-c.Distinct))
	}
	if c.Tokens > 0 {
		add("tokens", p.Number(c.Tokens))
	}
	if example := c.DateExample(); example != "" {
		add("layout", example)
	}
	if c.LeadingZeros > 0 {
		add("zeros", p.Number(c.LeadingZeros))
	}
	if c.Type != dataset.TypeText {
		add("lengths", lengths(p, c))
	}
	add("mean_length", p.Decimal(c.Lengths.Mean, 1))
	if c.Storage != c.Type {
		add("storage", p.T("dataset.type_"+string(c.Storage)))
	}
	return out
}

func lengths(p *i18n.Printer, c dataset.ColumnProfile) string {
	if c.Lengths.Min == c.Lengths.Max {
		return p.T("datasetweb.length", c.Lengths.Min)
	}
	return p.T("datasetweb.lengths", c.Lengths.Min, c.Lengths.Max)
}

// patterns draws how the values are written. nil when there is nothing to compare.
func patterns(p *i18n.Printer, c dataset.ColumnProfile) *ui.Bars {
	if len(c.Patterns) == 0 {
		return nil
	}
	out := &ui.Bars{Caption: p.T("datasetweb.patterns", c.Name), LabelHead: p.T("datasetweb.pattern"), ValueHead: p.T("datasetweb.how_many")}
	for _, v := range c.Patterns {
		label := shorten(v.Value, 40)
		if v.Value == dataset.PatternOther {
			label = p.T("dataset.pattern_other")
		}
		out.Items = append(out.Items, ui.Bar{Label: label, Text: p.Number(v.Count), Value: float64(v.Count)})
	}
	return out
}

// withUnit writes a number of the column, with its unit.
func withUnit(p *i18n.Printer, c dataset.ColumnProfile, v float64) string {
	if c.Unit == "" {
		return decimal(p, c, v)
	}
	return decimal(p, c, v) + "\u00a0" + c.Unit
}

// decimal writes a number of the column: a year as it is, a coordinate to the metre, a small share with the digits that tell it from zero.
func decimal(p *i18n.Printer, c dataset.ColumnProfile, v float64) string {
	digits := 2
	switch c.Semantic {
	case dataset.SemanticYear:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case dataset.SemanticLatitude, dataset.SemanticLongitude:
		digits = 5
	}
	if a := math.Abs(v); a > 0 && a < 0.1 {
		digits = max(digits, min(8, 1-int(math.Floor(math.Log10(a)))))
	}
	return p.Decimal(v, digits)
}

// isoDate writes a date in canonical form for people.
func isoDate(p *i18n.Printer, s string) string {
	t, err := time.Parse(time.DateOnly, s[:min(len(s), len(time.DateOnly))])
	if err != nil {
		return s
	}
	return p.Date(t)
}

// histogram draws how numbers or dates are spread. nil when there is nothing to see, and for a column about persons: its ends are the values
// of somebody.
func histogram(p *i18n.Printer, c dataset.ColumnProfile) *ui.Histogram {
	if len(c.Histogram) < 2 || c.Privacy != dataset.PrivacyNone {
		return nil
	}
	h := &ui.Histogram{}
	most := 0
	for i, b := range c.Histogram {
		h.Counts = append(h.Counts, float64(b.Count))
		if b.Count > c.Histogram[most].Count {
			most = i
		}
	}
	say := func(v float64) string { return decimal(p, c, v) }
	if c.Dates != nil {
		say = func(v float64) string { return p.Date(time.Unix(int64(v), 0).UTC()) }
	}
	first, last, top := c.Histogram[0], c.Histogram[len(c.Histogram)-1], c.Histogram[most]
	h.Low, h.High = say(first.From), say(last.To)
	h.Label = p.T("datasetweb.histogram", c.Name, h.Low, h.High, say(top.From), say(top.To))
	return h
}
