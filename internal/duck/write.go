package duck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"cultured/internal/fault"
)

const (
	rowGroup      = 100_000   // rows a Parquet row group: measured good for pages and for compression
	leastRowGroup = 2048      // DuckDB's vector
	groupCells    = 2_000_000 // cells a row group, so that a table of 16,000 columns stays in memory
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
	f, err := newFeed(columns)
	if err != nil {
		return 0, err
	}
	number := e.feeds.add(f)
	defer e.feeds.remove(number)
	saved := make(chan error, 1)
	go func() {
		saved <- save(ctx, conn, path, columns, number)
		close(f.gone)
	}()
	defer func() { <-f.gone }() // when the rows panic too: the file is given up before another Write takes its turn
	count := f.send(ctx, rows)
	err = <-saved
	e.forget(path)
	switch { // in the caller's words rather than in the engine's
	case err == nil:
		return count, nil
	case f.bad.Load() != nil:
		return 0, *f.bad.Load()
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case f.failed != nil:
		return 0, f.failed
	}
	return 0, tooLarge(err)
}

// selection reads the rows of a feed as the columns of the file.
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

// save copies the rows of a feed to the file, forces it to the disk, and only then gives it its name.
func save(ctx context.Context, conn *sql.Conn, path string, columns []Column, number int64) (err error) {
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
	from := fmt.Sprintf(" FROM %s(%d)", feedFunction, number)
	_, err = conn.ExecContext(ctx, "COPY (SELECT "+selection(columns)+from+") TO "+quoteText(temp)+" ("+options+")")
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
