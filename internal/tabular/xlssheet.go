package tabular

import (
	"cmp"
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strconv"

	"cultured/internal/fault"
)

// xlsRows are the rows of one sheet.
type xlsRows struct {
	book                      *xlsBook
	r                         *biffReader
	row                       cellRow
	order                     []xlsPlace // where the rows are, when the sheet does not have them in order; nil when it has
	spans                     []span
	hiddenRows, hiddenColumns bool
	ended                     bool
	held                      bool // the record of the reader is the first of the next row
}

// xlsPlace says where a record that holds cells is.
type xlsPlace struct {
	row, col uint16
	at       int64
}

// maxPlaces bounds the sheets whose rows are not in order: 64 MiB of places.
const maxPlaces = 4 << 20

// openSheet opens the sheet that starts at a place. It is gone through once, from record to record, for what comes after
// the cells and must be known before: the merged cells, and whether rows are in order.
func (b *xlsBook) openSheet(at int64) (rowSource, error) {
	if at < 0 || at >= b.stream.Size() {
		return nil, broken("XLS", errXLS)
	}
	s := &xlsRows{book: b, row: cellRow{limits: b.limits}}
	ordered, err := s.survey(at)
	if err == nil && !ordered {
		err = s.locate(at)
	}
	if err != nil {
		return nil, broken("XLS", err)
	}
	s.r = newBIFF(b.stream, at)
	return s, s.r.next() // the record that opens the sheet
}

// survey goes through the sheet and says whether its rows are in order.
func (s *xlsRows) survey(at int64) (ordered bool, err error) {
	ordered, last := true, -1
	err = s.through(at, func(r *biffReader, _ int64) error {
		switch {
		case r.kind == biffMerged:
			s.merge(r.data)
		case r.kind == biffRow && len(r.data) >= 16 && r.data[12]&0x20 != 0:
			s.hiddenRows = true
		case r.kind == biffColInfo && len(r.data) >= 10 && r.data[8]&1 != 0:
			s.hiddenColumns = true
		case holdsCells(r.kind) && len(r.data) >= 6:
			row := int(binary.LittleEndian.Uint16(r.data))
			ordered = ordered && row >= last
			last = row
		}
		return nil
	})
	return ordered, err
}

// locate notes the place of each cell, in the order of the rows.
func (s *xlsRows) locate(at int64) error {
	err := s.through(at, func(r *biffReader, from int64) error {
		if !holdsCells(r.kind) || len(r.data) < 6 {
			return nil
		}
		row := binary.LittleEndian.Uint16(r.data)
		if len(s.order) == maxPlaces {
			return fault.New(fault.TooLarge, "tabular.too_many_cells", maxPlaces, int(row)+1)
		}
		s.order = append(s.order, xlsPlace{row, binary.LittleEndian.Uint16(r.data[2:]), from})
		return nil
	})
	slices.SortStableFunc(s.order, func(a, b xlsPlace) int {
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col))
	})
	return err
}

// through calls do on each record of the sheet but those of the charts in it, with its place. A sheet that is cut short is
// no error: the reading will say where.
func (s *xlsRows) through(at int64, do func(r *biffReader, from int64) error) error {
	r := newBIFF(s.book.stream, at)
	if err := r.next(); err != nil || r.kind != biffBOF {
		return errXLS
	}
	for depth := 1; depth > 0; {
		from := r.at
		if err := r.next(); err != nil {
			return nil
		}
		switch {
		case r.kind == biffBOF:
			depth++
		case r.kind == biffEOF:
			depth--
		case depth == 1:
			if err := do(r, from); err != nil {
				return err
			}
		}
	}
	return nil
}

func holdsCells(kind int) bool {
	switch kind {
	case biffNumber, biffRK, biffMulRK, biffLabelSST, biffLabel, biffRString, biffBoolErr, biffFormula:
		return true
	}
	return false
}

// merge notes merged cells.
func (s *xlsRows) merge(d []byte) {
	if len(d) < 2 {
		return
	}
	for d = d[2:]; len(d) >= 8; d = d[8:] {
		u := func(i int) int { return int(binary.LittleEndian.Uint16(d[i:])) }
		s.spans = withSpan(s.spans, span{u(0) + 1, u(2) + 1, u(4), u(6)})
	}
}

func (s *xlsRows) merged() ([]span, error)     { return s.spans, nil }
func (s *xlsRows) hides() (rows, columns bool) { return s.hiddenRows, s.hiddenColumns }
func (s *xlsRows) close() error                { return nil }

// position is in bytes of the file, of which the stream is nearly all.
func (s *xlsRows) position() int64 {
	if s.ended {
		return s.book.size
	}
	return min(s.r.at, s.book.size)
}

