package duck

import (
	"context"
	"database/sql"

	"cultured/internal/fault"
)

// SheetAggregate computes measures by group over a look; the look's conditions replace those of the group. Faults: those of
// Aggregate; Busy "duck.sheet_busy".
func (e *Engine) SheetAggregate(ctx context.Context, ask SheetAsk, look Look, group Group) (res Result, err error) {
	defer fault.Wrap(&err, "duck.SheetAggregate(%s)", ask.Path)
	if group.Limit == 0 {
		group.Limit = defaultLimit
	}
	if group.Limit < 1 || group.Limit > limitMost {
		return res, fault.New(fault.Invalid, "duck.bad_limit", limitMost)
	}
	err = e.onSheet(ctx, ask, func(s *sheet) error {
		st, columns, err := groupStatement(s.base, "", group, look, s)
		if err != nil {
			return err
		}
		rows, err := e.fetch(ctx, st, len(columns))
		for _, row := range rows {
			for i, value := range row {
				row[i] = small(value)
			}
		}
		res = Result{Columns: columns, Rows: rows}
		return err
	})
	return res, err
}

// A Mark is a cell to find: the row by its number, the column by its place.
type Mark struct {
	Place  int64 // of the row in the look, from 0
	Row    int64 // in the order of the file, from 1
	Column int64
}

// Locate says at which place of a look a row is, -1 when it is not in it. Faults: those of SheetPage.
func (e *Engine) Locate(ctx context.Context, ask SheetAsk, look Look, row int64) (place int64, err error) {
	defer fault.Wrap(&err, "duck.Locate(%s)", ask.Path)
	place = -1
	err = e.onSheet(ctx, ask, func(s *sheet) error {
		st := &statement{}
		if s.now.Load().whole(look) {
			if row >= 1 && row <= max(s.base.rows, s.now.Load().patch.Last) {
				place = row - 1
			}
			return nil
		}
		v, err := e.viewOf(ctx, s, look)
		if err != nil {
			return err
		}
		st.sql.WriteString("SELECT rowid FROM " + v.name + " WHERE r = " + st.bind(row-1))
		rows, err := e.fetch(ctx, st, 1)
		if len(rows) > 0 {
			place = rows[0][0].(int64)
		}
		return err
	})
	return place, err
}

// NextMark gives the first cell of another table, beyond one in the order of a look, or the last before it; ok is false when there is none. The other table has
// the lines of the rows in its column "line" and the places of the columns in "position"; where filters it. Faults: those of SheetPage.
func (e *Engine) NextMark(ctx context.Context, ask SheetAsk, look Look, marks MarkTable, after Mark) (found Mark, ok bool, err error) {
	defer fault.Wrap(&err, "duck.NextMark(%s)", ask.Path)
	t, err := e.table(ctx, marks.Path)
	if err != nil {
		return found, false, err
	}
	err = e.onSheet(ctx, ask, func(s *sheet) error {
		rows, err := e.nextMark(ctx, s, look, markQuestion{t, marks, after})
		if len(rows) > 0 {
			found, ok = Mark{rows[0][0].(int64), rows[0][1].(int64), rows[0][2].(int64)}, true
		}
		return err
	})
	return found, ok, err
}

// A MarkTable is a table of cells, as findings are kept.
type MarkTable struct {
	Back  bool // asked for the one before, not the next
	Path  string
	Where []Filter
}

type markQuestion struct {
	table *table
	marks MarkTable
	after Mark
}

func (e *Engine) nextMark(ctx context.Context, s *sheet, look Look, q markQuestion) ([][]any, error) {
	places := "SELECT rowid AS i, rowid + 1 AS r, " + RowColumn + " AS n FROM " + s.table()
	if !s.now.Load().whole(look) {
		v, err := e.viewOf(ctx, s, look)
		if err != nil {
			return nil, err
		}
		places = "SELECT rowid AS i, r + 1 AS r, n FROM " + v.name
	}
	st := &statement{}
	place, column := st.bind(q.after.Place), st.bind(q.after.Column)
	st.sql.WriteString("SELECT p.i, p.r, m.position FROM (" + places + ") AS p JOIN (SELECT line, position")
	st.from(q.table, q.marks.Path)
	if err := st.where(q.table, q.marks.Where, "position >= 0"); err != nil {
		return nil, err
	}
	beyond, order := " > ", ""
	if q.marks.Back {
		beyond, order = " < ", " DESC"
	}
	st.sql.WriteString(") AS m ON m.line = p.n WHERE p.i" + beyond + place + " OR p.i = " + place + " AND m.position" + beyond + column + " ORDER BY p.i" + order + ", m.position" + order + " LIMIT 1")
	return e.fetch(ctx, st, 3)
}

// SheetRows gives every row of a look, in order, the number of each first; a row is valid until the next. The engine waits for fn, which
// must be quick. Faults: those of SheetPage; any error of fn as it is.
func (e *Engine) SheetRows(ctx context.Context, ask SheetAsk, look Look, columns []string, fn func(row []any) error) (err error) {
	defer fault.Wrap(&err, "duck.SheetRows(%s)", ask.Path)
	return e.onSheet(ctx, ask, func(s *sheet) error {
		selected, err := s.base.selected(columns)
		if err != nil {
			return err
		}
		keys, err := s.base.keys(look.Order)
		if err != nil {
			return err
		}
		st := &statement{}
		st.sql.WriteString("SELECT rowid + 1")
		for _, c := range selected {
			st.sql.WriteString(", " + quoteName(c.Name))
		}
		st.from(s.base, "")
		if err := st.look(s.base, look, s); err != nil {
			return err
		}
		if len(look.Order) > 0 {
			st.sql.WriteString(orderBy(keys))
		}
		return e.stream(ctx, st, len(selected)+1, fn)
	})
}

// stream runs a statement and hands over its rows as they come.
func (e *Engine) stream(ctx context.Context, s *statement, width int, fn func(row []any) error) error {
	conn, done, err := e.conn(ctx)
	if err != nil {
		return err
	}
	defer done()
	rows, err := conn.QueryContext(ctx, s.sql.String(), s.args...)
	if err != nil {
		return tooLarge(err)
	}
	defer rows.Close()
	return tooLarge(eachRow(rows, width, fn))
}

func eachRow(rows *sql.Rows, width int, fn func(row []any) error) error {
	row, targets := make([]any, width), make([]any, width)
	for i := range row {
		targets[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	return rows.Err()
}
