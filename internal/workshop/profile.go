package workshop

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"cultured/internal/fault"
	"cultured/internal/french"
)

// A Person's profile is where somebody works and what their trade is, told with their consent in a Profile phase. It is kept beside
// the cards, under the mark of a ballot: nothing joins it to a card, a vote or a name.
type Profile struct {
	Service string
	Trade   string
}

// Those who are fewer than profileLeast are never shown apart.
const profileLeast = 5

// profileMost is how many characters a service or a trade has at most.
const profileMost = 120

// A Share is how many told one thing. Value "" gathers those that would be too few to stand alone.
type Share struct {
	Value string
	Count int
}

// decideProfile takes a profile, instead of the one before; Value 0 takes it back.
func (s *State) decideProfile(op Op, h Hand) (Op, error) {
	p, ok := s.Phase()
	op = Op{At: op.At, Kind: Tell, Phase: op.Phase, Text: line(op.Text), Item: line(op.Item), Value: op.Value, Mark: h.ballot(op.Phase)}
	switch {
	case !ok || p.Name != op.Phase || p.Kind != Ask:
		return op, fault.New(fault.Conflict, "workshop.not_asking")
	case op.Mark == "":
		return op, fault.New(fault.Denied, "workshop.join_first")
	case op.Value == 0:
		op.Text, op.Item = "", ""
		return op, nil
	case op.Value != 1:
		return op, fault.Field("consent", "workshop.no_consent")
	case op.Text == "" && op.Item == "":
		return op, fault.Field("text", "workshop.profile_empty")
	case utf8.RuneCountInString(op.Text) > profileMost:
		return op, fault.Field("text", "workshop.profile_long", profileMost)
	case utf8.RuneCountInString(op.Item) > profileMost:
		return op, fault.Field("item", "workshop.profile_long", profileMost)
	}
	return op, nil
}

func (s *State) tell(op Op) {
	if s.profiles[op.Phase] == nil {
		s.profiles[op.Phase] = map[string]Profile{}
	}
	s.profiles[op.Phase][op.Mark] = Profile{op.Text, op.Item}
	if op.Value == 0 {
		delete(s.profiles[op.Phase], op.Mark)
	}
}

// OwnProfile is what a hand told in a Profile phase; false when it told nothing.
func (s *State) OwnProfile(phase string, h Hand) (Profile, bool) {
	p, ok := s.profiles[phase][h.ballot(phase)]
	return p, ok
}

// Shares count the services and the trades people told of, once the phase is over: counts that grow while one looks would tell who just
// answered. See [share].
func (s *State) Shares(phase string) (services, trades []Share) {
	if !s.Counted(phase) {
		return nil, nil
	}
	for _, p := range s.profiles[phase] {
		services, trades = append(services, Share{p.Service, 1}), append(trades, Share{p.Trade, 1})
	}
	return share(services), share(trades)
}

// share adds up what is spelled alike and shows each only when at least profileLeast said it; the others are gathered under "". Where
// what is gathered is itself too few, the smallest of those shown joins it: else the total would give it away. All are left out
// when even that is too few.
func share(told []Share) (out []Share) {
	at, few := map[string]int{}, 0
	slices.SortFunc(told, func(a, b Share) int { return cmp.Compare(a.Value, b.Value) }) // the log's order is nobody's business
	for _, t := range told {
		key := french.Fold(t.Value)
		if t.Value == "" {
			continue
		}
		i, met := at[key]
		if !met {
			i = len(out)
			at[key] = i
			out = append(out, Share{Value: t.Value})
		}
		out[i].Count += t.Count
	}
	slices.SortStableFunc(out, func(a, b Share) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), french.Compare(a.Value, b.Value))
	})
	for len(out) > 0 && (out[len(out)-1].Count < profileLeast || few > 0 && few < profileLeast) {
		few += out[len(out)-1].Count
		out = out[:len(out)-1]
	}
	if few >= profileLeast {
		out = append(out, Share{"", few})
	}
	return out
}
