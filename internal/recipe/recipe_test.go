package recipe

import (
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/tabular"
)

// lines is a table in memory: the header, then its rows. It lends its cells, as readers do, and spoils them afterwards.
type lines struct {
	rows [][]string
	at   int
	lent []string
}

func (l *lines) Reading() tabular.Reading { return tabular.Reading{HeaderRow: 1} }
func (l *lines) Columns() []string        { return l.rows[0] }
func (l *lines) Position() int64          { return int64(l.at) }
func (l *lines) Close() error             { return nil }
func (l *lines) Next() (tabular.Row, error) {
	for i := range l.lent {
		l.lent[i] = "SPOILT"
	}
	if l.at++; l.at >= len(l.rows) {
		return tabular.Row{}, io.EOF
	}
	l.lent = slices.Clone(l.rows[l.at])
	return tabular.Row{Number: l.at + 1, Cells: l.lent, Width: len(l.lent)}, nil
}

// table cuts "a;b|1;2" into a header and rows.
func table(text string) [][]string {
	var out [][]string
	for _, l := range strings.Split(text, "|") {
		out = append(out, strings.Split(l, ";"))
	}
	return out
}

func cook(rows [][]string, r Recipe, k Kitchen) (out [][]string, tallies []Tally, err error) {
	run, err := Cook(&lines{rows: rows}, r, k)
	if err != nil {
		return nil, nil, err
	}
	out = append(out, slices.Clone(run.Columns()))
	last := 1
	for {
		row, err := run.Next()
		if err == io.EOF {
			return out, run.Tallies(), nil
		}
		if err != nil {
			return nil, nil, err
		}
		if row.Number <= last || row.Passed != row.Number-last-1 {
			return nil, nil, fmt.Errorf("row %d after %d, %d passed", row.Number, last, row.Passed)
		}
		last = row.Number
		out = append(out, slices.Clone(row.Cells))
	}
}

