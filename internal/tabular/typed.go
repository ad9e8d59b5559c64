package tabular

import (
	"errors"
	"io"
	"slices"

	"cultured/internal/fault"
	"cultured/internal/geo"
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
// rows are numbered from 1. Faults: TooLarge "tabular.too_many_columns"; of a row, TooLarge "tabular.cell_too_large".
func NewTable(columns []string, rows Rows, reading Reading, l Limits) (Table, error) {
	return NewMap(columns, rows, geo.ParquetMap{}, reading, l)
}

// NewMap is [NewTable] for rows with shapes: their cells are binary or JSON, as shapes says; the main one is shown as those of
// other maps are, the others stay where they are, as GeoJSON. Faults, besides: of a row, Invalid "tabular.broken_shape".
func NewMap(columns []string, rows Rows, shapes geo.ParquetMap, reading Reading, l Limits) (Table, error) {
	l = l.or()
	r := &typedRows{columns: columns, rows: rows, limits: l}
	for _, c := range shapes.Columns() {
		at := slices.Index(columns, c.Name)
		if at < 0 {
			continue
		}
		s := &typedShape{mapCells: mapCells{points: c.Points, limits: l}, at: at, encoding: c.Encoding}
		var said Reading
		s.settle(c.To, c.Announced, c.Around, &said)
		if c.Deep {
			said.note("tabular.note_flat")
		}
		for _, n := range said.Notes {
			reading.noteOnce(n)
		}
		r.shapes = append(r.shapes, s)
	}
	if len(r.shapes) > 0 {
		r.columns = r.shapes[0].names(slices.Delete(slices.Clone(columns), r.shapes[0].at, r.shapes[0].at+1))
	}
	return newTyped(r, reading, l)
}

// A typedShape is a column of shapes of [Rows].
type typedShape struct {
	mapCells
	at       int
	encoding string // as in [geo.ShapeColumn]
}

// shape reads a cell. A shape made of arcs is empty.
func (s *typedShape) shape(cell string, row int) (g geo.Geometry, err error) {
	switch {
	case cell == "":
	case s.encoding == "wkb":
		g, _, err = geo.WKB([]byte(cell))
	default:
		g, err = geo.Arrow(cell, s.encoding)
	}
	if errors.Is(err, geo.ErrBroken) {
		return g, fault.New(fault.Invalid, "tabular.broken_shape", row).Because(err)
	}
	return g, nil
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
	shapes  []*typedShape // the main one first
	limits  Limits
	number  int
	cells   []string
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
	r.cells = r.cells[:0]
	for i, c := range cells {
		if err := r.take(i, c); err != nil {
			return rawRow{}, err
		}
	}
	if len(r.shapes) > 0 {
		g, err := r.shapes[0].shape(cells[r.shapes[0].at], r.number)
		if err == nil {
			r.cells, err = r.shapes[0].append(r.cells, g, r.number)
		}
		if err != nil {
			return rawRow{}, err
		}
	}
	return rawRow{number: r.number, cells: r.cells}, nil
}

// take adds a cell, unless it is the main shape, which is added last.
func (r *typedRows) take(i int, cell string) error {
	for n, s := range r.shapes {
		switch {
		case s.at != i:
		case n == 0:
			return nil
		default:
			g, err := s.shape(cell, r.number)
			if err == nil {
				r.cells, err = s.write(r.cells, g, r.number)
			}
			return err
		}
	}
	if len(cell) > r.limits.CellBytes {
		return fault.New(fault.TooLarge, "tabular.cell_too_large", r.number, i+1, r.limits.CellBytes)
	}
	r.cells = append(r.cells, cell)
	return nil
}
