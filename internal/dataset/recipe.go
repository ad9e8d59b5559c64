package dataset

import (
	"context"
	"errors"
	"io"

	"cultured/internal/fault"
	"cultured/internal/recipe"
	"cultured/internal/tabular"
)

// fixRecipe is the kind of fix that holds a whole recipe: what people ask for, at its place between the other fixes.
const fixRecipe = "recipe"

// RecipeFix makes one step of a plan of a recipe, which is undone whole.
func RecipeFix(r recipe.Recipe) Fix { return Fix{Kind: fixRecipe, Recipe: r} }

// cooked returns the table the last recipe of a plan, or the last edits, make, and the fixes that come after. A recipe that does not
// fit the table gives a table that says so instead of its first row; edits that do not, at the row.
func cooked(t tabular.Table, plan Plan) (tabular.Table, Plan) {
	at := -1
	for i, f := range plan {
		if f.Kind == fixRecipe || f.Kind == fixEdit {
			at = i
		}
	}
	if at < 0 {
		return t, plan
	}
	before := fixed{newFixer(t, plan[:at])}
	if plan[at].Kind == fixEdit {
		return newEdited(before, plan[at].Edits), plan[at+1:]
	}
	run, err := recipe.Cook(before, plan[at].Recipe, plan[at].kitchen)
	if err != nil {
		return refused{before, err}, plan[at+1:]
	}
	return run, plan[at+1:]
}

// fixed is a table read through a plan, under its unique names.
type fixed struct{ *fixer }

func (f fixed) Reading() tabular.Reading   { return f.table.Reading() }
func (f fixed) Columns() []string          { return UniqueNames(f.header) }
func (f fixed) Next() (tabular.Row, error) { return f.next() }
func (f fixed) Position() int64            { return f.table.Position() }
func (f fixed) Close() error               { return f.table.Close() }

// Release gives back what recipes below hold outside of the program.
func (f *fixer) Release() error {
	if below, ok := f.table.(interface{ Release() error }); ok {
		return below.Release()
	}
	return nil
}

// refused is a table that a recipe does not fit.
type refused struct {
	fixed
	err error
}

func (r refused) Next() (tabular.Row, error) { return tabular.Row{}, r.err }

// Reread opens the file of a version as a recipe added to it would meet it: read as its source says, through its plan. Closing it
// closes the file. Faults: those of the reader, of a recipe the plan has at the first row.
func (s *Service) Reread(ctx context.Context, organisation string, v Version) (_ tabular.Table, err error) {
	defer fault.Wrap(&err, "dataset.Reread(%s, %d)", v.Dataset, v.Number)
	file, err := s.Shelf.Read(v.Source.Blob)
	if err != nil {
		return nil, err
	}
	open, _, err := s.plain(file, v.Source)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	table, err := open()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	plan := s.stocked(ctx, organisation, v.Source.Plan)
	return shelved{fixed{newFixer(table, plan)}, file}, nil
}

// shelved is a table that closes its file.
type shelved struct {
	fixed
	file io.Closer
}

func (s shelved) Close() error { return errors.Join(s.fixed.Close(), s.file.Close()) }

// An ahead is a table read while the rows before are worked on.
type ahead struct {
	fixed
	ctx    context.Context
	runner *runner
	stride *stride // nil before the first
	at     int     // in it
}

// readAhead opens a table that is read in another goroutine than the one that asks for its rows.
func readAhead(ctx context.Context, open Opener) (*ahead, error) {
	table, err := open()
	if err != nil {
		return nil, err
	}
	f := newFixer(table, nil)
	return &ahead{fixed: fixed{f}, ctx: ctx, runner: run(f)}, nil
}

// Next implements [tabular.Table]. Errors: those of the table; the context's when stopped.
func (a *ahead) Next() (tabular.Row, error) {
	for a.stride == nil || a.at == len(a.stride.rows) {
		if a.stride != nil {
			a.runner.give(a.stride)
			a.stride = nil
		}
		s, err := a.runner.next(a.ctx)
		if err != nil {
			return tabular.Row{}, err
		}
		a.stride, a.at = s, 0
	}
	a.at++
	return a.stride.rows[a.at-1], nil
}

// Position implements [tabular.Table].
func (a *ahead) Position() int64 {
	if a.stride == nil {
		return 0
	}
	return a.stride.position
}

// Close implements [tabular.Table].
func (a *ahead) Close() error {
	a.runner.end()
	return a.fixed.Close()
}

// Learned completes the steps of a recipe that were never tried on a table, each from the rows that those before it give.
// Faults: as [Clean], and those of [recipe.Learn].
func Learned(ctx context.Context, open Opener, r recipe.Recipe, k recipe.Kitchen) (err error) {
	defer fault.Wrap(&err, "dataset.Learned")
	for i, step := range r {
		if !recipe.Unlearned(step) {
			continue
		}
		table, err := readAhead(ctx, open)
		if err != nil {
			return err
		}
		run, err := recipe.Cook(table, r[:i], k)
		if err != nil {
			return errors.Join(err, table.Close())
		}
		if err := errors.Join(recipe.Learn(run, step, i+1, k), run.Close()); err != nil {
			return err
		}
	}
	return nil
}

// Clean reads a table through a recipe and gives its header, then its rows, as texts; a cell is valid until the next row. It
// returns what each step did. Faults: those of open, of [recipe.Cook], of the rows and of write; ctx's error when stopped.
func Clean(ctx context.Context, open Opener, r recipe.Recipe, k recipe.Kitchen, write func(cells []string) error) (_ []recipe.Tally, err error) {
	defer fault.Wrap(&err, "dataset.Clean")
	table, err := readAhead(ctx, open)
	if err != nil {
		return nil, err
	}
	defer func() { _ = table.Close() }() // read only
	run, err := recipe.Cook(table, r, k)
	if err != nil {
		return nil, err
	}
	defer func() { _ = run.Release() }() // rows come no more
	if err := write(UniqueNames(run.Columns())); err != nil {
		return nil, err
	}
	for n := 0; ; n++ {
		if n%strideRows == 0 && ctx.Err() != nil { // a step may make many rows of one
			return nil, ctx.Err()
		}
		row, err := run.Next()
		if err == io.EOF {
			return run.Tallies(), nil
		}
		if err != nil {
			return nil, err
		}
		if err := write(row.Cells); err != nil {
			return nil, err
		}
	}
}
