package main

import (
	"testing"

	"cultured/internal/actor"
	"cultured/internal/situation"
)

func TestTheFoundingWorkshopIsTakenUpWithItsCompetences(t *testing.T) {
	h := built(t)
	who := actor.Actor{ID: "ada", Organisation: "o", Roles: []actor.Role{actor.Facilitator}}
	if err := h.competency.Plant(t.Context(), "o", h.framework); err != nil {
		t.Fatal(err)
	}
	if err := h.demonstrateWorkshop(t.Context(), map[string]actor.Actor{"ada": who}); err != nil {
		t.Fatal(err)
	}
	list, err := h.situation.All(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	count := map[situation.Kind]int{}
	for _, s := range list {
		count[s.Kind]++
		if len(s.Links) == 0 {
			t.Errorf("%q is linked to no competence", s.Title)
		}
		for _, l := range s.Links {
			if _, _, err := h.competency.Find(t.Context(), who, l.Competence); err != nil {
				t.Errorf("%q: %v", s.Title, err)
			}
		}
	}
	if len(list) != 82 {
		t.Errorf("got %v, %d in all, want the 82 contributions", count, len(list))
	}
}
