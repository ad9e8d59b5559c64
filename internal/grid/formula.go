package grid

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/recipe"
)

// A Fill has the cells of a column computed by a formula, each from the cells of its own row as they are before: a formula that names the
// column itself reads what was there. Nothing it writes is read again, so that none runs in circles.
type Fill struct {
	Column  string  // its name
	Formula string  // as in [recipe.NewFormula]
	Look    Look    // whose rows
	Rows    []int64 // of these only, by number; nil: all
	From    int64   // place in the look from which those are looked for
}

// Bounds of a fill.
const (
	fillRows  = ChangesMost      // of a look
	fillBytes = 32 << 20         // of what is written
	fillTime  = 25 * time.Second // until it is given up
	fillAside = 50               // rows that are not where they were said to be, looked for one by one
)

// A Computed is what a formula makes of a cell.
type Computed struct {
	Number        int64 // of the row
	Line          int64 // in the source, 0 for a row added
	Before, After string
	Why           recipe.Trouble // why the cell is left as it is; none where it is not
}

// A Filled is what became of a fill.
type Filled struct {
	Result
	Total   int64            // rows of the look
	Rows    int64            // that were computed
	Left    int64            // of them, those left as they are because there is no answer that fits
	Reasons []recipe.Trouble // why, the first few that differ
}

// A calculation is a formula at work on the rows of a table.
type calculation struct {
	columns []dataset.StorageColumn
	at      int
	formula recipe.Formula
	overlay *Overlay
	cells   []string
}

// calculate reads a formula for a column. Faults: Invalid "grid.no_such_column" of the field "column"; those of a formula of the field "formula".
func calculate(v View, f Fill) (*calculation, error) {
	c := &calculation{columns: v.Columns, at: -1, overlay: v.Overlay, cells: make([]string, len(v.Columns))}
	names := make([]string, len(v.Columns))
	for i, column := range v.Columns {
		if names[i] = column.Name; column.Name == f.Column {
			c.at = i
		}
	}
	if c.at < 0 {
		return nil, fault.Field("column", "grid.no_such_column", f.Column)
	}
	var err error
	c.formula, err = recipe.NewFormula(names, f.Formula)
	if t, ok := recipe.OfFormula(err); ok {
		err = fault.Field("formula", t.Key, t.Args...)
	}
	return c, err
}

// of computes the cell of a row.
func (c *calculation) of(row Row) Computed {
	out := Computed{Number: row.Number, Line: row.Line}
	for i, column := range c.columns {
		v := dataset.Plain(column.Type, row.Cells[i])
		if cell, edited := c.overlay.Cells[row.Number][column.Name]; edited {
			v = cell.Value
		}
		if i == c.at {
			out.Before = v
		}
		c.cells[i] = spoken(column.Type, v)
	}
	kind := c.columns[c.at].Type
	v, ok := c.formula.Of(c.cells)
	after := Typed(kind, v)
	switch {
	case !ok:
		out.Why = c.formula.Why(c.cells)
	case len(after) > CellMost && utf8.RuneCountInString(after) > CellMost:
		out.Why = recipe.Trouble{Key: "recipe.answer_long"}
	case !Fits(kind, after):
		out.Why = recipe.Trouble{Key: "grid.unfit_" + string(kind), Args: []any{v}}
	default:
		out.After = after
		return out
	}
	out.After = out.Before
	return out
}

// spoken is a stored value as formulas read it.
func spoken(t dataset.Type, v string) string {
	if t == dataset.TypeBoolean {
		switch v {
		case "true":
			return "vrai"
		case "false":
			return "faux"
		}
	}
	return v
}

// Preview computes what a formula would write in some rows of a look, from a place on, and counts the rows of the look. Faults: those of
// [dataset.Service.Find]; Invalid, of the field "formula" or "column", as for [Service.Fill].
func (s *Service) Preview(ctx context.Context, by actor.Actor, id dataset.ID, f Fill, most int) (out []Computed, total int64, err error) {
	defer fault.Wrap(&err, "grid.Preview(%s)", id)
	v, err := s.Read(ctx, by, id)
	if err != nil {
		return nil, 0, err
	}
	c, err := calculate(v, f)
	if err != nil {
		return nil, 0, err
	}
	page, err := s.Reader.Window(ctx, v.Table(), f.Look, Window{From: max(0, f.From), Count: most})
	for _, row := range page.Rows {
		out = append(out, c.of(row))
	}
	return out, page.Total, err
}

