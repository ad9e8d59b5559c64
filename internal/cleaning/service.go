package cleaning

import (
	"context"
	"slices"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/recipe"
	"cultured/internal/tabular"
)

// Drafts keeps drafts.
type Drafts interface {
	// Find returns a draft, an empty one of revision 0 when there is none.
	Find(ctx context.Context, by actor.Actor, of string) (Draft, error)
	// Change rewrites a draft, or makes it. fn may run more than once, so it must be pure.
	Change(ctx context.Context, by actor.Actor, of string, fn func(*Draft) error) (Draft, error)
	// Forget removes what somebody wrote.
	Forget(ctx context.Context, organisation, person string) error
}

// Data is what this room asks of the datasets.
type Data interface {
	// Current returns a dataset that by may see, and its current version.
	Current(ctx context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, dataset.Version, error)
	// ForChange returns a dataset that by may change.
	ForChange(ctx context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, error)
	// Versions lists the versions of a dataset that by may see, the latest first.
	Versions(ctx context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, []dataset.Version, error)
	// Reread opens a version of a dataset of an organisation as a recipe added to it would meet it.
	Reread(ctx context.Context, organisation string, v dataset.Version) (tabular.Table, error)
	// Kitchen is what recipes of by work with.
	Kitchen(ctx context.Context, by actor.Actor) recipe.Kitchen
	// Revise gives a dataset another source.
	Revise(ctx context.Context, by actor.Actor, of dataset.ID, why string, change func(*dataset.Source) error) (dataset.Check, error)
}

// A Place is what a service said of an address.
type Place = recipe.Place

// A Service is the room's front desk.
type Service struct {
	Drafts Drafts
	Book   Book
	Data   Data
	Now    func() time.Time
}

// A Seen is a draft as somebody saw it.
type Seen struct {
	Dataset  dataset.ID
	Revision int
}

// A Bench is a dataset with what somebody is writing over it.
type Bench struct {
	Dataset dataset.Dataset
	Version dataset.Version
	Draft   Draft
	May     bool // apply it
	kitchen recipe.Kitchen
	reread  func() (tabular.Table, error)
}

// Open returns the bench of a dataset. A draft whose version exists by now is cleared: the next one starts on it.
// Faults: those of [dataset.Service.Find].
func (s *Service) Open(ctx context.Context, by actor.Actor, of dataset.ID) (_ Bench, err error) {
	defer fault.Wrap(&err, "cleaning.Open(%s)", of)
	d, v, err := s.Data.Current(ctx, by, of)
	if err != nil {
		return Bench{}, err
	}
	b := Bench{Dataset: d, Version: v, May: d.MayChange(by), kitchen: s.Data.Kitchen(ctx, by), reread: func() (tabular.Table, error) { return s.Data.Reread(ctx, by.Organisation, v) }}
	if b.Draft, err = s.Drafts.Find(ctx, by, string(of)); err != nil || b.Draft.Sent == "" || d.Pending != nil {
		return b, err
	}
	b.Draft, err = s.Drafts.Change(ctx, by, string(of), func(draft *Draft) error {
		if draft.Sent == "" {
			return nil
		}
		if draft.landed(v) {
			draft.Steps, draft.Before = nil, nil
		}
		draft.Sent = ""
		return nil
	})
	return b, err
}

// change rewrites the draft of by from the state they saw. Faults: Conflict "cleaning.draft_changed", "cleaning.being_applied".
func (s *Service) change(ctx context.Context, by actor.Actor, seen Seen, fn func(*Draft) error) error {
	b, err := s.Open(ctx, by, seen.Dataset)
	if err != nil {
		return err
	}
	if b.Draft.Sent != "" && b.Dataset.Pending != nil && b.Dataset.Pending.State == dataset.Running {
		return fault.New(fault.Conflict, "cleaning.being_applied")
	}
	_, err = s.Drafts.Change(ctx, by, string(seen.Dataset), func(d *Draft) error {
		if d.Revision != seen.Revision {
			return fault.New(fault.Conflict, "cleaning.draft_changed")
		}
		return fn(d)
	})
	return err
}

