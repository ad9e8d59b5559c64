package duck

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/fault"
)

// Type is what the cells of a column are.
type Type string

// The types.
const (
	Text      Type = "text"
	Integer   Type = "integer"   // −2⁶³ to 2⁶³−1
	Number    Type = "number"    // IEEE 754 double, finite
	Boolean   Type = "boolean"   // true or false
	Date      Type = "date"      // 2026-01-31
	Timestamp Type = "timestamp" // 2026-01-31T12:30:00, to the microsecond; an offset is converted to UTC
)

// Column is one column of a table.
type Column struct {
	Name string // unique without regard to case; neither empty nor "_row"
	Type Type
}

// RowColumn is the column every file begins with: the number of the row in its source.
const RowColumn = "_row"

const (
	columnLimit      = 16384 // the widest worksheet
	columnsPerMB     = 4     // measured: 1,024 columns are written within 256 MiB, 4,096 within 1 GiB
	wideTable        = 250   // columns beyond which a row waits as one list: each column of a table holds pages of memory
	wideDictionaries = ", STRING_DICTIONARY_PAGE_SIZE_LIMIT 4096, DICTIONARY_SIZE_LIMIT 16"
)

// sqlTypes gives DuckDB's name of each type.
var sqlTypes = map[Type]string{Text: "VARCHAR", Integer: "BIGINT", Number: "DOUBLE", Boolean: "BOOLEAN",
	Date: "DATE", Timestamp: "TIMESTAMP"}

// checkColumns refuses names the engine cannot hold. Faults: Invalid "duck.bad_column" with the name, TooLarge
// "duck.too_many_columns" with the count and the limit, which depends on the engine's memory.
func (e *Engine) checkColumns(columns []Column) error {
	if len(columns) == 0 {
		return fault.New(fault.Invalid, "duck.no_column")
	}
	if limit := min(columnLimit, e.settings.MemoryMB*columnsPerMB); len(columns) > limit {
		return fault.New(fault.TooLarge, "duck.too_many_columns", len(columns), limit)
	}
	seen := map[string]bool{RowColumn: true}
	for _, column := range columns {
		folded := strings.ToLower(column.Name)
		known := sqlTypes[column.Type] != ""
		if column.Name == "" || seen[folded] || !known || strings.Contains(column.Name, "\x00") ||
			!utf8.ValidString(column.Name) {
			return fault.New(fault.Invalid, "duck.bad_column", strings.ToValidUTF8(column.Name, "\uFFFD"))
		}
		seen[folded] = true
	}
	return nil
}

// parse reads canonical text as a value of the type, as the driver takes it; false if it is not one. Empty text is no
// value at all: nil, except as Text where the caller decides.
func parse(t Type, s string) (any, bool) {
	switch t {
	case Text:
		return s, utf8.ValidString(s)
	case Integer:
		n, err := strconv.ParseInt(s, 10, 64)
		return n, err == nil
	case Number:
		return parseNumber(s)
	case Boolean:
		switch s {
		case "true", "1":
			return true, true
		case "false", "0":
			return false, true
		}
		return nil, false
	case Date:
		d, err := time.Parse(time.DateOnly, s)
		return d, err == nil
	default:
		return parseTimestamp(s)
	}
}

// parseNumber reads decimal notation only: the standard library would also take "inf", "0x1p-2" and "1_000".
func parseNumber(s string) (any, bool) {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == '.', c == '-', c == '+', c == 'e', c == 'E':
		default:
			return nil, false
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil // out of range is an error, so n is finite
}

// timestampLayouts are the ISO 8601 forms accepted; Go reads a fraction of the second after any of them.
var timestampLayouts = []string{"2006-01-02T15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05",
	"2006-01-02T15:04", "2006-01-02T15:04Z07:00", "2006-01-02 15:04", "2006-01-02 15:04:05Z07:00", time.DateOnly}

func parseTimestamp(s string) (any, bool) {
	for _, layout := range timestampLayouts {
		if at, err := time.Parse(layout, s); err == nil {
			return at.UTC().Truncate(time.Microsecond), true
		}
	}
	return nil, false
}

// format writes a value as canonical text, so that parse reads it back; false for nil.
func format(t Type, value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), true
	case bool:
		return strconv.FormatBool(v), true
	case time.Time:
		if t == Date {
			return v.Format(time.DateOnly), true
		}
		return v.Format("2006-01-02T15:04:05.999999"), true
	}
	return "", false
}
