package workshop

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cultured/internal/fault"
)

// What a session may hold. They are generous: a full board can be read by nobody.
const (
	CardMost   = 600  // characters of a card
	AliasMost  = 40   // characters of a first name
	MinuteMost = 5000 // characters of a minute
	cardsMost  = 20_000
	peopleMost = 20_000
	timerMost  = 4 * time.Hour
)

// Decide says whether a hand may do an operation now, and returns it as it will be stored: texts cleaned, marks made. The
// state does not change.
// Faults: Conflict "workshop.closed", "workshop.frozen"; Denied "workshop.facilitator_only", "workshop.join_first",
// "workshop.not_yours"; the others say what is wrong with the operation.
func (s *State) Decide(op Op, h Hand) (Op, error) {
	switch op.Kind { // what is done after the session
	case Forget:
		return Op{At: op.At, Kind: Forget}, s.decideForget(h)
	case Amend:
		return s.decideText(op, h)
	case Archive:
		return s.decideDataset(op, h)
	case Claim:
		return s.decideClaim(op, h)
	}
	if s.Closed {
		return op, fault.New(fault.Conflict, "workshop.closed")
	}
	op.Text, op.Theme, op.Into = clean(op.Text), line(op.Theme), line(op.Into)
	switch op.Kind {
	case Join:
		return s.decideJoin(op, h)
	case Note, Advance, SetTimer, Reveal, Freeze, Moderate, Merge, Sort, Split, Unite, Seat, Label, Close:
		if !h.Facilitator {
			return op, fault.New(fault.Denied, "workshop.facilitator_only")
		}
		if err := s.decideConduct(op); err != nil {
			return op, err
		}
		return s.places(op), nil
	}
	op.Table, op.Who, op.With = 0, 0, 0 // a card has its table; votes have none
	switch {
	case !h.Facilitator && s.Seated(h) == 0:
		return op, fault.New(fault.Denied, "workshop.join_first")
	case !h.Facilitator && s.Frozen:
		return op, fault.New(fault.Conflict, "workshop.frozen")
	}
	switch op.Kind {
	case AddCard:
		return s.decideCard(op, h)
	case EditCard, DropCard, MoveCard:
		return op, s.decideChange(op, h)
	case Tie:
		return op, s.decideLink(op, h)
	case Tell:
		return s.decideProfile(op, h)
	case CastDots, Pick:
		op.Mark = h.ballot(op.Phase)
		return op, s.decideBallot(op, h)
	}
	return op, fault.New(fault.Invalid, "workshop.unknown_operation")
}

func (s *State) decideJoin(op Op, h Hand) (Op, error) {
	op.Text, op.Mark, op.Table, op.Who, op.With = line(op.Text), h.Seat(), s.smallest(), 0, 0
	op.Claim = claimHash(h.Session, h.ClaimCode())
	switch n := utf8.RuneCountInString(op.Text); {
	case op.Mark == "":
		return op, fault.New(fault.Denied, "workshop.join_first")
	case n == 0:
		return op, fault.Field("alias", "workshop.alias_empty")
	case n > AliasMost:
		return op, fault.Field("alias", "workshop.alias_long", AliasMost)
	case s.Seated(h) != 0:
		return op, fault.New(fault.Conflict, "workshop.joined_already")
	case len(s.People) >= peopleMost:
		return op, fault.New(fault.Conflict, "workshop.full")
	}
	return op, nil
}

// decideCard takes a card for its own phase as long as that phase ran: what somebody was writing while the facilitator went
// on is kept.
func (s *State) decideCard(op Op, h Hand) (Op, error) {
	i := s.Template.phase(op.Phase)
	if i < 0 || s.Template.Phases[i].Kind != Write || !s.begun[op.Phase] {
		return op, fault.New(fault.Conflict, "workshop.not_writing")
	}
	if err := cardText(op.Text); err != nil {
		return op, err
	}
	switch {
	case utf8.RuneCountInString(op.Theme) > titleMost:
		return op, fault.Field("theme", "workshop.theme_long", titleMost)
	case op.Theme != "" && !slices.Contains(s.themes[op.Phase], op.Theme) && len(s.themes[op.Phase]) >= listMost:
		return op, fault.Field("theme", "workshop.themes_many", listMost)
	case len(s.cards) >= cardsMost:
		return op, fault.New(fault.Conflict, "workshop.full")
	}
	op.Mark = h.mark("card " + op.Nonce)
	if s.apart {
		op.Table = s.sits(h)
	}
	if !s.Template.Anonymous {
		op.By = s.Seated(h)
	}
	return op, nil
}

func cardText(text string) error {
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return fault.Field("text", "workshop.card_empty")
	case n > CardMost:
		return fault.Field("text", "workshop.card_long", n, CardMost)
	}
	return nil
}

