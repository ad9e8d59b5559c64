package tabular

import (
	"io"
	"slices"
	"strconv"

	"cultured/internal/french"
)

// TotalRow says whether a row sums up others: its first cell with something says so, and another is a number.
func TotalRow(cells []string) bool {
	first := -1
	for i, v := range cells {
		if v == "" {
			continue
		}
		if first < 0 {
			if !french.Total(v) {
				return false
			}
			first = i
			continue
		}
		if _, ok := french.Number(v); ok {
			return true
		}
	}
	return false
}

// mostTotals bounds the total rows that wait for the end of the table; beyond, they are given as others.
const mostTotals = 1000

// A totals is a table whose total rows below the last other row are no data: [Options.DropTotals].
type totals struct {
	Table
	held  []Row // total rows that may be the last ones
	given []Row // rows to give: totals that were not the last ones, and the row after them
	left  struct{ row, n int }
}

// Reading implements [Table].
func (t *totals) Reading() Reading {
	r := t.Table.Reading()
	r.Notes = append(slices.Clip(r.Notes), Note{Key: "tabular.note_totals"})
	return r
}

// Blank implements [Trailer].
func (t *totals) Blank() (row, n int) { return blankOf(t.Table) }

// LeftOut says which total rows at the end of a table were left out, once its Next returned io.EOF: the first of them, and
// how many; n is 0 for none.
func LeftOut(t Table) (row, n int) {
	if l, ok := t.(interface{ leftOut() (row, n int) }); ok {
		return l.leftOut()
	}
	return 0, 0
}

// Ended completes a reading with what is known once Next returned io.EOF: which total rows are left out.
func (r *Reading) Ended(t Table) {
	row, n := LeftOut(t)
	i := slices.IndexFunc(r.Notes, func(n Note) bool { return n.Key == "tabular.note_totals" })
	if n > 0 && i >= 0 {
		r.Notes[i] = Note{Key: "tabular.note_totals_left", Args: []string{strconv.Itoa(n), strconv.Itoa(row)}}
	}
}

func (t *totals) leftOut() (row, n int) { return t.left.row, t.left.n }

// blankOf is what a table says as a [Trailer].
func blankOf(t Table) (row, n int) {
	if l, ok := t.(Trailer); ok {
		return l.Blank()
	}
	return 0, 0
}

// Next implements [Table].
func (t *totals) Next() (Row, error) {
	for {
		if len(t.given) > 0 {
			row := t.given[0]
			t.given = t.given[1:]
			return row, nil
		}
		row, err := t.Table.Next()
		switch {
		case err == io.EOF:
			if n := len(t.held); n > 0 {
				t.left.row, t.left.n, t.held = t.held[0].Number, n, nil
			}
			return row, err
		case err != nil:
			return row, err
		case TotalRow(row.Cells):
			t.held = append(t.held, kept(row))
			if len(t.held) < mostTotals {
				continue
			}
		case len(t.held) == 0:
			return row, nil
		default:
			t.held = append(t.held, kept(row))
		}
		t.given, t.held = t.held, nil
	}
}

// kept is a row that is valid after the next one.
func kept(row Row) Row {
	row.Cells, row.Extra = slices.Clone(row.Cells), slices.Clone(row.Extra)
	return row
}
