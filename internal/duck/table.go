package duck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"cultured/internal/fault"
)

// table is what is known of a file.
type table struct {
	columns []Column        // without _row
	types   map[string]Type // by exact name, _row included
	rows    int64
	sheet   string // SQL name of the sheet the rows are read from, "" for the file itself
}

// Describe gives the columns of a file, without "_row", and its number of rows. It is remembered: files never change.
// Faults: NotFound "duck.missing_file", Invalid "duck.bad_file".
func (e *Engine) Describe(ctx context.Context, path string) (_ []Column, rows int64, err error) {
	defer fault.Wrap(&err, "duck.Describe(%s)", path)
	known, err := e.table(ctx, path)
	if err != nil {
		return nil, 0, err
	}
	return slices.Clone(known.columns), known.rows, nil
}

func (e *Engine) recall(path string) *table {
	e.knownMu.Lock()
	defer e.knownMu.Unlock()
	return e.known[path]
}

// table reads or recalls what is known of a file.
func (e *Engine) table(ctx context.Context, path string) (*table, error) {
	if known := e.recall(path); known != nil {
		return known, nil
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "duck.missing_file").Because(err)
	}
	conn, done, err := e.conn(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	found, err := readTable(ctx, conn, path)
	if err != nil {
		return nil, err
	}
	e.knownMu.Lock()
	defer e.knownMu.Unlock()
	if len(e.known) >= describedFiles {
		clear(e.known) // rare, and cheap to learn again
	}
	e.known[path] = found
	return found, nil
}

func readTable(ctx context.Context, conn *sql.Conn, path string) (*table, error) {
	found := &table{types: map[string]Type{}}
	err := conn.QueryRowContext(ctx, "SELECT num_rows FROM parquet_file_metadata($1)", literalPath(path)).Scan(&found.rows)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fault.New(fault.Invalid, "duck.bad_file").Because(err)
	}
	rows, err := conn.QueryContext(ctx, "SELECT * FROM read_parquet($1) LIMIT 0", literalPath(path))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	for _, each := range types {
		column := Column{Name: each.Name()}
		for ours, theirs := range sqlTypes {
			if theirs == each.DatabaseTypeName() {
				column.Type = ours
			}
		}
		if column.Type == "" {
			return nil, fault.New(fault.Invalid, "duck.bad_file").
				Because(fmt.Errorf("column %q is %s", column.Name, each.DatabaseTypeName()))
		}
		found.types[column.Name] = column.Type
		if column.Name != RowColumn {
			found.columns = append(found.columns, column)
		}
	}
	if found.types[RowColumn] != Integer {
		return nil, fault.New(fault.Invalid, "duck.bad_file").Because(errors.New("no column " + RowColumn))
	}
	return found, rows.Err()
}

// forget drops what is known of a file about to be written.
func (e *Engine) forget(path string) {
	e.knownMu.Lock()
	delete(e.known, path)
	e.knownMu.Unlock()
	e.recent.clear()
}

// tooLarge names the engine's lack of memory; any other error stays as it is.
func tooLarge(err error) error {
	if broken, ok := errors.AsType[*duckdb.Error](err); ok && broken.Type == duckdb.ErrorTypeOutOfMemory ||
		err != nil && strings.Contains(err.Error(), "failed to allocate data of size") {
		return fault.New(fault.TooLarge, "duck.out_of_memory").Because(err)
	}
	return err
}

// typeOf gives the type of a column asked for. Faults: Invalid "duck.unknown_column" with the name.
func (t *table) typeOf(name string) (Type, error) {
	if found, ok := t.types[name]; ok {
		return found, nil
	}
	return "", fault.New(fault.Invalid, "duck.unknown_column", shorten(name))
}
