package datasetdb_test

import (
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetdb"
	"cultured/internal/fault"
)

func (h *house) subs() datasetdb.Subscriptions { return datasetdb.Subscriptions{Store: h.Store} }

func subscribed(of dataset.ID) dataset.Subscription {
	return dataset.Subscription{Dataset: of, Organisation: "o", Origin: dataset.Origin{Address: "https://exemple.fr/a.csv", ETag: `"1"`, Modified: "hier", At: noon},
		Blob: "b1", Looked: noon, Every: dataset.Daily, Due: noon.Add(24 * time.Hour)}
}

func TestSubscription_comesBackAsItWasStored(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.create(t, "d1")
		if got, err := h.subs().Subscription(t.Context(), "d1"); err != nil || got.Dataset != "" {
			t.Errorf("none yet: got %+v %v", got, err)
		}
		want := subscribed("d1")
		ok(t, h.subs().Subscribe(t.Context(), ada, want))
		got, err := h.subs().Subscription(t.Context(), "d1")
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got\n%+v %v, want\n%+v", got, err, want)
		}
		if err := h.subs().Subscribe(t.Context(), eve, want); !fault.Is(err, "dataset.not_found") {
			t.Errorf("another organisation: got %v", err)
		}
		// Asking notes what came of it, and leaves what a person chose.
		seen := want
		seen.Every, seen.Due, seen.Blob, seen.Looked, seen.Fault = dataset.Never, time.Time{}, "b2", noon.Add(time.Hour), fault.New(fault.Invalid, "fetch.missing", "exemple.fr")
		ok(t, h.subs().Looked(t.Context(), seen))
		got, err = h.subs().Subscription(t.Context(), "d1")
		if err != nil || got.Every != dataset.Daily || !got.Due.Equal(want.Due) || got.Blob != "b2" || got.Fault == nil || got.Fault.Key != "fetch.missing" {
			t.Errorf("after asking: got %+v %v", got, err)
		}
		// The address was changed while the old one was asked: what came of that counts no more.
		other := want
		other.Origin.Address, other.Blob = "https://exemple.fr/b.csv", ""
		ok(t, h.subs().Subscribe(t.Context(), ada, other))
		ok(t, h.subs().Looked(t.Context(), seen))
		if got, err := h.subs().Subscription(t.Context(), "d1"); err != nil || got.Blob != "" || got.Fault != nil {
			t.Errorf("another address meanwhile: got %+v %v", got, err)
		}
		if got := h.verbs(t); !slices.Equal(got, []string{"dataset.kept", "dataset.subscribed", "dataset.subscribed"}) {
			t.Errorf("got events %v", got)
		}
		_, err = h.Delete(t.Context(), ada, "d1", nil)
		ok(t, err)
		if got, err := h.subs().Subscription(t.Context(), "d1"); err != nil || got.Dataset != "" {
			t.Errorf("after the dataset: got %+v %v", got, err)
		}
	})
}

func TestClaim_oneOfManyServersFetches(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.create(t, "d1")
		h.create(t, "d2")
		ok(t, h.subs().Subscribe(t.Context(), ada, subscribed("d1")))
		quiet := subscribed("d2")
		quiet.Every, quiet.Due = dataset.Never, time.Time{}
		ok(t, h.subs().Subscribe(t.Context(), ada, quiet))
		if due, err := h.subs().Due(t.Context(), noon, 10); err != nil || len(due) != 0 {
			t.Errorf("too early: got %+v %v", due, err)
		}
		tomorrow := noon.Add(25 * time.Hour)
		due, err := h.subs().Due(t.Context(), tomorrow, 10)
		if err != nil || len(due) != 1 || due[0].Dataset != "d1" {
			t.Fatalf("got %+v %v", due, err)
		}
		var mine atomic.Int64
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				won, err := h.subs().Claim(t.Context(), due[0], dataset.Daily.Next(tomorrow))
				if err != nil {
					t.Error(err)
				}
				if won {
					mine.Add(1)
				}
			})
		}
		wg.Wait()
		if mine.Load() != 1 {
			t.Errorf("got %d servers that fetch, want one", mine.Load())
		}
		if due, err := h.subs().Due(t.Context(), tomorrow, 10); err != nil || len(due) != 0 {
			t.Errorf("claimed: got %+v %v", due, err)
		}
	})
}

func TestArrived_passesAFileOnOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := running("c1")
		c.Source.Blob, c.Source.From = "", &dataset.Origin{Address: "https://exemple.fr/a.csv"}
		job, err := h.Add(t.Context(), c)
		ok(t, err)
		if h.fetches.Load() != 1 {
			t.Errorf("got %d jobs that fetch, want one", h.fetches.Load())
		}
		n, err := h.Revive(t.Context())
		if err != nil || n != 1 || h.fetches.Load() != 2 {
			t.Errorf("after a restore: got %d, %d jobs that fetch, %v", n, h.fetches.Load(), err)
		}
		c.Source.Blob, c.Source.Bytes = "b1", 9
		next, err := h.subs().Arrived(t.Context(), c)
		if err != nil || next == job || next == "" {
			t.Errorf("got job %q after %q, %v", next, job, err)
		}
		got, err := h.Store.Find(t.Context(), "c1")
		if err != nil || got.Source.Blob != "b1" || got.Job != next || got.Source.From == nil {
			t.Errorf("got %+v %v", got, err)
		}
		if uses, err := h.Uses(t.Context(), "b1"); err != nil || uses != 1 {
			t.Errorf("got %d uses, %v", uses, err)
		}
		queued := len(h.queued(t))
		if _, err := h.subs().Arrived(t.Context(), c); !fault.Is(err, "dataset.check_gone") {
			t.Errorf("twice: got %v", err)
		}
		if len(h.queued(t)) != queued {
			t.Error("a refused arrival queued a job")
		}
	})
}
