package db_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"cultured/internal/db"
	"cultured/internal/db/dbtest"
)

// What one process says is heard by another, also after the listener's connection was lost; on SQLite there is nobody to hear.
func TestListen(t *testing.T) {
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		heard, done := make(chan string, 10), make(chan struct{})
		go func() {
			defer close(done)
			d.Listen(ctx, slog.New(slog.NewTextHandler(t.Output(), nil)), "workshop", func(m string) { heard <- m })
		}()
		if d.Engine == db.Postgres {
			next := func(want string) {
				t.Helper()
				select {
				case got := <-heard:
					if got != want {
						t.Errorf("heard %q, want %q", got, want)
					}
				case <-time.After(20 * time.Second):
					t.Fatalf("%q is not heard", want)
				}
			}
			next("")
			if _, err := d.ExecContext(ctx, `SELECT pg_notify('workshop', 'one')`); err != nil {
				t.Fatal(err)
			}
			next("one")
			if _, err := d.ExecContext(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE datname = current_database() AND query LIKE 'LISTEN%'`); err != nil {
				t.Fatal(err)
			}
			next("")
			if _, err := d.ExecContext(ctx, `SELECT pg_notify('workshop', 'two')`); err != nil {
				t.Fatal(err)
			}
			next("two")
		}
		cancel()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Fatal("it listens after the end")
		}
	})
}
