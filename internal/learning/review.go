package learning

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// A Request asks a colleague for a review: As is [Peer] or [Manager]; that somebody took part in an event is always said as [Attendance].
type Request struct {
	Email string
	As    How
}

// AskReview asks a colleague to look at a piece of evidence. Faults: SignIn "learning.sign_in"; NotFound "learning.no_evidence"; Invalid
// "learning.no_colleague", "learning.own_review", "learning.bad_capacity"; Conflict "learning.is_withdrawn", "learning.asked_already", "learning.too_many".
func (s *Service) AskReview(ctx context.Context, by actor.Actor, of ID, q Request) (err error) {
	defer fault.Wrap(&err, "learning.AskReview(%s)", of)
	if err := known(by); err != nil {
		return err
	}
	reviewer, err := s.Colleague(ctx, by, "reviewer", strings.TrimSpace(q.Email))
	if err != nil {
		return err
	}
	err = s.own(ctx, by, of, func(e *Evidence) error {
		as := q.As
		if e.Artefact.Kind == Event {
			as = Attendance
		}
		switch {
		case reviewer == by.ID:
			return fault.Field("reviewer", "learning.own_review")
		case !e.Withdrawn.IsZero():
			return fault.New(fault.Conflict, "learning.is_withdrawn")
		case e.Artefact.Kind != Event && as != Peer && as != Manager:
			return fault.Field("as", "learning.bad_capacity")
		case e.Waiting(reviewer) != nil:
			return fault.Field("reviewer", "learning.asked_already")
		case len(e.Reviews) >= ReviewsMost:
			return fault.New(fault.Conflict, "learning.too_many", ReviewsMost)
		}
		e.Reviews = append(e.Reviews, Review{Reviewer: reviewer, As: as, Asked: s.Now(), State: Asked})
		return nil
	})
	if err == nil {
		s.tell(ctx, News{by.Organisation, of, reviewer, Asked})
	}
	return err
}

func (s *Service) tell(ctx context.Context, n News) {
	if s.Tell != nil {
		s.Tell(ctx, n)
	}
}

// A Verdict is what a reviewer answers: Met are criteria of [Evidence.Grid].
type Verdict struct {
	Accept bool
	Met    []string
	Words  string
}

// Review answers a review. To accept, each criterion must be met; to send back takes words. Faults: SignIn "learning.sign_in"; NotFound
// "learning.no_evidence", also for who was not asked; Invalid "learning.criteria_missing", "learning.words_missing", "learning.too_long".
func (s *Service) Review(ctx context.Context, by actor.Actor, of ID, v Verdict) (err error) {
	defer fault.Wrap(&err, "learning.Review(%s)", of)
	if err := known(by); err != nil {
		return err
	}
	v.Words = strings.TrimSpace(v.Words)
	return s.answer(ctx, by, of, func(e *Evidence, r *Review) error {
		grid := e.Grid()
		var met []string
		for _, c := range grid {
			if slices.Contains(v.Met, c) {
				met = append(met, c)
			}
		}
		switch {
		case long(v.Words, NoteMost):
			return fault.Field("words", "learning.too_long", NoteMost)
		case v.Accept && len(met) < len(grid):
			return fault.Field("met", "learning.criteria_missing")
		case !v.Accept && v.Words == "":
			return fault.Field("words", "learning.words_missing")
		}
		r.State, r.Met, r.Words, r.At = SentBack, met, v.Words, s.Now()
		if v.Accept {
			r.State = Accepted
			n := strconv.Itoa(len(grid))
			e.Checks = append(e.Checks, Check{How: r.how(), By: by.ID, Version: GridVersion, Result: n + "/" + n, At: s.Now()})
		}
		return nil
	})
}

// Decline says that the actor will not review what they were asked for; words may say why. Faults: those of [Service.Review], but for the criteria.
func (s *Service) Decline(ctx context.Context, by actor.Actor, of ID, words string) (err error) {
	defer fault.Wrap(&err, "learning.Decline(%s)", of)
	if err := known(by); err != nil {
		return err
	}
	words = strings.TrimSpace(words)
	return s.answer(ctx, by, of, func(_ *Evidence, r *Review) error {
		if long(words, NoteMost) {
			return fault.Field("words", "learning.too_long", NoteMost)
		}
		r.State, r.Words, r.At = Declined, words, s.Now()
		return nil
	})
}

// answer changes the review the actor was asked for, and tells who asked.
func (s *Service) answer(ctx context.Context, by actor.Actor, of ID, fn func(*Evidence, *Review) error) error {
	var news News
	err := s.Store.Change(ctx, by.Organisation, of, func(e *Evidence) error {
		r := e.Waiting(by.ID)
		if r == nil || e.Person == by.ID || !e.Withdrawn.IsZero() {
			return fault.New(fault.NotFound, "learning.no_evidence")
		}
		err := fn(e, r)
		news = News{by.Organisation, of, e.Person, r.State}
		return err
	})
	if err == nil {
		s.tell(ctx, news)
	}
	return err
}
