package schema

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/tabular"
)

// shared returns the folder of the shared schemas, or skips.
func shared(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "schemas")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("shared data not here")
	}
	return dir
}

func load(t *testing.T, path string) Schema {
	t.Helper()
	s, _, err := Parse(bytesOf(t, path))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return s
}

// checkCSV returns all findings of a CSV file.
func checkCSV(t *testing.T, s Schema, path string) []finding.Finding {
	t.Helper()
	return checkRows(s, readTable(t, path))
}

// readTable reads a file as the product does, header first.
func readTable(t *testing.T, path string) [][]string {
	t.Helper()
	raw := bytesOf(t, path)
	table, err := tabular.Open(bytes.NewReader(raw), int64(len(raw)), filepath.Base(path), tabular.Options{})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	defer table.Close()
	rows := [][]string{table.Columns()}
	for {
		r, err := table.Next()
		if err == io.EOF {
			return rows
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		rows = append(rows, slices.Clone(r.Cells))
	}
}

func bytesOf(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// checkRows checks a table whose first row is the header.
func checkRows(s Schema, rows [][]string) []finding.Finding {
	c, findings := NewChecker(s, rows[0])
	sink := func(f finding.Finding) { findings = append(findings, f) }
	for i, row := range rows[1:] {
		c.Row(i+2, row, sink)
	}
	c.Finish(sink)
	return findings
}

func errorsOf(list []finding.Finding) (out []finding.Finding) {
	for _, f := range list {
		if f.Severity == finding.Error {
			out = append(out, f)
		}
	}
	return out
}

func TestSharedSchemas_allLoad(t *testing.T) {
	dir, n, warned := shared(t), 0, 0
	for _, folder := range []string{"latest", "scdl_versions", "exemples"} {
		err := filepath.WalkDir(filepath.Join(dir, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".json") {
				return err
			}
			raw, err := os.ReadFile(path)
			if err != nil || !bytes.Contains(raw, []byte(`"fields"`)) {
				return err
			}
			s, warnings, err := Parse(raw)
			if fault.Is(err, "schema.not_table") && strings.HasSuffix(path, "datapackage.json") {
				return nil // a package of several tables
			}
			if err != nil {
				t.Errorf("%s: %v", path, err)
				return nil
			}
			n++
			if len(warnings) > 0 {
				warned++
			}
			var header []string
			for _, f := range s.Fields {
				header = append(header, f.Name)
			}
			if _, findings := NewChecker(s, header); len(errorsOf(findings)) > 0 {
				t.Errorf("%s: its own header breaks it: %v", path, findings)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 100 {
		t.Errorf("got %d schemas, want at least 100", n)
	}
	t.Logf("%d schemas, %d with warnings", n, warned)
}

// exampleExceptions are published examples whose name is not their verdict, with the one error they have.
var exampleExceptions = map[string]string{
	// The column of opening hours holds "true": text enough for Table Schema, not for the schema's custom check.
	"lieux-covoiturage/exemple-valide.csv": "schema.opening_hours",
}

// The examples the schemas publish: valid ones have no error, invalid ones have some.
func TestSharedExamples_haveTheVerdictOfTheirName(t *testing.T) {
	dir := filepath.Join(shared(t), "exemples")
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name := strings.ToLower(filepath.Base(path))
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".csv") || strings.Contains(path, "ma-cantine") || !strings.Contains(name, "exemple") {
			return err
		}
		if strings.Contains(path, "datasubvention") {
			return nil
		}
		descriptor := filepath.Join(filepath.Dir(path), "schema.json")
		for part, other := range map[string]string{"irve": "schema-statique.json", "dynamique.csv": "schema-dynamique.json",
			"scdl-subventions": "../../latest/scdl/subventions/schema.json"} {
			if strings.Contains(path, part) && (part != "irve" || !strings.Contains(name, "dynamique")) {
				descriptor = filepath.Join(filepath.Dir(path), other)
			}
		}
		broken := errorsOf(checkCSV(t, load(t, descriptor), path))
		if reason := exampleExceptions[filepath.ToSlash(path[len(dir)+1:])]; reason != "" {
			if len(broken) != 1 || broken[0].Reason != reason {
				t.Errorf("%s: got %v, want one %s", path[len(dir):], broken, reason)
			}
			return nil
		}
		wantValid := !strings.Contains(name, "invalide") && !strings.Contains(name, "duplicate")
		if got := len(broken) == 0; got != wantValid {
			t.Errorf("%s: valid = %v, want %v", path[len(dir):], got, wantValid)
		}
		if wantValid || testing.Verbose() {
			for _, f := range broken {
				t.Logf("%s: row %d %s %q %s %v fix %s %q", path[len(dir):], f.Row, f.Field, f.Value, f.Reason, f.Args, f.Fix, f.After)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// wrongCells are the cells that break the published invalid examples, read by eye: row, field, reason. Row 0 is the header.
var wrongCells = map[string][]string{
	"comptage-mobilites-channel/exemple-invalide.csv": {"3 channel_id key", "4 mobility_type pattern", "5 mobility_type pattern"},
	"lieux-covoiturage/exemple-invalide.csv":          {"2 horaires opening_hours", "3 date_maj type_date", "3 horaires opening_hours"},
	"stationnement/exemple-invalide.csv":              {"2 id pattern", "2 tarif_pmr enum", "2 num_siret siret"},
	"scdl-subventions/exemple-duplicate-column.csv":   {"0 notificationUE column_repeated"},
	"scdl-subventions/exemple_invalide.csv": {"3 idBeneficiaire siret", "4 montant type_number", "4 idBeneficiaire siret", "5 nature enum",
		"5 idBeneficiaire siret", "6 nature enum", "6 idBeneficiaire siret", "7 notificationUE type_boolean", "8 pourcentageSubvention maximum"},
}

func TestSharedExamples_invalidOnesBreakAtTheRightCell(t *testing.T) {
	dir := filepath.Join(shared(t), "exemples")
	for name, want := range wrongCells {
		descriptor := filepath.Join(dir, filepath.Dir(name), "schema.json")
		if strings.HasPrefix(name, "scdl-") {
			descriptor = filepath.Join(dir, "..", "latest", "scdl", "subventions", "schema.json")
		}
		var got []string
		for _, f := range errorsOf(checkCSV(t, load(t, descriptor), filepath.Join(dir, name))) {
			got = append(got, fmt.Sprintf("%d %s %s", f.Row, f.Field, strings.TrimPrefix(f.Reason, "schema.")))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// recognised says which schema of the pack the examples of a folder, or one of them, are written for.
var recognised = map[string]string{
	"catalogue-donnees":                 "scdl/catalogue",
	"comptage-mobilites-channel":        "etalab/schema-comptage-mobilites-channel",
	"dispositif-aide":                   "etalab/dispositif-aide",
	"dispositif-aide-professionnels":    "etalab/dispositif-aide-professionnels",
	"hautes-remunerations":              "etalab/schema-hautes-remunerations",
	"irve/exemple-valide-dynamique.csv": "etalab/schema-irve-dynamique",
	"irve/exemple-valide-statique.csv":  "etalab/schema-irve-statique",
	"lieux-covoiturage":                 "etalab/schema-lieux-covoiturage",
	"mediation-num":                     "LaMednum/standard-mediation-num",
	"registre-entrees-archives":         "Archivistes75/registre_entrees",
	"scdl-subventions":                  "scdl/subventions",
	"scdl-subventions/datasubvention":   "scdl/subventions",
	"stationnement":                     "etalab/schema-stationnement",
}

// Tables written for a schema of the pack, valid or not, CSV or workbooks, are recognised first: 95 of a hundred at least, and those that
// are not are told.
func TestSharedExamples_areRecognised(t *testing.T) {
	dir, p := filepath.Join(shared(t), "exemples"), pack(t)
	tables, missed := 0, []string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".csv", ".xlsx", ".xls"}, filepath.Ext(path)) {
			return err
		}
		name := filepath.ToSlash(path[len(dir)+1:])
		want := cmp.Or(recognised[name], recognised[filepath.ToSlash(filepath.Dir(name))])
		if want == "" {
			return nil
		}
		tables++
		rows := readTable(t, path)
		if got := p.Rank(rows[0], rows[1:]); len(got) == 0 || got[0].Entry.Name != want {
			missed = append(missed, fmt.Sprintf("%s: got %v, want %s", name, names(got), want))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d tables, missed:\n%s", tables, strings.Join(missed, "\n"))
	if tables < 40 || 100*len(missed) > 5*tables {
		t.Errorf("%d of %d tables are not recognised", len(missed), tables)
	}
}

func names(list []Candidate) (out []string) {
	for _, c := range list {
		out = append(out, fmt.Sprintf("%s %.2f", c.Entry.Name, c.Score))
	}
	return out
}

// The real imports of a national service: every file it calls good is valid against one of the schemas of its folder.
// The bad ones also break rules no schema holds (an establishment that does not exist), so they prove nothing here.
func TestSharedImports_goodOnesAreValid(t *testing.T) {
	dir := filepath.Join(shared(t), "exemples", "ma-cantine")
	for folder, names := range map[string][]string{"achats": {"achats_siret", "achats_id", "achats_siret_old", "achats_id_old"},
		"canteens": {"cantines_creer", "cantines_modifier"}, "canteen_managers": {"cantines_gestionnaires"},
		"diagnostics_simple": {"bilans_simple_siret", "bilans_simple_id"}, "diagnostics_complete": {"bilans_detaille"}} {
		files, err := filepath.Glob(filepath.Join(dir, "fichiers", folder, "*_good*.[ct]sv"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: got no file (%v)", folder, err)
		}
		for _, file := range files {
			valid := slices.ContainsFunc(names, func(name string) bool {
				s := load(t, filepath.Join(dir, "schemas", "imports", name+".json"))
				return len(errorsOf(checkCSV(t, s, file))) == 0
			})
			if !valid && !strings.Contains(file, "nearly_good") {
				t.Errorf("%s: got errors with each schema", filepath.Base(file))
			}
		}
	}
}
