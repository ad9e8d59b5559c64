package gridfile

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"

	"cultured/internal/dataset"
	"cultured/internal/duck"
	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/tabular"
)

// Export implements [grid.Reader]. The file is made beside first, so that a slow reader does not hold the engine.
func (r *Reader) Export(ctx context.Context, t grid.Table, look grid.Look, format dataset.Format, w io.Writer) (err error) {
	defer fault.Wrap(&err, "gridfile.Export(%s)", format)
	sheet, at, err := r.asked(ctx, t, look)
	if err != nil {
		return err
	}
	columns, _, err := r.Duck.Describe(ctx, sheet.Path)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(r.Temp, "grid-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	out := bufio.NewWriterSize(file, 1<<18)
	if err := r.write(ctx, export{sheet, at, columns, t.Overlay}, format, out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(w, file)
	return err
}

type export struct {
	sheet   duck.SheetAsk
	look    duck.Look
	columns []duck.Column
	overlay *grid.Overlay
}

// each calls fn with the cells of every row.
func (r *Reader) each(ctx context.Context, x export, fn func(cells []any) error) error {
	columns := storage(x.columns)
	return r.Duck.SheetRows(ctx, x.sheet, x.look, nil, func(row []any) error {
		out := grid.Row{Number: row[0].(int64), Cells: row[1:]}
		if x.overlay != nil {
			mark(&out, columns, x.overlay)
		}
		return fn(out.Cells)
	})
}

func (r *Reader) write(ctx context.Context, x export, format dataset.Format, w io.Writer) error {
	header, columns := make([]string, len(x.columns)), storage(x.columns)
	for i, c := range columns {
		header[i] = c.Name
	}
	if format != dataset.CSV {
		out, err := tabular.NewSheetWriter(string(format), w, "data", header)
		if err != nil {
			return err
		}
		cells := make([]tabular.Cell, len(columns))
		err = r.each(ctx, x, func(row []any) error {
			for i, v := range row {
				cells[i] = dataset.SheetCell(columns[i].Type, v)
			}
			return out.Row(cells)
		})
		if err != nil {
			return err
		}
		return out.Close()
	}
	out, line := csv.NewWriter(w), make([]string, len(columns))
	for i, name := range header {
		line[i] = tabular.CSVCell(name)
	}
	if err := out.Write(line); err != nil {
		return err
	}
	err := r.each(ctx, x, func(row []any) error {
		for i, v := range row {
			line[i] = dataset.Plain(columns[i].Type, v)
			if text, ok := v.(string); ok {
				line[i] = tabular.CSVCell(text)
			}
		}
		return out.Write(line)
	})
	out.Flush()
	return errors.Join(err, out.Error())
}
