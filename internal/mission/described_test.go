package mission_test

import (
	"testing"

	"cultured/internal/mission"
)

// What is written about a table is in the dataset, not in a file: one handed in is told where to go, a description that repeats the name is none.
func TestDescribed_isOfTheDatasetHandedIn(t *testing.T) {
	m, v, good := drawn(t, "M03", 2)
	judge := func(h *mission.Holding) mission.Result {
		verdict, err := m.Judge(v, mission.Answer{Table: &good, Holding: h}, bench)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range verdict.Results {
			if r.Kind == "described" {
				return r
			}
		}
		t.Fatal("nothing is said of the descriptions")
		return mission.Result{}
	}
	if r := judge(nil); r.Passed || r.Key != "mission.failed_described_file" {
		t.Errorf("a file: %+v", r)
	}
	h := mission.Holding{}
	for _, name := range good.Columns {
		h.Columns = append(h.Columns, mission.HeldColumn{Name: name, Described: true, Description: "Ce que la colonne dit du guichet."})
	}
	if r := judge(&h); !r.Passed {
		t.Errorf("all is described: %+v", r)
	}
	h.Columns[2].Description = "Code commune" // short
	if r := judge(&h); r.Passed || r.Args[0] != 1 || r.Args[1] != good.Columns[2] {
		t.Errorf("one is hardly described: %+v", r)
	}
}

// An author composes both checks in the browser; a score of nothing cannot fail, and is refused.
func TestSuggest_findsWhatFailsWhatIsWritten(t *testing.T) {
	m := find(t, "M03")
	hint := mission.Words{FR: "Voyez le dictionnaire."}
	m.Checks = []mission.Check{{Kind: "described", Length: 10, Hint: hint}, {Kind: "record", Points: 7, Hint: hint}}
	for points, doubts := range map[int]bool{7: false, 0: true} {
		m.Checks[1].Points = points
		var err error
		if m.Bad, err = m.Suggest(source(t, m), 2, bench); err != nil {
			t.Fatal(err)
		}
		if got := m.Prove(source(t, m), 2, bench); (len(got) > 0) != doubts {
			t.Errorf("a record of %d points: %v", points, got)
		}
	}
}
