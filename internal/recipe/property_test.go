package recipe

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"cultured/internal/tabular"
)

// A promise is what a kind of step keeps, whatever the table: every row, some of the rows as they were, or neither.
var promises = []struct {
	step string
	rows string // "all": as many as came; "same": those that came, in another order; "some": each is one that came, in their order; "made": rows of its own
}{
	{`{"do":"trim","columns":["a","b"]}`, "all"},
	{`{"do":"case","columns":["a"],"to":"upper"}`, "all"},
	{`{"do":"replace","columns":["a","b"],"find":"x","with":"yy"}`, "all"},
	{`{"do":"date","columns":["d"]}`, "all"},
	{`{"do":"number","columns":["n"]}`, "all"},
	{`{"do":"cluster","column":"a","values":{"x":"X"}}`, "all"},
	{`{"do":"fill","columns":["a","b"]}`, "all"},
	{`{"do":"rename","columns":["a","b"],"to":["b","a"]}`, "all"},
	{`{"do":"split","column":"d","by":"/","into":["d1","d2","d3"]}`, "all"},
	{`{"do":"merge","columns":["a","b"],"by":" ","into":"ab"}`, "all"},
	{`{"do":"derive","into":"e","formula":"[n]*2"}`, "all"},
	{`{"do":"keep","columns":["a","n"]}`, "all"},
	{`{"do":"drop","columns":["a","n"]}`, "all"},
	{`{"do":"order","columns":["d","n"]}`, "all"},
	{`{"do":"join","with":"other","on":"a","take":["z"]}`, "all"},
	{`{"do":"map","schema":"s","fields":[{"field":"quand","column":"d","convert":true},{"field":"b","column":"a","values":{"x":"X"}},{"field":"pays","constant":"FR"}],"rule":{"fields":[{"name":"quand","type":"date","format":"default"},{"name":"b","type":"string"},{"name":"pays","type":"string"}]}}`, "all"},
	{`{"do":"address","columns":["a","b"]}`, "all"},
	{`{"do":"commune","column":"a","within":"n"}`, "all"},
	{`{"do":"generalise","columns":["d"],"to":"month"}`, "all"},
	{`{"do":"generalise","columns":["n"],"to":"tens"}`, "all"},
	{`{"do":"mask","columns":["a","b"],"keep":1}`, "all"},
	{`{"do":"pseudonym","columns":["a","n"]}`, "all"},
	{`{"do":"shuffle","columns":["a","b"]}`, "all"},
	{`{"do":"filter","column":"n","is":"more","value":"500"}`, "some"},
	{`{"do":"filter","column":"a","is":"empty","drop":true}`, "some"},
	{`{"do":"totals"}`, "some"},
	{`{"do":"deduplicate","columns":["a"],"keep":"first"}`, "some"},
	{`{"do":"deduplicate","columns":["a","b"],"keep":"last","loose":true}`, "some"},
	{`{"do":"deduplicate","columns":["a"],"keep":"fullest"}`, "some"},
	{`{"do":"unpivot","columns":["b","n"],"name":"k","value":"v"}`, "made"},
	{`{"do":"aggregate","by":["a"],"measures":[{"fn":"count","into":"k"}]}`, "made"},
	{`{"do":"sort","columns":["n","d"],"down":true}`, "same"},
	{`{"do":"explode","column":"d","by":"/"}`, "made"},
	{`{"do":"sql","query":"SELECT n, a FROM donnees","uses":["a","n"],"into":["n","a"]}`, "all"},
}

func TestEachStepKeepsItsPromiseAndDoesTheSameAgain(t *testing.T) {
	tried := map[string]bool{"header": true, "pivot": true} // their columns are those of the rows: TestSteps, TestControlTotalsAreKept
	for _, p := range promises {
		r := read(t, "["+p.step+"]")
		tried[r[0].Kind()] = true
		for seed := range uint64(60) {
			rows := drawn(rand.New(rand.NewPCG(seed, 7)))
			before := fmt.Sprint(rows)
			got, tallies := twice(t, rows, r)
			if fmt.Sprint(rows) != before {
				t.Fatalf("%s wrote into its source", p.step)
			}
			y := tallies[0]
			switch {
			case int(y.In) != len(rows)-1 || int(y.Out) != len(got)-1:
				t.Fatalf("%s, seed %d: counted %d in, %d out of %d and %d", p.step, seed, y.In, y.Out, len(rows)-1, len(got)-1)
			case p.rows == "all" && y.In != y.Out:
				t.Fatalf("%s, seed %d: %d rows of %d", p.step, seed, y.Out, y.In)
			case p.rows == "same" && !alike(got[1:], rows[1:]):
				t.Fatalf("%s, seed %d: %q are not the rows of %q", p.step, seed, got, rows)
			case p.rows == "some" && !within(got[1:], rows[1:]):
				t.Fatalf("%s, seed %d: %q are no rows of %q", p.step, seed, got, rows)
			}
		}
	}
	for _, k := range Kinds() {
		if !tried[k] {
			t.Errorf("no promise of %s is tried", k)
		}
	}
}

// drawn is a table of columns a, b, n, d with empty cells, doubles, totals and values that do not read.
func drawn(rng *rand.Rand) [][]string {
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	rows := [][]string{{"a", "b", "n", "d"}}
	for range rng.IntN(40) {
		rows = append(rows, []string{pick("", "x", "X", " x  y ", "Total", "é"), pick("", "x", "Sous-total", "y"), pick("", "n/d", "12,5", "1 000", fmt.Sprint(rng.IntN(1000))), pick("", "25/12/2024", "2024-12-25", "hier")})
	}
	return rows
}

// twice runs a recipe, then what its JSON reads as, and wants the same.
func twice(t *testing.T, rows [][]string, r Recipe) ([][]string, []Tally) {
	t.Helper()
	k := func() Kitchen {
		return Kitchen{Secret: []byte("a secret of the house"), Ask: chosen, Places: func(a []string) ([]Place, error) { return make([]Place, len(a)), nil }, Others: func(string) (tabular.Table, error) { return &lines{rows: table("a;z|x;1|é;2")}, nil }}
	}
	got, tallies, err := cook(rows, r, k())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	again, more, err := cook(rows, read(t, string(raw)), k())
	if err != nil || !reflect.DeepEqual(again, got) || !reflect.DeepEqual(more, tallies) {
		t.Fatalf("%s again: got %q, %v, want %q", raw, again, err, got)
	}
	return got, tallies
}

// alike says whether two lists hold the same rows, each as often.
func alike(a, b [][]string) bool {
	count := map[string]int{}
	for _, row := range a {
		count[keyOf(row)]++
	}
	for _, row := range b {
		count[keyOf(row)]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

// within says whether a list of rows is what is left of another when some are taken out.
func within(some, all [][]string) bool {
	for _, row := range all {
		if len(some) > 0 && slices.Equal(some[0], row) {
			some = some[1:]
		}
	}
	return len(some) == 0
}
