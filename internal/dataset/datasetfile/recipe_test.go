package datasetfile_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cultured/internal/actor"
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
	table, err := h.Reread(t.Context(), ada.Organisation, v)
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

func TestJoin_takesColumnsOfADatasetOfTheSameOrganisationAlone(t *testing.T) {
	h := build(t)
	keep := func(by actor.Actor, name, text string) dataset.Dataset {
		t.Helper()
		d, err := h.Keep(t.Context(), by, h.examined(t, by, text, name).ID)
		ok(t, err)
		return d
	}
	zones := keep(ada, "zones.csv", "code;zone;depuis\n01004;A;25/12/2024\n01007;B;26/12/2024\n")
	theirs := keep(actor.Actor{ID: "eve", Organisation: "elsewhere", Name: "Eve"}, "secret.csv", "code;zone\n01004;S\n01007;T\n")
	d := keep(ada, "aides.csv", "code;montant\n01004;1\n01999;2\n")
	join := func(with dataset.ID) (dataset.Check, error) {
		c, err := h.Revise(t.Context(), ada, d.ID, dataset.WhyCleaned, func(src *dataset.Source) error {
			src.Plan = append(src.Plan, dataset.RecipeFix(recipe.Recipe{&recipe.Join{With: string(with), On: "code", Take: []string{"zone", "depuis"}}}))
			return nil
		})
		ok(t, err)
		ok(t, h.Run(t.Context(), c.ID, quiet))
		return h.Check(t.Context(), ada, c.ID)
	}
	c, err := join(theirs.ID)
	if err != nil || c.State != dataset.Failed || c.Fault.Key != "recipe.no_table" {
		t.Fatalf("a dataset of another organisation: got %v %v, %v", c.State, c.Fault, err)
	}
	ok(t, h.Forget(t.Context(), ada, c.ID))
	_, _ = join(zones.ID)
	_, v, err := h.Current(t.Context(), ada, d.ID)
	ok(t, err)
	if v.Number != 2 {
		t.Fatalf("version %d", v.Number)
	}
	table, err := h.Reread(t.Context(), "o", v)
	ok(t, err)
	row, err := table.Next()
	ok(t, err)
	if want := []string{"01004", "1", "A", "2024-12-25"}; !slices.Equal(row.Cells, want) {
		t.Errorf("got %q, want %q", row.Cells, want)
	}
	ok(t, table.Close())
}

func TestARecipeCutShortLeavesNothingHalfApplied(t *testing.T) {
	h := build(t)
	text := "code;montant;date\n" + strings.Repeat(" 01004 ;1 200,50;25/12/2024\n01007;3;26/12/2024\n", 20_000)
	d, err := h.Keep(t.Context(), ada, h.examined(t, ada, text, "aides.csv").ID)
	ok(t, err)
	before := h.held(t)
	steps := recipe.Recipe{&recipe.Trim{Columns: []string{"code"}}, &recipe.Number{Columns: []string{"montant"}}, &recipe.Date{Columns: []string{"date"}},
		&recipe.Aggregate{By: []string{"code"}, Measures: []recipe.Measure{{Fn: "sum", Column: "montant", Into: "total"}, {Fn: "count", Into: "lignes"}}}}
	c, err := h.Revise(t.Context(), ada, d.ID, dataset.WhyCleaned, func(src *dataset.Source) error {
		src.Plan = append(src.Plan, dataset.RecipeFix(steps))
		return nil
	})
	ok(t, err)
	for _, step := range []string{"dataset.step_examine", "dataset.step_write"} {
		ctx, cut := context.WithCancel(t.Context())
		err := h.Run(ctx, c.ID, func(_, _ int64, note string) {
			if note == step {
				cut()
			}
		})
		now, findErr := h.Find(t.Context(), ada, d.ID)
		if !errors.Is(err, context.Canceled) || findErr != nil || now.Current != 1 || now.Rows != 40_000 || h.count(t, "dataset_version") != 1 || !slices.Equal(h.held(t), before) {
			t.Fatalf("%s: got %v, %+v, %v", step, err, now, findErr)
		}
	}
	ok(t, h.Run(t.Context(), c.ID, quiet)) // the queue takes it up again
	ok(t, h.Run(t.Context(), c.ID, quiet)) // and once too often
	_, v, err := h.Current(t.Context(), ada, d.ID)
	ok(t, err)
	rows := h.rows(t, v.Outcome)
	if v.Number != 2 || v.Outcome.Report.Profile.Rows != 2 || len(rows) != 2 {
		t.Fatalf("version %d, %v", v.Number, rows)
	}
	if got := fmt.Sprint(rows); !strings.Contains(got, "24010000") || !strings.Contains(got, "60000") || !strings.Contains(got, "20000") {
		t.Errorf("got %s", got)
	}
}
