package situationdb_test

import (
	"slices"
	"strings"
	"testing"

	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/db"
	"cultured/internal/situation"
)

func TestAnActionFromDecisionToDone(t *testing.T) {
	each(t, func(t *testing.T, s *situation.Service, _ *db.DB) {
		_, err := s.Decide(t.Context(), agent, situation.Action{Competence: "c", What: "Former", Owner: "Ada", Due: "2026-03-01"})
		want(t, err, "situation.editors_only")
		_, err = s.Decide(t.Context(), ada, situation.Action{})
		for _, key := range []string{"situation.no_gap", "situation.what_missing", "situation.owner_missing", "situation.due_missing"} {
			if err == nil || !strings.Contains(err.Error(), key) {
				t.Fatalf("got %v, want %s", err, key)
			}
		}
		_, err = s.Decide(t.Context(), ada, situation.Action{Competence: "c", What: "x", Owner: "y", Due: "demain"})
		want(t, err, "situation.bad_day")
		id, err := s.Decide(t.Context(), ada, situation.Action{Competence: "c", Service: "u1", What: " Former ", Owner: "Ada", Due: "2026-03-01"})
		ok(t, err)
		of := make1(t, s, situation.Situation{Kind: situation.Usage, Title: "Relancer", Unit: "u2", Action: "Écrire un guide", Owner: "Bob"})
		at := func(want ...situation.Progress) []situation.Action {
			t.Helper()
			list, err := s.Plan(t.Context(), agent, "2026-03-02")
			ok(t, err)
			var got []situation.Progress
			for _, a := range list {
				got = append(got, a.At("2026-03-02"))
			}
			if !slices.Equal(got, want) {
				t.Fatalf("got %v, want %v", got, want)
			}
			return list
		}
		list := at(situation.Late, situation.Open)
		if list[0].What != "Former" || list[1].Situation != of.ID || list[1].Service != "u2" {
			t.Errorf("got %+v", list)
		}
		want(t, s.Settle(t.Context(), agent, list[0], situation.Done), "situation.editors_only")
		want(t, s.Settle(t.Context(), ada, list[1], situation.Dropped), "situation.bad_progress")
		want(t, s.Settle(t.Context(), eve, list[0], situation.Done), "situation.no_action")
		ok(t, s.Settle(t.Context(), ada, list[0], situation.Done))
		ok(t, s.Settle(t.Context(), ada, list[0], situation.Done))
		ok(t, s.Settle(t.Context(), ada, list[1], situation.Done))
		at(situation.Done, situation.Done)
		ok(t, s.Settle(t.Context(), ada, list[0], situation.Dropped))
		at(situation.Done, situation.Dropped)
		ok(t, s.Settle(t.Context(), ada, list[0], situation.Open))
		list = at(situation.Late, situation.Done)
		mine := list[0]
		mine.What = "Former deux fois"
		ok(t, s.Rewrite(t.Context(), ada, mine))
		want(t, s.Rewrite(t.Context(), ada, mine), "situation.moved")
		if a, err := s.Action(t.Context(), agent, id); err != nil || a.What != "Former deux fois" || a.Done != "" {
			t.Errorf("got %+v, %v", a, err)
		}
		if none, err := s.Plan(t.Context(), eve, "2026-03-02"); err != nil || len(none) != 0 {
			t.Errorf("another organisation sees %+v, %v", none, err)
		}
	})
}

func TestAServiceIsFollowedWhereItGoes(t *testing.T) {
	each(t, func(t *testing.T, s *situation.Service, _ *db.DB) {
		one := make1(t, s, situation.Situation{Kind: situation.Usage, Title: "Suivre", Unit: "u1", Service: "Régie"})
		id, err := s.Decide(t.Context(), ada, situation.Action{Competence: "c", Service: "u1", What: "x", Owner: "y", Due: "2026-03-01"})
		ok(t, err)
		for range 2 {
			ok(t, s.Move(t.Context(), "o", "u1", "u2"))
		}
		a, err := s.Action(t.Context(), ada, id)
		ok(t, err)
		if got := look(t, s, one.ID); got.Unit != "u2" || got.Revision != 2 || a.Service != "u2" {
			t.Errorf("got %+v and %+v", got, a)
		}
		ok(t, s.Move(t.Context(), "o", "u2", ""))
		if got := look(t, s, one.ID); got.Place() != "Régie" {
			t.Errorf("got %+v", got)
		}
	})
}

// An action decided about a competence goes to the first of its successors, once, in its organisation; without one it stays.
func TestAnActionFollowsItsCompetence(t *testing.T) {
	each(t, func(t *testing.T, s *situation.Service, _ *db.DB) {
		of, err := s.Decide(t.Context(), ada, situation.Action{Competence: "old", What: "x", Owner: "y", Due: "2026-03-01"})
		ok(t, err)
		check := func(competence competency.ItemID, revision int) {
			t.Helper()
			if a, err := s.Action(t.Context(), ada, of); err != nil || a.Competence != competence || a.Revision != revision {
				t.Errorf("got %+v, %v, want %s at revision %d", a, err, competence, revision)
			}
		}
		ok(t, s.Follow(t.Context(), "o", "old", nil))
		ok(t, s.Follow(t.Context(), "elsewhere", "old", []competency.ItemID{"c"}))
		check("old", 1)
		for range 2 {
			ok(t, s.Follow(t.Context(), "o", "old", []competency.ItemID{"a", "b"}))
		}
		check("a", 2)
	})
}

func TestASituationRefersToWhatExistsAndMayBeSeen(t *testing.T) {
	each(t, func(t *testing.T, s *situation.Service, _ *db.DB) {
		_, err := s.Create(t.Context(), ada, situation.Situation{Kind: situation.Usage, Title: "x", Unit: "elsewhere"})
		want(t, err, "situation.no_unit")
		_, err = s.Create(t.Context(), ada, situation.Situation{Kind: situation.Usage, Title: "x", Datasets: []string{"d1", "gone"}})
		want(t, err, "situation.no_dataset")
		one := make1(t, s, situation.Situation{Kind: situation.Usage, Title: "x", Datasets: []string{"d2", "d2", ""}})
		bob := agent
		bob.Roles = []actor.Role{actor.Facilitator}
		one.Title = "y"
		ok(t, s.Save(t.Context(), bob, one, 1)) // he does not see it, and leaves it
		one.Datasets = append(one.Datasets, "d1")
		ok(t, s.Save(t.Context(), bob, one, 2))
		if got := look(t, s, one.ID); !slices.Equal(got.Datasets, []string{"d2", "d1"}) {
			t.Errorf("got %q", got.Datasets)
		}
		all, err := s.All(t.Context(), ada)
		ok(t, err)
		if got := (situation.Filter{Dataset: "d1"}).Keep(all, func(s string) string { return s }); len(got) != 1 {
			t.Errorf("the filter keeps %+v", got)
		}
	})
}
