package outbox_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/outbox"
)

var rooms = []db.Migration{{Room: "outbox", Files: outbox.Migrations}}

var (
	ada  = actor.Actor{ID: "ada", Organisation: "o", Name: "Ada"}
	bob  = actor.Actor{ID: "bob", Organisation: "o", Name: "Bob"}
	eve  = actor.Actor{ID: "eve", Organisation: "elsewhere", Name: "Eve"}
	noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
)

func write(t *testing.T, d *db.DB, by actor.Actor, verb, subject string) {
	t.Helper()
	err := db.Change(t.Context(), d, func(tx *sql.Tx) error {
		return outbox.Write(t.Context(), tx, outbox.Entry{At: noon, By: by, Verb: verb, Subject: subject})
	})
	if err != nil {
		t.Error(err)
	}
}

// An ear is a subscriber that notes what it hears and fails once at each of the numbers in fails.
type ear struct {
	mu    sync.Mutex
	heard []int64
	fails []int64
}

var errEar = errors.New("not now")

func (e *ear) hear(_ context.Context, event outbox.Event) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if i := slices.Index(e.fails, event.Seq); i >= 0 {
		e.fails = slices.Delete(e.fails, i, i+1)
		return errEar
	}
	e.heard = append(e.heard, event.Seq)
	return nil
}

func upTo(n int64) (list []int64) {
	for i := range n {
		list = append(list, i+1)
	}
	return list
}

func TestDeliver_tellsEachSubscriberEverythingInOrder(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		for range 250 { // more than one batch
			write(t, d, ada, "test.done", "test:1")
		}
		var first, second ear
		for range 3 {
			if err := outbox.Deliver(t.Context(), d, "first", first.hear); err != nil {
				t.Fatal(err)
			}
		}
		write(t, d, bob, "test.done", "test:2")
		for range 4 {
			if err := errors.Join(outbox.Deliver(t.Context(), d, "first", first.hear), outbox.Deliver(t.Context(), d, "second", second.hear)); err != nil {
				t.Fatal(err)
			}
		}
		for name, e := range map[string]*ear{"first": &first, "second": &second} {
			if !slices.Equal(e.heard, upTo(251)) {
				t.Errorf("%s: got %d events, want 1 to 251 in order: %v", name, len(e.heard), e.heard)
			}
		}
	})
}

func TestDeliver_stopsAtAFailureAndTriesItAgain(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		for range 5 {
			write(t, d, ada, "test.done", "test:1")
		}
		e := ear{fails: []int64{1, 3, 3}}
		for i, want := range [][]int64{nil, {1, 2}, {1, 2}, {1, 2, 3, 4, 5}} {
			err := outbox.Deliver(t.Context(), d, "s", e.hear)
			if failed := i < 3; errors.Is(err, errEar) != failed || !slices.Equal(e.heard, want) {
				t.Errorf("round %d: got %v, %v; want %v", i+1, e.heard, err, want)
			}
		}
		if err := outbox.Deliver(t.Context(), d, "s", e.hear); err != nil || len(e.heard) != 5 {
			t.Errorf("with nothing new: got %v, %v", e.heard, err)
		}
	})
}

func TestDeliver_afterACrashSaysItAgain(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		for range 3 {
			write(t, d, ada, "test.done", "test:1")
		}
		var e ear
		ctx, cancel := context.WithCancel(t.Context())
		err := outbox.Deliver(ctx, d, "s", func(ctx context.Context, event outbox.Event) error {
			if event.Seq == 2 {
				cancel() // the process ends before the cursor is stored
			}
			return e.hear(ctx, event)
		})
		if err == nil {
			t.Error("the cursor was stored after the end")
		}
		if err := outbox.Deliver(t.Context(), d, "s", e.hear); err != nil {
			t.Fatal(err)
		}
		if want := []int64{1, 2, 3, 1, 2, 3}; !slices.Equal(e.heard, want) {
			t.Errorf("got %v, want %v", e.heard, want)
		}
	})
}

