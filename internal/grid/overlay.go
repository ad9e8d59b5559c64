package grid

import (
	"maps"
	"slices"
)

// A Cell is a cell that the operations changed.
type Cell struct {
	Value string // now
	Was   string // in the table of the base; "" for a row added
	Seq   int64  // of the operation that wrote it
}

// An Overlay is what the operations of a log make of the table of its base: read through it, the table is as it is now. Its fields are
// to be read; only [Overlay.Fold] writes them. The zero value is no change of no version.
type Overlay struct {
	Base    int                       // version of the dataset whose rows are counted
	Rows    int64                     // of the table of that version
	Seq     int64                     // of the last operation folded
	Cells   map[int64]map[string]Cell // by row and column: those whose value is not the base's; of rows taken away too
	Removed map[int64]int64           // rows taken away, of the base or added → the operation that did
	Added   []int64                   // rows added, in order, those taken away again too
	Last    int64                     // the highest number ever given to a row added, 0 for none

	own map[int64]bool // rows whose cells no copy shares
}

// NewOverlay is a version of a dataset nobody edited, whose table has so many rows.
func NewOverlay(base int, rows int64) *Overlay {
	return &Overlay{Base: base, Rows: rows, Cells: map[int64]map[string]Cell{}, Removed: map[int64]int64{}}
}

// Fold takes in operations, in the order of their numbers. Those it has already are left alone: folding twice changes nothing.
func (o *Overlay) Fold(ops ...Op) {
	for _, op := range ops {
		if op.Seq <= o.Seq {
			continue
		}
		o.Seq = op.Seq
		if op.Kind == Rebase {
			*o = *NewOverlay(op.Base, op.rows())
			o.Seq = op.Seq
		}
		if op.Writes() {
			o.write(op)
		}
	}
}

func (o *Overlay) write(op Op) {
	if o.Cells == nil {
		o.Cells, o.Removed = map[int64]map[string]Cell{}, map[int64]int64{}
	}
	for _, row := range op.Added {
		o.Added, o.Last = append(o.Added, row), max(o.Last, row)
	}
	for _, row := range op.Returned {
		delete(o.Removed, row)
	}
	for _, c := range op.Changes {
		o.set(c, op.Seq)
	}
	for _, row := range op.Removed {
		o.Removed[row] = op.Seq
	}
}

func (o *Overlay) set(c Change, seq int64) {
	cells := o.Cells[c.Row]
	if cells != nil && !o.own[c.Row] {
		cells = maps.Clone(cells)
		o.Cells[c.Row] = cells
		o.keep(c.Row)
	}
	cell, known := cells[c.Column]
	if !known {
		cell.Was = c.Before
		if o.isAdded(c.Row) {
			cell.Was = ""
		}
	}
	if c.After == cell.Was { // as it was: the base says it
		if delete(cells, c.Column); len(cells) == 0 {
			delete(o.Cells, c.Row)
		}
		return
	}
	if cells == nil {
		cells = map[string]Cell{}
		o.Cells[c.Row] = cells
		o.keep(c.Row)
	}
	cell.Value, cell.Seq = c.After, seq
	cells[c.Column] = cell
}

func (o *Overlay) keep(row int64) {
	if o.own == nil {
		o.own = map[int64]bool{}
	}
	o.own[row] = true
}

// Value is what a cell holds, given what the table of the base holds there ("" for a row added).
func (o *Overlay) Value(row int64, column, base string) string {
	if c, ok := o.Cells[row][column]; ok {
		return c.Value
	}
	return base
}

// Has reports whether there is, or was, a row of that number.
func (o *Overlay) Has(row int64) bool {
	return row >= 1 && (row <= o.Rows || o.isAdded(row))
}

func (o *Overlay) isAdded(row int64) bool {
	_, ok := slices.BinarySearch(o.Added, row)
	return ok
}

// next is the number that the next row added gets.
func (o *Overlay) next() int64 { return max(o.Rows, o.Last) + 1 }

// Gone reports whether a row was taken away.
func (o *Overlay) Gone(row int64) bool {
	_, gone := o.Removed[row]
	return gone
}

// AddedRows lists the rows added that are there, in order.
func (o *Overlay) AddedRows() []int64 {
	return slices.DeleteFunc(slices.Clone(o.Added), o.Gone)
}

// Pending is how many rows were added or taken away, and how many cells of the others were changed.
func (o *Overlay) Pending() (n int) {
	added := map[int64]bool{}
	for _, row := range o.Added {
		if added[row] = true; !o.Gone(row) {
			n++
		}
	}
	for row := range o.Removed {
		if !added[row] {
			n++
		}
	}
	for row, cells := range o.Cells {
		if !o.Gone(row) && !added[row] {
			n += len(cells)
		}
	}
	return n
}

// Clone is the overlay, to be kept while others go on: the cells of a row are copied by whoever writes one next.
func (o *Overlay) Clone() *Overlay {
	c := *o
	c.Added, c.Removed, c.Cells = slices.Clone(o.Added), maps.Clone(o.Removed), maps.Clone(o.Cells)
	c.own, o.own = nil, nil
	return &c
}
