package dataset

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// PrintProfile writes the profile of a table, in one of the formats.
func PrintProfile(w io.Writer, r Report, format string, say Say) error {
	switch format {
	case PrintJSON:
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r.Profile.printed())
	case PrintCSV:
		return profileCSV(w, r)
	}
	p := &Printer{w: bufio.NewWriter(w), say: say}
	p.line("%s", say("dataset.print_reading", readingWords(r, say)))
	p.notes(r)
	p.line("%s", say("dataset.print_size", r.Rows, len(r.Columns)))
	p.line("")
	rows := [][]string{{say("dataset.print_head_column"), say("dataset.print_head_type"), say("dataset.print_head_meaning"), say("dataset.print_head_missing"),
		say("dataset.print_head_distinct"), say("dataset.print_head_range"), say("dataset.print_head_top")}}
	for _, c := range r.Profile.Columns {
		distinct := strconv.FormatInt(c.Distinct, 10)
		if !c.DistinctExact {
			distinct = say("dataset.print_about", c.Distinct)
		}
		from, to := c.boundWords(say)
		span := ""
		if from != "" {
			span = from + " … " + to
		}
		rows = append(rows, []string{c.Name, say("dataset.type_" + string(c.Type)), c.meaningWords(say), strconv.FormatInt(c.Missing, 10), distinct, span, c.topWords(3, say)})
	}
	p.columns(rows)
	p.relations(r.Profile)
	for _, c := range r.Profile.Columns {
		p.column(c, r.Rows)
	}
	p.keep(p.w.Flush())
	return p.err
}

// relations writes what tells the rows apart, and which column tells which.
func (p *Printer) relations(r Profile) {
	if len(r.Keys)+len(r.KeyPairs)+len(r.Relations) > 0 {
		p.line("")
	}
	if len(r.Keys) > 0 {
		p.line("%s", p.say("dataset.print_keys", strings.Join(r.Keys, ", ")))
	}
	for _, k := range r.KeyPairs {
		p.line("%s", p.say("dataset.print_keys", k[0]+" + "+k[1]))
	}
	for _, l := range r.Relations {
		p.line("%s", p.say("dataset.print_relation", l.From, l.To, l.Exceptions))
	}
}

// meaningWords are the meaning of a column, how sure it is, and what it tells about persons.
func (c ColumnProfile) meaningWords(say Say) string {
	words := ""
	if c.Semantic != SemanticNone {
		words = say("dataset.print_sure", say("dataset.semantic_"+string(c.Semantic)), percent(c.Confidence))
	}
	if c.Privacy != PrivacyNone {
		words = strings.TrimSpace(words + " (" + say("dataset.privacy_"+string(c.Privacy)) + ")")
	}
	return words
}

// percent is a share in hundredths, to one decimal, as [Say] writes numbers.
func percent(share float64) float64 { return round(100*share, 1) }

// bounds are the least and greatest value, as texts; none of a column about persons: each is the value of somebody.
func (c ColumnProfile) bounds() (from, to string) {
	switch {
	case c.Privacy != PrivacyNone:
	case c.Numbers != nil:
		return shortNumber(c.Numbers.Min), shortNumber(c.Numbers.Max)
	case c.Dates != nil:
		return c.Dates.Min, c.Dates.Max
	}
	return "", ""
}

// topWords are the most frequent values; none of a column about persons.
func (c ColumnProfile) topWords(most int, say Say) string {
	if c.Privacy != PrivacyNone || c.Unique {
		return ""
	}
	var words []string
	for i, v := range c.Top[:min(len(c.Top), most)] {
		words = append(words, oneLine(cutRunes(c.TopWords(i, say), 24))+" ("+strconv.FormatInt(v.Count, 10)+")")
	}
	return strings.Join(words, ", ")
}

// columns writes rows with aligned columns.
func (p *Printer) columns(rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, v := range r {
			widths[i] = max(widths[i], min(runesOf(v), 40))
		}
	}
	for _, r := range rows {
		var b strings.Builder
		for i, v := range r {
			v = cutRunes(v, 60)
			b.WriteString(v)
			if i < len(r)-1 {
				b.WriteString(strings.Repeat(" ", max(widths[i]-runesOf(v), 0)+2))
			}
		}
		p.line("%s", strings.TrimRight(b.String(), " "))
	}
}

// profileCSV writes one line per column.
func profileCSV(w io.Writer, r Report) error {
	out := csv.NewWriter(w)
	lines := [][]string{{"position", "name", "type", "storage", "semantic", "confidence", "privacy", "missing", "distinct", "distinct_exact", "unique",
		"min", "max", "mean", "std_dev", "p5", "q1", "median", "q3", "p95", "shortest", "longest", "mean_length", "leading_zeros"}}
	for _, c := range r.Profile.Columns {
		from, to := c.bounds()
		line := []string{strconv.Itoa(c.Position + 1), harmless(c.Name), string(c.Type), string(c.Storage), string(c.Semantic),
			strconv.FormatFloat(c.Confidence, 'f', 2, 64), string(c.Privacy), strconv.FormatInt(c.Missing, 10), strconv.FormatInt(c.Distinct, 10),
			strconv.FormatBool(c.DistinctExact), strconv.FormatBool(c.Unique), from, to}
		var middle [7]string
		if n := c.Numbers; n != nil {
			for i, v := range [...]float64{n.Mean, n.StdDev, n.P5, n.Q1, n.Median, n.Q3, n.P95} {
				middle[i] = shortNumber(v)
			}
		} else if c.Dates != nil {
			middle[4] = c.Dates.Median
		}
		line = append(line, middle[:]...)
		lines = append(lines, append(line, strconv.Itoa(c.Lengths.Min), strconv.Itoa(c.Lengths.Max), strconv.FormatFloat(c.Lengths.Mean, 'f', -1, 64),
			strconv.FormatInt(c.LeadingZeros, 10)))
	}
	if err := out.WriteAll(lines); err != nil {
		return err
	}
	return out.Error()
}
