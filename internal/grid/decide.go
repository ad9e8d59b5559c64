package grid

import (
	"slices"
	"unicode/utf8"

	"cultured/internal/fault"
)

// What one operation may hold.
const (
	ChangesMost = 100_000 // cells and rows
	CellMost    = 32_767  // characters of a cell: what a spreadsheet takes
	TextMost    = 500     // characters of a reason
	keyMost     = 100     // bytes of a sender's key
)

// A Base answers what the table of the base holds.
type Base interface {
	// Value is the value of a cell of a row of the base. known is false when the row was not asked for beforehand.
	Value(row int64, column string) (value string, known bool)
	// Knows reports whether the table has a column of that name.
	Knows(column string) bool
}

// An Asked is an operation as somebody sends it. Rows to add are numbered -1, -2… in Added and in its changes.
type Asked struct {
	Op
	Seen  int64 // the last operation the sender knew: a row changed by somebody else since is not taken away
	Typed bool  // values are as somebody typed them: see [Typed]
}

// errUnread says that a row of the base is needed that was not asked for.
var errUnread = fault.New(fault.Conflict, "grid.base_moved")

// a judge decides one operation on the state.
type judge struct {
	*State
	base Base
	op   Op
	now  map[cellAt]string // what the operation itself wrote so far
	err  error
}

type cellAt struct {
	row    int64
	column string
}

// Decide makes an operation asked for one that can be stored, or says why not. What cannot be done of it is in its Conflicts; an
// operation of which nothing is left to do has Size 0 and is not stored. The state stays as it is.
// Faults: Invalid "grid.unknown_operation", "grid.long_cell", "grid.bad_cell"; TooLarge "grid.too_many_changes"; Conflict
// "grid.base_moved" when the rows are those of a version from before and cannot be told any more, "grid.proposal_closed"; NotFound
// "grid.no_operation", "grid.no_proposal".
func (s *State) Decide(a Asked, base Base) (Op, error) {
	if err := check(a.Op); err != nil {
		return Op{}, err
	}
	op, err := s.moved(a.Op)
	if err != nil {
		return Op{}, err
	}
	j := &judge{State: s, base: base, now: map[cellAt]string{}, op: Op{Key: op.Key, At: op.At, Person: op.Person, Name: op.Name, Kind: op.Kind, Base: s.Overlay.Base, Of: op.Of, Text: op.Text, Formula: op.Formula}}
	switch op.Kind {
	case Edit, Repair:
		j.edit(op, a.Seen)
	case Propose:
		err = j.propose(op)
	case Undo:
		err = j.undo(op.Of)
	case Restore:
		err = j.restore(op.Of)
	case Accept:
		err = j.accept(op)
	case Refuse, Withdraw:
		p := s.Proposal(op.Of)
		switch {
		case p == nil || op.Kind == Withdraw && p.Person != op.Person:
			err = fault.New(fault.NotFound, "grid.no_proposal")
		case p.State != Open:
			err = fault.New(fault.Conflict, "grid.proposal_closed")
		}
	}
	if j.err != nil {
		err = j.err
	}
	return j.op, err
}

// Stored reports whether an operation decided has something to store.
func (o Op) Stored() bool {
	return o.Size() > 0 || o.Kind == Refuse || o.Kind == Withdraw || o.Kind == Rebase
}

func check(op Op) error {
	if !slices.Contains([]Kind{Edit, Repair, Propose, Undo, Restore, Accept, Refuse, Withdraw}, op.Kind) || len(op.Returned) > 0 || op.Move != nil || op.Key == "" || len(op.Key) > keyMost {
		return fault.New(fault.Invalid, "grid.unknown_operation")
	}
	if slices.ContainsFunc(op.Added, func(row int64) bool { return row >= 0 }) {
		return fault.New(fault.Invalid, "grid.unknown_operation")
	}
	if op.Size() > ChangesMost {
		return fault.New(fault.TooLarge, "grid.too_many_changes", ChangesMost)
	}
	if utf8.RuneCountInString(op.Text) > TextMost {
		return fault.Field("text", "grid.long_text", TextMost)
	}
	for _, c := range op.Changes {
		if !utf8.ValidString(c.After) {
			return fault.Field("after", "grid.bad_cell", c.Row, c.Column)
		}
		if len(c.After) > CellMost && utf8.RuneCountInString(c.After) > CellMost {
			return fault.Field("after", "grid.long_cell", c.Row, c.Column, CellMost)
		}
	}
	return nil
}

