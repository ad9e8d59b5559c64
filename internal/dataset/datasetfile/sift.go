package datasetfile

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/duck"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// Sift implements [dataset.Tables]. What is left is a table of its own, beside, for as long as it is written out: every format is written as usual, and
// memory does not grow with the rows.
func (s *Shelf) Sift(ctx context.Context, table string, sifting dataset.Sifting, format dataset.Format, w io.Writer) (err error) {
	defer fault.Wrap(&err, "datasetfile.Sift(%s)", format)
	path, err := s.Blobs.Path(table)
	if err != nil {
		return err
	}
	columns, _, err := s.Duck.Describe(ctx, path)
	if err != nil {
		return err
	}
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	held := sifting.Sieve(names)
	out := slices.Clone(columns)
	if sifting.Mark != "" {
		mark := sifting.Mark
		for slices.Contains(names, mark) {
			mark += "_"
		}
		out = append(out, duck.Column{Name: mark, Type: duck.Boolean})
	}
	left := filepath.Join(s.Temp, id.New(time.Now())+".parquet")
	defer func() { err = errors.Join(err, os.Remove(left)) }()
	stopped := errors.New("the writer has enough")
	_, err = s.Duck.Write(ctx, left, out, func(yield func(duck.Row, error) bool) {
		cells, n := make([]string, len(out)), int64(0)
		err := s.each(ctx, path, whole(columns), func(row []any) error {
			for i, c := range columns {
				cells[i] = plain(c.Type, row[i])
			}
			back := held(cells[:len(columns)])
			if len(out) > len(columns) {
				cells[len(columns)] = strconv.FormatBool(back)
			} else if back {
				return nil
			}
			if n++; !yield(duck.Row{Number: n, Cells: slices.Clone(cells)}, nil) {
				return stopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, stopped) {
			yield(duck.Row{}, err)
		}
	})
	if err != nil {
		return err
	}
	return s.export(ctx, left, format, w)
}
