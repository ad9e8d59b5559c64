package grid

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/dataset"
)

// keyOf names the operation that has a log stand on a version: it is stored once.
func keyOf(version int) string { return "base " + strconv.Itoa(version) }

// A passage takes what was edited on one version to another that was made elsewhere.
type passage struct {
	service  *Service
	from, to *sheet
	keys     []string // columns whose value says which row it is, in the new table; none: the number does
	aside    bool
}

// op is the operation that has the log stand on the new version.
func (p *passage) op(ctx context.Context, at time.Time) (Op, error) {
	o := p.from.state.Overlay
	op := Op{Kind: Rebase, At: at, Move: &Move{From: o.Base, Rows: o.Rows, Now: p.to.rows, Other: true}}
	if p.aside {
		return op, nil
	}
	rows := slices.Concat(sortedKeys(o.Cells), sortedKeys(o.Removed))
	slices.Sort(rows)
	rows = slices.DeleteFunc(slices.Compact(rows), func(row int64) bool { return row > o.Rows })
	place, err := p.places(ctx, rows)
	if err != nil {
		return op, err
	}
	for part := range slices.Chunk(rows, blockRows) {
		targets := make([]int64, 0, len(part))
		for _, row := range part {
			targets = append(targets, place[row])
		}
		slices.Sort(targets)
		if err := p.to.read(ctx, p.service.Tables, targets); err != nil {
			return op, err
		}
		for _, row := range part {
			p.row(&op, row, place[row])
		}
	}
	next := p.to.rows
	for _, row := range o.AddedRows() {
		next++
		op.Added = append(op.Added, next)
		for _, column := range sortedColumns(o.Cells[row], nil) {
			c := Change{Row: next, Column: column, After: o.Cells[row][column].Value}
			if p.to.Knows(column) {
				op.Changes = append(op.Changes, c)
			} else {
				op.Conflicts = append(op.Conflicts, Conflict{Row: row, Column: column, Reason: ReasonUnknown, Wanted: c.After})
			}
		}
	}
	return op, nil
}

// row takes what was edited in a row of the base to its place in the new table, 0 for none.
func (p *passage) row(op *Op, row, place int64) {
	o := p.from.state.Overlay
	if o.Gone(row) {
		if place != 0 {
			op.Removed = append(op.Removed, place)
		}
		return
	}
	for _, column := range sortedColumns(o.Cells[row], nil) {
		c := o.Cells[row][column]
		left := Conflict{Row: row, Column: column, Reason: ReasonGone, Seen: c.Was, Wanted: c.Value, Seq: c.Seq}
		now, known := p.to.Value(place, column)
		switch {
		case !p.to.Knows(column):
			left.Reason = ReasonUnknown
		case place == 0 || !known:
		case now == c.Value: // it holds that already
			continue
		case now != c.Was:
			left.Reason, left.Now = ReasonOther, now
		default:
			op.Changes = append(op.Changes, Change{place, column, now, c.Value})
			continue
		}
		op.Conflicts = append(op.Conflicts, left)
	}
}

// places finds the rows of the base in the new table, by key when both have one.
func (p *passage) places(ctx context.Context, rows []int64) (map[int64]int64, error) {
	out := map[int64]int64{}
	if !p.keyed() {
		for _, row := range rows {
			if row <= p.to.rows {
				out[row] = row
			}
		}
		return out, nil
	}
	wanted := map[string]int64{}
	for part := range slices.Chunk(rows, blockRows) {
		if err := p.from.read(ctx, p.service.Tables, part); err != nil {
			return nil, err
		}
		for _, row := range part {
			if cells, ok := p.from.row(row); ok {
				wanted[key(p.from.columns, cells, p.keys)] = row
			}
		}
	}
	for first := int64(1); first <= p.to.rows && len(wanted) > 0; first += sliceRows {
		part, err := p.service.Tables.Slice(ctx, p.to.table, first, sliceRows)
		if err != nil {
			return nil, err
		}
		for i, cells := range part.Rows {
			k := key(part.Columns, cells, p.keys)
			if row, ok := wanted[k]; ok {
				out[row] = first + int64(i)
				delete(wanted, k)
			}
		}
	}
	return out, nil
}

// sliceRows is how many rows are read at once when all are.
const sliceRows = 5000

// keyed reports whether the key of the new table is in the old one too.
func (p *passage) keyed() bool {
	for _, k := range p.keys {
		if !p.from.Knows(k) || !p.to.Knows(k) {
			return false
		}
	}
	return len(p.keys) > 0
}

// key is what tells a row from the others.
func key(columns []dataset.StorageColumn, cells []string, keys []string) string {
	var b strings.Builder
	for _, k := range keys {
		at := slices.IndexFunc(columns, func(c dataset.StorageColumn) bool { return c.Name == k })
		if at >= 0 && at < len(cells) {
			b.WriteString(strconv.Quote(cells[at]))
		}
	}
	return b.String()
}
