package recognitiondb_test

import (
	"context"
	"sync"
	"testing"
	"time"

	badgefiles "cultured/content/badges"
	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/recognition"
	"cultured/internal/recognition/recognitiondb"
)

var (
	admin = actor.Actor{ID: "grace", Organisation: "o", Name: "Grace", Roles: []actor.Role{actor.Admin}}
	agent = actor.Actor{ID: "ada", Organisation: "o", Name: "Ada", Email: "ada@valmoret.example"}
	noon  = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
)

// A world is the room on one database, with a clock.
type world struct {
	*recognition.Service
	d     *db.DB
	now   time.Time
	shown map[string]recognition.Proven // of everybody
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	rooms := []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "recognition", Files: recognitiondb.Migrations}}
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		w := &world{d: d, now: noon}
		now := func() time.Time { return w.now }
		store := &recognitiondb.Store{DB: d, Now: now}
		offers, err := recognition.LoadOffers(badgefiles.Files)
		ok(t, err)
		w.Service = &recognition.Service{Keys: store, Badges: store, Requests: store, Endorsements: store, Offers: offers, Proven: w.proven, Items: w.items, Holder: w.holder, ByEmail: w.byEmail, Secret: recognition.Secret("a secret of this test, long enough"), Base: "https://donnees.example", Now: now, Next: recognition.Nothing{},
			Name: func(_ context.Context, organisation string) (string, string, error) {
				switch organisation {
				case "", "o":
					return "o", "Valmoret", nil
				case "p":
					return "p", "Ailleurs", nil
				}
				return "", "", fault.New(fault.NotFound, "recognition.no_issuer")
			}}
		fn(t, w)
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

func TestIssuer_makesItsFirstKeyOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				if i, err := w.Issuer(t.Context(), "o"); err != nil || len(i.Keys) != 1 {
					t.Errorf("got %d keys, %v", len(i.Keys), err)
				}
			})
		}
		group.Wait()
		i, err := w.Issuer(t.Context(), "")
		ok(t, err)
		if len(i.Keys) != 1 || i.ID() != "did:web:donnees.example:issuers:o" || i.Name != "Valmoret" || !i.Keys[0].Signs() {
			t.Errorf("got %+v", i)
		}
		other, err := w.Issuer(t.Context(), "p")
		ok(t, err)
		if other.Keys[0].Public == i.Keys[0].Public {
			t.Error("two organisations share a key")
		}
		_, err = w.Issuer(t.Context(), "q")
		want(t, err, "recognition.no_issuer")
		if keys, err := w.Keys.Keys(t.Context(), "q"); err != nil || len(keys) != 0 {
			t.Errorf("a key was made for an organisation that is none: %v, %v", keys, err)
		}
	})
}

func TestTurn_ofEightClicksOneTurnsTheKey(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		before, err := w.Issuer(t.Context(), "o")
		ok(t, err)
		old := before.Keys[0].Public
		want(t, w.Turn(t.Context(), actor.Actor{}, old), "recognition.sign_in")
		want(t, w.Turn(t.Context(), agent, old), "recognition.admins_only")
		w.now = noon.Add(time.Hour)
		var group sync.WaitGroup
		var mu sync.Mutex
		turned := 0
		for range 8 {
			group.Go(func() {
				err := w.Turn(t.Context(), admin, old)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					turned++
				} else if !fault.Is(err, "recognition.key_moved") {
					t.Error(err)
				}
			})
		}
		group.Wait()
		after, err := w.Issuer(t.Context(), "o")
		ok(t, err)
		if turned != 1 || len(after.Keys) != 2 || after.Keys[1].Public != old || !after.Keys[0].Signs() || !after.Keys[1].Until.Equal(w.now) || !after.Keys[1].Since.Equal(noon) {
			t.Errorf("%d turned: got %+v", turned, after.Keys)
		}
		events, err := outbox.Of(t.Context(), w.d, "o", "issuer:o", 10)
		ok(t, err)
		if len(events) != 2 || events[0].Verb != "recognition.log_key_turned" {
			t.Errorf("got %+v", events)
		}
	})
}
