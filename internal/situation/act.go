package situation

import (
	"context"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// Plan lists what was decided in by's organisation: see [Decided]. day is today, AAAA-MM-JJ. Fault: SignIn "situation.sign_in_first".
func (s *Service) Plan(ctx context.Context, by actor.Actor, day string) (_ []Action, err error) {
	defer fault.Wrap(&err, "situation.Plan")
	all, err := s.All(ctx, by)
	if err != nil {
		return nil, err
	}
	actions, err := s.Actions.Actions(ctx, by.Organisation)
	return Decided(actions, all, day), err
}

// Action returns one that was decided about a gap. Faults: SignIn "situation.sign_in_first"; NotFound "situation.no_action".
func (s *Service) Action(ctx context.Context, by actor.Actor, of ID) (_ Action, err error) {
	defer fault.Wrap(&err, "situation.Action(%s)", of)
	if err := known(by); err != nil {
		return Action{}, err
	}
	return s.Actions.FindAction(ctx, by.Organisation, of)
}

// Decide stores a new action on a gap, under a new identifier. Faults: those of [Service.May] and [Action.Validate].
func (s *Service) Decide(ctx context.Context, by actor.Actor, a Action) (_ ID, err error) {
	defer fault.Wrap(&err, "situation.Decide")
	if err := mayEdit(by); err != nil {
		return "", err
	}
	a.tidy()
	if err := a.Validate().Err(); err != nil {
		return "", err
	}
	now := s.Now()
	a.ID, a.Organisation, a.Situation, a.Revision, a.Created, a.Done, a.Dropped = ID(id.UUID(now)), by.Organisation, "", 1, now, "", false
	return a.ID, s.Actions.AddAction(ctx, by, a)
}

// Rewrite writes what a person edited of an action. mine's revision is the one the form was opened on. Faults: those of [Service.May] and
// [Action.Validate]; Conflict "situation.moved" when somebody changed it since; NotFound "situation.no_action".
func (s *Service) Rewrite(ctx context.Context, by actor.Actor, mine Action) (err error) {
	defer fault.Wrap(&err, "situation.Rewrite(%s)", mine.ID)
	if err := mayEdit(by); err != nil {
		return err
	}
	mine.tidy()
	if err := mine.Validate().Err(); err != nil {
		return err
	}
	return s.Actions.ChangeAction(ctx, by, mine.ID, "situation.log_action_saved", func(a *Action) error {
		if a.Revision != mine.Revision {
			return fault.New(fault.Conflict, "situation.moved")
		}
		a.Competence, a.Service, a.What, a.Owner, a.Due = mine.Competence, mine.Service, mine.What, mine.Owner, mine.Due
		return nil
	})
}

// Settle says how far an action is: done today, open again, or given up. What was decided in a situation cannot be given up here: its
// situation says so. Doing it again changes nothing. Faults: those of [Service.May]; Invalid "situation.bad_progress"; NotFound
// "situation.no_action", "situation.not_found".
func (s *Service) Settle(ctx context.Context, by actor.Actor, of Action, to Progress) (err error) {
	defer fault.Wrap(&err, "situation.Settle(%s)", of.ID)
	if err := mayEdit(by); err != nil {
		return err
	}
	if to != Done && to != Open && (to != Dropped || of.Situation != "") {
		return fault.New(fault.Invalid, "situation.bad_progress")
	}
	verb, today := "situation.log_action_"+string(to), s.Now().Format(time.DateOnly)
	done := func(day *string) {
		if to != Done {
			*day = ""
		} else if *day == "" {
			*day = today
		}
	}
	if of.Situation != "" {
		return s.Store.Change(ctx, by, []ID{of.Situation}, verb, func(list []*Situation) error {
			done(&list[0].Done)
			return nil
		})
	}
	return s.Actions.ChangeAction(ctx, by, of.ID, verb, func(a *Action) error {
		a.Dropped = to == Dropped
		done(&a.Done)
		return nil
	})
}
