package learningdb

import (
	"context"
	"database/sql"
	"encoding/json"

	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/id"
	"cultured/internal/learning"
)

// All implements [learning.Editions].
func (s *Store) All(ctx context.Context, organisation string) (_ []learning.Evidence, err error) {
	defer fault.Wrap(&err, "learningdb.All")
	return db.Rows(ctx, s.DB, scan, `SELECT organisation, body FROM learning_evidence WHERE organisation = $1 ORDER BY id`, organisation)
}

func scanEdition(row func(...any) error) (e learning.Edition, err error) {
	var organisation, raw string
	if err = row(&organisation, &raw); err != nil {
		return e, err
	}
	err = json.Unmarshal([]byte(raw), &e)
	e.Organisation = organisation
	return e, err
}

func editions(ctx context.Context, q db.Querier, organisation string) ([]learning.Edition, error) {
	return db.Rows(ctx, q, scanEdition, `SELECT organisation, body FROM learning_edition WHERE organisation = $1 ORDER BY month`, organisation)
}

// Editions implements [learning.Editions].
func (s *Store) Editions(ctx context.Context, organisation string) (_ []learning.Edition, err error) {
	defer fault.Wrap(&err, "learningdb.Editions")
	return editions(ctx, s.DB, organisation)
}

// KeepEdition implements [learning.Editions].
func (s *Store) KeepEdition(ctx context.Context, e learning.Edition) (err error) {
	defer fault.Wrap(&err, "learningdb.KeepEdition(%s)", e.Month)
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `INSERT INTO learning_edition (organisation, month, body) VALUES ($1, $2, $3) ON CONFLICT (organisation, month) DO NOTHING`,
		e.Organisation, e.Month, string(raw))
	return err
}

// unname puts a name that leads nowhere in place of a person's in all that was told: the figures still count somebody, and nobody can say whom.
func unname(ctx context.Context, tx *sql.Tx, organisation, person string) error {
	list, err := editions(ctx, tx, organisation)
	if err != nil {
		return err
	}
	nobody := learning.Gone + id.Secret()
	for _, e := range list {
		found := false
		for _, f := range e.Figures {
			for _, g := range f.Groups {
				for i, key := range g.Members {
					if f.View == learning.LevelView && key == person {
						g.Members[i], found = nobody, true
					}
				}
			}
		}
		if !found {
			continue
		}
		raw, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE learning_edition SET body = $1 WHERE organisation = $2 AND month = $3`, string(raw), organisation, e.Month); err != nil {
			return err
		}
	}
	return nil
}
