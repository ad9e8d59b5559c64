package tabular

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/sqlite"
)

// isGeoPackage recognises a GeoPackage by what it says it is, at byte 68, or by its name. Source: OGC 12-128r19, § 1.1.1.1.
func isGeoPackage(s *source) bool {
	if !bytes.HasPrefix(s.head, []byte(sqlite.Magic)) || len(s.head) < 72 {
		return false
	}
	id := string(s.head[68:72])
	return id == "GPKG" || id == "GP10" || id == "GP11" || s.ext() == ".gpkg"
}

// openSQLite opens a table of an SQLite file.
func openSQLite(s *source, opt Options) (Table, error) {
	f, err := s.database("SQLite", opt)
	if err != nil {
		return nil, err
	}
	if _, ok := f.Table("gpkg_contents"); ok {
		s.reading.Format = "gpkg"
		return f.openGeoPackage(s, opt)
	}
	if t, ok := f.Table("geometry_columns"); ok && t.Column("f_table_name") >= 0 {
		return f.openSpatiaLite(s, opt)
	}
	var tables []sheetFile
	for i := range f.Tables {
		t := &f.Tables[i]
		tables = append(tables, sheetFile{Sheet: Sheet{Name: t.Name}, open: func() (rowSource, error) {
			return f.rows(t, nil, opt.Limits).filled()
		}})
	}
	return f.openParts(tables, s.reading, opt)
}

// openGeoPackage opens a layer of a GeoPackage.
func openGeoPackage(s *source, opt Options) (Table, error) {
	f, err := s.database("GeoPackage", opt)
	if err != nil {
		return nil, err
	}
	return f.openGeoPackage(s, opt)
}

// A database is an open SQLite file.
type database struct {
	*sqlite.File
	title string // of its format
}

func (s *source) database(title string, opt Options) (*database, error) {
	at, size, err := s.whole()
	if err != nil {
		return nil, err
	}
	f, err := sqlite.Open(at, size)
	if err != nil {
		return nil, unread(title, err, 0, opt.Limits)
	}
	if f.Pending {
		s.reading.note("tabular.note_wal")
	}
	return &database{f, title}, nil
}

// unread makes a fault of an error of the reader of SQLite.
func unread(title string, err error, row int, l Limits) error {
	if errors.Is(err, sqlite.ErrTooLarge) {
		return fault.New(fault.TooLarge, "tabular.row_too_large", row, l.CellBytes*rowFactor).Because(err)
	}
	return broken(title, err)
}

// openParts opens one of the tables or layers.
func (f *database) openParts(parts []sheetFile, reading Reading, opt Options) (Table, error) {
	if len(parts) == 0 {
		return nil, fault.New(fault.Invalid, "tabular.nothing_to_read", f.title)
	}
	return openSheets(parts, reading, opt)
}

// databaseRows are the rows of a table or a layer.
type databaseRows struct {
	file    *database
	rows    *sqlite.Rows
	columns []sqlite.Column
	header  []string
	shapes  []*layer // the first is shown last, with where its points are; the others stay where they are
	limits  Limits
	number  int
	cells   []string
	ahead   bool // cells hold the next row already
}

// rows starts to read a table.
func (f *database) rows(t *sqlite.Table, shapes []*layer, l Limits) *databaseRows {
	r := &databaseRows{file: f, rows: f.Rows(t, l.CellBytes*rowFactor), columns: t.Columns, shapes: shapes, limits: l}
	for i, c := range t.Columns {
		if len(shapes) == 0 || i != shapes[0].at {
			r.header = append(r.header, strings.TrimSpace(textCell([]byte(c.Name))))
		}
	}
	if len(shapes) > 0 {
		r.header = shapes[0].names(r.header)
	}
	return r
}

// shapeAt is the layer whose shapes are in a column, nil for none.
func (r *databaseRows) shapeAt(i int) *layer {
	for _, l := range r.shapes {
		if l.at == i {
			return l
		}
	}
	return nil
}

// filled says errNoRows for a table without rows.
func (r *databaseRows) filled() (rowSource, error) {
	_, err := r.next()
	if err == io.EOF {
		err = errNoRows
	}
	r.ahead = true
	return r, err
}

func (r *databaseRows) names() []string { return r.header }
func (r *databaseRows) position() int64 { return r.rows.Position() }
func (r *databaseRows) close() error    { return nil }

func (r *databaseRows) next() (rawRow, error) {
	if r.ahead {
		r.ahead = false
		return rawRow{number: r.number, cells: r.cells}, nil
	}
	values, err := r.rows.Next()
	if err != nil {
		if err != io.EOF {
			err = unread(r.file.title, err, r.number+1, r.limits)
		}
		return rawRow{}, err
	}
	r.number++
	r.cells = r.cells[:0]
	strict := len(r.shapes) > 0 && r.shapes[0].strict
	for i, v := range values {
		l := r.shapeAt(i)
		switch {
		case l != nil && l == r.shapes[0]:
			continue
		case l != nil && v.Kind == sqlite.Blob:
			if err := r.aside(l, v); err != nil {
				return rawRow{}, err
			}
			continue
		}
		cell := databaseCell(v, r.columns[i].Type, strict)
		if len(cell) > r.limits.CellBytes {
			return rawRow{}, fault.New(fault.TooLarge, "tabular.cell_too_large", r.number, i+1, r.limits.CellBytes)
		}
		r.cells = append(r.cells, cell)
	}
	if len(r.shapes) > 0 {
		g, err := r.shapes[0].shape(values[r.shapes[0].at], r.number)
		if err != nil {
			return rawRow{}, err
		}
		if r.cells, err = r.shapes[0].append(r.cells, g, r.number); err != nil {
			return rawRow{}, err
		}
	}
	return rawRow{number: r.number, cells: r.cells}, nil
}

// aside writes a shape that is not the main one of its table.
func (r *databaseRows) aside(l *layer, v sqlite.Value) error {
	g, err := l.shape(v, r.number)
	if err == nil {
		r.cells, err = l.write(r.cells, g, r.number)
	}
	return err
}

// blobShown is how many bytes of a binary value a cell shows.
const blobShown = 1024

// databaseCell writes a value as text. strict says that the declared type binds, as it does in a GeoPackage.
func databaseCell(v sqlite.Value, declared string, strict bool) string {
	switch v.Kind {
	case sqlite.Integer:
		if strict && declared == "BOOLEAN" && v.Int>>1 == 0 {
			return strconv.FormatBool(v.Int == 1)
		}
		return strconv.FormatInt(v.Int, 10)
	case sqlite.Real:
		return floatText(v.Real)
	case sqlite.Text:
		if s := textCell(v.Bytes); strict && declared == "DATETIME" {
			return isoText(s)
		} else {
			return s
		}
	case sqlite.Blob:
		if n := len(v.Bytes); n > blobShown {
			return hex.EncodeToString(v.Bytes[:blobShown]) + "…"
		}
		return hex.EncodeToString(v.Bytes)
	}
	return ""
}
