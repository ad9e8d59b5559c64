package main

import (
	"slices"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/learning"
)

// Split, a competence leaves its evidence, the missions that cite it and what is proposed for it to those that stand for it; what is stored
// stays as it was written, and so does what is retired for nothing.
func TestWhatHangsOnACompetenceFollowsIt(t *testing.T) {
	h := built(t)
	nadia := actor.Actor{ID: "nadia", Organisation: "o", Name: "Nadia", Roles: []actor.Role{actor.Steward}}
	if err := h.competency.Plant(t.Context(), "o", h.framework); err != nil {
		t.Fatal(err)
	}
	all, err := h.competency.All(t.Context(), nadia)
	if err != nil {
		t.Fatal(err)
	}
	f := all[0].Framework
	item := func(code string) competency.ItemID {
		t.Helper()
		i := slices.IndexFunc(f.Items, func(it competency.Item) bool { return it.Code == code })
		if i < 0 {
			t.Fatalf("the framework has no %s", code)
		}
		return f.Items[i].ID
	}
	for _, code := range []string{"D4.1", "D8.4"} {
		e := learning.Evidence{ID: learning.ID("e" + code), Organisation: "o", Person: "nadia", At: time.Now(), Source: "mission:" + code, Shows: []learning.Level{{Code: code, Level: 2}},
			Checks: []learning.Check{{How: learning.Automatic, By: "mission", Version: "1", Result: "1/1", At: time.Now()}}}
		if err := h.learning.Store.Add(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.competency.Evolve(t.Context(), nadia, f.ID, item("D8.4"), competency.Turn{Kind: "retire"}); err != nil {
		t.Fatal(err)
	}
	k, err := h.competency.Evolve(t.Context(), nadia, f.ID, item("D4.1"), competency.Turn{Kind: "split", Parts: []string{"Voir une anomalie", "Mesurer la qualité"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.competency.Publish(t.Context(), nadia, f.ID, k.Revision, "Deux gestes"); err != nil {
		t.Fatal(err)
	}
	mine, err := h.learning.Mine(t.Context(), nadia)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, e := range mine {
		for _, l := range e.Shows {
			codes = append(codes, l.Code)
		}
	}
	slices.Sort(codes)
	if want := []string{"D4.6", "D4.7", "D8.4"}; !slices.Equal(codes, want) {
		t.Errorf("the evidence shows %q, want %q", codes, want)
	}
	if levels, err := h.learning.Levels(t.Context(), "o", "nadia"); err != nil || len(levels) != 3 {
		t.Errorf("got levels %v, %v", levels, err)
	}
	stored, err := h.learning.Store.(followed).Store.Find(t.Context(), "o", "eD4.1")
	if err != nil || stored.Shows[0].Code != "D4.1" {
		t.Errorf("what is stored says %v, %v", stored.Shows, err)
	}
	named, err := h.competencesByCode(t.Context(), nadia, "fr")
	if err != nil || named["D4.1"].Label != "Voir une anomalie" || named["D4.7"].Label != "Mesurer la qualité" || named["D8.4"].Label != "" {
		t.Errorf("missions name %v, %v", named, err)
	}
	for _, code := range []string{"D4.6", "D4.7"} { // the missions were written for D4.1
		if missions, err := h.situationMissions(t.Context(), nadia, []string{code}, "fr"); err != nil || len(missions) == 0 {
			t.Errorf("%d missions are proposed for %s, %v", len(missions), code, err)
		}
	}
}
