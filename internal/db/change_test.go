package db_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
)

// things is a room of one table, for tests of this package.
var things = []db.Migration{{Room: "test", Files: fstest.MapFS{"migrations/00001_start.sql": {Data: []byte(`-- +goose Up
CREATE TABLE test_thing (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, n BIGINT NOT NULL CHECK (n >= 0), version BIGINT NOT NULL);
INSERT INTO test_thing (id, name, n, version) VALUES ('a', 'first', 0, 1);
`)}}}}

// add is an optimistic change: it reads, adds one, and writes if nobody was faster.
func add(ctx context.Context, tx *sql.Tx) error {
	var n, version int
	if err := tx.QueryRowContext(ctx, `SELECT n, version FROM test_thing WHERE id = 'a'`).Scan(&n, &version); err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `UPDATE test_thing SET n = $1, version = version + 1 WHERE id = 'a' AND version = $2`, n+1, version)
	return db.Touched(res, err, db.Stale)
}

func count(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.QueryRow(`SELECT n FROM test_thing WHERE id = 'a'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestChange_everyWriterHasItsTurn(t *testing.T) {
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for range 24 {
			wg.Go(func() {
				if err := db.Change(t.Context(), d, func(tx *sql.Tx) error { return add(t.Context(), tx) }); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := count(t, d); got != 24 {
			t.Errorf("got %d, want 24: an update was lost", got)
		}
		if in := d.Stats().InUse; in != 0 {
			t.Errorf("got %d connections in use, want 0", in)
		}
	})
}

func TestChange_startsAgainWhenStaleAndKeepsNothingOfTheFirstTry(t *testing.T) {
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		tries := 0
		err := db.Change(t.Context(), d, func(tx *sql.Tx) error {
			if err := add(t.Context(), tx); err != nil {
				return err
			}
			if tries++; tries < 3 {
				return db.Stale
			}
			return nil
		})
		if got := count(t, d); err != nil || tries != 3 || got != 1 {
			t.Errorf("got %v after %d tries, n = %d; want 3 tries and 1", err, tries, got)
		}
	})
}

func TestChange_anotherErrorEndsItAtOnceAndRollsBack(t *testing.T) {
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		tries, ours := 0, fault.New(fault.Conflict, "test.no")
		err := db.Change(t.Context(), d, func(tx *sql.Tx) error {
			tries++
			return errors.Join(add(t.Context(), tx), ours)
		})
		if !fault.Is(err, "test.no") || tries != 1 || count(t, d) != 0 {
			t.Errorf("got %v after %d tries, n = %d", err, tries, count(t, d))
		}
		err = db.Change(t.Context(), d, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(t.Context(), `UPDATE test_thing SET n = -1 WHERE id = 'a'`)
			return err
		})
		if err == nil || fault.KindOf(err) != fault.Internal || db.Duplicate(err) {
			t.Errorf("a broken check: got %v", err)
		}
	})
}

func TestChange_saysBusyWhenItIsNeverItsTurn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.db")
	synctest.Test(t, func(t *testing.T) { // the pauses cost no time here
		d, err := db.Open(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = d.Close() }()
		tries, start := 0, time.Now()
		err = db.Change(context.Background(), d, func(*sql.Tx) error { tries++; return db.Stale })
		if fault.KindOf(err) != fault.Busy || !fault.Is(err, "db.busy") || !errors.Is(err, db.Stale) {
			t.Errorf("got %v, want db.busy because stale", err)
		}
		if took := time.Since(start); took > 10*time.Second || tries < 10 {
			t.Errorf("got %d tries in %v", tries, took)
		}
		if in := d.Stats().InUse; in != 0 {
			t.Errorf("got %d connections in use, want 0", in)
		}
	})
}

func TestChange_waitsForTheOtherWriterOfSQLite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.db")
	first := open(t, path)
	if err := first.Migrate(t.Context(), things...); err != nil {
		t.Fatal(err)
	}
	// A second process, with little patience in its driver: Change must bring the rest.
	raw, err := sql.Open("sqlite", strings.Replace(db.SQLiteDSN(path), "10000", "1", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	second := &db.DB{DB: raw, Engine: db.SQLite}
	tx, err := first.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	release := time.AfterFunc(150*time.Millisecond, func() { _ = tx.Rollback() })
	defer release.Stop()
	if err := db.Change(t.Context(), second, func(tx *sql.Tx) error { return add(t.Context(), tx) }); err != nil {
		t.Errorf("got %v", err)
	}
	if got := count(t, first); got != 1 {
		t.Errorf("got %d, want 1", got)
	}
	tx, err = first.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := db.Change(ctx, second, func(tx *sql.Tx) error { return add(ctx, tx) }); err == nil || ctx.Err() == nil {
		t.Errorf("got %v, want the context's end", err)
	}
	if in := second.Stats().InUse; in != 0 {
		t.Errorf("got %d connections in use, want 0", in)
	}
}

func open(t *testing.T, address string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func TestDuplicate_tellsAUniqueValueFromOtherErrors(t *testing.T) {
	dbtest.Each(t, things, func(t *testing.T, d *db.DB) {
		for _, c := range []struct {
			name, statement string
			want            bool
		}{
			{"primary key", `INSERT INTO test_thing (id, name, n, version) VALUES ('a', 'second', 0, 1)`, true},
			{"unique column", `INSERT INTO test_thing (id, name, n, version) VALUES ('b', 'first', 0, 1)`, true},
			{"check", `INSERT INTO test_thing (id, name, n, version) VALUES ('b', 'second', -1, 1)`, false},
			{"missing value", `INSERT INTO test_thing (id, n, version) VALUES ('b', 0, 1)`, false},
			{"no such table", `INSERT INTO test_nothing (id) VALUES ('a')`, false},
		} {
			_, err := d.ExecContext(t.Context(), c.statement)
			if err == nil || db.Duplicate(err) != c.want {
				t.Errorf("%s: got %v for %v, want %v", c.name, db.Duplicate(err), err, c.want)
			}
		}
	})
	if db.Duplicate(nil) {
		t.Error("no error is a duplicate")
	}
}

func TestIn_numbersItsPlaceholders(t *testing.T) {
	for _, c := range []struct {
		from, k int
		want    string
	}{{1, 0, ""}, {1, 1, "$1"}, {3, 3, "$3, $4, $5"}, {9, 2, "$9, $10"}} {
		if got := db.In(c.from, c.k); got != c.want {
			t.Errorf("In(%d, %d): got %q, want %q", c.from, c.k, got, c.want)
		}
	}
}

func TestStamp_isReadBackToTheMillisecondAndSorts(t *testing.T) {
	paris := time.FixedZone("Paris", 2*3600)
	times := []time.Time{
		{}, time.Date(999, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1999, 12, 31, 23, 59, 59, 999e6, time.UTC),
		time.Date(2024, 2, 29, 1, 2, 3, 4_999_999, paris), time.Date(2024, 2, 29, 1, 2, 3, 5e6, paris), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC),
	}
	for i, at := range times {
		s := db.Stamp(at)
		if got, want := db.Time(s), at.UTC().Truncate(time.Millisecond); !got.Equal(want) {
			t.Errorf("%s: got %v, want %v", s, got, want)
		}
		if i > 0 && s <= db.Stamp(times[i-1]) {
			t.Errorf("%q does not sort after %q", s, db.Stamp(times[i-1]))
		}
	}
	for _, s := range []string{"", "yesterday", "2024-02-30T00:00:00.000Z", "2024-02-28"} {
		if !db.Time(s).IsZero() {
			t.Errorf("%q: got %v, want no time", s, db.Time(s))
		}
	}
}
