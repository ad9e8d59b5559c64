package schema

import (
	"cmp"
	"slices"
	"strconv"
)

const (
	plainScore  = 0.5 // from which the header says enough
	alikeLimit  = 5   // schemas whose columns are paired one by one, the slow part
	alikeValues = 30  // different values of a column looked at
	alikePair   = 0.5 // score from which a pair of columns counts
	leastAlike  = 0.3 // score under which likeness is chance
	alikeShare  = 0.8 // what names that are only alike are worth, compared with the schema's own
)

// alike proposes schemas for a header that says the same things in other words ("Nom de l'attribuant" for "nomAttribuant"):
// those whose names share the rarest words with it, their columns then paired as the mapping does.
func (ed *edition) alike(header []string, sample [][]string) []Candidate {
	ed.wordsOnce.Do(ed.lexicon)
	own := map[string]bool{}
	for _, h := range header {
		for _, w := range nameWords(h) {
			own[w] = true
		}
	}
	type near struct {
		entry *Entry
		share float64
	}
	var list []near
	for i, e := range ed.entries {
		if share := ed.wordShare(i, own); share > 0.1 {
			list = append(list, near{e, share})
		}
	}
	slices.SortFunc(list, func(a, b near) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.entry.Name, b.entry.Name))
	})
	columns := sightsOf(header, sample)
	var out []Candidate
	for _, n := range list[:min(len(list), alikeLimit)] {
		if c, ok := n.entry.alike(columns); ok {
			out = append(out, c)
		}
	}
	return out
}

// lexicon takes the column names apart, once somebody needs their words.
func (ed *edition) lexicon() {
	ed.wordWeight = map[string]float64{}
	for _, e := range ed.entries {
		var names [][]string
		seen := map[string]bool{}
		for _, column := range e.Columns {
			words := nameWords(column)
			names = append(names, words)
			for _, w := range words {
				if !seen[w] {
					seen[w] = true
					ed.wordWeight[w]++
				}
			}
		}
		ed.words = append(ed.words, names)
	}
	for w, n := range ed.wordWeight {
		ed.wordWeight[w] = 1 / n
	}
}

// wordShare is how much of a schema's names, rarer words counting more, stands in the words of a header: 0 to 1.
func (ed *edition) wordShare(entry int, own map[string]bool) float64 {
	var shared, all float64
	for _, words := range ed.words[entry] {
		for _, w := range words {
			weight := ed.wordWeight[w]
			if all += weight; own[w] {
				shared += weight
			}
		}
	}
	if all == 0 {
		return 0
	}
	return shared / all
}

// sightsOf gives the columns of a sample with some of their values.
func sightsOf(header []string, sample [][]string) []Sight {
	columns := make([]Sight, len(header))
	for i, h := range header {
		columns[i].Name = h
		seen := map[string]bool{}
		for _, cells := range sample {
			if v := cell(cells, i); v != "" && !seen[v] && len(seen) < alikeValues {
				seen[v] = true
				columns[i].Values = append(columns[i].Values, v)
			}
		}
	}
	return columns
}

// alike pairs the columns with the schema's; false when too few go together.
func (e *Entry) alike(columns []Sight) (Candidate, bool) {
	c := Candidate{Entry: e, Values: 1}
	s, _, err := e.Schema()
	if err != nil || len(s.Fields) == 0 {
		return c, false
	}
	total := 0.0
	for _, m := range (Aligner{Schema: &s}).Align(columns) {
		if m.Column >= 0 && m.Score >= alikePair {
			c.Columns++
			total += m.Score
		} else if slices.Contains(e.Required, m.Field) {
			c.Missing = append(c.Missing, m.Field)
		}
	}
	if c.Columns < 3 { // two common words say nothing
		return c, false
	}
	recall, precision := total/float64(len(s.Fields)), total/float64(len(columns))
	required := recall
	if n := len(e.Required); n > 0 {
		required = 1 - float64(len(c.Missing))/float64(n)
	}
	c.Score = alikeShare * (0.4*required + 0.3*recall + 0.3*min(1, precision))
	if c.Score < leastAlike {
		return c, false
	}
	c.say("schema.rank_alike", strconv.Itoa(c.Columns), strconv.Itoa(len(s.Fields)))
	if len(c.Missing) > 0 {
		c.say("schema.rank_required", quoteList(c.Missing))
	}
	return c, true
}
