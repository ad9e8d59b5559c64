package duck

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/fault"
	"cultured/internal/geo"
)

// Foreign is a Parquet file that somebody sent, read from its first row to its last, as text. It is read page by page, so that a
// slow reader holds neither the engine nor its memory. It is for one goroutine.
type Foreign struct {
	engine  *Engine
	path    string
	columns []string
	values  []string // what is selected, column by column
	rows    int64
	at      int64 // rows asked for so far
	size    int64 // rows of a page
	page    [][]any
	cells   []string
	shapes  geo.ParquetMap
	how     []foreignKind
}

// Pages are of as many cells as fit in some megabytes.
const (
	foreignCells     = 1 << 18
	foreignLeastRows = 256
	foreignMostRows  = 1 << 15
	foreignBytes     = 32 << 20        // of a page, by the average of the heaviest part of the file
	foreignPatience  = 2 * time.Minute // for one page
)

// blobShown is how many bytes of a binary value a cell shows.
const blobShown = 1024

// Foreign opens a file. Its columns may be of any type: numbers and dates are written as [Write] reads them, moments of a zone in UTC, lists and objects
// as JSON, binary values as text where they are text and else as hexadecimal digits, at most 1,024 bytes of them. Those of
// the columns of shapes, [Foreign.Shapes], are given as they are.
// Faults: NotFound "duck.missing_file", Invalid "duck.bad_file".
func (e *Engine) Foreign(ctx context.Context, path string) (_ *Foreign, err error) {
	defer fault.Wrap(&err, "duck.Foreign(%s)", path)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "duck.missing_file").Because(err)
	}
	conn, done, err := e.conn(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	f := &Foreign{engine: e, path: path}
	bad := func(err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fault.New(fault.Invalid, "duck.bad_file").Because(err)
	}
	if err := conn.QueryRowContext(ctx, "SELECT num_rows FROM parquet_file_metadata($1)", literalPath(path)).Scan(&f.rows); err != nil {
		return nil, bad(err)
	}
	rows, err := conn.QueryContext(ctx, "SELECT * FROM read_parquet($1) LIMIT 0", literalPath(path))
	if err != nil {
		return nil, bad(err)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, bad(err)
	}
	if f.shapes.Meta, err = shapesSaid(ctx, conn, path); err != nil {
		return nil, bad(err)
	}
	for _, each := range types {
		f.columns = append(f.columns, each.Name())
		f.values = append(f.values, foreignValue(quoteName(each.Name()), each.DatabaseTypeName()))
		f.how = append(f.how, howOf(each.DatabaseTypeName()))
		if crs, ok := shapeType(each.DatabaseTypeName()); ok {
			if f.shapes.Typed == nil {
				f.shapes.Typed = map[string]string{}
			}
			f.shapes.Typed[each.Name()] = crs
		}
	}
	if err := rows.Err(); err != nil || len(types) == 0 {
		return nil, bad(err)
	}
	for _, shape := range f.shapes.Columns() {
		if i := slices.Index(f.columns, shape.Name); i >= 0 && shape.Encoding == "wkb" {
			f.how[i] = foreignRaw
		}
	}
	f.size, err = pageRows(ctx, conn, path, len(types))
	if err != nil {
		return nil, bad(err)
	}
	return f, nil
}

// shapesSaid reads the metadata of GeoParquet, "" where there is none.
func shapesSaid(ctx context.Context, conn *sql.Conn, path string) (string, error) {
	var said []byte
	err := conn.QueryRowContext(ctx, "SELECT value FROM parquet_kv_metadata($1) WHERE key::BLOB = 'geo'::BLOB ORDER BY octet_length(value) DESC LIMIT 1", literalPath(path)).Scan(&said)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return string(said), err
}

// shapeType says whether a type is that of shapes, and their coordinate system as it is written in it.
func shapeType(kind string) (crs string, ok bool) {
	rest, ok := strings.CutPrefix(kind, "GEOMETRY")
	return strings.ReplaceAll(strings.Trim(rest, "()'"), "''", "'"), ok
}

