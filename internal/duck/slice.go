package duck

import (
	"context"
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
	s := &statement{}
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = quoteName(c.Name)
	}
	s.sql.WriteString("SELECT " + strings.Join(names, ", ") + " FROM read_parquet(" + s.bind(literalPath(path)) + ", file_row_number = true)")
	s.sql.WriteString(" WHERE file_row_number >= " + s.bind(first-1) + " AND file_row_number < " + s.bind(first-1+int64(count)) + " ORDER BY file_row_number")
	rows, err := e.ask(ctx, s, len(t.columns))
	return Result{Columns: t.columns, Rows: rows}, t.rows, err
}
