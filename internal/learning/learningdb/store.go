package learningdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/learning"
)

// A Store implements [learning.Store], [learning.Editions], [learning.Links] and [learning.Files].
type Store struct {
	DB *db.DB
}

func scan(row func(...any) error) (e learning.Evidence, err error) {
	var organisation, raw string
	if err = row(&organisation, &raw); err != nil {
		return e, err
	}
	err = json.Unmarshal([]byte(raw), &e)
	e.Organisation = organisation
	return e, err
}

func find(ctx context.Context, q db.Querier, organisation string, id learning.ID) (learning.Evidence, error) {
	e, err := scan(q.QueryRowContext(ctx, `SELECT organisation, body FROM learning_evidence WHERE organisation = $1 AND id = $2`, organisation, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return e, fault.New(fault.NotFound, "learning.no_evidence")
	}
	return e, err
}

// Add implements [learning.Store].
func (s *Store) Add(ctx context.Context, e learning.Evidence) (err error) {
	defer fault.Wrap(&err, "learningdb.Add(%s)", e.ID)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error { return Write(ctx, tx, e) })
}

// Write keeps a piece of evidence in the transaction of the room that saw the work: both are kept, or neither. The same ID again changes nothing.
func Write(ctx context.Context, tx *sql.Tx, e learning.Evidence) error {
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO learning_evidence (id, organisation, person, revision, body) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
		e.ID, e.Organisation, e.Person, e.Revision, string(raw))
	return err
}

// Find implements [learning.Store].
func (s *Store) Find(ctx context.Context, organisation string, id learning.ID) (_ learning.Evidence, err error) {
	defer fault.Wrap(&err, "learningdb.Find(%s)", id)
	return find(ctx, s.DB, organisation, id)
}

// Of implements [learning.Store].
func (s *Store) Of(ctx context.Context, organisation, person string) (_ []learning.Evidence, err error) {
	defer fault.Wrap(&err, "learningdb.Of")
	return db.Rows(ctx, s.DB, scan, `SELECT organisation, body FROM learning_evidence WHERE organisation = $1 AND person = $2 ORDER BY id DESC`, organisation, person)
}

// Named implements [learning.Store].
func (s *Store) Named(ctx context.Context, organisation, reader string) (_ []learning.Evidence, err error) {
	defer fault.Wrap(&err, "learningdb.Named")
	return db.Rows(ctx, s.DB, scan, `SELECT e.organisation, e.body FROM learning_reader r JOIN learning_evidence e ON e.id = r.evidence
		WHERE r.organisation = $1 AND r.reader = $2 ORDER BY e.id DESC`, organisation, reader)
}

// Change implements [learning.Store].
func (s *Store) Change(ctx context.Context, organisation string, id learning.ID, fn func(*learning.Evidence) error) (err error) {
	defer fault.Wrap(&err, "learningdb.Change(%s)", id)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		e, err := find(ctx, tx, organisation, id)
		if err != nil {
			return err
		}
		read := e.Revision
		if err := fn(&e); err != nil {
			return err
		}
		e.Revision = read + 1
		raw, err := json.Marshal(e)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE learning_evidence SET revision = $1, body = $2 WHERE id = $3 AND revision = $4`, e.Revision, string(raw), id, read)
		if err := db.Touched(res, err, db.Stale); err != nil {
			return err
		}
		return name(ctx, tx, e)
	})
}

// name keeps the readers a piece of evidence names.
func name(ctx context.Context, tx *sql.Tx, e learning.Evidence) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM learning_reader WHERE evidence = $1`, e.ID); err != nil {
		return err
	}
	var readers []string
	for _, r := range e.Reviews {
		readers = append(readers, r.Reviewer)
	}
	for _, share := range e.Shares {
		readers = append(readers, share.With)
	}
	for _, reader := range readers {
		_, err := tx.ExecContext(ctx, `INSERT INTO learning_reader (organisation, reader, evidence) VALUES ($1, $2, $3) ON CONFLICT (organisation, reader, evidence) DO NOTHING`,
			e.Organisation, reader, e.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// Forget implements [learning.Store].
func (s *Store) Forget(ctx context.Context, organisation, person string) (err error) {
	defer fault.Wrap(&err, "learningdb.Forget")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM learning_reader WHERE organisation = $1
			AND (reader = $2 OR evidence IN (SELECT id FROM learning_evidence WHERE organisation = $1 AND person = $2))`, organisation, person)
		if err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, `DELETE FROM learning_link WHERE organisation = $1 AND person = $2`, organisation, person); err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, `DELETE FROM learning_evidence WHERE organisation = $1 AND person = $2`, organisation, person); err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, `UPDATE learning_file SET loose = 1, person = '' WHERE organisation = $1 AND person = $2`, organisation, person); err != nil {
			return err
		}
		return unname(ctx, tx, organisation, person)
	})
}
