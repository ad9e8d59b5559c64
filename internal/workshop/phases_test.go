package workshop

import (
	"fmt"
	"slices"
	"testing"
)

// long is a session of the given phases, with twelve people in it.
func long(t *testing.T, phases ...Phase) (*State, []Hand) {
	t.Helper()
	s := Begin(Template{Name: "t", Title: "T", Anonymous: true, Phases: phases})
	var people []Hand
	for i := range 12 {
		h := Hand{Secret: fmt.Sprint("secret ", i), Session: "s"}
		must(t, s, h, Op{Kind: Join, Text: fmt.Sprint("P", i)})
		people = append(people, h)
	}
	return s, people
}

func TestProfile_isCountedFromFiveOn(t *testing.T) {
	for _, tc := range []struct {
		name string
		told []string
		want []Share
	}{
		{"enough everywhere", []string{"Voirie", "voirie", "VOIRIE", "Voirie", "Voirie", "État civil", "Etat civil", "État civil", "État civil", "État civil"}, []Share{{"Etat civil", 5}, {"VOIRIE", 5}}},
		{"four are never told apart, nor by what is left", []string{"A", "A", "A", "A", "A", "A", "B", "B", "B", "B"}, []Share{{"", 10}}},
		{"the few together are enough", []string{"A", "A", "A", "A", "A", "B", "B", "B", "C", "C"}, []Share{{"A", 5}, {"", 5}}},
		{"too few of all", []string{"A", "A", "B"}, nil},
		{"nobody", nil, nil},
	} {
		s, people := long(t, Phase{Name: "who", Kind: Ask, Title: "Who"}, Phase{Name: "end", Kind: Restitution, Title: "End"})
		must(t, s, boss, Op{Kind: Advance, To: "who"})
		for i, service := range tc.told {
			must(t, s, people[i], Op{Kind: Tell, Phase: "who", Text: "Autre chose", Value: 1})
			must(t, s, people[i], Op{Kind: Tell, Phase: "who", Text: service, Value: 1})
		}
		if got, _ := s.Shares("who"); got != nil {
			t.Errorf("%s: counted while people answer: %v", tc.name, got)
		}
		must(t, s, boss, Op{Kind: Advance, Phase: "who", To: "end"})
		if got, _ := s.Shares("who"); !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestProfile_needsConsentAndIsTakenBack(t *testing.T) {
	s, people := long(t, Phase{Name: "who", Kind: Ask, Title: "Who"}, Phase{Name: "write", Kind: Write, Title: "W"})
	if got := do(s, people[0], Op{Kind: Tell, Phase: "who", Text: "x", Value: 1}); got != "workshop.not_asking" {
		t.Errorf("before the phase: got %q", got)
	}
	must(t, s, boss, Op{Kind: Advance, To: "who"})
	for _, tc := range []struct {
		op   Op
		want string
	}{{Op{Text: "x", Value: -1}, "workshop.no_consent"}, {Op{Value: 1}, "workshop.profile_empty"}, {Op{Text: string(make([]rune, 130)) + "x", Value: 1}, ""}, {Op{Item: "Agent d’accueil", Value: 1}, ""}} {
		tc.op.Kind, tc.op.Phase = Tell, "who"
		if got := do(s, people[0], tc.op); got != tc.want {
			t.Errorf("%+v: got %q, want %q", tc.op, got, tc.want)
		}
	}
	if p, told := s.OwnProfile("who", people[0]); !told || p.Trade != "Agent d’accueil" {
		t.Errorf("got %+v", p)
	}
	must(t, s, people[0], Op{Kind: Tell, Phase: "who"})
	if _, told := s.OwnProfile("who", people[0]); told || s.Voters("who") != 0 {
		t.Error("what was taken back is still there")
	}
	if got := do(s, eve, Op{Kind: Tell, Phase: "who", Text: "x", Value: 1}); got != "workshop.join_first" {
		t.Errorf("a passer-by: got %q", got)
	}
	op, err := s.Decide(Op{Kind: Tell, Phase: "who", Text: "Voirie", Value: 1, By: 3, Person: "ada"}, people[0])
	if err != nil || op.By != 0 || op.Person != "" || op.Mark == people[0].Seat() {
		t.Errorf("got %+v, %v: a profile tells whose it is", op, err)
	}
}

func TestRanking_followsTheTemplatesRule(t *testing.T) {
	for _, tc := range []struct {
		name  string
		axes  []string
		ties  string
		votes []Op // Card is the index of the card
		want  string
	}{
		{"more dots first, ties share", nil, ShareRank, []Op{{Card: 0, Value: 1}, {Card: 1, Value: 3}, {Card: 2, Value: 1}}, "b1 a2 c2"},
		{"a hole after those who share", nil, ShareRank, []Op{{Card: 0, Value: 2}, {Card: 1, Value: 2}, {Card: 2, Value: 1}}, "a1 b1 c3"},
		{"more people first", nil, MorePeople, []Op{{Card: 0, Value: 2}, {Card: 1, Value: 1}, {Card: 1, Value: 1, By: 1}}, "b1 a2"},
		{"the easier first", []string{"Value", "Difficulty"}, ShareRank, []Op{{Card: 0, Value: 2}, {Card: 0, Axis: 1, Value: 3}, {Card: 1, Value: 2}, {Card: 1, Axis: 1, Value: 1, By: 1}}, "b1 a2"},
	} {
		s, people := long(t, Phase{Name: "write", Kind: Write, Title: "W"}, Phase{Name: "vote", Kind: Vote, Title: "V", About: []string{"write"}, Budget: 3, Axes: tc.axes, Ties: tc.ties}, Phase{Name: "end", Kind: Restitution, Title: "End"})
		must(t, s, boss, Op{Kind: Advance, To: "write"})
		var cards []int64
		for _, text := range []string{"a", "b", "c"} {
			cards = append(cards, must(t, s, people[0], Op{Kind: AddCard, Phase: "write", Text: text}))
		}
		must(t, s, boss, Op{Kind: Advance, Phase: "write", To: "vote"})
		for i, op := range tc.votes {
			h := people[i]
			op.Kind, op.Phase, op.Card, op.By = CastDots, "vote", cards[op.Card], 0
			must(t, s, h, op)
		}
		if s.Ranking("vote") != nil {
			t.Errorf("%s: ranked while people vote", tc.name)
		}
		must(t, s, boss, Op{Kind: Advance, Phase: "vote", To: "end"})
		got := ""
		for _, r := range s.Ranking("vote") {
			got += fmt.Sprintf(" %s%d", r.Card.Text, r.Rank)
		}
		if got != " "+tc.want {
			t.Errorf("%s: got%s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestVotes_haveABudgetOnEachAxis(t *testing.T) {
	s, people := long(t, Phase{Name: "write", Kind: Write, Title: "W"}, Phase{Name: "vote", Kind: Vote, Title: "V", About: []string{"write"}, Budget: 2, Axes: []string{"Value", "Difficulty"}})
	must(t, s, boss, Op{Kind: Advance, To: "write"})
	card := must(t, s, people[0], Op{Kind: AddCard, Phase: "write", Text: "a"})
	must(t, s, boss, Op{Kind: Advance, Phase: "write", To: "vote"})
	must(t, s, people[1], Op{Kind: CastDots, Phase: "vote", Card: card, Value: 2})
	must(t, s, people[1], Op{Kind: CastDots, Phase: "vote", Card: card, Axis: 1, Value: 2})
	for _, tc := range []struct {
		axis int
		want string
	}{{0, "workshop.over_budget"}, {1, "workshop.over_budget"}, {2, "workshop.unknown_operation"}, {-1, "workshop.unknown_operation"}} {
		if got := do(s, people[1], Op{Kind: CastDots, Phase: "vote", Card: card, Axis: tc.axis, Value: 3}); got != tc.want {
			t.Errorf("axis %d: got %q", tc.axis, got)
		}
	}
	if s.Left("vote", 0, people[1]) != 0 || s.Left("vote", 1, people[1]) != 0 || s.Left("vote", 1, people[2]) != 2 {
		t.Error("what is left is not that of each axis")
	}
	must(t, s, people[0], Op{Kind: DropCard, Card: card})
	if s.Left("vote", 1, people[1]) != 2 {
		t.Error("the dots of a card taken back are not given back")
	}
}

func TestBundles_bringTogetherWhatSaysTheSame(t *testing.T) {
	s, people := long(t, Phase{Name: "write", Kind: Write, Title: "W", Private: true, Themes: []string{"Déjà là"}})
	must(t, s, boss, Op{Kind: Advance, To: "write"})
	texts := []string{"Mettre à jour le fichier des abonnés de la médiathèque", "Les abonnés de la médiathèque sont dans trois fichiers", "Fichier des abonnés à la médiathèque incomplet",
		"Suivre les consommations d’eau des bâtiments", "Tableau de bord des consommations des bâtiments", "Publier les menus de la cantine"}
	ids := map[string]int64{}
	for _, text := range texts {
		ids[text] = must(t, s, people[0], Op{Kind: AddCard, Phase: "write", Text: text})
	}
	if got := s.Bundles("write"); got != nil {
		t.Errorf("hidden cards are read: %v", got)
	}
	must(t, s, boss, Op{Kind: Reveal, Phase: "write", Value: 1})
	got := s.Bundles("write")
	if len(got) != 2 || len(got[0].Cards) != 3 || len(got[1].Cards) != 2 || got[0].Name != "Abonnés, fichier" {
		t.Fatalf("got %+v", got)
	}
	before := s.Themes("write")
	var moves []Move
	for _, b := range got {
		for _, c := range b.Cards {
			moves = append(moves, Move{c.ID, b.Name})
		}
	}
	if got := do(s, people[0], Op{Kind: Sort, Phase: "write", Moves: moves}); got != "workshop.facilitator_only" {
		t.Errorf("a participant sorts: got %q", got)
	}
	must(t, s, boss, Op{Kind: Sort, Phase: "write", Moves: moves})
	if left := s.Bundles("write"); len(left) != 0 || len(s.Themes("write")) != 3 {
		t.Errorf("got %v, themes %q", left, s.Themes("write"))
	}
	must(t, s, people[0], Op{Kind: MoveCard, Card: ids[texts[0]], Theme: "Déjà là"})
	must(t, s, boss, Op{Kind: Sort, Phase: "write"})
	for _, c := range s.Cards("write", boss) {
		if want := map[bool]string{true: "Déjà là"}[c.ID == ids[texts[0]]]; c.Theme != want {
			t.Errorf("after taking back: %s is under %q", c.Text, c.Theme)
		}
	}
	if !slices.Equal(s.Themes("write"), before) {
		t.Errorf("got themes %q, want %q", s.Themes("write"), before)
	}
	if got := do(s, boss, Op{Kind: Sort, Phase: "write"}); got != "workshop.nothing_sorted" {
		t.Errorf("taken back twice: got %q", got)
	}
	if got := do(s, boss, Op{Kind: Sort, Phase: "write", Moves: []Move{{Card: 9999, Theme: "x"}}}); got != "workshop.no_card" {
		t.Errorf("a card that is not there: got %q", got)
	}
}
