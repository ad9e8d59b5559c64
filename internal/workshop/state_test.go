package workshop

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"cultured/internal/fault"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func plan(anonymous bool) Template {
	return Template{Name: "t", Title: "T", Anonymous: anonymous, Phases: []Phase{
		{Name: "hello", Kind: Welcome, Title: "Hello"},
		{Name: "write", Kind: Write, Title: "Write", Private: true, Themes: []string{"Collect", "Use"}},
		{Name: "group", Kind: Group, Title: "Group", About: []string{"write"}},
		{Name: "vote", Kind: Vote, Title: "Vote", About: []string{"write"}, Budget: 3},
		{Name: "choose", Kind: Choose, Title: "Choose", Budget: 2, Options: []string{"Game", "Peer", "Course"}}}}
}

var (
	boss = Hand{Facilitator: true, Session: "s"}
	ada  = Hand{Secret: "ada's", Session: "s"}
	bob  = Hand{Secret: "bob's", Session: "s"}
	eve  = Hand{Secret: "eve's", Session: "s"}
)

// do decides and folds; it returns the key of the fault, "" when there is none.
func do(s *State, h Hand, op Op) string {
	if op.Kind == AddCard {
		op.Nonce = op.Text + " nonce"
	}
	out, err := s.Decide(op, h)
	if err != nil {
		if f, ok := err.(*fault.Error); ok {
			return f.Key
		}
		return err.Error()
	}
	out.Seq, out.At = s.Seq+1, noon
	if !s.Fold(out) {
		return "not folded"
	}
	return ""
}

func must(t *testing.T, s *State, h Hand, op Op) int64 {
	t.Helper()
	if key := do(s, h, op); key != "" {
		t.Fatalf("%s: got %s, want no fault", op.Kind, key)
	}
	return s.Seq
}

// meeting is a session with ada and bob in it, in a phase.
func meeting(t *testing.T, anonymous bool, phases ...string) *State {
	t.Helper()
	s := Begin(plan(anonymous))
	must(t, s, ada, Op{Kind: Join, Text: "Ada"})
	must(t, s, bob, Op{Kind: Join, Text: "Bob"})
	at := ""
	for _, p := range phases {
		must(t, s, boss, Op{Kind: Advance, Phase: at, To: p})
		at = p
	}
	return s
}

func TestDecide_whoMayDoWhat(t *testing.T) {
	card := Op{Kind: AddCard, Phase: "write", Text: "Forms"}
	for _, tc := range []struct {
		name   string
		phases []string
		before []Op // of the facilitator
		hand   Hand
		op     Op
		want   string
	}{
		{"a card in its phase", []string{"write"}, nil, ada, card, ""},
		{"a card before the phase began", []string{"hello"}, nil, ada, card, "workshop.not_writing"},
		{"a card whose phase ended while it was written is kept", []string{"write", "vote"}, nil, ada, card, ""},
		{"a card of nobody who joined", []string{"write"}, nil, eve, card, "workshop.join_first"},
		{"a card of nobody", []string{"write"}, nil, Hand{}, card, "workshop.join_first"},
		{"a card of ten thousand characters", []string{"write"}, nil, ada, Op{Kind: AddCard, Phase: "write", Text: strings.Repeat("é", 10_000)}, "workshop.card_long"},
		{"a card of the most characters", []string{"write"}, nil, ada, Op{Kind: AddCard, Phase: "write", Text: strings.Repeat("é", CardMost)}, ""},
		{"a card of spaces and control characters", []string{"write"}, nil, ada, Op{Kind: AddCard, Phase: "write", Text: " \x00\u202e\n "}, "workshop.card_empty"},
		{"a card into the vote", []string{"vote"}, nil, ada, Op{Kind: AddCard, Phase: "vote", Text: "x"}, "workshop.not_writing"},
		{"a card while frozen", []string{"write"}, []Op{{Kind: Freeze, Value: 1}}, ada, card, "workshop.frozen"},
		{"a card after closing", []string{"write"}, []Op{{Kind: Close}}, ada, card, "workshop.closed"},
		{"the facilitator after closing", []string{"write"}, []Op{{Kind: Close}}, boss, Op{Kind: Freeze, Value: 1}, "workshop.closed"},
		{"a participant runs the phases", []string{"write"}, nil, ada, Op{Kind: Advance, Phase: "write", To: "vote"}, "workshop.facilitator_only"},
		{"a participant reveals", []string{"write"}, nil, ada, Op{Kind: Reveal, Phase: "write", Value: 1}, "workshop.facilitator_only"},
		{"the button pressed twice", []string{"hello", "write"}, nil, boss, Op{Kind: Advance, Phase: "hello", To: "write"}, "workshop.phase_moved"},
		{"back to an earlier phase", []string{"hello", "write"}, nil, boss, Op{Kind: Advance, Phase: "write", To: "hello"}, ""},
		{"a phase that is not there", []string{"hello"}, nil, boss, Op{Kind: Advance, Phase: "hello", To: "x"}, "workshop.no_phase"},
		{"a timer of a day", []string{"hello"}, nil, boss, Op{Kind: SetTimer, Value: 86400}, "workshop.timer_long"},
		{"joining without a name", nil, nil, eve, Op{Kind: Join, Text: " "}, "workshop.alias_empty"},
		{"joining twice", nil, nil, ada, Op{Kind: Join, Text: "Ada"}, "workshop.joined_already"},
		{"a vote in another phase", []string{"write"}, nil, ada, Op{Kind: CastDots, Phase: "vote", Card: 4, Value: 1}, "workshop.vote_over"},
		{"an option that is not there", []string{"choose"}, nil, ada, Op{Kind: Pick, Phase: "choose", Options: []int{3}}, "workshop.unknown_operation"},
		{"an option twice", []string{"choose"}, nil, ada, Op{Kind: Pick, Phase: "choose", Options: []int{1, 1}}, "workshop.unknown_operation"},
		{"three options of two", []string{"choose"}, nil, ada, Op{Kind: Pick, Phase: "choose", Options: []int{0, 1, 2}}, "workshop.over_budget"},
		{"an empty note", []string{"hello"}, nil, boss, Op{Kind: Note, Phase: "hello"}, "workshop.minute_empty"},
		{"themes that are not there", []string{"group"}, nil, boss, Op{Kind: Merge, Phase: "write", Theme: "x", Into: "Use"}, "workshop.no_theme"},
		{"an operation nobody knows", []string{"write"}, nil, ada, Op{Kind: "x"}, "workshop.unknown_operation"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := meeting(t, false, tc.phases...)
			for _, op := range tc.before {
				must(t, s, boss, op)
			}
			seq := s.Seq
			if got := do(s, tc.hand, tc.op); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if tc.want != "" && s.Seq != seq {
				t.Error("a refused operation changed the state")
			}
		})
	}
}

