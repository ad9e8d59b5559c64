package tabular

import "cmp"

// Options is what a person may correct. The zero value detects everything.
type Options struct {
	Encoding   string `json:"encoding,omitempty"`   // one of Encodings; "" detects
	Separator  string `json:"separator,omitempty"`  // one sign, see Separates; "" detects
	Quote      string `json:"quote,omitempty"`      // `"` or "'"; "" detects
	Member     string `json:"member,omitempty"`     // file of an archive; "" takes the most likely one
	Sheet      string `json:"sheet,omitempty"`      // sheet, layer or table of a file that has several; "" takes the first visible one with cells, or the one that dwarfs it
	HeaderRow  int    `json:"headerRow,omitempty"`  // 1-based row of the header, its last one when it has several; 0 detects, NoHeader says there is none
	HeaderRows int    `json:"headerRows,omitempty"` // rows of the header, at most 10; 0 detects, or is 1 when HeaderRow is given
	SkipRows   int    `json:"skipRows,omitempty"`   // filled rows under the header that are no data, such as units; at most MostSkipRows
	DropTotals bool   `json:"dropTotals,omitempty"` // total rows below the last row of data are no data; see [TotalRow]
	Comment    string `json:"comment,omitempty"`    // rows whose first cell starts with it are no data; "" for none
	// CommentRows are rows that are no data, numbered from 1 as a spreadsheet shows them; they are passed over as comments are.
	CommentRows []int  `json:"commentRows,omitempty"`
	Escape      string `json:"escape,omitempty"`      // one sign, see Escapes, after which the next one stands for itself; "" for none
	PlainQuotes bool   `json:"plainQuotes,omitempty"` // two quotes in a quoted text are no quote: the first one ends it
	Null        string `json:"null,omitempty"`        // cells that are exactly this are blank; "" for none
	TrimStart   bool   `json:"trimStart,omitempty"`   // spaces in front of a value are not part of it
	AsStored    bool   `json:"asStored,omitempty"`    // a merged cell has its value in its first row only, as the workbook stores it
	// Names are those of the columns of a table without a header, as far as they go; nil names them A, B, C…
	Names  []string `json:"names,omitempty"`
	Limits Limits   `json:"-"`
}

// Or returns o with what it leaves to detection taken from other: what a person says, over what a descriptor says.
func (o Options) Or(other Options) Options {
	for _, text := range []struct{ to, from *string }{{&o.Encoding, &other.Encoding}, {&o.Separator, &other.Separator}, {&o.Quote, &other.Quote},
		{&o.Member, &other.Member}, {&o.Sheet, &other.Sheet}, {&o.Comment, &other.Comment}, {&o.Escape, &other.Escape}, {&o.Null, &other.Null}} {
		*text.to = cmp.Or(*text.to, *text.from)
	}
	if o.HeaderRow == 0 && o.HeaderRows == 0 {
		o.HeaderRow, o.HeaderRows = other.HeaderRow, other.HeaderRows
	}
	o.SkipRows, o.TrimStart, o.AsStored = cmp.Or(o.SkipRows, other.SkipRows), o.TrimStart || other.TrimStart, o.AsStored || other.AsStored
	o.PlainQuotes, o.DropTotals = o.PlainQuotes || other.PlainQuotes, o.DropTotals || other.DropTotals
	if o.CommentRows == nil {
		o.CommentRows = other.CommentRows
	}
	if o.Names == nil {
		o.Names = other.Names
	}
	return o
}

// NoHeader is the [Options.HeaderRow] of a table whose first row is data.
const NoHeader = -1

// MostSkipRows is the most rows under the header a person may set aside: [Options.SkipRows].
const MostSkipRows = 100

// Limits bound what a file may cost. Zero fields take the value of DefaultLimits.
type Limits struct {
	Bytes     int64 // of the file as received
	Expanded  int64 // of what it unpacks to
	Ratio     int64 // unpacked bytes of a workbook per packed byte read, once past 10 MiB unpacked
	Cells     int64 // read in all
	Columns   int
	CellBytes int // of one cell
}

// DefaultLimits are generous for what agents have and small for a 2-core machine.
var DefaultLimits = Limits{Bytes: 1 << 30, Expanded: 4 << 30, Ratio: 200, Cells: 200_000_000, Columns: 16_384, CellBytes: 1 << 20}

