package grid

import (
	"context"
	"io"

	"cultured/internal/dataset"
	"cultured/internal/finding"
)

// A Table is a table as somebody sees it now: a version of a dataset, read through what was changed in it since.
type Table struct {
	Dataset dataset.Dataset
	Version dataset.Version
	Overlay *Overlay // nil for none; to be read only
	Past    bool     // the overlay is one from before: others go on reading a later one
}

// Seq is the number of the last operation the table is read with, 0 for none.
func (t Table) Seq() int64 {
	if t.Overlay == nil {
		return 0
	}
	return t.Overlay.Seq
}

// A Window is the part of a look that is read.
type Window struct {
	Columns []string // in this order; empty: all
	From    int64    // place of the first row in the look, from 0
	Count   int      // 1 to [WindowMost]
}

// WindowMost is the most rows of a window.
const WindowMost = 1000

// A Page is what a window shows.
type Page struct {
	Columns []dataset.StorageColumn
	Rows    []Row
	Total   int64 // rows of the look
	Seq     int64 // number of the last operation the page has seen
}

// A Row is one row: nil, string, int64, float64, bool or time.Time in each cell; a string too where what was typed is not of the type
// of its column.
type Row struct {
	Number int64 // in the table of the base, from 1; beyond it, of a row added
	Line   int64 // in the source, as findings count rows; 0 for a row added
	Cells  []any
	Edited []bool // which cells were changed since the version; nil for none
}

// A Spot is a cell of a look.
type Spot struct {
	Place  int64 // of the row in the look, from 0
	Row    int64 // its number
	Column int   // place of the column in the table
}

// A Total is what the values of a column come to in a look. Sum and Mean are nil for a column that is not of numbers.
type Total struct {
	Column         string
	Values         int64 // cells with a value
	Sum, Mean      any
	Least, Largest any
}

// A Grouping says how rows are put together: by the values of a column, with the sum of another.
type Grouping struct {
	By  string
	Sum string // "" for none
}

// A Reader reads tables, any part of them at once.
type Reader interface {
	// Window reads part of a look. Faults: those of the engine, such as Invalid "duck.bad_value".
	Window(ctx context.Context, t Table, look Look, win Window) (Page, error)
	// Find says at which place of a look a row is, -1 when it is not in it.
	Find(ctx context.Context, t Table, look Look, row int64) (int64, error)
	// NextFinding gives the first cell with an error or a warning beyond one, or with back the last before it; a look begins after Place -1
	// and ends before any beyond its rows. ok is false when there is none.
	NextFinding(ctx context.Context, t Table, look Look, from Spot, back bool) (next Spot, ok bool, err error)
	// Totals counts the rows of a look and sums up columns.
	Totals(ctx context.Context, t Table, look Look, columns []dataset.StorageColumn) (rows int64, totals []Total, err error)
	// Groups counts the rows of a look by the values of a column, the largest groups first, at most limit of them; sum is the third cell.
	Groups(ctx context.Context, t Table, look Look, by Grouping, limit int) (dataset.Page, error)
	// Export writes a look as a file: CSV, XLSX or ODS.
	Export(ctx context.Context, t Table, look Look, format dataset.Format, w io.Writer) error
	// Findings lists those of some rows, by their lines.
	Findings(ctx context.Context, t Table, lines []int64) ([]finding.Finding, error)
}