func (s *State) decideChange(op Op, h Hand) error {
	c, ok := s.cards[op.Card]
	if !ok || !s.sees(h, s.sits(h), c) {
		return fault.New(fault.NotFound, "workshop.no_card")
	}
	if op.Kind != MoveCard {
		if !h.Owns(*c) {
			return fault.New(fault.Denied, "workshop.not_yours")
		}
		if op.Kind == EditCard {
			return cardText(op.Text)
		}
		return nil
	}
	p, _ := s.Phase()
	grouping := p.Kind == Group && slices.Contains(p.About, c.Phase)
	switch {
	case !h.Facilitator && !grouping && !h.Owns(*c):
		return fault.New(fault.Conflict, "workshop.not_grouping")
	case utf8.RuneCountInString(op.Theme) > titleMost:
		return fault.Field("theme", "workshop.theme_long", titleMost)
	case op.Theme != "" && !slices.Contains(s.themes[c.Phase], op.Theme) && len(s.themes[c.Phase]) >= listMost:
		return fault.Field("theme", "workshop.themes_many", listMost)
	}
	return nil
}

func (s *State) decideBallot(op Op, h Hand) error {
	p, ok := s.Phase()
	if !ok || p.Name != op.Phase {
		return fault.New(fault.Conflict, "workshop.vote_over")
	}
	if op.Mark == "" {
		return fault.New(fault.Denied, "workshop.join_first")
	}
	if op.Kind == Pick {
		return decidePick(op, p)
	}
	c, found := s.cards[op.Card]
	switch {
	case p.Kind != Vote:
		return fault.New(fault.Conflict, "workshop.vote_over")
	case !found || c.Hidden || !s.shown[c.Phase] || s.away(c, s.sits(h)) || !slices.Contains(p.About, c.Phase):
		return fault.New(fault.NotFound, "workshop.no_card")
	case op.Axis < 0 || op.Axis >= max(1, len(p.Axes)):
		return fault.New(fault.Invalid, "workshop.unknown_operation")
	case op.Value < 0 || op.Value > p.Budget || s.spent[op.Phase][spender{op.Mark, op.Axis}]-s.OwnDots(op.Phase, op.Card, op.Axis, h)+op.Value > p.Budget:
		return fault.New(fault.Conflict, "workshop.over_budget", p.Budget)
	}
	return nil
}

func decidePick(op Op, p Phase) error {
	switch {
	case p.Kind != Choose:
		return fault.New(fault.Conflict, "workshop.vote_over")
	case len(op.Options) > p.Budget:
		return fault.New(fault.Conflict, "workshop.over_budget", p.Budget)
	}
	for i, o := range op.Options {
		if o < 0 || o >= len(p.Options) || slices.Contains(op.Options[:i], o) {
			return fault.New(fault.Invalid, "workshop.unknown_operation")
		}
	}
	return nil
}

func (s *State) decideConduct(op Op) error {
	phase := s.Template.phase(op.Phase)
	switch op.Kind {
	case Note:
		return s.decideNote(op, phase)
	case Advance:
		now, _ := s.Phase()
		if now.Name != op.Phase { // somebody pressed the same button: once is enough
			return fault.New(fault.Conflict, "workshop.phase_moved")
		}
		if s.Template.phase(op.To) < 0 {
			return fault.New(fault.NotFound, "workshop.no_phase")
		}
	case SetTimer:
		if op.Value < 0 || time.Duration(op.Value)*time.Second > timerMost {
			return fault.Field("minutes", "workshop.timer_long", int(timerMost/time.Minute))
		}
	case Reveal:
		if phase < 0 || s.Template.Phases[phase].Kind != Write {
			return fault.New(fault.NotFound, "workshop.no_phase")
		}
	case Moderate:
		if c, ok := s.cards[op.Card]; !ok || !s.shown[c.Phase] {
			return fault.New(fault.NotFound, "workshop.no_card")
		}
	case Sort:
		return s.decideSort(op, phase)
	case Split, Seat, Label:
		return s.decideTables(op)
	case Merge:
		themes := s.themes[op.Phase]
		if op.Theme == op.Into || !slices.Contains(themes, op.Theme) || !slices.Contains(themes, op.Into) {
			return fault.Field("into", "workshop.no_theme")
		}
	}
	return nil
}

func (s *State) decideNote(op Op, phase int) error {
	switch n := utf8.RuneCountInString(op.Text); {
	case phase < 0:
		return fault.New(fault.NotFound, "workshop.no_phase")
	case n == 0:
		return fault.Field("text", "workshop.minute_empty")
	case n > MinuteMost:
		return fault.Field("text", "workshop.minute_long", MinuteMost)
	}
	return nil
}

// clean drops what no reader sees: control characters but line ends, and space around.
func clean(text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069) { // nor what turns the direction of writing
			return -1
		}
		return r
	}, text))
}

// line is clean on one line.
func line(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }
