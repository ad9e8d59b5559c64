package situationdb_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/situation"
	"cultured/internal/situation/situationdb"
)

var (
	ada   = actor.Actor{ID: "ada", Organisation: "o", Name: "Ada", Roles: []actor.Role{actor.Facilitator}}
	agent = actor.Actor{ID: "bob", Organisation: "o", Name: "Bob"}
	eve   = actor.Actor{ID: "eve", Organisation: "elsewhere", Name: "Eve", Roles: []actor.Role{actor.Steward}}
	noon  = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
)

func each(t *testing.T, fn func(t *testing.T, s *situation.Service, d *db.DB)) {
	t.Helper()
	rooms := []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "situation", Files: situationdb.Migrations}}
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		now := func() time.Time { return noon }
		fn(t, testService(d, now), d)
	})
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, err error, key string) {
	t.Helper()
	if !fault.Is(err, key) {
		t.Fatalf("got %v, want %s", err, key)
	}
}

func make1(t *testing.T, s *situation.Service, one situation.Situation) situation.Situation {
	t.Helper()
	ids, err := s.Create(t.Context(), ada, one)
	ok(t, err)
	one, _, err = s.Look(t.Context(), agent, ids[0])
	ok(t, err)
	return one
}

func look(t *testing.T, s *situation.Service, of situation.ID) situation.Situation {
	t.Helper()
	one, _, err := s.Look(t.Context(), agent, of)
	ok(t, err)
	return one
}

func TestARecordIsItsOrganisations(t *testing.T) {
	each(t, func(t *testing.T, s *situation.Service, _ *db.DB) {
		one := make1(t, s, situation.Situation{Kind: situation.Usage, Title: " Suivre les impayés ", Links: []situation.Link{{Competence: "c", Standing: situation.Needed}}})
		if one.Title != "Suivre les impayés" || one.Revision != 1 || len(one.Links) != 1 {
			t.Errorf("got %+v", one)
		}
		_, _, err := s.Look(t.Context(), eve, one.ID)
		want(t, err, "situation.not_found")
		want(t, s.Save(t.Context(), eve, one, 1), "situation.not_found")
		want(t, s.Retire(t.Context(), eve, true, one.ID), "situation.not_found")
		want(t, s.Undo(t.Context(), eve, one.ID, 1), "situation.not_found")
		list, err := s.All(t.Context(), eve)
		ok(t, err)
		if len(list) != 0 {
			t.Errorf("another organisation sees %d records", len(list))
		}
		_, err = s.Create(t.Context(), agent, one)
		want(t, err, "situation.editors_only")
		want(t, s.Save(t.Context(), actor.Actor{}, one, 1), "situation.sign_in_first")
	})
}

func TestSave_keepsWhereItComesFromAndRefusesWhatMoved(t *testing.T) {
	each(t, func(t *testing.T, s *situation.Service, d *db.DB) {
		origin := situation.Origin{Session: "s", Title: "Atelier", Theme: "Suivi", Cards: []situation.Card{{Number: 4, Text: "a"}, {Number: 7, Text: "b"}}}
		one := make1(t, s, situation.Situation{Kind: situation.Usage, Title: "Suivre", Origin: origin})
		mine := one
		mine.Title, mine.Origin = "Suivre les impayés", situation.Origin{}
		ok(t, s.Save(t.Context(), ada, mine, 1))
		got := look(t, s, one.ID)
		if got.Title != mine.Title || got.Mentions() != 2 || got.Origin.Session != "s" || got.Revision != 2 {
			t.Errorf("got %+v", got)
		}
		want(t, s.Save(t.Context(), ada, mine, 1), "situation.moved")
		ok(t, s.Save(t.Context(), ada, mine, 2)) // as it was: no act
		_, log, err := s.Look(t.Context(), agent, one.ID)
		ok(t, err)
		if len(log) != 2 || log[0].Verb != "situation.log_saved" || log[0].Person != "ada" || log[1].State.Title != "Suivre" {
			t.Errorf("got %+v", log)
		}
		events, err := outbox.Of(t.Context(), d, "o", "situation:"+string(one.ID), 10)
		ok(t, err)
		if len(events) != 2 {
			t.Errorf("got %d events, want one an act", len(events))
		}
	})
}

