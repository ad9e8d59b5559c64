package dataset

import (
	"context"
	"io"

	"cultured/internal/fault"
	"cultured/internal/finding"
)

// examineDocument looks at a JSON file with a JSON Schema: the records are read as a table to know them, when they can
// be one, and checked as they are written. Faults: those of the table, but for a file that is no table; those of
// [schema.Document.Check].
func (e *examiner) examineDocument() (Report, error) {
	if err := e.know(); err != nil && fault.KindOf(err) != fault.Invalid {
		return Report{}, err
	}
	l := &ledger{groups: map[groupID]*Group{}, next: e.ex.Sink}
	e.report.Checked, e.report.Schema = true, e.ex.Schema.Label()
	raw, err := io.ReadAll(io.NewSectionReader(e.ex.Raw, 0, e.ex.Size))
	if err != nil {
		return Report{}, err
	}
	records, err := e.ex.Schema.Document.Check(raw, func(f finding.Finding) {
		if e.ctx.Err() == nil {
			l.add(f)
		}
	})
	if err := context.Cause(e.ctx); err != nil {
		return Report{}, err
	}
	if err != nil {
		return Report{}, err
	}
	if e.report.Rows == 0 {
		e.report.Rows = int64(records)
		e.report.Reading.Format = "json"
	}
	l.close(&e.report)
	return e.report, nil
}
