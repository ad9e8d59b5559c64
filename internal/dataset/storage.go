package dataset

import (
	"context"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/schema"
)

// A StorageColumn is a column of a stored table: a safe unique name and the type all its values have.
type StorageColumn struct {
	Name string `json:"name"`
	Type Type   `json:"type"`
}

// A StorageRow is a row of a stored table. Cells are canonical (see Type); "" is a missing value. They are valid until
// the next row.
type StorageRow struct {
	Number int64 // in the source, as a spreadsheet shows it
	Cells  []string
}

// StorageColumns are the columns to store a table as.
func StorageColumns(p Profile) []StorageColumn {
	out := make([]StorageColumn, len(p.Columns))
	for i, c := range p.Columns {
		out[i] = StorageColumn{c.Name, c.Storage}
	}
	return out
}

// keepWords has the answers yes and no stored as the schema wants them written, where it accepts no "true" and "false": a
// table that follows a schema still follows it when it is given out.
func keepWords(p *Profile, s *schema.Schema) {
	if s == nil {
		return
	}
	for i := range p.Columns {
		f, ok := s.Field(p.Columns[i].Name)
		if ok && f.Type == "boolean" && !(slices.Contains(f.TrueValues, "true") && slices.Contains(f.FalseValues, "false")) {
			p.Columns[i].Storage = TypeText
		}
	}
}

// StorageRows reads a table through the plan, as [StorageColumns] of its profile says. Texts stay as they are, but for
// bytes that are not UTF-8; blank rows are left out. Reading stops at the first error, which is the last pair.
func StorageRows(ctx context.Context, open Opener, plan Plan, p Profile) iter.Seq2[StorageRow, error] {
	return func(yield func(StorageRow, error) bool) {
		table, err := open()
		if err != nil {
			yield(StorageRow{}, err)
			return
		}
		defer table.Close()
		f := newFixer(table, plan)
		defer func() { _ = f.Release() }() // rows come no more
		cells := make([]string, len(p.Columns))
		for n := 0; ; n++ {
			if n%strideRows == 0 && ctx.Err() != nil {
				yield(StorageRow{}, ctx.Err())
				return
			}
			row, err := f.next()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(StorageRow{}, fault.New(fault.KindOf(err), "dataset.table_unreadable").Because(err))
				return
			}
			if isBlankRow(row.Cells) {
				continue
			}
			for i, c := range p.Columns {
				cells[i] = ""
				if i < len(row.Cells) {
					cells[i] = canonical(row.Cells[i], c.Storage)
				}
			}
			if !yield(StorageRow{int64(row.Number), cells}, nil) {
				return
			}
		}
	}
}

// canonical writes a cell as its column is stored. A value that does not parse, which a profile of the same rows
// excludes, is missing.
func canonical(v string, t Type) string {
	if v == "" {
		return ""
	}
	if t == TypeText {
		return strings.ToValidUTF8(v, "\uFFFD")
	}
	if t == TypeInteger && plainInteger(v) {
		return v
	}
	c := describeCell(v)
	switch {
	case t == TypeBoolean && (c.kind == kindBoolean || c.kind == kindInteger):
		b, ok := french.Bool(c.text)
		if !ok {
			return ""
		}
		return strconv.FormatBool(b)
	case t == TypeInteger && c.kind == kindInteger, t == TypeNumber && (c.kind == kindInteger || c.kind == kindNumber):
		d, _ := french.Decimal(c.text)
		return d
	case (t == TypeDate || t == TypeDateTime) && (c.kind == kindDate || c.kind == kindDateTime):
		at, _, _ := french.Date(c.text)
		if t == TypeDate {
			return at.Format("2006-01-02")
		}
		return at.Format(isoMoment(at))
	}
	return ""
}

// isoMoment is the layout of a date with its hour: fractions of a second only when there are some.
func isoMoment(at time.Time) string {
	if at.Nanosecond() == 0 {
		return "2006-01-02T15:04:05"
	}
	return "2006-01-02T15:04:05.000000"
}

// plainInteger says whether v is already canonical: digits without a leading zero, at most 18.
func plainInteger(v string) bool {
	return len(v) <= 18 && (v[0] != '0' || len(v) == 1) && classesOf(v) == isDigitByte
}