func TestUndo_twiceIsAsItWas(t *testing.T) {
	each(t, func(t *testing.T, s *situation.Service, _ *db.DB) {
		one := make1(t, s, situation.Situation{Kind: situation.Need, Title: "Premier"})
		one.Title = "Second"
		ok(t, s.Save(t.Context(), ada, one, 1))
		want(t, s.Undo(t.Context(), ada, one.ID, 1), "situation.moved")
		ok(t, s.Undo(t.Context(), ada, one.ID, 2))
		if got := look(t, s, one.ID); got.Title != "Premier" || got.Revision != 3 {
			t.Errorf("got %q at %d", got.Title, got.Revision)
		}
		ok(t, s.Undo(t.Context(), ada, one.ID, 3))
		if got := look(t, s, one.ID); got.Title != "Second" {
			t.Errorf("got %q", got.Title)
		}
		fresh := make1(t, s, situation.Situation{Kind: situation.Need, Title: "Seul"})
		ok(t, s.Undo(t.Context(), ada, fresh.ID, 1))
		if !look(t, s, fresh.ID).Retired {
			t.Error("what was never anything else should be retired")
		}
	})
}

func TestMerge_losesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *situation.Service, _ *db.DB) {
		into := make1(t, s, situation.Situation{Kind: situation.Usage, Title: "Suivre", Links: []situation.Link{{Competence: "c", Standing: situation.Needed}}})
		from := make1(t, s, situation.Situation{Kind: situation.Usage, Title: "Relancer", Owner: "Nadia", Links: []situation.Link{{Competence: "d", Standing: situation.Held}, {Competence: "c", Standing: situation.Needed}},
			Origin: situation.Origin{Session: "s", Title: "Atelier", Cards: []situation.Card{{Number: 1, Text: "x"}, {Number: 2, Text: "y"}}}})
		want(t, s.Merge(t.Context(), ada, into.ID, into.ID), "situation.merge_itself")
		ok(t, s.Merge(t.Context(), ada, from.ID, into.ID))
		got, gone := look(t, s, into.ID), look(t, s, from.ID)
		if got.Mentions() != 3 || len(got.Links) != 2 || got.Owner != "Nadia" || got.Origin.Session != "s" {
			t.Errorf("got %+v", got)
		}
		if !gone.Retired || gone.Into != into.ID {
			t.Errorf("got %+v", gone)
		}
		want(t, s.Merge(t.Context(), ada, from.ID, into.ID), "situation.merge_retired")
	})
}

func TestFollow_movesWhatHangsOnACompetence(t *testing.T) {
	each(t, func(t *testing.T, s *situation.Service, _ *db.DB) {
		one := make1(t, s, situation.Situation{Kind: situation.Usage, Title: "Suivre", Links: []situation.Link{{Competence: "old", Standing: situation.Develop}}})
		for range 2 { // events may come twice
			ok(t, s.Follow(t.Context(), "o", "old", []competency.ItemID{"a", "b"}))
		}
		got := look(t, s, one.ID)
		if !slices.Equal(got.Links, []situation.Link{{Competence: "a", Standing: situation.Develop}, {Competence: "b", Standing: situation.Develop}}) || got.Revision != 2 {
			t.Errorf("got %v at %d", got.Links, got.Revision)
		}
		ok(t, s.Follow(t.Context(), "elsewhere", "a", nil))
		if got := look(t, s, one.ID); len(got.Links) != 2 {
			t.Error("another organisation's competence was followed")
		}
	})
}

func TestSave_ofTwentyAtOnceOneWins(t *testing.T) {
	each(t, func(t *testing.T, s *situation.Service, _ *db.DB) {
		one := make1(t, s, situation.Situation{Kind: situation.Usage, Title: "Suivre"})
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for i := range 20 {
			wg.Go(func() {
				mine := one
				mine.Title = fmt.Sprintf("Titre %d", i)
				err := s.Save(t.Context(), ada, mine, 1)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if !fault.Is(err, "situation.moved") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := look(t, s, one.ID); won != 1 || got.Revision != 2 {
			t.Errorf("%d won, revision %d: want one, and 2", won, got.Revision)
		}
	})
}

// testService is the room over a database, in an organisation with two services and two datasets of which Bob sees one.
func testService(d *db.DB, now func() time.Time) *situation.Service {
	store := &situationdb.Store{DB: d, Now: now}
	return &situation.Service{Store: store, Actions: store, Now: now,
		Services: func(_ context.Context, by actor.Actor) ([]situation.Named, error) {
			if by.Organisation != "o" {
				return nil, nil
			}
			return []situation.Named{{ID: "u1", Name: "Voirie"}, {ID: "u2", Name: "Cantines"}}, nil
		},
		Datasets: func(_ context.Context, by actor.Actor) ([]situation.Named, error) {
			switch {
			case by.Organisation != "o":
				return nil, nil
			case by.ID == "bob":
				return []situation.Named{{ID: "d1", Name: "Impayés"}}, nil
			}
			return []situation.Named{{ID: "d1", Name: "Impayés"}, {ID: "d2", Name: "Paie"}}, nil
		}}
}
