package cleaning

import (
	"errors"
	"io"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/recipe"
	"cultured/internal/tabular"
)

// triedRows and triedCells bound how much of a table a draft is tried on; shownRows, how many rows a trial shows.
const (
	triedRows  = 5000
	triedCells = 300_000
	shownRows  = 20
)

// A Trial is what steps do to the first rows of a dataset.
type Trial struct {
	Base    []string // columns before any step
	Columns []TriedColumn
	Rows    []TriedRow
	Tallies []recipe.Tally // of the steps that fit
	Tried   int            // rows of the dataset read
	All     bool           // there are no others
	Given   int64          // rows that came out
	Wrong   *fault.Error   // the first step that does not fit, and why; nil when all do
	At      int            // its place, counted from 0
}

// A TriedColumn is a column after the steps.
type TriedColumn struct {
	Name string
	New  bool // none was called so before
}

// A TriedRow is a row after the steps.
type TriedRow struct {
	Number int // in the file, or in the table the steps make
	Cells  []TriedCell
}

// A TriedCell is a cell after the steps, and before them where the same row had another value there.
type TriedCell struct {
	Value, Before string
	Changed       bool
}

// Try shows what the first steps of a draft do, upTo of them. Faults: those of the file; those of the steps are in the trial.
func (s *Service) Try(b Bench, upTo int) (_ Trial, err error) {
	defer fault.Wrap(&err, "cleaning.Try(%s)", b.Dataset.ID)
	steps := b.Draft.Steps[:min(max(upTo, 0), len(b.Draft.Steps))]
	t, err := s.try(b, steps)
	wrong, at := refusal(err, len(steps))
	if wrong == nil {
		return t, err
	}
	t, err = s.try(b, steps[:at]) // what comes before the step that does not fit
	t.Wrong, t.At = wrong, at
	return t, err
}

// refusal tells the fault of a step, whose place it names first, from others.
func refusal(err error, steps int) (*fault.Error, int) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || len(f.Args) == 0 || f.Kind != fault.Invalid && f.Kind != fault.TooLarge {
		return nil, 0
	}
	if place, ok := f.Args[0].(int); ok && place >= 1 && place <= steps {
		return f, place - 1
	}
	return nil, 0
}

func (s *Service) try(b Bench, steps recipe.Recipe) (t Trial, err error) {
	top, err := s.top(b)
	if err != nil {
		return t, err
	}
	defer func() { _ = top.Close() }() // read only
	top.keep = map[int][]string{}
	run, err := recipe.Cook(top, steps, b.kitchen)
	if err != nil {
		return t, err
	}
	defer func() { _ = run.Release() }() // rows come no more
	t.Base = top.Columns()
	from := make([]int, len(run.Columns()))
	for i, name := range run.Columns() {
		from[i] = slices.Index(t.Base, name)
		t.Columns = append(t.Columns, TriedColumn{Name: name, New: from[i] < 0})
	}
	for {
		row, err := run.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return t, err
		}
		if blankRow(row.Cells) {
			continue
		}
		t.Given++
		if len(t.Rows) < shownRows {
			t.Rows = append(t.Rows, tried(row, from, top.keep[row.Number], reshapes(steps)))
		}
	}
	t.Tallies, t.Tried, t.All = run.Tallies(), top.read, top.all
	return t, nil
}

// reshapes says whether a step makes rows of its own, so that numbers no longer say which row was which.
func reshapes(steps recipe.Recipe) bool {
	return slices.ContainsFunc(steps, func(s recipe.Step) bool {
		return slices.Contains([]string{"unpivot", "pivot", "aggregate", "sql", "sort", "explode"}, s.Kind())
	})
}

func tried(row tabular.Row, from []int, before []string, made bool) TriedRow {
	out := TriedRow{Number: row.Number, Cells: make([]TriedCell, len(from))}
	for i, f := range from {
		c := TriedCell{}
		if i < len(row.Cells) {
			c.Value = strings.Clone(row.Cells[i])
		}
		if !made && before != nil && f >= 0 && f < len(before) && before[f] != c.Value {
			c.Before, c.Changed = before[f], true
		}
		out.Cells[i] = c
	}
	return out
}

func blankRow(cells []string) bool {
	return !slices.ContainsFunc(cells, func(v string) bool { return v != "" })
}

// A top is the first rows of a table.
type top struct {
	tabular.Table
	most, read int
	all        bool
	keep       map[int][]string // rows by number, when they are asked for
}

// top opens the first rows of a version.
func (s *Service) top(b Bench) (*top, error) {
	table, err := b.reread()
	if err != nil {
		return nil, err
	}
	most := max(shownRows, min(triedRows, triedCells/max(1, len(table.Columns()))))
	return &top{Table: table, most: most}, nil
}

// Next implements [tabular.Table].
func (t *top) Next() (tabular.Row, error) {
	row, err := t.Table.Next()
	if err != nil {
		t.all = t.all || err == io.EOF && t.read <= t.most
		return row, err
	}
	if t.read == t.most {
		return tabular.Row{}, io.EOF
	}
	t.read++
	if t.keep != nil {
		t.keep[row.Number] = cells(row.Cells)
	}
	return row, nil
}

// cells copies cells that are valid until the next row only.
func cells(lent []string) []string {
	out := make([]string, len(lent))
	for i, v := range lent {
		out[i] = strings.Clone(v)
	}
	return out
}

// cook sees whether steps fit a dataset, and gives the columns they make. Faults: those of [recipe.Cook].
func (s *Service) cook(b Bench, steps recipe.Recipe) ([]string, error) {
	table, err := b.reread()
	if err != nil {
		return nil, err
	}
	defer func() { _ = table.Close() }() // read only
	run, err := recipe.Cook(table, steps, b.kitchen)
	if err != nil {
		return nil, err
	}
	return run.Columns(), nil
}

// Columns are those that the first steps of a draft give to the next one; those before the first step that does not fit.
func (s *Service) Columns(b Bench, upTo int) ([]string, error) {
	steps := b.Draft.Steps[:min(max(upTo, 0), len(b.Draft.Steps))]
	columns, err := s.cook(b, steps)
	if wrong, at := refusal(err, len(steps)); wrong != nil {
		return s.cook(b, steps[:at])
	}
	return columns, err
}

// Beside are the columns of the other table that a step may join with; nil for one that cannot be found.
func (s *Service) Beside(b Bench, other string) (_ []string, err error) {
	defer fault.Wrap(&err, "cleaning.Beside(%s)", other)
	table, err := b.kitchen.Others(other)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = table.Close() }() // read only
	return slices.Clone(table.Columns()), nil
}

// learn completes a step from the rows that the steps before give it; all of them: a name met in the last row counts.
func (s *Service) learn(b Bench, before recipe.Recipe, step recipe.Step) error {
	if !recipe.Learns(step.Kind()) {
		return nil
	}
	table, err := b.reread()
	if err != nil {
		return err
	}
	defer func() { _ = table.Close() }() // read only
	run, err := recipe.Cook(table, before, b.kitchen)
	if err != nil {
		return err
	}
	defer func() { _ = run.Release() }() // rows come no more
	return recipe.Learn(run, step, len(before)+1, b.kitchen)
}
