package learning_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cultured/internal/learning"
)

// A roll is what anybody in the house knows of somebody: in which service they are at each edition, "" for gone.
type roll struct {
	id    string
	in    []string
	bands []int // what nobody should learn, never falling
	told  bool
}

// live draws some months of a house: people come, go, change service and rise.
func live(r *rand.Rand, months int) (people []*roll) {
	services := []string{"a", "b", "c"}[:1+r.IntN(3)]
	n := 6 + r.IntN(34)
	for i := range n {
		p := &roll{id: fmt.Sprint(i), told: r.IntN(8) == 0}
		at, band := services[r.IntN(len(services))], 0
		if r.IntN(2) == 0 {
			band = r.IntN(5)
		}
		joins := 0
		if r.IntN(6) == 0 {
			joins = r.IntN(months)
		}
		for m := range months {
			if m > 0 && r.IntN(3) == 0 {
				band = min(4, band+r.IntN(3))
			}
			switch {
			case m > 0 && r.IntN(12) == 0:
				at = services[r.IntN(len(services))]
			case m > 0 && r.IntN(20) == 0:
				at = ""
			}
			if p.bands = append(p.bands, band); m < joins {
				p.in = append(p.in, "")
			} else {
				p.in = append(p.in, at)
			}
		}
		people = append(people, p)
	}
	return people
}

func members(people []*roll, month int) (all []learning.Member) {
	for _, p := range people {
		if p.in[month] != "" {
			all = append(all, learning.Member{Key: p.id, Service: p.in[month], Band: p.bands[month], Told: p.told})
		}
	}
	return all
}

// A sum is what is read on a page or in an export: so many people of these services at these levels, in that month.
type sum struct {
	month    int
	services []string
	from, to int
	n        int
}

func (s sum) covers(service string, month, band int) bool {
	return month == s.month && slices.Contains(s.services, service) && band >= s.from && band <= s.to
}

// read is what is left to find out of what figures say once those who told are taken off.
func read(figures []learning.Figure, month int, people []*roll) (out []sum) {
	told := map[string]bool{}
	for _, p := range people {
		told[p.id] = p.told
	}
	for _, f := range figures {
		for _, g := range f.Groups {
			n := 0
			for _, key := range g.Members {
				if !told[key] {
					n++
				}
			}
			out = append(out, sum{month, f.Services, g.From, g.To, n})
		}
	}
	return out
}

// A way is how people of one roll may have gone through the months: unknown is how many did.
type way struct {
	in    []string
	bands []int
}

// ways lists them: levels never fall, and what they are while away is all one.
func ways(in []string, months int) (out []way) {
	var walk func(bands []int)
	walk = func(bands []int) {
		m := len(bands)
		if m == months {
			out = append(out, way{in, slices.Clone(bands)})
			return
		}
		from := 0
		if m > 0 {
			from = bands[m-1]
		}
		if in[m] == "" {
			walk(append(bands, from))
			return
		}
		for b := from; b <= 4; b++ {
			walk(append(bands, b))
		}
	}
	walk(nil)
	return out
}

// solve looks for a group that the sums determine and that has one to four people: by linear bounds over all that may have happened, on how many
// of each roll stand in each range of levels in each month, and how many crossed each level between two months. It says what it found, "" for nothing.
func solve(people []*roll, sums []sum, months int) string {
	var unknowns []way
	counts := map[string]int{}
	for _, p := range people {
		if !p.told {
			if counts[strings.Join(p.in, "/")]++; counts[strings.Join(p.in, "/")] == 1 {
				unknowns = append(unknowns, ways(p.in, months)...)
			}
		}
	}
	var rows [][]float64
	var right []float64
	add := func(n int, holds func(way) bool) {
		row := make([]float64, len(unknowns))
		for i, w := range unknowns {
			if holds(w) {
				row[i] = 1
			}
		}
		rows, right = append(rows, row), append(right, float64(n))
	}
	for roll, n := range counts {
		add(n, func(w way) bool { return strings.Join(w.in, "/") == roll })
	}
	for _, s := range sums {
		add(s.n, func(w way) bool { return s.covers(w.in[s.month], s.month, w.bands[s.month]) })
	}
	ask := func(what string, holds func(way) bool) string {
		goal := make([]float64, len(unknowns))
		for i, w := range unknowns {
			if holds(w) {
				goal[i] = 1
			}
		}
		most := maximum(rows, right, goal)
		for i := range goal {
			goal[i] = -goal[i]
		}
		least := -maximum(rows, right, goal)
		if lo, hi := math.Ceil(least-1e-6), math.Floor(most+1e-6); lo == hi && lo >= 1 && lo < learning.Least {
			return fmt.Sprintf("%s: %v people", what, lo)
		}
		return ""
	}
	rolls := []string{""} // everybody, then each roll
	for roll := range counts {
		rolls = append(rolls, roll)
	}
	for _, roll := range rolls {
		of := func(w way) bool { return roll == "" || strings.Join(w.in, "/") == roll }
		for _, s := range sums {
			for from := range 5 {
				for to := from; to <= 4; to++ {
					if from == 0 && to == 4 {
						continue // who is where, everybody knows
					}
					if found := ask(fmt.Sprintf("roll %q, month %d, %v, levels %d to %d", roll, s.month, s.services, from, to), func(w way) bool {
						return of(w) && slices.Contains(s.services, w.in[s.month]) && w.bands[s.month] >= from && w.bands[s.month] <= to
					}); found != "" {
						return found
					}
				}
			}
			for month := range s.month {
				if found := ask(fmt.Sprintf("roll %q, from month %d to %d, rose to %d", roll, month, s.month, s.from), func(w way) bool {
					return of(w) && slices.Contains(s.services, w.in[s.month]) && w.bands[month] < s.from && w.bands[s.month] >= s.from
				}); found != "" {
					return found
				}
			}
		}
	}
	return ""
}

