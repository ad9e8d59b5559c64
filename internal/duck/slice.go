package duck

import (
	"context"
	"fmt"
	"strings"

	"cultured/internal/fault"
)

// sliceMost is the most rows one slice holds.
const sliceMost = 10_000

// Slice gives rows of a file by their place, all columns but "_row": count of them from first, which is 1 for the first row. Fewer come
// at the end. total is how many the file has. Faults: Invalid "duck.bad_limit"; those of [Engine.Describe].
func (e *Engine) Slice(ctx context.Context, path string, first int64, count int) (_ Result, total int64, err error) {
	defer fault.Wrap(&err, "duck.Slice(%s)", path)
	if first < 1 || count < 1 || count > sliceMost {
		return Result{}, 0, fault.New(fault.Invalid, "duck.bad_limit", sliceMost)
	}
	t, err := e.table(ctx, path)
	if err != nil {
		return Result{}, 0, err
	}
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = quoteName(c.Name)
	}
	if rows, ok, err := e.sliceOfSheet(ctx, path, first, min(count, int(max(0, t.rows-first+1)))); ok || err != nil {
		return Result{Columns: t.columns, Rows: rows}, t.rows, err
	}
	s := &statement{}
	s.sql.WriteString("SELECT " + strings.Join(names, ", ") + " FROM read_parquet(" + s.bind(literalPath(path)) + ", file_row_number = true)")
	s.sql.WriteString(" WHERE file_row_number >= " + s.bind(first-1) + " AND file_row_number < " + s.bind(first-1+int64(count)) + " ORDER BY file_row_number")
	rows, err := e.ask(ctx, s, len(t.columns))
	return Result{Columns: t.columns, Rows: rows}, t.rows, err
}

// sliceOfSheet reads the rows from a copy of the file, ten times as quickly, where one is at hand and none of them was changed in it.
func (e *Engine) sliceOfSheet(ctx context.Context, path string, first int64, count int) (rows [][]any, ok bool, err error) {
	s := e.sheets.of(path)
	if s == nil || count < 1 || !s.life.TryRLock() {
		return nil, false, nil
	}
	defer s.life.RUnlock()
	if s.gone || !s.patching.TryLock() { // changes come while it would be read
		return nil, false, nil
	}
	defer s.patching.Unlock()
	now := s.now.Load()
	for row := first; row < first+int64(count); row++ {
		if len(now.patch.Cells[row]) > 0 {
			return nil, false, nil
		}
	}
	var page SheetPage
	err = e.fill(ctx, s, now, &page, picked{span: fmt.Sprintf("rowid BETWEEN %d AND %d", first-1, first+int64(count)-2)})
	return page.Rows, true, err
}

// of is a copy of a file that is made, nil for none.
func (l *sheets) of(path string) *sheet {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key, s := range l.open {
		if strings.HasPrefix(key, path+"\x00") && s.done() && s.err == nil {
			return s
		}
	}
	return nil
}
