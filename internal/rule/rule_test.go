package rule_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/rule"
)

var header = []string{"siret", "début", "fin", "part_a", "part_b", "total", "type", "rna"}

func formula(f string) rule.Rule {
	return rule.Rule{Says: "non", Mend: "corrigez", Formula: f, Severity: finding.Error}
}

// found lists what rules say of rows, as row, place and reason.
func found(t *testing.T, header []string, rows []string, rules ...rule.Rule) (said []string) {
	t.Helper()
	c, skipped := rule.NewChecker(header, rules)
	sink := func(f finding.Finding) {
		said = append(said, strings.TrimSpace(fmt.Sprint(f.Row, " ", f.Field, " ", f.Reason, " ", f.Severity)))
	}
	for _, f := range skipped {
		sink(f)
	}
	for i, line := range rows {
		cells := strings.Split(line, ",")
		c.Cells(i+2, cells, sink)
		c.Keys(i+2, cells, sink)
	}
	return said
}

func TestCells(t *testing.T) {
	at := func(r rule.Rule, column string) rule.Rule { r.Column = column; return r }
	too := func(r rule.Rule) rule.Rule { r.Empty = true; return r }
	soft := func(r rule.Rule) rule.Rule { r.Severity = finding.Warning; return r }
	for _, c := range []struct {
		name string
		rule rule.Rule
		rows []string
		want []string
	}{
		{"the end comes after the start, whatever the form of dates", at(formula("[fin]>=[debut]"), "fin"), []string{"1,2024-01-02,2024-01-01,,,,,", "1,01/01/2024,2024-05-01,,,,,"}, []string{"2 fin rule.broken error"}},
		{"an empty cell is not asked", formula("[fin]>=[début]"), []string{"1,2024-01-02,,,,,,"}, nil},
		{"unless it is about that", formula(`[fin]<>""`), []string{"1,,,,,,,", "1,,2024-01-01,,,,,"}, []string{"2  rule.broken_row error"}},
		{"or the rule says so", too(formula(`OU([type]<>"association";[rna]<>"")`)), []string{"1,,,,,,association,", "1,,,,,,association,W123", "1,,,,,,commune,"}, []string{"2  rule.broken_row error"}},
		{"a sum takes empty parts for nothing", too(at(formula("SOMME([part_a];[part_b])<=[total]"), "total")), []string{"1,,,\"2\",,1,,", "1,,,2,,1,,", "1,,,0.1,0.2,0.3,,"}, []string{"3 total rule.broken error"}},
		{"a text where it reckons says nothing", formula("[part_a]+1<=[total]"), []string{"1,,,beaucoup,,1,,"}, nil},
		{"an answer that is no truth says nothing", formula("[part_a]"), []string{"1,,,3,,,,"}, nil},
		{"a key that is wrong", at(formula(`VALIDE([siret];"siret")`), "siret"), []string{"21860194600013,,,,,,,", "21860194600014,,,,,,,"}, []string{"3 siret rule.broken error"}},
		{"a warning", soft(formula("NBCAR([siret])=14")), []string{"12,,,,,,,"}, []string{"2  rule.broken_row warning"}},
		{"a short row is read as empty beyond", too(formula(`[rna]<>""`)), []string{"1"}, []string{"2  rule.broken_row error"}},
		{"what comes twice", rule.Rule{Says: "deux fois", Mend: "corrigez", Unique: []string{"siret", "type"}, Severity: finding.Error}, []string{"1,,,,,,a,", "1,,,,,,b,", "1,,,,,,a,", ",,,,,,a,", ",,,,,,a,"}, []string{"4 siret rule.twice error"}},
		{"a column that is not there skips the rule", formula("[montant]>0"), []string{"1,,,,,,,"}, []string{"0  rule.skipped info"}},
		{"a formula that cannot be read is told", formula("[siret]>"), []string{"1,,,,,,,"}, []string{"0  rule.unreadable warning"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := found(t, header, c.rows, c.rule); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestValid(t *testing.T) {
	good := formula("[fin]>=[début]")
	for _, c := range []struct {
		name   string
		change func(*rule.Rule)
		want   string
	}{
		{"good", func(*rule.Rule) {}, ""},
		{"says nothing", func(r *rule.Rule) { r.Says = " " }, "rule.say_something"},
		{"says too much", func(r *rule.Rule) { r.Mend = strings.Repeat("é", 301) }, "rule.too_long"},
		{"asks nothing", func(r *rule.Rule) { r.Formula = "" }, "rule.no_condition"},
		{"asks twice", func(r *rule.Rule) { r.Unique = []string{"fin"} }, "rule.two_conditions"},
		{"is only an information", func(r *rule.Rule) { r.Severity = finding.Info }, "rule.bad_severity"},
		{"names a column that is nearly there", func(r *rule.Rule) { r.Formula = "[totl]>0" }, "rule.no_column_near"},
		{"names a column that is not there", func(r *rule.Rule) { r.Formula = "[xyzabc]>0" }, "rule.no_column"},
		{"shows one that is not there", func(r *rule.Rule) { r.Column = "montant" }, "rule.no_column"},
		{"repeats one that is not there", func(r *rule.Rule) { r.Formula, r.Unique = "", []string{"montant"} }, "rule.no_column"},
		{"ends too early", func(r *rule.Rule) { r.Formula = "[fin]>=" }, "rule.bad_formula"},
		{"asks an unknown function", func(r *rule.Rule) { r.Formula = "RECHERCHEV([fin])" }, "rule.no_function"},
		{"gives a function too much", func(r *rule.Rule) { r.Formula = "NBCAR([fin];2)=1" }, "rule.bad_arguments"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := good
			c.change(&r)
			if err := r.Valid(header); c.want == "" && err != nil || c.want != "" && !fault.Is(err, c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestDecode_readsWhatEncodeWrites(t *testing.T) {
	rules := []rule.Rule{{ID: "1", By: "ada", Says: "a", Mend: "b", Column: "c", Formula: "[c]>0", Empty: true, Severity: finding.Warning},
		{ID: "2", Says: "d", Mend: "e", Unique: []string{"f", "g"}, Severity: finding.Error}}
	raw, err := rule.Encode(rules)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), "ada") {
		t.Errorf("a file names nobody: %s", raw)
	}
	got, err := rule.Decode(raw)
	rules[0].ID, rules[0].By, rules[1].ID = "", "", ""
	if err != nil || !reflect.DeepEqual(got, rules) {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, c := range []struct{ raw, want string }{
		{"{", "rule.bad_file"}, {`{"rules":[]}`, "rule.bad_file"}, {`[]`, "rule.bad_file"},
		{`{"rules":[{"says":"a","mend":"b","formula":"[c]>","severity":"error"}]}`, "rule.bad_rule"},
		{`{"rules":[` + strings.Repeat(`{"says":"a"},`, 100) + `{"says":"a"}]}`, "rule.too_many"},
	} {
		if _, err := rule.Decode([]byte(c.raw)); !fault.Is(err, c.want) {
			t.Errorf("%.40s: got %v, want %s", c.raw, err, c.want)
		}
	}
}
