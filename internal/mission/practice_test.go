package mission_test

import (
	"slices"
	"testing"

	missionfiles "cultured/content/missions"
	"cultured/internal/mission"
	"cultured/internal/schema"
)

func subsidies() mission.Holding {
	return mission.Holding{ID: "d", Title: "Subventions", Version: 2, By: "bob", ByName: "Bob", Rows: 20, Score: 9, Columns: []mission.HeldColumn{
		{Name: "SIRET du bénéficiaire", Type: "text", Meaning: "siret", Described: true, Key: true},
		{Name: "Montant", Type: "number", Described: true}, {Name: "Date", Type: "date", Described: true}}}
}

func TestPractice_fitsADatasetWithAColumnForEachNeed(t *testing.T) {
	need := func(n ...mission.Need) mission.Practice { return mission.Practice{Needs: n} }
	amount, day, code := mission.Need{Words: []string{"montant"}}, mission.Need{Types: []string{"date"}}, mission.Need{Meanings: []string{"siret"}}
	for _, c := range []struct {
		name string
		o    mission.Practice
		h    mission.Holding
		want bool
	}{
		{"all are there", need(amount, day, code), subsidies(), true},
		{"nothing is needed", need(), subsidies(), true},
		{"one is missing", need(amount, mission.Need{Types: []string{"boolean"}}), subsidies(), false},
		{"a few rows", need(), mission.Holding{Rows: 19, Columns: subsidies().Columns}, false},
		{"a mission's own data", need(amount), func() mission.Holding { h := subsidies(); h.Exercise = true; return h }(), false},
		{"accents do not matter", need(mission.Need{Words: []string{"beneficiaire"}}), subsidies(), true},
	} {
		if got := c.o.Fits(c.h); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
}

// TestPracticeChecks_eachPassesGoodWorkAndFailsForItsReason keeps every check of what ships from being one that cannot fail.
func TestPracticeChecks_eachPassesGoodWorkAndFailsForItsReason(t *testing.T) {
	spoils := map[string]func(*mission.Holding, *mission.Table){
		"clean":       func(h *mission.Holding, _ *mission.Table) { h.Problems = 2 },
		"described":   func(h *mission.Holding, _ *mission.Table) { h.Columns[1].Described = false },
		"key":         func(h *mission.Holding, _ *mission.Table) { h.Columns[0].Key = false },
		"record":      func(h *mission.Holding, _ *mission.Table) { h.Score = 1 },
		"schema":      func(_ *mission.Holding, t *mission.Table) { t.Rows[1][1] = "beaucoup" },
		"identifiers": func(_ *mission.Holding, t *mission.Table) { t.Rows[1][1] = "nadia.morvan@valmoret.example" },
		"yours":       func(h *mission.Holding, _ *mission.Table) { h.By = "cleo" },
	}
	s, _, err := schema.Parse([]byte(`{"name":"s","fields":[{"name":"nom","type":"string"},{"name":"montant","type":"number"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	bench := mission.Bench{Schema: func(string) (schema.Schema, error) { return s, nil }}
	for _, kind := range mission.PracticeCheckKinds() {
		m := mission.Mission{ID: "X", Practice: &mission.Practice{Checks: []mission.Check{{Kind: kind, Points: 7, Schema: "s"}}}}
		for _, spoilt := range []string{"", kind, "yours"} {
			h, table := subsidies(), mission.Table{Columns: []string{"nom", "montant"}, Rows: [][]string{{"a", "1"}, {"b", "2"}}}
			if spoilt != "" {
				spoils[spoilt](&h, &table)
			}
			v, err := m.JudgePractice(h, &table, "bob", bench)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range v.Results {
				if r.Passed != (r.Kind != spoilt) {
					t.Errorf("%s spoilt by %q: %s says %v", kind, spoilt, r.Kind, r.Passed)
				}
			}
			if v.Passed != (spoilt == "") {
				t.Errorf("%s spoilt by %q: passed is %v", kind, spoilt, v.Passed)
			}
		}
	}
}

func TestPractice_whatShipsIsWhole(t *testing.T) {
	list, err := mission.Load(missionfiles.Files)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range list {
		if m.Practice == nil {
			continue
		}
		n++
		for _, c := range m.Practice.Checks {
			if !slices.Contains(mission.PracticeCheckKinds(), c.Kind) || c.Hint.FR == "" || c.Hint.EN == "" {
				t.Errorf("%s: check %q is unknown or says nothing", m.ID, c.Kind)
			}
		}
		for _, need := range m.Practice.Needs {
			if need.Say.FR == "" || need.Say.EN == "" {
				t.Errorf("%s: a need is not said", m.ID)
			}
		}
		for _, c := range m.Practice.Competences {
			if !slices.ContainsFunc(m.Competences, func(o mission.Competence) bool { return o.Code == c.Code && o.Level >= c.Level }) {
				t.Errorf("%s: done on one's own data it shows %s %d, which the mission does not", m.ID, c.Code, c.Level)
			}
		}
	}
	if n < 4 {
		t.Errorf("%d missions may be done on one's own data", n)
	}
}

// A check of one's own dataset that nothing fails is refused, as any other is.
func TestPracticeChecks_thatCannotFailAreRefused(t *testing.T) {
	for points, refused := range map[int]bool{8: false, 0: true} {
		m := find(t, "M03")
		m.Practice = &mission.Practice{Checks: []mission.Check{{Kind: "record", Points: points}, {Kind: "described", Length: 20}, {Kind: "clean"}, {Kind: "key"}}}
		if got := m.Prove(source(t, m), 1, bench); (len(got) > 0) != refused {
			t.Errorf("a record of %d points: %v", points, got)
		}
	}
}
