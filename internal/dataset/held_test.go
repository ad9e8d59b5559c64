package dataset

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"cultured/internal/finding"
	"cultured/internal/tabular"
)

// held is a table read once, that is opened again and again: reading a workbook anew for each look takes longer than to look.
type held struct {
	reading      tabular.Reading
	columns      []string
	rows         []tabular.Row
	blank, count int
}

// hold reads a table whole.
func hold(open Opener) (_ *held, err error) {
	table, err := open()
	if err != nil {
		return nil, err
	}
	defer table.Close()
	h := &held{reading: table.Reading(), columns: slices.Clone(table.Columns())}
	for {
		row, err := table.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		row.Cells, row.Extra = cloneCells(row.Cells), cloneCells(row.Extra)
		h.rows = append(h.rows, row)
	}
	if t, ok := table.(tabular.Trailer); ok {
		h.blank, h.count = t.Blank()
	}
	return h, nil
}

// heldOpener reads a table the first time it is opened, and holds it.
func heldOpener(open Opener) Opener {
	read := sync.OnceValues(func() (*held, error) { return hold(open) })
	return func() (tabular.Table, error) {
		h, err := read()
		if err != nil {
			return nil, err
		}
		return &again{held: h}, nil
	}
}

// again is a held table being read.
type again struct {
	*held
	at int
}

func (a *again) Reading() tabular.Reading { return a.reading }
func (a *again) Columns() []string        { return a.columns }
func (a *again) Position() int64          { return int64(a.at) }
func (a *again) Close() error             { return nil }
func (a *again) Blank() (row, n int)      { return a.blank, a.count }
func (a *again) Next() (tabular.Row, error) {
	if a.at == len(a.rows) {
		return tabular.Row{}, io.EOF
	}
	a.at++
	row := a.rows[a.at-1]
	row.Cells = slices.Clone(row.Cells) // lent: whoever changes them changes no other look
	return row, nil
}

// A real is a file of the shared data once it has been examined, by whichever test came first.
type real struct {
	report Report
	plain  []string // findings that no sentence says
	err    error
}

// reals are those examined so far. Tests of this package that use them do not run side by side.
var reals = map[string]*real{}

// examineReal examines a file once for all tests.
func examineReal(t testing.TB, path string) *real {
	t.Helper()
	path = filepath.Clean(path)
	if r := reals[path]; r != nil {
		return r
	}
	r := &real{}
	reals[path] = r
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	open := bytesOpener(b, filepath.Base(path))
	if len(b) <= sweptBytes {
		open = heldOpener(open)
	}
	say := inFrench(t)
	r.report, r.err = Examine(t.Context(), open, Examination{Sink: func(f finding.Finding) {
		if words := say(f.Reason, anys(f.Args)...); !strings.HasPrefix(f.Reason, "schema.") && (words == f.Reason || strings.Contains(words, "{")) && !strings.Contains(f.Value, "{") {
			r.plain = append(r.plain, f.Reason+": "+words)
		}
	}})
	return r
}
