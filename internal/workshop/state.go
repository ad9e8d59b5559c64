package workshop

import (
	"maps"
	"slices"
	"time"
)

// A Card is a sticky note on the board.
type Card struct {
	ID      int64  // the number of the operation that wrote it
	Phase   string // that it was written in
	Theme   string // "" is none yet
	Text    string
	Edited  bool
	Hidden  bool  // by moderation
	By      int64 // who wrote it, 0 in an anonymous session
	Nonce   string
	Mark    string
	Table   int // it was written at, 0 for the whole room; see [State.TableName]
	Written time.Time
}

// A Minute is what the facilitator noted.
type Minute struct {
	Phase string
	Text  string
	At    time.Time
}

// A State is a session after an operation: the fold of its log. Read it; only [State.Fold] changes it.
type State struct {
	Template  Template
	Seq       int64 // of the last operation folded
	Look      int64 // of the last one that changed what others than its hand see, beyond how many there are
	At        int   // index of the phase that runs, -1 before the first
	Closed    bool
	Forgotten bool      // nobody has a name any more
	Last      time.Time // when somebody last did something before it was closed, or closed it
	Frozen    bool
	Ends      time.Time // of the timer, zero when none runs
	People    map[int64]string
	Minutes   []Minute
	Dataset   string // identifier of the one the cards were kept as, "" before

	cards    map[int64]*Card
	order    []int64
	seats    map[string]int64
	links    map[int64][]Link
	themes   map[string][]string           // by phase, in the order they appeared
	shown    map[string]bool               // write phases whose cards are revealed
	ended    map[string]bool               // vote and choose phases that were left
	begun    map[string]bool               // phases that ran, or run
	dots     map[string]map[ballot]int     // by phase
	picks    map[string]map[string][]int   // by phase and mark
	profiles map[string]map[string]Profile // by phase and mark
	spent    map[string]map[spender]int    // by phase: dots given
	sorted   map[string][]sorted           // by phase: what the last sorting of many cards did
	made     map[string][]string           // by phase: the themes it made
	texts    map[Place][]Passage           // of the synthesis

	apart  bool          // tables are
	tables []string      // names of those of all draws, by number less one
	drawn  int           // number of the first of the last draw, 0 before any
	named  int           // tables of earlier draws at which something was written: names go on from there
	at     map[int64]int // table of each person
	common int64         // Look, for tables apart: of what everybody sees
	looked map[int]int64 // and of what one of them sees

	keeping time.Time // since when somebody keeps the cards as a dataset, zero when nobody does

	claims  map[string]int64 // who has a claim code, by what knows it again
	claimed map[int64]bool   // who claimed
}

type ballot struct {
	mark string
	card int64
	axis int
}

// A spender is a mark on one axis of a vote: budgets are of each axis.
type spender struct {
	mark string
	axis int
}

// Begin is the state of a session nobody did anything in.
func Begin(t Template) *State {
	s := &State{Template: t, At: -1, People: map[int64]string{}, cards: map[int64]*Card{}, links: map[int64][]Link{}, seats: map[string]int64{}, themes: map[string][]string{},
		shown: map[string]bool{}, ended: map[string]bool{}, begun: map[string]bool{}, dots: map[string]map[ballot]int{},
		picks: map[string]map[string][]int{}, profiles: map[string]map[string]Profile{}, spent: map[string]map[spender]int{}, sorted: map[string][]sorted{}, made: map[string][]string{}, at: map[int64]int{}, looked: map[int]int64{}, claims: map[string]int64{}, claimed: map[int64]bool{}}
	for _, p := range t.Phases {
		if p.Kind == Write {
			s.themes[p.Name], s.shown[p.Name] = slices.Clone(p.Themes), !p.Private
		}
	}
	return s
}

// Phase is the one that runs; false before the first and once the session is closed.
func (s *State) Phase() (Phase, bool) {
	if s.At < 0 || s.Closed {
		return Phase{}, false
	}
	return s.Template.Phases[s.At], true
}

// Shown reports whether everybody sees the cards of a write phase.
func (s *State) Shown(phase string) bool { return s.shown[phase] }

// Begun reports whether a phase ran, or runs.
func (s *State) Begun(phase string) bool { return s.begun[phase] }

// Counted reports whether the votes or choices of a phase may be read: not while they are cast.
func (s *State) Counted(phase string) bool { return s.ended[phase] || s.Closed && s.begun[phase] }

