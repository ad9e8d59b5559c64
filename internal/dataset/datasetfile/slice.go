package datasetfile

import (
	"context"

	"cultured/internal/dataset"
	"cultured/internal/fault"
)

// Slice gives rows of a stored table by their place, 1 for the first, as files write them; fewer come at the end.
func (s *Shelf) Slice(ctx context.Context, table string, first int64, count int) (out dataset.Slice, err error) {
	defer fault.Wrap(&err, "datasetfile.Slice")
	path, err := s.Blobs.Path(table)
	if err != nil {
		return out, err
	}
	res, total, err := s.Duck.Slice(ctx, path, first, count)
	if err != nil {
		return out, err
	}
	out.Columns, out.Rows, out.Total = storage(res.Columns), make([][]string, len(res.Rows)), total
	for i, row := range res.Rows {
		out.Rows[i] = make([]string, len(row))
		for k, v := range row {
			out.Rows[i][k] = dataset.Plain(out.Columns[k].Type, v)
		}
	}
	return out, nil
}
