package training

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// A Seat is a member as the cohort's lead sees them: Stages only with their consent.
type Seat struct {
	Member
	Stages []Stage // empty without consent or path
	Needs  []string
}

// A Table is a cohort for one reader.
type Table struct {
	Cohort
	Leads bool
	Mine  *Member
	Path  *Path  // nil when there is none any more
	Seats []Seat // for the lead
}

// MyCohorts lists those by leads or takes part in, also where they are invited, the newest first. Fault: SignIn "training.sign_in".
func (s *Service) MyCohorts(ctx context.Context, by actor.Actor) (_ []Cohort, err error) {
	defer fault.Wrap(&err, "training.MyCohorts")
	if err := known(by); err != nil {
		return nil, err
	}
	all, err := s.Cohorts.Cohorts(ctx, by.Organisation)
	var out []Cohort
	for _, c := range all {
		if c.Lead == by.ID || c.Member(by.ID) != nil {
			out = append(out, c.For(by.ID))
		}
	}
	return out, err
}

// Sit returns a cohort for who leads it or takes part in it. Faults: SignIn "training.sign_in"; NotFound "training.no_cohort", also for others.
func (s *Service) Sit(ctx context.Context, by actor.Actor, of CohortID) (_ Table, err error) {
	defer fault.Wrap(&err, "training.Sit(%s)", of)
	if err := known(by); err != nil {
		return Table{}, err
	}
	c, err := s.Cohorts.Cohort(ctx, by.Organisation, of)
	if err != nil {
		return Table{}, err
	}
	t := Table{Cohort: c.For(by.ID), Leads: c.Lead == by.ID}
	t.Mine = t.Member(by.ID)
	if !t.Leads && t.Mine == nil {
		return Table{}, fault.New(fault.NotFound, "training.no_cohort")
	}
	paths, err := s.paths(ctx, by.Organisation)
	if err != nil {
		return Table{}, err
	}
	if i := slices.IndexFunc(paths, func(p Path) bool { return p.ID == c.Path }); i >= 0 {
		t.Path = &paths[i]
	}
	if !t.Leads {
		return t, nil
	}
	for _, m := range t.Members {
		seat := Seat{Member: m}
		if t.Path != nil && !m.Shares.IsZero() {
			if seat.Stages, err = s.stages(ctx, by.Organisation, m.Person, *t.Path); err != nil {
				return Table{}, err
			}
		}
		seat.Needs = c.Needs(m.Person, seat.Stages, s.Now())
		t.Seats = append(t.Seats, seat)
	}
	return t, nil
}

func (s *Service) stages(ctx context.Context, organisation, person string, p Path) ([]Stage, error) {
	facts, err := s.facts(ctx, organisation, person)
	if err != nil {
		return nil, err
	}
	walks, err := s.Paths.Walks(ctx, organisation, person)
	var said map[string]time.Time
	for _, w := range walks {
		if w.Path == p.ID {
			said = w.Said
		}
	}
	return p.Stages(facts, said), err
}

// OpenCohort makes a cohort led by by. Faults: SignIn "training.sign_in"; Denied "training.makers_only"; those of [Cohort.Validate].
func (s *Service) OpenCohort(ctx context.Context, by actor.Actor, c Cohort) (_ CohortID, err error) {
	defer fault.Wrap(&err, "training.OpenCohort")
	if err := mayMake(by); err != nil {
		return "", err
	}
	c.Tidy()
	if err := c.Validate().Err(); err != nil {
		return "", err
	}
	now := s.Now()
	c.ID, c.Organisation, c.Lead, c.Created, c.Revision, c.Members, c.Notes, c.Closed = CohortID(id.UUID(now)), by.Organisation, by.ID, now, 1, nil, nil, false
	return c.ID, s.Cohorts.AddCohort(ctx, by, c)
}

// lead changes a cohort by leads. Faults: SignIn "training.sign_in"; NotFound "training.no_cohort"; those of fn.
func (s *Service) lead(ctx context.Context, by actor.Actor, of CohortID, fn func(*Cohort) error) error {
	if err := known(by); err != nil {
		return err
	}
	return s.Cohorts.ChangeCohort(ctx, by.Organisation, of, func(c *Cohort) error {
		if c.Lead != by.ID {
			return fault.New(fault.NotFound, "training.no_cohort")
		}
		return fn(c)
	})
}

