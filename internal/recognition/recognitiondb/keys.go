package recognitiondb

import (
	"context"
	"database/sql"
	"encoding/base64"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/recognition"
)

// A Store keeps what the room keeps.
type Store struct {
	DB  *db.DB
	Now func() time.Time
}

func scanKey(row func(...any) error) (k recognition.Key, err error) {
	var sealed, since, until string
	if err = row(&k.Organisation, &k.Public, &sealed, &since, &until); err != nil {
		return k, err
	}
	k.Since = db.Time(since)
	if until != "" {
		k.Until = db.Time(until)
	}
	k.Sealed, err = base64.StdEncoding.DecodeString(sealed)
	return k, err
}

// Keys implements [recognition.Keys].
func (s *Store) Keys(ctx context.Context, organisation string) (_ []recognition.Key, err error) {
	defer fault.Wrap(&err, "recognitiondb.Keys")
	return db.Rows(ctx, s.DB, scanKey, `SELECT organisation, public, sealed, since, until FROM recognition_key WHERE organisation = $1
		ORDER BY CASE WHEN until = '' THEN 0 ELSE 1 END, until DESC, public`, organisation)
}

// Turn implements [recognition.Keys].
func (s *Store) Turn(ctx context.Context, by actor.Actor, next recognition.Key, old string) (err error) {
	defer fault.Wrap(&err, "recognitiondb.Turn")
	moved := fault.New(fault.Conflict, "recognition.key_moved")
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		verb := "recognition.log_key_made"
		if old != "" {
			verb = "recognition.log_key_turned"
			res, err := tx.ExecContext(ctx, `UPDATE recognition_key SET until = $1 WHERE organisation = $2 AND public = $3 AND until = ''`,
				db.Stamp(next.Since), by.Organisation, old)
			if err := db.Touched(res, err, moved); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO recognition_key (organisation, public, sealed, since, until) VALUES ($1, $2, $3, $4, '')`,
			by.Organisation, next.Public, base64.StdEncoding.EncodeToString(next.Sealed), db.Stamp(next.Since))
		if err != nil {
			return err
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: verb, Subject: "issuer:" + by.Organisation, Detail: map[string]any{"key": next.Public}})
	})
	if db.Duplicate(err) {
		return moved.Because(err)
	}
	return err
}
