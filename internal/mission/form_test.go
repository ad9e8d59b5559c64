package mission_test

import (
	"maps"
	"strings"
	"testing"

	"cultured/internal/mission"
)

// results judges a form and gives the results by kind and field.
func results(t *testing.T, m mission.Mission, v mission.Variant, fields map[string]string) map[string]mission.Result {
	t.Helper()
	verdict, err := m.Judge(v, mission.Answer{Fields: fields}, bench)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]mission.Result{}
	for _, r := range verdict.Results {
		by[r.Kind+" "+r.Field] = r
	}
	return by
}

func TestForm_asksForWhatIsTrueOfItsSubject(t *testing.T) {
	m := find(t, "M02")
	seen := map[int]bool{}
	for seed := range uint64(40) {
		v, err := m.Draw(mission.Table{}, seed)
		if err != nil {
			t.Fatal(err)
		}
		seen[v.Subject] = true
		good, _ := m.Good(v)
		other := (v.Subject + 1) % len(m.Subjects)
		copied := maps.Clone(good.Fields)
		copied["start"] = m.Subjects[other].Facts["start"]
		if by := results(t, m, v, copied); by["fact start"].Passed || !by["fact licence"].Passed {
			t.Errorf("seed %d: a neighbour's day: %+v", seed, by)
		}
		written := maps.Clone(good.Fields)
		day := strings.Split(good.Fields["start"], "-")
		written["start"] = day[2] + "/" + day[1] + "/" + day[0] // as a French hand writes it
		if by := results(t, m, v, written); !by["fact start"].Passed {
			t.Errorf("seed %d: %q is not taken", seed, written["start"])
		}
	}
	if len(seen) != len(m.Subjects) {
		t.Errorf("%d of %d subjects are ever drawn", len(seen), len(m.Subjects))
	}
}

// A record that lacks what earns points says which, and its length counts characters, not spaces.
func TestForm_saysWhatARecordLacks(t *testing.T) {
	m := find(t, "M02")
	v, err := m.Draw(mission.Table{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	by := results(t, m, v, map[string]string{"title": "Bornes de Valmoret", "description": "Bornes" + strings.Repeat(" ", 200)})
	score := by["score "]
	var lacks []string
	for _, f := range score.Findings {
		lacks = append(lacks, strings.TrimPrefix(f.Reason, "mission.lead_"))
	}
	if score.Passed || len(lacks) != mission.MostLeads || score.More == 0 {
		t.Errorf("the record lacks %v and %d more, and passes: %v", lacks, score.More, score.Passed)
	}
	if by["filled description"].Passed || by["differs description"].Passed {
		t.Error("spaces are taken for a description")
	}
}

func TestDuration_isANumberAndAUnit(t *testing.T) {
	m := find(t, "M18")
	v, err := m.Draw(mission.Table{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for written, want := range map[string]bool{
		"2 ans après le dernier contact": true, "13\u00a0mois": true, "Trois années": true, "un an": true, "prêts : 4 mois après le retour": true, "six months": true,
		"Jusqu’à la radiation (30 jours)": true, "le temps nécessaire": false, "toujours": false, "12": false, "plusieurs années": false, "ans": false, "": false,
	} {
		if got := results(t, m, v, map[string]string{"purpose": "x", "retention": written})["duration retention"].Passed; got != want {
			t.Errorf("%q: got %v, want %v", written, got, want)
		}
	}
}
