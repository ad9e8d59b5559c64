package db

import (
	"context"
	"database/sql"
	"sync"
)

// mostPrepared bounds the statements kept prepared: the rooms have a few hundred, and lists of varying length (see [In]) could be any.
const mostPrepared = 256

// prepared keeps the questions asked outside transactions ready to be asked again. SQLite reads a text anew each time it is given
// one, which took half of a short question; PostgreSQL's driver keeps its own.
type prepared struct {
	mu   sync.Mutex
	kept map[string]*sql.Stmt
}

// statement returns the text prepared, nil where it must be given as a text.
func (d *DB) statement(ctx context.Context, query string) *sql.Stmt {
	if d.Engine != SQLite {
		return nil
	}
	d.prepared.mu.Lock()
	s, full := d.prepared.kept[query], len(d.prepared.kept) >= mostPrepared
	d.prepared.mu.Unlock()
	if s != nil || full {
		return s
	}
	s, err := d.PrepareContext(ctx, query)
	if err != nil {
		return nil // asking says why
	}
	d.prepared.mu.Lock()
	defer d.prepared.mu.Unlock()
	if other := d.prepared.kept[query]; other != nil {
		_ = s.Close() // somebody was faster
		return other
	}
	if d.prepared.kept == nil {
		d.prepared.kept = map[string]*sql.Stmt{}
	}
	d.prepared.kept[query] = s
	return s
}

// QueryContext is [sql.DB.QueryContext].
func (d *DB) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := d.statement(ctx, query); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return d.DB.QueryContext(ctx, query, args...)
}

// QueryRowContext is [sql.DB.QueryRowContext].
func (d *DB) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if s := d.statement(ctx, query); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return d.DB.QueryRowContext(ctx, query, args...)
}
