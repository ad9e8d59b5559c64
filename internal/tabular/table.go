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
	opt     Options
	sheet   bool     // rows of a workbook have no width of their own
	skip    int      // filled rows under the header still to set aside
	merged  merged   // merged cells
	waiting []rawRow // peeked rows below the header
	above   bool     // filled rows were passed over, above the row a person says is the header
	cells   []string
	count   int64
	ended   error
	blank   struct{ row, n int } // rows of separators alone since the last filled one
}

// newTable peeks at rows, finds the header and completes reading. It returns errNoRows when every row is blank.
func newTable(rows rowSource, reading Reading, opt Options, sheet bool) (*table, error) {
	t := &table{rows: rows, reading: reading, opt: opt, sheet: sheet, skip: opt.SkipRows}
	switch {
	case opt.HeaderRow < NoHeader:
		return nil, fault.Field("headerRow", "tabular.option_header", opt.HeaderRow)
	case opt.HeaderRows < 0 || opt.HeaderRows > MostHeaderRows:
		return nil, fault.Field("headerRows", "tabular.option_header_rows", opt.HeaderRows, MostHeaderRows)
	case opt.SkipRows < 0 || opt.SkipRows > MostSkipRows:
		return nil, fault.Field("skipRows", "tabular.option_skip_rows", opt.SkipRows, MostSkipRows)
	}
	peeked, err := t.peek(opt)
	if err != nil {
		return nil, err
	}
	if len(peeked) == 0 {
		if t.above {
			return nil, fault.Field("headerRow", "tabular.option_header", opt.HeaderRow)
		}
		return nil, errNoRows
	}
	h, err := t.header(peeked, opt)
	if err != nil {
		return nil, err
	}
	t.name(peeked, h, opt)
	return t, t.spread(peeked)
}

// header finds the header, or takes that of the person.
func (t *table) header(rows []rawRow, opt Options) (header, error) {
	switch opt.HeaderRow {
	case NoHeader:
		return header{top: -1, bottom: -1}, nil
	case 0:
		h, err := findHeaders(rows, t)
		if n := opt.HeaderRows; err == nil && n > 0 {
			h.bottom, h.groups = max(h.bottom, 0), 0
			if h.top = h.bottom - n + 1; h.top < 0 {
				h.top, h.bottom = 0, n-1
			}
			if h.bottom >= len(rows) {
				return h, fault.Field("headerRows", "tabular.option_header_rows", n, min(len(rows), MostHeaderRows))
			}
		}
		return h, err
	}
	at := slices.IndexFunc(rows, func(r rawRow) bool { return r.number >= opt.HeaderRow })
	if at < 0 {
		return header{}, fault.Field("headerRow", "tabular.option_header", opt.HeaderRow)
	}
	h := header{top: max(0, at-max(opt.HeaderRows, 1)+1), bottom: at}
	var err error
	if h.top < h.bottom {
		h.spans, err = t.spans()
	}
	return h, err
}

// name names the columns and says how.
func (t *table) name(rows []rawRow, h header, opt Options) {
	if opt.SkipRows > 0 {
		t.reading.note("tabular.note_skipped", strconv.Itoa(opt.SkipRows))
	}
	if h.bottom < 0 {
		if opt.HeaderRow != NoHeader {
			t.reading.note("tabular.note_no_header")
		}
		t.waiting = rows
		t.columns = make([]string, t.width(rows, nil))
		for i := range t.columns {
			t.columns[i] = letterName(i)
		}
		copy(t.columns, opt.Names)
		return
	}
	if above := h.top - h.groups; above > 0 && opt.HeaderRow == 0 {
		t.reading.note("tabular.note_preamble", strconv.Itoa(rows[above].number-1))
	}
	if n := h.bottom - h.top + 1; n > 1 {
		t.reading.HeaderRows = n
		t.reading.note("tabular.note_header_rows", strconv.Itoa(n))
	}
	if h.groups > 0 {
		t.reading.note("tabular.note_groups", strconv.Itoa(rows[h.top-1].number), strconv.Itoa(h.bottom-h.top+1+h.groups))
	}
	names := joined(rows[h.top:h.bottom+1], h.spans)
	t.waiting = rows[h.bottom+1:]
	t.reading.HeaderRow = rows[h.bottom].number
	t.columns = make([]string, t.width(t.waiting, names))
	copy(t.columns, names)
	if opt.SkipRows == 0 && len(t.waiting) > 0 && unitsRow(t.waiting[0].cells) {
		t.reading.Units = t.waiting[0].number
		t.reading.note("tabular.note_units", strconv.Itoa(t.reading.Units))
	}
}

