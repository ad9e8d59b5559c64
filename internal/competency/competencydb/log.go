package competencydb

import (
	"context"
	"encoding/json"

	"cultured/internal/competency"
	"cultured/internal/db"
	"cultured/internal/fault"
)

// logUsual is how many changes a log shows when nobody says.
const logUsual = 100

// Log implements [competency.Store]. It reads whole acts: the revision where the limit falls comes complete.
func (s *Store) Log(ctx context.Context, organisation string, id competency.ID, q competency.LogQuery) (_ []competency.Change, err error) {
	defer fault.Wrap(&err, "competencydb.Log(%s)", id)
	if q.Limit == 0 {
		q.Limit = logUsual
	}
	var least int
	err = s.DB.QueryRowContext(ctx, `SELECT COALESCE(MIN(revision), 0) FROM (SELECT revision FROM competency_change
		WHERE organisation = $1 AND framework = $2 AND ($3 = '' OR item = $3) AND ($4 = 0 OR revision = $4) AND ($5 = 0 OR revision < $5)
		ORDER BY revision DESC LIMIT $6) AS latest`, organisation, id, q.Item, q.Only, q.Before, q.Limit).Scan(&least)
	if err != nil {
		return nil, err
	}
	return db.Rows(ctx, s.DB, scanChange, `SELECT revision, at, person, verb, note, item, body FROM competency_change
		WHERE organisation = $1 AND framework = $2 AND ($3 = '' OR item = $3) AND ($4 = 0 OR revision = $4) AND ($5 = 0 OR revision < $5) AND revision >= $6
		ORDER BY revision DESC, position`, organisation, id, q.Item, q.Only, q.Before, least)
}

func scanChange(row func(...any) error) (c competency.Change, err error) {
	var at, raw string
	if err = row(&c.Revision, &at, &c.Person, &c.Verb, &c.Note, &c.Subject, &raw); err != nil {
		return c, err
	}
	c.At = db.Time(at)
	var r record
	err = json.Unmarshal([]byte(raw), &r)
	c.Before, c.After, c.Was, c.Is = r.Before, r.After, r.Was, r.Is
	return c, err
}

// Versions implements [competency.Store].
func (s *Store) Versions(ctx context.Context, organisation string, id competency.ID, number int) (_ []competency.Version, err error) {
	defer fault.Wrap(&err, "competencydb.Versions(%s, %d)", id, number)
	if number == 0 {
		return db.Rows(ctx, s.DB, func(row func(...any) error) (competency.Version, error) {
			return scanVersion(row, false)
		}, `SELECT number, at, person, verb, note, '' FROM competency_version
			WHERE organisation = $1 AND framework = $2 ORDER BY number DESC`, organisation, id)
	}
	return db.Rows(ctx, s.DB, func(row func(...any) error) (competency.Version, error) {
		return scanVersion(row, true)
	}, `SELECT number, at, person, verb, note, body FROM competency_version
		WHERE organisation = $1 AND framework = $2 AND number = $3 ORDER BY number`, organisation, id, number)
}

func scanVersion(row func(...any) error, whole bool) (v competency.Version, err error) {
	var at, raw string
	if err = row(&v.Number, &at, &v.Person, &v.Verb, &v.Note, &raw); err != nil {
		return v, err
	}
	v.At = db.Time(at)
	if whole {
		err = json.Unmarshal([]byte(raw), &v.Framework)
	}
	return v, err
}
