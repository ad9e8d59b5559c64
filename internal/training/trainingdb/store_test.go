package trainingdb_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/training"
	"cultured/internal/training/trainingdb"
)

var (
	ada  = actor.Actor{ID: "ada", Organisation: "o", Name: "Ada", Roles: []actor.Role{actor.Facilitator}}
	bob  = actor.Actor{ID: "bob", Organisation: "o", Name: "Bob"}
	cleo = actor.Actor{ID: "cleo", Organisation: "o", Name: "Cléo"}
	eve  = actor.Actor{ID: "eve", Organisation: "elsewhere", Name: "Eve", Roles: []actor.Role{actor.Steward}}
	noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
)

type house struct {
	*training.Service
	*db.DB
	now    time.Time
	rounds []string
	done   map[string]training.Facts // by person
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	rooms := []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "training", Files: trainingdb.Migrations}}
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		h := &house{DB: d, now: noon, done: map[string]training.Facts{}}
		now := func() time.Time { return h.now }
		store := &trainingdb.Store{DB: d, Now: now, Check: func(_ context.Context, _ *sql.Tx, organisation string) error {
			h.rounds = append(h.rounds, organisation)
			return nil
		}}
		shipped := resource("https://shipped.example/")
		shipped.ID, shipped.State = "shipped", training.Accepted
		h.Service = &training.Service{Shipped: []training.Resource{shipped}, Resources: store, Follows: store, Links: store, Paths: store, Cohorts: store, Now: now,
			Known: func(_ context.Context, _, person string) (training.Facts, error) { return h.done[person], nil },
			Colleague: func(_ context.Context, _ actor.Actor, _, email string) (string, error) {
				return strings.TrimSuffix(email, "@o"), nil
			}}
		fn(t, h)
	})
}

func resource(address string) training.Resource {
	return training.Resource{Title: training.Words{FR: "Guide"}, Summary: training.Words{FR: "On y apprend."}, Address: address, Kind: "guide", Format: "page",
		Level: 1, Audience: "everyone", Languages: []string{"fr"}, Competences: []string{"D4.1"}}
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

func (h *house) look(t *testing.T, by actor.Actor, of training.ResourceID) training.Entry {
	t.Helper()
	e, err := h.Look(t.Context(), by, of)
	ok(t, err)
	return e
}

func TestAProposalIsSeenByWhoMadeItAndWhoReviewsUntilAccepted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id, err := h.Propose(t.Context(), bob, resource("https://guide.example/a"))
		ok(t, err)
		if e := h.look(t, bob, id); e.State != training.Proposed || e.By != "bob" {
			t.Errorf("got %+v", e)
		}
		_, err = h.Look(t.Context(), cleo, id)
		want(t, err, "training.no_resource")
		_, err = h.Propose(t.Context(), cleo, resource("http://www.guide.example/a/"))
		want(t, err, "training.known_waiting")
		want(t, h.Decide(t.Context(), bob, id, training.Decision{State: training.Accepted, Opened: 1}), "training.reviewers_only")
		want(t, h.Decide(t.Context(), eve, id, training.Decision{State: training.Accepted, Opened: 1}), "training.no_resource")
		want(t, h.Decide(t.Context(), ada, id, training.Decision{State: training.Refused, Opened: 1}), "training.reason_missing")
		want(t, h.Decide(t.Context(), ada, id, training.Decision{State: training.Retired, Reason: "x", Opened: 1}), "training.moved")
		ok(t, h.Decide(t.Context(), ada, id, training.Decision{State: training.Refused, Reason: "Payant.", Opened: 1}))
		if e := h.look(t, bob, id); e.Reason != "Payant." {
			t.Error("who proposed it does not read why it was refused")
		}
		again := resource("https://guide.example/b")
		again.ID = id
		ok(t, h.Edit(t.Context(), bob, again, 2))
		if e := h.look(t, bob, id); e.State != training.Proposed || e.Reason != "" {
			t.Errorf("what was refused and mended waits again: got %+v", e)
		}
		want(t, h.Edit(t.Context(), bob, again, 2), "training.moved")
		ok(t, h.Decide(t.Context(), ada, id, training.Decision{State: training.Accepted, Opened: 3}))
		if e := h.look(t, cleo, id); e.Reviewer != "ada" || !e.Reviewed.Equal(noon) {
			t.Errorf("got %+v", e)
		}
		want(t, h.Edit(t.Context(), bob, again, 4), "training.reviewers_only")
		_, err = h.Propose(t.Context(), cleo, resource("https://guide.example/b"))
		want(t, err, "training.known_address")
	})
}

