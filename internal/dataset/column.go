package dataset

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"cultured/internal/french"
	"cultured/internal/tabular"
)

// semanticSample is how many different values of a column are asked what they mean; past it, one in thirty-two is.
const semanticSample = 4000

// patternLimit is how many patterns of a column are counted; the others are told together.
const patternLimit = 64

// A gatherer gathers what one column says of itself. Each different value is described once and weighed.
type gatherer struct {
	head    header
	tally   tally
	blank   int64 // cells without anything, or with spaces only
	kinds   [kinds]int64
	flagged [flags]int64
	layouts map[string]int64

	numbers, dates     digest
	numberBatch        []weighed
	dateBatch          []weighed
	sum, squares, base float64 // of numbers; squares of the distance to base
	numbered           int64

	runes    int64
	shortest int
	longest  int
	patterns map[string]int64

	asked   int64 // weight of the values asked what they mean
	askedOf int   // how many different ones
	hits    []int64
	lost    []int64 // values that would pass with the zero they lost

	distinct sketch
	unique   hashSet
	totals   int64 // values that announce a total
	traces   []Trace
	sole     int64 // values that say that a business is one person's
	before   string
	unsorted bool // some value is not after the one before it

	exact, loose []uint64 // hashes of the rows being looked at, 0 for empty cells
}

func newGatherer(name string, limit int, budget *int) *gatherer {
	g := &gatherer{head: newHeader(name), layouts: map[string]int64{}, patterns: map[string]int64{},
		hits: make([]int64, len(meanings)), lost: make([]int64, len(meanings)), shortest: math.MaxInt}
	g.unique.budget = budget
	g.tally = tally{limit: limit, describe: g.describe, fresh: g.fresh, spilled: g.spilled}
	return g
}

// reserve makes room for rows more values, so that add needs nobody else.
func (g *gatherer) reserve(rows int) {
	if g.tally.repeated || g.unique.full {
		g.unique.reserve(0)
		return
	}
	if !g.tally.pruned {
		if !g.tally.mayPrune(rows) {
			return
		}
		rows += len(g.tally.entries)
	}
	g.unique.reserve(rows)
}

// add takes the cells of column at of the rows.
func (g *gatherer) add(rows []tabular.Row, at int) {
	if len(rows) > len(g.exact) {
		g.exact, g.loose = make([]uint64, len(rows)), make([]uint64, len(rows))
	}
	for i := range rows {
		g.exact[i], g.loose[i] = 0, 0
		v := ""
		if at < len(rows[i].Cells) {
			v = rows[i].Cells[at]
		}
		if v == "" {
			g.blank++
			continue
		}
		if !g.unsorted {
			g.unsorted = len(v) < len(g.before) || len(v) == len(g.before) && v <= g.before
			g.before = v
		}
		g.exact[i] = hashText(v)
		g.tally.add(v, g.exact[i])
		g.loose[i] = g.tally.entries[g.tally.last].loose
	}
	g.before = strings.Clone(g.before) // the rows are not ours to keep
}

// spilled starts the estimate of different values, and the proof that none comes twice if none has so far.
func (g *gatherer) spilled(entries []entry) {
	for _, e := range entries {
		g.distinct.add(e.hash)
	}
	if g.tally.repeated {
		g.unique.full = true
		return
	}
	for _, e := range entries {
		if !g.unique.full {
			g.unique.add(e.hash)
		}
	}
}

func (g *gatherer) fresh(hash uint64) {
	g.distinct.add(hash)
	if !g.unique.full && g.unique.add(hash) {
		g.tally.repeated = true
	}
	if g.tally.repeated && !g.unique.full {
		g.unique.drop()
	}
}

// describe takes a value met n times.
func (g *gatherer) describe(v string, hash uint64, n int64) {
	c := describeCell(v)
	g.kinds[c.kind] += n
	for f := flag(0); c.flags>>f != 0; f++ {
		if c.flags.has(f) {
			g.flagged[f] += n
		}
	}
	switch c.kind {
	case kindBlank:
		g.blank += n
		return
	case kindToken:
		return
	case kindInteger, kindNumber:
		g.number(c.number, n)
	case kindDate, kindDateTime, kindMonth:
		if len(g.layouts) < 40 || g.layouts[c.layout] > 0 {
			g.layouts[c.layout] += n
		}
		if c.kind != kindMonth {
			g.dateBatch = append(g.dateBatch, weighed{c.number, float64(n)})
		}
	}
	if c.kind == kindText && french.Total(v) {
		g.totals += n
	}
	g.shape(v, n)
	g.trace(c, hash, n)
	g.mean(c.text, hash, n)
	if len(g.numberBatch) >= 1<<16 || len(g.dateBatch) >= 1<<16 {
		g.feed()
	}
}

