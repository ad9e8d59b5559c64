package main

import (
	"testing"

	"cultured/internal/competency"
	"cultured/internal/learning"
	"cultured/internal/situation"
)

func TestAsks_countsAMentionOnceForEachCompetenceItAsksFor(t *testing.T) {
	codes := map[competency.ItemID]string{"a": "D1.1", "b": "D2.1", "c": "D3.1"}
	links := []situation.Link{{Competence: "a", Standing: situation.Needed}, {Competence: "a", Standing: situation.Develop}, {Competence: "b", Standing: situation.Held}, {Competence: "gone", Standing: situation.Needed}}
	var c learning.Census
	asks(&c, situation.Situation{ID: "s", Title: "Suivre", Service: "Voirie", Links: links, Action: "Former", Owner: "Mme M.", Due: "2027-01-31", Origin: situation.Origin{Cards: make([]situation.Card, 3)}}, codes)
	asks(&c, situation.Situation{ID: "d", Unit: "u1", Service: "", Links: links[:1], Action: "Déjà fait", Done: "2026-01-01"}, codes)
	asks(&c, situation.Situation{ID: "r", Links: links, Retired: true, Action: "Former"}, codes)
	want := []learning.Ask{{Key: "s#0", Code: "D1.1", Service: "Voirie"}, {Key: "s#1", Code: "D1.1", Service: "Voirie"}, {Key: "s#2", Code: "D1.1", Service: "Voirie"}, {Key: "d#0", Code: "D1.1", Service: "u1"}}
	if len(c.Asks) != len(want) {
		t.Fatalf("asked: %+v", c.Asks)
	}
	for i := range want {
		if c.Asks[i] != want[i] {
			t.Errorf("ask %d: %+v, want %+v", i, c.Asks[i], want[i])
		}
	}
	if len(c.Decisions) != 1 || c.Decisions[0] != (learning.Decision{Code: "D1.1", Title: "Suivre", Path: "/situations/s", Action: "Former", Owner: "Mme M.", Due: "2027-01-31"}) {
		t.Errorf("decided: %+v", c.Decisions)
	}
}
