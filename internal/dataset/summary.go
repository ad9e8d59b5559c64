package dataset

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// typeShare is the share of the values that makes the type of a column.
const typeShare = 0.75

// profile sums up what was gathered; rows is the number of rows of the table.
func (g *gatherer) profile(rows int64) ColumnProfile {
	values := g.values()
	c := ColumnProfile{Missing: rows - values, Tokens: g.kinds[kindToken], LeadingZeros: g.flagged[flagZero]}
	g.countDistinct(&c)
	c.Type = g.mainType(values)
	g.choose(&c, values)
	c.Storage = g.storage(c, values)
	if values > 0 {
		c.Lengths = Lengths{g.shortest, g.longest, round(float64(g.runes)/float64(values), 2)}
	}
	c.Patterns = topCounts(g.patterns, 5)
	switch c.Type {
	case TypeInteger, TypeNumber:
		g.describeNumbers(&c)
	case TypeDate, TypeDateTime:
		g.describeDates(&c)
	}
	return c
}

func (g *gatherer) countDistinct(c *ColumnProfile) {
	all := g.tally.values()
	values := slices.DeleteFunc(all, func(v ValueCount) bool {
		k := describeCell(v.Value).kind
		return k == kindBlank || k == kindToken
	})
	c.Distinct, c.DistinctExact, c.TopExact = int64(len(values)), !g.tally.pruned, !g.tally.pruned
	c.Unique = !g.tally.repeated && c.Distinct > 0
	if g.tally.pruned {
		c.Distinct = g.distinct.estimate()
		c.Unique = !g.tally.repeated && (!g.unique.full || !g.unsorted)
		if c.Unique {
			c.Distinct, c.DistinctExact = g.values(), true
		}
	}
	c.Top = slices.Clone(values[:min(len(values), 20)])
	for i := range c.Top {
		c.Top[i].Value = strings.Clone(c.Top[i].Value)
	}
}

// mainType is the type of at least three quarters of the values.
func (g *gatherer) mainType(values int64) Type {
	if values == 0 {
		return TypeText
	}
	k := &g.kinds
	enough := func(n int64) bool { return float64(n) >= typeShare*float64(values) }
	switch numbers := k[kindInteger] + k[kindNumber]; {
	case g.head.holds("code|codes|siret|siren|telephone|tel|cp") && g.flagged[flagComma] == 0 && k[kindDate] == 0:
		return TypeText
	case k[kindBoolean] > 0 && enough(k[kindBoolean]+g.bits()):
		return TypeBoolean
	case enough(numbers):
		if g.flagged[flagZero] > 0 && float64(g.flagged[flagZero]) > 0.005*float64(values) || g.lettered(values-numbers) {
			return TypeText
		}
		if k[kindNumber] > 0 {
			return TypeNumber
		}
		return TypeInteger
	case enough(k[kindDate] + k[kindDateTime] + g.flagged[flagUSDate]):
		if k[kindDateTime]*2 > k[kindDate]+k[kindDateTime] {
			return TypeDateTime
		}
		return TypeDate
	}
	return TypeText
}

// bits counts the cells that are 0 or 1, when the column has no other integer.
func (g *gatherer) bits() int64 {
	if g.numbers.total > 0 && g.numbers.min >= 0 && g.numbers.max <= 1 {
		return g.kinds[kindInteger]
	}
	return 0
}

// lettered says whether the values that are no numbers look like numbers with a letter ("2A", "12bis"), which makes the
// column one of codes rather than of quantities.
func (g *gatherer) lettered(others int64) bool {
	if others == 0 {
		return false
	}
	n := int64(0)
	for p, count := range g.patterns {
		digits := strings.Count(p, "9")
		letters := strings.Count(p, "a") + strings.Count(p, "A")
		if digits > 0 && letters > 0 && letters <= 2 && len(p) <= 12 && !strings.ContainsAny(p, "%€,+<>[]:") {
			n += count
		}
	}
	return n*2 > others || g.head.isCodeName() && n > 0
}

