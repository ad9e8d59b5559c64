package grid

import (
	"context"
	"slices"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
)

// presentFor is how long somebody is there without saying so again.
const presentFor = time.Minute

// Topic is what moves when the grid of a dataset does.
func Topic(id dataset.ID) string { return "grid " + string(id) }

// Since lists the operations of a log after a number, at most limit. Faults: those of [dataset.Service.Find]; Denied "dataset.not_yours" for
// whom the catalogue alone shows the dataset: what was there before may have been taken out before it was shared.
func (s *Service) Since(ctx context.Context, by actor.Actor, id dataset.ID, after int64, limit int) (_ []Op, err error) {
	defer fault.Wrap(&err, "grid.Since(%s)", id)
	d, err := s.owned(ctx, by, id)
	if err != nil {
		return nil, err
	}
	return s.Log.After(ctx, Place{d.Organisation, d.ID}, after, limit)
}

// owned returns a dataset that by may see in its own right.
func (s *Service) owned(ctx context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, error) {
	d, err := s.Data.Find(ctx, by, id)
	if err == nil && !d.MaySee(by) {
		err = fault.New(fault.Denied, "dataset.not_yours")
	}
	return d, err
}

// Stand says on which cell by is; row 0 is none. Faults: as [Service.Since].
func (s *Service) Stand(ctx context.Context, by actor.Actor, id dataset.ID, row int64, column string) (err error) {
	defer fault.Wrap(&err, "grid.Stand(%s)", id)
	d, err := s.owned(ctx, by, id)
	if err != nil {
		return err
	}
	if len(column) > 1000 || row < 0 {
		return fault.New(fault.Invalid, "grid.unknown_operation")
	}
	err = s.Log.Stand(ctx, Place{d.Organisation, d.ID}, Presence{Person: by.ID, Name: by.Name, Row: row, Column: column, At: s.Now()})
	s.wake(id)
	return err
}

// Here lists who else looks at a grid now, by name; nobody for whom the catalogue alone shows the dataset. Faults: those of
// [dataset.Service.Find].
func (s *Service) Here(ctx context.Context, by actor.Actor, id dataset.ID) (here []Presence, err error) {
	defer fault.Wrap(&err, "grid.Here(%s)", id)
	d, err := s.Data.Find(ctx, by, id)
	if err != nil || !d.MaySee(by) {
		return nil, err
	}
	_, here, err = s.Log.Here(ctx, Place{d.Organisation, d.ID}, s.Now().Add(-presentFor))
	return slices.DeleteFunc(here, func(p Presence) bool { return p.Person == by.ID }), err
}

// Leave says that by looks at a grid no more. What is wrong with it does not matter: whoever says nothing is forgotten.
func (s *Service) Leave(ctx context.Context, by actor.Actor, id dataset.ID) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := s.Log.Leave(ctx, Place{by.Organisation, id}, by.ID, s.Now().Add(-presentFor)); err == nil {
		s.wake(id)
	}
}

func (s *Service) wake(id dataset.ID) {
	if s.Wake != nil {
		s.Wake(id)
	}
}

// Watch gives look the log as it is now of a grid that somebody saw, in nobody's name: Dataset and Version are those seen. It returns a
// number that grows with each operation and each move of somebody, and who is there.
func (s *Service) Watch(ctx context.Context, seen View, look func(View) error) (pulse int64, here []Presence, err error) {
	defer fault.Wrap(&err, "grid.Watch(%s)", seen.Dataset.ID)
	place := Place{seen.Dataset.Organisation, seen.Dataset.ID}
	// The number first: what is read afterwards is at least as new, and what comes meanwhile is told under the next.
	if pulse, here, err = s.Log.Here(ctx, place, s.Now().Add(-presentFor)); err != nil {
		return 0, nil, err
	}
	by := actor.Actor{ID: "grid", Organisation: place.Organisation, Roles: []actor.Role{actor.Steward}} // nobody: whoever watches saw it
	d, err := s.Data.Find(ctx, by, place.Dataset)
	if err != nil {
		return 0, nil, err
	}
	sh, done, err := s.open(ctx, by, d)
	if err != nil {
		return 0, nil, err
	}
	defer done()
	v := seen
	v.State, v.Overlay, v.Stale, v.Waiting = sh.state, sh.state.Overlay, sh.version != d.Current, sh.marks().open
	if sh.state.Overlay.Base == 0 {
		v.Overlay = NewOverlay(sh.version, sh.rows)
	}
	return pulse, here, look(v)
}

// Author is the name of who did an operation since the base, "" when it is not one of those.
func (s *State) Author(seq int64) string {
	op, _ := s.op(seq)
	return op.Name
}
