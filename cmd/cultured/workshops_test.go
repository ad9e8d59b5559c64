package main

import (
	"testing"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/learning"
	"cultured/internal/workshop"
	"cultured/internal/workshop/workshopweb"
)

// Taking part becomes one piece of evidence, of the person who claims it, that shows no competence and that no colleague reads.
func TestAttendanceIsEvidence(t *testing.T) {
	h := built(t)
	grace := actor.Actor{ID: "grace", Organisation: "o", Roles: []actor.Role{actor.Facilitator}}
	ada, bob := actor.Actor{ID: "ada", Organisation: "o"}, actor.Actor{ID: "bob", Organisation: "o", Roles: []actor.Role{actor.HR}}
	sess, err := h.workshop.Create(t.Context(), grace, "simple", "Nos données")
	if err != nil {
		t.Fatal(err)
	}
	hand := workshop.Hand{Secret: "ada's telephone", Session: sess.ID}
	if _, err := h.workshop.Do(t.Context(), sess, hand, workshop.Op{Kind: workshop.Join, Text: "Ada", Key: "1"}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.workshop.Do(t.Context(), sess, workshop.Hand{Facilitator: true}, workshop.Op{Kind: workshop.Close, Key: "2"}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := h.workshop.Claim(t.Context(), ada, sess, hand, ""); err != nil {
			t.Fatal(err)
		}
	}
	mine, err := h.learning.Mine(t.Context(), ada)
	if err != nil || len(mine) != 1 {
		t.Fatalf("got %v, %v, want one piece of evidence", mine, err)
	}
	e := mine[0]
	if e.Artefact.Kind != learning.Event || e.Artefact.Title.In("fr") != "Nos données" || !e.Verified() || len(e.Shows) != 0 {
		t.Errorf("got %+v", e)
	}
	if _, err := h.learning.Look(t.Context(), bob, e.ID); err == nil {
		t.Error("a colleague reads it")
	}
	if levels, err := h.learning.Levels(t.Context(), "o", "ada"); err != nil || len(levels) != 0 {
		t.Errorf("being there raised levels: %v, %v", levels, err)
	}
	if at, err := h.workshop.Attended.Find(t.Context(), ada, sess.ID); err != nil || at != "/learning/evidence/"+string(e.ID) {
		t.Errorf("leads to %q, %v", at, err)
	}
	if err := h.workshop.Claim(t.Context(), bob, sess, hand, ""); err == nil {
		t.Error("two people claim one seat")
	}
}

// A dataset that a workshop was kept as stands where its owner left it: shown, not shown to a colleague, or no more.
func TestTheShelfSaysHowADatasetStands(t *testing.T) {
	h := built(t)
	if err := h.queue.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	shelf := workshopShelf{h}
	nadia := actor.Actor{ID: "nadia", Organisation: "o", Name: "Nadia", Roles: []actor.Role{actor.Facilitator}}
	hugo := actor.Actor{ID: "hugo", Organisation: "o", Name: "Hugo", Roles: []actor.Role{actor.Facilitator}}
	of, err := shelf.Keep(t.Context(), nadia, workshopweb.Table{Name: "cartes.csv", CSV: []byte("card,text\n1,Compter les vélos\n"), Columns: []workshopweb.Column{{Name: "text", Description: "Texte"}}})
	if err != nil {
		t.Fatal(err)
	}
	look := func(by actor.Actor, want workshopweb.Standing) {
		t.Helper()
		if got, err := shelf.Look(t.Context(), by, of); err != nil || got != want {
			t.Errorf("before %s: got %+v, %v, want %+v", by.Name, got, err, want)
		}
	}
	look(nadia, workshopweb.Standing{There: true, Seen: true, Owner: "Nadia"})
	look(hugo, workshopweb.Standing{There: true, Owner: "Nadia"})
	look(actor.Actor{ID: "eve", Organisation: "elsewhere", Name: "Eve"}, workshopweb.Standing{})
	d, err := h.dataset.Find(t.Context(), nadia, dataset.ID(of))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.dataset.Delete(t.Context(), nadia, d.ID, d.Title); err != nil {
		t.Fatal(err)
	}
	look(nadia, workshopweb.Standing{})
}
