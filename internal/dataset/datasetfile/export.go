package datasetfile

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"cultured/internal/duck"
	"cultured/internal/tabular"
)

// exportCSV writes UTF-8 with commas; cells a spreadsheet would run as formulas are made harmless.
func (s *Shelf) exportCSV(ctx context.Context, path string, columns []duck.Column, ask duck.Select, w io.Writer) error {
	out := csv.NewWriter(w)
	line := make([]string, len(columns))
	for i, c := range columns {
		line[i] = tabular.CSVCell(c.Name)
	}
	if err := out.Write(line); err != nil {
		return err
	}
	err := s.each(ctx, path, ask, func(row []any) error {
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

// exportXLSX writes one sheet with true numbers and dates; text stays text, so that leading zeros survive.
func (s *Shelf) exportXLSX(ctx context.Context, path string, columns []duck.Column, ask duck.Select, w io.Writer) error {
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = c.Name
	}
	out, err := tabular.NewXLSXWriter(w, sheetName, header, nil)
	if err != nil {
		return err
	}
	cells := make([]tabular.Cell, len(columns))
	err = s.each(ctx, path, ask, func(row []any) error {
		for i, c := range columns {
			cells[i] = cell(c.Type, row[i])
		}
		return out.Row(cells)
	})
	if err != nil {
		return err
	}
	return out.Close()
}

// spreadsheetDigits is the largest whole number spreadsheets keep to the unit: fifteen digits.
const spreadsheetDigits = 999_999_999_999_999

// sheetName is that of every workbook given out.
const sheetName = "data"

func cell(t duck.Type, v any) tabular.Cell {
	switch v := v.(type) {
	case string:
		return tabular.TextCell(v)
	case int64:
		if v > spreadsheetDigits || v < -spreadsheetDigits {
			return tabular.TextCell(strconv.FormatInt(v, 10)) // a spreadsheet would round it
		}
		return tabular.NumberCell(float64(v))
	case float64:
		return tabular.NumberCell(v)
	case bool:
		return tabular.BoolCell(v)
	case time.Time:
		if t == duck.Date {
			return tabular.DateCell(v)
		}
		return tabular.TimeCell(v)
	}
	return tabular.Cell{}
}
