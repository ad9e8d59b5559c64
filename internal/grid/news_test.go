package grid

import (
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
)

func TestWhoIsToldOfAProposal(t *testing.T) {
	d := dataset.Dataset{ID: "d", Organisation: "o", Owner: "ada", Title: "Lieux"}
	eve, ada := actor.Actor{ID: "eve", Name: "Eve"}, actor.Actor{ID: "ada", Name: "Ada"}
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	change := []Change{{Row: 1, Column: "a", Before: "", After: "x"}}
	s := Begin()
	fold := func(op Op) Op { s.Fold(op); return op }
	fold(Op{Seq: 1, Kind: Rebase, Base: 1, Move: &Move{Now: 9, Other: true}})
	for _, tt := range []struct {
		name string
		by   actor.Actor
		op   Op
		to   string
		want ProposalState
	}{
		{"one that is made", eve, Op{Seq: 2, At: noon, Kind: Propose, Person: "eve", Changes: change}, "ada", Open},
		{"another in the same hour", eve, Op{Seq: 3, At: noon.Add(time.Minute), Kind: Propose, Person: "eve", Changes: change}, "", Open},
		{"one of the owner", ada, Op{Seq: 4, At: noon.Add(3 * time.Hour), Kind: Propose, Person: "ada", Changes: change}, "", Open},
		{"one accepted", ada, Op{Seq: 5, At: noon, Kind: Accept, Of: 2, Person: "ada", Changes: change}, "eve", Accepted},
		{"one refused", ada, Op{Seq: 6, At: noon, Kind: Refuse, Of: 3, Person: "ada"}, "eve", Refused},
		{"one's own refused", ada, Op{Seq: 7, At: noon, Kind: Refuse, Of: 4, Person: "ada"}, "", Refused},
		{"an edit", ada, Op{Seq: 8, At: noon, Kind: Edit, Person: "ada", Changes: change}, "", ""},
	} {
		n, tell := s.news(d, tt.by, fold(tt.op))
		if tell != (tt.to != "") || tell && (n.To != tt.to || n.State != tt.want || n.By != tt.by.Name || n.Title != "Lieux") {
			t.Errorf("%s: got %+v %v", tt.name, n, tell)
		}
	}
}
