package recipe

import (
	"errors"
	"io"
	"slices"

	"cultured/internal/tabular"
)

// A Run is a recipe at work: a table, read as its source is.
type Run struct {
	source   tabular.Table
	sites    []*site
	workers  []worker
	header   []string
	line     []string // the row of the source, ours to change
	ready    []row
	store    []string // cells of the ready rows, where many wait together
	next     int      // of ready
	draining int      // worker whose held rows come next; -1 while the source has rows
	last     int      // number given to the row before
	made     bool     // rows are numbered here
	many     bool     // a row of the source may become several, which wait together
}

// Cook starts a recipe on a table, which is then read through the run alone. Faults: those of the first step that does not
// fit the header it would get; before any row is read.
func Cook(table tabular.Table, r Recipe, k Kitchen) (*Run, error) {
	run := &Run{source: table, header: slices.Clone(table.Columns()), draining: -1, last: table.Reading().HeaderRow}
	run.line = make([]string, len(run.header))
	held := new(int64)
	for i, step := range r {
		s := &site{step: i + 1, header: run.header, tally: &Tally{}, kitchen: k, held: held}
		w, err := step.fit(s)
		if err != nil {
			return nil, err
		}
		run.many = run.many || w.many
		run.sites, run.workers, run.header = append(run.sites, s), append(run.workers, w), w.header
	}
	return run, nil
}

// Fits says whether a recipe can be done on a table with a header, and which header the result has. A header that the rows
// decide (of pivot) is given as far as it is known. Faults: as [Cook].
func Fits(header []string, r Recipe, k Kitchen) ([]string, error) {
	run, err := Cook(blank(header), r, k)
	if err != nil {
		return nil, err
	}
	return run.header, nil
}

// Reading implements [tabular.Table].
func (r *Run) Reading() tabular.Reading { return r.source.Reading() }

// Columns implements [tabular.Table].
func (r *Run) Columns() []string { return r.header }

// Position implements [tabular.Table].
func (r *Run) Position() int64 { return r.source.Position() }

// Close implements [tabular.Table].
func (r *Run) Close() error { return errors.Join(r.release(), r.source.Close()) }

// Release gives back what the steps hold outside of the program, and those of recipes below this one; the source stays open.
func (r *Run) Release() error {
	err := r.release()
	if below, ok := r.source.(interface{ Release() error }); ok {
		err = errors.Join(err, below.Release())
	}
	return err
}

func (r *Run) release() error {
	var errs []error
	for _, w := range r.workers {
		if w.close != nil {
			errs = append(errs, w.close())
		}
	}
	return errors.Join(errs...)
}

// Tallies says what each step has done so far; all of it once Next gave io.EOF.
func (r *Run) Tallies() []Tally {
	out := make([]Tally, len(r.sites))
	for i, s := range r.sites {
		out[i] = *s.tally
	}
	return out
}

// Next implements [tabular.Table]. Faults: those of the source; TooLarge "recipe.too_much_held"; Invalid faults of steps whose
// rows turn out not to fit.
func (r *Run) Next() (tabular.Row, error) {
	for r.next == len(r.ready) {
		r.ready, r.store, r.next = r.ready[:0], r.store[:0], 0
		if err := r.more(); err != nil {
			return tabular.Row{}, err
		}
	}
	out := r.ready[r.next]
	r.next++
	number := out.number
	if r.made = r.made || number <= r.last; r.made {
		number = max(r.last, 1) + 1 // from here on, rows are those of the recipe
	}
	passed := 0
	if r.last > 0 {
		passed = number - r.last - 1 // left out on purpose: not blank rows
	}
	r.last = number
	return tabular.Row{Number: number, Cells: out.cells, Width: len(out.cells), Passed: passed}, nil
}

// more brings at least one row further, or says why not.
func (r *Run) more() error {
	if r.draining < 0 {
		in, err := r.source.Next()
		if err == nil {
			clear(r.line)
			copy(r.line, in.Cells)
			return r.pass(0, row{in.Number, r.line})
		}
		if err != io.EOF {
			return err
		}
		r.draining = 0
	}
	for r.draining < len(r.workers) {
		if w := r.workers[r.draining]; w.rest != nil {
			held, err := w.rest()
			if err == nil {
				r.sites[r.draining].tally.Out++
				return r.pass(r.draining+1, held)
			}
			if err != io.EOF {
				return err
			}
		}
		r.draining++
	}
	return io.EOF
}

// pass gives a row to a worker and what comes of it to those after.
func (r *Run) pass(at int, in row) error {
	if at == len(r.workers) {
		if r.many { // the steps use their line again for the next one
			from := len(r.store)
			r.store = append(r.store, in.cells...)
			in.cells = r.store[from:len(r.store):len(r.store)]
		}
		r.ready = append(r.ready, in)
		return nil
	}
	tally := r.sites[at].tally
	tally.In++
	return r.workers[at].each(in, func(out row) error {
		tally.Out++
		return r.pass(at+1, out)
	})
}

// blank is a table that has a header and no row.
type blank []string

func (blank) Reading() tabular.Reading   { return tabular.Reading{} }
func (b blank) Columns() []string        { return b }
func (blank) Next() (tabular.Row, error) { return tabular.Row{}, io.EOF }
func (blank) Position() int64            { return 0 }
func (blank) Close() error               { return nil }