// next returns the next row that holds a value.
func (s *xlsRows) next() (rawRow, error) {
	if s.ended {
		return rawRow{}, io.EOF
	}
	s.row.cells, s.row.number = s.row.cells[:0], 0
	for {
		err := s.advance()
		if err == io.EOF {
			s.ended = true
			if len(s.row.cells) > 0 {
				return rawRow{number: s.row.number, cells: s.row.cells}, nil
			}
			return rawRow{}, io.EOF
		}
		if err != nil {
			return rawRow{}, broken("XLS", err)
		}
		number := int(binary.LittleEndian.Uint16(s.r.data)) + 1
		if s.row.number != 0 && number != s.row.number {
			if len(s.row.cells) > 0 {
				s.held = true
				return rawRow{number: s.row.number, cells: s.row.cells}, nil
			}
		}
		s.row.number = number
		if err := s.cell(); err != nil {
			return rawRow{}, broken("XLS", err)
		}
	}
}

// advance reads on to the next record that holds cells, io.EOF after the last.
func (s *xlsRows) advance() error {
	if s.held {
		s.held = false
		return nil
	}
	if s.order != nil {
		if len(s.order) == 0 {
			return io.EOF
		}
		s.r = newBIFF(s.book.stream, s.order[0].at)
		s.order = s.order[1:]
		return s.r.next()
	}
	for depth := 1; ; {
		if err := s.r.next(); err != nil {
			return err
		}
		switch {
		case s.r.kind == biffBOF:
			depth++
		case s.r.kind == biffEOF:
			if depth--; depth == 0 {
				return io.EOF
			}
		case depth == 1 && holdsCells(s.r.kind) && len(s.r.data) >= 6:
			return nil
		}
	}
}

// cell reads the cells of a record.
func (s *xlsRows) cell() error {
	d := s.r.data
	col, style := int(binary.LittleEndian.Uint16(d[2:])), int(binary.LittleEndian.Uint16(d[4:]))
	switch kind := s.r.kind; {
	case kind == biffLabelSST && len(d) >= 10:
		if i := binary.LittleEndian.Uint32(d[6:]); int64(i) < int64(len(s.book.shared)) {
			return s.row.put(col, s.book.shared[i])
		}
	case kind == biffNumber && len(d) >= 14:
		return s.row.put(col, s.number(style, math.Float64frombits(binary.LittleEndian.Uint64(d[6:]))))
	case kind == biffRK && len(d) >= 10:
		return s.row.put(col, s.number(style, rkNumber(binary.LittleEndian.Uint32(d[6:]))))
	case kind == biffMulRK:
		for p := d[4:]; len(p) >= 8; p = p[6:] { // the last two bytes are a column
			if err := s.row.put(col, s.number(int(binary.LittleEndian.Uint16(p)), rkNumber(binary.LittleEndian.Uint32(p[2:])))); err != nil {
				return err
			}
			col++
		}
	case kind == biffLabel, kind == biffRString:
		return s.row.put(col, s.label(6))
	case kind == biffBoolErr && len(d) >= 8:
		return s.row.put(col, boolOrError(d[6], d[7] != 0))
	case kind == biffFormula && len(d) >= 14:
		return s.formula(col, style, d[6:14])
	}
	return nil
}

// label reads a string that is in the record itself.
func (s *xlsRows) label(at int) string { return oneNewline(s.book.shortText(s.r, at, true)) }

// formula reads the value a formula had when the workbook was saved.
func (s *xlsRows) formula(col, style int, value []byte) error {
	if value[6] != 0xFF || value[7] != 0xFF {
		return s.row.put(col, s.number(style, math.Float64frombits(binary.LittleEndian.Uint64(value))))
	}
	switch value[0] {
	case 1:
		return s.row.put(col, boolOrError(value[2], false))
	case 2:
		return s.row.put(col, boolOrError(value[2], true))
	case 0: // a text, in a record of its own further on
		for range 8 {
			if k := s.r.peekKind(); holdsCells(k) || k == biffEOF || k < 0 {
				return nil
			}
			if err := s.r.next(); err != nil {
				return err
			}
			if s.r.kind == biffString {
				return s.row.put(col, s.label(0))
			}
		}
	}
	return nil
}

// number writes a number as its style shows it.
func (s *xlsRows) number(style int, f float64) string {
	if style < len(s.book.styles) {
		return s.book.styles[style].number(f, s.book.epoch1904)
	}
	return floatText(f)
}

// rkNumber unpacks a number of 30 bits. Source: [MS-XLS] § 2.5.217, RkNumber.
func rkNumber(v uint32) float64 {
	var f float64
	if v&2 != 0 {
		f = float64(int32(v) >> 2)
	} else {
		f = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

// boolOrError writes a truth value or an error. Source: [MS-XLS] § 2.5.10, BErr.
func boolOrError(v byte, isError bool) string {
	if !isError {
		return strconv.FormatBool(v != 0)
	}
	switch v {
	case 0x00:
		return "#NULL!"
	case 0x07:
		return "#DIV/0!"
	case 0x0F:
		return "#VALUE!"
	case 0x17:
		return "#REF!"
	case 0x1D:
		return "#NAME?"
	case 0x24:
		return "#NUM!"
	}
	return "#N/A"
}
