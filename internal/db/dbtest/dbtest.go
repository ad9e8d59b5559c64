// Package dbtest runs a store's tests on both engines: SQLite always, PostgreSQL where the test command started one.
package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cultured/internal/db"
)

// Env names the setting that carries the address of a PostgreSQL made for tests, where databases may be made and dropped.
const Env = "CULTURED_TEST_POSTGRES"

// Each runs fn as subtests "sqlite" and "postgres", each on an empty, migrated database of its own.
// Where CI is set, PostgreSQL is required.
func Each(t *testing.T, rooms []db.Migration, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		fn(t, open(t, filepath.Join(t.TempDir(), "app.db"), rooms))
	})
	t.Run("postgres", func(t *testing.T) {
		fn(t, open(t, Postgres(t), rooms))
	})
}

// Postgres makes an empty database, dropped after the test, and returns its address.
func Postgres(t testing.TB) string {
	t.Helper()
	admin := os.Getenv(Env)
	if admin == "" {
		if os.Getenv("CI") != "" {
			t.Fatal(Env + " is not set: run the tests with make test")
		}
		t.Skip(Env + " is not set: make test starts PostgreSQL")
	}
	name := "t" + strings.ToLower(rand.Text())
	run(t, admin, "CREATE DATABASE "+name)
	t.Cleanup(func() { run(t, admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	u, err := url.Parse(admin)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func run(t testing.TB, address, statement string) {
	t.Helper()
	d, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	if _, err := d.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, address string, rooms []db.Migration) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(context.Background(), rooms...); err != nil {
		t.Fatal(err)
	}
	return d
}
