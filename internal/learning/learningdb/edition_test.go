package learningdb_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/learning"
	"cultured/internal/learning/learningdb"
)

// team opens the desk over a house whose people fn moves.
func team(t *testing.T, fn func(t *testing.T, s *learning.Team, store *learningdb.Store, census *learning.Census, now *time.Time)) {
	t.Helper()
	dbtest.Each(t, []db.Migration{{Room: "learning", Files: learningdb.Migrations}}, func(t *testing.T, d *db.DB) {
		now, census, store := noon, learning.Census{}, &learningdb.Store{DB: d}
		for i := range 12 {
			census.People = append(census.People, learning.Colleague{ID: fmt.Sprint("p", i), Name: fmt.Sprint("Personne ", i), Service: "finances"})
		}
		fn(t, &learning.Team{Store: store, Now: func() time.Time { return now },
			Census: func(context.Context, string) (learning.Census, error) { return census, nil }}, store, &census, &now)
	})
}

// passed gives somebody a level in D4.1.
func passed(t *testing.T, store *learningdb.Store, person string, level int, shares ...learning.Share) {
	t.Helper()
	ok(t, store.Add(t.Context(), learning.Evidence{ID: learning.ID(fmt.Sprint(person, "-", level)), Organisation: "org", Person: person, At: noon, Source: fmt.Sprint("mission:", level),
		Shows: []learning.Level{{Code: "D4.1", Level: level}}, Checks: []learning.Check{{How: learning.Automatic}}, Shares: shares}))
}

func sizes(o learning.Overview) (out []string) {
	for _, f := range slices.Concat(o.Levels, o.Needs) {
		s := f.View + " " + f.Code + " " + strings.Join(f.Services, "+")
		for _, g := range f.Groups {
			s += fmt.Sprintf(" %d-%d:%d", g.From, g.To, len(g.Members))
		}
		out = append(out, s)
	}
	return out
}

func TestOverview_isForHRAndTellsAMonthOnce(t *testing.T) {
	team(t, func(t *testing.T, s *learning.Team, store *learningdb.Store, census *learning.Census, now *time.Time) {
		ctx := t.Context()
		_, err := s.Overview(ctx, actor.Actor{})
		want(t, err, "learning.sign_in")
		for _, by := range []actor.Actor{ada, {ID: "s", Organisation: "org", Roles: []actor.Role{actor.Admin, actor.Steward, actor.Facilitator}}} {
			_, err = s.Overview(ctx, by)
			want(t, err, "learning.hr_only")
		}
		says := func(expected ...string) learning.Overview {
			t.Helper()
			o, err := s.Overview(ctx, rh)
			ok(t, err)
			if got := sizes(o); !slices.Equal(got, expected) {
				t.Fatalf("%s told %q, want %q", now.Format(time.DateOnly), got, expected)
			}
			return o
		}
		for i := range 5 {
			passed(t, store, fmt.Sprint("p", i), 2)
			census.Asks = append(census.Asks, learning.Ask{Key: fmt.Sprint("s#", i), Code: "D2.1", Service: "Voirie"})
		}
		census.Asks = append(census.Asks, learning.Ask{Key: "t#1", Code: "D2.1", Service: "État civil"})
		first := says("levels D4.1 finances 0-1:7 2-4:5", "needs D2.1 Voirie 0-0:5")
		if first.Month != "2026-11" || !first.Next.Equal(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)) || len(first.Named) != 0 {
			t.Errorf("the edition: %+v", first)
		}
		for i := 5; i < 10; i++ {
			passed(t, store, fmt.Sprint("p", i), 2)
		}
		says("levels D4.1 finances 0-1:7 2-4:5", "needs D2.1 Voirie 0-0:5") // the month is told
		*now = time.Date(2026, 12, 3, 0, 0, 0, 0, time.UTC)
		says("levels D4.1 finances 0-1:7 2-4:5", "needs D2.1 Voirie 0-0:5") // 2 are left below: nothing finer may be told
		for i := range 3 {
			census.People = append(census.People, learning.Colleague{ID: fmt.Sprint("n", i), Service: "finances"})
		}
		*now = now.AddDate(0, 1, 0)
		says("levels D4.1 finances 0-1:7 2-4:5", "needs D2.1 Voirie 0-0:5") // 5 would be below, of whom 3 are known to have come
		for i := 3; i < 5; i++ {
			census.People = append(census.People, learning.Colleague{ID: fmt.Sprint("n", i), Service: "finances"})
		}
		*now = now.AddDate(0, 1, 0)
		says("levels D4.1 finances 0-1:7 2-4:5", "needs D2.1 Voirie 0-0:5") // the 2 left are still told apart from the 5 who rose
		for i := 10; i < 12; i++ {
			passed(t, store, fmt.Sprint("p", i), 2)
		}
		*now = now.AddDate(0, 1, 0)
		says("levels D4.1 finances 0-1:5 2-4:12", "needs D2.1 Voirie 0-0:5")
	})
}

