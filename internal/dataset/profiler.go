package dataset

import (
	"math/bits"
	"slices"

	"cultured/internal/tabular"
)

// A Profiler makes the profile of a table in one reading and in bounded memory: about 3 MB a column for tables of up to
// 32 columns, less for wider ones, and 100 MB at most to know which rows and keys come twice. It is not safe for
// concurrent use.
type Profiler struct {
	names   []string // unique
	source  []string
	columns []*gatherer
	profile Profile
	rows    hashSet
	twice   []uint64 // hashes of rows met twice, up to twiceLimit
	budget  int
	extent  extent
	related relations
	pairs   []*keyPair
	nested  []*nesting
	near    hashSet  // of rows, as nearHash tells them apart
	similar []uint64 // of these, those met again in a row that is not the same, up to twiceLimit
	aside   []bool   // columns that number the rows
	links   []*link  // once finished
}

// twiceLimit is how many different duplicated rows are told apart.
const twiceLimit = 1 << 20

// tallyEntries is how many different values the columns of a table keep, together.
const tallyEntries = 1 << 21

// NewProfiler starts a profile of a table with the header.
func NewProfiler(header []string) *Profiler {
	p := &Profiler{names: UniqueNames(header), source: slices.Clone(header), budget: hashBudget}
	limit := min(1<<16, max(64, tallyEntries/max(len(header), 1)))
	for _, n := range p.names {
		p.columns = append(p.columns, newGatherer(n, limit, &p.budget))
	}
	p.rows.budget, p.near.budget = &p.budget, &p.budget
	p.extent = newExtent(p.columns)
	return p
}

// Add takes the next rows; cells beyond the header are ignored. The rows are not kept. Processors share the columns: what
// comes out is the same however many there are, because sets only grow between two calls, in the order of the columns.
func (p *Profiler) Add(rows []tabular.Row) {
	first := p.profile.Rows == 0
	p.profile.Rows += int64(len(rows))
	p.rows.reserve(len(rows))
	p.near.reserve(len(rows))
	for _, g := range p.columns {
		g.reserve(len(rows))
	}
	share(len(p.columns), len(rows), func(task int) { p.columns[task].add(rows, task) })
	if first {
		p.related.choose(rows, p.columns)
		p.pairs = choosePairs(rows, p.columns, &p.budget)
		p.aside = numbering(rows, p.columns)
		p.nested = nestings(rows, p.columns)
	}
	for _, k := range p.pairs {
		k.seen.reserve(len(rows))
	}
	rulers := len(p.related.rulers)
	keyed := rulers + len(p.pairs)
	share(1+keyed+len(p.nested), len(rows), func(task int) {
		switch task--; {
		case task < 0:
			p.addRows(rows)
		case task < rulers:
			p.related.rulers[task].add(len(rows), p.columns)
		case task < keyed:
			p.pairs[task-rulers].add(len(rows), p.columns)
		default:
			p.nested[task-keyed].add(rows)
		}
	})
	p.related.prune()
	p.pairs = slices.DeleteFunc(p.pairs, func(k *keyPair) bool { return k.seen.full })
}

// addRows looks at what only whole rows tell.
func (p *Profiler) addRows(rows []tabular.Row) {
	for i, r := range rows {
		if r.Width != len(p.columns) {
			p.profile.RaggedRows++
		}
		if isBlankRow(r.Cells) {
			p.profile.EmptyRows++
			continue
		}
		p.extent.add(r.Cells)
		if p.rows.full {
			continue
		}
		row, near, filled := uint64(0), uint64(0), 0
		for c, g := range p.columns {
			row = nextHash(row, g.exact[i])
			if !p.aside[c] {
				near = nextHash(near, g.loose[i])
				filled += min(int(g.loose[i]>>1), 1)
			}
		}
		p.compare(row, near, filled)
	}
}

