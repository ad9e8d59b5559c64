package duck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/id"
)

// Format is how an export is written.
type Format string

// The formats. CSV is UTF-8, comma, a header, decimal points, quotes where needed (RFC 4180); JSON is one array of
// objects; NDJSON one object a line. Dates are ISO 8601; a cell without a value is empty in CSV and null in JSON.
const (
	CSV     Format = "csv"
	JSON    Format = "json"
	NDJSON  Format = "ndjson"
	Parquet Format = "parquet"
)

var copyOptions = map[Format]string{
	CSV:     "FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR ''",
	JSON:    "FORMAT json, ARRAY true",
	NDJSON:  "FORMAT json, ARRAY false",
	Parquet: "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000",
}

// Export writes the selected rows to w. They are first written beside, then sent: a slow reader holds neither the engine
// nor its memory, and a failure is known before the first byte. Faults as Query, and Invalid "duck.bad_format".
func (e *Engine) Export(ctx context.Context, path string, ask Select, format Format, w io.Writer) (err error) {
	defer fault.Wrap(&err, "duck.Export(%s)", path)
	options, known := copyOptions[format]
	if !known {
		return fault.New(fault.Invalid, "duck.bad_format", shorten(string(format)))
	}
	if ask.Limit < 0 {
		return fault.New(fault.Invalid, "duck.bad_limit", limitMost)
	}
	temp := filepath.Join(e.settings.TempDir, "export-"+id.New(time.Now())+".tmp")
	defer func() { err = errors.Join(err, removed(temp)) }()
	if err := e.exportTo(ctx, path, ask, target{format, options, temp}); err != nil {
		return err
	}
	file, err := os.Open(temp)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(w, &watched{ctx, file})
	return err
}

// target is the file an export is first written to.
type target struct {
	format  Format
	options string
	path    string
}

// exportTo writes the export to a file of ours.
func (e *Engine) exportTo(ctx context.Context, path string, ask Select, to target) error {
	t, err := e.table(ctx, path)
	if err != nil {
		return err
	}
	columns, err := t.selected(ask.Columns)
	if err != nil {
		return err
	}
	keys, err := t.keys(ask.Order)
	if err != nil {
		return err
	}
	if len(ask.Order) == 0 && ask.After == nil {
		keys = nil // the file is in this order, and the engine keeps it: no need to sort, nor to hold the rows
	}
	s, err := question{t, path, columns, keys, ask}.statement()
	if err != nil {
		return err
	}
	if ask.Limit > 0 {
		s.sql.WriteString(" LIMIT " + strconv.Itoa(ask.Limit))
	}
	inner := s.sql.String()
	if to.format != Parquet {
		inner = "SELECT " + strings.Join(written(columns), ", ") + " FROM (" + inner + ")"
	}
	conn, done, err := e.conn(ctx)
	if err != nil {
		return err
	}
	defer done()
	_, err = conn.ExecContext(ctx, fmt.Sprintf("COPY (%s) TO %s (%s)", inner, quoteText(to.path), to.options), s.args...)
	return tooLarge(err)
}

// written gives the columns as text formats hold them: the engine would put a space in the middle of a timestamp.
func written(columns []Column) []string {
	list := make([]string, len(columns))
	for i, column := range columns {
		list[i] = quoteName(column.Name)
		if column.Type == Timestamp {
			list[i] = "replace(CAST(" + list[i] + " AS VARCHAR), ' ', 'T') AS " + list[i]
		}
	}
	return list
}

// watched is a reader that ends with its context.
type watched struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader.
func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}
