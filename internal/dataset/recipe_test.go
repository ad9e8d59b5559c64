package dataset

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/recipe"
	"cultured/internal/tabular"
)

// A recipe stands between fixes: it gets the table those before it make, and those after it get what it makes.
func TestRecipe_isOneStepOfThePlan(t *testing.T) {
	open := csvOpener("Ville|n", " Caen|1", " Bayeux|2", "Total|3")
	var r recipe.Recipe
	if err := json.Unmarshal([]byte(`[{"do":"totals"},{"do":"trim","columns":["commune"]},{"do":"derive","into":"double","formula":"[n]*2"}]`), &r); err != nil {
		t.Fatal(err)
	}
	plan := Plan{{Kind: "column_name", Column: "Ville", Name: "commune"}, RecipeFix(r), {Kind: "column_name", Column: "double", Name: "deux"}}
	stored, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	var again Plan
	if err := json.Unmarshal(stored, &again); err != nil {
		t.Fatal(err)
	}
	want := []string{"commune|n|deux", "Caen|1|2", "Bayeux|2|4"}
	for _, p := range []Plan{plan, again} {
		if got := rewritten(t, open, p); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		report, err := Examine(context.Background(), open, Examination{Plan: p})
		if err != nil || report.Rows != 2 || report.Profile.EmptyRows != 0 || report.Columns[2] != "deux" {
			t.Errorf("got %d rows, %d empty, columns %q, %v", report.Rows, report.Profile.EmptyRows, report.Columns, err)
		}
	}
	_, err = Examine(context.Background(), csvOpener("Cité|n", "Caen|1"), Examination{Plan: Plan{RecipeFix(r)}})
	if !fault.Is(err, "recipe.no_column") {
		t.Errorf("got %v, want recipe.no_column", err)
	}
	if undone := rewritten(t, open, plan.Without(1)); len(undone) != 4 {
		t.Errorf("got %q, want the total back", undone)
	}
}

// A table is read while its rows are cleaned: none is lost between two strides, rows a step makes keep their cells, and what stops it closes the table.
func TestClean_readsAhead(t *testing.T) {
	var r recipe.Recipe
	if err := json.Unmarshal([]byte(`[{"do":"keep","columns":["id","code","nom"]},{"do":"unpivot","columns":["code","nom"],"name":"quoi","value":"valeur","empty":true},{"do":"case","columns":["valeur"],"to":"upper"}]`), &r); err != nil {
		t.Fatal(err)
	}
	clean := func(ctx context.Context, most int) (got []string, closed int64, err error) {
		var count atomic.Int64
		open := func() (tabular.Table, error) {
			table, err := bytesOpener([]byte(uneven()), "a.csv")()
			return &faulty{table, most, func() error { return errors.New("broken") }, &count}, err
		}
		_, err = Clean(ctx, open, r, recipe.Kitchen{}, func(cells []string) error {
			got = append(got, strings.Join(cells, "|"))
			return nil
		})
		return got, count.Load(), err
	}
	rows := 3*strideRows + 18
	got, closed, err := clean(t.Context(), strideRows)
	if err == nil || len(got) != 1+2*strideRows || closed != 1 {
		t.Errorf("broken: %d lines, closed %d times, %v", len(got), closed, err)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if got, closed, err = clean(stopped, rows); !errors.Is(err, context.Canceled) || len(got) != 1 || closed != 1 {
		t.Errorf("stopped: %d lines, closed %d times, %v", len(got), closed, err)
	}
	table, err := bytesOpener([]byte(uneven()), "a.csv")()
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	want := []string{"id|quoi|valeur"}
	for row, err := table.Next(); err == nil; row, err = table.Next() {
		want = append(want, row.Cells[0]+"|code|"+strings.ToUpper(row.Cells[1]), row.Cells[0]+"|nom|"+strings.ToUpper(row.Cells[2]))
	}
	var all []string
	_, err = Clean(t.Context(), bytesOpener([]byte(uneven()), "a.csv"), r, recipe.Kitchen{}, func(cells []string) error {
		all = append(all, strings.Join(cells, "|"))
		return nil
	})
	if err != nil || len(want) < 2*3*strideRows || !slices.Equal(all, want) {
		t.Errorf("got %d lines, want %d, %v", len(all), len(want), err)
	}
}
