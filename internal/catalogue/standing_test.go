package catalogue_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"cultured/internal/catalogue"
)

func TestIndex_seesChangesAtOnceOnEveryReplica(t *testing.T) {
	m := newRoom(t)
	second := replica(m.store.DB, m.desk)
	for n := range 5 {
		title := m.published(t, fmt.Sprint("d", n)).Title
		for name, each := range map[string]*room{"the first": m, "the second": second} {
			if got := each.found(t, nobody, "arbres"); len(got) != n+1 || !slices.Contains(got, title) {
				t.Errorf("%s replica finds %v, want %d with %q", name, got, n+1, title)
			}
		}
	}
	a, err := m.Index(t.Context())
	ok(t, err)
	b, err := m.Index(t.Context())
	ok(t, err)
	if a != b {
		t.Error("nothing changed, and the index was made again")
	}
}

func TestIndex_isRenewedAsideWhileSearchesGoOn(t *testing.T) {
	m := newRoom(t)
	m.published(t, "d1")
	now, mu := clock, sync.Mutex{}
	m.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	before, err := m.Index(t.Context())
	ok(t, err)
	m.store.slow = make(chan struct{})
	mu.Lock()
	now = now.Add(2 * time.Hour)
	mu.Unlock()
	for range 3 { // the store hangs on the whole list, and nobody notices
		if x, err := m.Index(t.Context()); err != nil || x != before {
			t.Fatalf("got %p, %v; want the index there is", x, err)
		}
	}
	m.published(t, "d2") // what happens meanwhile is seen now …
	if got := m.found(t, nobody, "arbres"); len(got) != 2 {
		t.Errorf("got %v, want both", got)
	}
	before, err = m.Index(t.Context())
	ok(t, err)
	close(m.store.slow)
	for range 500 {
		x, err := m.Index(t.Context())
		ok(t, err)
		if x != before {
			if got := m.found(t, nobody, "arbres"); len(got) != 2 { // … and after
				t.Errorf("got %v, want both", got)
			}
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("the index was not renewed")
}

func TestIndex_ofManySearchersAndWritersIsNeverBehind(t *testing.T) {
	m := newRoom(t)
	now, mu := clock, sync.Mutex{}
	m.Now = func() time.Time { // every look at the clock is an hour later: renewals never stop
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Hour)
		return now
	}
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for n := range 5 {
				dataset := fmt.Sprintf("d%d-%d", w, n)
				if _, err := m.Record(t.Context(), ada, dataset); err != nil {
					t.Error(err)
					return
				}
				res, err := m.Search(t.Context(), ada, catalogue.Query{PerPage: 100})
				if err != nil || !slices.ContainsFunc(res.Hits, func(h catalogue.Hit) bool { return h.Record.Dataset == dataset }) {
					t.Errorf("%s is not found at once (%d hits, %v)", dataset, len(res.Hits), err)
				}
			}
		})
	}
	wg.Wait()
	if res, err := m.Search(t.Context(), ada, catalogue.Query{}); err != nil || res.Total != 20 {
		t.Errorf("got %d, %v; want 20", res.Total, err)
	}
}
