package cleaning

import (
	"encoding/json"
	"fmt"
	"testing"

	"cultured/internal/dataset"
	"cultured/internal/recipe"
)

// Communes are proposed to be located where a column names them, once, and where nothing in the table says where it is.
func TestPlaced(t *testing.T) {
	code, name, post := dataset.ColumnProfile{Name: "insee", Semantic: "commune", Missing: 2}, dataset.ColumnProfile{Name: "ville", Semantic: dataset.SemanticCommuneName}, dataset.ColumnProfile{Name: "cp", Semantic: "code_postal"}
	for _, tc := range []struct {
		name    string
		columns []dataset.ColumnProfile
		left    []string
		steps   recipe.Recipe
		want    string
	}{
		{"by its code first", []dataset.ColumnProfile{name, code}, []string{"ville", "insee"}, nil, `[{"do":"commune","column":"insee"}] 8`},
		{"by its name and the code of the post", []dataset.ColumnProfile{post, name}, []string{"cp", "ville"}, nil, `[{"do":"commune","column":"ville","within":"cp"}] 10`},
		{"a place is there", []dataset.ColumnProfile{code, {Name: "lat", Semantic: dataset.SemanticLatitude}}, []string{"insee", "lat"}, nil, ""},
		{"the column was left out", []dataset.ColumnProfile{code}, []string{"autre"}, nil, ""},
		{"it is done", []dataset.ColumnProfile{code}, []string{"insee"}, recipe.Recipe{&recipe.Commune{Column: "insee"}}, ""},
		{"no commune is named", []dataset.ColumnProfile{post}, []string{"cp"}, nil, ""},
	} {
		b := Bench{Draft: Draft{Steps: tc.steps}}
		b.Version.Outcome.Report.Profile = dataset.Profile{Rows: 10, Columns: tc.columns}
		got := ""
		for _, s := range placed(b, tc.left) {
			raw, err := json.Marshal(recipe.Recipe{s.Step})
			if err != nil {
				t.Fatal(err)
			}
			got = fmt.Sprintf("%s %d", raw, s.Count)
		}
		if got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
}
