package workshop

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/french"
)

// A Competence is what a card may be linked to, as the organisation's frameworks have it.
type Competence struct {
	ID      string // for ever
	Code    string // as people cite it
	Label   string // in the reader's language
	Family  string // label of the family it stands in, "" for none
	About   string // whatever else is said of it: words to be found by
	Retired bool   // no longer offered; cards linked before still say it
}

// Name is the competence as a card shows it.
func (c Competence) Name() string { return strings.TrimSpace(c.Code + " " + c.Label) }

// Frameworks knows the competences of an organisation.
type Frameworks interface {
	// Competences lists those of every published framework, in reading order, in a language ("fr", "en").
	Competences(ctx context.Context, organisation, lang string) ([]Competence, error)
}

// Ways lists how a competence may have been acquired: keys of the catalogue "workshop.way_…".
func Ways() []string { return []string{"work", "peers", "training", "alone", "studies"} }

// A Link joins a card to a competence.
type Link struct {
	Competence string // its ID
	How        string // one of [Ways], "" when nobody said
}

// linksMost is how many competences one card may have: a card linked to everything says nothing.
const linksMost = 8

// Links are the competences of a card, in the order they were linked.
func (s *State) Links(card int64) []Link { return slices.Clone(s.links[card]) }

// Linked is a card with the latest link phase that looked at it; false when there is none, or a hand does not see the card.
func (s *State) Linked(card int64, h Hand) (c Card, phase string, ok bool) {
	kept, found := s.cards[card]
	if !found || !s.sees(h, s.sits(h), kept) {
		return c, "", false
	}
	for _, p := range s.Template.Phases {
		if p.Kind == Connect && s.begun[p.Name] && slices.Contains(p.About, kept.Phase) {
			phase = p.Name
		}
	}
	return *kept, phase, phase != ""
}

func (s *State) decideLink(op Op, h Hand) error {
	c, found := s.cards[op.Card]
	i := s.Template.phase(op.Phase)
	switch {
	case i < 0 || s.Template.Phases[i].Kind != Connect || !s.begun[op.Phase] || !h.Facilitator && i != s.At:
		return fault.New(fault.Conflict, "workshop.not_linking")
	case !found || c.Hidden || !s.shown[c.Phase] || !s.sees(h, s.sits(h), c) || !slices.Contains(s.Template.Phases[i].About, c.Phase):
		return fault.New(fault.NotFound, "workshop.no_card")
	case op.Item == "" || op.Value < 0 || op.Value > 1:
		return fault.Field("item", "workshop.no_competence")
	case op.How != "" && !slices.Contains(Ways(), op.How):
		return fault.New(fault.Invalid, "workshop.unknown_operation")
	case op.Value == 1 && len(s.links[op.Card]) >= linksMost && !slices.ContainsFunc(s.links[op.Card], func(l Link) bool { return l.Competence == op.Item }):
		return fault.Field("item", "workshop.links_many", linksMost)
	}
	return nil
}

func (s *State) link(op Op) {
	links := s.links[op.Card]
	i := slices.IndexFunc(links, func(l Link) bool { return l.Competence == op.Item })
	switch {
	case op.Value == 0:
		s.links[op.Card] = slices.DeleteFunc(links, func(l Link) bool { return l.Competence == op.Item })
	case i < 0:
		s.links[op.Card] = append(links, Link{op.Item, op.How})
	default:
		links[i].How = op.How
	}
}

// Competences lists those the cards of a session may be linked to, and those they may have been; none where nobody knows any.
func (s *Service) Competences(ctx context.Context, sess Session, lang string) (_ []Competence, err error) {
	defer fault.Wrap(&err, "workshop.Competences(%s)", sess.ID)
	if s.Frameworks == nil {
		return nil, nil
	}
	return s.Frameworks.Competences(ctx, sess.Organisation, lang)
}

// linkable refuses a competence the organisation does not have: the log keeps identifiers, and they must lead somewhere.
func (s *Service) linkable(ctx context.Context, sess Session, op Op) error {
	if op.Kind != Tie || op.Value == 0 {
		return nil
	}
	all, err := s.Competences(ctx, sess, "fr")
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(c Competence) bool { return c.ID == op.Item && !c.Retired }) {
		return fault.Field("item", "workshop.no_competence")
	}
	return nil
}

// Suggest lists the competences whose words are those of a card, at most n, the likeliest first. A word counts the more the
// fewer competences have it, and twice in a label. It is a hint: people choose.
func Suggest(card string, all []Competence, n int) []Competence {
	type scored struct {
		c     Competence
		score float64
	}
	labels, texts := make([]map[string]bool, len(all)), make([]map[string]bool, len(all))
	having := map[string]int{}
	for i, c := range all {
		labels[i], texts[i] = stems(c.Label), stems(c.Label+" "+c.About)
		for w := range texts[i] {
			having[w]++
		}
	}
	var found []scored
	for i, c := range all {
		sum := 0.0
		for w := range stems(card) {
			if texts[i][w] {
				sum += math.Log(1 + float64(len(all))/float64(having[w]))
			}
			if labels[i][w] {
				sum += math.Log(1 + float64(len(all))/float64(having[w]))
			}
		}
		if sum > 0 && !c.Retired {
			found = append(found, scored{c, sum})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	var out []Competence
	for _, f := range found[:min(n, len(found))] {
		out = append(out, f.c)
	}
	return out
}

// stems are the words of a text that say something, without their endings.
func stems(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range french.Words(text) {
		if !french.Stop(w) {
			out[french.Stem(w)] = true
		}
	}
	return out
}
