package registerdb_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/register"
	"cultured/internal/register/registerdb"
)

// estate is the other rooms: datasets d and e of o, the public sees e; the form f loses answers.
type estate struct {
	now    time.Time
	gone   []string
	told   []string
	mute   error // of telling
	coming map[string][]register.Coming
}

func (e *estate) Held(_ context.Context, by actor.Actor, id string) (register.Held, error) {
	if by.Organisation != "o" || id != "d" && id != "e" || slices.Contains(e.gone, id) {
		return register.Held{}, fault.New(fault.NotFound, "dataset.not_found")
	}
	return register.Held{Title: "Jeu " + id, Owner: "bob", May: by.ID == "bob" || by.Is(actor.Steward)}, nil
}

func (e *estate) Erase(_ context.Context, r register.Retention) (bool, error) {
	if r.Dataset == "e" {
		return false, nil
	}
	e.gone = append(e.gone, r.Dataset)
	return true, nil
}

func (e *estate) Coming(context.Context, string, int) (map[string][]register.Coming, error) {
	return e.coming, nil
}

func (e *estate) Tell(_ context.Context, _ string, c register.Coming) error {
	if e.mute == nil {
		e.told = append(e.told, c.ID+" "+c.Day)
	}
	return e.mute
}

// estates runs a test on both engines, with a clock that stands on 2 March 2026 until it is moved.
func estates(t *testing.T, fn func(t *testing.T, s *register.Service, e *estate)) {
	t.Helper()
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "register", Files: registerdb.Migrations}}, func(t *testing.T, d *db.DB) {
		e := &estate{now: noon}
		now := func() time.Time { return e.now }
		store := &registerdb.Store{DB: d, Now: now}
		fn(t, &register.Service{Store: store, Subjects: store, Retentions: store, Traces: store, Reaper: e, Now: now}, e)
	})
}

// on moves the clock to a day and lets retentions act, twice, as two replicas do; it checks who was told and what is gone since the start.
func (e *estate) on(t *testing.T, s *register.Service, day string, told, gone int) {
	t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	ok(t, err)
	e.now = at.Add(12 * time.Hour)
	for range 2 {
		_, err := s.Reap(t.Context())
		ok(t, err)
	}
	if len(e.told) != told || len(e.gone) != gone {
		t.Errorf("on %s: got %q told and %q gone, want %d and %d", day, e.told, e.gone, told, gone)
	}
}

func TestRetain_refusesWhatCannotBeHeld(t *testing.T) {
	estates(t, func(t *testing.T, s *register.Service, e *estate) {
		ctx := t.Context()
		refused(t, s.Retain(ctx, actor.Actor{}, "d", "2026-12-31", "règle"), "register.sign_in_first")
		refused(t, s.Retain(ctx, eve, "d", "2026-12-31", "règle"), "dataset.not_found")
		refused(t, s.Retain(ctx, actor.Actor{ID: "ann", Organisation: "o"}, "d", "2026-12-31", "règle"), "register.not_yours")
		refused(t, s.Retain(ctx, bob, "d", "demain", "règle"), "register.bad_day")
		refused(t, s.Retain(ctx, bob, "d", "2026-03-08", "règle"), "register.too_soon")
		refused(t, s.Retain(ctx, bob, "d", "2026-12-31", " "), "register.no_rule")
		ok(t, s.Retain(ctx, bob, "d", "2026-03-09", "règle"))
		if held, r, err := s.Kept(ctx, sue, "d"); err != nil || r.Until != "2026-03-09" || r.Why != "règle" || !held.May {
			t.Errorf("got %+v, %+v, %v", held, r, err)
		}
		refused(t, s.Release(ctx, eve, "d"), "dataset.not_found")
		ok(t, s.Release(ctx, bob, "d"))
		if _, r, err := s.Kept(ctx, sue, "d"); err != nil || r.Until != "" {
			t.Errorf("got %+v, %v", r, err)
		}
	})
}

func TestADatasetIsToldThenErased(t *testing.T) {
	estates(t, func(t *testing.T, s *register.Service, e *estate) {
		ctx := t.Context()
		ok(t, s.Retain(ctx, bob, "d", "2026-06-30", "Délibération du 1er mars"))
		ok(t, s.Retain(ctx, bob, "e", "2026-06-30", "Délibération du 1er mars"))
		e.on(t, s, "2026-05-30", 0, 0)
		if soon, _, err := s.Ends(ctx, bob); err != nil || len(soon) != 2 || soon[0].Day != "2026-06-30" {
			t.Errorf("got %+v, %v", soon, err)
		}
		if soon, _, err := s.Ends(ctx, actor.Actor{ID: "ann", Organisation: "o"}); err != nil || len(soon) != 0 {
			t.Errorf("somebody else is told of %+v, %v", soon, err)
		}
		e.on(t, s, "2026-05-31", 2, 0)
		e.on(t, s, "2026-06-30", 2, 0) // the last day is included
		e.on(t, s, "2026-07-01", 2, 1) // what the public sees stays
		if !slices.Equal(e.gone, []string{"d"}) {
			t.Errorf("got %q", e.gone)
		}
		if r, err := s.Retentions.Retention(ctx, "o", "d"); err != nil || r.Until != "" {
			t.Errorf("its retention is still there: %+v, %v", r, err)
		}
	})
}

