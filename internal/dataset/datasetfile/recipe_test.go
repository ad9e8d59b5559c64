package datasetfile_test

import (
	"io"
	"reflect"
	"slices"
	"testing"

	"cultured/internal/dataset"
	"cultured/internal/recipe"
)

func TestReread_givesARecipeTheTableThatTheNextOneWillMeet(t *testing.T) {
	h := build(t)
	c := h.examined(t, ada, "Commune;Montant\nPARIS ;1 200,50\nTotal;1 200,50\n", "aides.csv")
	d, err := h.Keep(t.Context(), ada, c.ID)
	ok(t, err)
	c, err = h.Revise(t.Context(), ada, d.ID, dataset.WhyCleaned, func(src *dataset.Source) error {
		src.Plan = append(src.Plan, dataset.RecipeFix(recipe.Recipe{&recipe.Totals{}, &recipe.Rename{Columns: []string{"Montant"}, To: []string{"euros"}}}))
		return nil
	})
	ok(t, err)
	ok(t, h.Run(t.Context(), c.ID, quiet))
	_, v, err := h.Current(t.Context(), ada, d.ID)
	ok(t, err)
	table, err := h.Reread(v)
	ok(t, err)
	if got := table.Columns(); !slices.Equal(got, []string{"Commune", "euros"}) {
		t.Errorf("columns %q", got)
	}
	var rows [][]string
	for {
		row, err := table.Next()
		if err == io.EOF {
			break
		}
		ok(t, err)
		rows = append(rows, slices.Clone(row.Cells))
	}
	if want := [][]string{{"PARIS ", "1 200,50"}}; !reflect.DeepEqual(rows, want) { // texts as in the file, not as they are stored
		t.Errorf("got %q, want %q", rows, want)
	}
	ok(t, table.Close())
}
