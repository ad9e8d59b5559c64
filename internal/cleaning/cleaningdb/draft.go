package cleaningdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"cultured/internal/actor"
	"cultured/internal/cleaning"
	"cultured/internal/db"
	"cultured/internal/fault"
)

// A Store implements [cleaning.Drafts].
type Store struct {
	DB *db.DB
}

func find(ctx context.Context, q db.Querier, by actor.Actor, of string) (cleaning.Draft, error) {
	d := cleaning.Draft{Organisation: by.Organisation, Person: by.ID, Dataset: of}
	var raw string
	err := q.QueryRowContext(ctx, `SELECT revision, body FROM cleaning_draft WHERE organisation = $1 AND person = $2 AND dataset = $3`, by.Organisation, by.ID, of).Scan(&d.Revision, &raw)
	if errors.Is(err, sql.ErrNoRows) {
		return d, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(raw), &d)
	}
	return d, err
}

// Find implements [cleaning.Drafts].
func (s *Store) Find(ctx context.Context, by actor.Actor, of string) (_ cleaning.Draft, err error) {
	defer fault.Wrap(&err, "cleaningdb.Find(%s)", of)
	return find(ctx, s.DB, by, of)
}

// Change implements [cleaning.Drafts].
func (s *Store) Change(ctx context.Context, by actor.Actor, of string, fn func(*cleaning.Draft) error) (d cleaning.Draft, err error) {
	defer fault.Wrap(&err, "cleaningdb.Change(%s)", of)
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if d, err = find(ctx, tx, by, of); err != nil {
			return err
		}
		read := d.Revision
		if err := fn(&d); err != nil {
			return err
		}
		d.Revision = read + 1
		raw, err := json.Marshal(d)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `INSERT INTO cleaning_draft (organisation, person, dataset, revision, body) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (organisation, person, dataset) DO UPDATE SET revision = excluded.revision, body = excluded.body WHERE cleaning_draft.revision = $6`,
			by.Organisation, by.ID, of, d.Revision, string(raw), read)
		return db.Touched(res, err, db.Stale)
	})
	return d, err
}

// Forget implements [cleaning.Drafts].
func (s *Store) Forget(ctx context.Context, organisation, person string) (err error) {
	defer fault.Wrap(&err, "cleaningdb.Forget")
	_, err = s.DB.ExecContext(ctx, `DELETE FROM cleaning_draft WHERE organisation = $1 AND person = $2`, organisation, person)
	return err
}
