package dataset

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cultured/internal/finding"
	"cultured/internal/identifier"
	"cultured/internal/tabular"
)

// A judge says what is wrong with a table, without a schema. It is made from a first reading, which decides what each
// column is; the second reading then finds the cells.
type judge struct {
	columns  []*opinion
	profile  *Profile
	twice    map[uint64]int // hash of a duplicated row → row it was first met at, 0 before
	lastRow  int            // of the table, trailing blank rows aside: after it, total rows are totals of the whole
	swapped  bool
	places   [][2]int       // latitude and longitude columns
	near     map[uint64]int // hash of a row met again nearly the same → row it was first met at, 0 before
	aside    []bool         // columns that number the rows
	numbers  []string       // their names
	links    []*link        // with something to say
	nestings []*nesting     // the same
	needRows bool
}

// An opinion is what the judge knows of one column.
type opinion struct {
	at       int
	name     string
	profile  ColumnProfile
	gathered *gatherer
	identity identifier.Kind // kind to check, "" for none
	layout   string          // dates are written so; "" when all the same
	sure     bool            // days come first, for certain
	fences   fences
	isolated bool // some values are beyond the fences
	unit     unit // the usual one; only if units
	units    bool // some values are in another
	variants map[string]variant
	tokens   bool // missing-value marks are told
	traced   bool // some texts tell about persons
	active   bool // some cell deserves a look
	known    bool // every value is in suspects if there is something to say about it, but for the long ones
	suspects map[string]bool
}

// newJudge forms an opinion of each column. trailing is the first row of the totals at the end, 0 for none.
func newJudge(p *Profiler, profile *Profile) *judge {
	j := &judge{profile: profile, twice: make(map[uint64]int, len(p.twice))}
	for _, h := range p.twice {
		j.twice[h] = 0
	}
	j.aside, j.near = p.aside, make(map[uint64]int, len(p.similar))
	for _, h := range p.similar {
		j.near[h] = 0
	}
	for i, g := range p.columns {
		if i < len(p.aside) && p.aside[i] {
			j.numbers = append(j.numbers, profile.Columns[i].Name)
		}
		o := &opinion{at: i, name: profile.Columns[i].Name, profile: profile.Columns[i], gathered: g}
		o.decide()
		j.needRows = j.needRows || o.active
		j.columns = append(j.columns, o)
	}
	for _, n := range p.nested {
		if n.told() {
			j.nestings = append(j.nestings, n)
		}
	}
	for _, l := range p.links {
		official := slices.ContainsFunc(p.nested, func(n *nesting) bool { return n.small == l.from && n.large == l.to })
		if len(l.watched) > 0 && !official { // the official list knows better
			j.links = append(j.links, l)
		}
	}
	j.findPlaces()
	j.needRows = j.needRows || profile.EmptyRows+profile.RaggedRows+profile.DuplicateRows+profile.SimilarRows > 0 || len(j.places)+len(j.links)+len(j.nestings) > 0
	return j
}

// findPlaces pairs latitudes and longitudes, and sees whether they stand in each other's column.
func (j *judge) findPlaces() {
	for i, o := range j.columns {
		if o.profile.Semantic != SemanticLatitude {
			continue
		}
		best := -1
		for k, other := range j.columns {
			if other.profile.Semantic == SemanticLongitude && (best < 0 || abs(k-i) < abs(best-i)) {
				best = k
			}
		}
		if best >= 0 {
			j.places = append(j.places, [2]int{i, best})
		}
	}
}

// decide fills the opinion from what was gathered.
func (o *opinion) decide() {
	g := o.gathered
	values := g.values()
	for _, f := range [...]flag{flagEdge, flagDouble, flagNoBreak, flagControl, flagMojibake, flagLost, flagHolder, flagScience, flagUSDate} {
		o.active = o.active || g.flagged[f] > 0
	}
	o.tokens = g.kinds[kindToken] > 0
	o.traced = o.profile.Privacy != PrivacyNone && slices.ContainsFunc(o.profile.Traces, Trace.Likely)
	o.active = o.active || o.tokens || o.traced
	o.decideIdentity()
	o.decideDates(values)
	o.decideNumbers()
	o.decideUnits(values)
	o.variants = o.findVariants(values)
	o.active = o.active || len(o.variants) > 0 || o.strays(values) > 0
	if o.active && !g.tally.pruned {
		o.suspect()
	}
}

