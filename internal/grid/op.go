package grid

import (
	"slices"
	"time"
)

// A Kind names what an operation does.
type Kind string

// The kinds of operation.
const (
	Edit     Kind = "edit"     // Changes, Added, Removed, Returned
	Undo     Kind = "undo"     // the same; Of is the operation taken back
	Restore  Kind = "restore"  // the same; Of is the operation after which the table was as it is again, 0 for the base
	Repair   Kind = "repair"   // the same; Text is the reason of the findings mended
	Accept   Kind = "accept"   // the same; Of is the proposal, Credit who made it
	Propose  Kind = "propose"  // Changes, Added and Removed wait for a decision; Text says why
	Refuse   Kind = "refuse"   // Of is the proposal; Text says why
	Withdraw Kind = "withdraw" // Of is the proposal, taken back by who made it
	Rebase   Kind = "rebase"   // Base is another version: Changes, Added and Removed are what stands on it; Move says from where
)

// A Change gives a cell another value. Values are as files write them: dots in numbers, days as in ISO 8601, "" for a missing value.
type Change struct {
	Row    int64  `json:"row"`    // in the table of the base, from 1; beyond it, of a row added
	Column string `json:"column"` // its name in the table
	Before string `json:"before"` // what was seen
	After  string `json:"after"`
}

// An Op is one operation. Which fields count is said by its Kind; the others are zero. Seq, At and Key are given where it is stored.
type Op struct {
	Seq    int64     `json:"-"` // in the log of the dataset, from 1, without holes
	At     time.Time `json:"-"` // of the server's clock
	Key    string    `json:"-"` // of the sender: the same key of the same person is the same operation
	Person string    `json:"-"` // who did it
	Name   string    `json:"-"` // as shown to colleagues
	Kind   Kind      `json:"kind"`

	Base       int        `json:"base"` // version whose rows are counted
	Changes    []Change   `json:"changes,omitempty"`
	Added      []int64    `json:"added,omitempty"`     // numbers of the rows added at the end
	Removed    []int64    `json:"removed,omitempty"`   // numbers of the rows taken away
	Returned   []int64    `json:"returned,omitempty"`  // numbers of rows taken away before that come back
	Conflicts  []Conflict `json:"conflicts,omitempty"` // what was asked and could not be done
	Of         int64      `json:"of,omitempty"`
	Text       string     `json:"text,omitempty"`
	Formula    string     `json:"formula,omitempty"` // that made the values of Changes; "" for values written
	Credit     string     `json:"-"`                 // person whose proposal it is
	CreditName string     `json:"-"`                 // as shown to colleagues
	Move       *Move      `json:"move,omitempty"`
}

// Writes reports whether the operation may change what the table holds.
func (o Op) Writes() bool {
	return !slices.Contains([]Kind{Propose, Refuse, Withdraw}, o.Kind)
}

// rows is how many rows the base of a Rebase has.
func (o Op) rows() int64 {
	if o.Move == nil {
		return 0
	}
	return o.Move.Now
}

// Size is how many cells and rows the operation touches.
func (o Op) Size() int { return len(o.Changes) + len(o.Added) + len(o.Removed) + len(o.Returned) }

// A Conflict is a change that was not made, with what is there.
type Conflict struct {
	Row    int64  `json:"row"`
	Column string `json:"column,omitempty"` // "" for a whole row
	Reason string `json:"reason"`           // one of the Reason constants
	Seen   string `json:"seen"`             // the value the sender saw
	Now    string `json:"now"`              // the value that is there
	Wanted string `json:"wanted"`           // the value the sender would have written
	Seq    int64  `json:"seq,omitempty"`    // the operation that wrote what is there, 0 for the base
}

// Why a change is not made. The sentence is "grid.conflict_" + the reason.
const (
	ReasonOther   = "other"   // another value is there
	ReasonGone    = "gone"    // the row was taken away
	ReasonNoRow   = "no_row"  // there never was such a row
	ReasonUnknown = "unknown" // no column is called so
)

// A Move says how the rows of a base came from those of the one before.
type Move struct {
	From    int     `json:"from"`              // version before
	Upto    int64   `json:"upto"`              // the last operation the version holds
	Rows    int64   `json:"rows"`              // of the table of the version before
	Now     int64   `json:"now"`               // of the table of the new one
	Removed []int64 `json:"removed,omitempty"` // rows of the table before that are not in the new one, in order
	Added   []int64 `json:"added,omitempty"`   // numbers that the rows at the end of the new one had, in order
	Last    int64   `json:"last,omitempty"`    // the highest number given to a row added by then, 0 for none
	Other   bool    `json:"other,omitempty"`   // the version was made elsewhere: rows are not the same
}

// Row is the number in the new base of a row that had a number in the one before; 0 when it has none.
func (m Move) Row(before int64) int64 {
	if m.Other || before < 1 {
		return 0
	}
	gone, removed := slices.BinarySearch(m.Removed, before)
	if removed {
		return 0
	}
	if before <= m.Rows {
		return before - int64(gone)
	}
	kept := m.Rows - int64(len(m.Removed))
	if at := slices.Index(m.Added, before); at >= 0 {
		return kept + int64(at) + 1
	}
	if before > max(m.Last, m.Rows) { // added after what the version holds
		return m.Now + before - max(m.Last, m.Rows)
	}
	return 0
}

// Origin is the number that a row of the new base had in the one before; 0 when it cannot be told.
func (m Move) Origin(now int64) int64 {
	kept := m.Rows - int64(len(m.Removed))
	switch {
	case m.Other || now < 1:
		return 0
	case now > kept && now <= m.Now:
		if at := now - kept - 1; at < int64(len(m.Added)) {
			return m.Added[at]
		}
		return 0
	case now > m.Now:
		return 0
	}
	before := now
	for _, gone := range m.Removed {
		if gone > before {
			break
		}
		before++
	}
	return before
}
