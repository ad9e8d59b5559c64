package dataset

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"cultured/internal/finding"
	"cultured/internal/i18n"
)

// stations are rows of 6 codes, 8 rows each, with their labels, then the rows given.
func stations(more ...string) []string {
	rows := []string{"releve|code_station|libelle_station|heures"}
	for i := range 48 {
		rows = append(rows, fmt.Sprintf("r%d|ST%d|%s|%d", i, 100+i%6*37, []string{"Auterive", "Cazères", "Muret", "Portet", "Toulouse", "Verdun"}[i%6], i*i%13))
	}
	return append(rows, more...)
}

func TestACodeTellsItsLabel(t *testing.T) {
	for _, tc := range []struct {
		name string
		more []string
		want map[string]int
	}{
		{"always", nil, map[string]int{}},
		{"but for one row", []string{"x|ST100|Muret|1"}, map[string]int{"label_conflict": 1}},
		{"but for two codes nobody can decide between", []string{"x|ST100|Muret|1", "x2|ST100|Muret|1", "x3|ST100|Portet|1", "x4|ST100|Verdun|1"}, map[string]int{}},
		{"in another spelling", []string{"x|ST137|CAZERES|1"}, map[string]int{"variant": 1}},
		{"but where it is missing", []string{"x|ST174||1", "y|ST174| |1"}, map[string]int{"missing_label": 2, "spaces": 1}},
		{"and back, but for a code mistyped", []string{"x|ST101|Auterive|1"}, map[string]int{"code_conflict": 1}},
		{"but for a code elsewhere, as two places have one name", []string{"x|ST977|Auterive|1"}, map[string]int{}},
		{"and back, where the code is missing", []string{"x||Portet|1"}, map[string]int{"missing_code": 1}},
		{"but a mark for nothing is told as such", []string{"x|ST211|n/d|1"}, map[string]int{"missing_mark": 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, found := examine(t, csvOpener(stations(tc.more...)...), nil)
			if got := reasons(found); !maps.Equal(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
			for _, f := range found {
				if f.Row < 50 && f.Reason != "dataset.variant" {
					t.Errorf("row %d is right, and said to be wrong: %s", f.Row, f.Reason)
				}
			}
			if rel := r.Profile.Relations; len(rel) > 0 && (rel[0].From != "code_station" || rel[0].To != "libelle_station" || rel[0].Kind != RelationLabel) {
				t.Errorf("got %v, want code_station to tell libelle_station", rel)
			}
		})
	}
}

func TestMissingLabelsAreFilledAndEmptiedAgain(t *testing.T) {
	open := csvOpener(stations("x|ST174||1", "y|st 174| |1", "z|ST999||1")...)
	before, _ := examine(t, open, nil)
	plan := before.SafeFixes()
	i := slices.IndexFunc(plan, func(f Fix) bool { return f.Kind == "fill_label" })
	if i < 0 || plan[i].By != "code_station" || plan[i].Column != "libelle_station" {
		t.Fatalf("got %v, want a plan that fills labels", plan)
	}
	after, found := examine(t, open, plan)
	if got := reasons(found); got["missing_label"] != 0 || after.Profile.Columns[2].Missing != 1 {
		t.Errorf("got %v, %d labels missing, want only that of ST999", got, after.Profile.Columns[2].Missing)
	}
	var last []string
	for row, err := range StorageRows(context.Background(), open, plan, after.Profile) {
		if err != nil {
			t.Fatal(err)
		}
		last = append(last, row.Cells[2])
	}
	if want := []string{"Muret", "Muret", ""}; !slices.Equal(last[len(last)-3:], want) {
		t.Errorf("got labels %q, want %q", last[len(last)-3:], want)
	}
	if again, _ := examine(t, open, plan.Without(i)); again.Profile.Columns[2].Missing != 3 {
		t.Errorf("undoing leaves %d labels missing, want 3", again.Profile.Columns[2].Missing)
	}
}

func TestACommuneLiesInOneDepartment(t *testing.T) {
	rows := []string{"code_commune|departement|code_postal|n"}
	for i := range 60 {
		insee := []string{"31555", "32013", "81004", "65440"}[i%4]
		rows = append(rows, fmt.Sprintf("%s|%s|%s|%d.5", insee, insee[:2], insee[:2]+"000", i))
	}
	rows = append(rows, "31555|32|31000|9.5")
	r, found := examine(t, csvOpener(rows...), nil)
	if got := reasons(found); got["wrong_territory"] != 1 {
		t.Errorf("got %v, want one wrong_territory", got)
	}
	if len(r.Profile.Relations) != 1 || r.Profile.Relations[0].Kind != RelationParent || r.Profile.Relations[0].Exceptions != 1 {
		t.Errorf("got %+v, want communes in departments", r.Profile.Relations)
	}
}

func TestOrphanCodes(t *testing.T) {
	rows := []string{"releve|code|libelle"}
	for i := range 120 {
		rows = append(rows, fmt.Sprintf("r%d|C%02d|Type %c", i, i%12+10, 'A'+i%12))
	}
	_, found := examine(t, csvOpener(append(rows, "x|C99|")...), nil)
	if got := reasons(found); !maps.Equal(got, map[string]int{"orphan_code": 1}) || found[0].Row != 122 || found[0].Value != "C99" {
		t.Errorf("got %v %v, want C99 without a label", got, found)
	}
}

func TestKeysOfOneColumnOrTwo(t *testing.T) {
	var panel []string
	for i := range 60 {
		panel = append(panel, fmt.Sprintf("Z%02d|%d-12-31|%d", i%12, 2015+i/12, i*7919%1000))
	}
	for _, tc := range []struct {
		name, header string
		rows         []string
		keys         []string
		pairs        [][2]string
	}{
		{"a zone and a day", "zone|jour|valeur", panel, nil, [][2]string{{"zone", "jour"}}},
		{"not when a row repeats both", "zone|jour|valeur", append(slices.Clone(panel), panel[7]+"1"), nil, nil},
		{"not when one is missing somewhere", "zone|jour|valeur", append(slices.Clone(panel), "|2015-12-31|1"), nil, nil},
		{"one column is enough", "n|zone|jour", many(60, "%d|Z1|2024-12-31"), []string{"n"}, nil},
		{"quantities are different by chance", "zone|voix|jour", []string{"a|5000|x", "b|17|x", "c|90000|y", "c|4|y"}, nil, nil},
	} {
		p := NewProfiler(strings.Split(tc.header, "|"))
		r, _ := examine(t, csvOpener(append([]string{tc.header}, tc.rows...)...), nil)
		if !slices.Equal(r.Profile.Keys, tc.keys) || !slices.Equal(r.Profile.KeyPairs, tc.pairs) {
			t.Errorf("%s: got keys %v and pairs %v, want %v and %v", tc.name, r.Profile.Keys, r.Profile.KeyPairs, tc.keys, tc.pairs)
		}
		if p.budget != hashBudget {
			t.Errorf("a profile starts with %d hashes", p.budget)
		}
	}
}

func TestNearlyTheSameRows(t *testing.T) {
	base := many(200, "n%d|Association %d|Caen|0%d")
	for _, tc := range []struct {
		name, header string
		rows         []string
		want         map[string]int
		args         []string
	}{
		{"another spelling", "nom|titre|ville|code", append(slices.Clone(base), "N7|association 7| CAEN|07"), map[string]int{"similar_row": 1, "spaces": 1, "variant": 1}, []string{"202", "9"}},
		{"the same row is told as such", "nom|titre|ville|code", append(slices.Clone(base), base[7]), map[string]int{"duplicate_row": 1, "constant_column": 1}, []string{"202", "9"}},
		{"another number", "id|nom|ville|code", append(many(200, "%d|Association %d|Caen|0%d"), "200|Association 7|Caen|07"), map[string]int{"repeated_row": 1, "constant_column": 1}, []string{"202", "9", "id"}},
		{"too often to be an accident", "id|nom|ville|code", append(many(200, "%d|Association|Caen|0"), "200|Association|Caen|0"), map[string]int{"constant_column": 3}, nil},
		{"a sign is no spelling", "nom|titre|ville|code", append(many(200, "n%d|%d associations|Caen|0%d"), "n7|-7 associations|Caen|07"), map[string]int{"constant_column": 1}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, found := examine(t, csvOpener(append([]string{tc.header}, tc.rows...)...), nil)
			if got := reasons(found); !maps.Equal(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
			i := slices.IndexFunc(found, func(f finding.Finding) bool { return strings.HasSuffix(f.Reason, "_row") })
			if tc.args != nil && (i < 0 || !slices.Equal(found[i].Args, tc.args)) {
				t.Errorf("got %v, want arguments %v", found, tc.args)
			}
		})
	}
}

func TestLooseHashFollowsTheLooseKey(t *testing.T) {
	values := []string{"Saint-Denis", "SAINT DENIS", "saint_denis ", "Évreux", "evreux", "EVREUX", "-200 m", "200 m", "1.5", "15", "1 5", "A-12", "A12", "a 12", "l’Haÿ", "L'HAY",
		"…", "", " ", "\u00A0", "-", "12", "012", strings.Repeat("Très long ", 30), strings.Repeat("TRES LONG ", 30)}
	for _, a := range values {
		for _, b := range values {
			x, y := looseHash(a, hashText(a)), looseHash(b, hashText(b))
			if looseKey(a) == "" || looseKey(b) == "" {
				continue
			}
			if (x == y) != (looseKey(a) == looseKey(b)) {
				t.Errorf("%q and %q: hashes equal %v, keys %q and %q", a, b, x == y, looseKey(a), looseKey(b))
			}
		}
	}
	for _, blank := range []string{" ", "\u00A0", "\t"} {
		if looseHash(blank, 9) != 0 {
			t.Errorf("%q is not blank", blank)
		}
	}
}

// TestWhatIsSaidIsExplained: a reason that rests on more than the form of a cell says how it is recognised, in both languages.
func TestWhatIsSaidIsExplained(t *testing.T) {
	for _, lang := range []i18n.Lang{i18n.French, i18n.English} {
		say := in(t, lang)
		for reason := range explanations {
			if reason == "invalid" {
				reason = "invalid_siret"
			}
			key := Explanation("dataset." + reason)
			if words := say(key); key == "" || words == key || strings.Contains(words, "{") || len(words) < 40 {
				t.Errorf("%s in %s: %q is no explanation", reason, lang, words)
			}
			if title := say("dataset." + reason + "_title"); strings.HasPrefix(title, "dataset.") {
				t.Errorf("%s is explained and never said", reason)
			}
		}
	}
	for _, reason := range []string{"schema.type_integer", "dataset.empty_row", ""} {
		if got := Explanation(reason); got != "" {
			t.Errorf("%q is explained by %s", reason, got)
		}
	}
}
