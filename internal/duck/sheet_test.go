package duck

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"cultured/internal/fault"
)

func numbers(t *testing.T, e *Engine, ask SheetAsk, look Look) (rows []int64) {
	t.Helper()
	page, err := e.SheetPage(t.Context(), ask, look, Window{Count: 100})
	if err != nil {
		t.Fatal(err)
	}
	if page.Total != int64(len(page.Numbers)) {
		t.Errorf("got a total of %d for %d rows", page.Total, len(page.Numbers))
	}
	return page.Numbers
}

// ready waits for the copy, so that a test reads it and not the file.
func ready(t *testing.T, e *Engine, ask SheetAsk) {
	t.Helper()
	s, err := e.sheetOf(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	<-s.ready
	if s.err != nil {
		t.Fatal(s.err)
	}
}

func TestASheetShowsTheRowsOfALook(t *testing.T) {
	e, dir := engine(t)
	ask := SheetAsk{Path: write(t, e, dir)}
	for _, test := range []struct {
		name string
		look Look
		want []int64
	}{
		{"everything", Look{}, []int64{1, 2, 3, 4, 5, 6}},
		{"sorted as a dictionary", Look{Order: []Sort{{"nom", false}}}, nil},
		{"filtered", Look{Where: []Filter{{"nom", Contains, []string{"ecole"}}}}, []int64{5, 6}},
		{"searched", Look{Search: "ECOLE"}, []int64{5, 6}},
		{"searched in numbers", Look{Search: "120"}, []int64{1, 4}},
		{"nothing found", Look{Search: "introuvable"}, nil},
	} {
		got := numbers(t, e, ask, test.look)
		if test.name == "sorted as a dictionary" {
			res, err := e.Query(t.Context(), ask.Path, Select{Columns: []string{RowColumn}, Order: test.look.Order})
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range res.Rows {
				test.want = append(test.want, row[0].(int64)-1)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got rows %v, want %v", test.name, got, test.want)
		}
	}
}

func TestAWindowIsReadAlikeFromTheFileAndFromTheSheet(t *testing.T) {
	e, dir := engine(t)
	ask := SheetAsk{Path: million(t, e, dir, 5000)}
	win := Window{Columns: []string{"commune", "montant"}, From: 4321, Count: 7}
	first, err := e.SheetPage(t.Context(), ask, Look{}, win)
	if err != nil {
		t.Fatal(err)
	}
	ready(t, e, ask)
	second, err := e.SheetPage(t.Context(), ask, Look{}, win)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(second), fmt.Sprint(first); got != want || first.Numbers[0] != 4322 || first.Lines[0] != 4322 || first.Total != 5000 {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestASheetFollowsItsPatch(t *testing.T) {
	e, dir := engine(t)
	path := write(t, e, dir)
	ask := SheetAsk{Path: path, Key: "d1"}
	e.sheets.fresh = 0
	ready(t, e, ask)
	byName := Look{Where: []Filter{{"nom", Eq, []string{"Neuf"}}}}
	for _, step := range []struct {
		name  string
		patch *Patch
		all   []int64
		found []int64
	}{
		{"nothing yet", nil, []int64{1, 2, 3, 4, 5, 6}, nil},
		{"a cell changes", &Patch{Number: 1, Cells: map[int64]map[string]string{2: {"nom": "Neuf"}}}, []int64{1, 2, 3, 4, 5, 6}, []int64{2}},
		{"a row is added", &Patch{Number: 2, Cells: map[int64]map[string]string{2: {"nom": "Neuf"}, 7: {"nom": "Neuf"}}, Last: 7},
			[]int64{1, 2, 3, 4, 5, 6, 7}, []int64{2, 7}},
		{"a row is deleted", &Patch{Number: 3, Cells: map[int64]map[string]string{2: {"nom": "Neuf"}, 7: {"nom": "Neuf"}}, Last: 7, Gone: map[int64]bool{2: true}},
			[]int64{1, 3, 4, 5, 6, 7}, []int64{7}},
		{"the deletion is undone", &Patch{Number: 4, Cells: map[int64]map[string]string{2: {"nom": "Neuf"}, 7: {"nom": "Neuf"}}, Last: 7},
			[]int64{1, 2, 3, 4, 5, 6, 7}, []int64{2, 7}},
		{"all is undone", &Patch{Number: 5, Last: 7, Gone: map[int64]bool{7: true}}, []int64{1, 2, 3, 4, 5, 6}, nil},
	} {
		ask.Patch = step.patch
		if got := numbers(t, e, ask, Look{}); !slices.Equal(got, step.all) {
			t.Errorf("%s: got rows %v, want %v", step.name, got, step.all)
		}
		if got := numbers(t, e, ask, byName); !slices.Equal(got, step.found) {
			t.Errorf("%s: got found %v, want %v", step.name, got, step.found)
		}
	}
	untouched, err := e.Query(t.Context(), path, Select{})
	if err != nil {
		t.Fatal(err)
	}
	page, err := e.SheetPage(t.Context(), ask, Look{}, Window{Count: 100})
	if err != nil || fmt.Sprint(page.Rows) != fmt.Sprint(untouched.Rows) {
		t.Errorf("got %v, want the cells of the file: %v, %v", page.Rows, untouched.Rows, err)
	}
}

func TestATextThatDoesNotFitItsColumnIsNoValue(t *testing.T) {
	e, dir := engine(t)
	ask := SheetAsk{Path: write(t, e, dir), Patch: &Patch{Number: 1, Cells: map[int64]map[string]string{1: {"prix": "cher"}, 2: {"prix": "7.5"}}}}
	page, err := e.SheetPage(t.Context(), ask, Look{}, Window{Columns: []string{"prix"}, Count: 2})
	if err != nil {
		t.Fatal(err)
	}
	if page.Rows[0][0] != nil || page.Rows[1][0] != 7.5 || page.Applied != 1 {
		t.Errorf("got %v at %d, want nil and 7.5 at 1", page.Rows, page.Applied)
	}
}

func TestTheNextMarkFollowsTheOrderOfTheLook(t *testing.T) {
	e, dir := engine(t)
	ask := SheetAsk{Path: million(t, e, dir, 1000)}
	marks := MarkTable{Path: dir + "/marks.parquet", Where: []Filter{{"severity", Ne, []string{"info"}}}}
	if _, err := e.Write(t.Context(), marks.Path, []Column{{"line", Integer}, {"position", Integer}, {"severity", Text}},
		each([]string{"10", "2", "error"}, []string{"10", "4", "info"}, []string{"700", "1", "error"}, []string{"0", "-1", "error"})); err != nil {
		t.Fatal(err)
	}
	down := Look{Order: []Sort{{RowColumn, true}}}
	for _, test := range []struct {
		name  string
		look  Look
		after Mark
		back  bool
		want  Mark
		ok    bool
	}{
		{"the first", Look{}, Mark{Place: -1}, false, Mark{9, 10, 2}, true},
		{"the one after", Look{}, Mark{Place: 9, Column: 2}, false, Mark{699, 700, 1}, true},
		{"none after the last", Look{}, Mark{Place: 699, Column: 1}, false, Mark{}, false},
		{"from the end", down, Mark{Place: -1}, false, Mark{300, 700, 1}, true},
		{"among those filtered", Look{Where: []Filter{{RowColumn, Ge, []string{"600"}}}}, Mark{Place: -1}, false, Mark{100, 700, 1}, true},
		{"the last", Look{}, Mark{Place: 1000}, true, Mark{699, 700, 1}, true},
		{"the one before", Look{}, Mark{Place: 699, Column: 1}, true, Mark{9, 10, 2}, true},
		{"in the same row", Look{}, Mark{Place: 9, Column: 5}, true, Mark{9, 10, 2}, true},
		{"none before the first", Look{}, Mark{Place: 9, Column: 2}, true, Mark{}, false},
		{"before, from the end", down, Mark{Place: 990, Column: 2}, true, Mark{300, 700, 1}, true},
	} {
		marks.Back = test.back
		got, ok, err := e.NextMark(t.Context(), ask, test.look, marks, test.after)
		if err != nil || got != test.want || ok != test.ok {
			t.Errorf("%s: got %v %v %v, want %v", test.name, got, ok, err, test.want)
		}
	}
	if place, err := e.Locate(t.Context(), ask, down, 700); err != nil || place != 300 {
		t.Errorf("got place %d, %v, want 300", place, err)
	}
	if place, err := e.Locate(t.Context(), ask, Look{Search: "introuvable"}, 700); err != nil || place != -1 {
		t.Errorf("got place %d, %v, want -1", place, err)
	}
}

func TestALookKeepsTheRowsWithAMark(t *testing.T) {
	e, dir := engine(t)
	path, marks := write(t, e, dir), dir+"/marks.parquet"
	if _, err := e.Write(t.Context(), marks, []Column{{"line", Integer}, {"position", Integer}, {"severity", Text}},
		each([]string{"2", "1", "error"}, []string{"3", "0", "warning"}, []string{"4", "1", "info"}, []string{"5", "-1", "warning"}, []string{"0", "-1", "error"}, []string{"7", "0", "error"}, []string{"7", "1", "error"})); err != nil {
		t.Fatal(err)
	}
	errors, both := &Marked{marks, []string{"error"}}, &Marked{marks, []string{"error", "warning"}}
	number := venues[1].Name
	for i, test := range []struct {
		name  string
		patch *Patch
		look  Look
		want  []int64
	}{
		{"errors", nil, Look{Marked: errors}, []int64{1, 6}},
		{"warnings too, those of whole rows among them", nil, Look{Marked: both}, []int64{1, 2, 4, 6}},
		{"with a filter and an order", nil, Look{Marked: both, Where: []Filter{{number, NotNull, nil}}, Order: []Sort{{RowColumn, true}}}, []int64{6, 4, 1}},
		{"no table of marks", nil, Look{Marked: &Marked{Severities: []string{"error"}}}, nil},
		{"a cell edited is mended", &Patch{Number: 1, Cells: map[int64]map[string]string{1: {number: "5"}}}, Look{Marked: errors}, []int64{6}},
		{"one of two", &Patch{Number: 1, Cells: map[int64]map[string]string{6: {number: "5"}}}, Look{Marked: errors}, []int64{1, 6}},
		{"another cell of its row", &Patch{Number: 1, Cells: map[int64]map[string]string{1: {"nom": "x"}, 4: {"nom": "x"}}}, Look{Marked: both}, []int64{1, 2, 6}},
		{"a text for a number", &Patch{Number: 1, Cells: map[int64]map[string]string{5: {number: "cher"}, 1: {number: ""}}}, Look{Marked: errors}, []int64{5, 6}},
		{"a row deleted, one added", &Patch{Number: 1, Last: 7, Gone: map[int64]bool{1: true}, Cells: map[int64]map[string]string{7: {number: "dix"}}}, Look{Marked: errors}, []int64{6, 7}},
	} {
		ask := SheetAsk{Path: path, Key: strconv.Itoa(i), Patch: test.patch}
		if got := numbers(t, e, ask, test.look); !slices.Equal(got, test.want) {
			t.Errorf("%s: got rows %v, want %v", test.name, got, test.want)
		}
		if res, err := e.SheetAggregate(t.Context(), ask, test.look, Group{Measures: []Measure{{Fn: Count}}}); err != nil || res.Rows[0][0] != int64(len(test.want)) {
			t.Errorf("%s: counted %v, %v, want %d", test.name, res.Rows, err, len(test.want))
		}
	}
}

func TestSumsAndExportsFollowTheLook(t *testing.T) {
	e, dir := engine(t)
	ask := SheetAsk{Path: million(t, e, dir, 600), Patch: &Patch{Number: 1, Cells: map[int64]map[string]string{1: {"montant": "1000000"}}}}
	look := Look{Search: "evreux"}
	res, err := e.SheetAggregate(t.Context(), ask, look, Group{Measures: []Measure{{Fn: Count}, {Fn: Max, Column: "montant"}}})
	if err != nil || res.Rows[0][0] != int64(100) || res.Rows[0][1] != 1e6 {
		t.Errorf("got %v, %v, want 100 rows and the patched maximum", res.Rows, err)
	}
	count := 0
	err = e.SheetRows(t.Context(), ask, look, []string{"commune"}, func(row []any) error {
		if row[1] != "Évreux" {
			t.Errorf("got %v", row)
		}
		count++
		return nil
	})
	if err != nil || count != 100 {
		t.Errorf("got %d rows, %v, want 100", count, err)
	}
}

func TestSheetsLongUnusedAreClosed(t *testing.T) {
	e, dir := engine(t)
	path := write(t, e, dir)
	for i := range sheetsMost + 3 {
		ask := SheetAsk{Path: path, Key: strconv.Itoa(i)}
		ready(t, e, ask)
		numbers(t, e, ask, Look{})
	}
	deadline := time.Now().Add(5 * time.Second)
	open := func() int {
		e.sheets.mu.Lock()
		defer e.sheets.mu.Unlock()
		return len(e.sheets.open)
	}
	for open() > sheetsMost && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if got := open(); got > sheetsMost {
		t.Errorf("got %d sheets open, want at most %d", got, sheetsMost)
	}
	numbers(t, e, SheetAsk{Path: path, Key: "0"}, Look{Search: "e"}) // made again
}

func TestASheetRefusesWhatItCannotShow(t *testing.T) {
	e, dir := engine(t)
	ask := SheetAsk{Path: write(t, e, dir)}
	for name, try := range map[string]func() error{
		"duck.bad_limit": func() error { _, err := e.SheetPage(t.Context(), ask, Look{}, Window{Count: 5000}); return err },
		"duck.unknown_column": func() error {
			_, err := e.SheetPage(t.Context(), ask, Look{Order: []Sort{{"x", false}}}, Window{Count: 5})
			return err
		},
		"duck.bad_value": func() error {
			_, err := e.SheetPage(t.Context(), ask, Look{Where: []Filter{{"prix", Gt, []string{"x"}}}}, Window{Count: 5})
			return err
		},
	} {
		if f, ok := errors.AsType[*fault.Error](try()); !ok || f.Key != name {
			t.Errorf("got %v, want %q", f, name)
		}
	}
}

func BenchmarkASheetOfAMillionRows(b *testing.B) {
	e, dir := engine(b)
	ask := SheetAsk{Path: million(b, e, dir, 1_000_000)}
	began := time.Now()
	if _, err := e.SheetPage(b.Context(), ask, Look{}, Window{Count: 100}); err != nil {
		b.Fatal(err)
	}
	first := time.Since(began)
	s, _ := e.sheetOf(b.Context(), ask)
	<-s.ready
	marks := dir + "/marks.parquet"
	_, err := e.Write(b.Context(), marks, []Column{{"line", Integer}, {"position", Integer}, {"severity", Text}}, func(yield func(Row, error) bool) {
		for i := range 100_000 {
			if !yield(Row{int64(i + 1), []string{strconv.Itoa(i*10 + 1), "1", []string{"error", "warning"}[i%2]}}, nil) {
				return
			}
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("first rows %v, copy made %v, %d MB on disk", first, time.Since(began), s.bytes>>20)
	for _, test := range []struct {
		name string
		look Look
	}{
		{"plain", Look{}}, {"by number", Look{Order: []Sort{{"montant", true}}}}, {"by text", Look{Order: []Sort{{"nom", false}}}},
		{"contains", Look{Where: []Filter{{"nom", Contains, []string{"etablissement 77"}}}}}, {"search", Look{Search: "évreux"}}, {"search digits", Look{Search: "77"}},
		{"marked", Look{Marked: &Marked{marks, []string{"error"}}}}, {"marked by text", Look{Marked: &Marked{marks, []string{"error", "warning"}}, Order: []Sort{{"nom", false}}}},
	} {
		b.Run(test.name, func(b *testing.B) {
			for b.Loop() {
				s.viewing.Lock()
				for _, v := range s.views {
					s.leave(v)
				}
				s.views = nil
				s.viewing.Unlock()
				if _, err := e.SheetPage(b.Context(), ask, test.look, Window{Count: 100}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(test.name+" page", func(b *testing.B) {
			from := int64(0)
			for b.Loop() {
				from = (from + 123_457) % 900_000
				if _, err := e.SheetPage(b.Context(), ask, test.look, Window{From: from, Count: 100}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.ReportMetric(peakMB(b), "peakMB")
}