func TestNothingIsErasedThatWasNotToldAWeekAgo(t *testing.T) {
	estates(t, func(t *testing.T, s *register.Service, e *estate) {
		ok(t, s.Retain(t.Context(), bob, "d", "2026-03-20", "règle"))
		e.mute = errors.New("no mail")
		e.now = e.now.AddDate(0, 1, 0)
		if _, err := s.Reap(t.Context()); !errors.Is(err, e.mute) {
			t.Errorf("got %v, want that the mail did not leave", err)
		}
		e.mute = nil
		e.on(t, s, "2026-04-03", 1, 0)
		e.on(t, s, "2026-04-09", 1, 0)
		e.on(t, s, "2026-04-10", 1, 1)
	})
}

func TestAnotherDayIsToldAnew(t *testing.T) {
	estates(t, func(t *testing.T, s *register.Service, e *estate) {
		ok(t, s.Retain(t.Context(), bob, "d", "2026-03-20", "règle"))
		e.on(t, s, "2026-03-02", 1, 0)
		ok(t, s.Retain(t.Context(), bob, "d", "2026-09-30", "règle"))
		e.on(t, s, "2026-03-21", 1, 0)
		e.on(t, s, "2026-09-01", 2, 0)
		ok(t, s.Release(t.Context(), bob, "d"))
		e.on(t, s, "2026-12-01", 2, 0)
	})
}

func TestTheOwnerOfAFormIsToldOnceAMonth(t *testing.T) {
	estates(t, func(t *testing.T, s *register.Service, e *estate) {
		e.coming = map[string][]register.Coming{"o": {{Key: register.Key{Kind: register.Form, ID: "f"}, Owner: "bob", Title: "Vélo", Day: "2026-03-20", Months: 12, Count: 3}}}
		e.on(t, s, "2026-03-02", 1, 0)
		e.on(t, s, "2026-03-31", 1, 0)
		e.on(t, s, "2026-04-01", 2, 0)
		for who, want := range map[string]int{"bob": 1, "sue": 1, "ann": 0} {
			by := map[string]actor.Actor{"sue": sue, "bob": bob, "ann": {ID: "ann", Organisation: "o"}}[who]
			if soon, _, err := s.Ends(t.Context(), by); err != nil || len(soon) != want {
				t.Errorf("%s: got %+v, %v", who, soon, err)
			}
		}
	})
}

func TestErasures_areToldTogetherAndOnce(t *testing.T) {
	estates(t, func(t *testing.T, s *register.Service, e *estate) {
		ctx := t.Context()
		form := register.Key{Kind: register.Form, ID: "f"}
		for _, one := range []register.Erasure{
			{Organisation: "o", Event: 1, Day: "2026-03-01", Key: form, Title: "Vélo", Months: 12, Count: 1},
			{Organisation: "o", Event: 2, Day: "2026-03-01", Key: form, Title: "Vélo", Months: 12, Count: 1},
			{Organisation: "o", Event: 2, Day: "2026-03-01", Key: form, Title: "Vélo", Months: 12, Count: 1}, // heard twice
			{Organisation: "o", Event: 3, Day: "2026-03-01", Key: form, Title: "Vélo", Months: 24, Count: 1},
			{Organisation: "o", Event: 4, Day: "2026-03-02", Key: register.Key{Kind: register.Dataset, ID: "d"}, Title: "Contacts", Until: "2026-03-01", Why: "règle", Count: 420},
			{Organisation: "elsewhere", Event: 5, Day: "2026-03-02", Key: form, Title: "Autre", Months: 1, Count: 1},
		} {
			ok(t, s.Traces.Note(ctx, one))
		}
		_, gone, err := s.Ends(ctx, bob)
		ok(t, err)
		var got []string
		for _, one := range gone {
			got = append(got, one.Title)
		}
		if !slices.Equal(got, []string{"Contacts", "Vélo", "Vélo"}) || gone[0].Count != 420 || gone[0].Why != "règle" || gone[1].Months != 24 || gone[2].Count != 2 {
			t.Errorf("got %+v", gone)
		}
	})
}
