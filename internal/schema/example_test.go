package schema

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The published examples shipped with the tests, against the schemas of the pack.
func TestExamples_haveTheirVerdictAndTheirCells(t *testing.T) {
	p := pack(t)
	for _, c := range []struct {
		file, schema string
		want         []string // errors
	}{
		{"subventions-valide.csv", "scdl/subventions", nil},
		{"stationnement-valide.csv", "etalab/schema-stationnement", nil},
		{"irve-dynamique-valide.csv", "etalab/schema-irve-dynamique", nil},
		{"achats-valide.csv", "achats-siret.json", nil},
		{"subventions-invalide.csv", "scdl/subventions", []string{"3:5 siret", "4:7 type_number", "4:5 siret", "5:8 enum",
			"5:5 siret", "6:8 enum", "6:5 siret", "7:12 type_boolean", "8:13 maximum"}},
		{"stationnement-invalide.csv", "etalab/schema-stationnement", []string{"2:0 pattern", "2:20 enum", "2:17 siret"}},
	} {
		t.Run(c.file, func(t *testing.T) {
			var s Schema
			if strings.HasSuffix(c.schema, ".json") {
				s = load(t, filepath.Join("testdata", c.schema))
			} else {
				e, err := p.Find(c.schema)
				if err != nil {
					t.Fatal(err)
				}
				if s, _, err = e.Schema(); err != nil {
					t.Fatal(err)
				}
			}
			got := brief(errorsOf(checkCSV(t, s, filepath.Join("testdata", c.file))))
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
