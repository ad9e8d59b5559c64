package privacy_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cultured/internal/privacy"
)

func TestMeter(t *testing.T) {
	header := []string{"age", "commune", "métier", "salaire"}
	rows := [][]string{{"30", "Dole", "x", "1"}, {"30", "Dole", "y", "1"}, {"30", "Dole", "x", "2"}, {"40", "Dole", "x", "3"}, {"40", "Dole", "y", "3"}, {"", "Dole", "x", "4"}}
	m, err := privacy.NewMeter(header, privacy.Question{Known: []string{"commune", "age"}, Secret: "salaire"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := m.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	got := m.Measure()
	want := privacy.Measure{Rows: 6, Classes: 3, K: 1, Sizes: []privacy.Size{{1, 1}, {2, 1}, {3, 1}}, L: 1, Told: 3}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got.Under(3) != 3 || got.Under(1) != 0 || got.Spread() != 2 {
		t.Errorf("under 3: %d, under 1: %d, spread %v", got.Under(3), got.Under(1), got.Spread())
	}
}

func TestNewMeter_refusesWhatItCannotMeasure(t *testing.T) {
	for name, q := range map[string]privacy.Question{
		"privacy.nothing_known":    {Secret: "b"},
		"privacy.no_column":        {Known: []string{"c"}},
		"privacy.known_and_secret": {Known: []string{"a", "b"}, Secret: "b"},
	} {
		if _, err := privacy.NewMeter([]string{"a", "b"}, q); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %s", err, name)
		}
	}
}

// The k that is claimed is counted again, by sorting the rows as text.
func TestMeter_agreesWithAnIndependentCount(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n, values := 1+r.IntN(60), 1+r.IntN(4)
		var rows [][]string
		for range n {
			rows = append(rows, []string{fmt.Sprint(r.IntN(values)), strings.Repeat("a", r.IntN(values)), fmt.Sprint(r.IntN(3))})
		}
		m, err := privacy.NewMeter([]string{"x", "y", "s"}, privacy.Question{Known: []string{"x", "y"}, Secret: "s"})
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, row := range rows {
			if err := m.Add(row); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, row[0]+"|"+row[1]+"|"+row[2])
		}
		slices.Sort(lines)
		k, l := n, n
		for i := 0; i < n; {
			class := lines[i][:strings.LastIndex(lines[i], "|")+1]
			j, distinct := i, 0
			for ; j < n && strings.HasPrefix(lines[j], class); j++ {
				if j == i || lines[j] != lines[j-1] {
					distinct++
				}
			}
			k, l, i = min(k, j-i), min(l, distinct), j
		}
		if got := m.Measure(); got.K != int64(k) || got.L != l {
			t.Fatalf("%v: got k %d, l %d, want %d, %d", lines, got.K, got.L, k, l)
		}
	}
}

func counts(grid ...[]int) [][]privacy.Cell {
	out := make([][]privacy.Cell, len(grid))
	for i, row := range grid {
		for _, n := range row {
			out[i] = append(out[i], privacy.Cell{Value: float64(n), Units: n, Largest: 1})
		}
	}
	return out
}