// Seated is the number under which a hand joined, 0 when it did not.
func (s *State) Seated(h Hand) int64 { return s.seats[h.Seat()] }

// Themes are those of a write phase, in the order they appeared.
func (s *State) Themes(phase string) []string { return slices.Clone(s.themes[phase]) }

// Cards are those a hand may see of a write phase, in the order they were written: all of them once revealed, before
// that its own; while tables are apart, those of its table. What moderation hides is shown to facilitators only.
func (s *State) Cards(phase string, h Hand) []Card {
	var out []Card
	table := s.sits(h)
	for _, id := range s.order {
		if c := s.cards[id]; c.Phase == phase && s.sees(h, table, c) {
			out = append(out, *c)
		}
	}
	return out
}

// sees reports whether a hand, at a table, sees a card.
func (s *State) sees(h Hand, table int, c *Card) bool {
	if s.shown[c.Phase] && (h.Facilitator || !s.away(c, table)) {
		return !c.Hidden || h.Facilitator
	}
	return !c.Hidden && h.Owns(*c)
}

// Count is how many cards a write phase has, seen or not, without those moderation hides.
func (s *State) Count(phase string) int {
	n := 0
	for _, id := range s.order {
		if c := s.cards[id]; c.Phase == phase && !c.Hidden {
			n++
		}
	}
	return n
}

// Dots are the dots of a card in a vote phase, on its first axis: 0 while the vote is blind.
func (s *State) Dots(phase string, card int64) (sum int) {
	if !s.Counted(phase) {
		return 0
	}
	for b, n := range s.dots[phase] {
		if b.card == card && b.axis == 0 {
			sum += n
		}
	}
	return sum
}

// OwnDots are the dots a hand put on a card in a vote phase, on one axis.
func (s *State) OwnDots(phase string, card int64, axis int, h Hand) int {
	return s.dots[phase][ballot{h.ballot(phase), card, axis}]
}

// Left is how many dots, on one axis, or options a hand may still give in a phase.
func (s *State) Left(phase string, axis int, h Hand) int {
	i := s.Template.phase(phase)
	if i < 0 {
		return 0
	}
	return s.Template.Phases[i].Budget - s.spent[phase][spender{h.ballot(phase), axis}] - len(s.picks[phase][h.ballot(phase)])
}

// OwnPicks are the options a hand ticked in a choose phase, by index.
func (s *State) OwnPicks(phase string, h Hand) []int {
	return slices.Clone(s.picks[phase][h.ballot(phase)])
}

// Picks are how many ticked each option of a choose phase; nil while the choice is blind.
func (s *State) Picks(phase string) []int {
	i := s.Template.phase(phase)
	if i < 0 || !s.Counted(phase) {
		return nil
	}
	sums := make([]int, len(s.Template.Phases[i].Options))
	for _, picked := range s.picks[phase] {
		for _, o := range picked {
			sums[o]++
		}
	}
	return sums
}

// Voters is how many took part in a vote, choose or profile phase so far.
func (s *State) Voters(phase string) int {
	voters := map[string]bool{}
	for b := range s.dots[phase] {
		voters[b.mark] = true
	}
	for mark := range s.picks[phase] {
		voters[mark] = true
	}
	for mark := range s.profiles[phase] {
		voters[mark] = true
	}
	return len(voters)
}

// Aliases are the names people joined with, by their number: the order they came in.
func (s *State) Aliases() []string {
	var out []string
	for _, n := range slices.Sorted(maps.Keys(s.People)) {
		if s.People[n] != "" {
			out = append(out, s.People[n])
		}
	}
	return out
}