// compare looks for rows the same as this one, or nearly.
func (p *Profiler) compare(row, near uint64, filled int) {
	again := p.rows.add(row)
	if again {
		p.profile.DuplicateRows++
		if len(p.twice) < twiceLimit {
			p.twice = append(p.twice, row)
		}
	}
	if filled >= nearCells && !p.near.full && p.near.add(near) && !again {
		p.profile.SimilarRows++
		if len(p.similar) < twiceLimit {
			p.similar = append(p.similar, near)
		}
	}
}

// nextHash adds the hash of the next cell to that of a row; 0 for an empty cell.
func nextHash(row, cell uint64) uint64 { return bits.RotateLeft64(row, 7)*0x9fb21c651e98df25 ^ cell }

// rowHash is the hash of the cells of a row.
func rowHash(cells []string, columns int) uint64 {
	row := uint64(0)
	for i := range columns {
		cell := uint64(0)
		if i < len(cells) && cells[i] != "" {
			cell = hashText(cells[i])
		}
		row = nextHash(row, cell)
	}
	return row
}

func isBlankRow(cells []string) bool {
	for _, v := range cells {
		for _, r := range v {
			if !isBlank(r) {
				return false
			}
		}
	}
	return true
}

// Finish ends the reading and returns the profile.
func (p *Profiler) Finish() Profile {
	slug := slugs(p.names)
	p.profile.Columns = make([]ColumnProfile, len(p.columns))
	for i, g := range p.columns {
		g.tally.flush()
		g.feed()
		c := g.profile(p.profile.Rows)
		c.Position, c.Name, c.Source, c.Slug = i, p.names[i], p.source[i], slug[i]
		if c.Unique && c.Missing == 0 && p.profile.Rows > 1 && !isMeasure(c) && !g.quantity(c, p.profile.Rows) {
			p.profile.Keys = append(p.profile.Keys, c.Name)
		}
		p.profile.Columns[i] = c
		if c.Unique && c.Missing == 0 {
			p.rows.full, p.profile.DuplicateRows, p.twice = false, 0, nil // no row is the same as another
		}
	}
	p.profile.DuplicatesExact = !p.rows.full
	if p.profile.SimilarRows > max(nearRows, p.profile.Rows/100) {
		p.profile.SimilarRows, p.similar = 0, nil // it is how the data is
	}
	p.relate()
	settlePrivacy(p.profile.Columns, p.columns)
	p.extent.finish(&p.profile, p.columns)
	return p.profile
}

// relate tells what columns tell together.
func (p *Profiler) relate() {
	p.links = p.related.links(&p.profile, p.columns)
	for _, l := range p.links {
		if l.Kind != RelationCode {
			p.profile.Relations = append(p.profile.Relations, l.Relation)
		}
	}
	if len(p.profile.Keys) > 0 {
		return
	}
	for _, k := range p.pairs {
		if p.profile.Columns[k.a].Missing == 0 && p.profile.Columns[k.b].Missing == 0 {
			p.profile.KeyPairs = append(p.profile.KeyPairs, [2]string{p.names[k.a], p.names[k.b]})
		}
	}
}

// quantity says whether whole numbers that are all different are so by chance: no code by name, not in front, and not one
// after the other.
func (g *gatherer) quantity(c ColumnProfile, rows int64) bool {
	return c.Type == TypeInteger && c.Position > 0 && !g.head.isCodeName() && !g.head.holds(officialNames) && c.Numbers != nil &&
		c.Numbers.Max-c.Numbers.Min >= 2*float64(rows)
}

// isMeasure says whether unique values are so by chance: decimals, amounts, places, long texts.
func isMeasure(c ColumnProfile) bool {
	switch c.Semantic {
	case SemanticMoney, SemanticPercent, SemanticLatitude, SemanticLongitude, SemanticPoint, SemanticGeoJSON, SemanticLambertX, SemanticLambertY:
		return true
	}
	return c.Type == TypeNumber || c.Lengths.Mean > 80
}
