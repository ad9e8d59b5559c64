package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cultured/internal/db"
)

// batch is how many events one delivery reads.
const batch = 100

// Deliver calls hear with each event a subscriber has not heard of, in order, and remembers how far it went. After a crash,
// or with two replicas, an event may be heard twice: hear must be idempotent. The event at which hear fails is
// delivered again next time.
func Deliver(ctx context.Context, d *db.DB, subscriber string, hear func(ctx context.Context, e Event) error) error {
	seq, err := cursor(ctx, d, subscriber)
	if err != nil {
		return fmt.Errorf("outbox.Deliver(%s): %w", subscriber, err)
	}
	events, err := After(ctx, d, seq, batch)
	if err != nil || len(events) == 0 {
		return err
	}
	var failed error
	for _, e := range events {
		if failed = hear(ctx, e); failed != nil {
			failed = fmt.Errorf("outbox.Deliver(%s): %s %d: %w", subscriber, e.Verb, e.Seq, failed)
			break
		}
		seq = e.Seq
	}
	_, err = d.ExecContext(ctx, `INSERT INTO outbox_cursor (subscriber, seq) VALUES ($1, $2)
		ON CONFLICT (subscriber) DO UPDATE SET seq = excluded.seq WHERE outbox_cursor.seq < excluded.seq`, subscriber, seq)
	return errors.Join(failed, err)
}

func cursor(ctx context.Context, d *db.DB, subscriber string) (seq int64, err error) {
	err = d.QueryRowContext(ctx, `SELECT seq FROM outbox_cursor WHERE subscriber = $1`, subscriber).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return seq, err
}