func drawn(marks [][]privacy.Mark) string {
	var b strings.Builder
	for _, row := range marks {
		for _, m := range row {
			b.WriteByte(".12"[m])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestHide(t *testing.T) {
	for _, tc := range []struct {
		name string
		rule privacy.Rule
		grid [][]privacy.Cell
		want string
	}{
		{"nothing is small", privacy.People, counts([]int{10, 20}, []int{30, 0}), "...\n...\n...\n"},
		{"one small cell takes three others along", privacy.People, counts([]int{2, 20, 30}, []int{9, 40, 80}, []int{50, 60, 70}), "12..\n22..\n....\n....\n"},
		{"two small ones that protect each other with two more", privacy.People, counts([]int{1, 20, 30}, []int{40, 2, 50}, []int{60, 70, 80}), "12..\n21..\n....\n....\n"},
		{"what is empty is known to be: a total is hidden instead", privacy.People, counts([]int{3, 0}, []int{0, 60}), "1.1\n...\n1.2\n"},
		{"one cell is all there is", privacy.People, counts([]int{3}), "11\n11\n"},
		{"a giant among enterprises", privacy.Enterprises, [][]privacy.Cell{{{100, 4, 90}, {50, 10, 9}}, {{60, 10, 9}, {70, 10, 9}}}, "12.\n22.\n...\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			table, err := privacy.NewTable(tc.grid)
			if err != nil {
				t.Fatal(err)
			}
			if got := drawn(table.Hide(tc.rule)); got != tc.want {
				t.Errorf("got\n%swant\n%s", got, tc.want)
			}
		})
	}
}

// No hidden cell that tells too much follows from the totals by linear algebra, whatever the table.
func TestHide_isNotSolvedByElimination(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	hiddenForOthers := 0
	for range 400 {
		rows, columns := 1+r.IntN(5), 1+r.IntN(5)
		grid := make([][]int, rows)
		for i := range grid {
			for range columns {
				n := r.IntN(40)
				if r.IntN(3) == 0 {
					n = r.IntN(6)
				}
				grid[i] = append(grid[i], n)
			}
		}
		table, err := privacy.NewTable(counts(grid...))
		if err != nil {
			t.Fatal(err)
		}
		marks := table.Hide(privacy.People)
		for i, row := range marks {
			for j, m := range row {
				if tooSmall := table.Cells()[i][j].Units; (tooSmall > 0 && tooSmall < 5) != (m == privacy.Primary) {
					t.Fatalf("%v: cell %d,%d is %v", grid, i, j, m)
				}
				if m == privacy.Secondary {
					hiddenForOthers++
				}
			}
		}
		if i, j, ok := solved(marks); ok {
			t.Fatalf("%v\n%scell %d,%d can be computed", grid, drawn(marks), i, j)
		}
	}
	if hiddenForOthers == 0 {
		t.Error("no table needed a second cell: the test tries nothing")
	}
}

// solved finds a primary cell that the equations of the table determine, by bringing them to reduced row echelon form over the rationals.
func solved(marks [][]privacy.Mark) (row, column int, ok bool) {
	rows, columns := len(marks), len(marks[0])
	index := map[[2]int]int{}
	var unknown [][2]int
	for i := range rows {
		for j := range columns {
			if marks[i][j] != privacy.Shown {
				index[[2]int{i, j}] = len(unknown)
				unknown = append(unknown, [2]int{i, j})
			}
		}
	}
	var equations [][]*big.Rat
	line := func(at func(k int) (i, j int), n int) {
		eq := make([]*big.Rat, len(unknown))
		for k := range eq {
			eq[k] = new(big.Rat)
		}
		for k := range n {
			i, j := at(k)
			if u, hidden := index[[2]int{i, j}]; hidden {
				eq[u].SetInt64(1)
				if k == n-1 {
					eq[u].SetInt64(-1)
				}
			}
		}
		equations = append(equations, eq)
	}
	for i := range rows {
		line(func(k int) (int, int) { return i, k }, columns)
	}
	for j := range columns {
		line(func(k int) (int, int) { return k, j }, rows)
	}
	done := 0
	for u := range unknown {
		p := slices.IndexFunc(equations[done:], func(eq []*big.Rat) bool { return eq[u].Sign() != 0 })
		if p < 0 {
			continue
		}
		equations[done], equations[done+p] = equations[done+p], equations[done]
		pivot := new(big.Rat).Inv(equations[done][u])
		for k := range equations[done] {
			equations[done][k].Mul(equations[done][k], pivot)
		}
		for e := range equations {
			if e == done || equations[e][u].Sign() == 0 {
				continue
			}
			by := new(big.Rat).Set(equations[e][u])
			for k := range equations[e] {
				equations[e][k].Sub(equations[e][k], new(big.Rat).Mul(by, equations[done][k]))
			}
		}
		if done++; done == len(equations) {
			break
		}
	}
	for _, eq := range equations {
		only, n := 0, 0
		for u, c := range eq {
			if c.Sign() != 0 {
				only, n = u, n+1
			}
		}
		if n == 1 && marks[unknown[only][0]][unknown[only][1]] == privacy.Primary {
			return unknown[only][0], unknown[only][1], true
		}
	}
	return 0, 0, false
}

// Nor does it follow for who knows that counts are not negative: every small table is filled in all ways that fit what is shown.
func TestHide_isNotSolvedByTrial(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	tried := 0
	for range 500 {
		grid := [][]int{{r.IntN(7), r.IntN(7)}, {r.IntN(7), r.IntN(7)}, {r.IntN(7), r.IntN(7)}}
		table, err := privacy.NewTable(counts(grid...))
		if err != nil {
			t.Fatal(err)
		}
		marks := table.Hide(privacy.Rule{Units: 3})
		seen := make([]map[int]bool, 12)
		for i := range seen {
			seen[i] = map[int]bool{}
		}
		var fit func(at int, try [6]int)
		fit = func(at int, try [6]int) {
			if at == 6 {
				other, _ := privacy.NewTable(counts(try[:2], try[2:4], try[4:]))
				for i, row := range other.Cells() {
					for j, c := range row {
						if marks[i][j] == privacy.Shown && c.Value != table.Cells()[i][j].Value {
							return
						}
					}
				}
				for i, row := range other.Cells() {
					for j, c := range row {
						seen[3*i+j][int(c.Value)] = true
					}
				}
				return
			}
			if marks[at/2][at%2] == privacy.Shown {
				try[at] = grid[at/2][at%2]
				fit(at+1, try)
				return
			}
			for n := range 9 {
				try[at] = n
				fit(at+1, try)
			}
		}
		hidden := 0
		for at := range 6 {
			if marks[at/2][at%2] != privacy.Shown {
				hidden++
			}
		}
		if hidden == 0 || hidden > 4 {
			continue
		}
		tried++
		fit(0, [6]int{})
		for i, row := range marks {
			for j, m := range row {
				if m == privacy.Primary && len(seen[3*i+j]) < 2 {
					t.Fatalf("%v\n%scell %d,%d can only be one value", grid, drawn(marks), i, j)
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d tables were tried", tried)
	}
}

func TestNewTable_refuses(t *testing.T) {
	for want, grid := range map[string][][]privacy.Cell{
		"privacy.empty_table":    nil,
		"privacy.ragged_table":   {{{Value: 1}}, {}},
		"privacy.negative_value": {{{Value: -1}}},
	} {
		if _, err := privacy.NewTable(grid); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := privacy.NewTable(make([][]privacy.Cell, 20_001)); err == nil {
		t.Error("a table of 20,001 rows without a column is taken")
	}
}