// suspect looks at each different value once, where all were kept: the second reading then passes over the others, and
// is not even made when there is nothing to say.
func (o *opinion) suspect() {
	o.known, o.active, o.suspects = true, false, map[string]bool{}
	whole := string(o.gathered.tally.arena)
	for _, e := range o.gathered.tally.entries {
		if e.size == isLong {
			o.active = true
			continue
		}
		v := whole[e.at : e.at+uint32(e.size)]
		o.cell(1, v, func(finding.Finding) { o.suspects[v], o.active = true, true })
	}
}

// deserves says whether there may be something to say about a cell, not blank.
func (o *opinion) deserves(v string) bool {
	return o.active && (!o.known || len(v) > longValue || o.suspects[v])
}

// strays counts the values that are not of the column's type.
func (o *opinion) strays(values int64) int64 {
	k := &o.gathered.kinds
	switch o.profile.Type {
	case TypeInteger, TypeNumber:
		return values - k[kindInteger] - k[kindNumber]
	case TypeBoolean:
		return values - k[kindBoolean] - o.gathered.bits()
	case TypeDate, TypeDateTime:
		return values - k[kindDate] - k[kindDateTime]
	}
	return 0
}

func (o *opinion) decideIdentity() {
	kind := identifier.Kind(o.profile.Semantic)
	if o.profile.Semantic == SemanticNone && o.gathered.values() > 0 {
		if kind = o.gathered.head.promised(o.gathered.longest); kind != "" {
			o.identity, o.active = kind, true
		}
		return
	}
	if !slices.Contains(identifier.Kinds, kind) || o.profile.Confidence < leastConfidence {
		return
	}
	g := o.gathered
	for i := range meanings {
		if meanings[i].is == o.profile.Semantic && (g.hits[i] < g.asked || g.askedOf >= semanticSample) {
			o.identity, o.active = kind, true
		}
	}
	if strictKind(kind) {
		o.identity, o.active = kind, true // spaces inside, to be told
	}
}

// strictKind says whether a code is always written without spaces when machines read it.
func strictKind(k identifier.Kind) bool {
	switch k {
	case identifier.SIRET, identifier.SIREN, identifier.RNA, identifier.UAI, identifier.EPCI, identifier.FINESS, identifier.Commune, identifier.PostalCode:
		return true
	}
	return false
}

func (o *opinion) decideDates(values int64) {
	if o.profile.Type != TypeDate && o.profile.Type != TypeDateTime {
		return
	}
	o.sure = o.gathered.dayFirstSure()
	main := o.gathered.mainLayout()
	for l := range o.gathered.layouts {
		if strings.HasPrefix(l, "2006-01-02") {
			main = l // the form the fix gives: the others are the ones to mend
		}
	}
	for l := range o.gathered.layouts {
		if l != main && !sameWriting(l, main) {
			o.layout, o.active = main, true
		}
	}
}

// sameWriting says whether two layouts differ by leading zeros only, or by the hour.
func sameWriting(a, b string) bool {
	plain := func(l string) string {
		if i := strings.Index(l, "15"); i > 0 {
			l = l[:i-1]
		}
		return strings.NewReplacer("02", "2", "01", "1").Replace(strings.Replace(l, "2006", "Y", 1))
	}
	return plain(a) == plain(b)
}

// decideNumbers finds what is far from the other numbers, or the other days.
func (o *opinion) decideNumbers() {
	g := o.gathered
	switch o.profile.Type {
	case TypeDate, TypeDateTime:
		d := &g.dates
		if d.total < 30 {
			return
		}
		o.fences, o.isolated = farValues(d, [3]float64{d.quantile(.25), d.quantile(.5), d.quantile(.75)}, true)
		o.active = o.active || o.isolated
		return
	case TypeText:
		return
	}
	switch o.profile.Semantic {
	case SemanticLatitude, SemanticLongitude, SemanticLambertX, SemanticLambertY, SemanticYear:
		return
	}
	n := o.profile.Numbers
	if n == nil || g.numbered < 30 || g.head.isCodeName() || o.profile.Unique && o.profile.Type == TypeInteger {
		return
	}
	o.fences, o.isolated = farValues(&g.numbers, [3]float64{n.Q1, n.Median, n.Q3}, false)
	o.active = o.active || o.isolated
}

// finding dresses a finding about a cell, or about the column when row is 0.
func (o *opinion) finding(row int, value, reason string, severity finding.Severity, args ...string) finding.Finding {
	if row == 0 {
		value = ""
		args = append([]string{o.name}, args...)
	} else {
		value = strings.Clone(cutRunes(value, 200))
		args = append([]string{value}, args...)
	}
	return finding.Finding{Row: row, Column: o.at, Field: o.name, Value: value, Reason: reason, Args: args, Severity: severity,
		Rule: ruleOfReason(reason)}
}

