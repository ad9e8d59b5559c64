package dataset

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/schema"
)

const grants = `{"title": "Aides", "fields": [
	{"name": "donneur", "type": "string", "constraints": {"required": true}},
	{"name": "jour", "type": "date", "constraints": {"required": true}},
	{"name": "nature", "type": "string", "constraints": {"required": true, "enum": ["aide en numéraire", "aide en nature"]}},
	{"name": "montant", "title": "Montant de l’aide", "type": "number", "constraints": {"required": true}},
	{"name": "remarque", "type": "string"}]}`

func grantSchema(t testing.TB) *schema.Schema {
	t.Helper()
	s, err := schema.Read([]byte(grants), "x.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var march = csvOpener("MONTANTS|nature|montant|Jour", "1 200,50 €|En numéraire|x|12/03/24", "30|argent|y|2024-03-13", "|||", "5|aide en nature|z|2024-03-14")

func marchMapping() Mapping {
	return Mapping{Schema: "aides", Fields: []Mapped{
		{Field: "donneur", Constant: "Valmoret"}, {Field: "jour", Column: "Jour", Convert: true},
		{Field: "nature", Column: "nature", Convert: true, Values: map[string]string{"En numéraire": "aide en numéraire", "argent": "aide en numéraire"}},
		{Field: "montant", Column: "MONTANTS", Convert: true}}}
}

func rewritten(t *testing.T, open Opener, plan Plan) (lines []string) {
	t.Helper()
	err := Rewrite(context.Background(), open, plan, func(cells []string) error {
		lines = append(lines, strings.Join(cells, "|"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func stepOf(t testing.TB, m Mapping) Fix {
	t.Helper()
	step, err := m.Step(grantSchema(t))
	if err != nil {
		t.Fatal(err)
	}
	return step
}

func TestMapping_makesTheTableTheSchemaAsksFor(t *testing.T) {
	step := stepOf(t, marchMapping())
	want := []string{"donneur|jour|nature|montant|montant_2", "Valmoret|2024-03-12|aide en numéraire|1200.50|x", "Valmoret|2024-03-13|aide en numéraire|30|y",
		"Valmoret|2024-03-14|aide en nature|5|z"}
	if got := rewritten(t, march, Plan{step}); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	step.Map.Drop = true
	if got := rewritten(t, march, Plan{step})[1]; got != "Valmoret|2024-03-12|aide en numéraire|1200.50" {
		t.Errorf("without the other columns: got %q", got)
	}
	var found []finding.Finding
	report, err := Examine(t.Context(), march, Examination{Schema: grantSchema(t), Plan: Plan{step}, Sink: func(f finding.Finding) { found = append(found, f) }})
	if err != nil || report.Errors > 0 || report.Profile.RaggedRows > 0 || report.Profile.EmptyRows != 1 || report.Columns[3] != "montant" {
		t.Errorf("got %+v, %v, %v", report.Groups, found, err)
	}
}

// A step is stored as JSON and gives the same table afterwards.
func TestMapping_survivesStorage(t *testing.T) {
	step := stepOf(t, marchMapping())
	raw, err := json.Marshal(Plan{step})
	if err != nil {
		t.Fatal(err)
	}
	var again Plan
	if err := json.Unmarshal(raw, &again); err != nil {
		t.Fatal(err)
	}
	if a, b := rewritten(t, march, Plan{step}), rewritten(t, march, again); !slices.Equal(a, b) {
		t.Errorf("before %q, after %q", a, b)
	}
}

func TestMapping_takesItsTurnAmongTheSteps(t *testing.T) {
	before := Fix{Kind: "trim", Column: "MONTANTS"}
	after := Fix{Kind: "case_variant", Column: "donneur", Values: map[string]string{"Valmoret": "VALMORET"}}
	open := csvOpener("MONTANTS|nature|montant|Jour", " 30 |argent|y|2024-03-13", "||", "Total|3||")
	got := rewritten(t, open, Plan{before, stepOf(t, marchMapping()), after, {Kind: "drop_total_rows"}})
	want := []string{"donneur|jour|nature|montant|montant_2", "VALMORET|2024-03-13|aide en numéraire|30|y"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	swap := Mapping{Fields: []Mapped{{Field: "donneur", Column: "jour"}, {Field: "jour", Column: "donneur"}}}
	if got := rewritten(t, csvOpener("donneur|jour", "a|b"), Plan{stepOf(t, swap)}); !slices.Equal(got, []string{"donneur|jour", "b|a"}) {
		t.Errorf("two columns exchanged: got %q", got)
	}
}

func TestMapping_onAnotherFile(t *testing.T) {
	step := stepOf(t, marchMapping())
	if got := rewritten(t, csvOpener("montants|JOUR|libre", "7|01/04/2024|w"), Plan{step}); !slices.Equal(got, []string{"donneur|jour|montant|libre", "Valmoret|2024-04-01|7|w"}) {
		t.Errorf("other order and case, a column gone: got %q", got)
	}
	if m := marchMapping(); m.Fits([]string{"montants", "JOUR", "libre"}) || !m.Fits([]string{"x", "jour", "NATURE", "montants"}) || (Mapping{}).Fits([]string{"x"}) {
		t.Error("a mapping fits where all its columns are, and nowhere else")
	}
	plain := stepOf(t, Mapping{Fields: []Mapped{{Field: "jour", Column: "rien"}}, Drop: true})
	if got := rewritten(t, csvOpener("a|b", "1|2"), Plan{plain}); !slices.Equal(got, []string{"a|b", "1|2"}) {
		t.Errorf("a table without any of its columns: got %q", got)
	}
}

func TestStep_refusesWhatMakesNoTable(t *testing.T) {
	for _, tc := range []struct {
		want   string
		fields []Mapped
	}{
		{"dataset.map_nothing", nil},
		{"dataset.map_field", []Mapped{{Field: "inconnu", Column: "a"}}},
		{"dataset.map_twice", []Mapped{{Field: "jour", Column: "a"}, {Field: "montant", Column: "A"}}},
		{"dataset.map_twice", []Mapped{{Field: "jour", Column: "a"}, {Field: "jour", Column: "b"}}},
	} {
		_, err := Mapping{Fields: tc.fields}.Step(grantSchema(t))
		f, ok := errors.AsType[*fault.Error](err)
		if list, many := errors.AsType[fault.List](err); many {
			f, ok = list[0], true
		}
		if !ok || f.Key != tc.want {
			t.Errorf("%v: got %v, want %s", tc.fields, err, tc.want)
		}
	}
	plan := Plan{{Kind: "trim"}}.WithMap(stepOf(t, marchMapping())).WithMap(stepOf(t, Mapping{Fields: []Mapped{{Field: "jour", Column: "z"}}}))
	if m, at := plan.MapStep(); len(plan) != 2 || at != 1 || m.Fields[0].Column != "z" {
		t.Errorf("a second mapping takes the place of the first: got %+v", plan)
	}
}

func TestPropose_findsTriesAndTellsWhatIsLeft(t *testing.T) {
	s := grantSchema(t)
	g, err := Look(t.Context(), csvOpener("MONTANTS|nature|rang|Jour", "1 200,50 €|En numéraire|x|12/03/24", "30|argent|y|2024-03-13", "|||", "5|aide en nature|z|2024-03-14"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if g.Rows != 3 || !slices.Equal(g.Names(), []string{"MONTANTS", "nature", "rang", "Jour"}) {
		t.Fatalf("got %+v", g)
	}
	m, _ := Propose(s, "aides", g, nil)
	want := Mapping{Schema: "aides", Fields: []Mapped{{Field: "jour", Column: "Jour", Convert: true},
		{Field: "nature", Column: "nature", Convert: true, Values: map[string]string{"En numéraire": "aide en numéraire"}}, {Field: "montant", Column: "MONTANTS", Convert: true}}}
	if !reflect.DeepEqual(m, want) {
		t.Errorf("got %+v, want %+v", m, want)
	}
	if got := g.Left(m); !slices.Equal(got, []string{"rang"}) {
		t.Errorf("left: got %v", got)
	}
	if got := g.Absent(s, m); !slices.Equal(got, []string{"donneur"}) {
		t.Errorf("absent: got %v", got)
	}
	trials := g.Try(s, m)
	if tr := trials[2]; tr.Wrong != 1 || tr.Changed != 1 || tr.Right != 1 || !slices.Equal(tr.Unlisted, []string{"En numéraire", "argent"}) {
		t.Errorf("nature: got %+v", tr)
	}
	if tr := trials[3]; tr.Samples[0] != (Sample{"1 200,50 €", "1200.50", "unit", true}) {
		t.Errorf("montant: got %+v", tr.Samples)
	}
	if trials[0].Mapped != nil || trials[4].Mapped != nil {
		t.Errorf("fields without a column: got %+v", trials)
	}
	// What people decided comes back, with the values they gave.
	decided := marchMapping()
	decided.Fields[3].Column, decided.Drop = "rang", true
	again, matches := Propose(s, "aides", g, []Mapping{decided})
	if amount, _ := again.Of("montant"); amount.Column != "rang" || matches[3].Score != 1 || !again.Drop {
		t.Errorf("got %+v, %+v", amount, matches[3])
	}
	if nature, _ := again.Of("nature"); nature.Values["argent"] != "aide en numéraire" {
		t.Errorf("got %+v", nature)
	}
	if donor, _ := again.Of("donneur"); donor.Constant != "Valmoret" {
		t.Errorf("got %+v", donor)
	}
}

func TestLook_stopsWhenAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Look(ctx, march, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
