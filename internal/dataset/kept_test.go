package dataset

import (
	"testing"

	"cultured/internal/recipe"
	"cultured/internal/tabular"
)

// sheets is what was read of a workbook.
func sheets(names ...string) (o Outcome) {
	for _, n := range names {
		o.Report.Reading.Sheets = append(o.Report.Reading.Sheets, tabular.Sheet{Name: n})
	}
	return o
}

func TestWithheld(t *testing.T) {
	archive := Outcome{Report: Report{Reading: tabular.Reading{Members: []tabular.Member{{Name: "a.csv"}, {Name: "b.csv"}}}}}
	for name, tc := range map[string]struct {
		version Version
		want    bool
	}{
		"a file as it is":                      {Version{}, false},
		"mended":                               {Version{Source: Source{Plan: Plan{{Kind: "trim"}}}}, false},
		"brought to a schema, the rest kept":   {Version{Source: Source{Plan: Plan{{Kind: fixMap, Map: &Mapping{}}}}}, false},
		"brought to a schema, the rest let go": {Version{Source: Source{Plan: Plan{{Kind: fixMap, Map: &Mapping{Drop: true}}}}}, true},
		"cleaned by a recipe":                  {Version{Source: Source{Plan: Plan{{Kind: "trim"}, {Kind: fixRecipe, Recipe: recipe.Recipe{&recipe.Drop{}}}}}}, true},
		"one table of an archive":              {Version{Outcome: archive}, true},
		"one sheet of a workbook":              {Version{Outcome: sheets("2024", "brouillon")}, true},
		"the only sheet":                       {Version{Outcome: sheets("2024")}, false},
	} {
		if got := tc.version.Withheld(); got != tc.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
