package catalogue

import (
	"reflect"
	"testing"

	"cultured/internal/actor"
)

func TestSearch_ofTheFirstRecordsOrdersByWords(t *testing.T) {
	best, later := complete(), complete()
	best.ID, best.Title = "best", "Piscines"
	later.ID, later.Title, later.Description, later.LastUpdate = "later", "Gymnases", "Et deux piscines.", best.LastUpdate.AddDate(0, 0, 1)
	for _, r := range []*Record{&best, &later} {
		r.Published = &Snapshot{Record: r.Clone()}
		r.State = StatePublished
	}
	x := NewIndex(nil, today).With([]Record{later, best}, nil)
	hits := x.Search(Query{Text: "piscines "}, actor.Actor{}).Hits
	if len(hits) != 2 || hits[0].Record.ID != "best" {
		t.Errorf("got %d hits, want the one with the word in its title first of two: %+v", len(hits), hits)
	}
}

func TestLean_saysTheSameAndChangesNothing(t *testing.T) {
	for _, r := range append(secrets(), corpus(40)...) {
		before := r.Clone()
		if got := (pool{}).lean(r); !reflect.DeepEqual(got, before) {
			t.Errorf("got %+v, want %+v", got, before)
		}
		if !reflect.DeepEqual(r, before) {
			t.Errorf("the record itself changed: got %+v, want %+v", r, before)
		}
	}
}

func TestLean_holdsOnceWhatASnapshotRepeats(t *testing.T) {
	r := complete()
	r.Columns = []Column{{Name: "commune"}}
	r.Published = &Snapshot{Record: r.Clone()}
	got := pool{}.lean(r)
	if &got.Columns[0] != &got.Published.Record.Columns[0] {
		t.Error("the columns are held twice, want once")
	}
	if &r.Columns[0] == &r.Published.Record.Columns[0] {
		t.Error("the record itself changed")
	}
}