// EditCohort keeps what its lead wrote of it. On another path nobody shares anything before they say so anew. Faults: SignIn "training.sign_in"; NotFound "training.no_cohort"; those of [Cohort.Validate].
func (s *Service) EditCohort(ctx context.Context, by actor.Actor, mine Cohort) (err error) {
	defer fault.Wrap(&err, "training.EditCohort(%s)", mine.ID)
	mine.Tidy()
	return s.lead(ctx, by, mine.ID, func(c *Cohort) error {
		if mine.Path != c.Path {
			c.unshare()
		}
		c.Title, c.Use, c.Path, c.Start, c.Weeks = mine.Title, mine.Use, mine.Path, mine.Start, mine.Weeks
		return c.Validate().Err()
	})
}

// CloseCohort ends a cohort, or opens it again. When it ends, what members share is shared no more. Faults: SignIn "training.sign_in"; NotFound
// "training.no_cohort".
func (s *Service) CloseCohort(ctx context.Context, by actor.Actor, of CohortID, closed bool) (err error) {
	defer fault.Wrap(&err, "training.CloseCohort(%s)", of)
	return s.lead(ctx, by, of, func(c *Cohort) error {
		c.Closed = closed
		c.unshare()
		return nil
	})
}

// Invite asks a colleague, by address, to take part; who is there already changes side and pair. Faults: SignIn "training.sign_in"; NotFound
// "training.no_cohort"; Invalid that of Colleague, "training.lead_is_there", "training.choose_one", "training.bad_pair",
// "training.too_many_members".
func (s *Service) Invite(ctx context.Context, by actor.Actor, of CohortID, email string, m Member) (err error) {
	defer fault.Wrap(&err, "training.Invite(%s)", of)
	if err := known(by); err != nil {
		return err
	}
	person, err := s.Colleague(ctx, by, "email", strings.TrimSpace(email))
	if err != nil {
		return err
	}
	return s.lead(ctx, by, of, func(c *Cohort) error {
		old := c.Member(person)
		switch {
		case person == c.Lead:
			return fault.Field("email", "training.lead_is_there")
		case !slices.Contains(Sides(), m.Side):
			return fault.Field("side", "training.choose_one")
		case m.Pair < 1 || m.Pair > PairsMost:
			return fault.Field("pair", "training.bad_pair", PairsMost)
		case old == nil && len(c.Members) >= MembersMost:
			return fault.Field("email", "training.too_many_members", MembersMost)
		case old != nil:
			old.Side, old.Pair = m.Side, m.Pair
		default:
			c.Members = append(c.Members, Member{Person: person, Side: m.Side, Pair: m.Pair})
		}
		slices.SortStableFunc(c.Members, func(a, b Member) int { return a.Pair - b.Pair })
		return nil
	})
}

// Remove takes a member out. Their notes to everybody stay. Faults: SignIn "training.sign_in"; NotFound "training.no_cohort".
func (s *Service) Remove(ctx context.Context, by actor.Actor, of CohortID, person string) (err error) {
	defer fault.Wrap(&err, "training.Remove(%s)", of)
	return s.lead(ctx, by, of, func(c *Cohort) error {
		c.Members = slices.DeleteFunc(c.Members, func(m Member) bool { return m.Person == person })
		return nil
	})
}

// own changes the place of by in a cohort. Faults: SignIn "training.sign_in"; NotFound "training.no_cohort"; those of fn.
func (s *Service) own(ctx context.Context, by actor.Actor, of CohortID, fn func(*Cohort, *Member) error) error {
	if err := known(by); err != nil {
		return err
	}
	return s.Cohorts.ChangeCohort(ctx, by.Organisation, of, func(c *Cohort) error {
		m := c.Member(by.ID)
		if m == nil {
			return fault.New(fault.NotFound, "training.no_cohort")
		}
		return fn(c, m)
	})
}

