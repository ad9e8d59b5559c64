package workshop

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cultured/internal/fault"
	"cultured/internal/french"
)

// A Bundle is cards that seem to say the same, and a name for them.
type Bundle struct {
	Name  string
	Cards []Card
}

// A Move puts a card under a theme.
type Move struct {
	Card  int64  `json:"card"`
	Theme string `json:"theme"`
}

// bundledMost is how many cards are compared with each other: all pairs of them.
const bundledMost = 400

// alike is how near two bundles must be, on average, to be one: 1 is the same words, 0 none in common.
const alike = 0.16

// Bundles proposes groups of the cards without a theme of a revealed phase, by their words alone, here, without asking anybody: words
// count the more the fewer cards have them, endings do not count, and the two nearest groups become one as long as they are near
// enough on average. Cards like no other are in none. It is a hint: people choose.
func (s *State) Bundles(phase string) (out []Bundle) {
	if !s.shown[phase] {
		return nil
	}
	var cards []Card
	for _, c := range s.Cards(phase, Hand{}) {
		if c.Theme == "" && len(cards) < bundledMost {
			cards = append(cards, c)
		}
	}
	near := nearness(cards)
	groups := make([][]int, len(cards))
	for i := range cards {
		groups[i] = []int{i}
	}
	for {
		a, b, best := 0, 0, alike
		for i := range groups {
			for j := range i {
				if n := between(near, groups[i], groups[j]); n > best {
					a, b, best = i, j, n
				}
			}
		}
		if a == b {
			break
		}
		groups[b] = append(groups[b], groups[a]...)
		groups = slices.Delete(groups, a, a+1)
	}
	for _, g := range groups {
		if len(g) < 2 {
			continue
		}
		slices.Sort(g)
		one := Bundle{}
		for _, i := range g {
			one.Cards = append(one.Cards, cards[i])
		}
		one.Name = nameOf(one.Cards, cards)
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b Bundle) int { return cmp.Compare(len(b.Cards), len(a.Cards)) })
	return out
}

// nearness is how near each two cards are: the cosine of their words, each weighed by how few cards have it.
func nearness(cards []Card) [][]float64 {
	words, having := make([]map[string]bool, len(cards)), map[string]int{}
	for i, c := range cards {
		words[i] = stems(c.Text)
		for w := range words[i] {
			having[w]++
		}
	}
	weight := func(w string) float64 { return math.Log(1 + float64(len(cards))/float64(having[w])) }
	length := make([]float64, len(cards))
	for i := range cards {
		for w := range words[i] {
			length[i] += weight(w) * weight(w)
		}
	}
	near := make([][]float64, len(cards))
	for i := range cards {
		near[i] = make([]float64, len(cards))
		for j := range i {
			sum := 0.0
			for w := range words[i] {
				if words[j][w] {
					sum += weight(w) * weight(w)
				}
			}
			if sum > 0 {
				near[i][j] = sum / math.Sqrt(length[i]*length[j])
				near[j][i] = near[i][j]
			}
		}
	}
	return near
}

// between is how near two groups are on average.
func between(near [][]float64, a, b []int) float64 {
	sum := 0.0
	for _, i := range a {
		for _, j := range b {
			sum += near[i][j]
		}
	}
	return sum / float64(len(a)*len(b))
}

// nameOf names a group by the two words that most of its cards share and few others have, as they are written there.
func nameOf(group, all []Card) string {
	type word struct {
		text      string
		in, whole int
	}
	found := map[string]*word{}
	for _, c := range group {
		for _, w := range strings.FieldsFunc(c.Text, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
			for stem := range stems(w) {
				if found[stem] == nil {
					found[stem] = &word{text: strings.ToLower(w)}
				}
			}
		}
	}
	for stem, w := range found {
		for _, c := range group {
			if stems(c.Text)[stem] {
				w.in++
			}
		}
		for _, c := range all {
			if stems(c.Text)[stem] {
				w.whole++
			}
		}
	}
	var list []word
	for _, w := range found {
		if w.in > 1 && utf8.RuneCountInString(w.text) > 2 {
			list = append(list, *w)
		}
	}
	slices.SortFunc(list, func(a, b word) int {
		return cmp.Or(cmp.Compare(b.in, a.in), cmp.Compare(a.whole, b.whole), french.Compare(a.text, b.text))
	})
	var name []string
	for _, w := range list[:min(2, len(list))] {
		name = append(name, w.text)
	}
	text := []rune(strings.Join(name, ", "))
	if len(text) > 0 {
		text[0] = unicode.ToUpper(text[0])
	}
	return string(text[:min(len(text), titleMost)])
}

// decideSort lets the facilitator put many cards under themes at once, or take that back (no Moves): one step, one undo.
func (s *State) decideSort(op Op, phase int) error {
	if phase < 0 || s.Template.Phases[phase].Kind != Write || !s.shown[op.Phase] {
		return fault.New(fault.NotFound, "workshop.no_phase")
	}
	if len(op.Moves) == 0 {
		if len(s.sorted[op.Phase]) == 0 {
			return fault.New(fault.Conflict, "workshop.nothing_sorted")
		}
		return nil
	}
	themes := slices.Clone(s.themes[op.Phase])
	for _, m := range op.Moves {
		c, ok := s.cards[m.Card]
		switch {
		case !ok || c.Phase != op.Phase:
			return fault.New(fault.NotFound, "workshop.no_card")
		case m.Theme == "" || m.Theme != line(m.Theme):
			return fault.Field("theme", "workshop.theme_empty")
		case utf8.RuneCountInString(m.Theme) > titleMost:
			return fault.Field("theme", "workshop.theme_long", titleMost)
		}
		if !slices.Contains(themes, m.Theme) {
			themes = append(themes, m.Theme)
		}
	}
	if len(themes) > listMost {
		return fault.Field("theme", "workshop.themes_many", listMost)
	}
	return nil
}

// A sorted is a card as it was before it was put under a theme with many others.
type sorted struct {
	card          int64
	before, after string
}

// sort puts the cards under their themes; without any, it takes back the last time, but for cards somebody moved since. A theme made then goes
// when nothing is left under it.
func (s *State) sort(op Op) {
	if len(op.Moves) == 0 {
		for _, one := range s.sorted[op.Phase] {
			if c := s.cards[one.card]; c != nil && c.Theme == one.after {
				c.Theme = s.theme(op.Phase, one.before)
			}
		}
		delete(s.sorted, op.Phase)
		s.themes[op.Phase] = slices.DeleteFunc(s.themes[op.Phase], func(theme string) bool {
			return slices.Contains(s.made[op.Phase], theme) && !s.under(op.Phase, theme)
		})
		delete(s.made, op.Phase)
		return
	}
	var list []sorted
	old := slices.Clone(s.themes[op.Phase])
	for _, m := range op.Moves {
		c := s.cards[m.Card]
		list = append(list, sorted{m.Card, c.Theme, m.Theme})
		c.Theme = s.theme(op.Phase, m.Theme)
	}
	s.sorted[op.Phase], s.made[op.Phase] = list, nil
	for _, theme := range s.themes[op.Phase] {
		if !slices.Contains(old, theme) {
			s.made[op.Phase] = append(s.made[op.Phase], theme)
		}
	}
}

func (s *State) under(phase, theme string) bool {
	for _, c := range s.cards {
		if c.Phase == phase && c.Theme == theme {
			return true
		}
	}
	return false
}

// Sorted reports whether the last sorting of many cards of a phase can be taken back.
func (s *State) Sorted(phase string) bool { return len(s.sorted[phase]) > 0 }