func (g *gatherer) feed() {
	g.numbers.feed(g.numberBatch)
	g.dates.feed(g.dateBatch)
	g.numberBatch, g.dateBatch = g.numberBatch[:0], g.dateBatch[:0]
}

func (g *gatherer) number(v float64, n int64) {
	if g.numbered == 0 {
		g.base = v
	}
	w := float64(n)
	g.numbered += n
	g.sum += v * w
	g.squares += (v - g.base) * (v - g.base) * w
	g.numberBatch = append(g.numberBatch, weighed{v, w})
}

// shape counts characters and patterns.
func (g *gatherer) shape(v string, n int64) {
	length := utf8.RuneCountInString(v)
	g.shortest, g.longest = min(g.shortest, length), max(g.longest, length)
	g.runes += int64(length) * n
	var buf [32]byte
	p := pattern(buf[:0], v)
	if p == nil {
		g.patterns[PatternOther] += n
		return
	}
	if count, ok := g.patterns[string(p)]; ok {
		g.patterns[string(p)] = count + n
		return
	}
	if len(g.patterns) >= patternLimit {
		g.patterns[PatternOther] += n
		return
	}
	g.patterns[string(p)] = n
}

// pattern writes the shape of v into buf: a run of capitals is "A", a run of small letters "a", a digit "9", a letter
// of another alphabet "ø"; the rest stands as it is. It returns nil when the shape is longer than buf.
func pattern(buf []byte, v string) []byte {
	var before rune
	for _, r := range v {
		var c rune
		switch {
		case r >= '0' && r <= '9':
			c = '9'
		case r >= 'a' && r <= 'z':
			c = 'a'
		case r >= 'A' && r <= 'Z':
			c = 'A'
		case r < utf8.RuneSelf:
			c = r
		case unicode.IsUpper(r):
			c = 'A'
		case unicode.IsLower(r):
			c = 'a'
		case unicode.IsLetter(r):
			c = 'ø'
		default:
			c = r
		}
		if c == before && (c == 'a' || c == 'A' || c == 'ø') {
			continue
		}
		before = c
		if len(buf)+utf8.RuneLen(max(c, 0)) > cap(buf) {
			return nil
		}
		buf = utf8.AppendRune(buf, c)
	}
	return buf
}

// mean asks a value what it may stand for.
func (g *gatherer) mean(v string, hash uint64, n int64) {
	if g.askedOf >= semanticSample && hash>>59 != 0 {
		return
	}
	g.asked += n
	g.askedOf++
	written := v
	bare, floated := bareCode(written)
	for i := range meanings {
		m := &meanings[i]
		if v = written; floated && m.code {
			v = bare
		}
		if m.check == nil || len(v) < m.sizes[0] || len(v) > m.sizes[1] {
			if len(v) == m.sizes[0]-1 && m.check != nil {
				if _, ok := withZero(m.is, v); ok {
					g.lost[i] += n
				}
			}
			continue
		}
		if hit := m.check(v); hit && floated && m.code {
			g.lost[i] += n
		} else if hit {
			g.hits[i] += n
		} else if _, ok := withZero(m.is, v); ok {
			g.lost[i] += n
		}
	}
}

// values is how many cells hold a value.
func (g *gatherer) values() int64 {
	n := int64(0)
	for k := kindInteger; k < kinds; k++ {
		n += g.kinds[k]
	}
	return n
}

// mainLayout is the most frequent layout of dates, the first in alphabetical order among equals.
func (g *gatherer) mainLayout() string {
	best, most := "", int64(0)
	for l, n := range g.layouts {
		if n > most || n == most && l < best {
			best, most = l, n
		}
	}
	return best
}

// dayFirstSure says whether the days of the column's numeric dates are known to come first: some can only be read so,
// and none can only be read with the month first. ISO dates and months in letters need no proof.
func (g *gatherer) dayFirstSure() bool {
	return g.flagged[flagUSDate] == 0 && (g.flagged[flagDayFirst] > 0 || !g.numericDates())
}

// numericDates says whether some dates are written day/month/year in figures.
func (g *gatherer) numericDates() bool {
	for l := range g.layouts {
		if isNumericLayout(l) {
			return true
		}
	}
	return false
}

func isNumericLayout(layout string) bool {
	return layout != "" && !strings.HasPrefix(layout, "2006") && !strings.Contains(layout, "January") && layout != "01/2006"
}