func TestCards_arePrivateUntilRevealed(t *testing.T) {
	s := meeting(t, true, "hello", "write")
	hers := must(t, s, ada, Op{Kind: AddCard, Phase: "write", Text: "Hers", Theme: "Use"})
	must(t, s, bob, Op{Kind: AddCard, Phase: "write", Text: "His"})
	for _, tc := range []struct {
		name string
		hand Hand
		want int
	}{{"its author", ada, 1}, {"another author", bob, 1}, {"the facilitator", boss, 0}, {"a passer-by", Hand{}, 0}} {
		if got := len(s.Cards("write", tc.hand)); got != tc.want {
			t.Errorf("%s: got %d cards, want %d", tc.name, got, tc.want)
		}
	}
	if s.Count("write") != 2 {
		t.Errorf("got %d, want a count of 2 for everybody", s.Count("write"))
	}
	if got := do(s, bob, Op{Kind: MoveCard, Card: hers, Theme: "Use"}); got != "workshop.no_card" {
		t.Errorf("moving an unseen card: got %q", got)
	}
	must(t, s, boss, Op{Kind: Reveal, Phase: "write", Value: 1})
	if got := len(s.Cards("write", Hand{})); got != 2 {
		t.Errorf("revealed: got %d, want 2", got)
	}
	if got := do(s, bob, Op{Kind: EditCard, Card: hers, Text: "Mine"}); got != "workshop.not_yours" {
		t.Errorf("editing somebody's card: got %q", got)
	}
	if got := do(s, boss, Op{Kind: EditCard, Card: hers, Text: "Mine"}); got != "workshop.not_yours" {
		t.Errorf("the facilitator edits somebody's card: got %q", got)
	}
	must(t, s, ada, Op{Kind: EditCard, Card: hers, Text: "Hers, better"})
	must(t, s, boss, Op{Kind: Moderate, Card: hers, Value: 1})
	if got := len(s.Cards("write", bob)); got != 1 {
		t.Errorf("moderated: got %d, want 1", got)
	}
	must(t, s, bob, Op{Kind: DropCard, Card: s.Cards("write", bob)[0].ID})
	if got := s.Count("write"); got != 0 {
		t.Errorf("got %d, want none", got)
	}
}

