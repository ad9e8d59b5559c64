package dataset

import (
	"math/bits"
	"slices"
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

// Add takes one row; cells beyond the header are ignored. width is the number of cells in the source.
func (p *Profiler) Add(cells []string, width int) {
	p.profile.Rows++
	if width != len(p.columns) {
		p.profile.RaggedRows++
	}
	row, blank := uint64(0), 0
	for i := range p.columns {
		v := ""
		if i < len(cells) {
			v = cells[i]
		}
		row = bits.RotateLeft64(row, 7) * 0x9fb21c651e98df25
		if v == "" {
			p.columns[i].blank++
			blank++
			continue
		}
		h := hashText(v)
		row ^= h
		p.columns[i].tally.add(v, h)
	}
	if blank == len(p.columns) || blank > 0 && isBlankRow(cells) {
		p.profile.EmptyRows++
		return
	}
	p.extent.add(cells)
	if p.rows.full {
		return
	}
	if p.rows.add(row) {
		p.profile.DuplicateRows++
		if len(p.twice) < twiceLimit {
			p.twice = append(p.twice, row)
		}
	}
}

// rowHash is the hash of a row as Add makes it.
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
	p.profile.DuplicatesExact = !p.rows.full
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
	}
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
