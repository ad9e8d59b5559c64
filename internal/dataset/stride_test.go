package dataset

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"cultured/internal/finding"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// uneven is a table of several strides with gaps, ragged rows, repeated rows, marks, long cells and a total.
func uneven() string {
	var b strings.Builder
	b.WriteString("id;code;nom;montant;date;note\n")
	for i := range 3*strideRows + 17 {
		switch {
		case i%1111 == 3:
			b.WriteString("\n\n")
		case i%977 == 5:
			fmt.Fprintf(&b, "%d;%05d;trop;court\n", i, i%300)
			continue
		case i%2500 == 7:
			fmt.Fprintf(&b, "1;00001;Évreux;12,5;2024-01-02;%s\n", strings.Repeat("long ", 100))
			continue
		}
		fmt.Fprintf(&b, "%d;%05d;%s;%d,%02d;20%02d-03-%02d;n/d\n", i, i%300, []string{"Évreux", "ÉVREUX ", "Nîmes"}[i%3], i*7919%100000, i%100, i%24, i%28+1)
	}
	b.WriteString("Total;;;312;;\n")
	return b.String()
}

func TestExamine_saysTheSameOnOneProcessorAndOnSeveral(t *testing.T) {
	open := bytesOpener([]byte(uneven()), "a.csv")
	said := func(processors int) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		r, found := examine(t, open, Plan{{Kind: "trim"}})
		b, err := json.Marshal(struct {
			R Report
			F []finding.Finding
		}{r, found})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	one, four := said(1), said(4)
	if one != four {
		t.Errorf("on one processor and on four, reports of %d and %d bytes differ", len(one), len(four))
	}
	for _, want := range []string{`"emptyRows":24`, `"dataset.empty_row"`, `"dataset.total_row"`, `"dataset.duplicate_row"`, `"dataset.short_row"`} {
		if !strings.Contains(one, want) {
			t.Errorf("the report lacks %s", want)
		}
	}
}

// A faulty table stops after some rows, in one way or another.
type faulty struct {
	tabular.Table
	rows   int
	fail   func() error
	closed *atomic.Int64
}

func (f *faulty) Next() (tabular.Row, error) {
	if f.rows--; f.rows < 0 {
		return tabular.Row{}, f.fail()
	}
	return f.Table.Next()
}
func (f *faulty) Close() error { f.closed.Add(1); return f.Table.Close() }

func TestExamine_readingThatFailsStopsEverything(t *testing.T) {
	broken := errors.New("broken")
	for _, tc := range []struct {
		name string
		fail func() error
		want any
	}{
		{"an error comes back", func() error { return broken }, broken},
		{"a panic reaches whoever asked", func() error { panic("bug") }, "bug"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var closed atomic.Int64
			open := func() (tabular.Table, error) {
				table, err := bytesOpener([]byte(uneven()), "a.csv")()
				return &faulty{table, strideRows + 10, tc.fail, &closed}, err
			}
			got := func() (got any) {
				defer func() {
					if c := recover(); c != nil {
						got = c
					}
				}()
				_, err := Examine(context.Background(), open, Examination{})
				return errors.Unwrap(err)
			}()
			if got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
			if closed.Load() != 1 {
				t.Errorf("the table was closed %d times, want once", closed.Load())
			}
		})
	}
}

func TestShare_doesEachTaskOnce(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	done := make([]atomic.Int64, 1000)
	share(len(done), fewRows, func(task int) { done[task].Add(1) })
	for i := range done {
		if n := done[i].Load(); n != 1 {
			t.Errorf("task %d was done %d times", i, n)
		}
	}
	defer func() {
		if c := recover(); c != "bug" {
			t.Errorf("got panic %v, want bug", c)
		}
	}()
	share(10, fewRows, func(task int) {
		if task == 7 {
			panic("bug")
		}
	})
}

// TestRising_provesThatNothingComesTwice has more values than sets may hold.
func TestRising_provesThatNothingComesTwice(t *testing.T) {
	p := NewProfiler([]string{"id", "mixed"})
	p.budget = 1 << 18 // too little for the 300,000 values of one column
	addMany(p, 300_000, func(i int) []string { return []string{strconv.Itoa(i), strconv.Itoa((i * 7919) % 300_000)} })
	got := p.Finish()
	if c := got.Columns[0]; !c.Unique || c.Distinct != 300_000 || !c.DistinctExact {
		t.Errorf("id: got unique %v, %d distinct, exact %v", c.Unique, c.Distinct, c.DistinctExact)
	}
	if c := got.Columns[1]; c.Unique || c.DistinctExact {
		t.Errorf("mixed: got unique %v, exact %v: nothing proves it", c.Unique, c.DistinctExact)
	}
	if got.DuplicateRows != 0 || !got.DuplicatesExact {
		t.Errorf("got %d duplicate rows, exact %v: the first column proves there is none", got.DuplicateRows, got.DuplicatesExact)
	}
}

// TestExamine_quicklySaysWhatTheSchemaSays compares a quick look with a whole one.
func TestExamine_quicklySaysWhatTheSchemaSays(t *testing.T) {
	s, _, err := schema.Parse([]byte(`{"primaryKey": "id", "fields": [{"name": "id", "type": "integer"}, {"name": "code", "constraints": {"pattern": "\\d{5}"}},
		{"name": "montant", "type": "number"}, {"name": "date", "type": "date"}, {"name": "absent", "constraints": {"required": true}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	look := func(quick bool) (Report, []finding.Finding) {
		var of []finding.Finding
		r, err := Examine(context.Background(), bytesOpener([]byte(uneven()), "a.csv"), Examination{Schema: &s, Quick: quick, Sink: func(f finding.Finding) {
			if strings.HasPrefix(f.Reason, "schema.") {
				of = append(of, f)
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		return r, of
	}
	whole, want := look(false)
	quick, got := look(true)
	if len(want) < 1000 || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %d findings, want the %d of a whole look", len(got), len(want))
	}
	if quick.Rows != whole.Rows || quick.Valid || !quick.Checked || len(quick.Columns) != 6 || len(quick.SafeFixes()) == 0 {
		t.Errorf("got %+v", quick)
	}
}
