package grid

import (
	"context"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// Table is the table of a view, to be read.
func (v View) Table() Table {
	t := Table{Dataset: v.Dataset, Version: v.Version}
	if v.Overlay.Seq > 0 {
		t.Overlay = v.Overlay
	}
	return t
}

// Count is how many rows the table of a view has now.
func (v View) Count() int64 {
	return v.Overlay.Rows + int64(len(v.Overlay.Added)) - int64(len(v.Overlay.Removed))
}

// marks are the cells that open proposals would change, as of an operation.
type marks struct {
	seq   int64
	open  int
	cells map[int64]map[string]bool
}

// marks says which cells wait for a decision: the same for everybody until something changes.
func (sh *sheet) marks() *marks {
	if sh.waiting != nil && sh.waiting.seq == sh.state.Overlay.Seq {
		return sh.waiting
	}
	m := &marks{seq: sh.state.Overlay.Seq, cells: map[int64]map[string]bool{}}
	for _, p := range sh.state.Waiting() {
		m.open++
		for _, c := range p.Changes {
			if c.Row < 1 {
				continue
			}
			if m.cells[c.Row] == nil {
				m.cells[c.Row] = map[string]bool{}
			}
			m.cells[c.Row][c.Column] = true
		}
	}
	sh.waiting = m
	return m
}

// A Wait is what waits on a grid.
type Wait struct {
	Pending   int  // cells and rows that no version holds yet
	Proposals int  // to decide
	Stale     bool // another version was made elsewhere meanwhile
}

// Waits says what waits on the grid of a dataset that by may see; nothing for whom the catalogue alone shows it. It costs little where
// nobody ever edited. Faults: those of [dataset.Service.Find].
func (s *Service) Waits(ctx context.Context, by actor.Actor, id ID) (w Wait, err error) {
	defer fault.Wrap(&err, "grid.Waits(%s)", id)
	d, err := s.Data.Find(ctx, by, id)
	if err != nil || !d.MaySee(by) {
		return w, err
	}
	first, err := s.Log.After(ctx, Place{d.Organisation, d.ID}, 0, 1)
	if err != nil || len(first) == 0 {
		return w, err
	}
	v, err := s.Read(ctx, by, id)
	if err != nil {
		return w, err
	}
	return Wait{v.Overlay.Pending(), v.Waiting, v.Stale}, nil
}