// Fill computes the cells of a column as one operation, which keeps the formula: a says its Kind (an edit or a proposal), Key, Base and Text.
// A row for which the formula has no answer of the column's type is left as it is. Doing it again under the same key changes nothing.
// Faults: those of [Service.Do]; Invalid, of the field "formula", "recipe.formula_…", of the field "column", "grid.no_such_column"; TooLarge
// "grid.formula_rows" for a look of too many rows, "grid.formula_bytes"; Busy "grid.formula_slow".
func (s *Service) Fill(ctx context.Context, by actor.Actor, id dataset.ID, f Fill, a Asked) (out Filled, err error) {
	defer fault.Wrap(&err, "grid.Fill(%s)", id)
	v, err := s.Read(ctx, by, id)
	if err != nil {
		return out, err
	}
	if a.Kind != Propose && !v.May {
		return out, fault.New(fault.Denied, "dataset.not_yours")
	}
	if a.Base != 0 && a.Base != v.Overlay.Base && f.Rows != nil {
		return out, fault.New(fault.Conflict, "grid.base_moved")
	}
	c, err := calculate(v, f)
	if err != nil {
		return out, err
	}
	within, cancel := context.WithTimeout(ctx, fillTime)
	defer cancel()
	w := &filling{calculation: c, out: &out}
	if f.Rows != nil {
		err = s.someRows(within, v, f, w)
	} else {
		err = s.everyRow(within, v, f, w)
	}
	if err != nil {
		if errors.Is(within.Err(), context.DeadlineExceeded) && ctx.Err() == nil {
			err = fault.New(fault.Busy, "grid.formula_slow")
		}
		return out, err
	}
	a.Base, a.Seen, a.Formula, a.Changes, a.Typed = v.Overlay.Base, v.Overlay.Seq, strings.TrimSpace(f.Formula), w.changes, false
	results, err := s.Do(ctx, by, id, []Asked{a})
	if err == nil {
		out.Result = results[0]
	}
	return out, err
}

// a filling gathers what a formula writes.
type filling struct {
	*calculation
	out     *Filled
	changes []Change
	bytes   int
}

func (w *filling) row(row Row) error {
	one := w.of(row)
	w.out.Rows++
	if one.Why.Key != "" {
		w.out.Left++
		w.reason(one.Why)
		return nil
	}
	if one.After == one.Before {
		return nil
	}
	if w.bytes += len(one.After); w.bytes > fillBytes {
		return fault.New(fault.TooLarge, "grid.formula_bytes", fillBytes>>20)
	}
	w.changes = append(w.changes, Change{Row: row.Number, Column: w.columns[w.at].Name, Before: one.Before, After: one.After})
	return nil
}

// reasonsKept is how many reasons are told.
const reasonsKept = 3

func (w *filling) reason(t recipe.Trouble) {
	for _, known := range w.out.Reasons {
		if known.Key == t.Key {
			return
		}
	}
	if len(w.out.Reasons) < reasonsKept {
		w.out.Reasons = append(w.out.Reasons, t)
	}
}

// everyRow goes through all rows of a look.
func (s *Service) everyRow(ctx context.Context, v View, f Fill, w *filling) error {
	for from := int64(0); from == 0 || from < w.out.Total; from += WindowMost {
		page, err := s.Reader.Window(ctx, v.Table(), f.Look, Window{From: from, Count: WindowMost})
		if err != nil {
			return err
		}
		if w.out.Total = page.Total; page.Total > fillRows {
			return fault.New(fault.TooLarge, "grid.formula_rows", fillRows)
		}
		for _, row := range page.Rows {
			if err := errors.Join(ctx.Err(), w.row(row)); err != nil {
				return err
			}
		}
	}
	return nil
}

// someRows goes through rows named by their numbers, which were seen at a place of a look.
func (s *Service) someRows(ctx context.Context, v View, f Fill, w *filling) error {
	if len(f.Rows) > fillRows {
		return fault.New(fault.TooLarge, "grid.formula_rows", fillRows)
	}
	wanted := map[int64]bool{}
	for _, row := range f.Rows {
		wanted[row] = true
	}
	for from, end := max(0, f.From), max(0, f.From)+int64(len(f.Rows)); from < end; from += WindowMost {
		page, err := s.Reader.Window(ctx, v.Table(), f.Look, Window{From: from, Count: int(min(WindowMost, end-from))})
		if err != nil {
			return err
		}
		w.out.Total = page.Total
		for _, row := range page.Rows {
			if !wanted[row.Number] {
				continue
			}
			delete(wanted, row.Number)
			if err := errors.Join(ctx.Err(), w.row(row)); err != nil {
				return err
			}
		}
	}
	if len(wanted) > fillAside {
		return fault.New(fault.Conflict, "grid.rows_moved")
	}
	for _, number := range sortedKeys(wanted) { // others moved them meanwhile
		place, err := s.Reader.Find(ctx, v.Table(), Look{}, number)
		if err != nil {
			return err
		}
		page, err := s.Reader.Window(ctx, v.Table(), Look{}, Window{From: max(0, place), Count: 1})
		if err != nil {
			return err
		}
		if len(page.Rows) == 1 && page.Rows[0].Number == number {
			if err := w.row(page.Rows[0]); err != nil {
				return err
			}
		}
	}
	return nil
}
