package workshop

import (
	"fmt"
	"testing"

	"cultured/internal/fault"
)

func TestSuggest_rareWordsWeighMore(t *testing.T) {
	all := []Competence{
		{ID: "1", Label: "Publier un jeu de données", About: "Mettre en ligne des données."},
		{ID: "2", Label: "Lire et produire une carte", About: "Choisir un fond, des données, une légende."},
		{ID: "3", Label: "Nettoyer des données"},
		{ID: "4", Label: "Tenir une carte à jour", Retired: true},
	}
	for _, tc := range []struct{ card, first string }{
		{"Faire des cartes avec nos données", "2"},
		{"publier", "1"},
		{"Nettoyage ? NETTOYER !", "3"},
	} {
		got := Suggest(tc.card, all, 2)
		if len(got) == 0 || got[0].ID != tc.first {
			t.Errorf("%s: got %v, want %s first", tc.card, got, tc.first)
		}
		for _, c := range got {
			if c.Retired {
				t.Errorf("%s: %s is retired", tc.card, c.ID)
			}
		}
	}
	if got := Suggest("de la pour", all, 5); got != nil {
		t.Errorf("words that say nothing: got %v", got)
	}
}

func TestLinks_areOfTheirPhaseAndBounded(t *testing.T) {
	s := Begin(Template{Name: "t", Title: "T", Phases: []Phase{{Name: "w", Kind: Write, Title: "W"}, {Name: "l", Kind: Connect, Title: "L", About: []string{"w"}}}})
	boss, ada := Hand{Facilitator: true}, Hand{Secret: "ada's"}
	do := func(h Hand, op Op) error {
		op, err := s.Decide(op, h)
		if err == nil {
			op.Seq = s.Seq + 1
			s.Fold(op)
		}
		return err
	}
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(do(boss, Op{Kind: Advance, To: "w"}))
	ok(do(ada, Op{Kind: Join, Text: "Ada"}))
	ok(do(ada, Op{Kind: AddCard, Phase: "w", Text: "A card"}))
	card := s.Seq
	tie := func(item string) Op { return Op{Kind: Tie, Phase: "l", Card: card, Item: item, Value: 1, How: "work"} }
	if err := do(ada, tie("c0")); !fault.Is(err, "workshop.not_linking") {
		t.Errorf("before the phase: %v", err)
	}
	ok(do(boss, Op{Kind: Advance, Phase: "w", To: "l"}))
	for i := range linksMost {
		ok(do(ada, tie(fmt.Sprint("c", i))))
	}
	if err := do(ada, tie("one more")); !fault.Is(err, "workshop.links_many") {
		t.Errorf("too many: %v", err)
	}
	ok(do(ada, tie("c0"))) // again, to say how it was acquired
	odd := tie("c0")
	odd.How = "magic"
	if err := do(ada, odd); !fault.Is(err, "workshop.unknown_operation") {
		t.Errorf("an unknown way: %v", err)
	}
	if err := do(Hand{}, tie("c0")); !fault.Is(err, "workshop.join_first") {
		t.Errorf("a passer-by: %v", err)
	}
	away := tie("c0")
	away.Value = 0
	ok(do(ada, away))
	if links := s.Links(card); len(links) != linksMost-1 || links[0] != (Link{"c1", "work"}) {
		t.Errorf("got %v", links)
	}
	ok(do(ada, Op{Kind: DropCard, Card: card}))
	if links := s.Links(card); links != nil {
		t.Errorf("a card taken back has links: %v", links)
	}
}
