package dataset

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/tabular"
)

// fixEdit is the kind of fix that holds what people edited cell by cell.
const fixEdit = "edit"

// Edits are cells, rows removed and rows added at the end of a table, as people edited them in the grid of a version. They name places,
// and what was seen there: on another table they are refused.
type Edits struct {
	From    int             `json:"from"`              // version whose rows are counted, from 1
	Upto    int64           `json:"upto"`              // last operation of its log that is in them
	Last    int64           `json:"last,omitempty"`    // the highest number given to a row added by then, 0 for none
	Types   map[string]Type `json:"types"`             // of the columns edited, as that version stores them
	Cells   []EditedCell    `json:"cells,omitempty"`   // by row
	Removed []int64         `json:"removed,omitempty"` // in order
	Added   []AddedRow      `json:"added,omitempty"`
}

// An EditedCell is a cell of the table with another value. Seen is what the version stores, as [Plain] writes it.
type EditedCell struct {
	Row    int64  `json:"row"`
	Column string `json:"column"`
	Seen   string `json:"seen"`
	Value  string `json:"value"`
}

// An AddedRow is a row that was not there.
type AddedRow struct {
	ID    int64             `json:"id"` // its number in the log
	Cells map[string]string `json:"cells"`
}

// EditFix makes one step of a plan of what people edited, which is undone whole.
func EditFix(e Edits) Fix { return Fix{Kind: fixEdit, Edits: &e} }

// EditsOf returns the edits that a plan ends with, nil when it does not.
func (p Plan) EditsOf() *Edits {
	if n := len(p); n > 0 && p[n-1].Kind == fixEdit {
		return p[n-1].Edits
	}
	return nil
}

// edited is a table with edits written over it.
type edited struct {
	fixed
	edits  *Edits
	types  []Type
	at     map[string]int // column → place
	place  int64          // of the last row read that is not blank
	cells  int            // of the edits, that are written
	gone   int            // rows removed that were passed
	added  int            // rows given that were added
	last   int            // number of the last row given
	buffer []string
}

// newEdited writes edits over a table, or gives one that says why it cannot.
func newEdited(t fixed, e *Edits) tabular.Table {
	if e == nil {
		return t
	}
	columns := t.Columns()
	out := &edited{fixed: t, edits: e, types: make([]Type, len(columns)), at: map[string]int{}, buffer: make([]string, len(columns))}
	for i, name := range columns {
		out.types[i], out.at[name] = e.Types[name], i
	}
	for name := range e.Types {
		if _, ok := out.at[name]; !ok {
			return refused{t, fault.New(fault.Invalid, "dataset.edit_column", name)}
		}
	}
	return out
}

// Next implements [tabular.Table].
func (t *edited) Next() (tabular.Row, error) {
	passed := 0
	for {
		row, err := t.fixed.Next()
		if err == io.EOF {
			return t.more()
		}
		if err != nil {
			return row, err
		}
		t.last = row.Number
		row.Passed += passed
		if isBlankRow(row.Cells) {
			return row, nil
		}
		t.place++
		if t.gone < len(t.edits.Removed) && t.edits.Removed[t.gone] == t.place {
			t.gone++
			passed = row.Passed + 1
			continue
		}
		return t.write(row)
	}
}

// write puts the edits of a row in it.
func (t *edited) write(row tabular.Row) (tabular.Row, error) {
	for first := true; t.cells < len(t.edits.Cells) && t.edits.Cells[t.cells].Row <= t.place; t.cells++ {
		c := t.edits.Cells[t.cells]
		if c.Row < t.place {
			continue // of a row removed
		}
		if first {
			clear(t.buffer)
			copy(t.buffer, row.Cells)
			row.Cells, first = t.buffer, false
			row.Width = max(row.Width, len(t.buffer))
		}
		at := t.at[c.Column]
		if !sameStored(t.types[at], t.buffer[at], c.Seen) {
			return row, fault.New(fault.Invalid, "dataset.edit_unfit", row.Number, c.Column, quoted(c.Seen), quoted(t.buffer[at]))
		}
		t.buffer[at] = c.Value
	}
	return row, nil
}

// more gives the rows added, once the others are read.
func (t *edited) more() (tabular.Row, error) {
	if t.place < int64(t.lastPlace()) {
		return tabular.Row{}, fault.New(fault.Invalid, "dataset.edit_short", t.lastPlace(), t.place)
	}
	if t.added == len(t.edits.Added) {
		return tabular.Row{}, io.EOF
	}
	clear(t.buffer)
	for name, v := range t.edits.Added[t.added].Cells {
		if at, ok := t.at[name]; ok {
			t.buffer[at] = v
		}
	}
	t.added++
	t.last++
	return tabular.Row{Number: t.last, Cells: t.buffer, Width: len(t.buffer)}, nil
}

// lastPlace is the last row that the edits speak of.
func (t *edited) lastPlace() (n int64) {
	if k := len(t.edits.Cells); k > 0 {
		n = t.edits.Cells[k-1].Row
	}
	if k := len(t.edits.Removed); k > 0 {
		n = max(n, t.edits.Removed[k-1])
	}
	return n
}

// sameStored says whether a cell as read is stored as what was seen.
func sameStored(t Type, read, seen string) bool {
	stored := canonical(read, t)
	if t == "" {
		stored = canonical(read, TypeText)
	}
	switch {
	case stored == seen:
		return true
	case t == TypeNumber:
		a, err1 := strconv.ParseFloat(stored, 64)
		b, err2 := strconv.ParseFloat(seen, 64)
		return err1 == nil && err2 == nil && a == b
	case t == TypeInteger:
		a, err1 := strconv.ParseInt(stored, 10, 64)
		b, err2 := strconv.ParseInt(seen, 10, 64)
		return err1 == nil && err2 == nil && a == b
	case t == TypeDateTime: // parts of a second are not seen
		return seen != "" && strings.HasPrefix(stored, seen)
	}
	return false
}

// quoted shortens a value for a sentence.
func quoted(v string) string {
	const most = 60
	if r := []rune(v); len(r) > most {
		return string(r[:most]) + "…"
	}
	return v
}

// BlankRow reports whether a table would not hold a row with these cells: blank rows are left out.
func BlankRow(cells []string) bool { return isBlankRow(cells) }

// Order puts the edits in the order they are read in.
func (e *Edits) Order() {
	slices.SortStableFunc(e.Cells, func(a, b EditedCell) int { return int(a.Row - b.Row) })
	slices.Sort(e.Removed)
}