// pageRows is how many rows a page has: as many as fit in some megabytes.
func pageRows(ctx context.Context, conn *sql.Conn, path string, columns int) (int64, error) {
	rows := min(max(int64(foreignCells/columns), foreignLeastRows), foreignMostRows)
	var heavy float64 // bytes of a row
	err := conn.QueryRowContext(ctx, "SELECT coalesce(max(bytes / rows), 0) FROM (SELECT sum(total_uncompressed_size)::DOUBLE AS bytes, greatest(max(row_group_num_rows), 1) AS rows "+
		"FROM parquet_metadata($1) GROUP BY row_group_id)", literalPath(path)).Scan(&heavy)
	if err != nil {
		return 0, err
	}
	return max(1, min(rows, int64(foreignBytes/max(heavy, 1)))), nil
}

// A foreignKind is how the cells of a column are written.
type foreignKind byte

const (
	foreignPlain  foreignKind = iota
	foreignRaw                // bytes as they are
	foreignNested             // JSON
	foreignZoned              // moments whose zone is known: the engine gives them in UTC
)

func howOf(kind string) foreignKind {
	switch {
	case strings.HasSuffix(kind, "]"), strings.HasPrefix(kind, "STRUCT"), strings.HasPrefix(kind, "MAP"), strings.HasPrefix(kind, "UNION"), kind == "LIST", kind == "ARRAY", kind == "VARIANT":
		return foreignNested
	case strings.HasPrefix(kind, "TIMESTAMPTZ"):
		return foreignZoned
	}
	return foreignPlain
}

// foreignValue is what is selected of a column of a type: itself, where the driver gives what can be written exactly.
func foreignValue(column, kind string) string {
	if howOf(kind) == foreignNested {
		return "CAST(to_json(" + column + ") AS VARCHAR)"
	}
	if _, ok := shapeType(kind); ok {
		return "ST_AsWKB(" + column + ")"
	}
	switch kind {
	case "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE", "VARCHAR",
		"BLOB", "DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMPTZ":
		if kind == "DATE" {
			return "CAST(" + column + " AS VARCHAR)" // before year 1 too
		}
		return column
	case "TIME", "TIMETZ": // the engine writes an hour past the end of the day by reading outside its memory, and dies of it
		last := map[string]string{"TIME": "TIME '24:00:00'", "TIMETZ": "TIMETZ '24:00:00-15:59'"}[kind]
		first := map[string]string{"TIME": "TIME '00:00:00'", "TIMETZ": "TIMETZ '00:00:00+15:59'"}[kind]
		return "CASE WHEN " + column + " IS NULL THEN NULL WHEN " + column + " BETWEEN " + first + " AND " + last + " THEN CAST(" + column +
			" AS VARCHAR) ELSE error('an hour that is none') END"
	}
	return "CAST(" + column + " AS VARCHAR)"
}

// Columns are the names of the columns, in the order of the file.
func (f *Foreign) Columns() []string { return f.columns }

// Shapes are what the file says of its shapes. The cells of their columns are binary where they are in WKB, and else JSON.
func (f *Foreign) Shapes() geo.ParquetMap { return f.shapes }

// Rows is how many rows the file says it has.
func (f *Foreign) Rows() int64 { return f.rows }

// Read is how many rows have been given out.
func (f *Foreign) Read() int64 { return f.at - int64(len(f.page)) }

// Next gives the next row, one cell a column, "" for no value; valid until the next call. more is false after the last.
// Faults: Invalid "duck.bad_file", TooLarge "duck.out_of_memory".
func (f *Foreign) Next(ctx context.Context) (cells []string, more bool, err error) {
	if len(f.page) == 0 {
		if f.at >= f.rows {
			return nil, false, nil
		}
		if err := f.turn(ctx); err != nil {
			return nil, false, err
		}
	}
	row := f.page[0]
	f.page = f.page[1:]
	f.cells = f.cells[:0]
	for i, v := range row {
		f.cells = append(f.cells, f.how[i].text(v))
	}
	return f.cells, true, nil
}