// Put adds a step at the end of the draft, or in the place of the one at, counted from 0; below 0 is the end. A step that does not fit
// where it stands is refused. Faults: those of the step, of [Service.Open]; Conflict "cleaning.draft_changed".
func (s *Service) Put(ctx context.Context, by actor.Actor, seen Seen, at int, step recipe.Step) (err error) {
	defer fault.Wrap(&err, "cleaning.Put(%s)", seen.Dataset)
	b, err := s.Open(ctx, by, seen.Dataset)
	if err != nil {
		return err
	}
	steps := slices.Clone(b.Draft.Steps)
	if at < 0 || at >= len(steps) {
		at = len(steps)
	}
	before := steps[:at]
	if err := s.learn(b, before, step); err != nil {
		return err
	}
	if at == len(steps) {
		steps = append(steps, step)
	} else {
		steps[at] = step
	}
	if _, err := s.cook(b, steps[:at+1]); err != nil {
		return err
	}
	return s.change(ctx, by, seen, func(d *Draft) error { return d.Write(steps) })
}

// Edit changes the steps of a draft as a whole: removes, moves. Faults: those of [Service.Open]; Conflict "cleaning.draft_changed".
func (s *Service) Edit(ctx context.Context, by actor.Actor, seen Seen, fn func(recipe.Recipe) recipe.Recipe) (err error) {
	defer fault.Wrap(&err, "cleaning.Edit(%s)", seen.Dataset)
	return s.change(ctx, by, seen, func(d *Draft) error {
		if steps := fn(d.Steps); !same(steps, d.Steps) {
			return d.Write(steps)
		}
		return nil
	})
}

// Undo takes a draft back to the state before. Faults: Conflict "cleaning.nothing_to_undo", "cleaning.draft_changed".
func (s *Service) Undo(ctx context.Context, by actor.Actor, seen Seen) (err error) {
	defer fault.Wrap(&err, "cleaning.Undo(%s)", seen.Dataset)
	return s.change(ctx, by, seen, (*Draft).Undo)
}

// Apply makes the draft the next version of its dataset, once examined. Steps that do not fit are refused at once; what only the rows
// tell fails the change, and the draft stays. Faults: Conflict "cleaning.no_step"; those of [recipe.Cook], of [dataset.Service.Revise].
func (s *Service) Apply(ctx context.Context, by actor.Actor, seen Seen) (_ dataset.Check, err error) {
	defer fault.Wrap(&err, "cleaning.Apply(%s)", seen.Dataset)
	if _, err := s.Data.ForChange(ctx, by, seen.Dataset); err != nil {
		return dataset.Check{}, err
	}
	b, err := s.Open(ctx, by, seen.Dataset)
	switch {
	case err != nil:
		return dataset.Check{}, err
	case b.Draft.Revision != seen.Revision:
		return dataset.Check{}, fault.New(fault.Conflict, "cleaning.draft_changed")
	case len(b.Draft.Steps) == 0:
		return dataset.Check{}, fault.New(fault.Conflict, "cleaning.no_step")
	}
	if _, err := s.cook(b, b.Draft.Steps); err != nil {
		return dataset.Check{}, err
	}
	_, err = s.Drafts.Change(ctx, by, string(seen.Dataset), func(d *Draft) error {
		if d.Revision != seen.Revision {
			return fault.New(fault.Conflict, "cleaning.draft_changed")
		}
		d.Sent, d.Since = sending, b.Version.Number
		return nil
	})
	if err != nil {
		return dataset.Check{}, err
	}
	c, err := s.Data.Revise(ctx, by, seen.Dataset, dataset.WhyCleaned, func(src *dataset.Source) error {
		src.Plan = append(slices.Clone(src.Plan), dataset.RecipeFix(b.Draft.Steps))
		return nil
	})
	if err != nil {
		return dataset.Check{}, err
	}
	_, err = s.Drafts.Change(ctx, by, string(seen.Dataset), func(d *Draft) error {
		d.Sent = c.ID
		return nil
	})
	return c, err
}
