package situation

import (
	"context"
	"slices"
	"time"

	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// A Named is a service or a dataset of an organisation, as another room calls it.
type Named struct{ ID, Name string }

// A Service is the room's front desk.
type Service struct {
	Store   Store
	Actions Actions
	// Services lists those of a person's organisation.
	Services func(ctx context.Context, by actor.Actor) ([]Named, error)
	// Datasets lists those of a person's organisation that they may see.
	Datasets func(ctx context.Context, by actor.Actor) ([]Named, error)
	Now      func() time.Time
}

func known(by actor.Actor) error {
	if !by.Known() {
		return fault.New(fault.SignIn, "situation.sign_in_first")
	}
	return nil
}

func mayEdit(by actor.Actor) error {
	if err := known(by); err != nil {
		return err
	}
	if !MayEdit(by) {
		return fault.New(fault.Denied, "situation.editors_only")
	}
	return nil
}

// All lists what is known of by's organisation, the oldest first. Fault: SignIn "situation.sign_in_first".
func (s *Service) All(ctx context.Context, by actor.Actor) (_ []Situation, err error) {
	defer fault.Wrap(&err, "situation.All")
	if err := known(by); err != nil {
		return nil, err
	}
	return s.Store.All(ctx, by.Organisation)
}

// Look returns one record and the states it had, the newest first. Faults: SignIn "situation.sign_in_first"; NotFound
// "situation.not_found".
func (s *Service) Look(ctx context.Context, by actor.Actor, of ID) (_ Situation, _ []Change, err error) {
	defer fault.Wrap(&err, "situation.Look(%s)", of)
	if err := known(by); err != nil {
		return Situation{}, nil, err
	}
	one, err := s.Store.Find(ctx, by.Organisation, of)
	if err != nil {
		return one, nil, err
	}
	log, err := s.Store.Log(ctx, by.Organisation, of)
	return one, log, err
}

// May is nil for who may write. Faults: SignIn "situation.sign_in_first"; Denied "situation.editors_only".
func (s *Service) May(by actor.Actor) error { return mayEdit(by) }

// Create stores new records, all or none, under new identifiers. Faults: those of [Service.May] and
// [Situation.Validate]; Invalid "situation.no_unit", "situation.no_dataset" for a reference that leads nowhere.
func (s *Service) Create(ctx context.Context, by actor.Actor, list ...Situation) (_ []ID, err error) {
	defer fault.Wrap(&err, "situation.Create")
	if err := mayEdit(by); err != nil {
		return nil, err
	}
	now := s.Now()
	list = slices.Clone(list)
	var ids []ID
	verb := "situation.log_created"
	for i := range list {
		one := &list[i]
		one.Tidy()
		if err := one.Validate().Err(); err != nil {
			return nil, err
		}
		if err := s.refers(ctx, by, *one, Situation{}); err != nil {
			return nil, err
		}
		one.ID, one.Organisation, one.Revision, one.Created = ID(id.UUID(now)), by.Organisation, 1, now
		ids = append(ids, one.ID)
		if one.Origin.Session != "" {
			verb = "situation.log_promoted"
		}
	}
	return ids, s.Store.Add(ctx, by, list, verb)
}

// Save writes what a person edited; where it comes from stays. opened is the revision the form was opened on. Faults: those of
// [Service.Create]; Conflict "situation.moved" when somebody saved it since; NotFound "situation.not_found".
func (s *Service) Save(ctx context.Context, by actor.Actor, mine Situation, opened int) (err error) {
	defer fault.Wrap(&err, "situation.Save(%s)", mine.ID)
	if err := mayEdit(by); err != nil {
		return err
	}
	mine.Tidy()
	if err := mine.Validate().Err(); err != nil {
		return err
	}
	before, err := s.Store.Find(ctx, by.Organisation, mine.ID)
	if err != nil {
		return err
	}
	if err := s.refers(ctx, by, mine, before); err != nil {
		return err
	}
	return s.Store.Change(ctx, by, []ID{mine.ID}, "situation.log_saved", func(list []*Situation) error {
		saved := list[0]
		if saved.Revision != opened {
			return fault.New(fault.Conflict, "situation.moved")
		}
		next := mine
		next.Organisation, next.Origin, next.Revision, next.Created, next.Retired, next.Into = saved.Organisation, saved.Origin, saved.Revision, saved.Created, saved.Retired, saved.Into
		if next.Action != "" {
			next.Done = saved.Done
		}
		*saved = next
		return nil
	})
}

// refers refuses a service or a dataset that is not one of the organisation's, or that by may not see; what the record referred to before
// may stay.
func (s *Service) refers(ctx context.Context, by actor.Actor, one, before Situation) error {
	if one.Unit != "" && one.Unit != before.Unit {
		all, err := s.Services(ctx, by)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(n Named) bool { return n.ID == one.Unit }) {
			return fault.Field("unit", "situation.no_unit")
		}
	}
	if slices.Equal(one.Datasets, before.Datasets) {
		return nil
	}
	all, err := s.Datasets(ctx, by)
	if err != nil {
		return err
	}
	for _, id := range one.Datasets {
		if !slices.Contains(before.Datasets, id) && !slices.ContainsFunc(all, func(n Named) bool { return n.ID == id }) {
			return fault.Field("datasets", "situation.no_dataset")
		}
	}
	return nil
}

