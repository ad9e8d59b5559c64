package grid

import (
	"context"
	"slices"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
)

// A Comparison is what tells two versions of a dataset apart, row by row. Counts are of everything; lists hold the first ones.
type Comparison struct {
	From, To       dataset.Version
	Keys           []string // columns whose values say which row is which; none: their numbers do
	Exact          bool     // the later is made of edits of the earlier: each row is known
	Added, Removed []RowDiff
	Changed        []CellDiff
	AddedRows      int
	RemovedRows    int
	ChangedCells   int
	ChangedRows    int
	NewColumns     []string
	GoneColumns    []string
}

// A RowDiff is a row that only one of two versions has.
type RowDiff struct {
	Row int64  // in the table of the version that has it
	Key string // what tells it from the others, "" for nothing
}

// A CellDiff is a cell that two versions hold otherwise.
type CellDiff struct {
	Row           int64 // in the table of the later
	Key           string
	Column        string
	Before, After string
}

const (
	compareCells = 3_000_000 // of the earlier version, held while two are compared
	compareShown = 200       // of each list
)

// Compare says what changed from one version of a dataset to another, by key where the later has one, else by number. by must see the
// dataset in its own right. Faults: those of [dataset.Service.Find]; Denied "dataset.not_yours"; NotFound for a version that is none;
// TooLarge "grid.compare_large".
func (s *Service) Compare(ctx context.Context, by actor.Actor, id ID, from, to int) (c Comparison, err error) {
	defer fault.Wrap(&err, "grid.Compare(%s, %d, %d)", id, from, to)
	if _, err = s.owned(ctx, by, id); err != nil {
		return c, err
	}
	if _, c.From, err = s.Data.Past(ctx, by, id, from); err != nil {
		return c, err
	}
	if _, c.To, err = s.Data.Past(ctx, by, id, to); err != nil {
		return c, err
	}
	before, columns, err := s.whole(ctx, c.From)
	if err != nil {
		return c, err
	}
	first, err := s.Tables.Slice(ctx, c.To.Outcome.Table, 1, 1)
	if err != nil {
		return c, err
	}
	m := &match{c: &c, before: before, columns: columns, after: first.Columns, used: make([]bool, len(before))}
	m.begin(first.Total)
	for next := int64(1); next <= first.Total; next += sliceRows {
		part, err := s.Tables.Slice(ctx, c.To.Outcome.Table, next, sliceRows)
		if err != nil {
			return c, err
		}
		for i, cells := range part.Rows {
			m.row(next+int64(i), cells)
		}
	}
	m.end()
	return c, nil
}

// whole reads a table whole. Faults: TooLarge "grid.compare_large".
func (s *Service) whole(ctx context.Context, v dataset.Version) (rows [][]string, columns []dataset.StorageColumn, err error) {
	for next, total := int64(1), int64(1); next <= total; next += sliceRows {
		part, err := s.Tables.Slice(ctx, v.Outcome.Table, next, sliceRows)
		if err != nil {
			return nil, nil, err
		}
		columns, total = part.Columns, part.Total
		if total*int64(len(columns)) > compareCells {
			return nil, nil, fault.New(fault.TooLarge, "grid.compare_large", compareCells)
		}
		rows = append(rows, part.Rows...)
	}
	return rows, columns, nil
}

// A match compares the rows of a later version with those of an earlier one.
type match struct {
	c       *Comparison
	before  [][]string
	columns []dataset.StorageColumn // of the earlier
	after   []dataset.StorageColumn // of the later
	shared  [][2]int                // places of the columns both have: earlier, later
	used    []bool
	move    *Move
	rows    map[string][]int // of the earlier, by key
}

func (m *match) begin(total int64) {
	for i, c := range m.after {
		if at := slices.IndexFunc(m.columns, func(b dataset.StorageColumn) bool { return b.Name == c.Name }); at >= 0 {
			m.shared = append(m.shared, [2]int{at, i})
		} else {
			m.c.NewColumns = append(m.c.NewColumns, c.Name)
		}
	}
	for _, b := range m.columns {
		if !slices.ContainsFunc(m.after, func(c dataset.StorageColumn) bool { return c.Name == b.Name }) {
			m.c.GoneColumns = append(m.c.GoneColumns, b.Name)
		}
	}
	if e := m.c.To.Source.Plan.EditsOf(); e != nil && e.From == m.c.From.Number {
		move := moveOf(e, int64(len(m.before)), total)
		m.move, m.c.Exact = &move, true
	}
	keys := keyColumns(m.c.To)
	for _, k := range keys {
		if slices.Contains(m.c.GoneColumns, k) || slices.Contains(m.c.NewColumns, k) {
			return
		}
	}
	m.c.Keys = keys
	if len(keys) == 0 || m.move != nil {
		return
	}
	m.rows = make(map[string][]int, len(m.before))
	for i, cells := range m.before {
		k := key(m.columns, cells, keys)
		m.rows[k] = append(m.rows[k], i)
	}
}

// origin is the place in the earlier version of a row of the later, -1 for none.
func (m *match) origin(row int64, cells []string) int {
	switch {
	case m.move != nil:
		if at := m.move.Origin(row); at >= 1 && at <= int64(len(m.before)) {
			return int(at - 1)
		}
	case m.rows != nil:
		k := key(m.after, cells, m.c.Keys)
		if same := m.rows[k]; len(same) > 0 {
			m.rows[k] = same[1:]
			return same[0]
		}
	case row <= int64(len(m.before)):
		return int(row - 1)
	}
	return -1
}

func (m *match) row(row int64, cells []string) {
	at := m.origin(row, cells)
	if at < 0 {
		if m.c.AddedRows++; len(m.c.Added) < compareShown {
			m.c.Added = append(m.c.Added, RowDiff{row, said(m.after, cells, m.c.Keys)})
		}
		return
	}
	m.used[at] = true
	changed := false
	for _, p := range m.shared {
		before, after := m.before[at][p[0]], cells[p[1]]
		if before == after {
			continue
		}
		changed = true
		if m.c.ChangedCells++; len(m.c.Changed) < compareShown {
			m.c.Changed = append(m.c.Changed, CellDiff{row, said(m.after, cells, m.c.Keys), m.after[p[1]].Name, before, after})
		}
	}
	if changed {
		m.c.ChangedRows++
	}
}

// end lists the rows of the earlier version that the later has not.
func (m *match) end() {
	for i, used := range m.used {
		if used {
			continue
		}
		if m.c.RemovedRows++; len(m.c.Removed) < compareShown {
			m.c.Removed = append(m.c.Removed, RowDiff{int64(i + 1), said(m.columns, m.before[i], m.c.Keys)})
		}
	}
}

// said is what tells a row apart, for people.
func said(columns []dataset.StorageColumn, cells []string, keys []string) string {
	var parts []string
	for i, c := range columns {
		if slices.Contains(keys, c.Name) && i < len(cells) {
			parts = append(parts, cells[i])
		}
	}
	return strings.Join(parts, ", ")
}