// turn reads the next page.
func (f *Foreign) turn(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, foreignPatience)
	defer cancel()
	conn, done, err := f.engine.conn(ctx)
	if err != nil {
		return err
	}
	defer done()
	defer func() {
		if known := fault.KindOf(err) != fault.Internal; err != nil && !known && ctx.Err() == nil {
			err = fault.New(fault.Invalid, "duck.bad_file").Because(err)
		}
	}()
	want := min(f.size, f.rows-f.at)
	// Row groups before the offset are passed over unread.
	statement := "SELECT " + strings.Join(f.values, ", ") + " FROM read_parquet($1) LIMIT " + strconv.FormatInt(want, 10) + " OFFSET " + strconv.FormatInt(f.at, 10)
	rows, err := conn.QueryContext(ctx, statement, literalPath(f.path))
	if err != nil {
		return tooLarge(err)
	}
	defer rows.Close()
	f.page = make([][]any, 0, want)
	for rows.Next() {
		row := make([]any, len(f.columns))
		into := make([]any, len(row))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		f.page = append(f.page, row)
	}
	if err := rows.Err(); err != nil {
		return tooLarge(err)
	}
	if int64(len(f.page)) != want {
		return errors.New("fewer rows than announced")
	}
	f.at += want
	return nil
}

// text writes a value of the driver.
func (k foreignKind) text(value any) string {
	switch v := value.(type) {
	case []byte:
		if k == foreignRaw {
			return string(v)
		}
	case string:
		if k == foreignNested {
			return withoutNaN(v)
		}
	case time.Time:
		if k == foreignZoned {
			return foreignText(v) + "Z"
		}
	}
	return foreignText(value)
}

// withoutNaN writes null for the numbers JSON has not: the engine writes NaN, Infinity and -Infinity.
func withoutNaN(s string) string {
	if !strings.Contains(s, "NaN") && !strings.Contains(s, "Infinity") {
		return s
	}
	var b strings.Builder
	quoted := false
	for i := 0; i < len(s); {
		n := 0
		if !quoted {
			for _, word := range []string{"NaN", "-NaN", "Infinity", "-Infinity"} {
				if strings.HasPrefix(s[i:], word) {
					n = len(word)
				}
			}
		}
		switch {
		case n > 0:
			b.WriteString("null")
		case s[i] == '\\' && quoted && i+1 < len(s):
			n = 2
			b.WriteString(s[i : i+2])
		default:
			n = 1
			quoted = quoted != (s[i] == '"')
			b.WriteByte(s[i])
		}
		i += n
	}
	return b.String()
}

// foreignText writes a value of the driver.
func foreignText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case []byte:
		if utf8.Valid(v) && strings.IndexByte(string(v), 0) < 0 {
			return string(v)
		}
		if len(v) > blobShown {
			return hex.EncodeToString(v[:blobShown]) + "…"
		}
		return hex.EncodeToString(v)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return plainFloat(v, 64)
	case float32:
		return plainFloat(float64(v), 32)
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.999999999")
	case int64:
		return strconv.FormatInt(v, 10)
	case int32:
		return strconv.FormatInt(int64(v), 10)
	case int16:
		return strconv.FormatInt(int64(v), 10)
	case int8:
		return strconv.FormatInt(int64(v), 10)
	case uint64:
		return strconv.FormatUint(v, 10)
	case uint32:
		return strconv.FormatUint(uint64(v), 10)
	case uint16:
		return strconv.FormatUint(uint64(v), 10)
	case uint8:
		return strconv.FormatUint(uint64(v), 10)
	}
	return ""
}

// plainFloat writes a number without an exponent, as far as a spreadsheet would; NaN is no value.
func plainFloat(v float64, bits int) string {
	switch {
	case v != v:
		return ""
	case v != 0 && (v < 1e-7 && v > -1e-7 || v >= 1e15 || v <= -1e15):
		return strconv.FormatFloat(v, 'g', -1, bits)
	}
	return strconv.FormatFloat(v, 'f', -1, bits)
}