func read(t *testing.T, text string) Recipe {
	t.Helper()
	var r Recipe
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSteps(t *testing.T) {
	for _, tc := range []struct{ name, recipe, in, want string }{
		{"spaces around, doubled and of other kinds go", `[{"do":"trim","columns":["v"]}]`, "v;w|\u00a0Caen  centre ; x ", "v;w|Caen centre; x "},
		{"small words stay small", `[{"do":"case","columns":["v"],"to":"title"}]`, "v|BOURG-EN-BRESSE|LE MANS|L'HAŸ-LES-ROSES|SAINT-JEAN-D'ANGÉLY", "v|Bourg-en-Bresse|Le Mans|L'Haÿ-les-Roses|Saint-Jean-d'Angély"},
		{"an expression with a group", `[{"do":"replace","columns":["v"],"find":"^(\\d{2})\\.(\\d{2})$","with":"$2$1","regexp":true}]`, "v|12.34|x12.34", "v|3412|x12.34"},
		{"only whole cells", `[{"do":"replace","columns":["v"],"find":"n","with":"non","whole":true}]`, "v|n|nn", "v|non|nn"},
		{"what is left over stays in the last part", `[{"do":"split","column":"v","by":"-","into":["a","b"]}]`, "v;w|1-2-3;x|4;y", "a;b;w|1;2-3;x|4;;y"},
		{"split and keep", `[{"do":"split","column":"v","by":"-","into":["a","b"],"keep":true}]`, "v;w|1-2;x", "v;a;b;w|1-2;1;2;x"},
		{"empty cells leave no separator", `[{"do":"merge","columns":["a","c"],"by":" ","into":"d"}]`, "a;b;c|1;2;3|;2;3", "d;b|1 3;2|3;2"},
		{"dates of all ways", `[{"do":"date","columns":["v"]}]`, "v|25/12/2024|1er mars 2024|03/2024|2024|hier|25/12/2024 10h30", "v|2024-12-25|2024-03-01|2024-03|2024|hier|2024-12-25T10:30:00"},
		{"French numbers", `[{"do":"number","columns":["v"]}]`, "v|1 234,50 €|12 %|n/d", "v|1234.50|12|n/d"},
		{"the value above", `[{"do":"fill","columns":["v"]}]`, "v;w|;1|A;2|;3|B;4|;5", "v;w|;1|A;2|A;3|B;4|B;5"},
		{"columns become rows", `[{"do":"unpivot","columns":["2023","2024"],"name":"an","value":"n"}]`, "c;2023;2024|A;1;2|B;;4", "c;an;n|A;2023;1|A;2024;2|B;2024;4"},
		{"each of the rows made goes through the steps after", `[{"do":"unpivot","columns":["x","y"],"name":"an","value":"n"},{"do":"derive","into":"d","formula":"[n]+1"},{"do":"keep","columns":["c","d"]}]`, "c;x;y|A;1;2|B;3;4", "c;d|A;2|A;3|B;4|B;5"},
		{"rows become columns", `[{"do":"pivot","name":"an","value":"n","into":["2023","2024"]}]`, "c;an;n|A;2023;1|B;2024;4|A;2024;2", "c;2023;2024|A;1;2|B;;4"},
		{"dates with points, and a moment to the fraction", `[{"do":"date","columns":["d"]}]`, "d|12.12.1997|3.4.1998|2024-01-02T10:00:00.25", "d|1997-12-12|1998-04-03|2024-01-02T10:00:00.25"},
		{"a header of two rows", `[{"do":"header","rows":2,"names":["Commune","2023 F","2023 H"]}]`, "x;y;z|Commune;2023;2023|;F;H|A;1;2", "Commune;2023 F;2023 H|A;1;2"},
		{"totals wherever they are", `[{"do":"totals"}]`, "c;n|A;1|Sous-total;1|Total général;3|Totalgaz;4", "c;n|A;1|Totalgaz;4"},
		{"numbers are compared by value", `[{"do":"filter","column":"n","is":"more","value":"9"}]`, "n|10|9|1 000|", "n|10|1 000"},
		{"rows left out", `[{"do":"filter","column":"n","is":"empty","drop":true}]`, "n;m|1;2| ;3", "n;m|1;2"},
		{"the first of duplicates", `[{"do":"deduplicate","columns":["c"],"keep":"first","loose":true}]`, "c;n|Saint-Denis;1|SAINT DENIS;2", "c;n|Saint-Denis;1"},
		{"the fullest of duplicates", `[{"do":"deduplicate","columns":["c"],"keep":"fullest"}]`, "c;n|A;|B;1|A;2", "c;n|B;1|A;2"},
		{"chosen values", `[{"do":"cluster","column":"c","values":{"Pariss":"Paris"}}]`, "c|Pariss|Paris", "c|Paris|Paris"},
		{"a formula", `[{"do":"derive","into":"d","formula":"=SI([n]>=10;\"grand \"&[c];ARRONDI([n]/3;2))"}]`, "c;n|A;10|B;1|C;x", "c;n;d|A;10;grand A|B;1;0.33|C;x;grand C"},
		{"groups", `[{"do":"aggregate","by":["c"],"measures":[{"fn":"sum","column":"n","into":"s"},{"fn":"count","into":"k"},{"fn":"mean","column":"n","into":"m"},{"fn":"max","column":"n","into":"x"}]}]`, "c;n|A;0,1|B;2|A;0,2|A;", "c;s;k;m;x|A;0.3;3;0.15;0,2|B;2;1;2;2"},
		{"two columns exchange their names", `[{"do":"rename","columns":["a","b"],"to":["b","a"]}]`, "a;b|1;2", "b;a|1;2"},
		{"keep, drop and order", `[{"do":"keep","columns":["c","a","b"]},{"do":"drop","columns":["b"]},{"do":"order","columns":["c"]}]`, "a;b;c;d|1;2;3;4", "c;a|3;1"},
		{"numbers, dates, texts, then nothing", `[{"do":"sort","columns":["v"]}]`, "v;w|été;1|10;2|;3|9,5;4|25/12/2024;5|abri;6|1er mars 2024;7", "v;w|9,5;4|10;2|1er mars 2024;7|25/12/2024;5|abri;6|été;1|;3"},
		{"downwards, rows alike as they were", `[{"do":"sort","columns":["v","w"],"down":true}]`, "v;w;x|1;2;a|;;e|2;1;b|1;2;c|1;3;d", "v;w;x|2;1;b|1;3;d|1;2;a|1;2;c|;;e"},
		{"values without what is empty", `[{"do":"explode","column":"v","by":","}]`, "v;w|sport, culture;1|;2|a,,b,;3", "v;w|sport;1|culture;1|;2|a;3|b;3"},
		{"a name that differs in case and accents", `[{"do":"trim","columns":["numero_rue"]}]`, "Numéro rue| 1 ", "Numéro rue|1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := read(t, tc.recipe)
			got, _, err := cook(table(tc.in), r, Kitchen{})
			if err != nil {
				t.Fatal(err)
			}
			if want := table(tc.want); !reflect.DeepEqual(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			written, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			again, _, err := cook(table(tc.in), read(t, string(written)), Kitchen{})
			if err != nil || !reflect.DeepEqual(again, got) {
				t.Errorf("replayed from %s: got %q, %v, want %q", written, again, err, got)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for _, tc := range []struct{ name, recipe, in, want string }{
		{"a column is missing and none is near", `[{"do":"trim","columns":["ville"]}]`, "a;b|1;2", "recipe.no_column"},
		{"a column has nearly the name", `[{"do":"trim","columns":["commune"]}]`, "communes;b|1;2", "recipe.no_column_near"},
		{"a column is gone since the step before", `[{"do":"drop","columns":["a"]},{"do":"trim","columns":["a"]}]`, "a;long_b|1;2", "recipe.no_column"},
		{"a name is taken", `[{"do":"derive","into":"a","formula":"1"}]`, "a|1", "recipe.name_taken"},
		{"an expression is open", `[{"do":"replace","columns":["a"],"find":"(","with":"","regexp":true}]`, "a|1", "recipe.bad_pattern"},
		{"a back-reference", `[{"do":"replace","columns":["a"],"find":"(a)\\1","with":"","regexp":true}]`, "a|1", "recipe.bad_pattern"},
		{"a sum over a text", `[{"do":"aggregate","by":["a"],"measures":[{"fn":"sum","column":"b","into":"s"}]}]`, "a;b|1;x", "recipe.not_a_number"},
		{"a sum over an exponent", `[{"do":"aggregate","by":["a"],"measures":[{"fn":"sum","column":"b","into":"s"}]}]`, "a;b|1;1e999999999", "recipe.not_a_number"},
		{"two values for one cell", `[{"do":"pivot","name":"n","value":"v","into":["x"]}]`, "k;n;v|1;x;1|1;x;2", "recipe.two_values"},
		{"a name nobody expected", `[{"do":"pivot","name":"n","value":"v","into":["x"]}]`, "k;n;v|1;y;1", "recipe.new_name"},
		{"another header", `[{"do":"header","rows":1,"names":["a","b"]}]`, "x;y|a;c", "recipe.header_differs"},
		{"no header", `[{"do":"header","rows":2,"names":["a","b"]}]`, "x;y|a;b", "recipe.header_missing"},
		{"no column left", `[{"do":"drop","columns":["a"]}]`, "a|1", "recipe.nothing_left"},
		{"a formula cut short", `[{"do":"derive","into":"d","formula":"([a]+"}]`, "a|1", "recipe.bad_formula"},
		{"a formula too deep", `[{"do":"derive","into":"d","formula":"` + strings.Repeat("(", 60) + `1"}]`, "a|1", "recipe.bad_formula"},
		{"an unknown function", `[{"do":"derive","into":"d","formula":"EXEC(1)"}]`, "a|1", "recipe.no_function"},
		{"a table nobody has", `[{"do":"join","with":"t","on":"a","take":["b"]}]`, "a|1", "recipe.no_table"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := read(t, tc.recipe)
			_, _, err := cook(table(tc.in), r, Kitchen{})
			if !fault.Is(err, tc.want) {
				t.Fatalf("got %v, want %s", err, tc.want)
			}
			var f *fault.Error
			if f, _ = err.(*fault.Error); f == nil || f.Args[0] != len(r) {
				t.Errorf("got %v, want the number of the step, %d, first", err, len(r))
			}
		})
	}
	for _, bad := range []string{`{}`, `[{"do":"burn"}]`, `[{"do":"trim","colunms":["a"]}]`, `[{}]`} {
		var r Recipe
		if err := json.Unmarshal([]byte(bad), &r); err == nil {
			t.Errorf("%s: got %v, want a fault", bad, r)
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	rows := [][]string{{"k", "v", "w"}}
	for i := range 5000 {
		rows = append(rows, []string{fmt.Sprint(i), "x", strings.Repeat("w", 100)})
	}
	for _, text := range []string{`[{"do":"deduplicate","columns":["k"],"keep":"last"}]`, `[{"do":"deduplicate","columns":["k"],"keep":"first"}]`,
		`[{"do":"pivot","name":"v","value":"w","into":["x"]}]`, `[{"do":"aggregate","by":["k"],"measures":[{"fn":"count","into":"n"}]}]`} {
		if _, _, err := cook(rows, read(t, text), Kitchen{Bytes: 100_000}); !fault.Is(err, "recipe.too_much_held") {
			t.Errorf("%s: got %v, want recipe.too_much_held", text, err)
		}
	}
}

// Tables drawn at random keep what each step promises to keep.
func TestControlTotalsAreKept(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 6))
		rows, total := [][]string{{"k", "n", "m"}}, new(big.Rat)
		for range rng.IntN(60) {
			n, m := fmt.Sprint(rng.IntN(1000)), fmt.Sprintf("%d,%02d", rng.IntN(100), rng.IntN(100))
			rows = append(rows, []string{fmt.Sprintf("  k%d ", rng.IntN(9)), n, m})
			for _, v := range []string{n, m} {
				x, _ := exact(v)
				total.Add(total, x)
			}
		}
		for _, text := range []string{`[{"do":"trim","columns":["k"]},{"do":"number","columns":["m"]},{"do":"order","columns":["m"]}]`,
			`[{"do":"fill","columns":["k"]},{"do":"case","columns":["k"],"to":"upper"},{"do":"derive","into":"d","formula":"[k]&[n]"},{"do":"drop","columns":["d"]}]`,
			`[{"do":"unpivot","columns":["n","m"],"name":"what","value":"v"}]`,
			`[{"do":"aggregate","by":["k"],"measures":[{"fn":"sum","column":"n","into":"n"},{"fn":"sum","column":"m","into":"m"}]}]`} {
			r := read(t, text)
			got, tallies, err := cook(rows, r, Kitchen{})
			if err != nil {
				t.Fatal(err)
			}
			sum := new(big.Rat)
			for _, row := range got[1:] {
				for _, v := range row {
					if x, ok := exact(v); ok {
						sum.Add(sum, x)
					}
				}
			}
			if sum.Cmp(total) != 0 {
				t.Fatalf("seed %d, %s: total %s, want %s", seed, text, decimal(sum), decimal(total))
			}
			for i, y := range tallies {
				if i > 0 && y.In != tallies[i-1].Out || y.In < 0 {
					t.Fatalf("seed %d, %s: step %d took %d rows of %d", seed, text, i+1, y.In, tallies[i-1].Out)
				}
			}
			last := tallies[len(tallies)-1]
			want := map[string]int64{"unpivot": 2 * last.In}[r[0].Kind()]
			if r[0].Kind() != "unpivot" && r[0].Kind() != "aggregate" {
				want = int64(len(rows) - 1)
			}
			if r[0].Kind() != "aggregate" && last.Out != want || int(last.Out) != len(got)-1 {
				t.Fatalf("seed %d, %s: %d rows counted, %d given, want %d", seed, text, last.Out, len(got)-1, want)
			}
		}
		for i := range rows[1:] {
			rows[i+1][0] = fmt.Sprint(i) // a key of its own
		}
		back, _, err := cook(rows, read(t, `[{"do":"unpivot","columns":["n","m"],"name":"what","value":"v"},{"do":"pivot","name":"what","value":"v","into":["n","m"]}]`), Kitchen{})
		if err != nil || !reflect.DeepEqual(back, rows) {
			t.Fatalf("seed %d: there and back: %q, %v, want %q", seed, back, err, rows)
		}
	}
}

func TestTallies_sayWhatChanged(t *testing.T) {
	_, got, err := cook(table("d;v|25/12/2024; a|hier; b|; c"), read(t, `[{"do":"date","columns":["d"]},{"do":"filter","column":"d","is":"filled"}]`), Kitchen{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Tally{{In: 3, Out: 3, Changed: 1, Left: 1, Samples: []Sample{{2, "d", "25/12/2024", "2024-12-25"}}}, {In: 3, Out: 2}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestJoin(t *testing.T) {
	others := func(rows string) Kitchen {
		return Kitchen{Others: func(string) (tabular.Table, error) { return &lines{rows: table(rows)}, nil }}
	}
	r := read(t, `[{"do":"join","with":"communes","on":"c","their":"code","take":["nom"]}]`)
	got, tallies, err := cook(table("c;n|01004;1|99999;2|01004;3"), r, others("code;nom|01004;Ambérieu|75056;Paris"))
	if want := table("c;n;nom|01004;1;Ambérieu|99999;2;|01004;3;Ambérieu"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if tallies[0].Left != 1 || !slices.Equal(tallies[0].Unpaired, []string{"99999"}) {
		t.Errorf("got %+v, want one row without a partner, 99999", tallies[0])
	}
	if _, _, err := cook(table("c|1"), r, others("code;nom|1;a|1;b")); !fault.Is(err, "recipe.key_twice") {
		t.Errorf("got %v, want recipe.key_twice", err)
	}
}

func TestNear(t *testing.T) {
	values := []Counted{{"Saint-Denis", 5}, {"DENIS SAINT", 1}, {"Gauthier", 2}, {"Gautier", 3}, {"Montpellier", 9}, {"Montpelier", 1}, {"Pau", 4}, {"Pas", 1}, {"Secteur 12", 1}, {"Secteur 13", 1}}
	for method, want := range map[string][][]string{
		"fingerprint": {{"Saint-Denis", "DENIS SAINT"}},
		"phonetic":    {{"Montpellier", "Montpelier"}, {"Gautier", "Gauthier"}},
		"distance":    {{"Montpellier", "Montpelier"}, {"Gautier", "Gauthier"}},
	} {
		groups, err := Near(values, method, 1)
		if err != nil {
			t.Fatal(err)
		}
		var got [][]string
		for _, g := range groups {
			var names []string
			for _, v := range g {
				names = append(names, v.Value)
			}
			got = append(got, names)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, want %q", method, got, want)
		}
	}
	if g, err := Near([]Counted{{"Champs Élysées", 1}, {"Champsélysées", 1}}, "ngram", 0); err != nil || len(g) != 1 {
		t.Errorf("got %v, %v, want one group", g, err)
	}
}

// Whatever a formula is, it is read or refused, and its answer is the same twice.
func FuzzFormula(f *testing.F) {
	for _, s := range []string{`[a]+1,5`, `SI([a]="x";"oui";NON(1=1))`, `STXT([a];2;3)&"""`, `-(-1)`} {
		f.Add(s, "12")
	}
	f.Fuzz(func(t *testing.T, formula, cell string) {
		a, err := parse(&site{header: []string{"a"}}, formula)
		if err != nil {
			return
		}
		v, ok := a([]string{cell})
		if w, ok2 := a([]string{cell}); v != w || ok != ok2 {
			t.Errorf("%s of %q: %q, then %q", formula, cell, v, w)
		}
	})
}

func TestEveryKindCanBeMade(t *testing.T) {
	if len(Kinds()) != len(makers) {
		t.Errorf("%d kinds are listed, %d can be made", len(Kinds()), len(makers))
	}
	for _, k := range Kinds() {
		if s, err := NewStep(k); err != nil || s.Kind() != k {
			t.Errorf("%s: got %v, %v", k, s, err)
		}
	}
	r := Recipe{&Trim{[]string{"a"}}, &Totals{}, &Drop{[]string{"b"}}}
	if got := r.Moved(0, 2); got[2].Kind() != "trim" || r[0].Kind() != "trim" || len(r.Moved(0, -1)) != 3 || len(r.Without(1)) != 2 {
		t.Errorf("got %v from %v", got, r)
	}
}
