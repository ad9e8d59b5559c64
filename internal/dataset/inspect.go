package dataset

import (
	"slices"

	"cultured/internal/finding"
	"cultured/internal/rule"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// An inspector looks at the rows of a second reading: the schema first, then the rules of the organisation, then the judge, who stays
// silent about the cells that the schema speaks of. What a row says by itself is found by several processors, a part of the stride each; what
// compares rows, and the order of the findings, by one.
type inspector struct {
	checker *schema.Checker // nil for none
	rules   *rule.Checker   // of the organisation, nil for none
	judge   *judge          // nil for none
	sink    finding.Sink
	parts   []part
}

// partRows is how many rows a processor looks at before it asks for more.
const partRows = 256

// A part is what was found in a run of rows of a stride.
type part struct {
	found []finding.Finding
	marks []mark
	next  int    // of marks, while the findings are sent
	skip  []bool // columns the schema has spoken of, in the row being looked at
}

// A mark says where the findings of a row are among those of its part: from its start those of the schema and of the rules, then those of
// the judge. Rows without any have none.
type mark struct{ row, start, judge, end int }

// stride looks at the rows of a stride.
func (in *inspector) stride(s *stride) {
	n := (len(s.rows) + partRows - 1) / partRows
	for len(in.parts) < n {
		in.parts = append(in.parts, part{})
	}
	share(n, len(s.rows), func(task int) {
		in.parts[task].look(in, s.rows[task*partRows:min(len(s.rows), (task+1)*partRows)])
	})
	i := 0
	s.each(func(row, n int) { in.gap(row, n) }, func(r tabular.Row) {
		in.row(r, &in.parts[i/partRows], i%partRows)
		i++
	})
}

func (in *inspector) gap(row, n int) {
	if in.judge != nil {
		in.sink(emptyRows(row, n))
	}
}

// look finds what rows say by themselves.
func (p *part) look(in *inspector, rows []tabular.Row) {
	clear(p.found)
	p.found, p.marks, p.next = p.found[:0], p.marks[:0], 0
	sink := func(f finding.Finding) { p.found = append(p.found, f) }
	for i, r := range rows {
		before := len(p.found)
		if in.checker != nil && !isBlankRow(r.Cells) {
			in.checker.Cells(r.Number, r.Cells, sink)
		}
		spoken := len(p.found)
		if in.rules != nil && !isBlankRow(r.Cells) {
			in.rules.Cells(r.Number, r.Cells, sink)
		}
		said := len(p.found)
		if in.judge != nil {
			p.mute(in.judge, p.found[before:spoken])
			in.judge.cells(r, p.skip, sink)
		}
		if len(p.found) > before {
			p.marks = append(p.marks, mark{i, before, said, len(p.found)})
		}
	}
}

// mute notes the columns that the schema spoke of.
func (p *part) mute(j *judge, said []finding.Finding) {
	if p.skip == nil {
		p.skip = make([]bool, len(j.columns))
	}
	clear(p.skip)
	for _, f := range said {
		if f.Column >= 0 && f.Column < len(p.skip) {
			p.skip[f.Column] = true
		}
	}
}

// row sends what was found in a row, the at-th of its part, and what comparing it with others tells.
func (in *inspector) row(r tabular.Row, p *part, at int) {
	var said, judged []finding.Finding
	if p.next < len(p.marks) && p.marks[p.next].row == at {
		m := p.marks[p.next]
		said, judged = p.found[m.start:m.judge], p.found[m.judge:m.end]
		p.next++
	}
	for _, f := range said {
		in.sink(f)
	}
	var keyed []int
	if in.checker != nil && in.checker.Keyed() && !isBlankRow(r.Cells) {
		in.checker.Keys(r.Number, r.Cells, func(f finding.Finding) {
			keyed = append(keyed, f.Column)
			in.sink(f)
		})
	}
	if in.rules != nil && in.rules.Keyed() && !isBlankRow(r.Cells) {
		in.rules.Keys(r.Number, r.Cells, in.sink)
	}
	if in.judge == nil || in.judge.row(r, in.sink) {
		return
	}
	for _, f := range judged {
		if f.Column < 0 || !slices.Contains(keyed, f.Column) {
			in.sink(f)
		}
	}
}
