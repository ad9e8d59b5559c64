package dataset

import (
	"strconv"

	"cultured/internal/finding"
	"cultured/internal/french"
	"cultured/internal/tabular"
)

// told is what groups keep of a loose hash.
func told(loose uint64) uint32 { return uint32(loose>>32) | 1 }

// oneAway says whether two codes are one typing mistake apart.
func oneAway(a, b string) bool { return french.Distance(french.Fold(a), french.Fold(b), 1) == 1 }

// linked sends what goes against a relation in a row.
func (j *judge) linked(r tabular.Row, l *link, skip []bool, sink finding.Sink) {
	if max(l.from, l.to) >= len(r.Cells) || r.Cells[l.from] == "" || skip[l.from] || skip[l.to] {
		return
	}
	from, to := r.Cells[l.from], r.Cells[l.to]
	w, ok := l.watched[looseHash(from, hashText(from))]
	if !ok {
		return
	}
	c := describeCell(to)
	code, rows := cutRunes(trimAll(from), 80), strconv.FormatUint(uint64(w.rows), 10)
	o := j.columns[l.to]
	switch {
	case c.kind == kindToken: // told already
	case c.kind != kindBlank && w.conflicts && told(looseHash(to, hashText(to))) != w.usual:
		severity := finding.Info
		if l.named {
			severity = finding.Warning
		}
		sink(o.finding(r.Number, to, "dataset."+string(l.Kind)+"_conflict", severity, code, w.words, rows))
	case c.kind == kindBlank && w.missing:
		f := o.finding(r.Number, "", "dataset.missing_"+string(l.Kind), finding.Info, code, w.words, rows, l.From)
		if w.fills {
			f.Fix, f.After, f.Severity = "fill_label", w.words, finding.Warning
		}
		sink(f)
	case c.kind == kindBlank && w.orphan:
		sink(j.columns[l.from].finding(r.Number, code, "dataset.orphan_code", finding.Info))
	}
}
