package mission_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/mission"
	"cultured/internal/recipe"
)

// cooked judges steps and gives the results by kind.
func cooked(t *testing.T, m mission.Mission, v mission.Variant, steps recipe.Recipe) map[string]mission.Result {
	t.Helper()
	verdict, err := m.Judge(v, mission.Answer{Recipe: steps}, bench)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]mission.Result{}
	for _, r := range verdict.Results {
		by[r.Kind] = r
	}
	return by
}

func replayed(t *testing.T, id mission.ID, seed uint64) (mission.Mission, mission.Variant) {
	t.Helper()
	m := find(t, id)
	v, err := m.Draw(source(t, m), seed)
	if err != nil {
		t.Fatal(err)
	}
	return m, v
}

// Steps that mend one's own file value by value are right there, and wrong on a file nobody saw.
func TestReplay_isOnFilesNobodySaw(t *testing.T) {
	m, v := replayed(t, "M25", 4)
	var byHand recipe.Recipe
	for _, s := range m.Recipe {
		if s.Kind() != "number" {
			byHand = append(byHand, s)
			continue
		}
		for _, a := range v.Anomalies {
			if a.Kind == "comma" {
				byHand = append(byHand, &recipe.Replace{Columns: []string{a.Column}, Find: a.Is, With: a.Was, Whole: true})
			}
		}
	}
	got := cooked(t, m, v, byHand)["replay"]
	if got.Passed || got.Key != "mission.failed_replay" || len(got.Findings) == 0 {
		t.Fatalf("mending by hand: %+v", got)
	}
	for _, f := range got.Findings {
		if f.Row != 0 || f.Reason != "mission.lead_comma" || f.Field != "conso_mwh" {
			t.Errorf("%+v points at a row of a file nobody has, or not at the comma", f)
		}
	}
}

// On one's own file the lead is the row, the column and what is wrong there, never the right value.
func TestReplay_pointsAtTheRowOfOnesOwnFile(t *testing.T) {
	m, v := replayed(t, "M25", 7)
	steps := slices.DeleteFunc(slices.Clone(m.Recipe), func(s recipe.Step) bool { return s.Kind() == "number" })
	got := cooked(t, m, v, steps)["replay"]
	if got.Passed || got.Key != "mission.failed_replay_own" || len(got.Findings) == 0 {
		t.Fatalf("commas left: %+v", got)
	}
	for _, f := range got.Findings {
		if !slices.ContainsFunc(v.Anomalies, func(a mission.Anomaly) bool {
			return a.Kind == "comma" && v.Table.Number(a.Row) == f.Row && a.Is == f.Value && !slices.Contains(f.Args, a.Was)
		}) {
			t.Errorf("row %d: %q was not planted there", f.Row, f.Value)
		}
	}
}

func TestReplay_saysWhichStepDoesNotFit(t *testing.T) {
	m, v := replayed(t, "M25", 2)
	by := cooked(t, m, v, recipe.Recipe{&recipe.Trim{Columns: []string{"comune"}}})
	for _, kind := range []string{"replay", "replay_columns", "replay_rows", "replay_total"} {
		if r := by[kind]; r.Passed || r.Refused != "recipe.no_column_near" || r.Reasons[0] != 1 {
			t.Errorf("%s: %+v", kind, r)
		}
	}
	raw, err := json.Marshal(by["replay"])
	if err != nil {
		t.Fatal(err)
	}
	var kept mission.Result
	if err := json.Unmarshal(raw, &kept); err != nil || kept.Reasons[0] != int64(1) || kept.Reasons[2] != "commune" {
		t.Errorf("kept as %s, the sentence reads %v (%v)", raw, kept.Reasons, err)
	}
}

func TestRefuses_wantsAStepThatUsesTheColumn(t *testing.T) {
	m, v := replayed(t, "M30", 3)
	if got := cooked(t, m, v, m.Recipe)["refuses"]; !got.Passed || got.Refused != "recipe.no_column" && got.Refused != "recipe.no_column_near" {
		t.Errorf("the good steps: %+v", got)
	}
	if got := cooked(t, m, v, append(recipe.Recipe{&recipe.Trim{Columns: []string{"nulle_part"}}}, m.Recipe...))["refuses"]; got.Passed || got.Key != "mission.failed_refuses_own" {
		t.Errorf("steps that refuse everything: %+v", got)
	}
	blind := slices.DeleteFunc(slices.Clone(m.Recipe), func(s recipe.Step) bool { return s.Kind() == "date" })
	if got := cooked(t, m, v, blind)["refuses"]; got.Passed {
		t.Errorf("steps that look at no date: %+v", got)
	}
}

// Who writes a mission of steps in the browser names no bad answer: they are found, and a check that cannot fail is told.
func TestSuggest_findsBadStepsForEachCheck(t *testing.T) {
	m := find(t, "M25")
	m.Bad = nil
	bad, err := m.Suggest(source(t, m), 3, bench)
	if err != nil {
		t.Fatal(err)
	}
	m.Bad = bad
	for _, problem := range m.Prove(source(t, m), 3, bench) {
		t.Error(problem)
	}
	m.Work, m.Disturb = nil, nil // nothing is wrong with the data: no step is missed
	m.Recipe = recipe.Recipe{&recipe.Trim{Columns: []string{"commune"}}}
	if m.Bad, err = m.Suggest(source(t, m), 3, bench); err != nil {
		t.Fatal(err)
	}
	if len(m.Prove(source(t, m), 3, bench)) < len(m.Checks) {
		t.Error("checks that nothing fails are taken")
	}
}

func TestReadRecipe_saysWhatIsWrongWithAFile(t *testing.T) {
	good, err := mission.ReadRecipe([]byte(`[{"do":"totals"},{"do":"trim","columns":["commune"]}]`))
	if want := (recipe.Recipe{&recipe.Totals{}, &recipe.Trim{Columns: []string{"commune"}}}); err != nil || !reflect.DeepEqual(good, want) {
		t.Errorf("got %v, %v", good, err)
	}
	for text, key := range map[string]string{
		"ligne;commune":              "recipe.not_json",
		`[{"do":"magic"}]`:           "recipe.unknown_kind",
		string(make([]byte, 60_000)): "mission.recipe_long",
	} {
		if _, err := mission.ReadRecipe([]byte(text)); !fault.Is(err, key) {
			t.Errorf("%.20q: %v, want %s", text, err, key)
		}
	}
}

// A step in SQL runs where the bench has an engine apart, and says why not elsewhere.
func TestReplay_asksInSQLWhereItMay(t *testing.T) {
	m, v := replayed(t, "M25", 1)
	steps := append(recipe.Recipe{&recipe.SQL{Query: "SELECT * FROM donnees", Uses: v.Table.Columns, Into: v.Table.Columns}}, m.Recipe...)
	asked := 0
	apart := bench
	apart.Ask = func(recipe.Question) (recipe.Inquiry, error) {
		asked++
		return nil, fault.New(fault.Invalid, "recipe.sql_refused")
	}
	for _, b := range []mission.Bench{bench, apart} {
		verdict, err := m.Judge(v, mission.Answer{Recipe: steps}, b)
		if err != nil || verdict.Passed || verdict.Results[0].Refused == "" {
			t.Errorf("%+v, %v", verdict, err)
		}
	}
	if asked != mission.Unseen+1 {
		t.Errorf("asked %d times, want once for each table", asked)
	}
}
