package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"cultured/internal/fault"
)

const (
	rowGroup      = 100_000   // rows a Parquet row group: measured good for pages and for compression
	leastRowGroup = 2048      // DuckDB's vector
	groupCells    = 2_000_000 // cells a row group, so that a table of 16,000 columns stays in memory
	checkEvery    = 1024      // rows between two looks at the context
	shownCell     = 80        // characters of a wrong cell quoted in its fault
)

// Row is one row of a table being written.
type Row struct {
	Number int64 // of the row in its source; ≥ 1 and greater than the one before
	// Cells are in the order of the columns, canonical text for the column's type; "" is no value, and so are the
	// cells missing at the end.
	Cells []string
}

// Write makes the Parquet file path from the rows, with a first column "_row" holding their numbers, and returns how many
// there were. The file appears whole, or not at all if anything fails. Memory is bounded by the engine's settings
// whatever the number of rows. Faults: Invalid "duck.bad_column" (see Column.Name), "duck.no_column", "duck.bad_cell"
// with the column, the row and the text, TooLarge "duck.too_many_columns" and "duck.out_of_memory"; any error of rows as it
// is.
func (e *Engine) Write(ctx context.Context, path string, columns []Column, rows iter.Seq2[Row, error]) (_ int64, err error) {
	defer fault.Wrap(&err, "duck.Write(%s)", path)
	if err := e.checkColumns(columns); err != nil {
		return 0, err
	}
	select {
	case e.writing <- struct{}{}:
		defer func() { <-e.writing }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	conn, done, err := e.conn(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	if _, err := conn.ExecContext(ctx, "CREATE TEMP TABLE w ("+definition(columns)+")"); err != nil {
		return 0, err
	}
	defer func() {
		_, dropped := conn.ExecContext(context.WithoutCancel(ctx), "DROP TABLE w")
		err = errors.Join(err, dropped)
	}()
	count, err := load(ctx, conn, columns, rows)
	if err != nil {
		return 0, tooLarge(err)
	}
	defer e.forget(path)
	return count, tooLarge(save(ctx, conn, path, columns))
}

// definition gives the columns of the temporary table: typed ones, or for a wide table one list of texts.
func definition(columns []Column) string {
	if len(columns) > wideTable {
		return "r BIGINT NOT NULL, l VARCHAR[]"
	}
	parts := []string{"r BIGINT NOT NULL"}
	for i, column := range columns {
		parts = append(parts, fmt.Sprintf("c%d %s", i, sqlTypes[column.Type]))
	}
	return strings.Join(parts, ", ")
}

// selection reads the temporary table back as the columns of the file.
func selection(columns []Column) string {
	parts := []string{"r AS " + RowColumn}
	for i, column := range columns {
		source := fmt.Sprintf("c%d", i)
		if len(columns) > wideTable {
			source = fmt.Sprintf("CAST(nullif(l[%d], '') AS %s)", i+1, sqlTypes[column.Type])
		}
		parts = append(parts, source+" AS "+quoteName(column.Name))
	}
	return strings.Join(parts, ", ")
}

// load appends the rows to the temporary table.
func load(ctx context.Context, conn *sql.Conn, columns []Column, rows iter.Seq2[Row, error]) (count int64, err error) {
	err = conn.Raw(func(raw any) (err error) {
		appender, err := duckdb.NewAppender(raw.(driver.Conn), "temp", "", "w")
		if err != nil {
			return err
		}
		defer func() {
			if err != nil {
				err = errors.Join(err, appender.Clear()) // what waits is not worth writing
			}
			err = errors.Join(err, appender.CloseWithCancel(ctx))
		}()
		last := int64(0)
		values := make([]driver.Value, len(columns)+1)
		for row, err := range rows {
			if err != nil {
				return err
			}
			if count%checkEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if row.Number <= last || len(row.Cells) > len(columns) {
				return fmt.Errorf("row %d after %d, %d cells for %d columns: the caller must settle this",
					row.Number, last, len(row.Cells), len(columns))
			}
			last = row.Number
			if err := fill(values, columns, row); err != nil {
				return err
			}
			if len(columns) > wideTable {
				err = appender.AppendRow(row.Number, listed(values[1:], columns))
			} else {
				err = appender.AppendRow(values...)
			}
			if err != nil {
				return err
			}
			count++
		}
		return ctx.Err()
	})
	return count, err
}

// fill turns a row into the driver's values.
func fill(values []driver.Value, columns []Column, row Row) error {
	values[0] = row.Number
	for i, column := range columns {
		values[i+1] = nil
		if i >= len(row.Cells) || row.Cells[i] == "" {
			continue
		}
		value, ok := parse(column.Type, row.Cells[i])
		if !ok {
			return fault.New(fault.Invalid, "duck.bad_cell", column.Name, row.Number, shorten(row.Cells[i]))
		}
		if text, isText := value.(string); isText && strings.IndexByte(text, 0) >= 0 {
			value = []byte(text) // the driver ends a string at its first NUL, and takes bytes whole
		}
		values[i+1] = value
	}
	return nil
}

// listed gives the values as texts the engine casts back without loss; fill has checked each.
func listed(values []driver.Value, columns []Column) []string {
	list := make([]string, len(values))
	for i, value := range values {
		if raw, ok := value.([]byte); ok {
			value = string(raw)
		}
		list[i], _ = format(columns[i].Type, value)
	}
	return list
}

// save copies the temporary table to the file, forces it to the disk, and only then gives it its name.
func save(ctx context.Context, conn *sql.Conn, path string, columns []Column) (err error) {
	temp := path + ".tmp"
	defer func() {
		if err != nil {
			err = errors.Join(err, removed(temp))
		}
	}()
	group := min(rowGroup, max(leastRowGroup, groupCells/(len(columns)+1)))
	options := fmt.Sprintf("FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE %d", group)
	if len(columns) > wideTable {
		options += wideDictionaries
	}
	_, err = conn.ExecContext(ctx, "COPY (SELECT "+selection(columns)+" FROM temp.w) TO "+quoteText(temp)+" ("+options+")")
	if err != nil {
		return err
	}
	return settle(temp, path)
}

// settle forces a finished file to the disk and renames it.
func settle(temp, path string) error {
	file, err := os.OpenFile(temp, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(file.Chmod(0o600), file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	// Not every file system can sync a folder; the file itself is safe already.
	_ = folder.Sync()
	return folder.Close()
}

func removed(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// shorten quotes the beginning of a cell.
func shorten(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	count := 0
	for i := range s {
		if count == shownCell {
			return s[:i] + "…"
		}
		count++
	}
	return s
}
