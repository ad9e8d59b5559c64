package workshop

import (
	"cmp"
	"slices"
)

// A Said is a card of a report and where it stands.
type Said struct {
	Phase, Theme, Text string
}

// A Recurrence is what was said in two sessions, and how near the two are: 1 is the same words.
type Recurrence struct {
	Before, After Said
	Near          float64
}

// A Comparison is what two sessions have in common and what each says alone.
type Comparison struct {
	Recur []Recurrence // the nearest first
	New   []Said       // of the later one alone
	Gone  []Said       // of the earlier one alone
}

// recurs is how near two cards of two sessions must be to say the same.
const recurs = 0.45

// comparedMost is how many cards of each session are compared: all pairs of them.
const comparedMost = 1000

// Compare finds which cards of a session come back in a later one, by their words alone, as [State.Bundles] does. A card answers to one of the
// other session at most, the nearest free one; what is beyond comparedMost cards is left out.
func Compare(before, after Report) (out Comparison) {
	old, recent := said(before), said(after)
	var cards []Card
	for _, s := range append(slices.Clone(old), recent...) {
		cards = append(cards, Card{Text: s.Text})
	}
	near := nearness(cards)
	type pair struct {
		i, j int
		near float64
	}
	var pairs []pair
	for i := range old {
		for j := range recent {
			if n := near[i][len(old)+j]; n >= recurs {
				pairs = append(pairs, pair{i, j, n})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(b.near, a.near) })
	met, back := make([]bool, len(old)), make([]bool, len(recent))
	for _, p := range pairs {
		if !met[p.i] && !back[p.j] {
			met[p.i], back[p.j] = true, true
			out.Recur = append(out.Recur, Recurrence{old[p.i], recent[p.j], min(1, p.near)})
		}
	}
	for j, s := range recent {
		if !back[j] {
			out.New = append(out.New, s)
		}
	}
	for i, s := range old {
		if !met[i] {
			out.Gone = append(out.Gone, s)
		}
	}
	return out
}

// said lists the cards of a report.
func said(r Report) (out []Said) {
	for _, p := range r.Phases {
		for _, t := range p.Themes {
			for _, c := range t.Cards {
				if len(out) < comparedMost {
					out = append(out, Said{p.Title, t.Name, c.Text})
				}
			}
		}
	}
	return out
}
