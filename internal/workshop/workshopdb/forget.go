package workshopdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/workshop"
)

// forget takes out of the log, before an operation, what says who anybody is: the names people joined with, what knows their
// secrets again, and who wrote each card.
func forget(ctx context.Context, tx *sql.Tx, id workshop.ID, op workshop.Op) error {
	ops, err := after(ctx, tx, id, 0)
	if err != nil {
		return err
	}
	for _, old := range ops {
		if old.Seq >= op.Seq || old.Kind != workshop.Join && old.Kind != workshop.Claim && old.By == 0 {
			continue
		}
		old.By, old.Claim = 0, ""
		switch old.Kind {
		case workshop.Join:
			old.Text, old.Mark = "", ""
		case workshop.Claim:
			old.Who = 0
		}
		if err := rewrite(ctx, tx, id, old); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE workshop_session SET forgotten = $1 WHERE id = $2`, db.Stamp(op.At), id)
	return err
}

// closing notes when a session was closed, from which its names are kept for a while, and takes out of the log who sat at which table:
// nothing needs it any more, and with it a card says more about who wrote it. The tables and their names stay.
func closing(ctx context.Context, tx *sql.Tx, id workshop.ID, op workshop.Op) error {
	if _, err := tx.ExecContext(ctx, `UPDATE workshop_session SET closed = $1 WHERE id = $2`, db.Stamp(op.At), id); err != nil {
		return err
	}
	ops, err := after(ctx, tx, id, 0)
	if err != nil {
		return err
	}
	for _, old := range ops {
		switch {
		case old.Kind == workshop.Join && old.Table != 0:
			old.Table = 0
		case old.Kind == workshop.Seat:
			old.Who, old.With = 0, 0
		case len(old.Places) > 0:
			for i := range old.Places {
				old.Places[i] = []int64{}
			}
		default:
			continue
		}
		if err := rewrite(ctx, tx, id, old); err != nil {
			return err
		}
	}
	return nil
}

func rewrite(ctx context.Context, tx *sql.Tx, id workshop.ID, op workshop.Op) error {
	body, err := json.Marshal(op)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE workshop_op SET body = $1 WHERE session = $2 AND seq = $3`, string(body), id, op.Seq)
	return err
}

// Idle implements [workshop.Sessions].
func (s *Store) Idle(ctx context.Context, since time.Time) (_ []workshop.Session, err error) {
	defer fault.Wrap(&err, "workshopdb.Idle")
	return db.Rows(ctx, s.DB, scan, `SELECT `+columns+` FROM workshop_session WHERE forgotten = '' AND created < $1
		AND (closed <> '' AND closed < $1 OR closed = '' AND NOT EXISTS (SELECT 1 FROM workshop_op WHERE session = workshop_session.id AND at >= $1))
		ORDER BY created, id LIMIT 100`, db.Stamp(since))
}
