package recognitiondb

import (
	"context"
	"database/sql"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/recognition"
)

// Endorse implements [recognition.Endorsements].
func (s *Store) Endorse(ctx context.Context, by actor.Actor, e recognition.Endorsement, most int) (err error) {
	defer fault.Wrap(&err, "recognitiondb.Endorse")
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM recognition_endorsement WHERE badge = $1`, e.Badge).Scan(&n); err != nil {
			return err
		}
		if n >= most {
			return fault.New(fault.Conflict, "recognition.endorsed_enough", most)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO recognition_endorsement (id, organisation, badge, person, name, at, word, credential) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			e.ID, e.Organisation, e.Badge, e.Person, e.Name, db.Stamp(e.At), e.Word, string(e.Credential))
		if err != nil {
			return err
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: "recognition.log_endorsed", Subject: "badge:" + e.Badge})
	})
	if db.Duplicate(err) {
		return fault.New(fault.Conflict, "recognition.endorsed_already").Because(err)
	}
	return err
}

// Endorsements implements [recognition.Endorsements].
func (s *Store) Endorsements(ctx context.Context, badge string) (_ []recognition.Endorsement, err error) {
	defer fault.Wrap(&err, "recognitiondb.Endorsements")
	return db.Rows(ctx, s.DB, func(row func(...any) error) (e recognition.Endorsement, err error) {
		var at, credential string
		err = row(&e.ID, &e.Organisation, &e.Badge, &e.Person, &e.Name, &at, &e.Word, &credential)
		e.At, e.Credential = db.Time(at), []byte(credential)
		return e, err
	}, `SELECT id, organisation, badge, person, name, at, word, credential FROM recognition_endorsement WHERE badge = $1 ORDER BY id`, badge)
}

// Unsay implements [recognition.Endorsements].
func (s *Store) Unsay(ctx context.Context, by actor.Actor, badge, endorsement string) (err error) {
	defer fault.Wrap(&err, "recognitiondb.Unsay")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM recognition_endorsement WHERE badge = $1 AND id = $2`, badge, endorsement)
		if err := db.Touched(res, err, fault.New(fault.NotFound, "recognition.no_endorsement")); err != nil {
			return err
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: "recognition.log_unsaid", Subject: "badge:" + badge})
	})
}
