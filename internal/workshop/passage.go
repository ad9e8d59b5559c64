package workshop

import (
	"slices"
	"time"
	"unicode/utf8"

	"cultured/internal/fault"
)

// A Place is where a text stands in the synthesis. The zero Place is the introduction.
type Place struct {
	Part  string // "" the introduction, "phase", "theme", "conclusion"
	Phase string // of a phase or a theme
	Theme string // of a theme: "" is that of cards without one
}

// A Passage is a text that was written in the synthesis, and who wrote it when.
type Passage struct {
	Text   string
	At     time.Time
	Person string // identifier
}

// passageMost is how many characters a text of the synthesis has at most.
const passageMost = 5000

// passagesMost is how many versions are kept of one text.
const passagesMost = 200

// place is where an operation writes.
func (op Op) place() Place { return Place{op.To, op.Phase, op.Theme} }

// Texts are the versions of the text at every place somebody wrote at, the oldest first.
func (s *State) Texts() map[Place][]Passage {
	out := map[Place][]Passage{}
	for at, versions := range s.texts {
		out[at] = slices.Clone(versions)
	}
	return out
}

// Text is what stands at a place now.
func (s *State) Text(at Place) string {
	if all := s.texts[at]; len(all) > 0 {
		return all[len(all)-1].Text
	}
	return ""
}

// decideText lets the facilitator of a closed session write at a place of its synthesis. Value is how many versions the form was
// opened over: who comes second reads the other's text before writing over it.
func (s *State) decideText(op Op, h Hand) (Op, error) {
	op = Op{At: op.At, Kind: Amend, To: op.To, Phase: op.Phase, Theme: op.Theme, Text: clean(op.Text), Value: op.Value, Person: h.Person}
	i := s.Template.phase(op.Phase)
	known := false
	switch op.To {
	case "", "conclusion":
		known = op.Phase == "" && op.Theme == ""
	case "phase":
		known = i >= 0 && op.Theme == ""
	case "theme":
		known = i >= 0 && (op.Theme == "" || slices.Contains(s.themes[op.Phase], op.Theme))
	}
	switch n := utf8.RuneCountInString(op.Text); {
	case !h.Facilitator:
		return op, fault.New(fault.Denied, "workshop.facilitator_only")
	case !s.Closed:
		return op, fault.New(fault.Conflict, "workshop.not_closed")
	case !known:
		return op, fault.New(fault.NotFound, "workshop.no_place")
	case n > passageMost:
		return op, fault.Field("text", "workshop.text_long", passageMost)
	case op.Value != len(s.texts[op.place()]):
		return op, fault.Field("text", "workshop.text_moved")
	case op.Value >= passagesMost:
		return op, fault.New(fault.Conflict, "workshop.full")
	}
	return op, nil
}

// KeepingMost is how long one may be busy keeping the cards as a dataset: after that, somebody else may begin.
const KeepingMost = time.Minute

// Keeping reports whether somebody is busy keeping the cards as a dataset.
func (s *State) Keeping(now time.Time) bool {
	return !s.keeping.IsZero() && now.Sub(s.keeping) < KeepingMost
}

// decideDataset lets one facilitator at a time keep the cards of a closed session as a dataset. One begins (Value 1), and Item is the dataset
// they were kept as when one looked: if that has changed since, one looks again. Then Item says which dataset it is now; without, one gives up.
func (s *State) decideDataset(op Op, h Hand) (Op, error) {
	op = Op{At: op.At, Kind: Archive, Item: op.Item, Value: op.Value, Person: h.Person}
	switch {
	case !h.Facilitator:
		return op, fault.New(fault.Denied, "workshop.facilitator_only")
	case !s.Closed:
		return op, fault.New(fault.Conflict, "workshop.not_closed")
	case op.Value == 1 && (s.Keeping(op.At) || op.Item != s.Dataset):
		return op, fault.New(fault.Conflict, "workshop.keeping")
	}
	return op, nil
}

func (s *State) archive(op Op) {
	switch s.keeping = (time.Time{}); {
	case op.Value == 1:
		s.keeping = op.At
	case op.Item != "":
		s.Dataset = op.Item
	}
}

func (s *State) write(op Op) {
	if s.texts == nil {
		s.texts = map[Place][]Passage{}
	}
	s.texts[op.place()] = append(s.texts[op.place()], Passage{op.Text, op.At, op.Person})
}