// moved counts the rows of an operation in the base of now.
func (s *State) moved(op Op) (Op, error) {
	if op.Base == s.Overlay.Base || op.Base == 0 {
		return op, nil
	}
	moves, base := []*Move{}, s.Overlay.Base
	for _, m := range slices.Backward(s.Moves) {
		if base == op.Base {
			break
		}
		if m.Move == nil || m.Move.Other || m.Base != base {
			return op, fault.New(fault.Conflict, "grid.base_moved")
		}
		moves, base = append(moves, m.Move), m.Move.From
	}
	if base != op.Base {
		return op, fault.New(fault.Conflict, "grid.base_moved")
	}
	row := func(n int64) int64 {
		for _, m := range slices.Backward(moves) {
			if n > 0 {
				n = m.Row(n)
			}
		}
		return n
	}
	op.Changes, op.Removed = slices.Clone(op.Changes), slices.Clone(op.Removed)
	for i := range op.Changes {
		op.Changes[i].Row = row(op.Changes[i].Row)
	}
	for i := range op.Removed {
		op.Removed[i] = row(op.Removed[i])
	}
	op.Base = s.Overlay.Base
	return op, nil
}

// Needs lists the rows of the base that deciding an operation looks at, in order.
func (s *State) Needs(a Asked) []int64 {
	op, err := s.moved(a.Op)
	if err != nil {
		return nil
	}
	if op.Kind == Accept {
		if p := s.Proposal(op.Of); p != nil {
			op.Changes = p.Changes
		}
	}
	var rows []int64
	for _, c := range op.Changes {
		if c.Row >= 1 && c.Row <= s.Overlay.Rows {
			rows = append(rows, c.Row)
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}

// value is what a cell holds now, the operation's own changes included.
func (j *judge) value(row int64, column string) string {
	if v, ok := j.now[cellAt{row, column}]; ok {
		return v
	}
	if c, ok := j.Overlay.Cells[row][column]; ok {
		return c.Value
	}
	if row > j.Overlay.Rows || row < 1 {
		return ""
	}
	v, known := j.base.Value(row, column)
	if !known {
		j.err = errUnread
	}
	return v
}

func (j *judge) refuse(c Change, reason, now string) {
	j.op.Conflicts = append(j.op.Conflicts, Conflict{Row: c.Row, Column: c.Column, Reason: reason, Seen: c.Before, Now: now, Wanted: c.After, Seq: j.author(c.Row, c.Column)})
}

// author is the operation that wrote what a cell holds, 0 when it is the base's.
func (j *judge) author(row int64, column string) int64 {
	if seq := j.Overlay.Removed[row]; seq != 0 {
		return seq
	}
	return j.Overlay.Cells[row][column].Seq
}

// edit does what is asked, cell by cell: what others changed meanwhile elsewhere does not matter.
func (j *judge) edit(op Op, seen int64) {
	fresh := map[int64]int64{}
	next := j.Overlay.next()
	for _, provisional := range op.Added {
		fresh[provisional] = next
		j.op.Added, next = append(j.op.Added, next), next+1
	}
	for _, c := range op.Changes {
		if row, ok := fresh[c.Row]; ok {
			c.Row, c.Before = row, j.value(row, c.Column)
		} else if !j.Overlay.Has(c.Row) {
			j.refuse(c, ReasonNoRow, "")
			continue
		}
		j.change(c)
	}
	for _, row := range op.Removed {
		switch {
		case !j.Overlay.Has(row):
			j.refuse(Change{Row: row}, ReasonNoRow, "")
		case !j.Overlay.Gone(row) && j.touched(row, seen):
			j.refuse(Change{Row: row}, ReasonOther, "")
		case !j.Overlay.Gone(row) && !slices.Contains(j.op.Removed, row):
			j.op.Removed = append(j.op.Removed, row)
		}
	}
}

// touched reports whether somebody else wrote a cell of a row after an operation.
func (j *judge) touched(row, seen int64) bool {
	for _, c := range j.Overlay.Cells[row] {
		if c.Seq > seen {
			if op, ok := j.State.op(c.Seq); !ok || op.Person != j.op.Person {
				return true
			}
		}
	}
	return false
}

// change writes a cell where what was seen is there.
func (j *judge) change(c Change) {
	if !j.base.Knows(c.Column) {
		j.refuse(c, ReasonUnknown, "")
		return
	}
	now := j.value(c.Row, c.Column)
	switch {
	case j.Overlay.Gone(c.Row):
		j.refuse(c, ReasonGone, now)
	case c.After == now: // somebody wrote the same
	case c.Before != now:
		j.refuse(c, ReasonOther, now)
	default:
		j.now[cellAt{c.Row, c.Column}] = c.After
		j.op.Changes = append(j.op.Changes, c)
	}
}

// propose keeps what is asked for somebody else to decide, where such rows and columns are.
func (j *judge) propose(op Op) error {
	fresh := map[int64]bool{}
	for _, row := range op.Added {
		fresh[row] = true
	}
	for _, c := range op.Changes {
		switch {
		case !j.base.Knows(c.Column):
			j.refuse(c, ReasonUnknown, "")
		case !fresh[c.Row] && !j.Overlay.Has(c.Row):
			j.refuse(c, ReasonNoRow, "")
		case c.Row > 0 && j.Overlay.Gone(c.Row):
			j.refuse(c, ReasonGone, "")
		case c.Before != c.After:
			j.op.Changes = append(j.op.Changes, c)
		}
	}
	for _, row := range op.Removed {
		if !j.Overlay.Has(row) || j.Overlay.Gone(row) {
			j.refuse(Change{Row: row}, ReasonGone, "")
			continue
		}
		j.op.Removed = append(j.op.Removed, row)
	}
	j.op.Added = op.Added
	return nil
}

func (j *judge) accept(op Op) error {
	p := j.State.Proposal(op.Of)
	if p == nil {
		return fault.New(fault.NotFound, "grid.no_proposal")
	}
	if p.State != Open {
		return fault.New(fault.Conflict, "grid.proposal_closed")
	}
	j.op.Credit, j.op.CreditName, j.op.Formula = p.Person, p.Name, p.Formula
	j.edit(Op{Changes: p.Changes, Added: p.Added, Removed: p.Removed}, p.Seq)
	return nil
}

// undo writes back what an operation wrote over, where it is still what the operation wrote.
func (j *judge) undo(of int64) error {
	op, ok := j.State.op(of)
	if !ok || !op.Writes() || op.Kind == Rebase {
		return fault.New(fault.NotFound, "grid.no_operation", of)
	}
	for _, row := range op.Removed {
		if j.Overlay.Gone(row) {
			j.op.Returned = append(j.op.Returned, row)
		}
	}
	for _, c := range slices.Backward(op.Changes) {
		back := Change{Row: c.Row, Column: c.Column, Before: c.After, After: c.Before}
		if _, with := slices.BinarySearch(op.Added, c.Row); !with { // else it goes with its row
			j.back(back)
		}
	}
	for _, row := range slices.Concat(op.Added, op.Returned) {
		switch {
		case j.Overlay.Gone(row):
		case j.touched(row, of):
			j.refuse(Change{Row: row}, ReasonOther, "")
		default:
			j.op.Removed = append(j.op.Removed, row)
		}
	}
	return nil
}

// back writes a cell back, in a row that is there or comes back with the same operation.
func (j *judge) back(c Change) {
	now := j.value(c.Row, c.Column)
	switch {
	case now == c.After:
	case j.Overlay.Gone(c.Row) && !slices.Contains(j.op.Returned, c.Row):
		j.refuse(c, ReasonGone, now)
	case now != c.Before:
		j.refuse(c, ReasonOther, now)
	default:
		j.now[cellAt{c.Row, c.Column}] = c.After
		j.op.Changes = append(j.op.Changes, c)
	}
}

// restore makes the table what it was after an operation.
func (j *judge) restore(of int64) error {
	if len(j.State.Ops) == 0 || of != 0 && (of < j.State.Ops[0].Seq || of > j.Overlay.Seq) {
		return fault.New(fault.NotFound, "grid.no_operation", of)
	}
	then := j.State.At(of)
	for _, row := range sortedKeys(j.Overlay.Removed) {
		if !then.Gone(row) && then.Has(row) {
			j.op.Returned = append(j.op.Returned, row)
		}
	}
	for _, row := range sortedRows(j.Overlay, then) {
		if !then.Has(row) {
			continue // goes below
		}
		for _, column := range sortedColumns(j.Overlay.Cells[row], then.Cells[row]) {
			was := j.Overlay.Cells[row][column].Was
			if c, ok := then.Cells[row][column]; ok {
				was = c.Was
			}
			now, before := j.Overlay.Value(row, column, was), then.Value(row, column, was)
			if now != before {
				j.op.Changes = append(j.op.Changes, Change{row, column, now, before})
			}
		}
	}
	for _, row := range j.Overlay.Added {
		if !then.Has(row) && !j.Overlay.Gone(row) {
			j.op.Removed = append(j.op.Removed, row)
		}
	}
	for _, row := range sortedKeys(then.Removed) {
		if !j.Overlay.Gone(row) {
			j.op.Removed = append(j.op.Removed, row)
		}
	}
	return nil
}
