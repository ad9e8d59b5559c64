package dataset

import (
	"context"
	"io"
	"slices"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/rule"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// An Opener opens a table from its beginning, as often as it is called.
type Opener func() (tabular.Table, error)

// An Examination says how to look at a table. The zero value looks without a schema and keeps no finding.
type Examination struct {
	Schema   *schema.Schema   // nil for none
	Targets  []*schema.Target // what its foreign keys refer to in other tables
	Rules    []rule.Rule      // what its organisation asks besides
	Notes    []tabular.Note   // what else there is to say of how it is read, before the reader's
	Plan     Plan
	Size     int64                   // of the source in bytes, for progress; 0 when not known
	Raw      io.ReaderAt             // the source itself, of Size bytes: a JSON Schema looks at the whole of it
	Progress func(done, total int64) // called now and then, in bytes read; total is 0 when not known
	Known    func(tabular.Reading)   // told how the table is read, before the first finding of each of its files; nil for nobody
	Sink     finding.Sink            // receives every finding, in the order of the rows; those of columns first
	Quick    bool                    // only hold the table against the schema, which is then asked for, and the rules: no profile, nothing else
}

// Examine reads a table once to know it and, when some cell deserves a look or a schema is given, once more to find
// every anomaly. Memory is bounded whatever the size. Faults: those of open and of the table; ctx's error when stopped.
func Examine(ctx context.Context, open Opener, ex Examination) (_ Report, err error) {
	defer fault.Wrap(&err, "dataset.Examine")
	e := examiner{ctx: ctx, open: open, ex: ex}
	if ex.Schema != nil && ex.Schema.Document != nil {
		return e.examineDocument()
	}
	if ex.Quick {
		err := e.check()
		return e.report, err
	}
	if err := e.know(); err != nil {
		return Report{}, err
	}
	if ex.Known != nil {
		ex.Known(e.report.Reading)
	}
	if err := e.judge(); err != nil {
		return Report{}, err
	}
	return e.report, nil
}

// An examiner is one examination under way.
type examiner struct {
	ctx      context.Context
	open     Opener
	ex       Examination
	report   Report
	profiler *Profiler
	header   []string
	table    tabular.Table // of the first reading
	trailing int           // row where the totals at the end start, 0 for none
	quotes   bool          // some quote never closed
	blanks   int           // rows without anything, which the reader passes over
	end      int64         // where the first reading stopped, in bytes
}

func (e *examiner) progress(done int64) {
	if e.ex.Progress == nil {
		return
	}
	total := 2 * e.ex.Size
	if e.ex.Quick {
		total = e.ex.Size
	}
	if total == 0 && e.profiler != nil && e.end > 0 {
		total = 2 * e.end
	}
	e.ex.Progress(min(done, max(total, done)), total)
}

// know is the first reading.
func (e *examiner) know() error {
	err := e.strides(0, func(f *fixer) {
		e.header = f.header
		e.report.Reading = e.reading(f.table)
		e.profiler = NewProfiler(f.header)
		e.table = f.table
	}, func(s *stride) {
		e.profiler.Add(s.rows)
		s.each(func(_, n int) { e.blanks += n }, e.notice)
	})
	if err != nil {
		return err
	}
	e.report.Profile = e.profiler.Finish()
	e.report.Profile.EmptyRows += int64(e.blanks)
	e.report.Rows = e.report.Profile.Rows
	e.report.Columns = e.profiler.names
	e.report.Reading.Totals = e.trailing
	e.report.Reading.Ended(e.table)
	return nil
}

func (e *examiner) reading(t tabular.Table) tabular.Reading {
	r := t.Reading()
	r.Notes = slices.Concat(e.ex.Notes, r.Notes)
	return r
}

// reached notes the files of a table that have been begun: rows are told by them.
func (e *examiner) reached(pieces []tabular.Piece) {
	if len(pieces) == len(e.report.Reading.Pieces) {
		return
	}
	e.report.Reading.Pieces = pieces
	if e.ex.Quick && e.ex.Known != nil {
		e.ex.Known(e.report.Reading)
	}
}

// notice remembers what the second reading must know of a row.
func (e *examiner) notice(r tabular.Row) {
	e.quotes = e.quotes || r.OpenQuote
	switch {
	case tabular.TotalRow(r.Cells):
		if e.trailing == 0 {
			e.trailing = r.Number
		}
	case e.trailing > 0 && !isBlankRow(r.Cells):
		e.trailing = 0
	}
}

// judge is the second reading.
func (e *examiner) judge() error {
	j := newJudge(e.profiler, &e.report.Profile)
	j.lastRow = e.trailing
	l := &ledger{groups: map[groupID]*Group{}, next: e.ex.Sink, schema: e.ex.Schema, names: e.report.Columns, judge: j}
	j.header(l.add)
	checker, rules := e.checker(l), e.rules(l)
	if checker != nil || rules != nil || j.needRows || e.trailing > 0 || e.quotes || e.totals() {
		in := inspector{checker: checker, rules: rules, judge: j, sink: l.add}
		if err := e.strides(e.end, nil, in.stride); err != nil {
			return err
		}
	}
	if checker != nil {
		checker.Finish(l.add)
	}
	l.close(&e.report)
	return nil
}

// checker compiles the schema for the header, about which it may have something to say; nil without a schema.
func (e *examiner) checker(l *ledger) *schema.Checker {
	if e.ex.Schema == nil {
		return nil
	}
	e.report.Checked, e.report.Schema = true, e.ex.Schema.Label()
	c, found := schema.NewChecker(*e.ex.Schema, e.header, e.ex.Targets...)
	for _, f := range found {
		l.add(f)
	}
	return c
}

// rules compiles the rules for the header; nil when there are none to ask.
func (e *examiner) rules(l *ledger) *rule.Checker {
	c, found := rule.NewChecker(UniqueNames(e.header), e.ex.Rules)
	for _, f := range found {
		l.add(f)
	}
	if e.report.Rules = c.Len(); e.report.Rules == 0 {
		return nil
	}
	return c
}

// check is the only reading of a quick examination.
func (e *examiner) check() error {
	l := &ledger{groups: map[groupID]*Group{}, next: e.ex.Sink, schema: e.ex.Schema}
	in := inspector{sink: l.add}
	err := e.strides(0, func(f *fixer) {
		e.header = f.header
		e.report.Reading, e.report.Columns = e.reading(f.table), UniqueNames(f.header)
		if e.ex.Known != nil {
			e.ex.Known(e.report.Reading)
		}
		l.names = e.report.Columns
		in.checker, in.rules = e.checker(l), e.rules(l)
	}, func(s *stride) {
		in.stride(s)
		e.report.Rows += int64(len(s.rows))
	})
	if err != nil {
		return err
	}
	in.checker.Finish(l.add)
	l.close(&e.report)
	return nil
}

// totals says whether some text column holds a total, wherever it stands.
func (e *examiner) totals() bool {
	for _, g := range e.profiler.columns {
		if g.totals > 0 {
			return true
		}
	}
	return false
}
