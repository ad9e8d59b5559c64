package db_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"cultured/internal/db"
	"cultured/internal/db/dbtest"
)

func TestQueries_areTheSameTheSecondTime(t *testing.T) {
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if _, err := d.ExecContext(ctx, `CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL)`); err != nil {
			t.Fatal(err)
		}
		const named = `SELECT * FROM thing WHERE name = $1 ORDER BY id`
		for round := range 5 {
			if _, err := d.ExecContext(ctx, `INSERT INTO thing (id, name) VALUES ($1, 'a')`, round); err != nil {
				t.Fatal(err)
			}
			var n int
			if err := d.QueryRowContext(ctx, `SELECT COUNT(*) FROM thing`).Scan(&n); err != nil || n != round+1 {
				t.Fatalf("round %d: got %d, %v", round, n, err)
			}
			rows, err := d.QueryContext(ctx, named, "a")
			if err != nil {
				t.Fatal(err)
			}
			rows.Next() // and leave the rest unread
			if err := rows.Close(); err != nil {
				t.Fatal(err)
			}
		}
		// A column added after the question was first asked is in its answer.
		if _, err := d.ExecContext(ctx, `ALTER TABLE thing ADD COLUMN more TEXT NOT NULL DEFAULT 'x'`); err != nil {
			t.Fatal(err)
		}
		if d.Engine == db.SQLite { // PostgreSQL refuses it once: migrations run before anything is asked
			rows, err := d.QueryContext(ctx, named, "a")
			if err != nil {
				t.Fatal(err)
			}
			columns, err := rows.Columns()
			if err != nil || len(columns) != 3 {
				t.Errorf("got columns %v, %v; want three", columns, err)
			}
			_ = rows.Close()
		}
		if err := d.QueryRowContext(ctx, `SELECT nothing FROM nowhere`).Scan(new(int)); err == nil {
			t.Error("a wrong question has an answer")
		}
	})
}

func TestQueries_ofManyAtOnce(t *testing.T) {
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		var group sync.WaitGroup
		for n := range 16 {
			group.Go(func() {
				for i := range 60 { // more texts than are kept
					var got int
					query := fmt.Sprintf(`SELECT %d + CAST($1 AS INTEGER)`, n*100+i)
					if err := d.QueryRowContext(context.Background(), query, 7).Scan(&got); err != nil || got != n*100+i+7 {
						t.Errorf("%s: got %d, %v", query, got, err)
						return
					}
				}
			})
		}
		group.Wait()
	})
}
