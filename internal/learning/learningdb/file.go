package learningdb

import (
	"context"
	"database/sql"
	"errors"

	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/learning"
)

// AddWith implements [learning.Files].
func (s *Store) AddWith(ctx context.Context, e learning.Evidence, stored string) (err error) {
	defer fault.Wrap(&err, "learningdb.AddWith(%s)", e.ID)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if err := Write(ctx, tx, e); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO learning_file (stored, evidence, organisation, person, bytes) VALUES ($1, $2, $3, $4, $5)`,
			stored, e.ID, e.Organisation, e.Person, e.Artefact.Bytes)
		return err
	})
}

// Stored implements [learning.Files].
func (s *Store) Stored(ctx context.Context, organisation string, of learning.ID) (stored string, err error) {
	defer fault.Wrap(&err, "learningdb.Stored(%s)", of)
	err = s.DB.QueryRowContext(ctx, `SELECT stored FROM learning_file WHERE evidence = $1 AND organisation = $2 AND loose = 0`, of, organisation).Scan(&stored)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "learning.no_file")
	}
	return stored, err
}

// Weight implements [learning.Files].
func (s *Store) Weight(ctx context.Context, organisation, person string) (bytes int64, err error) {
	defer fault.Wrap(&err, "learningdb.Weight")
	err = s.DB.QueryRowContext(ctx, `SELECT COALESCE(SUM(bytes), 0) FROM learning_file WHERE organisation = $1 AND person = $2 AND loose = 0`, organisation, person).Scan(&bytes)
	return bytes, err
}

// Delete implements [learning.Files].
func (s *Store) Delete(ctx context.Context, organisation string, of learning.ID) (err error) {
	defer fault.Wrap(&err, "learningdb.Delete(%s)", of)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM learning_evidence WHERE organisation = $1 AND id = $2`, organisation, of)
		if err := db.Touched(res, err, fault.New(fault.NotFound, "learning.no_evidence")); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM learning_reader WHERE evidence = $1`, of); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE learning_file SET loose = 1 WHERE evidence = $1 AND organisation = $2`, of, organisation)
		return err
	})
}

// Loose implements [learning.Files].
func (s *Store) Loose(ctx context.Context) (_ []string, err error) {
	defer fault.Wrap(&err, "learningdb.Loose")
	return db.Rows(ctx, s.DB, func(row func(...any) error) (stored string, err error) {
		err = row(&stored)
		return stored, err
	}, `SELECT stored FROM learning_file WHERE loose = 1 ORDER BY stored`)
}

// Drop implements [learning.Files].
func (s *Store) Drop(ctx context.Context, stored string) (err error) {
	defer fault.Wrap(&err, "learningdb.Drop")
	_, err = s.DB.ExecContext(ctx, `DELETE FROM learning_file WHERE stored = $1 AND loose = 1`, stored)
	return err
}

// Names reports whether a piece of evidence has the stored file: the house's other rooms leave it alone.
func (s *Store) Names(ctx context.Context, stored string) (named bool, err error) {
	defer fault.Wrap(&err, "learningdb.Names")
	err = s.DB.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM learning_file WHERE stored = $1)`, stored).Scan(&named)
	return named, err
}
