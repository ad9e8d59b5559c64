package duck

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestEditsAreSeenBeforeTheCopyHasThem(t *testing.T) {
	e, dir := engine(t)
	ask := SheetAsk{Path: write(t, e, dir), Key: "d1"}
	e.sheets.fresh = time.Hour
	ready(t, e, ask)
	byName, all := Look{Order: []Sort{{"nom", false}}}, Window{Columns: []string{"nom", "prix"}, Count: 100}
	read := func(look Look) SheetPage {
		t.Helper()
		page, err := e.SheetPage(t.Context(), ask, look, all)
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	plain, sorted := read(Look{}), read(byName)
	ask.Patch = &Patch{Number: 1, Cells: map[int64]map[string]string{2: {"nom": "Zoé", "prix": "cher"}, 3: {"prix": "7.5"}}}
	for _, each := range []struct {
		look Look
		was  SheetPage
	}{{Look{}, plain}, {byName, sorted}} {
		page := read(each.look)
		if !slices.Equal(page.Numbers, each.was.Numbers) || page.Applied != 1 {
			t.Errorf("got rows %v with edit %d, want them where they were: %v", page.Numbers, page.Applied, each.was.Numbers)
		}
		two, three := slices.Index(page.Numbers, 2), slices.Index(page.Numbers, 3)
		if page.Rows[two][0] != "Zoé" || page.Rows[two][1] != nil || page.Rows[three][1] != 7.5 {
			t.Errorf("got %v and %v", page.Rows[two], page.Rows[three])
		}
	}
	s, err := e.sheetOf(t.Context(), ask)
	if err != nil || s.now.Load().patch.Number != 0 {
		t.Errorf("the copy was brought up to %d for a page, %v", s.now.Load().patch.Number, err)
	}
	// A look nobody made yet sees them: the copy has them from here on.
	if found := numbers(t, e, ask, Look{Where: []Filter{{"nom", Eq, []string{"Zoé"}}}}); !slices.Equal(found, []int64{2}) || s.now.Load().patch.Number != 1 {
		t.Errorf("got %v at %d", found, s.now.Load().patch.Number)
	}
	// Undone: what the file has is shown again, though the copy has lost it.
	ask.Patch = &Patch{Number: 2, Cells: map[int64]map[string]string{3: {"prix": "7.5"}}}
	if page := read(Look{}); fmt.Sprint(page.Rows[1]) != fmt.Sprint(plain.Rows[1]) || page.Rows[2][1] != 7.5 {
		t.Errorf("got %v and %v, want %v again", page.Rows[1], page.Rows[2], plain.Rows[1])
	}
}

func TestTheFirstRowsOfAnOrderAreThoseOfTheWholeOrder(t *testing.T) {
	e, dir := engine(t)
	ask := SheetAsk{Path: million(t, e, dir, firstFrom+1000), Key: "d1"}
	ask.Patch = &Patch{Number: 1, Cells: map[int64]map[string]string{77: {"nom": "Abbaye"}}, Gone: map[int64]bool{5: true}}
	ready(t, e, ask)
	look, win := Look{Order: []Sort{{"commune", true}, {"nom", false}}}, Window{Columns: []string{"commune", "nom"}, From: 30, Count: 500}
	first, err := e.SheetPage(t.Context(), ask, look, win)
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.sheetOf(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	if s.viewing.Lock(); len(s.views) != 1 || !s.views[0].wanted {
		t.Errorf("got %d orders begun, want the whole one", len(s.views))
	}
	s.viewing.Unlock()
	beyond, err := e.SheetPage(t.Context(), ask, look, Window{From: firstMost, Count: 10}) // waits for the whole order
	if err != nil || beyond.Total != firstFrom+999 || len(beyond.Rows) != 10 {
		t.Fatalf("got %d rows of %d, %v", len(beyond.Rows), beyond.Total, err)
	}
	second, err := e.SheetPage(t.Context(), ask, look, win)
	if err != nil || fmt.Sprint(second) != fmt.Sprint(first) {
		t.Errorf("got %v, %v, want %v", second.Numbers, err, first.Numbers)
	}
}

func TestALookNobodyWaitsForIsGivenUp(t *testing.T) {
	e, dir := engine(t)
	ask := SheetAsk{Path: million(t, e, dir, 1000)}
	ready(t, e, ask)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	look := Look{Search: "rouen"}
	_, _ = e.SheetPage(gone, ask, look, Window{Count: 10}) // refused, or made before anybody could leave
	if found := numbers(t, e, ask, Look{Where: []Filter{{"siren", Eq, []string{"100000007"}}}, Search: "rouen"}); len(found) > 1 {
		t.Errorf("got %v", found)
	}
	page, err := e.SheetPage(t.Context(), ask, look, Window{Count: 10}) // whoever comes next is not refused for it
	if err != nil || page.Total == 0 {
		t.Errorf("got %d rows, %v", page.Total, err)
	}
}

func TestASliceIsOfTheFileWhateverTheCopyHolds(t *testing.T) {
	e, dir := engine(t)
	ask := SheetAsk{Path: write(t, e, dir), Key: "d1"}
	want, total, err := e.Slice(t.Context(), ask.Path, 2, 100)
	if err != nil {
		t.Fatal(err)
	}
	ready(t, e, ask)
	for _, patch := range []*Patch{nil, {Number: 1, Cells: map[int64]map[string]string{3: {"nom": "Neuf"}, 7: {"nom": "Neuf"}}, Last: 7}, {Number: 2, Last: 7}} {
		ask.Patch = patch
		numbers(t, e, ask, Look{Search: "Neuf"}) // brings the copy up
		got, n, err := e.Slice(t.Context(), ask.Path, 2, 100)
		if err != nil || n != total || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("after %+v: got %v of %d, %v, want %v", patch, got, n, err, want)
		}
	}
}
