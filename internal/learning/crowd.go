package learning

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Least is the size of the smallest group anything is said of.
const Least = 5

// Gone begins the key of a member who was erased. Others do not hide behind them.
const Gone = "gone:"

// A Member is one of those a figure counts: a person, or one mention of a need. Band is where they stand, from 0. Told says that they stepped out of the
// crowd themselves: others in the group do not hide behind them.
type Member struct {
	Key, Service string
	Band         int
	Told         bool
}

// A Group is the members of a figure from one band to another, both included.
type Group struct {
	From    int      `json:"from"`
	To      int      `json:"to"`
	Members []string `json:"members"`
}

// The views there are.
const (
	LevelView = "levels" // people by level
	NeedView  = "needs"  // mentions of what is asked for
)

// A Figure is what one view says of one competence in one block of services, once and for all. Its groups share nobody.
type Figure struct {
	View     string    `json:"view"`
	Code     string    `json:"code"`
	Services []string  `json:"services"` // sorted
	At       time.Time `json:"at"`
	Groups   []Group   `json:"groups"`
}

// An Edition is the figures of an organisation that a month brought; what it did not bring stands as it was before.
type Edition struct {
	Organisation string   `json:"-"`
	Month        string   `json:"month"` // 2026-11
	Figures      []Figure `json:"figures"`
}

// Blocks sorts members by block of services: a service alone where enough of its members have told nothing, the others together, or not at all when
// that is not enough either. Each block's services are sorted. Secret says that nobody knows how many members a service has: then a sum that only
// one member each, or one less than enough each, can make is not told.
func Blocks(all []Member, secret bool) (blocks [][]string) {
	hidden := map[string]int{}
	for _, m := range all {
		n := 1
		if m.Told {
			n = 0
		}
		hidden[m.Service] += n
	}
	var rest []string
	n := 0
	for service, k := range hidden {
		if k >= Least {
			blocks = append(blocks, []string{service})
			continue
		}
		rest, n = append(rest, service), n+k
	}
	slices.SortFunc(blocks, slices.Compare[[]string])
	if n >= Least && !(secret && (n == len(rest) || n == len(rest)*(Least-1))) {
		slices.Sort(rest)
		blocks = append(blocks, rest)
	}
	return blocks
}

// Cuts lists the ways to cut members into groups of neighbouring bands, from 0 to the highest, none of which has fewer than [Least] who told nothing: the
// finest first, of those alike the ones that part at [Applies].
func Cuts(all []Member, highest int) (cuts [][]Group) {
	for mask := range 1 << highest { // bit i: a cut above band i
		groups := []Group{{}}
		for band := range highest + 1 {
			last := &groups[len(groups)-1]
			last.To = band
			if band < highest && mask>>band&1 == 1 {
				groups = append(groups, Group{From: band + 1})
			}
		}
		if fill(groups, all) {
			cuts = append(cuts, groups)
		}
	}
	slices.SortStableFunc(cuts, func(a, b []Group) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(apart(b), apart(a))) })
	return cuts
}

// apart is 1 for groups that part those who reached [Applies] from those who did not.
func apart(groups []Group) int {
	if slices.ContainsFunc(groups, func(g Group) bool { return g.From == Applies }) {
		return 1
	}
	return 0
}

// fill puts members into their groups, and says whether each is large enough.
func fill(groups []Group, all []Member) bool {
	for i := range groups {
		g, hidden := &groups[i], 0
		for _, m := range all {
			if m.Band >= g.From && m.Band <= g.To {
				g.Members = append(g.Members, m.Key)
				if !m.Told {
					hidden++
				}
			}
		}
		if hidden < Least {
			return false
		}
		slices.Sort(g.Members)
	}
	return true
}

// Tellable says whether a figure may be told after all those told before of its view and competence: whatever it lets tell apart that could not be told apart yet is at least [Least]
// members who told nothing, or nobody. It is why no sum or difference of figures is about fewer: docs/decisions/0033-groups-under-five.md.
func Tellable(before []Figure, next Figure, told map[string]bool) bool {
	class := map[string]string{} // of those some figure counted
	for i, f := range before {
		for j, g := range f.Groups {
			for _, key := range g.Members {
				class[key] += fmt.Sprint(i, ":", j, " ")
			}
		}
	}
	part := map[string]int{}
	for key := range class {
		part[key] = -1
	}
	for j, g := range next.Groups {
		for _, key := range g.Members {
			part[key] = j
		}
	}
	type piece struct {
		class string
		part  int
	}
	hidden, pieces := map[piece]int{}, map[string]map[int]bool{}
	for key, j := range part {
		c := class[key]
		if pieces[c] == nil {
			pieces[c] = map[int]bool{}
			if c == "" {
				pieces[c][-1] = true // those no figure ever counted are always more than the ones it takes in
			}
		}
		pieces[c][j] = true
		if hides(key, told) {
			hidden[piece{c, j}]++
		}
	}
	for c, parts := range pieces {
		for j := range parts {
			if len(parts) > 1 && hidden[piece{c, j}] < Least && (c != "" || j >= 0) {
				return false
			}
		}
	}
	return true
}

// Draw makes the figures of one view and competence that may be told after those before: by block, the finest that is still tellable. Alone says that a
// figure of one group says something: how many there are.
func Draw(before []Figure, view Figure, all []Member, highest int, alone bool) (out []Figure) {
	before = slices.DeleteFunc(slices.Clone(before), func(f Figure) bool { return f.View != view.View || f.Code != view.Code })
	told := map[string]bool{}
	for _, m := range all {
		told[m.Key] = m.Told
	}
	for _, block := range Blocks(all, alone) {
		var in []Member
		for _, m := range all {
			if slices.Contains(block, m.Service) {
				in = append(in, m)
			}
		}
		for _, groups := range Cuts(in, highest) {
			next := view
			next.Services, next.Groups = block, groups
			if (len(groups) > 1 || alone) && !same(before, next) && Tellable(slices.Concat(before, out), next, told) {
				out = append(out, next)
				break
			}
		}
	}
	return out
}

// same says whether the figure in force says just this already.
func same(before []Figure, next Figure) bool {
	for _, f := range Latest(before, nil) {
		if slices.Equal(f.Services, next.Services) {
			return slices.EqualFunc(f.Groups, next.Groups, func(a, b Group) bool { return a.From == b.From && a.To == b.To && slices.Equal(a.Members, b.Members) })
		}
	}
	return false
}

// Latest lists the figures in force: the last of each block, without older ones about a service that a later one counts, and without those in which
// too few are left who told nothing. By view, code and services.
func Latest(all []Figure, told map[string]bool) (out []Figure) {
	taken := map[string]bool{}
	for _, f := range slices.Backward(all) {
		name := func(service string) string { return f.View + "\x00" + f.Code + "\x00" + service }
		if slices.ContainsFunc(f.Services, func(s string) bool { return taken[name(s)] }) {
			continue
		}
		for _, s := range f.Services {
			taken[name(s)] = true
		}
		if !slices.ContainsFunc(f.Groups, func(g Group) bool { return tooFew(g, told) }) {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b Figure) int {
		return cmp.Or(strings.Compare(a.View, b.View), strings.Compare(a.Code, b.Code), slices.Compare(a.Services, b.Services))
	})
	return out
}

func tooFew(g Group, told map[string]bool) bool {
	n := 0
	for _, key := range g.Members {
		if hides(key, told) {
			n++
		}
	}
	return n < Least
}

// hides says whether others may hide behind a member.
func hides(key string, told map[string]bool) bool { return !told[key] && !strings.HasPrefix(key, Gone) }