// storage is the type all values parse as. Codes stay text.
func (g *gatherer) storage(c ColumnProfile, values int64) Type {
	if values == 0 || g.code(c) || g.flagged[flagScience] > 0 {
		return TypeText
	}
	k := &g.kinds
	switch c.Type {
	case TypeInteger, TypeNumber:
		if k[kindInteger]+k[kindNumber] == values && g.flagged[flagZero] == 0 && g.oneUnit(values) {
			return c.Type
		}
	case TypeBoolean:
		if k[kindBoolean]+g.bits() == values {
			return TypeBoolean
		}
	case TypeDate, TypeDateTime:
		if g.flagged[flagUSDate] > 0 || k[kindDate]+k[kindDateTime] != values {
			return TypeText
		}
		if k[kindDateTime] > 0 {
			return TypeDateTime
		}
		return TypeDate
	}
	return TypeText
}

// oneUnit says whether all numbers are of one unit, or of none: "12 %" beside "0,12" stays text.
func (g *gatherer) oneUnit(values int64) bool {
	percent, euro := g.flagged[flagPercent], g.flagged[flagEuro]
	return (percent == 0 || percent == values) && (euro == 0 || percent == 0)
}

// code says whether the column holds codes.
func (g *gatherer) code(c ColumnProfile) bool {
	for i := range meanings {
		if meanings[i].is == c.Semantic {
			return meanings[i].code
		}
	}
	return false
}

func (g *gatherer) describeNumbers(c *ColumnProfile) {
	d := &g.numbers
	if g.numbered == 0 {
		return
	}
	n := float64(g.numbered)
	mean := g.sum / n
	variance := g.squares/n - (mean-g.base)*(mean-g.base)
	s := NumberStats{Min: d.min, Max: d.max, Mean: mean, StdDev: math.Sqrt(max(variance, 0)), P5: d.quantile(.05), Q1: d.quantile(.25),
		Median: d.quantile(.5), Q3: d.quantile(.75), P95: d.quantile(.95), Exact: d.exact()}
	for _, v := range [...]*float64{&s.Min, &s.Max, &s.Mean, &s.StdDev, &s.P5, &s.Q1, &s.Median, &s.Q3, &s.P95} {
		if math.IsNaN(*v) || math.IsInf(*v, 0) {
			return // numbers too large to be summed up
		}
	}
	c.Numbers = &s
	switch {
	case g.flagged[flagEuro]*2 > g.numbered:
		c.Unit = "€"
	case g.flagged[flagPercent]*2 > g.numbered:
		c.Unit = "%"
	}
	if c.Semantic == SemanticNone || !g.code(*c) {
		c.Histogram = d.bins(histogramBins(d))
	}
}

// histogramBins is how many bins show the distribution: one for each value of a short range of integers, else 20.
func histogramBins(d *digest) int {
	if span := d.max - d.min; d.exact() && span >= 1 && span < 20 && span == math.Trunc(span) && len(d.points) <= int(span)+1 {
		return int(span) + 1
	}
	return 20
}

func (g *gatherer) describeDates(c *ColumnProfile) {
	c.Layout = g.mainLayout()
	if g.dates.total == 0 {
		return
	}
	c.Dates = &DateStats{isoOf(g.dates.min, c.Type), isoOf(g.dates.max, c.Type), isoOf(g.dates.quantile(.5), c.Type)}
	c.Histogram = g.dates.bins(20)
}

// isoOf writes seconds since 1970 in the canonical form of the type.
func isoOf(seconds float64, t Type) string {
	at := time.Unix(int64(seconds), 0).UTC()
	if t == TypeDateTime {
		return at.Format("2006-01-02T15:04:05")
	}
	return at.Format("2006-01-02")
}

// topCounts lists the most frequent keys of a count.
func topCounts(counts map[string]int64, most int) []ValueCount {
	var out []ValueCount
	for v, n := range counts {
		out = append(out, ValueCount{v, n})
	}
	slices.SortFunc(out, func(a, b ValueCount) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value)) })
	return out[:min(len(out), most)]
}

func round(v float64, decimals int) float64 {
	p := math.Pow10(decimals)
	return math.Round(v*p) / p
}
