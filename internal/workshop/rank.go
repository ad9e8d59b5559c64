package workshop

import (
	"cmp"
	"slices"
)

// The rules for cards with as many dots, as a template says them.
const (
	ShareRank   = ""       // they have the same rank
	MorePeople  = "people" // the one that more people gave dots to comes first; then they share the rank
	axesOfAVote = 2
)

// A Ranked is a card after a vote. Of a vote on two axes, Dots are those of each.
type Ranked struct {
	Card   Card
	Rank   int // from 1; cards that share one are followed by a hole
	Dots   [axesOfAVote]int
	People int // how many gave it dots on the first axis
}

// Ranking lists the cards of a vote that is over and got dots: those with more on the first axis come first; of a vote on two axes, with as
// many, those with fewer on the second; then what the template's rule says. Cards that share a rank stand as they were written.
func (s *State) Ranking(phase string) []Ranked {
	i := s.Template.phase(phase)
	if i < 0 || s.Template.Phases[i].Kind != Vote || !s.Counted(phase) {
		return nil
	}
	found := map[int64]*Ranked{}
	for b, n := range s.dots[phase] {
		c := s.cards[b.card]
		if c == nil || c.Hidden {
			continue
		}
		if found[b.card] == nil {
			found[b.card] = &Ranked{Card: *c}
		}
		found[b.card].Dots[b.axis] += n
		if b.axis == 0 {
			found[b.card].People++
		}
	}
	var out []Ranked
	for _, r := range found {
		out = append(out, *r)
	}
	before := func(a, b Ranked) int {
		by := cmp.Or(cmp.Compare(b.Dots[0], a.Dots[0]), cmp.Compare(a.Dots[1], b.Dots[1]))
		if s.Template.Phases[i].Ties == MorePeople {
			by = cmp.Or(by, cmp.Compare(b.People, a.People))
		}
		return by
	}
	slices.SortFunc(out, func(a, b Ranked) int { return cmp.Or(before(a, b), cmp.Compare(a.Card.ID, b.Card.ID)) })
	for n := range out {
		out[n].Rank = n + 1
		if n > 0 && before(out[n-1], out[n]) == 0 {
			out[n].Rank = out[n-1].Rank
		}
	}
	return out
}
