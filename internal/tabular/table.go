package tabular

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
)

// rowSource gives the raw rows of one source, blank ones included or not.
type rowSource interface {
	next() (rawRow, error) // io.EOF after the last
	position() int64
	close() error
}

// table implements [Table] over any rowSource.
type table struct {
	rows    rowSource
	reading Reading
	columns []string
	limits  Limits
	sheet   bool     // rows of a workbook have no width of their own
	waiting []rawRow // peeked rows below the header
	above   bool     // filled rows were passed over, above the row a person says is the header
	cells   []string
	count   int64
	ended   error
}

// newTable peeks at rows, finds the header and completes reading. It returns errNoRows when every row is blank.
func newTable(rows rowSource, reading Reading, opt Options, sheet bool) (*table, error) {
	t := &table{rows: rows, reading: reading, limits: opt.Limits, sheet: sheet}
	peeked, err := t.peek(opt.HeaderRow)
	if err != nil {
		return nil, err
	}
	if len(peeked) == 0 {
		if t.above {
			return nil, fault.Field("headerRow", "tabular.option_header", opt.HeaderRow)
		}
		return nil, errNoRows
	}
	at := findHeader(peeked)
	if opt.HeaderRow > 0 {
		at = slices.IndexFunc(peeked, func(r rawRow) bool { return r.number >= opt.HeaderRow })
		if at < 0 {
			return nil, fault.Field("headerRow", "tabular.option_header", opt.HeaderRow)
		}
	}
	if at < 0 {
		t.reading.note("tabular.note_no_header")
		t.waiting = peeked
		t.columns = make([]string, t.width(peeked, nil))
		for i := range t.columns {
			t.columns[i] = letterName(i)
		}
		return t, nil
	}
	if at > 0 && opt.HeaderRow == 0 {
		t.reading.note("tabular.note_preamble", strconv.Itoa(peeked[at].number-1))
	}
	header := peeked[at]
	t.waiting = peeked[at+1:]
	t.reading.HeaderRow = header.number
	t.columns = make([]string, t.width(t.waiting, header.cells))
	for i := range min(len(t.columns), len(header.cells)) {
		t.columns[i] = strings.TrimSpace(header.cells[i])
	}
	if len(t.waiting) > 0 && unitsRow(t.waiting[0].cells) {
		t.reading.note("tabular.note_units", strconv.Itoa(t.waiting[0].number))
	}
	return t, nil
}

// errNoRows says that a source holds only blank rows.
var errNoRows = fault.New(fault.Invalid, "tabular.no_rows")

// peek keeps the first filled rows, and at least those down to the row a person says is the header.
func (t *table) peek(least int) ([]rawRow, error) {
	var rows []rawRow
	for cells := 0; len(rows) < peekRows && cells < 1<<18 || len(rows) > 0 && rows[len(rows)-1].number <= least; {
		row, err := t.rows.next()
		if err != nil {
			t.ended = err
			if err != io.EOF && len(rows) == 0 {
				return nil, err
			}
			return rows, nil
		}
		if lastFilled(row.cells) == 0 {
			continue
		}
		if row.number < least {
			t.above = true
			continue
		}
		row.cells = slices.Clone(row.cells)
		cells += len(row.cells)
		rows = append(rows, row)
	}
	return rows, nil
}

// width says how many columns the table has. A text has those of its header; a sheet has those of its header and of
// the rows below, up to the last filled cell.
func (t *table) width(rows []rawRow, header []string) int {
	if header != nil && !t.sheet {
		return len(header)
	}
	n := lastFilled(header)
	for _, row := range rows {
		if t.sheet {
			n = max(n, lastFilled(row.cells))
		} else {
			n = max(n, len(row.cells))
		}
	}
	return n
}

// Reading implements [Table].
func (t *table) Reading() Reading { return t.reading }

// Columns implements [Table].
func (t *table) Columns() []string { return t.columns }

// Position implements [Table].
func (t *table) Position() int64 { return t.rows.position() }

// Close implements [Table].
func (t *table) Close() error { return t.rows.close() }

// Next implements [Table]. Rows without any filled cell are passed over.
func (t *table) Next() (Row, error) {
	for {
		raw, err := t.raw()
		if err != nil {
			return Row{}, err
		}
		last := lastFilled(raw.cells)
		if last == 0 {
			continue
		}
		row := Row{Number: raw.number, Width: len(raw.cells), OpenQuote: raw.openQuote}
		if t.sheet {
			row.Width = max(last, len(t.columns))
			raw.cells = raw.cells[:last]
		}
		if t.count += int64(len(raw.cells)); t.count > t.limits.Cells {
			t.ended = fault.New(fault.TooLarge, "tabular.too_many_cells", t.limits.Cells, raw.number)
			t.waiting = nil
			return Row{}, t.ended
		}
		n := len(t.columns)
		switch {
		case len(raw.cells) > n:
			row.Cells, row.Extra = raw.cells[:n:n], raw.cells[n:]
		case len(raw.cells) == n:
			row.Cells = raw.cells
		default:
			t.cells = append(t.cells[:0], raw.cells...)
			for len(t.cells) < n {
				t.cells = append(t.cells, "")
			}
			row.Cells = t.cells
		}
		return row, nil
	}
}

// raw returns the next row below the header, peeked or fresh.
func (t *table) raw() (rawRow, error) {
	if len(t.waiting) > 0 {
		row := t.waiting[0]
		t.waiting = t.waiting[1:]
		return row, nil
	}
	if t.ended != nil {
		return rawRow{}, t.ended
	}
	row, err := t.rows.next()
	t.ended = err
	return row, err
}
