package privacy_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/privacy"
)

func TestMeasured(t *testing.T) {
	got := privacy.Measured([]privacy.Kind{{Rows: 3, Values: 2, Classes: 1}, {Rows: 2, Values: 1, Classes: 1}, {Rows: 1, Values: 1, Classes: 1}})
	want := privacy.Measure{Rows: 6, Classes: 3, K: 1, Sizes: []privacy.Size{{Rows: 1, Classes: 1}, {Rows: 2, Classes: 1}, {Rows: 3, Classes: 1}}, L: 1, Told: 3}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got.Under(3) != 3 || got.Under(1) != 0 {
		t.Errorf("under 3: %d, under 1: %d", got.Under(3), got.Under(1))
	}
	if empty := privacy.Measured(nil); empty.K != 0 || empty.L != 0 || empty.Rows != 0 {
		t.Errorf("got %+v", empty)
	}
	if open := privacy.Measured([]privacy.Kind{{Rows: 4, Classes: 2}}); open.K != 4 || open.L != 0 || open.Told != 0 || open.Rows != 8 {
		t.Errorf("nothing is secret: got %+v", open)
	}
}

func TestQuestion_refusesWhatCannotBeMeasured(t *testing.T) {
	for want, q := range map[string]privacy.Question{
		"privacy.nothing_known":    {Secret: "b"},
		"privacy.no_column":        {Known: []string{"c"}},
		"privacy.known_and_secret": {Known: []string{"a", "b"}, Secret: "b"},
	} {
		if err := q.Validate([]string{"a", "b"}); !fault.Is(err, want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	q := privacy.Question{Known: []string{"a", "b"}}
	if got := q.Without("a"); len(got.Known) != 1 || got.Known[0] != "b" || len(q.Known) != 2 {
		t.Errorf("got %v of %v", got, q)
	}
}

func TestRank(t *testing.T) {
	all := []privacy.WhatIf{{Column: "a", Measure: privacy.Measured([]privacy.Kind{{Rows: 1, Classes: 9}})}, {Column: "b", Measure: privacy.Measured([]privacy.Kind{{Rows: 9, Classes: 1}})}}
	if privacy.Rank(all, 5); all[0].Column != "b" {
		t.Errorf("got %v", all)
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

// No hidden cell that tells too much follows from the totals by linear algebra, whatever the table and under each of the rules people choose.
func TestHide_isNotSolvedByElimination(t *testing.T) {
	for name, rule := range map[string]privacy.Rule{"people": privacy.People, "households": privacy.Households, "enterprises": privacy.Enterprises} {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(3, 4))
			primary, secondary, giants := 0, 0, 0
			for range 400 {
				grid := drawGrid(r)
				table, err := privacy.NewTable(grid)
				if err != nil {
					t.Fatal(err)
				}
				marks := table.Hide(rule)
				for i, row := range marks {
					for j, m := range row {
						c := table.Cells()[i][j]
						few, giant := c.Units > 0 && c.Units < rule.Units, rule.Share > 0 && c.Units > 0 && c.Value > 0 && c.Largest/c.Value > rule.Share
						if (few || giant) != (m == privacy.Primary) {
							t.Fatalf("%v: cell %d,%d is %v", grid, i, j, m)
						}
						switch {
						case m == privacy.Secondary:
							secondary++
						case m == privacy.Primary && !few:
							giants++
						case m == privacy.Primary:
							primary++
						}
					}
				}
				if i, j, ok := solved(marks); ok {
					t.Fatalf("%v\n%scell %d,%d can be computed", grid, drawn(marks), i, j)
				}
			}
			if primary == 0 || secondary == 0 || rule.Share > 0 && giants == 0 {
				t.Errorf("%d small cells, %d hidden for others, %d with a giant: the test tries nothing", primary, secondary, giants)
			}
		})
	}
}

// drawGrid makes a table of one to seven rows and columns, many cells of which are small, empty, or one unit's for the most part.
func drawGrid(r *rand.Rand) [][]privacy.Cell {
	rows, columns := 1+r.IntN(7), 1+r.IntN(7)
	grid := make([][]privacy.Cell, rows)
	for i := range grid {
		for range columns {
			n := r.IntN(60)
			if r.IntN(3) == 0 {
				n = r.IntN(6)
			}
			c := privacy.Cell{Units: n, Value: float64(n * (1 + r.IntN(9)))}
			if n > 0 {
				c.Largest = c.Value / float64(n) * (1 + r.Float64()*float64(n-1))
			}
			grid[i] = append(grid[i], c)
		}
	}
	return grid
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
