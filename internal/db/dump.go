package db

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A dumped line is either a table's head or one of its rows, in the order of its columns.
type dumped struct {
	Table   string   `json:"table,omitempty"`
	Columns []string `json:"columns,omitempty"`
	Row     []any    `json:"row,omitempty"`
}

// transient tables are not part of a backup: the queue's own, and the counters of migrations.
func transient(table string) bool {
	return strings.HasPrefix(table, "river_") || strings.HasPrefix(table, "goose_") || strings.HasPrefix(table, "job_") || strings.HasPrefix(table, "sqlite_")
}

// Dump writes every table of the rooms as lines of JSON, as they stand at one moment, while others write.
// The lines are the same for both engines: what one wrote the other can load.
func (d *DB) Dump(ctx context.Context, w io.Writer) (err error) {
	tx, err := d.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: d.snapshot()})
	if err != nil {
		return fmt.Errorf("db.Dump: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	tables, err := d.tables(ctx, tx)
	if err != nil {
		return fmt.Errorf("db.Dump: %w", err)
	}
	out := json.NewEncoder(w)
	for _, table := range tables {
		if err := dumpTable(ctx, tx, table, out); err != nil {
			return fmt.Errorf("db.Dump: %s: %w", table, err)
		}
	}
	return nil
}

// snapshot is the isolation in which a transaction sees one moment: SQLite's only one, PostgreSQL's repeatable read.
func (d *DB) snapshot() sql.IsolationLevel {
	if d.Engine == Postgres {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

func dumpTable(ctx context.Context, tx *sql.Tx, table string, out *json.Encoder) error {
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+table) // every column, whatever migrations made of it
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err below says what matters
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	types, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	if err := out.Encode(dumped{Table: table, Columns: columns}); err != nil {
		return err
	}
	for rows.Next() {
		cells := make([]any, len(columns))
		dest := make([]any, len(columns))
		for i := range cells {
			dest[i] = &cells[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		for i, c := range cells {
			cells[i] = portable(c, types[i].DatabaseTypeName())
		}
		if err := out.Encode(dumped{Row: cells}); err != nil {
			return err
		}
	}
	return rows.Err()
}

// portable writes a cell alike on both engines: SQLite gives booleans back as numbers.
func portable(cell any, kind string) any {
	switch v := cell.(type) {
	case []byte:
		return string(v)
	case int64:
		if strings.EqualFold(kind, "BOOLEAN") {
			return v != 0
		}
	}
	return cell
}

// Unknown says that a dump names a table or a column this version of the program does not have: a newer one wrote it.
var Unknown = errors.New("db: unknown to this version")

// Load fills the empty, migrated tables of d with what Dump wrote, in one transaction: an error of r, at its very end
// too, leaves d as it was. Errors: [Unknown]; those of r and of the JSON.
func (d *DB) Load(ctx context.Context, r io.Reader) (err error) {
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("db.Load: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing
	tables, err := d.tables(ctx, tx)
	if err != nil {
		return fmt.Errorf("db.Load: %w", err)
	}
	for _, table := range slices.Backward(tables) { // children first; migrations may have put rows in
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table); err != nil {
			return fmt.Errorf("db.Load: %s: %w", table, err)
		}
	}
	if err := loadLines(ctx, tx, tables, r); err != nil {
		return fmt.Errorf("db.Load: %w", err)
	}
	return tx.Commit()
}

func loadLines(ctx context.Context, tx *sql.Tx, tables []string, r io.Reader) error {
	dec := json.NewDecoder(bufio.NewReaderSize(r, 1<<20))
	dec.UseNumber()
	var insert *sql.Stmt
	for {
		var line dumped
		err := dec.Decode(&line)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if line.Table != "" {
			if insert != nil {
				_ = insert.Close() // its rows are in
			}
			if insert, err = prepareLoad(ctx, tx, tables, line); err != nil {
				return err
			}
			continue
		}
		if insert == nil {
			return fmt.Errorf("a row before its table")
		}
		for i, c := range line.Row {
			if n, ok := c.(json.Number); ok {
				line.Row[i] = number(n)
			}
		}
		if _, err := insert.ExecContext(ctx, line.Row...); err != nil {
			return err
		}
	}
}

// prepareLoad prepares to insert rows of a table. Names come from a file: only those the database knows become SQL.
func prepareLoad(ctx context.Context, tx *sql.Tx, tables []string, head dumped) (*sql.Stmt, error) {
	if !slices.Contains(tables, head.Table) {
		return nil, fmt.Errorf("%w: table %q", Unknown, head.Table)
	}
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+head.Table+` WHERE 1 = 0`)
	if err != nil {
		return nil, err
	}
	known, err := rows.Columns()
	if err := errors.Join(err, rows.Close()); err != nil {
		return nil, err
	}
	for _, c := range head.Columns {
		if !slices.Contains(known, c) {
			return nil, fmt.Errorf("%w: column %q of %s", Unknown, c, head.Table)
		}
	}
	return tx.PrepareContext(ctx, `INSERT INTO `+head.Table+` (`+strings.Join(head.Columns, ", ")+`) VALUES (`+In(1, len(head.Columns))+`)`)
}

func number(n json.Number) any {
	if i, err := n.Int64(); err == nil {
		return i
	}
	f, _ := n.Float64() // the decoder has checked that it is a number
	return f
}

// tables lists the tables of the rooms, each after those its foreign keys point to.
func (d *DB) tables(ctx context.Context, q Querier) ([]string, error) {
	names, parents := `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`,
		`SELECT "table" FROM pragma_foreign_key_list($1)`
	if d.Engine == Postgres {
		names = `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`
		parents = `SELECT c.confrelid::regclass::text FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = $1::regclass`
	}
	text := func(row func(...any) error) (s string, err error) { return s, row(&s) }
	all, err := Rows(ctx, q, text, names)
	if err != nil {
		return nil, err
	}
	var ordered []string
	var visit func(table string) error
	visit = func(table string) error {
		if transient(table) || slices.Contains(ordered, table) {
			return nil
		}
		above, err := Rows(ctx, q, text, parents, table)
		if err != nil {
			return err
		}
		for _, p := range above {
			if p == table {
				continue
			}
			if err := visit(p); err != nil {
				return err
			}
		}
		ordered = append(ordered, table)
		return nil
	}
	for _, table := range all {
		if err := visit(table); err != nil {
			return nil, err
		}
	}
	return ordered, nil
}
