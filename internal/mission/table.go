package mission

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/tabular"
)

// Most of an answer's table: what a mission asks for is small, and judging must stay under a second.
const (
	MostRows    = 200_000
	MostColumns = 200
)

// A Table is a small table in memory. Every row has one cell per column.
type Table struct {
	Columns []string
	Rows    [][]string
	Header  int   // row of the header in its file; 0 for a table made here
	Blank   int   // blank rows of its file
	Numbers []int // of each row in its file, header included, as a spreadsheet shows them; nil for a table made here: from 2 on
}

// Number is the number a spreadsheet shows for row i, 0-based.
func (t Table) Number(i int) int {
	if i < len(t.Numbers) {
		return t.Numbers[i]
	}
	return i + 2
}

// Column is the 0-based place of a column, by its name without regard to case, accents and spaces; -1 without it.
func (t Table) Column(name string) int {
	want := french.Fold(strings.TrimSpace(name))
	return slices.IndexFunc(t.Columns, func(c string) bool { return french.Fold(strings.TrimSpace(c)) == want })
}

// Clone copies the table: changing one leaves the other.
func (t Table) Clone() Table {
	c := Table{Columns: slices.Clone(t.Columns), Header: t.Header, Blank: t.Blank, Numbers: slices.Clone(t.Numbers), Rows: make([][]string, len(t.Rows))}
	for i, r := range t.Rows {
		c.Rows[i] = slices.Clone(r)
	}
	return c
}

// CSV writes the table as most spreadsheets of French offices open it: semicolons, a byte order mark, CRLF.
func (t Table) CSV() []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	_ = w.Write(t.Columns) // a buffer takes everything
	for _, r := range t.Rows {
		_ = w.Write(r)
	}
	w.Flush()
	return b.Bytes()
}

// Read takes a whole table into memory. Blank rows are left out. Faults: those of t; TooLarge "mission.too_many_rows" and
// "mission.too_many_columns".
func Read(t tabular.Table) (Table, error) {
	out := Table{Columns: slices.Clone(t.Columns()), Header: t.Reading().HeaderRow}
	if len(out.Columns) > MostColumns {
		return Table{}, fault.New(fault.TooLarge, "mission.too_many_columns", len(out.Columns), MostColumns)
	}
	for {
		r, err := t.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return Table{}, err
		}
		if !slices.ContainsFunc(r.Cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			out.Blank++
			continue
		}
		if len(out.Rows) == MostRows {
			return Table{}, fault.New(fault.TooLarge, "mission.too_many_rows", MostRows)
		}
		out.Rows = append(out.Rows, slices.Clone(r.Cells))
		out.Numbers = append(out.Numbers, r.Number)
	}
}

// same reports whether two cells say the same: the same text, the same number however its decimals are written, or the same day. A spreadsheet
// may change the writing of a value without anybody touching it.
func same(a, b string) bool {
	if a == b {
		return true
	}
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	if a == b {
		return true
	}
	if coded(a) || coded(b) { // a code is not a number: its zeros count
		return false
	}
	x, okX := french.Number(a)
	y, okY := french.Number(b)
	if okX && okY {
		return math.Abs(x-y) <= 1e-9*max(1, math.Abs(x))
	}
	d, _, okD := french.Date(a)
	e, _, okE := french.Date(b)
	return okD && okE && d.Equal(e)
}

// coded reports whether a cell is digits that begin with a zero: a code, not a number.
func coded(s string) bool {
	return len(s) > 1 && s[0] == '0' && strings.Trim(s, "0123456789") == ""
}
