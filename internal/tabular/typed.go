package tabular

import (
	"io"

	"cultured/internal/fault"
)

// Rows are the records of a source that names its columns itself, read once. For [NewTable].
type Rows interface {
	// Next returns the next record, one cell per column, valid until the next call; io.EOF after the last.
	Next() ([]string, error)
	// Position is how far the reading went, in bytes of the source.
	Position() int64
	// Close releases what was taken to read.
	Close() error
}

// NewTable makes a [Table] of rows whose columns are known, for formats that are read elsewhere. reading is completed;
// rows are numbered from 1. Faults: TooLarge "tabular.too_many_columns".
func NewTable(columns []string, rows Rows, reading Reading, l Limits) (Table, error) {
	return newTyped(&typedRows{columns: columns, rows: rows}, reading, l.or())
}

// A namedSource is a [rowSource] that names its columns itself: no header is looked for in its rows.
type namedSource interface {
	rowSource
	names() []string
}

// newTyped makes the table of a source that names its columns.
func newTyped(rows namedSource, reading Reading, l Limits) (*table, error) {
	t := &table{rows: rows, reading: reading, columns: rows.names(), opt: Options{Limits: l}}
	t.reading.Typed = true
	if n := len(t.columns); n > l.Columns {
		return nil, fault.New(fault.TooLarge, "tabular.too_many_columns", 1, n, l.Columns)
	}
	return t, nil
}

// typedRows numbers the records of [Rows].
type typedRows struct {
	columns []string
	rows    Rows
	number  int
}

func (r *typedRows) names() []string { return r.columns }
func (r *typedRows) position() int64 { return r.rows.Position() }
func (r *typedRows) close() error    { return r.rows.Close() }

func (r *typedRows) next() (rawRow, error) {
	cells, err := r.rows.Next()
	if err != nil {
		if err != io.EOF {
			err = broken("Parquet", err)
		}
		return rawRow{}, err
	}
	r.number++
	return rawRow{number: r.number, cells: cells}, nil
}
