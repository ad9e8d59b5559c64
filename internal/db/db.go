package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
)

// Engine names a database engine.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// A DB is an open database and what kind it is.
type DB struct {
	*sql.DB
	Engine Engine
	URL    string // as given to Open

	prepared prepared
}

// Open opens "postgres://…" or the path of an SQLite file, made if absent, and checks that it answers.
func Open(ctx context.Context, address string) (_ *DB, err error) {
	d := &DB{Engine: SQLite, URL: address}
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		d.Engine = Postgres
		d.DB, err = sql.Open("pgx", address)
		if err == nil {
			d.SetMaxOpenConns(20)
			d.SetMaxIdleConns(10)
			d.SetConnMaxIdleTime(5 * time.Minute)
		}
	} else {
		if err := ours(address); err != nil {
			return nil, fmt.Errorf("db.Open: %w", err)
		}
		d.DB, err = sql.Open("sqlite", SQLiteDSN(address))
		if err == nil {
			d.SetMaxOpenConns(8)
			d.SetMaxIdleConns(8)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("db.Open: %w", err)
	}
	if err := d.PingContext(ctx); err != nil {
		_ = d.Close()
		return nil, fmt.Errorf("db.Open: %w", err)
	}
	return d, nil
}

// ours makes an SQLite file that is not there yet readable by nobody else; SQLite gives the files beside it the same rights.
func ours(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// SQLiteDSN is the data source name of an SQLite file with the settings every connection of this product uses: WAL, so that
// readers never wait; immediate transactions, so that a writer waits at its start and never fails at its end.
func SQLiteDSN(path string) string {
	q := url.Values{"_pragma": {"journal_mode(WAL)", "busy_timeout(10000)", "foreign_keys(1)", "synchronous(NORMAL)", "trusted_schema(0)"},
		"_txlock": {"immediate"}}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// stampLayout has a fixed width, so that text order is time order.
const stampLayout = "2006-01-02T15:04:05.000Z"

// Stamp writes a time as it is stored: UTC, to the millisecond; the zero time is "".
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stampLayout)
}

// Time reads what Stamp wrote; "" and anything else give the zero time.
func Time(s string) time.Time {
	t, err := time.Parse(stampLayout, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// In returns "$n, $n+1, …" for k values, the first numbered from, for an IN list: neither engine shares the other's arrays.
func In(from, k int) string {
	var b strings.Builder
	for i := range k {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", from+i)
	}
	return b.String()
}
