package schema

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
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
	type pair struct{ field, column int }
	var pairs []pair
	found := map[pair]Match{}
	for i := range a.Schema.Fields {
		for j := range columns {
			if m := t.match(i, j); m.Score >= leastMatch {
				pairs, found[pair{i, j}] = append(pairs, pair{i, j}), m
			}
		}
	}
	slices.SortStableFunc(pairs, func(x, y pair) int { return cmp.Compare(found[y].Score, found[x].Score) })
	column, taken := slices.Repeat([]int{-1}, len(a.Schema.Fields)), make([]bool, len(columns))
	for _, p := range pairs {
		if column[p.field] < 0 && !taken[p.column] {
			column[p.field], taken[p.column] = p.column, true
		}
	}
	score := func(field, column int) float64 { return found[pair{field, column}].Score }
	swapBetter(column, score)
	out := make([]Match, len(a.Schema.Fields))
	for i, f := range a.Schema.Fields {
		out[i] = Match{Field: f.Name, Column: -1}
		if m, ok := found[pair{i, column[i]}]; ok {
			out[i] = m
			out[i].Score = min(m.Score, 1)
		}
	}
	return out
}

// swapBetter exchanges the columns of two fields as long as both together are then more alike: the best column of one
// field may be the only one of another.
func swapBetter(column []int, score func(field, column int) float64) {
	for range len(column) { // each round makes the whole better; a few are enough
		better := false
		for i := range column {
			for j := range i {
				now := score(i, column[i]) + score(j, column[j])
				if column[i] != column[j] && score(i, column[j])+score(j, column[i]) > now+1e-9 {
					column[i], column[j], better = column[j], column[i], true
				}
			}
		}
		if !better {
			return
		}
	}
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
	case slices.ContainsFunc(t.Known[f.Name], func(before string) bool { return loose(before) == loose(c.Name) }):
		m.Score = known
		say("schema.align_known")
		return m
	case name == 1:
		say("schema.align_same_name")
	case name >= 0.45:
		say("schema.align_near_name")
	}
	wanted := t.Meanings[f.Name]
	same := wanted != "" && wanted == c.Meaning
	if name < 0.15 && !same && (len(f.Constraints.Enum) == 0 || len(c.Values) > fewValues) {
		return m
	}
	fit, asks := t.fit(field, c)
	if asks && len(c.Values) > 0 {
		say("schema.align_values", strconv.Itoa(int(math.Floor(100*fit))))
	}
	if same {
		say("schema.align_meaning")
	}
	company := strings.HasPrefix(wanted, "sire") && strings.HasPrefix(c.Meaning, "sire") // SIREN where SIRET is asked: the right column, half of it
	m.Score = score(name, fit, asks, same, wanted != "" && c.Meaning != "" && !same && !company)
	return m
}

// What people chose before counts more than any likeness; a column with few different values may be a list.
const (
	known     = 3
	fewValues = 40
)

// score weighs what speaks for a pair: the name first; values that fit weigh where the field is strict about them. It
// may exceed 1, so that the surest pairs are told apart.
func score(name, fit float64, strict, same, different bool) float64 {
	if name == 1 {
		return 1.5 + 0.1*fit
	}
	s := 0.75 * name
	switch {
	case strict && fit < 0.3:
		s *= 0.78 // the right column may hold nothing but wrong values
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
	return max(0, s)
}

// name compares the name of a column with the name and the title of a field. 1: the same, but for case, accents and signs.
func (t *alignment) name(field, column int) float64 {
	f, key := t.Schema.Fields[field], loose(t.columns[column].Name)
	if key != "" && (key == loose(f.Name) || key == loose(f.Title)) {
		return 1
	}
	by := func(words []string) float64 { return likeness(t.columnWords[column], words, t.weigh) }
	return min(0.95, max(by(t.fieldWords[field]), 0.9*by(t.titleWords[field])))
}

// nearly is what a value counts that is near one of the list of the field.
const nearly = 0.8

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
	good := 0.0
	for _, v := range c.Values {
		if _, _, ok := conv.Convert(v); ok {
			good++
		} else if _, ok := Nearest(t.Schema.Fields[field], v); ok {
			good += nearly
		}
	}
	return good / float64(len(c.Values)), true
}
