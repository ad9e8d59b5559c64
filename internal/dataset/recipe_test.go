package dataset

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/recipe"
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
