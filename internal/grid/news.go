package grid

import (
	"context"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
)

// News is what happened to a proposal, for somebody to be told: that it was made, to who owns the dataset; that it was accepted or refused,
// to who made it.
type News struct {
	Organisation string
	Dataset      ID
	Title        string // of the dataset
	To           string // person
	By           string // who did it, as shown to colleagues
	State        ProposalState
}

// newsSpan is for how long one proposal is told of, whatever others come after it: nobody floods somebody else's mail.
const newsSpan = time.Hour

// news says who is to be told of an operation stored, nobody of their own.
func (s *State) news(d dataset.Dataset, by actor.Actor, op Op) (n News, tell bool) {
	n = News{Organisation: d.Organisation, Dataset: d.ID, Title: d.Title, By: by.Name}
	switch op.Kind {
	case Propose:
		n.To, n.State = d.Owner, Open
		for _, p := range s.Proposals {
			if p.Seq < op.Seq && p.At.After(op.At.Add(-newsSpan)) {
				return n, false
			}
		}
	case Accept, Refuse:
		p := s.Proposal(op.Of)
		if p == nil {
			return n, false
		}
		n.To, n.State = p.Person, p.State
	}
	return n, n.To != "" && n.To != by.ID
}

// told has somebody told of an operation.
func (s *Service) told(ctx context.Context, d dataset.Dataset, by actor.Actor, sh *sheet, op Op) {
	if s.Tell == nil {
		return
	}
	if n, tell := sh.state.news(d, by, op); tell {
		s.Tell(ctx, n)
	}
}