// maximum is the most of goal·x under rows·x = right, x ≥ 0, which holds for some x: the simplex with Bland's rule, in two phases.
func maximum(rows [][]float64, right, goal []float64) float64 {
	m, n := len(rows), len(goal)
	t, basis := make([][]float64, m), make([]int, m)
	for i := range rows {
		t[i] = append(slices.Clone(rows[i]), make([]float64, m+1)...)
		t[i][n+i], t[i][n+m], basis[i] = 1, right[i], n+i
	}
	run := func(cost []float64, width int) float64 {
		for {
			in := -1
			for j := range width {
				reduced := cost[j]
				for i := range t {
					reduced -= cost[basis[i]] * t[i][j]
				}
				if reduced > 1e-7 {
					in = j
					break
				}
			}
			if in < 0 {
				break
			}
			out := -1
			for i := range t {
				if t[i][in] > 1e-9 && (out < 0 || t[i][n+m]/t[i][in] < t[out][n+m]/t[out][in]-1e-12 ||
					math.Abs(t[i][n+m]/t[i][in]-t[out][n+m]/t[out][in]) <= 1e-12 && basis[i] < basis[out]) {
					out = i
				}
			}
			if out < 0 {
				return math.Inf(1)
			}
			pivot(t, out, in)
			basis[out] = in
		}
		value := 0.0
		for i := range t {
			value += cost[basis[i]] * t[i][n+m]
		}
		return value
	}
	first := make([]float64, n+m)
	for j := n; j < n+m; j++ {
		first[j] = -1
	}
	if run(first, n+m) < -1e-6 {
		return math.NaN() // nothing fits: the test is wrong
	}
	second := append(slices.Clone(goal), make([]float64, m)...)
	for j := n; j < n+m; j++ {
		second[j] = -1e6
	}
	return run(second, n)
}

func pivot(t [][]float64, row, col int) {
	by := t[row][col]
	for j := range t[row] {
		t[row][j] /= by
	}
	for i := range t {
		if f := t[i][col]; i != row && f != 0 {
			for j := range t[i] {
				t[i][j] -= f * t[row][j]
			}
		}
	}
}

func TestDraw_noGroupUnderFiveFollowsFromAllThatWasEverTold(t *testing.T) {
	const months = 3
	told, later := 0, 0
	for seed := range uint64(250) {
		people := live(rand.New(rand.NewPCG(seed, 33)), months)
		var figures []learning.Figure
		var sums []sum
		for month := range months {
			fresh := learning.Draw(figures, learning.Figure{View: learning.LevelView, Code: "D4.1"}, members(people, month), learning.Highest, false)
			figures, sums = append(figures, fresh...), append(sums, read(fresh, month, people)...)
			if told += len(fresh); month > 0 {
				later += len(fresh)
			}
		}
		if found := solve(people, sums, months); found != "" {
			t.Errorf("house %d: %s\n%+v", seed, found, sums)
		}
	}
	if told < 100 || later < 10 {
		t.Errorf("only %d figures in 250 houses, %d of them after the first month: the test tests little", told, later)
	}
}

// The solver would see it: figures that are each large enough, told each month whatever was told before, give people away.
func TestSolve_findsWhatCarelessFiguresGiveAway(t *testing.T) {
	found := 0
	for seed := range uint64(60) {
		people := live(rand.New(rand.NewPCG(seed, 33)), 2)
		var sums []sum
		for month := range 2 {
			sums = append(sums, read(learning.Draw(nil, learning.Figure{}, members(people, month), learning.Highest, false), month, people)...)
		}
		if solve(people, sums, 2) != "" {
			found++
		}
	}
	if found < 3 {
		t.Errorf("%d houses of 60 given away: the solver sees too little", found)
	}
	two := []*roll{{id: "1", in: []string{"a"}, bands: []int{0}}, {id: "2", in: []string{"a"}, bands: []int{3}}}
	if solve(two, []sum{{0, []string{"a"}, 0, 1, 1}}, 1) == "" {
		t.Error("one of two people is not seen")
	}
}

func TestBlocks_tellNoSumThatSmallServicesAreKnownBy(t *testing.T) {
	of := func(sizes ...int) (all []learning.Member) {
		for i, n := range sizes {
			for j := range n {
				all = append(all, learning.Member{Key: fmt.Sprint(i, "#", j), Service: string(rune('a' + i))})
			}
		}
		return all
	}
	for _, c := range []struct {
		sizes  []int
		secret bool
		want   string
	}{
		{[]int{7, 2, 3}, true, "[[a] [b c]]"},
		{[]int{7, 4}, false, "[[a]]"},
		{[]int{4, 4}, true, "[]"}, // 8 in two services of at most 4: each has 4
		{[]int{4, 4}, false, "[[a b]]"},
		{[]int{1, 1, 1, 1, 1}, true, "[]"},
		{[]int{1, 1, 1, 1, 2}, true, "[[a b c d e]]"},
	} {
		if got := fmt.Sprint(learning.Blocks(of(c.sizes...), c.secret)); got != c.want {
			t.Errorf("%v: %s, want %s", c.sizes, got, c.want)
		}
	}
}
