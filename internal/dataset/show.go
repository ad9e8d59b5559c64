package dataset

import (
	"strconv"
	"time"

	"cultured/internal/tabular"
)

// A Speaker writes values as a language does; *i18n.Printer is one.
type Speaker interface {
	Number(v any) string
	Date(t time.Time) string
	T(key string, args ...any) string
}

// Show writes a cell of a stored table, of the type of its column, for people: numbers grouped, dates as the language
// writes them, "" for a missing value. A whole number from 1000 to 2999 stays as it is, since it may be a year. Hours are
// those of the source: no zone is applied.
func Show(p Speaker, t Type, v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		if v {
			return p.T("dataset.yes")
		}
		return p.T("dataset.no")
	case int64:
		if v >= 1000 && v < 3000 {
			return strconv.FormatInt(v, 10)
		}
		return p.Number(v)
	case float64:
		return p.Number(v)
	case time.Time:
		if t == TypeDateTime {
			return p.Date(v) + " " + v.Format("15:04:05")
		}
		return p.Date(v)
	}
	return ""
}

// Plain writes a cell of a stored table as files do: dots in numbers, dates in ISO 8601, "" for a missing value.
func Plain(t Type, v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		if t == TypeDateTime {
			return v.Format("2006-01-02T15:04:05")
		}
		return v.Format(time.DateOnly)
	}
	return ""
}

// spreadsheetDigits is the largest whole number spreadsheets keep to the unit: fifteen digits.
const spreadsheetDigits = 999_999_999_999_999

// SheetCell writes a cell of a stored table for a workbook: true numbers and dates, texts as they are.
func SheetCell(t Type, v any) tabular.Cell {
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
		if t == TypeDate {
			return tabular.DateCell(v)
		}
		return tabular.TimeCell(v)
	}
	return tabular.Cell{}
}