// Join says yes to an invitation, or leaves the cohort. Faults: SignIn "training.sign_in"; NotFound "training.no_cohort".
func (s *Service) Join(ctx context.Context, by actor.Actor, of CohortID, yes bool) (err error) {
	defer fault.Wrap(&err, "training.Join(%s)", of)
	return s.own(ctx, by, of, func(c *Cohort, m *Member) error {
		if !yes {
			c.Forget(by.ID)
		} else if m.Joined.IsZero() {
			m.Joined = s.Now()
		}
		return nil
	})
}

// Consent lets the lead see the progress of by on the cohort's path, or takes that back, at once. Faults: SignIn "training.sign_in"; NotFound
// "training.no_cohort"; Conflict "training.cohort_closed", "training.join_first".
func (s *Service) Consent(ctx context.Context, by actor.Actor, of CohortID, shares bool) (err error) {
	defer fault.Wrap(&err, "training.Consent(%s)", of)
	return s.own(ctx, by, of, func(c *Cohort, m *Member) error {
		switch {
		case !shares:
			m.Shares = time.Time{}
		case c.Closed:
			return fault.New(fault.Conflict, "training.cohort_closed")
		case m.Joined.IsZero():
			return fault.New(fault.Conflict, "training.join_first")
		case m.Shares.IsZero():
			m.Shares = s.Now()
		}
		return nil
	})
}

// Write adds an entry to the follow-up, of the lead or of a member who joined. Faults: SignIn "training.sign_in"; NotFound "training.no_cohort"; Conflict
// "training.cohort_closed", "training.join_first", "training.too_many_notes"; Invalid "training.note_missing", "training.too_long".
func (s *Service) Write(ctx context.Context, by actor.Actor, of CohortID, n Note) (err error) {
	defer fault.Wrap(&err, "training.Write(%s)", of)
	if err := known(by); err != nil {
		return err
	}
	n.Text = strings.TrimSpace(n.Text)
	n.ID, n.At, n.Person, n.Helped = id.New(s.Now()), s.Now(), by.ID, false
	return s.Cohorts.ChangeCohort(ctx, by.Organisation, of, func(c *Cohort) error {
		m := c.Member(by.ID)
		switch {
		case m == nil && c.Lead != by.ID:
			return fault.New(fault.NotFound, "training.no_cohort")
		case c.Closed:
			return fault.New(fault.Conflict, "training.cohort_closed")
		case m != nil && m.Joined.IsZero():
			return fault.New(fault.Conflict, "training.join_first")
		case n.Text == "":
			return fault.Field("note", "training.note_missing")
		case utf8.RuneCountInString(n.Text) > NoteText:
			return fault.Field("note", "training.too_long", NoteText)
		case len(c.Notes) >= NotesMost:
			return fault.New(fault.Conflict, "training.too_many_notes")
		}
		if c.Lead == by.ID {
			n.Private, n.Help = false, false
		}
		c.Notes = append(c.Notes, n)
		return nil
	})
}

// Helped says that who asked for help in a note got it. Faults: SignIn "training.sign_in"; NotFound "training.no_cohort".
func (s *Service) Helped(ctx context.Context, by actor.Actor, of CohortID, note string) (err error) {
	defer fault.Wrap(&err, "training.Helped(%s)", of)
	return s.lead(ctx, by, of, func(c *Cohort) error {
		for i := range c.Notes {
			c.Notes[i].Helped = c.Notes[i].Helped || c.Notes[i].ID == note
		}
		return nil
	})
}

// Forget erases all that is kept of a person: what they followed, their walks, their places and notes in cohorts. It may be repeated.
func (s *Service) Forget(ctx context.Context, organisation, person string) (err error) {
	defer fault.Wrap(&err, "training.Forget")
	all, err := s.Cohorts.Cohorts(ctx, organisation)
	errs := []error{err, s.Follows.Forget(ctx, organisation, person), s.Paths.ForgetWalks(ctx, organisation, person)}
	for _, c := range all {
		if c.Lead == person || c.Member(person) != nil || slices.ContainsFunc(c.Notes, func(n Note) bool { return n.Person == person }) {
			errs = append(errs, s.Cohorts.ChangeCohort(ctx, organisation, c.ID, func(c *Cohort) error { c.Forget(person); return nil }))
		}
	}
	return errors.Join(errs...)
}