// Retire takes records out of force, or brings them back. Doing it again changes nothing. Faults: those of [Service.May]; NotFound
// "situation.not_found".
func (s *Service) Retire(ctx context.Context, by actor.Actor, retired bool, ids ...ID) (err error) {
	defer fault.Wrap(&err, "situation.Retire")
	if err := mayEdit(by); err != nil {
		return err
	}
	verb := "situation.log_retired"
	if !retired {
		verb = "situation.log_revived"
	}
	return s.Store.Change(ctx, by, ids, verb, func(list []*Situation) error {
		for _, one := range list {
			one.Retired = retired
			if !retired {
				one.Into = ""
			}
		}
		return nil
	})
}

// Merge makes one record of two: into takes in what from has, from is retired and says where it went. Faults: those of
// [Service.May] and [Situation.Validate]; Conflict "situation.merge_itself"; NotFound "situation.not_found".
func (s *Service) Merge(ctx context.Context, by actor.Actor, from, into ID) (err error) {
	defer fault.Wrap(&err, "situation.Merge(%s, %s)", from, into)
	if err := mayEdit(by); err != nil {
		return err
	}
	if from == into {
		return fault.Field("into", "situation.merge_itself")
	}
	return s.Store.Change(ctx, by, []ID{into, from}, "situation.log_merged", func(list []*Situation) error {
		if list[0].Retired || list[1].Retired {
			return fault.Field("into", "situation.merge_retired")
		}
		list[0].Absorb(*list[1])
		list[1].Retired, list[1].Into = true, into
		return list[0].Validate().Err()
	})
}

// Undo brings back the state before the latest one, as a state of its own: undone twice, it is as it was. What was never anything else
// is retired. Faults: those of [Service.May]; Conflict "situation.moved" when revision is not the latest.
func (s *Service) Undo(ctx context.Context, by actor.Actor, of ID, revision int) (err error) {
	defer fault.Wrap(&err, "situation.Undo(%s, %d)", of, revision)
	if err := mayEdit(by); err != nil {
		return err
	}
	log, err := s.Store.Log(ctx, by.Organisation, of)
	if err != nil {
		return err
	}
	return s.Store.Change(ctx, by, []ID{of}, "situation.log_undone", func(list []*Situation) error {
		now := list[0]
		if now.Revision != revision || len(log) == 0 || log[0].Revision != revision {
			return fault.New(fault.Conflict, "situation.moved")
		}
		if len(log) == 1 {
			now.Retired = true
			return nil
		}
		before := log[1].State
		before.Organisation, before.Revision = now.Organisation, now.Revision
		*now = before
		return nil
	})
}

// Follow moves what hangs on a competence to its successors, in every record of an organisation. An action stays one: it goes to the first of
// them, and stays where it is when there is none. It may be repeated.
func (s *Service) Follow(ctx context.Context, organisation string, old competency.ItemID, successors []competency.ItemID) (err error) {
	defer fault.Wrap(&err, "situation.Follow(%s)", old)
	if len(successors) > 0 {
		err := s.eachAction(ctx, organisation, "situation.log_followed", func(a *Action) {
			if a.Competence == old {
				a.Competence = successors[0]
			}
		})
		if err != nil {
			return err
		}
	}
	all, err := s.Store.All(ctx, organisation)
	if err != nil {
		return err
	}
	var ids []ID
	for _, one := range all {
		if one.Follow(old, successors) {
			ids = append(ids, one.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return s.Store.Change(ctx, actor.Actor{Organisation: organisation}, ids, "situation.log_followed", func(list []*Situation) error {
		for _, one := range list {
			one.Follow(old, successors)
		}
		return nil
	})
}

// Move makes what stands at a service of an organisation stand at another; with into "" at none. It may be repeated.
func (s *Service) Move(ctx context.Context, organisation, unit, into string) (err error) {
	defer fault.Wrap(&err, "situation.Move(%s)", unit)
	all, err := s.Store.All(ctx, organisation)
	if err != nil {
		return err
	}
	var ids []ID
	for _, one := range all {
		if one.Unit == unit {
			ids = append(ids, one.ID)
		}
	}
	err = s.eachAction(ctx, organisation, "situation.log_moved", func(a *Action) {
		if a.Service == unit {
			a.Service = into
		}
	})
	if err != nil || len(ids) == 0 {
		return err
	}
	return s.Store.Change(ctx, actor.Actor{Organisation: organisation}, ids, "situation.log_moved", func(list []*Situation) error {
		for _, one := range list {
			if one.Unit == unit {
				one.Unit = into
			}
		}
		return nil
	})
}

// eachAction rewrites those actions of an organisation that fn changes.
func (s *Service) eachAction(ctx context.Context, organisation, verb string, fn func(*Action)) error {
	actions, err := s.Actions.Actions(ctx, organisation)
	if err != nil {
		return err
	}
	for _, a := range actions {
		next := a
		if fn(&next); next == a {
			continue
		}
		err := s.Actions.ChangeAction(ctx, actor.Actor{Organisation: organisation}, a.ID, verb, func(a *Action) error {
			fn(a)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
