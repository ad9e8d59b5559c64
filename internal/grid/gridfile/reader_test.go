package gridfile_test

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cultured/internal/blob"
	"cultured/internal/dataset"
	"cultured/internal/duck"
	"cultured/internal/finding"
	"cultured/internal/grid"
	"cultured/internal/grid/gridfile"
	"cultured/internal/tabular"
)

type noFindings struct{ asked []int64 }

func (n *noFindings) Findings(_ context.Context, _ dataset.Outcome, q dataset.FindingQuery) ([]finding.Finding, error) {
	n.asked = q.Rows
	return nil, nil
}

// shelf writes three rows of a dataset, the first at line 2, and a finding at line 4.
func shelf(t *testing.T) (*gridfile.Reader, grid.Table) {
	t.Helper()
	blobs, err := blob.OpenDisk(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	engine, err := duck.Open(duck.Settings{TempDir: blobs.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	keep := func(columns []duck.Column, rows ...[]string) string {
		path := filepath.Join(blobs.TempDir(), "table.parquet")
		_, err := engine.Write(t.Context(), path, columns, func(yield func(duck.Row, error) bool) {
			for i, cells := range rows {
				if !yield(duck.Row{Number: int64(i + 2), Cells: cells}, nil) {
					return
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		b, err := blobs.Adopt(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		return b.Hash
	}
	table := grid.Table{Dataset: dataset.Dataset{ID: "d", Rows: 3}, Version: dataset.Version{Number: 1}}
	table.Version.Outcome.Table = keep([]duck.Column{{Name: "code", Type: duck.Text}, {Name: "prix", Type: duck.Number}}, []string{"01004", "3.5"}, []string{"=1+1", "7"}, []string{"Évreux", ""})
	table.Version.Outcome.Findings = keep([]duck.Column{{Name: "line", Type: duck.Integer}, {Name: "position", Type: duck.Integer}, {Name: "severity", Type: duck.Text}}, []string{"4", "1", "error"})
	return &gridfile.Reader{Blobs: blobs, Duck: engine, Data: &noFindings{}, Temp: blobs.TempDir()}, table
}

// edited is the table with its second row deleted, a price that is none, and a row added.
func edited(t grid.Table) grid.Table {
	t.Overlay = grid.NewOverlay(1, 0)
	t.Overlay.Cells[1] = map[string]grid.Cell{"prix": {Value: "cher", Was: "3.5", Seq: 1}}
	t.Overlay.Cells[4] = map[string]grid.Cell{"code": {Value: "Neuf", Seq: 2}, "prix": {Value: "12", Seq: 2}}
	t.Overlay.Removed[2], t.Overlay.Added, t.Overlay.Last, t.Overlay.Seq = 3, []int64{4}, 4, 3
	return t
}

func TestAReaderShowsWhatWasEdited(t *testing.T) {
	r, table := shelf(t)
	page, err := r.Window(t.Context(), edited(table), grid.Look{}, grid.Window{Count: 10})
	if err != nil {
		t.Fatal(err)
	}
	if page.Total != 3 || len(page.Rows) != 3 || page.Seq != 3 {
		t.Fatalf("got %+v", page)
	}
	first, last := page.Rows[0], page.Rows[2]
	if first.Number != 1 || first.Line != 2 || first.Cells[1] != "cher" || !first.Edited[1] || first.Edited[0] {
		t.Errorf("got the first row %+v, want its price as it was typed", first)
	}
	if last.Number != 4 || last.Line != 0 || last.Cells[0] != "Neuf" || last.Cells[1] != 12.0 {
		t.Errorf("got the row added %+v", last)
	}
	page, err = r.Window(t.Context(), edited(table), grid.Look{Search: "neuf"}, grid.Window{Count: 10})
	if err != nil || page.Total != 1 || page.Rows[0].Number != 4 {
		t.Errorf("got %+v, %v, want the row added", page, err)
	}
	page, err = r.Window(t.Context(), table, grid.Look{}, grid.Window{Count: 10}) // who sees no operation
	if err != nil || page.Total != 3 || page.Rows[1].Cells[0] != "=1+1" || page.Seq != 0 {
		t.Errorf("got %+v, %v, want the version", page, err)
	}
}

func TestATableIsReadAsItWasWhileOthersReadItAsItIs(t *testing.T) {
	r, table := shelf(t)
	was := table
	was.Overlay, was.Past = grid.NewOverlay(1, 3), true
	was.Overlay.Seq, was.Overlay.Cells[1] = 1, map[string]grid.Cell{"prix": {Value: "4", Was: "3.5", Seq: 1}}
	for range 3 { // the copies are made meanwhile
		now, err := r.Window(t.Context(), edited(table), grid.Look{}, grid.Window{Count: 10})
		if err != nil || now.Rows[0].Cells[1] != "cher" || now.Total != 3 || now.Seq != 3 {
			t.Errorf("as it is: got %+v, %v", now, err)
		}
		past, err := r.Window(t.Context(), was, grid.Look{}, grid.Window{Count: 10})
		if err != nil || past.Rows[0].Cells[1] != 4.0 || past.Rows[1].Number != 2 || past.Seq != 1 {
			t.Errorf("as it was: got %+v, %v", past, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestTheNextFindingIsInTheOrderOfTheLook(t *testing.T) {
	r, table := shelf(t)
	look := grid.Look{Order: []dataset.Order{{Column: "code", Descending: true}}}
	spot, ok, err := r.NextFinding(t.Context(), edited(table), look, grid.Spot{Place: -1}, false)
	if err != nil || !ok || spot.Row != 3 || spot.Column != 1 || spot.Place != 1 {
		t.Errorf("got %+v %v %v, want the third row at the second place", spot, ok, err)
	}
	if _, ok, err := r.NextFinding(t.Context(), edited(table), look, spot, false); ok || err != nil {
		t.Errorf("got one more, %v", err)
	}
	if place, err := r.Find(t.Context(), edited(table), look, 4); err != nil || place != 0 {
		t.Errorf("got place %d, %v, want the first", place, err)
	}
}

func TestTotalsAndGroupsFollowTheEdits(t *testing.T) {
	r, table := shelf(t)
	columns := []dataset.StorageColumn{{Name: "code", Type: dataset.TypeText}, {Name: "prix", Type: dataset.TypeNumber}}
	rows, totals, err := r.Totals(t.Context(), edited(table), grid.Look{}, columns)
	if err != nil || rows != 3 || totals[1].Values != 1 || totals[1].Sum != 12.0 || totals[0].Values != 3 {
		t.Errorf("got %d rows, %+v, %v", rows, totals, err)
	}
	rows, totals, err = r.Totals(t.Context(), table, grid.Look{Search: "introuvable"}, columns)
	if err != nil || rows != 0 || len(totals) != 2 || totals[1].Sum != nil {
		t.Errorf("got %d rows, %+v, %v, want none", rows, totals, err)
	}
	groups, err := r.Groups(t.Context(), table, grid.Look{}, grid.Grouping{By: "code", Sum: "prix"}, 10)
	if err != nil || len(groups.Rows) != 3 || groups.Rows[0].Cells[1] != int64(1) {
		t.Errorf("got %+v, %v", groups, err)
	}
}

func TestAnExportHoldsTheLookAndNoFormula(t *testing.T) {
	r, table := shelf(t)
	var out bytes.Buffer
	if err := r.Export(t.Context(), table, grid.Look{Order: []dataset.Order{{Column: "prix", Descending: true}}}, dataset.CSV, &out); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "code,prix\n'=1+1,7\n01004,3.5\nÉvreux,\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	out.Reset()
	if err := r.Export(t.Context(), edited(table), grid.Look{}, dataset.CSV, &out); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.Contains(got, "=1+1") || !strings.Contains(got, "01004,cher\n") || !strings.Contains(got, "Neuf,12\n") {
		t.Errorf("got %q, want the edits", got)
	}
	for _, format := range []dataset.Format{dataset.XLSX, dataset.ODS} {
		out.Reset()
		if err := r.Export(t.Context(), table, grid.Look{}, format, &out); err != nil {
			t.Fatal(err)
		}
		book, err := tabular.Open(bytes.NewReader(out.Bytes()), int64(out.Len()), "t."+string(format), tabular.Options{})
		if err != nil || book.Reading().Format != string(format) {
			t.Errorf("%s: got no workbook, %v", format, err)
		}
	}
}

func TestOnlyRowsWithFindingsAreShown(t *testing.T) {
	r, table := shelf(t)
	rows := func(t *testing.T, table grid.Table, found finding.Severity) (numbers []int64) {
		t.Helper()
		page, err := r.Window(t.Context(), table, grid.Look{Found: found}, grid.Window{Count: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Rows {
			numbers = append(numbers, row.Number)
		}
		return numbers
	}
	if got := rows(t, table, finding.Error); !slices.Equal(got, []int64{3}) {
		t.Errorf("got rows %v, want the third", got)
	}
	if got := rows(t, edited(table), finding.Warning); !slices.Equal(got, []int64{1, 3}) {
		t.Errorf("got rows %v, want the first, edited to a price that is none, and the third", got)
	}
	table.Version.Outcome.Findings = ""
	if got := rows(t, table, finding.Error); len(got) != 0 {
		t.Errorf("got rows %v of a table without findings", got)
	}
}