func TestWhatShipsIsChangedForOneOrganisation(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ok(t, h.Decide(t.Context(), ada, "shipped", training.Decision{State: training.Accepted, Opened: 0}))
		if e := h.look(t, bob, "shipped"); e.Revision != 1 || e.Reviewer != "ada" {
			t.Errorf("got %+v", e)
		}
		if e := h.look(t, eve, "shipped"); e.Revision != 0 || !e.Reviewed.IsZero() {
			t.Errorf("another organisation has %+v", e)
		}
		ok(t, h.Decide(t.Context(), ada, "shipped", training.Decision{State: training.Retired, Reason: "Dépassé.", Opened: 1}))
		list, err := h.Inventory(t.Context(), bob)
		ok(t, err)
		if len(list) != 0 {
			t.Errorf("what was retired is there: %+v", list)
		}
		_, err = h.Propose(t.Context(), bob, resource("https://shipped.example"))
		ok(t, err) // may come back
	})
}

func TestWhoFollowedIsTheirsAlone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		want(t, h.Follow(t.Context(), bob, "shipped", " ", true), "training.nothing_to_share")
		want(t, h.Follow(t.Context(), bob, "nowhere", "", false), "training.no_resource")
		ok(t, h.Follow(t.Context(), bob, "shipped", "Je vérifie les codes.", false))
		if e := h.look(t, ada, "shipped"); e.Mine != nil || len(e.Shared) != 0 || e.Followers != 0 {
			t.Errorf("a colleague sees %+v", e)
		}
		ok(t, h.Follow(t.Context(), bob, "shipped", "Je vérifie les codes.", true))
		if e := h.look(t, ada, "shipped"); len(e.Shared) != 1 || e.Shared[0].Person != "bob" || e.Followers != 0 {
			t.Errorf("got %+v", e)
		}
		for i := range 5 {
			ok(t, h.Follow(t.Context(), actor.Actor{ID: fmt.Sprint("p", i), Organisation: "o"}, "shipped", "", false))
		}
		if e := h.look(t, ada, "shipped"); e.Followers != 5 {
			t.Errorf("of six, %d are told of, want 5", e.Followers)
		}
		if e := h.look(t, eve, "shipped"); e.Followers != 0 || len(e.Shared) != 0 {
			t.Errorf("another organisation sees %+v", e)
		}
		ok(t, h.Unfollow(t.Context(), bob, "shipped"))
		ok(t, h.Service.Follows.Forget(t.Context(), "o", "p0"))
		if e := h.look(t, bob, "shipped"); e.Mine != nil || e.Followers != 0 || len(e.Shared) != 0 {
			t.Errorf("got %+v", e)
		}
		events, err := outbox.Of(t.Context(), h.DB, "o", "resource:shipped", 10)
		ok(t, err)
		if len(events) != 0 {
			t.Error("the log of the organisation says who followed what")
		}
	})
}

func TestLinksAreCheckedWhenDueAndNothingIsBlocked(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		links := h.Service.Links
		ok(t, links.Begin(t.Context(), "o", noon))
		ok(t, links.Begin(t.Context(), "o", noon.Add(-time.Hour)))
		ok(t, links.Round(t.Context(), noon.Add(-time.Minute), noon))
		for range 2 { // a second replica
			ok(t, links.Round(t.Context(), noon, noon.Add(training.RoundEach)))
		}
		if !slices.Equal(h.rounds, []string{"o"}) {
			t.Fatalf("rounds %v, want one", h.rounds)
		}
		asked := 0
		check := func(o training.Outcome) {
			t.Helper()
			ok(t, h.CheckLinks(t.Context(), "o", func(context.Context, string) training.Outcome { asked++; return o }, func(int, int) {}))
		}
		check(training.Dead)
		check(training.Reached) // too soon
		if e := h.look(t, bob, "shipped"); asked != 1 || e.Link.Outcome != training.Dead || e.State != training.Accepted {
			t.Errorf("asked %d times, got %+v", asked, e)
		}
		h.now = noon.Add(training.LinkRetry)
		check(training.Reached)
		if e := h.look(t, bob, "shipped"); e.Link.Outcome != training.Reached || !e.Link.At.Equal(h.now) {
			t.Errorf("got %+v", e.Link)
		}
		moved := resource("https://moved.example/")
		moved.ID = "shipped"
		ok(t, h.Edit(t.Context(), ada, moved, 0))
		if e := h.look(t, bob, "shipped"); e.Link.Outcome != "" {
			t.Error("a new address has the outcome of the old one")
		}
		if e := h.look(t, eve, "shipped"); e.Link.Outcome != "" {
			t.Error("another organisation sees what was found")
		}
	})
}

func TestSave_ofTenAtOnceOneWins(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for range 10 {
			wg.Go(func() {
				err := h.Decide(t.Context(), ada, "shipped", training.Decision{State: training.Accepted, Opened: 0})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if !fault.Is(err, "training.moved") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Errorf("%d won, want one", won)
		}
	})
}
