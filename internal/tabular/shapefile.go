package tabular

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/geo"
)

// isShapefile recognises the shapes of a shapefile, and its index, which only its name tells from it.
// Source: ESRI, "Shapefile Technical Description", 1998.
func isShapefile(s *source) bool {
	return len(s.head) >= shapeHeader && binary.BigEndian.Uint32(s.head) == 9994 && binary.LittleEndian.Uint32(s.head[28:]) == 1000
}

// shapeHeader is the size of the header of a .shp file.
const shapeHeader = 100

// openShapefile opens shapes, with the attributes, the projection and the encoding that the files beside them give.
func openShapefile(s *source, opt Options) (Table, error) {
	if s.ext() == ".shx" {
		return nil, fault.New(fault.Invalid, "tabular.shape_index")
	}
	rows, err := s.shapes(opt)
	if err != nil {
		return nil, err
	}
	t, err := newTyped(rows, rows.reading, opt.Limits)
	if err != nil {
		return nil, errors.Join(err, rows.close())
	}
	return t, nil
}

// shapeRows are the shapes of a shapefile with their attributes.
type shapeRows struct {
	mapCells
	reading    Reading
	attributes *dbfRows // nil when they are not there
	stream     io.Closer
	in         *bufio.Reader
	at         func() int64
	size       int64 // bytes the header announces
	given      int64 // bytes read
	read       int64 // shapes
	number     int
	buf        []byte
	cells      []string
}

// shapes starts to read a shapefile.
func (s *source) shapes(opt Options) (_ *shapeRows, err error) {
	r := &shapeRows{mapCells: mapCells{limits: opt.Limits}, reading: s.reading}
	if err := s.shapeAttributes(r, opt); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.close())
		}
	}()
	stream, at, err := s.from()
	if err != nil {
		return nil, broken("SHP", err)
	}
	r.stream, r.at, r.in = stream, at, bufio.NewReaderSize(stream, 64<<10)
	var h [shapeHeader]byte
	if _, err := io.ReadFull(r.in, h[:]); err != nil {
		return nil, broken("SHP", err)
	}
	r.size, r.given = 2*int64(binary.BigEndian.Uint32(h[24:])), shapeHeader
	kind := binary.LittleEndian.Uint32(h[32:])
	r.points = kind%10 == 1 && kind < 30
	projection, announced := s.shapeProjection()
	around := geo.Box{West: realOf(h[36:]), South: realOf(h[44:]), East: realOf(h[52:]), North: realOf(h[60:])}
	r.settle(projection, announced, around, &r.reading)
	switch {
	case kind == 31:
		r.reading.note("tabular.note_patches")
	case kind > 10:
		r.reading.note("tabular.note_flat")
	}
	return r, nil
}

// shapeAttributes opens the .dbf file beside the shapes.
func (s *source) shapeAttributes(r *shapeRows, opt Options) error {
	var table *source
	if s.beside != nil {
		var err error
		if table, err = s.beside(".dbf"); err != nil {
			return broken("DBF", err)
		}
	}
	if table == nil {
		r.reading.note("tabular.note_shape_alone")
		return nil
	}
	table.beside = s.beside
	var err error
	r.attributes, err = table.attributes(opt, &r.reading)
	return err
}

// maxProjection is how much of a .prj file is read.
const maxProjection = 64 << 10

// shapeProjection reads the .prj file beside the shapes.
func (s *source) shapeProjection() (p *geo.Projection, announced string) {
	if s.beside == nil {
		return nil, ""
	}
	file, err := s.beside(".prj")
	if err != nil || file == nil {
		return nil, ""
	}
	stream, _, err := file.from()
	if err != nil {
		return nil, ""
	}
	defer stream.Close()
	text, err := io.ReadAll(io.LimitReader(stream, maxProjection))
	if err != nil {
		return nil, ""
	}
	p, announced, _ = geo.ByWKT(strings.TrimSpace(string(text)))
	if p != nil {
		announced = p.Name
	}
	return p, textCell([]byte(announced))
}

func (r *shapeRows) names() []string {
	var columns []string
	if r.attributes != nil {
		columns = r.attributes.names()
	}
	return r.mapCells.names(columns)
}

func (r *shapeRows) position() int64 { return r.at() }

func (r *shapeRows) close() error {
	var all []error
	if r.attributes != nil {
		all = append(all, r.attributes.close())
	}
	if r.stream != nil {
		all = append(all, r.stream.Close())
	}
	return errors.Join(all...)
}

func (r *shapeRows) next() (rawRow, error) {
	for {
		deleted, more := false, true
		if r.attributes != nil {
			var err error
			if deleted, err = r.attributes.advance(); err != nil && err != io.EOF {
				return rawRow{}, err
			}
			more = err == nil
		}
		shape, err := r.shape()
		switch {
		case err == io.EOF && (!more || r.attributes == nil):
			return rawRow{}, io.EOF
		case err == io.EOF:
			return rawRow{}, fault.New(fault.Invalid, "tabular.shape_mismatch", r.read, r.attributes.count)
		case err != nil:
			return rawRow{}, err
		case !more:
			return rawRow{}, fault.New(fault.Invalid, "tabular.shape_mismatch", r.read, r.attributes.count)
		case deleted:
			continue
		}
		r.number++
		return r.row(shape)
	}
}

// row makes the cells of a shape and of its attributes.
func (r *shapeRows) row(content []byte) (rawRow, error) {
	g, err := geo.Shape(content)
	if errors.Is(err, geo.ErrBroken) {
		return rawRow{}, fault.New(fault.Invalid, "tabular.broken_shape", r.number).Because(err)
	}
	r.cells = r.cells[:0]
	if r.attributes != nil {
		r.attributes.number = r.number
		if err := r.attributes.take(); err != nil {
			return rawRow{}, err
		}
		r.cells = append(r.cells, r.attributes.cells...)
	}
	if r.cells, err = r.append(r.cells, g, r.number); err != nil {
		return rawRow{}, err
	}
	return rawRow{number: r.number, cells: r.cells}, nil
}

// shape reads the content of the next record, io.EOF after the last.
func (r *shapeRows) shape() ([]byte, error) {
	var h [8]byte
	switch _, err := io.ReadFull(r.in, h[:]); {
	case err == io.EOF && r.given >= r.size:
		return nil, io.EOF
	case err == io.EOF, err == io.ErrUnexpectedEOF:
		return nil, r.cut()
	case err != nil:
		return nil, broken("SHP", err)
	}
	size := 2 * int64(binary.BigEndian.Uint32(h[4:]))
	if most := r.limits.CellBytes * rowFactor; size > int64(most) {
		return nil, fault.New(fault.TooLarge, "tabular.row_too_large", r.number+1, most)
	}
	if int64(cap(r.buf)) < size {
		r.buf = make([]byte, size)
	}
	r.buf = r.buf[:size]
	switch _, err := io.ReadFull(r.in, r.buf); {
	case err == io.EOF, err == io.ErrUnexpectedEOF:
		return nil, r.cut()
	case err != nil:
		return nil, broken("SHP", err)
	}
	r.given += 8 + size
	r.read++
	return r.buf, nil
}

// cut says that the shapes stop before the end their header announces.
func (r *shapeRows) cut() error {
	return fault.New(fault.Invalid, "tabular.cut_bytes", "SHP", r.given, max(r.size, r.given))
}
