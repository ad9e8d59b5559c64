package outbox_test

import (
	"context"
	"database/sql"
	"sync"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/outbox"
)

func TestWrite_manyAtOnceLeaveNoHole(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}}, func(t *testing.T, d *db.DB) {
		ctx, ada := context.Background(), actor.Actor{ID: "ada", Organisation: "o", Name: "Ada"}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				err := db.Change(ctx, d, func(tx *sql.Tx) error {
					return outbox.Write(ctx, tx, outbox.Entry{At: time.Now(), By: ada, Verb: "test.done", Subject: "test:1", Detail: map[string]int{"n": 1}})
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		events, err := outbox.After(ctx, d, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range events {
			if e.Seq != int64(i+1) || e.ActorName != "Ada" || string(e.Detail) != `{"n":1}` {
				t.Errorf("event %d: got %+v", i, e)
			}
		}
		if len(events) != 20 {
			t.Errorf("got %d events, want 20", len(events))
		}
		page, err := outbox.Page(ctx, d, "o", 11, 5)
		if err != nil || len(page) != 5 || page[0].Seq != 10 {
			t.Errorf("got %v %v, want five from 10 down", page, err)
		}
		other, err := outbox.Page(ctx, d, "another", 0, 5)
		if err != nil || len(other) != 0 {
			t.Errorf("another organisation sees %v %v", other, err)
		}
	})
}
