package duck

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"
)

// bringUp applies to a sheet what its patch says beyond what was applied. A patch older than that, from somebody who asked earlier, is
// left aside: the sheet only goes forward.
func (e *Engine) bringUp(ctx context.Context, s *sheet, ask SheetAsk) error {
	want := ask.patch()
	if want.Number <= s.now.Load().patch.Number {
		return nil
	}
	s.patching.Lock()
	defer s.patching.Unlock()
	now := s.now.Load()
	if want.Number <= now.patch.Number {
		return nil
	}
	conn, done, err := e.conn(ctx)
	if err != nil {
		return err
	}
	defer done()
	c := changes{sheet: s, path: ask.Path, old: now.patch, want: want}
	// The request may end in the middle; half a patch must not stay.
	ctx = context.WithoutCancel(ctx)
	if err := s.grow(ctx, conn, want.Last); err != nil {
		return tooLarge(err)
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := c.cells(ctx, tx); err != nil {
		return errors.Join(tooLarge(err), tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	next := &state{patch: want, moves: now.moves}
	if want.Last != now.patch.Last || !maps.Equal(want.Gone, now.patch.Gone) {
		next.moves++
	}
	s.now.Store(next)
	return nil
}

// grow makes room for the rows added, in a transaction of its own: a row has no place of its own before the end of the one that makes it.
func (s *sheet) grow(ctx context.Context, conn *sql.Conn, last int64) error {
	if last <= s.length {
		return nil
	}
	_, err := conn.ExecContext(ctx, "INSERT INTO "+s.table()+" ("+RowColumn+") SELECT NULL FROM range($1)", last-s.length)
	if err == nil {
		s.length = last
	}
	return err
}

// changes bring a sheet from one patch to another. No row is ever taken out of the copy, so that a row stays at its place: those that are
// gone are left out by who reads.
type changes struct {
	sheet     *sheet
	path      string
	old, want *Patch
}

// listed is a JSON list that SQL unfolds: the driver binds no lists.
func listed(v any) string {
	b, _ := json.Marshal(v) // numbers and texts always can be
	return string(b)
}

// cells writes the cells that differ, a column at a time: those changed, and those that are again as the file has them.
func (c *changes) cells(ctx context.Context, tx *sql.Tx) error {
	type column struct {
		rows, back []int64
		texts      []*string
	}
	columns := map[string]*column{}
	at := func(name string) *column {
		if columns[name] == nil {
			columns[name] = &column{}
		}
		return columns[name]
	}
	for row, cells := range c.want.Cells {
		for name, text := range cells {
			before, known := c.old.Cells[row][name]
			if known && before == text {
				continue
			}
			col := at(name)
			col.rows, col.texts = append(col.rows, row), append(col.texts, c.typed(name, text))
		}
	}
	for row, cells := range c.old.Cells {
		for name := range cells {
			if _, still := c.want.Cells[row][name]; !still {
				at(name).back = append(at(name).back, row)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		kind, known := c.sheet.base.types[name]
		if !known || name == RowColumn {
			continue // a column the file has not: nothing to order or filter by
		}
		col := columns[name]
		set := "UPDATE " + c.sheet.table() + " AS t SET " + quoteName(name) + " = "
		if len(col.rows) > 0 {
			_, err := tx.ExecContext(ctx, set+"TRY_CAST(p.v AS "+sqlTypes[kind]+`) FROM (SELECT unnest(from_json($1, '["BIGINT"]')) AS r, `+
				`unnest(from_json($2, '["VARCHAR"]')) AS v) AS p WHERE t.rowid = p.r - 1`, listed(col.rows), listed(col.texts))
			if err != nil {
				return err
			}
		}
		if len(col.back) > 0 {
			err := c.back(ctx, tx, name, col.back)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// back gives cells of a column what the file holds, nothing for rows it has not.
func (c *changes) back(ctx context.Context, tx *sql.Tx, name string, rows []int64) error {
	places := `(SELECT unnest(from_json($1, '["BIGINT"]')) - 1)`
	_, err := tx.ExecContext(ctx, "UPDATE "+c.sheet.table()+" AS t SET "+quoteName(name)+" = b.v FROM (SELECT o.rowid AS i, f."+quoteName(name)+
		" AS v FROM "+c.sheet.table()+" AS o LEFT JOIN read_parquet($2) AS f ON f."+RowColumn+" = o."+RowColumn+" WHERE o.rowid IN "+places+
		") AS b WHERE t.rowid = b.i", listed(rows), literalPath(c.path))
	return err
}

// typed gives the text the engine reads as a value of the column, nil for none.
func (c *changes) typed(name, text string) *string {
	kind := c.sheet.base.types[name]
	if _, ok := parse(kind, text); text == "" || !ok {
		return nil
	}
	return &text
}
