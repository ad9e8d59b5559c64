package schema

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// A Sight is what is known of a column of a table that is to follow a schema.
type Sight struct {
	Name    string
	Values  []string // different ones, as written, the most frequent first; blank ones left out
	Meaning string   // what the values stand for, "" when not known
}

// A Match says which column is taken for a field.
type Match struct {
	Field   string
	Column  int      // 0-based, -1 when none is alike
	Score   float64  // 0 to 1
	Reasons []Phrase // why, for people
}

// Sure is the score from which a match needs no second look.
const Sure = 0.75

// leastMatch is the score under which a proposal would only distract.
const leastMatch = 0.42

// An Aligner proposes which column of a table holds which field of a schema.
type Aligner struct {
	Schema   *Schema
	Meanings map[string]string   // by field: what its values are to stand for, where that is known
	Known    map[string][]string // by field: the columns people chose for it before, the last first
}

// Align pairs each field with the column most alike, each column once: by what people chose before, by name (words
// without case, accents, plurals, abbreviations), by the values that fit or can be made to, by what the values stand
// for. There is a match for each field, in the order of the schema.
func (a Aligner) Align(columns []Sight) []Match {
	t := newTable(a, columns)
	type pair struct {
		field, column int
		Match
	}
	var pairs []pair
	for i := range a.Schema.Fields {
		for j := range columns {
			if m := t.match(i, j); m.Score >= leastMatch {
				pairs = append(pairs, pair{i, j, m})
			}
		}
	}
	slices.SortStableFunc(pairs, func(x, y pair) int { return cmp.Compare(y.Score, x.Score) })
	out, taken := make([]Match, len(a.Schema.Fields)), make([]bool, len(columns))
	for i, f := range a.Schema.Fields {
		out[i] = Match{Field: f.Name, Column: -1}
	}
	for _, p := range pairs {
		if out[p.field].Column < 0 && !taken[p.column] {
			out[p.field], taken[p.column] = p.Match, true
		}
	}
	return out
}

// An alignment is both sides made ready for comparison.
type alignment struct {
	Aligner
	columns     []Sight
	fieldWords  [][]string
	titleWords  [][]string
	columnWords [][]string
	inFields    map[string]float64
	inColumns   map[string]float64
	converters  []*Converter
}

func newTable(a Aligner, columns []Sight) *alignment {
	t := &alignment{Aligner: a, columns: columns}
	for _, f := range a.Schema.Fields {
		t.fieldWords, t.titleWords = append(t.fieldWords, nameWords(f.Name)), append(t.titleWords, nameWords(f.Title))
		t.converters = append(t.converters, NewConverter(a.Schema, f))
	}
	for _, c := range columns {
		t.columnWords = append(t.columnWords, nameWords(c.Name))
	}
	t.inFields, t.inColumns = wordWeights(t.fieldWords), wordWeights(t.columnWords)
	return t
}

// weigh is how much a word says on the side where it is most common.
func (t *alignment) weigh(w string) float64 {
	f, inFields := t.inFields[w]
	c, inColumns := t.inColumns[w]
	switch {
	case inFields && inColumns:
		return min(f, c)
	case inFields:
		return f
	case inColumns:
		return c
	}
	return 0.5 // of titles alone
}

// match says how alike a field and a column are.
func (t *alignment) match(field, column int) Match {
	f, c := t.Schema.Fields[field], t.columns[column]
	m := Match{Field: f.Name, Column: column}
	say := func(key string, args ...string) { m.Reasons = append(m.Reasons, Phrase{key, args}) }
	name := t.name(field, column)
	switch {
	case slices.ContainsFunc(t.Known[f.Name], func(known string) bool { return loose(known) == loose(c.Name) }):
		m.Score = 1
		say("schema.align_known")
		return m
	case name == 1:
		say("schema.align_same_name")
	case name >= 0.45:
		say("schema.align_near_name")
	}
	fit, asks := t.fit(field, c)
	if asks && len(c.Values) > 0 {
		say("schema.align_values", strconv.Itoa(int(math.Floor(100*fit))))
	}
	wanted := t.Meanings[f.Name]
	same := wanted != "" && wanted == c.Meaning
	if same {
		say("schema.align_meaning")
	}
	m.Score = score(name, fit, asks, same, wanted != "" && c.Meaning != "" && !same)
	return m
}

// score weighs what speaks for a pair: the name first; values that fit weigh where the field is strict about them.
func score(name, fit float64, strict, same, different bool) float64 {
	if name == 1 {
		return 0.9 + 0.09*fit
	}
	s := 0.75 * name
	switch {
	case strict && fit < 0.3:
		s *= 0.5
	case strict:
		s += 0.25 * fit
	default:
		s += 0.15
	}
	switch {
	case same:
		s += 0.3
	case different:
		s -= 0.25
	}
	return max(0, min(s, 0.99))
}

// name compares the name of a column with the name and the title of a field. 1: the same, but for case, accents and signs.
func (t *alignment) name(field, column int) float64 {
	f, key := t.Schema.Fields[field], loose(t.columns[column].Name)
	if key != "" && (key == loose(f.Name) || key == loose(f.Title)) {
		return 1
	}
	by := func(words []string) float64 { return likeness(t.columnWords[column], words, t.weigh) }
	return min(0.95, max(by(t.fieldWords[field]), by(t.titleWords[field])))
}

// fit is the share of the values that are what the field asks, or can be written so. strict is false for a field that
// takes any text: its values say nothing.
func (t *alignment) fit(field int, c Sight) (share float64, strict bool) {
	conv := t.converters[field]
	if conv.Free() {
		return 1, false
	}
	if len(c.Values) == 0 {
		return 0.5, true
	}
	good := 0
	for _, v := range c.Values {
		if _, _, ok := conv.Convert(v); ok {
			good++
		}
	}
	return float64(good) / float64(len(c.Values)), true
}
