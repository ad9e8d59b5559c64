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
	p.rows.budget = &p.budget
	p.extent = newExtent(p.columns)
	return p
}

// Add takes the next rows; cells beyond the header are ignored. The rows are not kept. Processors share the columns: what
// comes out is the same however many there are, because sets only grow between two calls, in the order of the columns.
func (p *Profiler) Add(rows []tabular.Row) {
	p.profile.Rows += int64(len(rows))
	p.rows.reserve(len(rows))
	for _, g := range p.columns {
		g.reserve(len(rows))
	}
	share(1+len(p.columns), len(rows), func(task int) {
		if task == 0 {
			p.addRows(rows)
			return
		}
		p.columns[task-1].add(rows, task-1)
	})
}

// addRows looks at what only whole rows tell.
func (p *Profiler) addRows(rows []tabular.Row) {
	for _, r := range rows {
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
		row := rowHash(r.Cells, len(p.columns))
		if p.rows.add(row) {
			p.profile.DuplicateRows++
			if len(p.twice) < twiceLimit {
				p.twice = append(p.twice, row)
			}
		}
	}
}

// rowHash is the hash of the cells of a row.
func rowHash(cells []string, columns int) uint64 {
	row := uint64(0)
	for i := range columns {
		row = bits.RotateLeft64(row, 7) * 0x9fb21c651e98df25
		if i < len(cells) && cells[i] != "" {
			row ^= hashText(cells[i])
		}
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
		if c.Unique && c.Missing == 0 && p.profile.Rows > 1 && !isMeasure(c) {
			p.profile.Keys = append(p.profile.Keys, c.Name)
		}
		p.profile.Columns[i] = c
		if c.Unique && c.Missing == 0 {
			p.rows.full, p.profile.DuplicateRows, p.twice = false, 0, nil // no row is the same as another
		}
	}
	p.profile.DuplicatesExact = !p.rows.full
	settlePrivacy(p.profile.Columns, p.columns)
	p.extent.finish(&p.profile, p.columns)
	return p.profile
}

// isMeasure says whether unique values are so by chance: decimals, amounts, places, long texts.
func isMeasure(c ColumnProfile) bool {
	switch c.Semantic {
	case SemanticMoney, SemanticPercent, SemanticLatitude, SemanticLongitude, SemanticPoint, SemanticGeoJSON, SemanticLambertX, SemanticLambertY:
		return true
	}
	return c.Type == TypeNumber || c.Lengths.Mean > 80
}
