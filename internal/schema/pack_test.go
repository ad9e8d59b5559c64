package schema

import (
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"cultured/content/schemas"
	"cultured/internal/fault"
)

func pack(t testing.TB) *Pack {
	t.Helper()
	p, err := LoadPack(schemas.Files)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPack_everySchemaLoadsAndTheIndexIsTrue(t *testing.T) {
	all := tablesOf(pack(t))
	kinds := map[string]int{}
	for _, e := range pack(t).All() {
		kinds[e.Kind]++
		switch e.Kind {
		case KindDocument:
			if s, _, err := e.Schema(); err != nil || s.Document == nil || s.Title == "" {
				t.Errorf("%s: got %v", e.Name, err)
			}
		case KindPackage:
			if _, _, err := e.Schema(); len(e.Tables) == 0 || !fault.Is(err, "schema.is_package") {
				t.Errorf("%s: got tables %v, %v", e.Name, e.Tables, err)
			}
		}
	}
	if kinds[KindTable] < 57 || kinds[KindDocument] < 8 || kinds[KindPackage] < 6 || len(all) < 85 {
		t.Errorf("got %d schemas of tables with their versions, and of each kind %v", len(all), kinds)
	}
	for _, e := range all {
		s, warnings, err := e.Schema()
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		var columns, required []string
		for _, f := range s.Fields {
			columns = append(columns, f.Name)
			if f.Constraints.Required {
				required = append(required, f.Name)
			}
			if got := ExampleOf(f); got != "" && f.Type == "string" && f.Format == "default" && !exampleHolds(f, got) {
				t.Errorf("%s.%s: got example %q, which breaks the field", e.Name, f.Name, got)
			}
		}
		if !slices.Equal(columns, e.Columns) || !slices.Equal(required, e.Required) {
			t.Errorf("%s: the index says %v, the schema %v", e.Name, e.Columns, columns)
		}
		if e.License == "" || e.Source == "" || e.Title == "" || e.Version == "" {
			t.Errorf("%s: got %+v", e.Name, e)
		}
		for _, w := range warnings {
			switch w.Reason {
			case "schema.warn_pattern", "schema.warn_check", "schema.warn_check_column", "schema.warn_check_params", "schema.warn_type",
				"schema.warn_key", "schema.warn_no_name", "schema.warn_twice", "schema.warn_format":
				t.Errorf("%s: got %s %v", e.Name, w.Reason, w.Args)
			}
		}
	}
}

func TestPack_findsWhatAPersonMeans(t *testing.T) {
	p := pack(t)
	for ref, want := range map[string]string{
		"scdl/deliberations": "scdl/deliberations", "deliberations": "scdl/deliberations", "Délibérations": "scdl/deliberations",
		"SCDL/Subventions": "scdl/subventions", "subventions@2.1.1": "scdl/subventions", "schema-dae": "atlasante/schema-dae",
		"irve-statique": "etalab/schema-irve-statique",
		"https://schema.data.gouv.fr/schemas/scdl/budget/latest/schema.json": "scdl/budget",
		"subventions@1.0": "", "subventions@2.0.0": "scdl/subventions@2.0.0", "scdl/subventions@v1.1.0": "scdl/subventions@1.1.0",
		"format-commande-publique": "139bercy/format-commande-publique", "schema-irve": "etalab/schema-irve", "inconnu": "", "": "",
	} {
		e, err := p.Find(ref)
		switch {
		case want == "" && !fault.Is(err, "schema.unknown"):
			t.Errorf("%q: got %v, want a fault", ref, err)
		case want != "" && (err != nil || e.Name != want):
			t.Errorf("%q: got %v %v, want %s", ref, e, err, want)
		}
	}
}

func TestPack_ranks(t *testing.T) {
	p := pack(t)
	deliberations, _ := p.Find("deliberations")
	for _, c := range []struct {
		name   string
		header []string
		sample [][]string
		want   string
	}{
		{"its own header", deliberations.Columns, nil, "scdl/deliberations"},
		{"names in lower case", []string{"coll_nom", "coll_siret", "delib_id", "delib_date", "delib_matiere_code", "delib_matiere_nom", "delib_objet"}, nil, "scdl/deliberations"},
		{"given names", []string{"COMMUNE_NOM", "COLL_INSEE", "ENFANT_SEXE", "ENFANT_PRENOM", "NOMBRE_OCCURRENCES", "ANNEE"},
			[][]string{{"Rennes", "35238", "M", "Adam", "353", "2016"}}, "scdl/prenoms"},
		{"grants", []string{"nomAttribuant", "idAttribuant", "dateConvention", "nomBeneficiaire", "idBeneficiaire", "objet", "montant", "nature"}, nil, "scdl/subventions"},
		{"nothing known", []string{"foo", "bar"}, nil, ""},
		{"two common names say nothing", []string{"id", "nom", "x", "y", "z"}, nil, ""},
		{"no header", nil, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := p.Rank(c.header, c.sample)
			if c.want == "" {
				if len(got) > 0 && got[0].Score > 0.3 {
					t.Errorf("got %s %.2f, want nothing sure", got[0].Entry.Name, got[0].Score)
				}
				return
			}
			if len(got) == 0 || got[0].Entry.Name != c.want || got[0].Score > 1 || got[0].Score < 0.5 || len(got[0].Reasons) == 0 {
				t.Errorf("got %+v, want %s first", got, c.want)
			}
		})
	}
}

func TestPack_wrongValuesLowerTheScore(t *testing.T) {
	p := pack(t)
	header := []string{"COMMUNE_NOM", "COLL_INSEE", "ENFANT_SEXE", "ENFANT_PRENOM", "NOMBRE_OCCURRENCES", "ANNEE"}
	good := p.Rank(header, [][]string{{"Rennes", "35238", "M", "Adam", "353", "2016"}})[0]
	bad := p.Rank(header, [][]string{{"1", "x", "x", "1", "x", "x"}})[0]
	if good.Values != 1 || bad.Score >= good.Score {
		t.Errorf("got %.2f then %.2f", good.Score, bad.Score)
	}
}

func TestLoadPack_isFastAndRefusesABrokenPack(t *testing.T) {
	start := time.Now()
	pack(t)
	if d := time.Since(start); d > 500*time.Millisecond {
		t.Errorf("got %v", d)
	}
	for name, fsys := range map[string]fstest.MapFS{"no index": {}, "broken index": {"index.json": {Data: []byte("{")}}} {
		if _, err := LoadPack(fsys); !fault.Is(err, "schema.pack_broken") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	p, err := LoadPack(fstest.MapFS{"index.json": {Data: []byte(`{"schemas": [{"name": "a/b", "path": "a/b/schema.json", "columns": ["x"]}]}`)}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.All()[0].Schema(); !fault.Is(err, "schema.pack_broken") {
		t.Errorf("got %v", err)
	}
	if got := p.Rank([]string{"x"}, nil); len(got) != 0 {
		t.Errorf("got %v, want no schema that cannot be read", got)
	}
}