// Fold takes in the next operation of the log, decided before. An operation already folded, or one that follows a hole,
// is left alone: false says so.
func (s *State) Fold(op Op) bool {
	if op.Seq != s.Seq+1 {
		return false
	}
	s.mark(op)
	switch op.Kind {
	case Join:
		s.People[op.Seq] = op.Text
		if op.Mark != "" { // "" once erased
			s.seats[op.Mark] = op.Seq
		}
		if op.Claim != "" {
			s.claims[op.Claim] = op.Seq
		}
		s.sit(op.Seq, op.Table)
	case AddCard:
		s.cards[op.Seq] = &Card{ID: op.Seq, Phase: op.Phase, Theme: s.theme(op.Phase, op.Theme), Text: op.Text, By: op.By, Nonce: op.Nonce, Mark: op.Mark, Table: op.Table, Written: op.At}
		s.order = append(s.order, op.Seq)
	case EditCard:
		c := s.cards[op.Card]
		c.Text, c.Edited = op.Text, true
	case DropCard:
		s.drop(op.Card)
	case MoveCard:
		c := s.cards[op.Card]
		c.Theme = s.theme(c.Phase, op.Theme)
	case Tie:
		s.link(op)
	case Merge:
		s.merge(op)
	case Sort:
		s.sort(op)
	case Tell:
		s.tell(op)
	case CastDots:
		s.cast(op)
	case Pick:
		if s.picks[op.Phase] == nil {
			s.picks[op.Phase] = map[string][]int{}
		}
		s.picks[op.Phase][op.Mark] = op.Options
	case Note:
		s.Minutes = append(s.Minutes, Minute{op.Phase, op.Text, op.At})
	case Reveal:
		s.shown[op.Phase] = op.Value == 1
	case Amend:
		s.write(op)
	case Archive:
		s.archive(op)
	case Moderate:
		s.cards[op.Card].Hidden = op.Value == 1
	default:
		s.conduct(op)
	}
	return true
}

// mark says which operation is the last one.
func (s *State) mark(op Op) {
	s.Seq = op.Seq
	if !s.Closed { // what is written in the synthesis, or claimed, keeps nobody’s name any longer
		s.Last = op.At
	}
	if s.looks(op) {
		s.look(op)
	}
}

// looks reports whether others see more of an operation than a count: not of one who arrives, of a ballot, nor of a card that
// is still its author's.
func (s *State) looks(op Op) bool {
	switch op.Kind {
	case CastDots, Pick, Tell, SetTimer, Claim:
		return false
	case Join:
		return s.apart && op.Table != 0 // those at the table see who comes
	case AddCard:
		return s.shown[op.Phase]
	case EditCard, DropCard, MoveCard:
		return s.shown[s.cards[op.Card].Phase]
	}
	return true
}

// conduct folds what the facilitator does to the session itself.
func (s *State) conduct(op Op) {
	switch op.Kind {
	case Advance:
		if p, ok := s.Phase(); ok {
			s.ended[p.Name] = true
		}
		s.At = s.Template.phase(op.To)
		s.begun[op.To], s.ended[op.To], s.Ends = true, false, time.Time{}
		s.seat(op)
	case Split, Unite, Seat, Label:
		s.seat(op)
	case SetTimer:
		s.Ends = time.Time{}
		if op.Value > 0 {
			s.Ends = op.At.Add(time.Duration(op.Value) * time.Second)
		}
	case Claim:
		if op.Who != 0 { // 0 once erased
			s.claimed[op.Who] = true
		}
	case Forget:
		s.forget()
	case Freeze:
		s.Frozen = op.Value == 1
	case Close:
		s.Closed, s.Ends, s.apart, s.at, s.looked = true, time.Time{}, false, map[int64]int{}, map[int]int64{}
		for phase := range s.shown {
			s.shown[phase] = true
		}
	}
}

// theme adds a theme nobody had to a phase, and returns its name.
func (s *State) theme(phase, name string) string {
	if name != "" && !slices.Contains(s.themes[phase], name) {
		s.themes[phase] = append(s.themes[phase], name)
	}
	return name
}

func (s *State) drop(id int64) {
	delete(s.cards, id)
	delete(s.links, id)
	s.order = slices.DeleteFunc(s.order, func(o int64) bool { return o == id })
	for phase, votes := range s.dots {
		for b, n := range votes {
			if b.card == id {
				delete(votes, b)
				s.spent[phase][spender{b.mark, b.axis}] -= n
			}
		}
	}
}

func (s *State) merge(op Op) {
	for _, c := range s.cards {
		if c.Phase == op.Phase && c.Theme == op.Theme {
			c.Theme = op.Into
		}
	}
	s.theme(op.Phase, op.Into)
	s.themes[op.Phase] = slices.DeleteFunc(s.themes[op.Phase], func(t string) bool { return t == op.Theme })
}

func (s *State) cast(op Op) {
	if s.dots[op.Phase] == nil {
		s.dots[op.Phase], s.spent[op.Phase] = map[ballot]int{}, map[spender]int{}
	}
	b := ballot{op.Mark, op.Card, op.Axis}
	s.spent[op.Phase][spender{op.Mark, op.Axis}] += op.Value - s.dots[op.Phase][b]
	s.dots[op.Phase][b] = op.Value
	if op.Value == 0 {
		delete(s.dots[op.Phase], b)
	}
}
