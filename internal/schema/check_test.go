package schema

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"cultured/internal/finding"
)

// parse reads a descriptor that must be accepted.
func parse(t testing.TB, descriptor string) Schema {
	t.Helper()
	s, _, err := Parse([]byte(descriptor))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// table reads rows separated by newlines and cells separated by "|".
func table(text string) (rows [][]string) {
	for line := range strings.SplitSeq(text, "\n") {
		rows = append(rows, strings.Split(line, "|"))
	}
	return rows
}

// brief writes findings as "row:column reason", optional columns left out.
func brief(list []finding.Finding) (out []string) {
	for _, f := range list {
		if f.Reason != "schema.column_optional" {
			out = append(out, fmt.Sprintf("%d:%d %s", f.Row, f.Column, strings.TrimPrefix(f.Reason, "schema.")))
		}
	}
	return out
}

const people = `"fields": [{"name": "Nom_Usage", "constraints": {"required": true}}, {"name": "age", "type": "integer"}, {"name": "ville"}]`

func TestHeader(t *testing.T) {
	for _, c := range []struct{ name, schema, header, want string }{
		{"as it should be", people, "Nom_Usage|age|ville", ""},
		{"another order", people, "ville|age|Nom_Usage", ""},
		{"another order when the order is imposed", `"fieldsMatch": "exact", ` + people, "ville|age|Nom_Usage", "0:1 column_order"},
		{"required column absent", people, "age|ville", "0:-1 column_missing"},
		{"optional column absent", people, "Nom_Usage|age", ""},
		{"case, accents and spaces", people, "nom usage|Âge|ville", "0:0 column_spelling,0:1 column_spelling"},
		{"a typing error is proposed", people, "Nom_Usage|age|vile", "0:2 column_near"},
		{"unknown column", people, "Nom_Usage|age|ville|pays", "0:3 column_unknown"},
		{"unknown column in an equal schema", `"fieldsMatch": ["equal"], ` + people, "Nom_Usage|age|ville|pays", "0:3 column_unknown"},
		{"repeated column", people, "Nom_Usage|age|ville|age", "0:3 column_repeated"},
		{"repeated unknown column", people, "Nom_Usage|age|ville|x|x", "0:3 column_unknown,0:4 column_repeated"},
		{"column without a name", people, "Nom_Usage|age|ville|", "0:3 column_unnamed"},
		{"all fields asked for", `"fieldsMatch": "subset", ` + people, "Nom_Usage|age", "0:-1 column_missing"},
		{"fewer fields accepted", `"fieldsMatch": "superset", ` + people, "Nom_Usage", ""},
		{"one field is enough", `"fieldsMatch": "partial", ` + people, "ville", ""},
		{"not one field", `"fieldsMatch": "partial", ` + people, "x", "0:0 column_unknown,0:-1 column_none"},
		{"version 2 imposes the order", `"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", ` + people, "ville|age|Nom_Usage", "0:1 column_order"},
		{"a primary key is required", `"primaryKey": "ville", ` + people, "Nom_Usage|age", "0:-1 column_missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, findings := NewChecker(parse(t, "{"+c.schema+"}"), table(c.header)[0])
			if got := strings.Join(brief(findings), ","); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestHeader_aMisspeltColumnIsCheckedAllTheSame(t *testing.T) {
	got := brief(checkRows(parse(t, "{"+people+"}"), table("NOM_USAGE|AGE|ville\n|douze|Albi")))
	want := []string{"0:0 column_spelling", "0:1 column_spelling", "2:0 required", "2:1 type_integer"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestHeader_theProposalIsAnArgumentAndAFix(t *testing.T) {
	_, findings := NewChecker(parse(t, "{"+people+"}"), []string{"nom usage", "age", "vlile"})
	if f := findings[0]; f.Fix != "column_name" || f.After != "Nom_Usage" || f.Args[1] != "Nom_Usage" {
		t.Errorf("got %+v", f)
	}
	if f := findings[len(findings)-1]; f.Reason != "schema.column_near" || f.Args[1] != "ville" || f.Severity != finding.Warning {
		t.Errorf("got %+v", f)
	}
}

func TestRows(t *testing.T) {
	two := `"fields": [{"name": "a"}, {"name": "b"}, {"name": "c"}]`
	numbers := `"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "integer"}, {"name": "c", "type": "integer"}]`
	check := func(name, params string) string {
		return `, "custom_checks": [{"name": "` + name + `", "params": {` + params + `}}]`
	}
	for _, c := range []struct{ name, schema, table, want string }{
		{"short rows are empty cells", people, "Nom_Usage|age|ville\nA", ""},
		{"missing values of the schema", `"missingValues": ["NC"], ` + people, "Nom_Usage|age|ville\nA|NC|NC\nNC||", "3:0 required"},
		{"missing values of a field", `"fields": [{"name": "a", "type": "integer", "missingValues": ["-"]}]`, "a\n-\nNC", "3:0 type_integer"},
		{"missing values with labels", `"missingValues": [{"value": "NC", "label": "non connu"}], ` + people, "Nom_Usage|age|ville\nA|NC|", ""},
		{"unique", `"fields": [{"name": "a", "constraints": {"unique": true}}]`, "a\nx\ny\nx\n\n", "4:0 unique"},
		{"primary key", `"primaryKey": ["a", "b"], ` + two, "a|b|c\n1|2|\n1|3|\n1|2|\n12||", "4:0 key,5:1 key_empty"},
		{"key parts do not run together", `"primaryKey": ["a", "b"], ` + two, "a|b|c\n1|23|\n12|3|", ""},
		{"unique keys forgive empty cells", `"uniqueKeys": [["a"], ["b", "c"]], ` + two, "a|b|c\nx|1|1\n|1|2\n|1|1", "4:1 key"},
		{"foreign key to the table itself", `"foreignKeys": [{"fields": "b", "reference": {"resource": "", "fields": "a"}}], ` + two,
			"a|b|c\n1|2|\n2||\n3|9|", "4:1 foreign_key"},
		{"foreign key elsewhere", `"foreignKeys": [{"fields": ["b"], "reference": {"resource": "autre", "fields": ["a"]}}], ` + two,
			"a|b|c\n1|2|", "0:1 foreign_elsewhere"},
		{"siret", two + check("french-siret-value", `"column": "a"`), "a|b|c\n21860194600013||\n21860194600014||\n35600000049837||\n||", "3:0 siret"},
		{"siren", two + check("french-siren-value", `"column": "a"`), "a|b|c\n218601946||\n218601947||", "3:0 siren"},
		{"phone", two + check("phone-number-value", `"column": "a"`), "a|b|c\n0123456789||\n01 23 45 67 89||\n12||", "4:0 phone"},
		{"years", two + check("year-interval-value", `"column": "a"`), "a|b|c\n2017/2018||\n2018/2017||\n2017||\n17/18||", "3:0 year_interval_order,4:0 year_interval,5:0 year_interval"},
		{"one year", two + check("year-interval-value", `"column": "a", "allow-year-only": "yes"`), "a|b|c\n2017||\n2017/2017||", "3:0 year_interval_order"},
		{"nomenclature", two + check("nomenclature-actes-value", `"column": "a"`),
			"a|b|c\nFinances locales/Divers||\nfinances LOCALES/x||\nFinances locales / x||\nFinances||\nAutre/x||", "4:0 nomenclature,5:0 nomenclature,6:0 nomenclature"},
		{"opening hours", two + check("opening-hours-value", `"column": "a"`), "a|b|c\nMo-Fr 08:00-20:00||\nlundi 8h-12h||", "3:0 opening_hours"},
		{"one of", two + check("one-of-required", `"column1": "a", "column2": "b"`), "a|b|c\n1||\n|1|\n||1", "4:0 one_of"},
		{"one of, one column absent", two + check("one-of-required", `"column1": "a", "column2": "b"`), "a|c\n1|\n|1", "3:0 one_of"},
		{"one of, no column", two + check("one-of-required", `"column1": "a", "column2": "b"`), "c\n1", "0:-1 one_of_columns"},
		{"cohesive", two + check("cohesive-columns-value", `"column": "a", "othercolumns": ["b", "c"]`), "a|b|c\n1|1|1\n||\n1||1", "4:1 cohesive"},
		{"compare numbers", numbers + check("compare-columns-value", `"column": "a", "op": ">=", "column2": "b"`), "a|b|c\n10|9|\n9|10|\n|10|\n9|x|", "3:0 compare,5:1 type_integer"},
		{"compare dates", `"fields": [{"name": "a", "type": "date"}, {"name": "b", "type": "date"}]` + check("compare-columns-value", `"column": "a", "op": ">=", "column2": "b"`),
			"a|b\n2017-02-03|2017-10-15\n2017-10-15|2017-10-15", "2:0 compare"},
		{"compare texts", two + check("compare-columns-value", `"column": "a", "op": "==", "column2": "b"`), "a|b|c\nx|x|\nx|y|\n2|2.0|", "3:0 compare"},
		{"sum", numbers + check("sum-columns-value", `"column": "a", "columns": ["b", "c"]`), "a|b|c\n3|1|2\n4|1|2\n1|1|\n|1|2\n5||", "3:0 sum"},
		{"sum of decimals is exact", `"fields": [{"name": "a", "type": "number"}, {"name": "b", "type": "number"}, {"name": "c", "type": "number"}]` +
			check("sum-columns-value", `"column": "a", "columns": ["b", "c"]`), "a|b|c\n0.3|0.1|0.2\n0.31|0.1|0.2", "3:0 sum"},
		{"a check without its column is told", two + check("compare-columns-value", `"column": "a", "op": ">", "column2": "b"`), "a|c\n1|1", "0:-1 check_skipped"},
		{"a cell that breaks its pattern is told once", `"fields": [{"name": "a", "constraints": {"pattern": "^\\d{14}$"}}]` + check("french-siret-value", `"column": "a"`), "a\n1", "2:0 pattern_bare"},
		{"swapped coordinates are a warning", `"fields": [{"name": "a", "type": "geopoint"}]`, "a\n48.85,2.35", "2:0 geopoint_swapped"},
		{"a wrong type says no more", `"fields": [{"name": "a", "type": "integer", "constraints": {"pattern": "\\d", "minimum": 3}}]`, "a\nx\n12", "2:0 type_integer,3:0 pattern"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(brief(checkRows(parse(t, "{"+c.schema+"}"), table(c.table))), ","); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestFinding_saysWhereWhatAndWhy(t *testing.T) {
	s := parse(t, `{"title": "Essai", "version": "1.2", "fields": [{"name": "montant", "type": "number", "example": "12.5"}]}`)
	got := checkRows(s, table("montant\n"+strings.Repeat("é", 300)))[0]
	if got.Row != 2 || got.Column != 0 || got.Field != "montant" || got.Severity != finding.Error {
		t.Errorf("got %+v", got)
	}
	if want := "Table Schema: type number (Essai 1.2)"; got.Rule != want {
		t.Errorf("got %q, want %q", got.Rule, want)
	}
	if len([]rune(got.Value)) > 200 || got.Args[0] != got.Value || got.Args[1] != "12.5" {
		t.Errorf("got value %q, arguments %q", got.Value, got.Args)
	}
}

func TestSeen_remembersTheFirstRowOfManyValues(t *testing.T) {
	s := newSeen()
	for i := range 10_000 {
		if _, again := s.add(hash(number(i)), i+2); again {
			t.Fatalf("%d: got again", i)
		}
	}
	for i := range 10_000 {
		if before, again := s.add(hash(number(i)), 0); !again || before != i+2 {
			t.Fatalf("got %d %v, want %d", before, again, i+2)
		}
	}
}

func TestOpeningHours(t *testing.T) {
	for v, want := range map[string]bool{
		"24/7": true, "Mo-Fr 08:00-20:00": true, "Mo-Fr 08:00-12:00,14:00-18:00; Sa 09:00-12:00": true, "PH off": true,
		"Mo-Fr 08:00-12:00, 14:00-18:00": true, "Mo,We,Fr 10:00-16:00": true, "Apr-Oct Mo-Su 09:00-19:00": true,
		"Apr 01-Oct 31 sunrise-sunset": true, "Mo[1,3] 09:00-12:00": true, "Mo-Su,PH 00:00-24:00": true, "08:00+": true,
		`Mo-Fr 08:00-18:00 "sur rendez-vous"`: true, "2024 Mo 10:00-12:00": true, "Fr 22:00-26:00": true,
		"(sunrise-01:00)-(sunset+01:00)": true, "Mo-Fr 08:00-20:00 || \"par téléphone\"": true, "week 01-10 Mo 10:00-12:00": true,
		"true": false, "lundi": false, "8h-12h": false, "Mo-Fr 8h00": false, "Mo-Fr 25:00-50:00": false, "12": false, "": false,
		"Mo-Xx 08:00-12:00": false, ";": false, "Mo 08:00-12:60": false, `Mo "x`: false,
	} {
		if got := isOpeningHours(v); got != want {
			t.Errorf("%q: got %v, want %v", v, got, want)
		}
	}
}

// Cells may be asked for several rows at once: the findings are those of one row after the other.
func TestCells_ofSeveralRowsAtOnce(t *testing.T) {
	s := parse(t, `{"fields": [{"name": "a", "constraints": {"pattern": "^(x|y)\\1$"}}, {"name": "b", "type": "integer", "constraints": {"unique": true}},
		{"name": "siret"}], "custom_checks": [{"name": "french-siret-value", "params": {"column": "siret"}}]}`)
	c, _ := NewChecker(s, []string{"a", "b", "siret"})
	rows := make([][]string, 400)
	for i := range rows {
		rows[i] = []string{[]string{"xx", "xy", "z"}[i%3], []string{"1", "douze"}[i%2], []string{"21860194600013", "1"}[i%2]}
	}
	count := func(list []finding.Finding) string {
		n := map[string]int{}
		for _, f := range list {
			n[f.Reason]++
		}
		return fmt.Sprint(n)
	}
	var alone []finding.Finding
	for i, cells := range rows {
		c.Cells(i+2, cells, func(f finding.Finding) { alone = append(alone, f) })
	}
	parts := make([][]finding.Finding, 4)
	var wait sync.WaitGroup
	for part := range parts {
		wait.Go(func() {
			for i := part; i < len(rows); i += len(parts) {
				c.Cells(i+2, rows[i], func(f finding.Finding) { parts[part] = append(parts[part], f) })
			}
		})
	}
	wait.Wait()
	if got, want := count(slices.Concat(parts...)), count(alone); got != want || len(alone) == 0 {
		t.Errorf("got %s, want %s", got, want)
	}
	if !c.Keyed() {
		t.Error("got no key, want the unique column")
	}
}

func TestTarget_aForeignKeyToAnotherTable(t *testing.T) {
	line := parse(t, `{"fields": [{"name": "dish"}, {"name": "menu"}], "foreignKeys": [{"fields": "menu", "reference": {"resource": "menus", "fields": "id"}}]}`)
	menu := parse(t, `{"fields": [{"name": "id"}, {"name": "day"}]}`)
	target, ok := NewTarget("menus", []string{"id"}, menu, []string{"day", "ID"})
	if !ok {
		t.Fatal("got no target")
	}
	target.Add(2, []string{"Monday", "m1"})
	target.Add(3, []string{"Tuesday", ""})
	c, findings := NewChecker(line, []string{"dish", "menu"}, target)
	sink := func(f finding.Finding) { findings = append(findings, f) }
	for i, cells := range [][]string{{"soup", "m1"}, {"cake", "m2"}, {"water", ""}} {
		c.Row(i+2, cells, sink)
	}
	c.Finish(sink)
	if got := brief(findings); !slices.Equal(got, []string{"3:1 foreign_key"}) || findings[0].Args[1] != "id (menus)" {
		t.Errorf("got %v", findings)
	}
	if _, ok := NewTarget("menus", []string{"id"}, menu, []string{"day"}); ok {
		t.Error("got a target without its column")
	}
	if _, told := NewChecker(line, []string{"dish", "menu"}); len(told) != 1 || told[0].Reason != "schema.foreign_elsewhere" {
		t.Errorf("got %v, want to be told", told)
	}
}