func TestOverview_namesWhoSharedWithHRByJustThat(t *testing.T) {
	team(t, func(t *testing.T, s *learning.Team, store *learningdb.Store, census *learning.Census, now *time.Time) {
		for i := range 6 {
			passed(t, store, fmt.Sprint("p", i), 2)
		}
		passed(t, store, "p11", 1, learning.Share{With: learning.HR, Since: noon})
		passed(t, store, "p11", 2)
		o, err := s.Overview(t.Context(), rh)
		ok(t, err)
		if len(o.Named) != 1 || o.Named[0].Name != "Personne 11" || len(o.Named[0].Levels) != 1 || o.Named[0].Levels["D4.1"] != 1 {
			t.Errorf("who shared is read as %+v", o.Named)
		}
		if got := sizes(o); !slices.Equal(got, []string{"levels D4.1 finances 0-1:5 2-4:7"}) {
			t.Errorf("told %q", got)
		}
		ok(t, store.Change(t.Context(), "org", "p0-2", func(e *learning.Evidence) error {
			e.Shares = []learning.Share{{With: learning.HR, Since: noon, Until: noon.Add(time.Hour)}}
			return nil
		}))
		ok(t, store.Change(t.Context(), "org", "p1-2", func(e *learning.Evidence) error {
			e.Shares = []learning.Share{{With: learning.HR, Since: noon}}
			return nil
		}))
		if o, err = s.Overview(t.Context(), rh); err != nil || len(o.Named) != 3 || len(o.Levels) != 0 {
			t.Errorf("four are left who told nothing, and they are told of: %v, %+v, %v", sizes(o), o.Named, err)
		}
		*now = noon.Add(2 * time.Hour)
		if o, err = s.Overview(t.Context(), rh); err != nil || len(o.Named) != 2 || len(o.Levels) != 0 {
			t.Errorf("after a share ended: %v, %+v, %v", sizes(o), o.Named, err)
		}
	})
}

func TestForget_leavesFiguresAndNobodyInThem(t *testing.T) {
	team(t, func(t *testing.T, s *learning.Team, store *learningdb.Store, census *learning.Census, now *time.Time) {
		for i := range 6 {
			passed(t, store, fmt.Sprint("p", i), 2)
		}
		before, err := s.Overview(t.Context(), rh)
		ok(t, err)
		ok(t, store.Forget(t.Context(), "org", "p0"))
		census.People = census.People[1:]
		*now = noon.AddDate(0, 1, 0)
		after, err := s.Overview(t.Context(), rh)
		ok(t, err)
		if len(sizes(before)) != 1 || !slices.Equal(sizes(before), sizes(after)) {
			t.Errorf("told %q, then %q", sizes(before), sizes(after))
		}
		if kept, err := store.Editions(t.Context(), "org"); err != nil || len(kept) != 2 || strings.Contains(fmt.Sprint(kept), "p0 ") || strings.Contains(fmt.Sprint(kept), "[p0") {
			t.Errorf("somebody erased is still named: %+v, %v", kept, err)
		}
		if other, err := store.Editions(t.Context(), "elsewhere"); err != nil || len(other) != 0 {
			t.Errorf("another house reads %+v, %v", other, err)
		}
	})
}
