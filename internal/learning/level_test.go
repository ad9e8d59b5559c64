package learning_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"cultured/internal/learning"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// piece is evidence drawn at random: of few works and levels, so that all cases come.
func piece(r *rand.Rand, n int) learning.Evidence {
	e := learning.Evidence{ID: learning.ID(fmt.Sprint(n)), At: noon.Add(-time.Duration(r.IntN(5)) * time.Hour), Source: fmt.Sprint("work-", r.IntN(5))}
	for range 1 + r.IntN(2) {
		e.Shows = append(e.Shows, learning.Level{Code: []string{"D4.1", "D4.2"}[r.IntN(2)], Level: 1 + r.IntN(4)})
	}
	if r.IntN(6) > 0 {
		e.Checks = append(e.Checks, learning.Check{How: []learning.How{learning.Automatic, learning.Peer}[r.IntN(2)]})
	}
	if r.IntN(5) == 0 {
		e.Until = noon.Add(time.Duration(r.IntN(3)-1) * time.Hour)
	}
	if r.IntN(6) == 0 {
		e.Withdrawn = noon.Add(-time.Hour)
	}
	return e
}

func TestStand_moreEvidenceNeverLowersALevelAndOrderDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	reached := map[int]int{}
	for range 3000 {
		var all []learning.Evidence
		for n := range r.IntN(14) {
			all = append(all, piece(r, n))
		}
		before := learning.Stand(all, "D4.1", noon)
		reached[before.Level]++
		more := append(all[:len(all):len(all)], piece(r, 100))
		if after := learning.Stand(more, "D4.1", noon); after.Level < before.Level {
			t.Fatalf("one more piece: level %d, then %d: %+v", before.Level, after.Level, more)
		}
		r.Shuffle(len(more), func(i, j int) { more[i], more[j] = more[j], more[i] })
		if a, b := learning.Stand(more, "D4.1", noon), learning.Levels(more, noon)["D4.1"]; a.Level != b.Level || len(a.Counts) != len(b.Counts) {
			t.Fatalf("one list says %+v and %+v", a, b)
		}
		back := append([]learning.Evidence(nil), all...)
		r.Shuffle(len(back), func(i, j int) { back[i], back[j] = back[j], back[i] })
		after := learning.Stand(back, "D4.1", noon)
		if fmt.Sprint(after) == fmt.Sprint(before) || after.Level == before.Level && (after.Next == nil) == (before.Next == nil) && (after.Next == nil || *after.Next == *before.Next) {
			continue
		}
		t.Fatalf("another order: %+v, then %+v", before, after)
	}
	for level := range learning.Highest + 1 {
		if reached[level] < 20 {
			t.Errorf("level %d was reached %d times: the test says little of it", level, reached[level])
		}
	}
}

func TestStand_whatIsWithdrawnOverOrUnverifiedDoesNotCount(t *testing.T) {
	good := learning.Evidence{ID: "1", Source: "a", Shows: []learning.Level{{Code: "D4.1", Level: 2}}, Checks: []learning.Check{{How: learning.Automatic}}}
	for what, change := range map[string]func(*learning.Evidence){
		"withdrawn":                func(e *learning.Evidence) { e.Withdrawn = noon },
		"over":                     func(e *learning.Evidence) { e.Until = noon },
		"unverified":               func(e *learning.Evidence) { e.Checks = nil },
		"about another competence": func(e *learning.Evidence) { e.Shows[0].Code = "D4.2" },
	} {
		e := good
		e.Shows = []learning.Level{good.Shows[0]}
		change(&e)
		if st := learning.Stand([]learning.Evidence{e}, "D4.1", noon); st.Level != 0 || len(st.Counts) != 0 {
			t.Errorf("%s: %+v", what, st)
		}
	}
	last := good
	last.Until = noon.Add(time.Second)
	if st := learning.Stand([]learning.Evidence{last}, "D4.1", noon); st.Level != 2 {
		t.Errorf("in force for a second more: %+v", st)
	}
}

func TestStand_saysWhatIsMissing(t *testing.T) {
	show := func(source string, level int, how learning.How) learning.Evidence {
		return learning.Evidence{ID: learning.ID(source), Source: source, Shows: []learning.Level{{Code: "D4.1", Level: level}}, Checks: []learning.Check{{How: how}}}
	}
	for _, c := range []struct {
		name         string
		all          []learning.Evidence
		level        int
		pieces, seen int
	}{
		{"nothing", nil, 0, 1, 0},
		{"one work of level 1 is level 1", []learning.Evidence{show("a", 1, learning.Peer)}, 1, 1, 0},
		{"one work of level 2 is level 2", []learning.Evidence{show("a", 2, learning.Automatic)}, 2, 2, 1},
		{"the same work twice is one", []learning.Evidence{show("a", 3, learning.Peer), show("a", 3, learning.Automatic)}, 2, 1, 0},
		{"machines alone stop before level 3", []learning.Evidence{show("a", 3, learning.Automatic), show("b", 3, learning.Automatic)}, 2, 0, 1},
		{"with a colleague it is level 3", []learning.Evidence{show("a", 3, learning.Automatic), show("b", 4, learning.Peer)}, 3, 2, 1},
	} {
		st := learning.Stand(c.all, "D4.1", noon)
		if st.Level != c.level || st.Next == nil || st.Next.Level != c.level+1 || st.Next.MorePieces != c.pieces || st.Next.MoreSeen != c.seen {
			t.Errorf("%s: %+v, missing %+v", c.name, st, st.Next)
		}
	}
	top := []learning.Evidence{show("a", 4, learning.Peer), show("b", 4, learning.Peer), show("c", 4, learning.Automatic)}
	if st := learning.Stand(top, "D4.1", noon); st.Level != 4 || st.Next != nil {
		t.Errorf("the highest: %+v", st)
	}
}

func TestGrid_isTiedToTheCompetence(t *testing.T) {
	a, b := learning.Grid([]learning.Level{{Code: "D4.1"}}), learning.Grid([]learning.Level{{Code: "D7.2"}})
	if len(a) != 5 || len(b) != 5 || a[4] != "D4" || b[4] != "D7" {
		t.Errorf("got %v and %v", a, b)
	}
	if own := learning.Grid([]learning.Level{{Code: "X1.1"}}); len(own) != 4 {
		t.Errorf("a competence of one's own framework: %v", own)
	}
}
