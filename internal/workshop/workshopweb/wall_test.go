package workshopweb

import (
	"fmt"
	"testing"
	"time"

	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/workshop"
)

// A wall shows the cards people stand by and the newest; how many there are is said all the same, and a closed session is read whole.
func TestAWall_holdsWhatCanBeRead(t *testing.T) {
	s := workshop.Begin(workshop.Template{Name: "t", Title: "T", Phases: []workshop.Phase{
		{Name: "write", Kind: workshop.Write, Title: "Write"}, {Name: "vote", Kind: workshop.Vote, Title: "Vote", About: []string{"write"}, Budget: 1}, {Name: "talk", Kind: workshop.Discuss, Title: "Talk"}}})
	boss := workshop.Hand{Facilitator: true, Session: "s"}
	do := func(h workshop.Hand, op workshop.Op) int64 {
		t.Helper()
		out, err := s.Decide(op, h)
		if err != nil {
			t.Fatal(err)
		}
		out.Seq, out.At = s.Seq+1, time.Unix(s.Seq, 0)
		if !s.Fold(out) {
			t.Fatalf("%s is not folded", op.Kind)
		}
		return s.Seq
	}
	do(boss, workshop.Op{Kind: workshop.Advance, To: "write"})
	var first int64
	for i := range wallMost + 50 {
		h := workshop.Hand{Secret: fmt.Sprint("person ", i/20), Session: "s"}
		if i%20 == 0 {
			do(h, workshop.Op{Kind: workshop.Join, Text: fmt.Sprint("P", i)})
		}
		if n := do(h, workshop.Op{Kind: workshop.AddCard, Phase: "write", Text: fmt.Sprint("Card ", i), Nonce: fmt.Sprint("nonce ", i)}); i == 0 {
			first = n
		}
	}
	do(boss, workshop.Op{Kind: workshop.Advance, Phase: "write", To: "vote"})
	do(workshop.Hand{Secret: "person 3", Session: "s"}, workshop.Op{Kind: workshop.CastDots, Phase: "vote", Card: first, Value: 1})
	do(boss, workshop.Op{Kind: workshop.Advance, Phase: "vote", To: "talk"})

	words, err := i18n.Load(Text, ui.Text, workshop.Text)
	if err != nil {
		t.Fatal(err)
	}
	v := viewer{p: words.For(i18n.English), hand: workshop.Hand{Session: "s"}, wall: true}
	b := v.board(s).Sections[0]
	cards := b.Groups[0].Cards
	if len(cards) != wallMost || cards[0].Text != "Card 0" || cards[1].Text != "Card 51" || cards[wallMost-1].Text != "Card 249" {
		t.Errorf("got %d cards: %q, %q to %q", len(cards), cards[0].Text, cards[1].Text, cards[len(cards)-1].Text)
	}
	if b.Note != "250 cards, 200 of them on the screen: those with the most dots, then the latest" || b.Groups[0].Count != "250 cards" {
		t.Errorf("got %q, %q", b.Note, b.Groups[0].Count)
	}
	do(boss, workshop.Op{Kind: workshop.Close})
	if got := len(v.board(s).Sections[0].Groups[0].Cards); got != wallMost+50 {
		t.Errorf("closed: got %d cards", got)
	}
}
