package dataset

import (
	"strconv"
	"strings"

	"cultured/internal/finding"
)

// header sends what is wrong with the columns as wholes.
func (j *judge) header(sink finding.Sink) {
	taken := map[string]int{}
	for _, o := range j.columns {
		o.headerCell(taken, sink)
		o.whole(j.profile, sink)
	}
	for i, p := range j.places {
		lat, lon := j.columns[p[0]], j.columns[p[1]]
		a, b := lat.profile.Numbers, lon.profile.Numbers
		switch {
		case a == nil || b == nil:
			j.places[i] = [2]int{len(j.columns), 0} // never in a row
		case !inFrance(a.Median, b.Median) && inFrance(b.Median, a.Median):
			j.swapped = true
			sink(lat.finding(0, "", "dataset.swapped", finding.Warning, lon.name))
		case !inFrance(a.Median, b.Median):
			j.places[i] = [2]int{len(j.columns), 0}
		}
	}
}

// headerCell tells about the name of a column.
func (o *opinion) headerCell(taken map[string]int, sink finding.Sink) {
	number := strconv.Itoa(o.at + 1)
	source := strings.ToLower(plainName(o.profile.Source))
	if source == "" {
		sink(o.finding(0, "", "dataset.unnamed_column", finding.Warning, number, o.name))
		return
	}
	if before, again := taken[source]; again {
		sink(o.finding(0, "", "dataset.repeated_column", finding.Warning, strconv.Itoa(before), number, o.name))
		return
	}
	taken[source] = o.at + 1
}

// whole tells what is true of the column as a whole: one finding, however many cells.
func (o *opinion) whole(p *Profile, sink finding.Sink) {
	g, c := o.gathered, o.profile
	values := g.values()
	switch {
	case p.Rows > 0 && values == 0:
		sink(o.finding(0, "", "dataset.empty_column", finding.Info))
		return
	case c.Distinct == 1 && c.DistinctExact && values > 9 && c.Missing == 0 && len(c.Top) > 0:
		sink(o.finding(0, "", "dataset.constant_column", finding.Info, cutRunes(c.Top[0].Value, 60)))
	}
	switch c.Privacy {
	case PrivacyPersonal:
		sink(o.finding(0, "", "dataset.personal", finding.Warning))
	case PrivacySensitive:
		sink(o.finding(0, "", "dataset.sensitive", finding.Warning))
	}
	o.forms(sink)
}

// forms tells about ways of writing that are right for people and wrong for machines.
func (o *opinion) forms(sink finding.Sink) {
	g, c := o.gathered, o.profile
	number := c.Type == TypeNumber || c.Type == TypeInteger
	if n := g.flagged[flagComma]; n > 0 && number {
		f := o.finding(0, "", "dataset.decimal_comma", finding.Info, strconv.FormatInt(n, 10))
		if g.flagged[flagCommaSure] > 0 && c.Unit == "" && g.flagged[flagScience] == 0 {
			f.Fix = "decimal_comma"
		}
		sink(f)
	}
	if n := g.flagged[flagGroup]; n > 0 && number && c.Unit == "" {
		f := o.finding(0, "", "dataset.grouped_numbers", finding.Info, strconv.FormatInt(n, 10))
		f.Fix = "spaces"
		sink(f)
	}
	if c.Type != TypeDate && c.Type != TypeDateTime || o.layout != "" || strings.HasPrefix(c.Layout, "2006-01-02") {
		return
	}
	f := o.finding(0, "", "dataset.local_dates", finding.Info, layoutExample(c.Layout))
	switch {
	case g.flagged[flagUSDate] > 0 || strings.Contains(c.Layout, "Z07"):
	case o.sure:
		f.Fix = "iso_date"
	default:
		f.Reason = "dataset.unsure_dates"
	}
	sink(f)
}
