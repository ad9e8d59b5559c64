package dataset

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// column writes all that one reading says of a column, a line for each kind of fact.
func (p *Printer) column(c ColumnProfile, rows int64) {
	tell := func(key string, args ...any) { p.line("  %s", p.say("dataset.print_"+key, args...)) }
	p.line("")
	p.line("%s", p.say("dataset.print_numbered", c.Position+1, oneLine(c.Name)))
	kind := p.say("dataset.type_" + string(c.Type))
	if words := c.meaningWords(p.say); words != "" {
		tell("kind_meaning", kind, words)
	} else {
		tell("kind", kind)
	}
	if c.Storage != c.Type {
		tell("storage", p.say("dataset.type_"+string(c.Storage)))
	}
	if missing := percent(float64(c.Missing) / float64(max(rows, 1))); c.Tokens > 0 {
		tell("missing_marks", c.Missing, missing, c.Tokens)
	} else {
		tell("missing", c.Missing, missing)
	}
	if c.Missing == rows {
		return
	}
	switch repeated := rows - c.Missing - c.Distinct; {
	case c.Unique:
		tell("distinct_unique", c.Distinct)
	case !c.DistinctExact:
		tell("distinct_about", c.Distinct)
	default:
		tell("distinct", c.Distinct, repeated)
	}
	if words := c.topWords(10, p.say); words != "" {
		tell("top", words)
	}
	p.spread(c, tell)
	if c.Lengths.Min == c.Lengths.Max {
		tell("length", c.Lengths.Min)
	} else {
		tell("lengths", c.Lengths.Min, c.Lengths.Max, c.Lengths.Mean)
	}
	if c.LeadingZeros > 0 {
		tell("zeros", c.LeadingZeros)
	}
	if words := c.patternWords(p.say); words != "" {
		tell("patterns", words)
	}
}

// spread writes how numbers or dates are spread. Of a column about persons, what is the value of nobody in particular.
func (p *Printer) spread(c ColumnProfile, tell func(key string, args ...any)) {
	from, to := c.boundWords(p.say)
	if from != "" {
		tell("range", from, to)
	}
	if n := c.Numbers; n != nil {
		num := func(v float64) string { return c.numberWords(v, p.say) }
		tell("mean", num(n.Mean), num(n.Median), num(n.StdDev))
		key := "quantiles"
		if !n.Exact {
			key = "quantiles_about"
		}
		tell(key, num(n.P5), num(n.Q1), num(n.Q3), num(n.P95))
	}
	if d := c.Dates; d != nil {
		tell("median", d.Median)
		if c.Layout != "" {
			tell("layout", c.DateExample())
		}
	}
	if len(c.Histogram) > 1 {
		tell("histogram", sparks(c.Histogram))
	}
}

// boundWords are the bounds as people write them.
func (c ColumnProfile) boundWords(say Say) (from, to string) {
	if from, to = c.bounds(); from != "" && c.Numbers != nil {
		return c.numberWords(c.Numbers.Min, say), c.numberWords(c.Numbers.Max, say)
	}
	return from, to
}

// numberWords writes a number of the column with its unit, and with the comma of French.
func (c ColumnProfile) numberWords(v float64, say Say) string {
	words := shortNumber(v)
	if say("dataset.print_language") == "fr" {
		words = strings.Replace(words, ".", ",", 1)
	}
	if c.Unit != "" {
		words += "\u00a0" + c.Unit
	}
	return words
}

// sparks draws a histogram on one line: eight heights, and a point where there is nothing.
func sparks(bins []Bin) string {
	steps := []rune("▁▂▃▄▅▆▇█")
	highest := slices.MaxFunc(bins, func(a, b Bin) int { return cmp.Compare(a.Count, b.Count) }).Count
	var out strings.Builder
	for _, b := range bins {
		if b.Count == 0 {
			out.WriteByte('.')
			continue
		}
		out.WriteRune(steps[int64(len(steps)-1)*b.Count/highest])
	}
	return out.String()
}

// PatternOther is the pattern that stands for all shapes too long or too rare to be counted one by one.
const PatternOther = "…"

// patternWords are the most frequent shapes of the values.
func (c ColumnProfile) patternWords(say Say) string {
	var words []string
	for _, v := range c.Patterns {
		shape := oneLine(v.Value)
		if shape == PatternOther {
			shape = say("dataset.pattern_other")
		}
		words = append(words, shape+" ("+strconv.FormatInt(v.Count, 10)+")")
	}
	return strings.Join(words, ", ")
}

// DateExample is a date written as most dates of the column are, "" when it has none.
func (c ColumnProfile) DateExample() string {
	if c.Layout == "" {
		return ""
	}
	return layoutExample(c.Layout)
}
