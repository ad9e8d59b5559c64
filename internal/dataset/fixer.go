package dataset

import (
	"io"
	"slices"
	"strings"

	"cultured/internal/tabular"
)

// A fixer reads a table through a plan.
type fixer struct {
	table   tabular.Table
	header  []string // after the names the plan gives
	columns []shaped // one for each of the header
	width   int      // columns of the table itself
	mends   bool     // some cell may change
	moved   bool     // columns are not those of the table
	buffer  []string
	empties bool // drop_empty_rows
	totals  bool // drop_total_rows
	doubles bool // drop_duplicates
	waiting []tabular.Row
	ready   []tabular.Row
	seen    hashSet
	budget  int
	dropped int64
	last    int              // number of the row read before
	blank   func(row, n int) // told of each run of rows without anything that stays; nil for nobody
	trailed bool
}

func newFixer(t tabular.Table, plan Plan) *fixer {
	t, plan = cooked(t, plan)
	f := &fixer{table: t, header: slices.Clone(t.Columns()), budget: hashBudget, last: t.Reading().HeaderRow}
	f.seen.budget = &f.budget
	f.width = len(f.header)
	for i := range f.header {
		f.columns = append(f.columns, shaped{from: i})
	}
	names, source := UniqueNames(f.header), slices.Clone(f.header)
	is := func(i int, name string) bool { return name == names[i] || name == source[i] || name == f.header[i] }
	for _, fix := range plan {
		switch fix.Kind {
		case "fill_label":
			f.fill(fix, is)
			continue
		case "drop_empty_rows":
			f.empties = true
		case "drop_total_rows":
			f.totals = true
		case "drop_duplicates":
			f.doubles = true
		case fixMap:
			f.reshape(fix)
			names, source = UniqueNames(f.header), slices.Clone(f.header)
			continue
		}
		for i := range f.header {
			if fix.Column != "" && !is(i, fix.Column) {
				continue
			}
			if fix.Kind == "column_name" {
				if fix.Name != "" && fix.Column != "" {
					f.header[i] = fix.Name
				}
				continue
			}
			f.add(i, fix)
		}
	}
	if f.mends || f.moved {
		f.buffer = make([]string, len(f.header))
	}
	return f
}

func (f *fixer) add(column int, fix Fix) {
	if mends[fix.Kind] == nil && fix.Kind != "case_variant" && fix.Rule == nil {
		return
	}
	if fix.Rule != nil && len(fix.Rule.Fields) != 1 {
		return
	}
	apply := func(v string) string {
		after, _ := Apply(fix, v)
		return after
	}
	if fix.Rule != nil {
		apply = ruleMend(fix) // compiled once for all cells
	}
	f.mends = true
	f.columns[column] = f.columns[column].with(apply)
}

// fill writes what is missing in a column after what stands in another.
func (f *fixer) fill(fix Fix, is func(i int, name string) bool) {
	by, to := -1, -1
	for i := range f.header {
		if is(i, fix.By) {
			by = i
		}
		if is(i, fix.Column) {
			to = i
		}
	}
	if by < 0 || to < 0 {
		return
	}
	f.mends = true
	f.columns[to] = f.columns[to].filled(f.columns[by], fix.Values)
}

// trail tells, once, of the rows without anything below the last one.
func (f *fixer) trail() {
	t, ok := f.table.(tabular.Trailer)
	if !ok || f.trailed {
		return
	}
	f.trailed = true
	switch row, n := t.Blank(); {
	case f.empties:
		f.dropped += int64(n)
	case n > 0 && f.blank != nil:
		f.blank(row, n)
	}
}

// next returns the next row after the plan; its cells are valid until the next call.
func (f *fixer) next() (tabular.Row, error) {
	for {
		if len(f.ready) > 0 {
			r := f.ready[0]
			f.ready = f.ready[1:]
			return r, nil
		}
		r, err := f.table.Next()
		if err == io.EOF {
			f.dropped += int64(len(f.waiting)) // what waits at the end are the totals
			f.waiting = nil
			f.trail()
			return r, err
		}
		if err != nil {
			return r, err
		}
		f.gap(r.Number, r.Passed)
		total := f.totals && f.moved && tabular.TotalRow(r.Cells) // before a value for every row says otherwise
		f.mend(&r)
		total = total || f.totals && !f.moved && tabular.TotalRow(r.Cells)
		switch {
		case f.empties && isBlankRow(r.Cells) && len(r.Extra) == 0:
			f.dropped++
			continue
		case f.doubles && f.seen.room() && f.seen.add(rowHash(r.Cells, len(f.header))):
			f.dropped++
			continue
		case f.totals && (total || len(f.waiting) > 0 && isBlankRow(r.Cells)) && len(f.waiting) < 1000:
			r.Cells = cloneCells(r.Cells)
			f.waiting = append(f.waiting, r)
			continue
		case len(f.waiting) > 0: // rows follow: they were no totals of the whole
			r.Cells = cloneCells(r.Cells)
			f.ready = append(f.waiting, r)
			f.waiting = nil
			continue
		}
		return r, nil
	}
}

// gap notices the rows without anything between the last row and this one: the reader passes over them. Those it set
// aside for another reason, passed of them, hold something.
func (f *fixer) gap(number, passed int) {
	n := number - f.last - 1 - passed
	if f.last == 0 {
		n = 0 // no header: where the table starts is for the reader to say
	}
	if n > 0 && f.empties {
		f.dropped += int64(n)
	} else if n > 0 && f.blank != nil {
		f.blank(f.last+1, n)
	}
	f.last = number
}

func cloneCells(cells []string) []string {
	out := make([]string, len(cells))
	for i, v := range cells {
		out[i] = strings.Clone(v)
	}
	return out
}

func (f *fixer) mend(r *tabular.Row) {
	if !f.mends && !f.moved {
		return
	}
	blank := f.moved && (isBlankRow(r.Cells) || tabular.TotalRow(r.Cells))
	out := f.buffer
	if f.moved {
		r.Width += len(f.columns) - f.width
	} else {
		out = out[:min(len(r.Cells), len(out))]
	}
	for i := range out {
		c := &f.columns[i]
		v := ""
		if c.from >= 0 || !blank {
			v = c.value(r.Cells)
		}
		out[i] = v
	}
	r.Cells = out
}
