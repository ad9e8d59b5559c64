package formdb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/form"
)

// hungry says which forms keep a dataset that lacks answers, and rest since $1.
const hungry = `feeds = 1 AND taken > 0 AND taken <> fed AND fed_at <= $1`

// Hungry implements [form.Feeder].
func (s *Store) Hungry(ctx context.Context, before time.Time) (_ []form.Form, err error) {
	defer fault.Wrap(&err, "formdb.Hungry")
	return db.Rows(ctx, s.DB, scan, `SELECT id, organisation, body FROM form_item WHERE `+hungry+` ORDER BY created, id`, db.Stamp(before))
}

// Claim implements [form.Feeder].
func (s *Store) Claim(ctx context.Context, id form.ID, before time.Time) (_ bool, err error) {
	defer fault.Wrap(&err, "formdb.Claim(%s)", id)
	res, err := s.DB.ExecContext(ctx, `UPDATE form_item SET fed_at = $2 WHERE `+hungry+` AND id = $3`, db.Stamp(before), db.Stamp(s.Now()), id)
	err = db.Touched(res, err, db.Stale)
	if errors.Is(err, db.Stale) {
		return false, nil
	}
	return err == nil, err
}

// Fed implements [form.Feeder].
func (s *Store) Fed(ctx context.Context, id form.ID, taken int, dataset string) (err error) {
	defer fault.Wrap(&err, "formdb.Fed(%s)", id)
	_, err = s.DB.ExecContext(ctx, `UPDATE form_item SET fed = $1, dataset = $2 WHERE id = $3`, taken, dataset, id)
	return err
}

// Dataset implements [form.Feeder].
func (s *Store) Dataset(ctx context.Context, id form.ID) (dataset string, err error) {
	defer fault.Wrap(&err, "formdb.Dataset(%s)", id)
	err = s.DB.QueryRowContext(ctx, `SELECT dataset FROM form_item WHERE id = $1`, id).Scan(&dataset)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return dataset, err
}
