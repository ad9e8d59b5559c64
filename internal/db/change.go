package db

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"cultured/internal/fault"
)

// Stale says that the row changed since it was read. [Change] starts again on it.
var Stale = errors.New("db: the row changed since it was read")

// attempts and patience bound how often Change starts again before it says Busy. The pauses below add up to about four
// seconds; a database that is busy waits in its driver first, which patience counts too.
const (
	attempts = 40
	patience = 15 * time.Second
)

// Change runs fn in one transaction and commits it, again from the start when the database or fn says that somebody was
// faster. fn must do nothing but read and write through tx. Faults: Busy "db.busy" when it was never its turn.
func Change(ctx context.Context, d *DB, fn func(tx *sql.Tx) error) error {
	var err error
	start := time.Now()
	for try := 0; try < attempts && time.Since(start) < patience; try++ {
		if err = once(ctx, d, fn); err == nil || !again(err) {
			return err
		}
		pause := time.Duration(1+rand.IntN(1+min(try*8, 200))) * time.Millisecond
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
	return fault.New(fault.Busy, "db.busy").Because(err)
}

func once(ctx context.Context, d *DB, fn func(tx *sql.Tx) error) error {
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// again reports whether the same transaction may succeed if started anew.
func again(err error) bool {
	if errors.Is(err, Stale) {
		return true
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "40001" || pg.Code == "40P01" // serialization failure, deadlock
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return lite.Code()&0xff == 5 || lite.Code()&0xff == 6 // SQLITE_BUSY, SQLITE_LOCKED
	}
	return false
}

// Duplicate reports whether err says that a unique value exists already.
func Duplicate(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "23505"
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return lite.Code() == 2067 || lite.Code() == 1555 // SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// Touched returns otherwise when a statement changed no row: an optimistic update that lost ([Stale]), or a row that is
// not there.
func Touched(res sql.Result, err, otherwise error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return otherwise
	}
	return nil
}

// A Querier reads: a database or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Rows runs a query and scans each row with scan.
func Rows[T any](ctx context.Context, q Querier, scan func(row func(dest ...any) error) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err below says what matters
	var out []T
	for rows.Next() {
		v, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}
