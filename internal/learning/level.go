package learning

import (
	"slices"
	"strings"
	"time"
)

// A Bar is what a level asks for: pieces of evidence of different works at that level or above, and how many of them somebody looked at.
type Bar struct{ Level, Pieces, Seen int }

// Rule lists the bars, the lowest first. Each asks for at least what the one below does, so who clears one clears those below.
func Rule() []Bar { return []Bar{{1, 1, 0}, {2, 1, 0}, {3, 2, 1}, {4, 3, 2}} }

// A Missing is what the next level still asks for; Seen is among Pieces or beside: a review of what there is may do.
type Missing struct {
	Bar
	MorePieces, MoreSeen int
}

// A Standing is where somebody is with a competence.
type Standing struct {
	Level  int        // reached, 0 for none
	Counts []Evidence // what it rests on: all that counts, the oldest first
	Next   *Missing   // nil at the highest
}

// Stand holds the evidence of one person about a competence against the rule. The order of the evidence does not matter, and more of it never lowers
// the level.
func Stand(all []Evidence, code string, now time.Time) (st Standing) {
	for _, e := range all {
		if e.Counts(now) && at(e, code) > 0 {
			st.Counts = append(st.Counts, e)
		}
	}
	slices.SortFunc(st.Counts, func(a, b Evidence) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	for _, bar := range Rule() {
		pieces, seen := count(st.Counts, code, bar.Level)
		m := Missing{bar, max(0, bar.Pieces-pieces), max(0, bar.Seen-seen)}
		if m.MorePieces+m.MoreSeen > 0 {
			st.Next = &m
			return st
		}
		st.Level = bar.Level
	}
	return st
}

// at is the level a piece of evidence shows of a competence, 0 for none.
func at(e Evidence, code string) (level int) {
	for _, l := range e.Shows {
		if l.Code == code {
			level = max(level, l.Level)
		}
	}
	return level
}

// count counts the works that show a level or above, and those among them somebody looked at.
func count(list []Evidence, code string, level int) (pieces, seen int) {
	works := map[string]bool{}
	for _, e := range list {
		if at(e, code) >= level {
			works[e.Source] = works[e.Source] || e.Seen()
		}
	}
	for _, looked := range works {
		if looked {
			seen++
		}
	}
	return len(works), seen
}

// Levels says where somebody is with each competence their evidence is about, by code.
func Levels(all []Evidence, now time.Time) map[string]Standing {
	levels := map[string]Standing{}
	for _, e := range all {
		for _, l := range e.Shows {
			if _, done := levels[l.Code]; !done {
				levels[l.Code] = Stand(all, l.Code, now)
			}
		}
	}
	return levels
}
