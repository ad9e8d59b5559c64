package cataloguedb_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/catalogue"
	"cultured/internal/catalogue/cataloguedb"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/outbox"
)

var (
	ada  = actor.Actor{ID: "ada", Organisation: "o", Name: "Ada"}
	eve  = actor.Actor{ID: "eve", Organisation: "elsewhere", Name: "Eve"}
	noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
)

func each(t *testing.T, fn func(t *testing.T, s *cataloguedb.Store)) {
	t.Helper()
	rooms := []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "catalogue", Files: cataloguedb.Migrations}}
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		fn(t, &cataloguedb.Store{DB: d, Now: func() time.Time { return noon }})
	})
}

func record(id string) catalogue.Record {
	return catalogue.Record{ID: catalogue.ID("r-" + id), Dataset: "d-" + id, Organisation: "o", Slug: "arbres-" + id, Title: "Arbres « " + id + " »",
		Author: "ada", State: catalogue.StateDraft, Version: 1, Created: noon, Modified: noon, Columns: []catalogue.Column{{Name: "hauteur"}},
		Spatial: catalogue.Spatial{BBox: &catalogue.BBox{West: 1.5, East: 2}}}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func retitle(title string) func(*catalogue.Record) error {
	return func(r *catalogue.Record) error { r.Title = title; return nil }
}

func verbs(t *testing.T, s *cataloguedb.Store) (list []string) {
	t.Helper()
	events, err := outbox.After(t.Context(), s.DB, 0, 100)
	ok(t, err)
	for _, e := range events {
		list = append(list, e.Verb)
	}
	return list
}

func TestAdd_aSecondTimeDoesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *cataloguedb.Store) {
		var wg sync.WaitGroup
		for i := range 8 { // eight tabs open the same page
			wg.Go(func() {
				r := record(fmt.Sprint(i))
				r.Dataset = "d"
				if err := s.Add(t.Context(), ada, r); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		got, err := s.OfDataset(t.Context(), "d")
		ok(t, err)
		want := record(string(got.ID)[2:])
		want.Dataset = "d"
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got\n%+v\nwant\n%+v", got, want)
		}
		changed, _, _, err := s.Since(t.Context(), 0)
		if err != nil || len(changed) != 1 || !slices.Equal(verbs(t, s), []string{"catalogue.record_begun"}) {
			t.Errorf("got %d records, %v, events %v; want one of each", len(changed), err, verbs(t, s))
		}
	})
}