func TestDeliver_replicasNeverMissNorGoBack(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		const writers, each = 4, 15
		var writing, reading sync.WaitGroup
		for range writers {
			writing.Go(func() {
				for range each {
					write(t, d, ada, "test.done", "test:1")
				}
			})
		}
		ears := make([]ear, 3)
		done := make(chan struct{})
		for i := range ears {
			reading.Go(func() {
				for last := false; !last; {
					select {
					case <-done:
						last = true // once more, for what came before the end
					default:
					}
					if err := outbox.Deliver(t.Context(), d, "s", ears[i].hear); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		writing.Wait()
		close(done)
		reading.Wait()
		all := map[int64]bool{}
		for i := range ears {
			if !slices.IsSorted(ears[i].heard) {
				t.Errorf("replica %d heard %v, want an order", i, ears[i].heard)
			}
			for _, seq := range ears[i].heard {
				all[seq] = true
			}
		}
		if len(all) != writers*each {
			t.Errorf("got %d events heard, want %d", len(all), writers*each)
		}
		var cursor int64
		if err := d.QueryRow(`SELECT seq FROM outbox_cursor WHERE subscriber = 's'`).Scan(&cursor); err != nil || cursor != writers*each {
			t.Errorf("got the cursor at %d (%v), want %d", cursor, err, writers*each)
		}
	})
}

func TestWrite_isPartOfTheChange(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		undone := errors.New("undone")
		err := db.Change(t.Context(), d, func(tx *sql.Tx) error {
			return errors.Join(outbox.Write(t.Context(), tx, outbox.Entry{At: noon, By: ada, Verb: "test.done", Subject: "test:1"}), undone)
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		write(t, d, ada, "test.done", "test:2")
		events, err := outbox.After(t.Context(), d, 0, 10)
		if err != nil || len(events) != 1 || events[0].Seq != 1 || events[0].Subject != "test:2" || string(events[0].Detail) != "{}" || !events[0].At.Equal(noon) {
			t.Errorf("got %+v, %v; want the second as number 1", events, err)
		}
		if last, err := outbox.Last(t.Context(), d); err != nil || last != 1 {
			t.Errorf("got %d, %v; want 1", last, err)
		}
		err = db.Change(t.Context(), d, func(tx *sql.Tx) error {
			return outbox.Write(t.Context(), tx, outbox.Entry{Verb: "test.bad", Detail: func() {}})
		})
		if err == nil {
			t.Error("a detail that is no JSON was written")
		}
	})
}

func TestSearch_narrowsToOneOrganisation(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		write(t, d, ada, "test.done", "test:1")    // 1
		write(t, d, bob, "test.done", "test:ada")  // 2
		write(t, d, eve, "test.spied", "test:ada") // 3
		write(t, d, ada, "test.begun", "test:2")   // 4
		for _, c := range []struct {
			name string
			f    outbox.Filter
			want []int64
		}{
			{"everything", outbox.Filter{Organisation: "o", Limit: 9}, []int64{4, 2, 1}},
			{"another organisation", outbox.Filter{Organisation: "elsewhere", Limit: 9}, []int64{3}},
			{"nobody's", outbox.Filter{Limit: 9}, nil},
			{"a verb", outbox.Filter{Organisation: "o", Verb: "test.done", Limit: 9}, []int64{2, 1}},
			{"who did it", outbox.Filter{Organisation: "o", Actor: "ada", Limit: 9}, []int64{4, 1}},
			{"what it was done to", outbox.Filter{Organisation: "o", Subject: "test:ada", Limit: 9}, []int64{2}},
			{"either", outbox.Filter{Organisation: "o", Actor: "ada", Subject: "test:ada", Limit: 9}, []int64{4, 2, 1}},
			{"either, with a verb, before", outbox.Filter{Organisation: "o", Actor: "ada", Subject: "test:ada", Verb: "test.done", Before: 2, Limit: 9}, []int64{1}},
			{"the newest", outbox.Filter{Organisation: "o", Limit: 1}, []int64{4}},
			{"no limit gives none", outbox.Filter{Organisation: "o"}, nil},
			{"another's name", outbox.Filter{Organisation: "o", Actor: "eve", Limit: 9}, nil},
		} {
			events, err := outbox.Search(t.Context(), d, c.f)
			var got []int64
			for _, e := range events {
				got = append(got, e.Seq)
			}
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s: got %v, %v; want %v", c.name, got, err, c.want)
			}
		}
		of, err := outbox.Of(t.Context(), d, "o", "test:1", 9)
		if err != nil || len(of) != 1 || of[0].Actor != "ada" {
			t.Errorf("got %v, %v", of, err)
		}
		if verbs, err := outbox.Verbs(t.Context(), d, "o"); err != nil || !slices.Equal(verbs, []string{"test.begun", "test.done"}) {
			t.Errorf("got %v, %v", verbs, err)
		}
	})
}

func TestAnonymise_takesTheNameAndLeavesTheRest(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		write(t, d, ada, "test.done", "test:1")
		write(t, d, bob, "test.done", "test:1")
		write(t, d, actor.Actor{ID: "ada", Organisation: "elsewhere", Name: "Another Ada"}, "test.done", "test:1")
		err := db.Change(t.Context(), d, func(tx *sql.Tx) error { return outbox.Anonymise(t.Context(), tx, "o", "ada") })
		if err != nil {
			t.Fatal(err)
		}
		events, err := outbox.After(t.Context(), d, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"", "Bob", "Another Ada"} {
			if e := events[i]; e.ActorName != want || e.Actor == "" || e.Verb != "test.done" {
				t.Errorf("got %+v, want the name %q", e, want)
			}
		}
	})
}
