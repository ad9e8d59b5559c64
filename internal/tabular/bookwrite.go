package tabular

import (
	"io"
	"unicode/utf8"

	"cultured/internal/opendocument"
)

// A SheetWriter writes a workbook, sheet by sheet and row by row: [XLSXWriter] or [ODSWriter].
type SheetWriter interface {
	// Row writes the next row of the sheet.
	Row(cells []Cell) error
	// Next ends the sheet and starts another one.
	Next(sheet string, header []string, widths []float64) error
	// Close ends the workbook.
	Close() error
}

// NewSheetWriter starts a workbook in a format, "ods" or else "xlsx", as [NewODSWriter] and [NewXLSXWriter] do, with their faults.
func NewSheetWriter(format string, w io.Writer, sheet string, header []string) (SheetWriter, error) {
	if format == "ods" {
		return NewODSWriter(w, sheet, header, nil)
	}
	return NewXLSXWriter(w, sheet, header, nil)
}

// widthOf is the width of a column in characters: as asked, else as its header needs, within bounds.
func widthOf(column int, header string, asked []float64) float64 {
	if column < len(asked) && asked[column] > 0 {
		return min(asked[column], 255)
	}
	return min(max(float64(utf8.RuneCountInString(header))+3, 10), 50)
}

// SheetType is the media type of what [NewSheetWriter] writes in a format.
func SheetType(format string) string {
	if format == "ods" {
		return opendocument.Spreadsheet
	}
	return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}