// cutRunes keeps the first runes of v.
func cutRunes(v string, most int) string {
	if len(v) <= most {
		return v
	}
	n := 0
	for i := range v {
		if n == most {
			return v[:i]
		}
		n++
	}
	return v
}

// cells sends what is wrong with the cells of a row, but for the columns to skip. It may be called at the same time for
// different rows.
func (j *judge) cells(r tabular.Row, skip []bool, sink finding.Sink) {
	for _, o := range j.columns {
		if o.at < len(r.Cells) && r.Cells[o.at] != "" && !skip[o.at] && o.deserves(r.Cells[o.at]) {
			o.cell(r.Number, r.Cells[o.at], sink)
		}
	}
	for _, p := range j.places {
		j.place(r, p, sink)
	}
	for _, l := range j.links {
		j.linked(r, l, skip, sink)
	}
	for _, n := range j.nestings {
		j.nested(r, n, skip, sink)
	}
}

// row tells about a row as a whole, one after the other in their order. It says whether the cells of the row are no data:
// the row is blank, or a total.
func (j *judge) row(r tabular.Row, sink finding.Sink) (whole bool) {
	if len(r.Cells) > 0 && isBlankRow(r.Cells) && len(r.Extra) == 0 {
		sink(emptyRows(r.Number, 1))
		return true
	}
	switch {
	case r.Width < len(j.columns) && j.profile.RaggedRows > 0:
		sink(rowFinding(r.Number, "dataset.short_row", finding.Warning, strconv.Itoa(r.Width), strconv.Itoa(len(j.columns))))
	case r.Width > len(j.columns) && !blankExtra(r.Extra):
		sink(rowFinding(r.Number, "dataset.long_row", finding.Warning, strconv.Itoa(r.Width), strconv.Itoa(len(j.columns))))
	}
	if r.OpenQuote {
		sink(rowFinding(r.Number, "dataset.open_quote", finding.Warning))
	}
	if tabular.TotalRow(r.Cells) {
		f := rowFinding(r.Number, "dataset.total_row", finding.Warning)
		if j.lastRow > 0 && r.Number >= j.lastRow {
			f.Fix = "drop_total_rows"
		}
		sink(f)
		return true
	}
	if (len(j.twice) == 0 || !j.again(r, sink)) && len(j.near) > 0 {
		j.similar(r, sink)
	}
	return false
}

// again tells about a row the same as one before.
func (j *judge) again(r tabular.Row, sink finding.Sink) bool {
	h := rowHash(r.Cells, len(j.columns))
	switch before, ok := j.twice[h]; {
	case !ok:
	case before == 0:
		j.twice[h] = r.Number
	default:
		f := rowFinding(r.Number, "dataset.duplicate_row", finding.Warning, strconv.Itoa(before))
		f.Fix = "drop_duplicates"
		sink(f)
		return true
	}
	return false
}

func blankExtra(extra []string) bool { return isBlankRow(extra) }

// rowFinding is a finding about a whole row: {0} is its number.
func rowFinding(row int, reason string, severity finding.Severity, args ...string) finding.Finding {
	return finding.Finding{Row: row, Column: -1, Reason: reason, Args: append([]string{strconv.Itoa(row)}, args...), Severity: severity,
		Rule: ruleOfReason(reason)}
}

// emptyRows is one finding for n empty rows in a row.
func emptyRows(row, n int) finding.Finding {
	f := rowFinding(row, "dataset.empty_row", finding.Warning, strconv.Itoa(n))
	f.Fix = "drop_empty_rows"
	return f
}

// place tells about points that cannot be: outside the French territories, when nearly all others are inside.
func (j *judge) place(r tabular.Row, p [2]int, sink finding.Sink) {
	if j.swapped || p[0] >= len(r.Cells) || p[1] >= len(r.Cells) {
		return
	}
	lat, lon := describeCell(r.Cells[p[0]]), describeCell(r.Cells[p[1]])
	if lat.text == "" || lon.text == "" || lat.kind != kindInteger && lat.kind != kindNumber || lon.kind != kindInteger && lon.kind != kindNumber {
		return
	}
	o := j.columns[p[0]]
	switch {
	case inFrance(lat.number, lon.number):
	case inFrance(lon.number, lat.number):
		sink(o.finding(r.Number, lat.text+", "+lon.text, "dataset.swapped_point", finding.Warning))
	default:
		sink(o.finding(r.Number, lat.text+", "+lon.text, "dataset.outside_france", finding.Info))
	}
}

// runesOf counts characters.
func runesOf(v string) int { return utf8.RuneCountInString(v) }
