package dataset

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/rule"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// cantineSchema chooses the schema a file of the national service for canteens was written for, by its folder, its age and its header.
func cantineSchema(t *testing.T, dir, file string, header []string) (_ *schema.Schema, name string) {
	t.Helper()
	kinds := map[string]string{"achats": "achats_*", "canteens": "cantines_[cm]*", "canteen_managers": "cantines_gestionnaires",
		"diagnostics": "[bd]i*", "diagnostics_simple": "bilans_simple_*", "diagnostics_complete": "bilans_detaille"}
	found, err := filepath.Glob(filepath.Join(dir, "schemas", "imports", kinds[filepath.Base(filepath.Dir(file))]+".json"))
	if err != nil || len(found) == 0 {
		t.Fatalf("%s: no schema (%v)", file, err)
	}
	var best *schema.Schema
	least := 1 << 30
	for _, path := range found {
		if strings.Contains(path, "_old") != strings.Contains(file, "_old") {
			continue
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s, _, err := schema.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		apart := 0
		for _, f := range s.Fields {
			if !slices.Contains(header, f.Name) {
				apart++
			}
		}
		for _, name := range header {
			if !slices.ContainsFunc(s.Fields, func(f schema.Field) bool { return f.Name == name }) {
				apart++
			}
		}
		if apart < least {
			best, least, name = &s, apart, strings.TrimSuffix(filepath.Base(path), ".json")
		}
	}
	return best, name
}

// structure is what the service refuses besides the errors of its schemas: a header that is not exactly the schema's, blank rows, communes that do not exist.
// The keys of its SIRET say nothing: good files hold invented ones.
var structure = []string{"schema.column_unknown", "schema.column_unnamed", "schema.column_optional", "dataset.empty_row", "dataset.invalid_commune"}

// cantineRules are what the service asks besides its schemas, written as an organisation would write it: most of them stand as sentences
// in the descriptions of the fields.
func cantineRules(t *testing.T) (rules map[string]rule.File) {
	t.Helper()
	raw, err := os.ReadFile("testdata/cantine-rules.json")
	if err == nil {
		err = json.Unmarshal(raw, &rules)
	}
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// cantineVerdict says what keeps a file from being good, "" for nothing.
func cantineVerdict(t *testing.T, dir, file string) string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	open := func() (tabular.Table, error) {
		return tabular.Open(bytes.NewReader(raw), int64(len(raw)), filepath.Base(file), tabular.Options{})
	}
	table, err := open()
	if err != nil {
		if f, ok := errors.AsType[*fault.Error](err); ok {
			return f.Key
		}
		t.Fatalf("%s: %v", file, err)
	}
	header := slices.Clone(table.Columns())
	_ = table.Close()
	s, name := cantineSchema(t, dir, file, header)
	look := func(plan Plan) (Report, string) {
		why := ""
		r, err := Examine(context.Background(), open, Examination{Schema: s, Rules: cantineRules(t)[name].Rules, Plan: plan, Sink: func(f finding.Finding) {
			if why == "" && (f.Severity == finding.Error || slices.Contains(structure, f.Reason)) {
				why = f.Reason
			}
		}})
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		return r, why
	}
	report, why := look(nil)
	if why != "" && filepath.Base(filepath.Dir(file)) == "diagnostics" { // its importer mends what is certain before it judges
		_, why = look(report.SafeFixes())
	}
	return why
}

// Why a file of the service has another verdict here than its name says.
const (
	inItsDatabase = "the service looks the establishment up in its own database"
	moreLenient   = "the service's old importer mended or took what the schema it published forbids"
	otherFormat   = "the service takes no OpenDocument; the table in it is good"
)

var cantineExceptions = map[string]string{
	"canteen_managers/canteen_managers_bad_siret_not_found.csv":     inItsDatabase,
	"canteens/canteens_bad_canteen_already_exists.csv":              inItsDatabase,
	"canteens/canteens_bad_nearly_good_2.csv":                       inItsDatabase,
	"canteens/canteens_create_bad_groupe_teledeclared.csv":          inItsDatabase,
	"canteens/canteens_update_bad_canteen_not_found.csv":            inItsDatabase,
	"canteens/canteens_update_bad_groupe_teledeclared.csv":          inItsDatabase,
	"canteens/canteens_update_bad_one_error.csv":                    inItsDatabase,
	"canteens/canteens_update_bad_permission_denied.csv":            inItsDatabase,
	"diagnostics_complete/diagnostics_complete_bad_file_format.ods": otherFormat,
	"diagnostics_complete/diagnostics_complete_bad_one_error.csv":   inItsDatabase,
	"diagnostics/diagnostics_complete_cc_good.csv":                  moreLenient,
	"diagnostics/diagnostics_complete_staff_good.csv":               moreLenient,
	"diagnostics_simple/diagnostics_simple_bad_file_format.ods":     otherFormat,
	"diagnostics/diagnostics_simple_cc_good.csv":                    moreLenient,
	"diagnostics/diagnostics_simple_good_locations.csv":             moreLenient, // lost zeros
	"diagnostics/diagnostics_simple_good_sectors.csv":               moreLenient, // several values of a list
	"diagnostics/diagnostics_simple_staff_good_new_canteen.csv":     moreLenient,
}

// TestCantine holds the 130 imports of a national service to the verdict of their name. Its schemas decide two thirds of them, rules an
// organisation can write most of the rest; of the others it is told why, and that they still differ.
func TestCantine(t *testing.T) {
	dir := "../../../shared/data/schemas/exemples/ma-cantine"
	files, err := filepath.Glob(dir + "/fichiers/*/*")
	if err != nil || len(files) == 0 {
		t.Skip("shared data not here")
	}
	same := 0
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file)
		why := cantineVerdict(t, dir, file)
		agrees := (why != "") == (strings.Contains(name, "bad") || strings.Contains(name, "error"))
		if agrees {
			same++
		}
		switch reason := cantineExceptions[name]; {
		case !agrees && reason == "":
			t.Errorf("%s: got %q", name, why)
		case agrees && reason != "":
			t.Errorf("%s: got %q, as its name says: it is no exception any more", name, why)
		}
	}
	if len(files) != 130 || same+len(cantineExceptions) != len(files) {
		t.Errorf("%d files, %d as their name says, %d exceptions", len(files), same, len(cantineExceptions))
	}
	t.Logf("%d files of %d as their name says", same, len(files))
}
