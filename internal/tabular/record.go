package tabular

import (
	"bytes"
	"io"
	"slices"
	"unicode/utf8"

	"cultured/internal/fault"
)

// A dialect is how a text marks its columns, its quotes and its lines.
type dialect struct {
	sep    byte // 0: a single column
	quote  byte // 0: none
	escape byte // 0: none; else what follows it stands for itself
	plain  bool // two quotes in a quoted text are no quote
	loneCR bool // a carriage return alone ends a line
}

// A rawRow is a row as the source has it, without regard for the header.
type rawRow struct {
	number    int
	cells     []string // valid until the next row
	openQuote bool
	passed    int // comments above it, once peeked
}

// recordReader cuts a text into records. It holds one record at a time, and one window of the text.
type recordReader struct {
	dialect
	src     io.Reader
	set     *[128]rune // single bytes above 0x7F
	loose   bool       // valid UTF-8 stands for itself
	dropNul bool
	limits  Limits

	window   []byte
	pos, end int
	ended    bool
	number   int
	text     []byte // cells of the record, end to end
	ends     []int  // where each cell ends in text
	decoded  []byte
	cells    []string
	open     bool // a quote of the record never closes
}

// rowFactor bounds a record to so many times the largest cell.
const rowFactor = 16

// next returns the next record, blank ones included, io.EOF after the last.
func (r *recordReader) next() (rawRow, error) {
	for {
		data := r.window[r.pos:r.end]
		if len(data) == 0 && r.ended {
			return rawRow{}, io.EOF
		}
		if line, n, ok := r.plainLine(data); ok {
			r.pos += n
			r.number++
			if err := r.split(line); err != nil {
				return rawRow{}, err
			}
			return rawRow{number: r.number, cells: r.cells}, nil
		}
		n, err := r.parse(data)
		if err != nil {
			return rawRow{}, err
		}
		if n > 0 {
			r.pos += n
			r.number++
			r.cut()
			return rawRow{number: r.number, cells: r.cells, openQuote: r.open}, nil
		}
		if err := r.fill(); err != nil {
			return rawRow{}, err
		}
	}
}

// plainLine returns the line at the start of data when it has no quote, and the bytes it takes.
func (r *recordReader) plainLine(data []byte) (line []byte, n int, ok bool) {
	if r.loneCR {
		return nil, 0, false
	}
	nl := bytes.IndexByte(data, '\n')
	if nl < 0 || r.quote != 0 && bytes.IndexByte(data[:nl], r.quote) >= 0 || r.escape != 0 && bytes.IndexByte(data[:nl], r.escape) >= 0 {
		return nil, 0, false
	}
	line = data[:nl]
	if nl > 0 && line[nl-1] == '\r' {
		line = line[:nl-1]
	}
	return line, nl + 1, true
}

// split makes the cells of a line without quotes, with one allocation.
func (r *recordReader) split(line []byte) error {
	s := string(r.clean(line))
	r.cells = r.cells[:0]
	start := 0
	if r.sep != 0 {
		sep := r.sep
		for i := 0; i < len(s); i++ {
			if s[i] == sep {
				r.cells = append(r.cells, s[start:i])
				start = i + 1
			}
		}
	}
	r.cells = append(r.cells, s[start:])
	if len(r.cells) > r.limits.Columns {
		return fault.New(fault.TooLarge, "tabular.too_many_columns", r.number, len(r.cells), r.limits.Columns)
	}
	if len(s) > r.limits.CellBytes {
		for i, c := range r.cells {
			if len(c) > r.limits.CellBytes {
				return fault.New(fault.TooLarge, "tabular.cell_too_large", r.number, i+1, r.limits.CellBytes)
			}
		}
	}
	return nil
}

// clean decodes b to UTF-8 without its null characters; it returns b itself when there is nothing to do.
func (r *recordReader) clean(b []byte) []byte {
	if !(r.loose && utf8.Valid(b)) && ascii(b) < len(b) {
		r.decoded = decodeText(r.decoded[:0], b, r.set, r.loose)
		b = r.decoded
	}
	if r.dropNul && bytes.IndexByte(b, 0) >= 0 {
		b = bytes.ReplaceAll(b, []byte{0}, nil)
	}
	return b
}

// cut makes the cells of a parsed record.
func (r *recordReader) cut() {
	r.cells = r.cells[:0]
	if b := r.clean(r.text); len(b) == 0 || &b[0] == &r.text[0] {
		s, start := string(r.text), 0
		for _, end := range r.ends {
			r.cells = append(r.cells, s[start:end])
			start = end
		}
		return
	}
	start := 0
	for _, end := range r.ends {
		r.cells = append(r.cells, string(r.clean(r.text[start:end])))
		start = end
	}
}