func TestChange_numbersVersionsAndKeepsEveryText(t *testing.T) {
	each(t, func(t *testing.T, s *cataloguedb.Store) {
		ok(t, s.Add(t.Context(), ada, record("1")))
		for i, title := range []string{"Deux", "Trois"} {
			r, err := s.Change(t.Context(), ada, "r-1", "catalogue.record_saved", retitle(title))
			if err != nil || r.Version != i+2 || r.Title != title {
				t.Errorf("got %+v, %v", r, err)
			}
		}
		for version, want := range map[int]string{1: record("1").Title, 2: "Deux", 3: "Trois"} {
			r, err := s.At(t.Context(), "r-1", version)
			if err != nil || r.Title != want || r.Version != version {
				t.Errorf("version %d: got %q as %d, %v", version, r.Title, r.Version, err)
			}
		}
		for _, version := range []int{0, 4} {
			if _, err := s.At(t.Context(), "r-1", version); !fault.Is(err, "catalogue.not_found") {
				t.Errorf("version %d: got %v", version, err)
			}
		}
		refused := errors.New("refused")
		_, err := s.Change(t.Context(), ada, "r-1", "x", func(r *catalogue.Record) error { r.Title = "x"; return refused })
		if got, findErr := s.OfDataset(t.Context(), "d-1"); !errors.Is(err, refused) || findErr != nil || got.Title != "Trois" || got.Version != 3 {
			t.Errorf("got %v; %+v, %v", err, got, findErr)
		}
		want := []string{"catalogue.record_begun", "catalogue.record_saved", "catalogue.record_saved"}
		if got := verbs(t, s); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestChange_ofManyAtOnceLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *cataloguedb.Store) {
		ok(t, s.Add(t.Context(), ada, record("1")))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_, err := s.Change(t.Context(), ada, "r-1", "catalogue.record_saved", func(r *catalogue.Record) error {
					r.Keywords = append(r.Keywords, fmt.Sprint(r.Version))
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		r, err := s.OfDataset(t.Context(), "d-1")
		if want := []string{"1", "2", "3", "4", "5", "6", "7", "8"}; err != nil || r.Version != 9 || !slices.Equal(r.Keywords, want) {
			t.Errorf("got %v as version %d, %v; want %v as 9", r.Keywords, r.Version, err, want)
		}
	})
}

func TestBySlug_followsTheAddressAndRefusesATakenOne(t *testing.T) {
	each(t, func(t *testing.T, s *cataloguedb.Store) {
		ok(t, s.Add(t.Context(), ada, record("1")))
		ok(t, s.Add(t.Context(), ada, record("2")))
		move := func(to string) error {
			_, err := s.Change(t.Context(), ada, "r-1", "catalogue.record_saved", func(r *catalogue.Record) error { r.Slug = to; return nil })
			return err
		}
		ok(t, move("arbres"))
		if r, err := s.BySlug(t.Context(), "arbres"); err != nil || r.ID != "r-1" {
			t.Errorf("got %+v, %v", r, err)
		}
		if _, err := s.BySlug(t.Context(), "arbres-1"); !fault.Is(err, "catalogue.not_found") {
			t.Errorf("the address before: got %v", err)
		}
		if err := move("arbres-2"); !fault.Is(err, "catalogue.slug_taken") || fault.KindOf(err) != fault.Invalid {
			t.Errorf("got %v", err)
		}
		if r, err := s.OfDataset(t.Context(), "d-1"); err != nil || r.Slug != "arbres" || r.Version != 2 {
			t.Errorf("got %+v, %v; want it as it was", r, err)
		}
		ok(t, s.Remove(t.Context(), ada, "d-2"))
		if err := move("arbres-2"); err != nil {
			t.Errorf("the address of a removed record is free again: got %v", err)
		}
	})
}

func TestSince_tellsWhatChangedAfterAMark(t *testing.T) {
	each(t, func(t *testing.T, s *cataloguedb.Store) {
		mark := int64(0)
		for _, c := range []struct {
			name    string
			do      func() error
			changed []catalogue.ID
			removed []catalogue.ID
		}{
			{"nothing yet", func() error { return nil }, nil, nil},
			{"two new ones", func() error {
				return errors.Join(s.Add(t.Context(), ada, record("1")), s.Add(t.Context(), ada, record("2")))
			}, []catalogue.ID{"r-1", "r-2"}, nil},
			{"nothing since", func() error { return nil }, nil, nil},
			{"one changed twice comes once", func() error {
				_, err1 := s.Change(t.Context(), ada, "r-1", "x", retitle("a"))
				_, err2 := s.Change(t.Context(), ada, "r-1", "x", retitle("b"))
				return errors.Join(err1, err2)
			}, []catalogue.ID{"r-1"}, nil},
			{"one changed, then removed", func() error {
				_, err := s.Change(t.Context(), ada, "r-2", "x", retitle("a"))
				return errors.Join(err, s.Remove(t.Context(), ada, "d-2"))
			}, nil, []catalogue.ID{"r-2"}},
			{"removed again", func() error { return s.Remove(t.Context(), ada, "d-2") }, nil, nil},
		} {
			ok(t, c.do())
			changed, removed, now, err := s.Since(t.Context(), mark)
			var ids []catalogue.ID
			for _, r := range changed {
				ids = append(ids, r.ID)
			}
			if err != nil || !slices.Equal(ids, c.changed) || !slices.Equal(removed, c.removed) || now < mark {
				t.Errorf("%s: got %v and %v gone at %d, %v; want %v and %v", c.name, ids, removed, now, err, c.changed, c.removed)
			}
			mark = now
		}
		if _, err := s.OfDataset(t.Context(), "d-2"); !fault.Is(err, "catalogue.not_found") {
			t.Errorf("got %v", err)
		}
		if _, err := s.At(t.Context(), "r-2", 1); !fault.Is(err, "catalogue.not_found") {
			t.Errorf("a text of what was removed: got %v", err)
		}
		if _, err := s.Change(t.Context(), ada, "r-2", "x", retitle("a")); !fault.Is(err, "catalogue.not_found") {
			t.Errorf("got %v", err)
		}
	})
}

func TestSince_missesNothingWhileOthersWrite(t *testing.T) {
	each(t, func(t *testing.T, s *cataloguedb.Store) {
		const writers, rounds = 4, 8
		var writing sync.WaitGroup
		for w := range writers {
			writing.Go(func() {
				r := record(fmt.Sprint(w))
				if err := s.Add(t.Context(), ada, r); err != nil {
					t.Error(err)
					return
				}
				for n := range rounds {
					if _, err := s.Change(t.Context(), ada, r.ID, "x", retitle(fmt.Sprint(n))); err != nil {
						t.Error(err)
					}
				}
				if w == 0 {
					if err := s.Remove(t.Context(), ada, r.Dataset); err != nil {
						t.Error(err)
					}
				}
			})
		}
		done := make(chan struct{})
		go func() { writing.Wait(); close(done) }()
		seen, mark := map[catalogue.ID]string{}, int64(0)
		for last := false; !last; {
			select {
			case <-done:
				last = true
			default:
			}
			changed, removed, now, err := s.Since(t.Context(), mark)
			ok(t, err)
			for _, r := range changed {
				seen[r.ID] = r.Title
			}
			for _, id := range removed {
				delete(seen, id)
			}
			mark = now
		}
		want := map[catalogue.ID]string{"r-1": "7", "r-2": "7", "r-3": "7"}
		if !reflect.DeepEqual(seen, want) {
			t.Errorf("got %v, want %v", seen, want)
		}
	})
}

func TestAnotherOrganisationChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *cataloguedb.Store) {
		ok(t, s.Add(t.Context(), ada, record("1")))
		_, _, mark, err := s.Since(t.Context(), 0)
		ok(t, err)
		if _, err := s.Change(t.Context(), eve, "r-1", "x", retitle("theirs")); !fault.Is(err, "catalogue.not_found") || fault.KindOf(err) != fault.NotFound {
			t.Errorf("Change: got %v", err)
		}
		ok(t, s.Remove(t.Context(), eve, "d-1")) // as for what does not exist
		got, err := s.OfDataset(t.Context(), "d-1")
		if err != nil || !reflect.DeepEqual(got, record("1")) {
			t.Errorf("got %+v, %v; want it untouched", got, err)
		}
		if changed, removed, _, err := s.Since(t.Context(), mark); err != nil || len(changed)+len(removed) > 0 || len(verbs(t, s)) != 1 {
			t.Errorf("got %v, %v, %v, events %v", changed, removed, err, verbs(t, s))
		}
		// The other methods answer whoever asks: the service decides with the record in hand.
		tried := []string{"Add", "Change", "Remove", "OfDataset", "BySlug", "At", "Since"}
		i := reflect.TypeFor[catalogue.Store]()
		for m := range i.NumMethod() {
			if !slices.Contains(tried, i.Method(m).Name) {
				t.Errorf("%s is new: is it safe across organisations?", i.Method(m).Name)
			}
		}
		theirs := record("9")
		theirs.Organisation = "o"
		if err := s.Add(t.Context(), eve, theirs); !fault.Is(err, "catalogue.not_found") {
			t.Errorf("Add into another's catalogue: got %v", err)
		}
	})
}
