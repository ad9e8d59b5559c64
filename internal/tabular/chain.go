package tabular

import (
	"errors"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"

	"cultured/internal/fault"
)

// A Piece is one of several files that are read as one table, in their order.
type Piece struct {
	Name   string `json:"name"`
	Before int    `json:"before"` // rows of the files before it, headers included: what is added to the numbers of its own
}

// Pieced is a [Table] made of several files.
type Pieced interface {
	// Pieces are those reached so far; it may be called while another goroutine reads.
	Pieces() []Piece
}

// Place says which piece a row is in, and its number there; "" and the row itself for a table of one file.
func (r Reading) Place(row int) (piece string, at int) {
	if i := r.PieceOf(row); i >= 0 && row > 0 {
		return r.Pieces[i].Name, row - r.Pieces[i].Before
	}
	return "", row
}

// PieceOf gives the position of the piece a row is in, -1 for a table of one file; the first for what is in no row.
func (r Reading) PieceOf(row int) int {
	if len(r.Pieces) == 0 {
		return -1
	}
	return max(0, sort.Search(len(r.Pieces), func(i int) bool { return r.Pieces[i].Before >= row })-1)
}

// Chain reads several files as one table. All are looked at first: their columns must be those of the first, in its order.
// open opens one; like is how the first was understood, for what nobody says of the others. Rows are numbered through, see
// [Reading.Place]; limits bound the cells of all together.
// Faults: Invalid "tabular.piece_columns", "tabular.piece_width"; "tabular.piece", of the kind of what keeps a piece from being
// read; those of the first file.
func Chain(names []string, open func(i int, like Options) (Table, error), limits Limits) (Table, error) {
	first, err := open(0, Options{})
	if err != nil || len(names) == 1 {
		if err != nil && len(names) > 1 {
			err = inPiece(names[0], err)
		}
		return first, err
	}
	c := &chain{names: names, open: open, now: first, reading: first.Reading(), columns: slices.Clone(first.Columns()), most: limits.or().Cells}
	c.header = c.reading.HeaderRow
	c.last, c.like = c.header, make([]Options, len(names))
	for i := range names[1:] {
		if err := c.suits(i + 1); err != nil {
			return nil, errors.Join(err, first.Close())
		}
	}
	c.header = 0 // of the first, from where its rows are counted
	c.reading.note("tabular.note_pieces", strconv.Itoa(len(names)), list(names))
	c.reading.Pieces = []Piece{{Name: names[0]}}
	c.pieces.Store(&c.reading.Pieces)
	return c, nil
}

func list(names []string) string {
	if len(names) > namedInFault {
		return strings.Join(names[:namedInFault], ", ") + "…"
	}
	return strings.Join(names, ", ")
}

// inPiece says in which of several files a fault is.
func inPiece(name string, err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind == fault.Internal {
		return err
	}
	return fault.New(f.Kind, "tabular.piece", name, f).Because(err)
}

// A chain is a table of several files.
type chain struct {
	names   []string
	open    func(i int, like Options) (Table, error)
	like    []Options // how each is opened
	now     Table     // the one being read
	at      int       // its position
	reading Reading
	columns []string
	pieces  atomic.Pointer[[]Piece]
	before  int // rows of the files before
	last    int // number of the last row, in all
	header  int // rows of headers passed since
	done    int64
	cells   int64
	most    int64 // of the cells
}

// suits looks whether a file has the columns of the first: read alike or, when that fails, as it looks by itself.
func (c *chain) suits(i int) error {
	var refused error
	for _, like := range []Options{c.alike(), {}} {
		t, err := c.open(i, like)
		if err != nil {
			refused = inPiece(c.names[i], err)
			continue
		}
		columns := slices.Clone(t.Columns())
		if err := t.Close(); err != nil {
			return err
		}
		if slices.Equal(columns, c.columns) {
			c.like[i] = like
			return nil
		}
		refused = c.differs(i, columns)
	}
	return refused
}

// alike is how the first file was understood.
func (c *chain) alike() Options {
	r := c.reading
	if r.Typed {
		return Options{}
	}
	like := Options{Separator: r.Separator, Quote: r.Quote, HeaderRow: r.HeaderRow, HeaderRows: r.HeaderRows}
	if r.HeaderRow == 0 {
		like.HeaderRow = NoHeader
	}
	return like
}

func (c *chain) differs(i int, columns []string) error {
	for at := range min(len(columns), len(c.columns)) {
		if columns[at] != c.columns[at] {
			return fault.New(fault.Invalid, "tabular.piece_columns", c.names[i], c.names[0], at+1, columns[at], c.columns[at])
		}
	}
	return fault.New(fault.Invalid, "tabular.piece_width", c.names[i], c.names[0], len(columns), len(c.columns))
}

// Reading implements [Table].
func (c *chain) Reading() Reading { return c.reading }

// Columns implements [Table].
func (c *chain) Columns() []string { return c.columns }

// Pieces implements [Pieced].
func (c *chain) Pieces() []Piece { return *c.pieces.Load() }

// Position implements [Table].
func (c *chain) Position() int64 { return c.done + c.now.Position() }

// Close implements [Table].
func (c *chain) Close() error { return c.now.Close() }

// Next implements [Table].
func (c *chain) Next() (Row, error) {
	for {
		row, err := c.now.Next()
		switch {
		case err == nil:
			row.Number += c.before
			row.Passed += c.header
			c.last, c.header = row.Number, 0
			if c.cells += int64(len(c.columns)); c.cells > c.most {
				_, at := Reading{Pieces: c.Pieces()}.Place(row.Number)
				return Row{}, inPiece(c.names[c.at], fault.New(fault.TooLarge, "tabular.too_many_cells", c.most, at))
			}
			return row, nil
		case err != io.EOF:
			return row, inPiece(c.names[c.at], err)
		case c.at == len(c.names)-1:
			return row, io.EOF
		}
		if err := c.turn(); err != nil {
			return Row{}, err
		}
	}
}

// turn goes on with the next file.
func (c *chain) turn() error {
	if row, n := c.Blank(); n > 0 {
		c.last = max(c.last, row+n-1)
	}
	next, err := c.open(c.at+1, c.like[c.at+1])
	if err != nil {
		return inPiece(c.names[c.at+1], err)
	}
	c.done += c.now.Position()
	err = c.now.Close()
	c.now, c.at, c.before = next, c.at+1, c.last
	header := next.Reading().HeaderRow
	c.header += header
	c.last += header
	pieces := append(slices.Clone(c.Pieces()), Piece{c.names[c.at], c.before})
	c.pieces.Store(&pieces)
	return err
}

// Blank implements [Trailer].
func (c *chain) Blank() (row, n int) {
	row, n = blankOf(c.now)
	return row + c.before, n
}

// leftOut is that of the last file.
func (c *chain) leftOut() (row, n int) {
	row, n = LeftOut(c.now)
	return row + c.before, n
}
