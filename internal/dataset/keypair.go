package dataset

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"cultured/internal/tabular"
)

// A keyPair is two columns that may tell every row apart together, while rows go by.
type keyPair struct {
	a, b int
	seen hashSet
}

// Bounds of the search: rows that make a pair likely, columns combined, pairs followed to the end.
const (
	keyPairRows    = 16
	keyPairColumns = 10
	keyPairLimit   = 3
)

// choosePairs picks the pairs to follow from the first rows, already given to the columns: none when one column is enough.
// Quantities are left aside: they tell rows apart by chance.
func choosePairs(rows []tabular.Row, columns []*gatherer, budget *int) []*keyPair {
	if len(rows) < keyPairRows {
		return nil
	}
	var pool []int
	for i, g := range columns {
		if slices.Contains(g.exact[:len(rows)], 0) || !mayIdentify(g.head, rows, i) {
			continue
		}
		if !g.tally.repeated {
			return nil
		}
		if len(g.tally.entries) > 1 {
			pool = append(pool, i)
		}
	}
	slices.SortStableFunc(pool, func(a, b int) int { return cmp.Compare(len(columns[b].tally.entries), len(columns[a].tally.entries)) })
	pool = pool[:min(len(pool), keyPairColumns)]
	var out []*keyPair
	for i, a := range pool {
		for _, b := range pool[i+1:] {
			p := &keyPair{a: min(a, b), b: max(a, b)}
			p.seen.budget = budget
			if p.unique(len(rows), columns) && len(out) < keyPairLimit {
				out = append(out, &keyPair{a: p.a, b: p.b, seen: hashSet{budget: budget}})
			}
			if !p.seen.full {
				p.seen.drop()
			}
			p.seen.reserve(0) // gives the budget back
		}
	}
	return out
}

// unique says whether no two of the first n rows share both values.
func (p *keyPair) unique(n int, columns []*gatherer) bool {
	p.seen.reserve(n)
	p.add(n, columns)
	return !p.seen.full
}

// add takes the n rows that the columns hold; the set is full as soon as two are the same, or some value is missing.
func (p *keyPair) add(n int, columns []*gatherer) {
	if p.seen.full {
		return
	}
	a, b := columns[p.a].exact[:n], columns[p.b].exact[:n]
	for i := range a {
		if a[i] == 0 || b[i] == 0 || p.seen.add(bits.RotateLeft64(a[i], 23)*0x9fb21c651e98df25^b[i]) {
			p.seen.drop()
			return
		}
	}
}

// mayIdentify says whether a column may be part of a key: texts, codes, days and years, no quantity, no long text.
func mayIdentify(h header, rows []tabular.Row, column int) bool {
	named := h.isCodeName() || h.holds(officialNames)
	size := 0
	for _, r := range rows[:min(len(rows), traitRows)] {
		if column >= len(r.Cells) {
			return false
		}
		v := r.Cells[column]
		size += len(v)
		if c := describeCell(v); c.kind == kindNumber || c.kind == kindInteger && !named && !isYear(strings.TrimSpace(v)) {
			return false
		}
	}
	return size <= 60*min(len(rows), traitRows)
}