// A Reading is what was detected, shown to the person and open to correction.
type Reading struct {
	Format     string   `json:"format"`              // "csv", "xlsx", …: of the member, in an archive
	Encoding   string   `json:"encoding,omitempty"`  // text formats only
	BOM        bool     `json:"bom,omitempty"`       // a byte order mark was there
	Separator  string   `json:"separator,omitempty"` // text formats only
	Quote      string   `json:"quote,omitempty"`
	Newline    string   `json:"newline,omitempty"` // "lf", "crlf", "cr" or "mixed"
	Member     string   `json:"member,omitempty"`  // archives only: the file that is read
	Members    []Member `json:"members,omitempty"` // those that could be, at most maxMembers
	Sheet      string   `json:"sheet,omitempty"`   // the sheet, layer or table read, of formats that may hold several; see [Part]
	Sheets     []Sheet  `json:"sheets,omitempty"`
	Typed      bool     `json:"typed,omitempty"`      // the format itself names the columns: there is no header row to look for
	HeaderRow  int      `json:"headerRow"`            // 1-based row of the (last) header row; 0 = no header found, columns are named
	HeaderRows int      `json:"headerRows,omitempty"` // rows of the header when it has several: groups of columns, then names
	Merged     int      `json:"merged,omitempty"`     // merged cells over several rows of the body, at most maxSpans; see [Options.AsStored]
	Pieces     []Piece  `json:"pieces,omitempty"`     // tables of several files only; complete once the table has been read
	Units      int      `json:"units,omitempty"`      // row under the header that seems to give units, and is kept as a row; 0 for none
	Totals     int      `json:"totals,omitempty"`     // row where the totals at the end start, which are kept as rows; 0 for none, or before the end is read
	Notes      []Note   `json:"notes,omitempty"`
}

// A Member is one file of an archive that may be read.
type Member struct {
	Name  string `json:"name"`  // with its folders
	Bytes int64  `json:"bytes"` // unpacked, as the archive says
}

// A Sheet is one sheet of a workbook, one layer of a map, one table of a database.
type Sheet struct {
	Name   string `json:"name"`
	Hidden bool   `json:"hidden,omitempty"`
}

// A Note explains one decision of the reader: a catalogue key and its arguments, for example
// "tabular.note_false_bom". It is information, never an error.
type Note struct {
	Key  string   `json:"key"`
	Args []string `json:"args,omitempty"`
}

// Loses says whether the note tells of something in the file that is not read, or not put in its place: a person must not
// miss it.
func (n Note) Loses() bool {
	switch n.Key {
	case "tabular.note_memo", "tabular.note_memo_broken", "tabular.note_shape_alone", "tabular.note_patches", "tabular.note_wal", "tabular.note_topojson",
		"tabular.note_not_degrees", "tabular.note_projection_unknown", "tabular.note_projection_none":
		return true
	}
	return false
}

// Chooses says whether the note tells which of several tables of the file is read.
func (n Note) Chooses() bool {
	switch n.Key {
	case "tabular.note_member", "tabular.note_layer", "tabular.note_table", "tabular.note_sheet", "tabular.note_main_sheet":
		return true
	}
	return false
}

// A Row is one record of the table. Cells always has one cell per column: short rows are padded with "",
// what is beyond the header is kept in Extra.
type Row struct {
	Number int      // as a spreadsheet shows it, 1-based, header included; a multi-line cell does not count twice
	Cells  []string // valid until the next call of Next
	Extra  []string // cells beyond the last column
	Width  int      // cells in the source row, before padding
	Passed int      // filled rows set aside between the row before and this one: comments, and those of Options.SkipRows
	// OpenQuote says that a quote opened in this row and never closed; it was read as an ordinary character, so that
	// it did not swallow the rows below.
	OpenQuote bool
}

// A Table is read once, from first to last row, in bounded memory.
type Table interface {
	// Reading says how the source was understood; complete before the first Next.
	Reading() Reading
	// Columns are the names of the header, as in the source, trimmed; unnamed and repeated ones as they are.
	Columns() []string
	// Next returns the next row after the header, io.EOF after the last.
	// Faults: Invalid "tabular.*", TooLarge "tabular.*".
	Next() (Row, error)
	// Position is how far the reading went, in bytes of the source: for progress bars.
	Position() int64
	// Close releases what Open took; not the source.
	Close() error
}

// A Trailer is a [Table] that knows of rows of separators alone below its last row, as spreadsheets write them. Lines without
// anything, and the blank rows of sheets, are not counted.
type Trailer interface {
	// Blank gives the first of them and their number, once Next returned io.EOF; n is 0 for none.
	Blank() (row, n int)
}

// or returns l with its zero fields taken from DefaultLimits.
func (l Limits) or() Limits {
	d := DefaultLimits
	if l.Bytes <= 0 {
		l.Bytes = d.Bytes
	}
	if l.Expanded <= 0 {
		l.Expanded = d.Expanded
	}
	if l.Ratio <= 0 {
		l.Ratio = d.Ratio
	}
	if l.Cells <= 0 {
		l.Cells = d.Cells
	}
	if l.Columns <= 0 {
		l.Columns = d.Columns
	}
	if l.CellBytes <= 0 {
		l.CellBytes = d.CellBytes
	}
	return l
}