func TestThemes_moveAndMerge(t *testing.T) {
	s := meeting(t, true, "hello", "write")
	card := must(t, s, ada, Op{Kind: AddCard, Phase: "write", Text: "One"})
	must(t, s, boss, Op{Kind: Reveal, Phase: "write", Value: 1})
	if got := do(s, bob, Op{Kind: MoveCard, Card: card, Theme: "Use"}); got != "workshop.not_grouping" {
		t.Errorf("moving outside of grouping: got %q", got)
	}
	must(t, s, boss, Op{Kind: Advance, Phase: "write", To: "group"})
	must(t, s, bob, Op{Kind: MoveCard, Card: card, Theme: "  Share   it "})
	if got, want := s.Themes("write"), []string{"Collect", "Use", "Share it"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	must(t, s, boss, Op{Kind: Merge, Phase: "write", Theme: "Share it", Into: "Use"})
	if c := s.Cards("write", bob)[0]; c.Theme != "Use" || len(s.Themes("write")) != 2 {
		t.Errorf("got theme %q of %q", c.Theme, s.Themes("write"))
	}
}

func TestVotes_holdTheBudgetAndStayBlind(t *testing.T) {
	s := meeting(t, true, "hello", "write")
	a := must(t, s, ada, Op{Kind: AddCard, Phase: "write", Text: "A"})
	b := must(t, s, bob, Op{Kind: AddCard, Phase: "write", Text: "B"})
	must(t, s, boss, Op{Kind: Reveal, Phase: "write", Value: 1})
	must(t, s, boss, Op{Kind: Advance, Phase: "write", To: "vote"})
	must(t, s, ada, Op{Kind: CastDots, Phase: "vote", Card: a, Value: 2})
	if got := do(s, ada, Op{Kind: CastDots, Phase: "vote", Card: b, Value: 2}); got != "workshop.over_budget" {
		t.Errorf("four dots of three: got %q", got)
	}
	must(t, s, ada, Op{Kind: CastDots, Phase: "vote", Card: a, Value: 1})
	must(t, s, ada, Op{Kind: CastDots, Phase: "vote", Card: b, Value: 2})
	must(t, s, bob, Op{Kind: CastDots, Phase: "vote", Card: b, Value: 3})
	if got := do(s, ada, Op{Kind: CastDots, Phase: "vote", Card: b, Value: -1}); got != "workshop.over_budget" {
		t.Errorf("negative dots: got %q", got)
	}
	if s.Dots("vote", b) != 0 || s.Counted("vote") || s.Left("vote", 0, ada) != 0 || s.OwnDots("vote", b, 0, ada) != 2 || s.Voters("vote") != 2 {
		t.Errorf("while blind: got %d dots, left %d, own %d, %d voters", s.Dots("vote", b), s.Left("vote", 0, ada), s.OwnDots("vote", b, 0, ada), s.Voters("vote"))
	}
	must(t, s, boss, Op{Kind: Advance, Phase: "vote", To: "choose"})
	if s.Dots("vote", a) != 1 || s.Dots("vote", b) != 5 {
		t.Errorf("got %d and %d, want 1 and 5", s.Dots("vote", a), s.Dots("vote", b))
	}
	if got := do(s, ada, Op{Kind: CastDots, Phase: "vote", Card: a, Value: 0}); got != "workshop.vote_over" {
		t.Errorf("after the vote: got %q", got)
	}
	must(t, s, bob, Op{Kind: DropCard, Card: b})
	if s.Dots("vote", b) != 0 || s.Left("vote", 0, ada) != 2 {
		t.Errorf("the dots of a card taken back: got %d, left %d", s.Dots("vote", b), s.Left("vote", 0, ada))
	}
	must(t, s, ada, Op{Kind: Pick, Phase: "choose", Options: []int{0, 2}})
	must(t, s, ada, Op{Kind: Pick, Phase: "choose", Options: []int{2}})
	must(t, s, bob, Op{Kind: Pick, Phase: "choose", Options: []int{2, 1}})
	if s.Picks("choose") != nil {
		t.Error("a choice is counted while it is made")
	}
	must(t, s, boss, Op{Kind: Close})
	if got, want := s.Picks("choose"), []int{0, 1, 2}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// An anonymous session's log holds nothing that two operations of one person share, but the ballots of one phase.
func TestAnonymity_nothingInTheLogSaysWhoWrote(t *testing.T) {
	s := meeting(t, true, "hello", "write")
	seat := ada.Seat()
	marks := map[string]bool{seat: true}
	for _, text := range []string{"one", "two"} {
		op, err := s.Decide(Op{Kind: AddCard, Phase: "write", Text: text, Nonce: text}, ada)
		if err != nil {
			t.Fatal(err)
		}
		if op.By != 0 || marks[op.Mark] {
			t.Errorf("got by %d, mark %s: it tells its author", op.By, op.Mark)
		}
		marks[op.Mark] = true
	}
	for _, phase := range []string{"vote", "choose"} {
		if marks[ada.ballot(phase)] {
			t.Error("a ballot tells its author")
		}
		marks[ada.ballot(phase)] = true
	}
	if a, b := (Hand{Secret: "x", Session: "1"}).Seat(), (Hand{Secret: "x", Session: "2"}).Seat(); a == b {
		t.Error("the same secret is the same seat in two sessions")
	}
	named := meeting(t, false, "hello", "write")
	op, err := named.Decide(Op{Kind: AddCard, Phase: "write", Text: "x", Nonce: "n"}, bob)
	if err != nil || named.People[op.By] != "Bob" {
		t.Errorf("got %v, %v: a session with names keeps them", op.By, err)
	}
}

func TestFold_leavesAloneWhatDoesNotFollow(t *testing.T) {
	s := meeting(t, true)
	for _, seq := range []int64{0, s.Seq, s.Seq + 2} {
		if s.Fold(Op{Seq: seq, Kind: Close}) || s.Closed {
			t.Errorf("operation %d after %d was folded", seq, s.Seq)
		}
	}
}

func TestRates_areOfOneHand(t *testing.T) {
	var r rates
	for i := range int(handPace.burst) {
		if !r.take(handPace, "ada", noon) {
			t.Fatalf("operation %d refused", i+1)
		}
	}
	if r.take(handPace, "ada", noon) {
		t.Error("past the burst: allowed")
	}
	if !r.take(handPace, "bob", noon) {
		t.Error("somebody else: refused")
	}
	if !r.take(handPace, "ada", noon.Add(time.Second)) || r.take(handPace, "ada", noon.Add(time.Second)) {
		t.Error("a second later: want one more, and one only")
	}
}

func TestCodes_areReadAsPeopleWriteThem(t *testing.T) {
	for typed, want := range map[string]string{"ABCD-EFGH": "abcdefgh", " abcd efgh ": "abcdefgh", "O0il-1234": "00111234", "ABCD–EFGH": "abcdefgh"} {
		if got := ReadCode(typed); got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
	if got := WriteCode("abcd1234"); got != "ABCD-1234" {
		t.Errorf("got %q", got)
	}
}

func TestParseTemplate(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"a good one", `{"name":"a","title":"A","summary":"","anonymous":true,"phases":[{"name":"w","kind":"write","title":"W"},{"name":"v","kind":"vote","title":"V","about":["w"],"budget":3}]}`, ""},
		{"no phase", `{"name":"a","title":"A","phases":[]}`, "0 phases"},
		{"a field nobody knows", `{"name":"a","title":"A","fases":[]}`, "fases"},
		{"a phase twice", `{"name":"a","title":"A","phases":[{"name":"w","kind":"write","title":"W"},{"name":"w","kind":"write","title":"W"}]}`, `"w": name`},
		{"a kind nobody knows", `{"name":"a","title":"A","phases":[{"name":"w","kind":"sing","title":"W"}]}`, "kind"},
		{"a vote about a later phase", `{"name":"a","title":"A","phases":[{"name":"v","kind":"vote","title":"V","about":["w"],"budget":3},{"name":"w","kind":"write","title":"W"}]}`, "no write phase before"},
		{"a vote without dots", `{"name":"a","title":"A","phases":[{"name":"w","kind":"write","title":"W"},{"name":"v","kind":"vote","title":"V","about":["w"]}]}`, "budget"},
		{"a choice without options", `{"name":"a","title":"A","phases":[{"name":"c","kind":"choose","title":"C","budget":1}]}`, "options"},
		{"a theme twice", `{"name":"a","title":"A","phases":[{"name":"w","kind":"write","title":"W","themes":["x","x"]}]}`, "themes"},
	} {
		_, err := ParseTemplate([]byte(tc.text))
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%s: got %v, want %q", tc.name, err, tc.want)
		}
	}
}

// Whoever looked before the cards were kept as a dataset does not begin to keep them after it: there would be two.
func TestCardsAreKeptOnceWhateverOneSawBefore(t *testing.T) {
	s := meeting(t, false, "write")
	must(t, s, boss, Op{Kind: Close})
	begins := func(seen string) string { return do(s, boss, Op{Kind: Archive, Value: 1, Item: seen, At: noon}) }
	for _, step := range []struct{ what, got, want string }{
		{"the first begins", begins(""), ""},
		{"another waits", begins(""), "workshop.keeping"},
		{"the first is done", do(s, boss, Op{Kind: Archive, Item: "d1", At: noon}), ""},
		{"who looked before looks again", begins(""), "workshop.keeping"},
		{"who saw that it is gone begins anew", begins("d1"), ""},
		{"and gives up", do(s, boss, Op{Kind: Archive, At: noon}), ""},
		{"the next may begin at once", begins("d1"), ""},
	} {
		if step.got != step.want {
			t.Errorf("%s: got %q, want %q", step.what, step.got, step.want)
		}
	}
	if s.Dataset != "d1" {
		t.Errorf("got %q", s.Dataset)
	}
}
