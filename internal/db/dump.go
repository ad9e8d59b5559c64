package db

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
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
			if b, ok := c.([]byte); ok {
				cells[i] = string(b)
			}
		}
		if err := out.Encode(dumped{Row: cells}); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Load fills the empty, migrated tables of d with what Dump wrote, in one transaction.
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
		if err := dec.Decode(&line); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if line.Table != "" {
			if !slices.Contains(tables, line.Table) {
				return fmt.Errorf("table %q is unknown to this version", line.Table)
			}
			stmt, err := tx.PrepareContext(ctx, `INSERT INTO `+line.Table+` (`+strings.Join(line.Columns, ", ")+`) VALUES (`+In(1, len(line.Columns))+`)`)
			if err != nil {
				return err
			}
			insert = stmt
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
