package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cultured/internal/finding"
)

// groupFiles are real files, and some made like them, with all that is said of each: testdata/groups.golden. Whoever changes
// a rule writes it again with UPDATE=1 and reads the difference with the eyes of the person who sent the file.
var groupFiles = []string{
	"testdata/ateliers_numeriques_SYNTHETIQUE.csv", "testdata/contacts_partenaires_SYNTHETIQUE.csv", "testdata/corrections-agregation.csv",
	"testdata/demandes_logement_social_SYNTHETIQUE.csv", "testdata/ecoulement_onde_debut.csv", "testdata/france_services_debut.csv",
	"testdata/ind-313_debut.csv", "testdata/mapping_frequentation_cantines.csv", "testdata/nomlatin_lesarbresfr.csv", "testdata/vacances.csv",
	"shared/messy/subventions/aude_cd11_import_rejets.csv", "shared/messy/subventions/nievre_2016.csv", "shared/messy/subventions/pyrenees_orientales.ods",
	"shared/messy/subventions/somme_20180302_bom_cp1252.csv", "shared/tables/arbres/arbres_grenoble_2017.csv", "shared/tables/budget_gironde/cedi_2015_CA_latin1.csv",
	"shared/tables/cantine_nantes/menus_tous.csv", "shared/tables/crues_garonne/hauteur_eau_quotidienne_toulouse.csv", "shared/tables/crues_garonne/station.csv",
	"shared/tables/eau/ecoulement_onde.csv", "shared/tables/eau/stations_qualite_cote_dor.csv", "shared/tables/energie/DLE-gaz-2019-CCPM.csv",
	"shared/tables/territoires/epci_2026.csv",
}

// golden holds what is said of each file.
const golden = "testdata/groups.golden"

func TestGroupsOfRealFiles(t *testing.T) {
	want, written := readGroups(t), map[string][]string{}
	for _, name := range groupFiles {
		path := name
		if rest, ok := strings.CutPrefix(name, "shared/"); ok {
			path = filepath.Join("../../../shared/data", rest)
			if _, err := os.Stat(path); err != nil {
				written[name] = want[name]
				continue
			}
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			r := examineReal(t, path)
			if r.err != nil {
				t.Fatal(r.err)
			}
			got := groupLines(r.report.Groups)
			written[name] = got
			for _, line := range got {
				if !slices.Contains(want[name], line) && os.Getenv("UPDATE") == "" {
					t.Errorf("said, and not expected: %s", line)
				}
			}
			for _, line := range want[name] {
				if !slices.Contains(got, line) && os.Getenv("UPDATE") == "" {
					t.Errorf("expected, and not said: %s", line)
				}
			}
		})
	}
	if os.Getenv("UPDATE") != "" {
		writeGroups(t, written)
	}
}

// groupLines says each group on a line: severity, reason, how many, mendable ones, column.
func groupLines(groups []Group) []string {
	var out []string
	for _, g := range groups {
		out = append(out, fmt.Sprintf("%s %s %d %d %s", g.Severity, strings.TrimPrefix(g.Reason, "dataset."), g.Count, g.Fixable, oneLine(g.Field)))
	}
	return out
}

func readGroups(t *testing.T) map[string][]string {
	b, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	file := ""
	for line := range strings.SplitSeq(strings.TrimSuffix(string(b), "\n"), "\n") {
		if name, ok := strings.CutPrefix(line, "# "); ok {
			file = name
		} else if line != "" {
			out[file] = append(out[file], line)
		}
	}
	return out
}

func writeGroups(t *testing.T, groups map[string][]string) {
	var b strings.Builder
	for _, name := range groupFiles {
		fmt.Fprintf(&b, "# %s\n", name)
		for _, line := range groups[name] {
			b.WriteString(line + "\n")
		}
	}
	if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestFaultsPutIntoARealFile changes a few cells of a real file, one fault of each kind: each is found at its row, and
// nothing else is said than of the file as it was.
func TestFaultsPutIntoARealFile(t *testing.T) {
	b, err := os.ReadFile("testdata/ecoulement_onde_debut.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	before, _ := examine(t, bytesOpener(b, "onde.csv"), nil)
	want := map[string]int{}
	change := func(row int, reason string, edit func(cells []string)) {
		cells := strings.Split(lines[row-1], ",")
		edit(cells)
		lines[row-1] = strings.Join(cells, ",")
		want[reason] = row
	}
	code := func(row int) string { return strings.Split(lines[row-1], ",")[7] }
	other := 61
	for code(other) == code(60) {
		other++
	}
	wrong := strings.Split(lines[other-1], ",")[8]
	change(60, "label_conflict", func(c []string) { c[8] = wrong })
	change(other, "missing_label", func(c []string) { c[8] = "" })
	change(120, "wrong_territory", func(c []string) { c[2] = "75" })
	change(150, "code_conflict", func(c []string) { c[0] = c[0][:len(c[0])-1] + "X" })
	change(180, "missing_code", func(c []string) { c[3] = "" })
	lines = append(lines, strings.ToUpper(lines[200]))
	want["similar_row"] = len(lines)
	after, found := examine(t, bytesOpener([]byte(strings.Join(lines, "\n")+"\n"), "onde.csv"), nil)
	for reason, row := range want {
		if !slices.ContainsFunc(found, func(f finding.Finding) bool { return f.Reason == "dataset."+reason && f.Row == row }) {
			t.Errorf("%s is not found at row %d", reason, row)
		}
	}
	was := groupLines(before.Groups)
	for _, line := range groupLines(after.Groups) {
		reason := strings.Fields(line)[1]
		if _, ok := want[reason]; !ok && reason != "variant" && !slices.Contains(was, line) {
			t.Errorf("a fault made appear: %s", line)
		}
	}
}
