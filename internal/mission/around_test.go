package mission_test

import (
	"slices"
	"strings"
	"testing"

	"cultured/internal/mission"
)

// What is handed out as a decorated file is read back with its rows where the variant says they are.
func TestFile_hasItsRowsWhereTheVariantSays(t *testing.T) {
	for _, id := range []mission.ID{"M04", "M17", "M01"} {
		m := find(t, id)
		for seed := range uint64(10) {
			v, err := m.Draw(source(t, m), seed)
			if err != nil {
				t.Fatal(err)
			}
			got := table(t, v.File(), "f.csv")
			if want := len(v.Table.Rows) + len(v.Below); len(got.Rows) != want || got.Header != 1+len(v.Above) {
				t.Fatalf("%s, seed %d: %d rows under row %d, want %d under row %d", id, seed, len(got.Rows), got.Header, want, 1+len(v.Above))
			}
			for i, row := range v.Table.Rows {
				if got.Number(i) != v.Table.Number(i) || strings.TrimSpace(got.Rows[i][0]) != strings.TrimSpace(row[0]) {
					t.Fatalf("%s, seed %d: row %d of the file is %v, want %v at row %d", id, seed, got.Number(i), got.Rows[i], row, v.Table.Number(i))
				}
			}
		}
	}
}

// A row that comes again nearly has a key of its own, and its pair is the row it was made of.
func TestNear_isItsPairUnderAnotherKey(t *testing.T) {
	m := find(t, "M17")
	for seed := range uint64(20) {
		v, err := m.Draw(source(t, m), seed)
		if err != nil {
			t.Fatal(err)
		}
		keys := map[string]bool{}
		for _, row := range v.Table.Rows {
			if keys[row[0]] {
				t.Fatalf("seed %d: the key %s comes twice", seed, row[0])
			}
			keys[row[0]] = true
		}
		for _, a := range v.Anomalies {
			row, pair := v.Table.Rows[a.Row], v.Table.Rows[a.Pair]
			if a.Row == a.Pair || row[1] == pair[1] || !slices.Equal(row[2:], pair[2:]) {
				t.Errorf("seed %d: %q is no near copy of %q", seed, row, pair)
			}
		}
		// Either of a pair will do.
		var others []int
		for _, a := range v.Anomalies {
			others = append(others, v.Table.Number(a.Pair))
		}
		if got, err := m.Judge(v, mission.Answer{Rows: others}, bench); err != nil || !got.Passed {
			t.Errorf("seed %d: naming the first of each pair: %+v, %v", seed, got, err)
		}
	}
}
