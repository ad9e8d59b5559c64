package learningdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/learning"
)

func scanLink(row func(...any) error) (l learning.Link, err error) {
	var hash, organisation, person, raw string
	if err = row(&hash, &organisation, &person, &raw); err != nil {
		return l, err
	}
	err = json.Unmarshal([]byte(raw), &l)
	l.Hash, l.Organisation, l.Person = hash, organisation, person
	return l, err
}

// AddLink implements [learning.Links].
func (s *Store) AddLink(ctx context.Context, l learning.Link) (err error) {
	defer fault.Wrap(&err, "learningdb.AddLink")
	raw, err := json.Marshal(l)
	if err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `INSERT INTO learning_link (id, hash, organisation, person, body) VALUES ($1, $2, $3, $4, $5)`, l.ID, l.Hash, l.Organisation, l.Person, string(raw))
	return err
}

// LinksOf implements [learning.Links].
func (s *Store) LinksOf(ctx context.Context, organisation, person string) (_ []learning.Link, err error) {
	defer fault.Wrap(&err, "learningdb.LinksOf")
	return db.Rows(ctx, s.DB, scanLink, `SELECT hash, organisation, person, body FROM learning_link WHERE organisation = $1 AND person = $2 ORDER BY id DESC`, organisation, person)
}

// LinkByHash implements [learning.Links].
func (s *Store) LinkByHash(ctx context.Context, hash string) (_ learning.Link, err error) {
	defer fault.Wrap(&err, "learningdb.LinkByHash")
	l, err := scanLink(s.DB.QueryRowContext(ctx, `SELECT hash, organisation, person, body FROM learning_link WHERE hash = $1`, hash).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "learning.no_link")
	}
	return l, err
}

// EndLink implements [learning.Links].
func (s *Store) EndLink(ctx context.Context, l learning.Link, at time.Time) (err error) {
	defer fault.Wrap(&err, "learningdb.EndLink")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		kept, err := scanLink(tx.QueryRowContext(ctx, `SELECT hash, organisation, person, body FROM learning_link WHERE id = $1 AND organisation = $2 AND person = $3`, l.ID, l.Organisation, l.Person).Scan)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "learning.no_link")
		}
		if err != nil || !kept.Ended.IsZero() {
			return err
		}
		kept.Ended = at
		raw, err := json.Marshal(kept)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE learning_link SET body = $1 WHERE id = $2`, string(raw), kept.ID)
		return err
	})
}
