package workshop

import (
	"context"
	"errors"
	"time"

	"cultured/internal/fault"
	"cultured/internal/id"
)

// decideForget lets the facilitator of a closed session erase who anybody is, once.
func (s *State) decideForget(h Hand) error {
	switch {
	case !h.Facilitator:
		return fault.New(fault.Denied, "workshop.facilitator_only")
	case !s.Closed:
		return fault.New(fault.Conflict, "workshop.not_closed")
	case s.Forgotten:
		return fault.New(fault.Conflict, "workshop.forgotten_already")
	}
	return nil
}

// forget leaves how many people there were.
func (s *State) forget() {
	s.Forgotten, s.seats, s.claims, s.claimed = true, map[string]int64{}, map[string]int64{}, map[int64]bool{}
	for n := range s.People {
		s.People[n] = ""
	}
	for _, c := range s.cards {
		c.By = 0
	}
}

// Forgets is when the names of a session go by themselves: [Service.KeepNames] after it was closed, or while it is open after the last thing
// anybody did; the zero time when they are gone, or stay.
func (s *Service) Forgets(sess Session, st *State) time.Time {
	if s.KeepNames <= 0 || st.Forgotten {
		return time.Time{}
	}
	last := sess.Created
	if st.Last.After(last) {
		last = st.Last
	}
	return last.Add(s.KeepNames)
}

// Sweep closes the sessions where nobody did anything for [Service.KeepNames], and erases who took part in them and in those closed as long ago. Several replicas may
// do it at once. It goes on after a failure, and returns all of them.
func (s *Service) Sweep(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "workshop.Sweep")
	if s.KeepNames <= 0 {
		return nil
	}
	idle, err := s.Sessions.Idle(ctx, s.Now().Add(-s.KeepNames))
	if err != nil {
		return err
	}
	for _, sess := range idle {
		for _, kind := range []Kind{Close, Forget} {
			_, e := s.Do(ctx, sess, Hand{Facilitator: true}, Op{Kind: kind, Key: id.New(s.Now())})
			if e != nil && !fault.Is(e, "workshop.closed") && !fault.Is(e, "workshop.forgotten_already") {
				err = errors.Join(err, e)
			}
		}
	}
	return err
}
