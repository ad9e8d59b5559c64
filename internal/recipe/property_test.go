package recipe

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
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
	tried := map[string]bool{"header": true, "pivot": true} // their columns are those of the rows: TestStepsThatMakeRowsKeepTheirTotals
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
			case p.rows == "all" && r[0].Kind() != "map": // which takes columns by its fields
				if column := touched(rows, got, p.step); column != "" {
					t.Fatalf("%s, seed %d changed %q, which it does not name: %q, of %q", p.step, seed, column, got, rows)
				}
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

// touched is a column that a step does not name and whose cells are no longer the same, row by row; "" for none. With them go their totals.
func touched(before, after [][]string, step string) string {
	for i, name := range before[0] {
		at := slices.Index(after[0], name)
		if at < 0 || strings.Contains(step, `"`+name+`"`) {
			continue
		}
		for n := range before {
			if before[n][i] != after[n][at] {
				return name
			}
		}
	}
	return ""
}

// Steps that make rows of their own keep what is summed up: pivot gives back what unpivot took apart, a cell cut into rows leaves as many as it has parts,
// and a header of several rows takes those alone.
func TestStepsThatMakeRowsKeepTheirTotals(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 8))
		long, parts, total := [][]string{{"k", "what", "v"}}, 0, 0
		cut, tall := [][]string{{"k", "list"}}, [][]string{{"c1", "c2"}, {"k", "n"}, {"", "(€)"}}
		for k := range 1 + rng.IntN(20) {
			for _, what := range []string{"x", "y"} {
				v := rng.IntN(1000)
				total += v
				long = append(long, []string{fmt.Sprint(k), what, fmt.Sprint(v)})
			}
			n := 1 + rng.IntN(4)
			parts += n
			cut = append(cut, []string{fmt.Sprint(k), strings.Repeat("a,", n-1) + "a"})
			tall = append(tall, []string{fmt.Sprint(k), fmt.Sprint(n)})
		}
		wide, _ := twice(t, long, read(t, `[{"do":"pivot","name":"what","value":"v","into":["x","y"]}]`))
		if got := sum(t, wide, "x") + sum(t, wide, "y"); got != total || len(wide) != (len(long)-1)/2+1 {
			t.Fatalf("seed %d: pivot of %q gives %q", seed, long, wide)
		}
		if back, _ := twice(t, wide, read(t, `[{"do":"unpivot","columns":["x","y"],"name":"what","value":"v"}]`)); !reflect.DeepEqual(back, long) {
			t.Fatalf("seed %d: pivot, then unpivot of %q gives %q", seed, long, back)
		}
		if got, _ := twice(t, cut, read(t, `[{"do":"explode","column":"list","by":","}]`)); len(got)-1 != parts {
			t.Fatalf("seed %d: %d rows of %d parts", seed, len(got)-1, parts)
		}
		got, _ := twice(t, tall, read(t, `[{"do":"header","rows":2,"names":["k","n (€)"]}]`))
		if sum(t, got, "n (€)") != parts || len(got) != len(tall)-2 {
			t.Fatalf("seed %d: a header of two rows of %q gives %q", seed, tall, got)
		}
	}
}

// sum adds the whole numbers of a column.
func sum(t *testing.T, rows [][]string, column string) (total int) {
	t.Helper()
	at := slices.Index(rows[0], column)
	for _, row := range rows[1:] {
		n, err := strconv.Atoi(row[at])
		if err != nil {
			t.Fatal(err)
		}
		total += n
	}
	return total
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
