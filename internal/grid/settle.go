package grid

import (
	"context"
	"slices"

	"cultured/internal/actor"
	"cultured/internal/dataset"
)

// settle has a sheet stand on the version it should: the current one before anybody edited, and once nothing waits; the one that was kept
// of its operations; else the one they were made on.
func (s *Service) settle(ctx context.Context, by actor.Actor, d dataset.Dataset, sh *sheet) error {
	for range tries {
		base := sh.state.Overlay.Base
		if base == 0 {
			return s.stand(ctx, by, sh, d.Current)
		}
		if err := s.stand(ctx, by, sh, base); err != nil || base >= d.Current {
			return err
		}
		moved, err := s.follow(ctx, by, d, sh)
		if err != nil || !moved {
			return err
		}
	}
	return nil
}

// stand loads the version a sheet is read on.
func (s *Service) stand(ctx context.Context, by actor.Actor, sh *sheet, number int) error {
	if sh.version == number {
		return nil
	}
	_, v, err := s.Data.Past(ctx, by, sh.place.Dataset, number)
	if err != nil {
		return err
	}
	return sh.load(ctx, s.Tables, v)
}

// rebased loads what the state stands on after another replica moved it.
func (s *Service) rebased(ctx context.Context, by actor.Actor, sh *sheet) error {
	return s.stand(ctx, by, sh, sh.state.Overlay.Base)
}

// follow moves a sheet to a later version where nothing is lost by it: the one kept of its operations, or the current one when none waits.
func (s *Service) follow(ctx context.Context, by actor.Actor, d dataset.Dataset, sh *sheet) (bool, error) {
	from := sh.state.Overlay.Base
	var target dataset.Version
	var edits *dataset.Edits
	for number := from + 1; number <= d.Current && edits == nil; number++ {
		_, v, err := s.Data.Past(ctx, by, d.ID, number)
		if err != nil {
			return false, err
		}
		if e := v.Source.Plan.EditsOf(); e != nil && e.From == from && e.Upto >= sh.first() && v.Why == dataset.WhyEdited {
			edits = e
		}
		target = v
	}
	if edits == nil && sh.state.Overlay.Pending() > 0 {
		return false, nil
	}
	before, rows := sh.table, sh.rows
	part, err := s.Tables.Slice(ctx, target.Outcome.Table, 1, 1)
	if err != nil {
		return false, err
	}
	move := Move{From: from, Rows: rows, Now: part.Total, Other: true}
	if target.Outcome.Table == before {
		move.Other = false
	}
	if edits != nil {
		move = moveOf(edits, rows, part.Total)
	}
	err = s.append(ctx, sh, keyOf(target.Number), func() (Op, error) {
		if sh.state.Overlay.Base != from || edits == nil && sh.state.Overlay.Pending() > 0 {
			return Op{}, nil // somebody was faster
		}
		return sh.state.Rebased(target.Number, move, s.Now()), nil
	})
	s.wake(sh.place.Dataset)
	return sh.state.Overlay.Base != from, err
}

// first is the operation that began what a sheet stands on.
func (sh *sheet) first() int64 {
	if len(sh.state.Ops) == 0 {
		return 0
	}
	return sh.state.Ops[0].Seq
}

// moveOf says where the rows of a version kept come from.
func moveOf(e *dataset.Edits, rows, now int64) Move {
	m := Move{From: e.From, Upto: e.Upto, Rows: rows, Now: now}
	m.Removed, m.Last = slices.Clone(e.Removed), e.Last
	for _, a := range e.Added {
		m.Added = append(m.Added, a.ID)
	}
	return m
}
