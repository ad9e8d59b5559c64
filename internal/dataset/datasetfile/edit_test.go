package datasetfile_test

import (
	"fmt"
	"testing"

	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetfile"
)

func TestWhatWasEditedIsAVersionThatTheFileComesBackFrom(t *testing.T) {
	h := build(t)
	d, err := h.Keep(t.Context(), ada, h.examined(t, ada, "code;ville;montant;jour\n01004;caen;1 200,50;25/12/2024\n;;;\n01007;Lisieux;3;26/12/2024\n01999;Bayeux;4,5;27/12/2024\n", "aides.csv").ID)
	ok(t, err)
	_, v, err := h.Current(t.Context(), ada, d.ID)
	ok(t, err)
	if v.Outcome.Report.Profile.Rows != 3 || v.Withheld() {
		t.Fatalf("got %d rows, withheld %v", v.Outcome.Report.Profile.Rows, v.Withheld())
	}
	types := map[string]dataset.Type{}
	for _, c := range dataset.StorageColumns(v.Outcome.Report.Profile) {
		types[c.Name] = c.Type
	}
	edits := dataset.Edits{From: 1, Upto: 4, Types: types, Removed: []int64{2}, Cells: []dataset.EditedCell{
		{Row: 1, Column: "ville", Seen: "caen", Value: "Caen"}, {Row: 1, Column: "montant", Seen: "1200.5", Value: "1300"},
		{Row: 3, Column: "jour", Seen: "2024-12-27", Value: "28/12/2024"}},
		Added: []dataset.AddedRow{{ID: 4, Cells: map[string]string{"code": "01010", "ville": "Falaise", "montant": "7"}}}}
	keep := func(e dataset.Edits) {
		t.Helper()
		c, err := h.Revise(t.Context(), ada, d.ID, dataset.WhyEdited, func(src *dataset.Source) error {
			src.Plan = append(src.Plan, dataset.EditFix(e))
			return nil
		})
		ok(t, err)
		ok(t, h.Run(t.Context(), c.ID, quiet))
	}
	keep(edits)
	_, v, err = h.Current(t.Context(), ada, d.ID)
	ok(t, err)
	if v.Number != 2 || !v.Withheld() || v.Source.Plan.EditsOf() == nil || v.Outcome.Report.Profile.EmptyRows != 1 {
		t.Fatalf("got version %d, withheld %v, %d empty rows", v.Number, v.Withheld(), v.Outcome.Report.Profile.EmptyRows)
	}
	slice, err := h.Shelf.(*datasetfile.Shelf).Slice(t.Context(), v.Outcome.Table, 2, 10)
	ok(t, err)
	if got := fmt.Sprint(slice.Columns[0].Name, slice.Rows, slice.Total); got != "code[[01999 Bayeux 4.5 2024-12-28] [01010 Falaise 7 ]] 3" {
		t.Errorf("got %s", got)
	}
	if slice, err = h.Shelf.(*datasetfile.Shelf).Slice(t.Context(), v.Outcome.Table, 1, 1); err != nil || fmt.Sprint(slice.Rows) != "[[01004 Caen 1300 2024-12-25]]" {
		t.Errorf("got %v, %v", slice.Rows, err)
	}
	keep(dataset.Edits{From: 2, Types: map[string]dataset.Type{"ville": dataset.TypeText}, Cells: []dataset.EditedCell{{Row: 2, Column: "ville", Seen: "Caen", Value: "x"}}})
	now, err := h.Find(t.Context(), ada, d.ID)
	ok(t, err)
	if now.Current != 2 || now.Pending == nil || now.Pending.Fault == nil || now.Pending.Fault.Key != "dataset.edit_unfit" {
		t.Errorf("edits of another table: got version %d, %+v", now.Current, now.Pending)
	}
}
