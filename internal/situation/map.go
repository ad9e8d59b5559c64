package situation

import (
	"cmp"
	"slices"

	"cultured/internal/competency"
)

// A Tally is how often one competence is mentioned in one group of situations, by what it is to them. A mention is a card, or one
// for what was written by hand.
type Tally struct {
	Group      string // a service, a theme; "" for whatever says none
	Competence competency.ItemID
	Needed     int
	Held       int
	Develop    int
}

// All is how often the competence is mentioned, whatever it is there.
func (t Tally) All() int { return t.Needed + t.Held + t.Develop }

// Of is how often the competence is mentioned with one standing.
func (t Tally) Of(s Standing) int {
	switch s {
	case Needed:
		return t.Needed
	case Held:
		return t.Held
	}
	return t.Develop
}

// Gap is how much more often the competence is needed than held, 0 when it is held as often.
func (t Tally) Gap() int { return max(0, t.Needed-t.Held) }

// Count tallies every competence the situations are linked to, by the group each of them stands in, in the order they are first met.
// A situation in force or not is counted alike: who asks has filtered.
func Count(list []Situation, group func(Situation) string) (out []Tally) {
	type place struct {
		group      string
		competence competency.ItemID
	}
	at := map[place]int{}
	for _, s := range list {
		for _, l := range s.Links {
			p := place{group(s), l.Competence}
			i, met := at[p]
			if !met {
				i = len(out)
				at[p] = i
				out = append(out, Tally{Group: p.group, Competence: p.competence})
			}
			switch n := s.Mentions(); l.Standing {
			case Needed:
				out[i].Needed += n
			case Held:
				out[i].Held += n
			case Develop:
				out[i].Develop += n
			}
		}
	}
	return out
}

// Everywhere is the one group of [Count] when nothing tells situations apart.
func Everywhere(Situation) string { return "" }

// Gaps keeps the tallies whose competence is needed more often than it is held: the widest first, then the most wanted, then in their
// order.
func Gaps(tallies []Tally) []Tally {
	out := slices.DeleteFunc(slices.Clone(tallies), func(t Tally) bool { return t.Gap() == 0 })
	slices.SortStableFunc(out, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(b.Gap(), a.Gap()), cmp.Compare(b.Develop, a.Develop))
	})
	return out
}