// parse reads the record at the start of data into text and ends, and returns its size; 0 asks for more data.
func (r *recordReader) parse(data []byte) (int, error) {
	r.text, r.ends, r.open = r.text[:0], r.ends[:0], false
	i := 0
	for {
		start := len(r.text)
		var more bool
		if i, more = r.cell(data, i); len(r.text)-start > r.limits.CellBytes {
			return 0, fault.New(fault.TooLarge, "tabular.cell_too_large", r.number+1, len(r.ends)+1, r.limits.CellBytes)
		}
		if more {
			if len(data) > r.limits.CellBytes*rowFactor {
				return 0, fault.New(fault.TooLarge, "tabular.row_too_large", r.number+1, r.limits.CellBytes*rowFactor)
			}
			return 0, nil
		}
		r.ends = append(r.ends, len(r.text))
		if len(r.ends) > r.limits.Columns {
			return 0, fault.New(fault.TooLarge, "tabular.too_many_columns", r.number+1, len(r.ends), r.limits.Columns)
		}
		if i == len(data) {
			return i, nil
		}
		switch c := data[i]; {
		case r.sep != 0 && c == r.sep:
			i++
		case c == '\r' && i+1 < len(data) && data[i+1] == '\n':
			return i + 2, nil
		default: // \n, or \r alone where it ends lines
			return i + 1, nil
		}
	}
}

// cell appends the cell that starts at i to text and returns the place of what ends it; more asks for more data.
func (r *recordReader) cell(data []byte, i int) (at int, more bool) {
	if r.escape != 0 {
		return r.escaped(data, i)
	}
	if r.quote != 0 && i < len(data) && data[i] == r.quote {
		mark := len(r.text)
		end, state := r.quoted(data, i+1)
		switch state {
		case quoteMore:
			return end, true
		case quoteClosed:
			return r.bare(data, end)
		}
		r.text, r.open = r.text[:mark], true
		r.text = append(r.text, r.quote)
		return r.bare(data, i+1)
	}
	return r.bare(data, i)
}

type quoteState int

const (
	quoteClosed quoteState = iota
	quoteMore
	quoteNever // it opens and never closes: an ordinary character
)

// quoted appends what is inside the quotes, from i, and returns the place after the closing one.
func (r *recordReader) quoted(data []byte, i int) (int, quoteState) {
	start := len(r.text)
	for {
		j := bytes.IndexByte(data[i:], r.quote)
		if j < 0 {
			if r.ended && len(data)-i <= r.limits.CellBytes {
				return i, quoteNever
			}
			r.text = append(r.text, data[i:]...)
			return len(data), quoteMore
		}
		r.text = append(r.text, data[i:i+j]...)
		if len(r.text)-start > r.limits.CellBytes {
			return i, quoteMore // parse refuses the cell
		}
		i += j + 1
		switch {
		case i == len(data):
			if r.ended {
				return i, quoteClosed
			}
			return i, quoteMore
		case data[i] == r.quote && !r.plain:
			r.text = append(r.text, r.quote)
			i++
		case data[i] == r.sep || data[i] <= ' ':
			return i, quoteClosed
		default:
			// A word glued to a closing quote lines below its opening: the opening quote was never closed.
			if bytes.IndexByte(r.text[start:], '\n') >= 0 {
				return i, quoteNever
			}
			return i, quoteClosed
		}
	}
}

// bare appends what is outside quotes, from i to the separator or the end of the line.
func (r *recordReader) bare(data []byte, i int) (int, bool) {
	start := i
	for ; i < len(data); i++ {
		c := data[i]
		if c == '\n' || c == r.sep && r.sep != 0 {
			break
		}
		if c != '\r' {
			continue
		}
		if i+1 == len(data) && !r.ended {
			return i, true
		}
		if r.loneCR || i+1 < len(data) && data[i+1] == '\n' {
			break
		}
	}
	r.text = append(r.text, data[start:i]...)
	return i, i == len(data) && !r.ended
}

// fill brings more of the source into the window, which grows only when a record fills it. It fills it whole, so that a
// long record is parsed again only each time the window doubles.
func (r *recordReader) fill() error {
	if r.pos > 0 {
		r.end = copy(r.window, r.window[r.pos:r.end])
		r.pos = 0
	}
	if r.end == len(r.window) {
		r.window = slices.Grow(r.window, max(256<<10, len(r.window)))
		r.window = r.window[:cap(r.window)]
	}
	for stuck := 0; r.end < len(r.window) && stuck < 100; stuck++ {
		n, err := r.src.Read(r.window[r.end:])
		r.end += n
		if err == io.EOF {
			r.ended = true
			return nil
		}
		if err != nil {
			return err
		}
		if n > 0 {
			stuck = 0
		}
	}
	if r.end < len(r.window) {
		return io.ErrNoProgress
	}
	return nil
}
