package schema

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A Candidate is a schema a table may follow.
type Candidate struct {
	Entry   *Entry
	Score   float64  // 0 to 1: 1 when every column and every value read fits
	Columns int      // fields of the schema found in the table, names compared without case, accents and spaces
	Missing []string // required fields the table lacks
	Values  float64  // share of the non-empty cells read that respect the schema, 0 to 1; 1 when none was read
	Reasons []Phrase // why, for people
}

// rankLimit is how many candidates are compared by their values, which is the slow part; the others are left out.
const rankLimit = 8

// sampleRows is how many rows of the sample are read.
const sampleRows = 200

// leastScore is the score under which a schema is not worth proposing.
const leastScore = 0.15

// Rank says which schemas the table may follow, best first, from its header and some of its rows; never more than
// eight, none when nothing fits.
func (p *Pack) Rank(header []string, sample [][]string) []Candidate {
	own := map[string]bool{}
	exact := map[string]bool{}
	for _, h := range header {
		if k := loose(h); k != "" {
			own[k], exact[h] = true, true
		}
	}
	if len(own) == 0 {
		return nil
	}
	ed := p.now.Load()
	var list []Candidate
	for i, e := range ed.entries {
		if c := ed.overlap(e, ed.keys[i], own, exact); c.Score >= leastScore {
			list = append(list, c)
		}
	}
	byScore := func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Entry.Name, b.Entry.Name))
	}
	slices.SortFunc(list, byScore)
	list = list[:min(len(list), rankLimit)]
	for i := range list {
		list[i].byValues(header, sample[:min(len(sample), sampleRows)])
	}
	slices.SortFunc(list, byScore)
	if len(list) == 0 || list[0].Score < plainScore {
		for _, c := range ed.alike(header, sample[:min(len(sample), sampleRows)]) {
			if i := slices.IndexFunc(list, func(other Candidate) bool { return other.Entry == c.Entry }); i < 0 {
				list = append(list, c)
			} else if c.Score > list[i].Score {
				list[i] = c
			}
		}
		slices.SortFunc(list, byScore)
	}
	list = slices.DeleteFunc(list, func(c Candidate) bool { return c.Score < leastScore })
	return list[:min(len(list), rankLimit)]
}

// overlap scores the header against the columns of one schema: how much of the required columns, of all the columns
// weighted by how rare their names are, and of the table itself they share.
func (ed *edition) overlap(e *Entry, keys []string, own, exact map[string]bool) Candidate {
	c := Candidate{Entry: e, Values: 1}
	var shared, total float64
	spelling := 0
	for i, key := range keys {
		w := ed.weight[key]
		total += w
		if own[key] {
			shared += w
			c.Columns++
			if !exact[e.Columns[i]] {
				spelling++
			}
		} else if slices.Contains(e.Required, e.Columns[i]) {
			c.Missing = append(c.Missing, e.Columns[i])
		}
	}
	if c.Columns == 0 {
		return c
	}
	recall, precision, required := shared/total, float64(c.Columns)/float64(len(own)), shared/total
	if n := len(e.Required); n > 0 {
		required = 1 - float64(len(c.Missing))/float64(n)
	}
	c.Score = 0.4*required + 0.3*recall + 0.3*math.Min(1, precision)
	if recall < 0.1 { // two common names such as "id" and "nom" say nothing
		c.Score *= recall * 10
	}
	c.say("schema.rank_columns", strconv.Itoa(c.Columns), strconv.Itoa(len(keys)))
	c.say("schema.rank_known", strconv.Itoa(c.Columns), strconv.Itoa(len(own)))
	if spelling > 0 {
		c.Score -= 0.02 * float64(spelling) / float64(c.Columns)
		c.say("schema.rank_spelling", strconv.Itoa(spelling))
	}
	if len(c.Missing) > 0 {
		c.say("schema.rank_required", quoteList(c.Missing))
	}
	return c
}

func (c *Candidate) say(key string, args ...string) {
	c.Reasons = append(c.Reasons, Phrase{Key: key, Args: args})
}

// byValues lowers the score by the share of cells that break the schema.
func (c *Candidate) byValues(header []string, sample [][]string) {
	s, _, err := c.Entry.Schema()
	if err != nil {
		c.Score = 0
		return
	}
	checker, _ := NewChecker(s, header)
	read, good := 0, 0
	for _, cells := range sample {
		for i := range checker.columns {
			col := &checker.columns[i]
			v := cell(cells, col.at)
			if v == "" || col.isMissing(v) {
				continue
			}
			read++
			if col.valid(v) {
				good++
			}
		}
	}
	if read == 0 {
		return
	}
	c.Values = float64(good) / float64(read)
	c.Score *= 0.5 + 0.5*c.Values
	c.say("schema.rank_values", strconv.Itoa(int(math.Floor(100*c.Values))))
}