// errNoRows says that a source holds only blank rows.
var errNoRows = fault.New(fault.Invalid, "tabular.no_rows")

// peek keeps the first filled rows, and at least those down to the row a person says is the header; those above the
// header a person names are passed over.
func (t *table) peek(opt Options) ([]rawRow, error) {
	var rows []rawRow
	least := opt.HeaderRow
	top := least - max(opt.HeaderRows, 1) + 1
	passed := 0
	for cells := 0; len(rows) < peekRows && cells < 1<<18 || len(rows) > 0 && rows[len(rows)-1].number <= least; {
		row, err := t.fresh()
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
		if t.comment(row) {
			passed++
			continue
		}
		if row.number < top {
			t.above = true
			continue
		}
		row.cells, row.passed = slices.Clone(row.cells), passed
		passed = 0
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
	for passed := 0; ; {
		raw, err := t.raw()
		if err != nil {
			return Row{}, err
		}
		passed += raw.passed
		last := lastFilled(raw.cells)
		switch {
		case last == 0:
			continue
		case t.comment(raw):
			passed++
			continue
		case t.skip > 0:
			t.skip--
			passed++
			continue
		}
		t.tidy(raw.cells)
		row := Row{Number: raw.number, Width: len(raw.cells), OpenQuote: raw.openQuote, Passed: passed}
		if t.sheet {
			row.Width = max(last, len(t.columns))
			raw.cells = raw.cells[:max(last, min(len(raw.cells), len(t.columns)))] // blanks in a column are what somebody typed
		}
		if t.count += int64(len(raw.cells)); t.count > t.opt.Limits.Cells {
			t.ended = fault.New(fault.TooLarge, "tabular.too_many_cells", t.opt.Limits.Cells, raw.number)
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

// comment says whether a row is one.
func (t *table) comment(row rawRow) bool {
	return slices.Contains(t.opt.CommentRows, row.number) || t.opt.Comment != "" && len(row.cells) > 0 && strings.HasPrefix(row.cells[0], t.opt.Comment)
}

// tidy rewrites cells as the options say: what the source adds around its values.
func (t *table) tidy(cells []string) {
	if t.opt.Null == "" && !t.opt.TrimStart {
		return
	}
	for i, v := range cells {
		if t.opt.TrimStart {
			v = strings.TrimLeft(v, " ")
		}
		if v == t.opt.Null {
			v = ""
		}
		cells[i] = v
	}
}

// raw returns the next row below the header, peeked or fresh.
func (t *table) raw() (rawRow, error) {
	if len(t.waiting) > 0 {
		row := t.waiting[0]
		t.waiting = t.waiting[1:]
		return t.merged.fill(row), nil
	}
	if t.ended != nil {
		return rawRow{}, t.ended
	}
	row, err := t.fresh()
	t.ended = err
	if err != nil {
		return rawRow{}, err
	}
	return t.merged.fill(row), nil
}

// fresh reads the next row of the source and counts those that hold separators alone.
func (t *table) fresh() (rawRow, error) {
	row, err := t.rows.next()
	switch {
	case err != nil:
	case lastFilled(row.cells) > 0:
		t.blank.n = 0
	case len(row.cells) > 1 && !t.sheet:
		if t.blank.n++; t.blank.n == 1 {
			t.blank.row = row.number
		}
	}
	return row, err
}

// Blank implements [Trailer].
func (t *table) Blank() (row, n int) { return t.blank.row, t.blank.n }
