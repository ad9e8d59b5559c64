package grid

import (
	"slices"
	"time"
)

// A Proposal is what somebody would have changed.
type Proposal struct {
	Seq     int64 // of the operation that made it: its number
	At      time.Time
	Person  string
	Name    string
	Base    int // version whose rows are counted now
	Changes []Change
	Added   []int64 // provisional numbers, below 0
	Removed []int64
	Lost    []Conflict // what no row is left for in the version that came since
	Text    string     // why
	Formula string     // that made the values of Changes; "" for values written
	State   ProposalState
	Closed  time.Time
	By      string // who decided, as shown
	Answer  string // why it was refused, or what of it could not be done
	Done    int64  // the operation that accepted it, 0 for none
}

// A ProposalState says where a proposal stands.
type ProposalState string

// The states of a proposal. The word for each is "gridweb.proposal_" + the state.
const (
	Open      ProposalState = "open"
	Accepted  ProposalState = "accepted"
	Refused   ProposalState = "refused"
	Withdrawn ProposalState = "withdrawn"
	Outdated  ProposalState = "outdated" // another file came meanwhile: its rows are not those any more
)

// A State is the log of a dataset, folded.
type State struct {
	Overlay   *Overlay
	Ops       []Op // since the base, the Rebase that began it first; empty while nobody edited
	Proposals []*Proposal
	Moves     []Op // every Rebase, in order
}

// Begin is the state of a dataset before any operation.
func Begin() *State { return &State{Overlay: NewOverlay(0, 0)} }

// Fold takes in operations, in order; those it has already are left alone.
func (s *State) Fold(ops ...Op) {
	for _, op := range ops {
		if op.Seq <= s.Overlay.Seq {
			continue
		}
		switch op.Kind {
		case Rebase:
			s.Ops = nil
			s.Moves = append(s.Moves, op)
			s.moveProposals(op)
		case Propose:
			s.Proposals = append(s.Proposals, &Proposal{Seq: op.Seq, At: op.At, Person: op.Person, Name: op.Name, Base: op.Base,
				Changes: op.Changes, Added: op.Added, Removed: op.Removed, Text: op.Text, Formula: op.Formula, State: Open})
		case Accept:
			s.close(op, Accepted)
		case Refuse:
			s.close(op, Refused)
		case Withdraw:
			s.close(op, Withdrawn)
		}
		s.Ops = append(s.Ops, op)
		s.Overlay.Fold(op)
	}
}

func (s *State) close(op Op, to ProposalState) {
	p := s.Proposal(op.Of)
	if p == nil {
		return
	}
	p.State, p.Closed, p.By, p.Answer = to, op.At, op.Name, op.Text
	if to == Accepted {
		p.Done, p.Lost = op.Seq, append(p.Lost, op.Conflicts...)
	}
}

// moveProposals counts the rows of open proposals anew.
func (s *State) moveProposals(op Op) {
	for _, p := range s.Proposals {
		if p.State != Open {
			continue
		}
		if op.Move == nil || op.Move.Other {
			p.State, p.Closed = Outdated, op.At
			continue
		}
		p.Base = op.Base
		var changes []Change
		for _, c := range p.Changes {
			if c.Row > 0 {
				now := op.Move.Row(c.Row)
				if now == 0 {
					p.Lost = append(p.Lost, Conflict{Row: c.Row, Column: c.Column, Reason: ReasonGone, Seen: c.Before, Wanted: c.After})
					continue
				}
				c.Row = now
			}
			changes = append(changes, c)
		}
		var removed []int64
		for _, row := range p.Removed {
			if now := op.Move.Row(row); now != 0 {
				removed = append(removed, now)
			}
		}
		p.Changes, p.Removed = changes, removed
		if len(changes)+len(removed)+len(p.Added) == 0 {
			p.State, p.Closed = Outdated, op.At
		}
	}
}

// Proposal returns the proposal of a number, nil for none.
func (s *State) Proposal(seq int64) *Proposal {
	for _, p := range s.Proposals {
		if p.Seq == seq {
			return p
		}
	}
	return nil
}

// Waiting lists the proposals to decide, the oldest first.
func (s *State) Waiting() (out []*Proposal) {
	for _, p := range s.Proposals {
		if p.State == Open {
			out = append(out, p)
		}
	}
	return out
}

// op finds an operation since the base, by its number.
func (s *State) op(seq int64) (Op, bool) {
	at, ok := slices.BinarySearchFunc(s.Ops, seq, func(op Op, seq int64) int { return int(op.Seq - seq) })
	if !ok {
		return Op{}, false
	}
	return s.Ops[at], true
}

// At is the overlay as it was after an operation since the base; before all of them for a lower number.
func (s *State) At(seq int64) *Overlay {
	o := NewOverlay(s.Overlay.Base, s.Overlay.Rows)
	for _, op := range s.Ops {
		if op.Seq > max(seq, s.Ops[0].Seq) {
			break
		}
		o.Fold(op)
	}
	return o
}

// A Trace is one change of a cell.
type Trace struct {
	Op     Op // without its changes
	Before string
	After  string
}

// Blame lists what was done to a cell since the base, the latest first. A row taken away or brought back is a change of all its cells,
// from its value to itself.
func (s *State) Blame(row int64, column string) (out []Trace) {
	for _, op := range slices.Backward(s.Ops) {
		if !op.Writes() {
			continue
		}
		short := op
		short.Changes, short.Added, short.Removed, short.Returned, short.Conflicts = nil, nil, nil, nil, nil
		for _, c := range op.Changes {
			if c.Row == row && c.Column == column {
				out = append(out, Trace{short, c.Before, c.After})
			}
		}
	}
	return out
}
