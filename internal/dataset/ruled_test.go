package dataset

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"cultured/internal/finding"
	"cultured/internal/rule"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

const aids = "nom;siret;debut;fin;part;total\nA;21860194600013;2024-01-01;2024-02-01;1;2\nB;21860194600014;2024-03-01;2024-02-01;3;2\nA;;2024-01-01;;;2\n"

func aidRules() []rule.Rule {
	return []rule.Rule{
		{Says: "la fin vient avant le début", Mend: "a", Formula: "[fin]>=[debut]", Column: "fin", Severity: finding.Error},
		{Says: "la part dépasse le total", Mend: "b", Formula: "[part]<=[total]", Column: "fin", Severity: finding.Warning},
		{Says: "un nom deux fois", Mend: "c", Unique: []string{"nom"}, Severity: finding.Error},
		{Says: "jamais demandé", Mend: "d", Formula: "[montant]>0", Severity: finding.Error},
	}
}

// TestExamine_rules: each rule is a group of its own, with or without a schema, in the whole report as in the quick one.
func TestExamine_rules(t *testing.T) {
	open := func() (tabular.Table, error) {
		return tabular.Open(strings.NewReader(aids), int64(len(aids)), "aides.csv", tabular.Options{})
	}
	var of []finding.Finding
	r, err := Examine(context.Background(), open, Examination{Rules: aidRules(), Sink: func(f finding.Finding) {
		if OfRule(f.Reason) {
			of = append(of, f)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, g := range r.Groups {
		if OfRule(g.Reason) {
			said = append(said, g.Args[1]+" "+string(g.Severity))
		}
	}
	slices.Sort(said)
	want := []string{"jamais demandé info", "la fin vient avant le début error", "la part dépasse le total warning", "un nom deux fois error"}
	if !slices.Equal(said, want) || r.Rules != 3 || r.Valid {
		t.Errorf("got %q, %d rules, valid %t; want %q, 3, false", said, r.Rules, r.Valid, want)
	}
	rows := map[string]int{}
	for _, f := range of {
		rows[f.Args[1]] = f.Row
	}
	if rows["la fin vient avant le début"] != 3 || rows["un nom deux fois"] != 4 {
		t.Errorf("got rows %v", rows)
	}
	if !slices.ContainsFunc(r.Groups, func(g Group) bool { return g.Reason == "dataset.invalid_siret" }) {
		t.Error("a rule that shows a cell silences nothing: the wrong SIRET is to be told too")
	}
}

// TestExamine_rulesInSARIF: rules that share a reason are rules of their own there.
func TestExamine_rulesInSARIF(t *testing.T) {
	var out bytes.Buffer
	p := NewPrinter(&out, PrintSARIF, func(key string, _ ...any) string { return key })
	open := func() (tabular.Table, error) {
		return tabular.Open(strings.NewReader(aids), int64(len(aids)), "aides.csv", tabular.Options{})
	}
	r, err := Examine(context.Background(), open, Examination{Rules: aidRules(), Sink: p.Add, Known: func(r tabular.Reading) { p.About("aides.csv", r) }})
	if err == nil {
		err = p.Close(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range log.Runs[0].Tool.Driver.Rules {
		if strings.HasPrefix(r.ID, "rule.") {
			ids = append(ids, r.ID)
		}
	}
	if want := []string{"rule.skipped: [montant]>0", "rule.broken: [fin]>=[debut]", "rule.broken: [part]<=[total]", "rule.twice: UNIQUE([nom])"}; !slices.Equal(ids, want) {
		t.Errorf("got %q, want %q", ids, want)
	}
}

// TestExamine_rulesLeaveTheSchemaItsVerdict: what is published of a table says whether it keeps its schema, not what an organisation asks.
func TestExamine_rulesLeaveTheSchemaItsVerdict(t *testing.T) {
	open := func() (tabular.Table, error) {
		return tabular.Open(strings.NewReader(aids), int64(len(aids)), "aides.csv", tabular.Options{})
	}
	for name, tc := range map[string]struct {
		kind string // of the column "nom"
		want bool
	}{"a schema kept": {"string", true}, "a schema broken": {"integer", false}} {
		s, _, err := schema.Parse([]byte(`{"fields": [{"name": "nom", "type": "` + tc.kind + `"}, {"name": "siret"}, {"name": "debut"}, {"name": "fin"}, {"name": "part"}, {"name": "total"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		r, err := Examine(context.Background(), open, Examination{Schema: &s, Rules: aidRules(), Sink: func(finding.Finding) {}})
		if err != nil || r.Valid || r.Ruled != 2 || r.Conforms() != tc.want || FactsOf("aides.csv", r, nil).Conforms != tc.want {
			t.Errorf("%s: valid %t, %d errors of rules among %d, conforms %t; %v", name, r.Valid, r.Ruled, r.Errors, r.Conforms(), err)
		}
	}
}
