package datasetfile

import (
	"context"
	"encoding/csv"
	"io"

	"cultured/internal/dataset"
	"cultured/internal/duck"
	"cultured/internal/tabular"
)

// exportCSV writes UTF-8 with commas; cells a spreadsheet would run as formulas are made harmless.
func (s *Shelf) exportCSV(ctx context.Context, path string, columns []duck.Column, w io.Writer) error {
	out := csv.NewWriter(w)
	line := make([]string, len(columns))
	for i, c := range columns {
		line[i] = tabular.CSVCell(c.Name)
	}
	if err := out.Write(line); err != nil {
		return err
	}
	err := s.each(ctx, path, whole(columns), func(row []any) error {
		for i, c := range columns {
			line[i] = plain(c.Type, row[i])
			if c.Type == duck.Text {
				line[i] = tabular.CSVCell(line[i])
			}
		}
		return out.Write(line)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// exportSheet writes a workbook of one sheet with true numbers and dates; text stays text, so that leading zeros survive.
func (s *Shelf) exportSheet(ctx context.Context, path string, columns []duck.Column, format dataset.Format, w io.Writer) error {
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = c.Name
	}
	out, err := tabular.NewSheetWriter(string(format), w, sheetName, header)
	if err != nil {
		return err
	}
	cells := make([]tabular.Cell, len(columns))
	err = s.each(ctx, path, whole(columns), func(row []any) error {
		for i, c := range columns {
			cells[i] = dataset.SheetCell(types[c.Type], row[i])
		}
		return out.Row(cells)
	})
	if err != nil {
		return err
	}
	return out.Close()
}

// sheetName is that of every workbook given out.
const sheetName = "data"
