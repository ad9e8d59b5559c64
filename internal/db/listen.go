package db

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

// relisten is how long Listen waits before it connects again.
const relisten = time.Second

// Listen calls heard with what any process of the database sends on a PostgreSQL channel, and with "" whenever it has just
// begun to listen, for what was sent before may have been missed. It holds one connection, connects again when that is lost, and
// returns when ctx ends; at once on SQLite, where there is no other process.
func (d *DB) Listen(ctx context.Context, log *slog.Logger, channel string, heard func(message string)) {
	if d.Engine != Postgres {
		return
	}
	for ctx.Err() == nil {
		if err := d.listen(ctx, channel, heard); ctx.Err() == nil {
			log.Warn("listening to the database", "channel", channel, "err", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(relisten):
		}
	}
}

func (d *DB) listen(ctx context.Context, channel string, heard func(string)) error {
	conn, err := pgx.Connect(ctx, d.URL)
	if err != nil {
		return fmt.Errorf("db.Listen: connect: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // what is lost is lost
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return fmt.Errorf("db.Listen: %w", err)
	}
	heard("")
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("db.Listen: wait: %w", err)
		}
		heard(n.Payload)
	}
}
