package grid

import (
	"slices"
	"time"
)

// Rebased is the operation that has the state stand on another version, whose rows a move tells: what the version does not hold yet goes
// with it, and what has no row there is in its Conflicts.
func (s *State) Rebased(version int, m Move, at time.Time) Op {
	op := Op{Kind: Rebase, At: at, Base: version, Move: &m}
	then, now := s.At(m.Upto), s.Overlay
	if m.Upto == 0 {
		then = NewOverlay(now.Base, now.Rows)
	}
	for _, row := range now.Added {
		if row > m.Last && !slices.Contains(m.Added, row) && !now.Gone(row) {
			op.Added = append(op.Added, m.Row(row))
		}
	}
	for _, row := range sortedRows(now, then) {
		if now.Gone(row) {
			continue
		}
		for _, column := range sortedColumns(now.Cells[row], then.Cells[row]) {
			was := now.Cells[row][column].Was
			if c, ok := then.Cells[row][column]; ok {
				was = c.Was
			}
			before, after := then.Value(row, column, was), now.Value(row, column, was)
			if before == after {
				continue
			}
			if target := m.Row(row); target != 0 {
				op.Changes = append(op.Changes, Change{target, column, before, after})
			} else {
				op.Conflicts = append(op.Conflicts, Conflict{Row: row, Column: column, Reason: ReasonGone, Seen: before, Wanted: after, Seq: now.Cells[row][column].Seq})
			}
		}
	}
	for _, row := range sortedKeys(now.Removed) {
		if target := m.Row(row); target != 0 && target <= m.Now {
			op.Removed = append(op.Removed, target)
		}
	}
	for _, row := range sortedKeys(then.Removed) {
		if !now.Gone(row) { // it came back after the version was made without it
			op.Conflicts = append(op.Conflicts, Conflict{Row: row, Reason: ReasonGone})
		}
	}
	return op
}
