package registerdb

import (
	"context"
	"database/sql"
	"errors"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/register"
)

const retentionColumns = `organisation, dataset, title, until_day, why, person, told`

func scanRetention(row func(...any) error) (r register.Retention, err error) {
	return r, row(&r.Organisation, &r.Dataset, &r.Title, &r.Until, &r.Why, &r.By, &r.Told)
}

// Retain implements [register.Retentions].
func (s *Store) Retain(ctx context.Context, by actor.Actor, r register.Retention) (err error) {
	defer fault.Wrap(&err, "registerdb.Retain(%s)", r.Dataset)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		verb := "register.log_retained"
		if r.Until == "" {
			verb = "register.log_released"
			_, err = tx.ExecContext(ctx, `DELETE FROM register_retention WHERE organisation = $1 AND dataset = $2`, by.Organisation, r.Dataset)
		} else {
			_, err = tx.ExecContext(ctx, `INSERT INTO register_retention (`+retentionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, '')
				ON CONFLICT (organisation, dataset) DO UPDATE SET title = excluded.title, until_day = excluded.until_day, why = excluded.why, person = excluded.person, told = ''`,
				by.Organisation, r.Dataset, r.Title, r.Until, r.Why, by.ID)
		}
		if err != nil {
			return err
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: verb, Subject: "dataset:" + r.Dataset, Detail: map[string]any{"until": r.Until, "rule": r.Why}})
	})
}

// Retention implements [register.Retentions].
func (s *Store) Retention(ctx context.Context, organisation, dataset string) (_ register.Retention, err error) {
	defer fault.Wrap(&err, "registerdb.Retention(%s)", dataset)
	r, err := scanRetention(s.DB.QueryRowContext(ctx, `SELECT `+retentionColumns+` FROM register_retention WHERE organisation = $1 AND dataset = $2`, organisation, dataset).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return register.Retention{}, nil
	}
	return r, err
}

// Retained implements [register.Retentions].
func (s *Store) Retained(ctx context.Context, organisation, until string) (_ []register.Retention, err error) {
	defer fault.Wrap(&err, "registerdb.Retained")
	return db.Rows(ctx, s.DB, scanRetention, `SELECT `+retentionColumns+` FROM register_retention
		WHERE (organisation = $1 OR $1 = '') AND (until_day <= $2 OR $2 = '') ORDER BY until_day, organisation, dataset`, organisation, until)
}

// Tell implements [register.Retentions].
func (s *Store) Tell(ctx context.Context, r register.Retention, day string) (err error) {
	defer fault.Wrap(&err, "registerdb.Tell(%s)", r.Dataset)
	_, err = s.DB.ExecContext(ctx, `UPDATE register_retention SET told = $1 WHERE organisation = $2 AND dataset = $3 AND until_day = $4 AND told = ''`, day, r.Organisation, r.Dataset, r.Until)
	return err
}

// Forget implements [register.Retentions].
func (s *Store) Forget(ctx context.Context, organisation, dataset string) (err error) {
	defer fault.Wrap(&err, "registerdb.Forget(%s)", dataset)
	_, err = s.DB.ExecContext(ctx, `DELETE FROM register_retention WHERE organisation = $1 AND dataset = $2`, organisation, dataset)
	return err
}

// Note implements [register.Traces].
func (s *Store) Note(ctx context.Context, e register.Erasure) (err error) {
	defer fault.Wrap(&err, "registerdb.Note(%s)", e.Key.Text())
	_, err = s.DB.ExecContext(ctx, `INSERT INTO register_erasure (organisation, event, day, kind, subject, title, months, until_day, why, amount)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (organisation, event) DO NOTHING`,
		e.Organisation, e.Event, e.Day, e.Kind, e.ID, e.Title, e.Months, e.Until, e.Why, e.Count)
	return err
}

// Erasures implements [register.Traces].
func (s *Store) Erasures(ctx context.Context, organisation string) (_ []register.Erasure, err error) {
	defer fault.Wrap(&err, "registerdb.Erasures")
	return db.Rows(ctx, s.DB, func(row func(...any) error) (e register.Erasure, err error) {
		e.Organisation = organisation
		return e, row(&e.Event, &e.Day, &e.Kind, &e.ID, &e.Title, &e.Months, &e.Until, &e.Why, &e.Count)
	}, `SELECT MAX(event), day, kind, subject, MAX(title), months, until_day, why, CAST(SUM(amount) AS BIGINT) FROM register_erasure
		WHERE organisation = $1 GROUP BY day, kind, subject, months, until_day, why ORDER BY day DESC, MAX(event) DESC`, organisation)
}

// Warned implements [register.Traces].
func (s *Store) Warned(ctx context.Context, organisation, form, month string) (told bool, err error) {
	defer fault.Wrap(&err, "registerdb.Warned(%s)", form)
	var n int
	err = s.DB.QueryRowContext(ctx, `SELECT COUNT(*) FROM register_warning WHERE organisation = $1 AND form = $2 AND month = $3`, organisation, form, month).Scan(&n)
	return n > 0, err
}

// Warn implements [register.Traces].
func (s *Store) Warn(ctx context.Context, organisation, form, month string) (err error) {
	defer fault.Wrap(&err, "registerdb.Warn(%s)", form)
	_, err = s.DB.ExecContext(ctx, `INSERT INTO register_warning (organisation, form, month) VALUES ($1, $2, $3) ON CONFLICT (organisation, form, month) DO NOTHING`, organisation, form, month)
	return err
}
