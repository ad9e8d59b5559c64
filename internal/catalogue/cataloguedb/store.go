package cataloguedb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"cultured/internal/actor"
	"cultured/internal/catalogue"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
)

// A Store implements [catalogue.Store] and [catalogue.Watch].
type Store struct {
	DB  *db.DB
	Now func() time.Time
}

func scan(row func(...any) error) (r catalogue.Record, err error) {
	var version int
	var body string
	if err = row(&version, &body); err != nil {
		return r, err
	}
	err = json.Unmarshal([]byte(body), &r)
	r.Version = version
	return r, err
}

func one(row *sql.Row) (catalogue.Record, error) {
	r, err := scan(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return r, fault.New(fault.NotFound, "catalogue.not_found")
	}
	return r, err
}

// nextMark numbers changes in the order of their commits: the counter's row makes them take turns.
func nextMark(ctx context.Context, tx *sql.Tx) (n int64, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE catalogue_mark SET n = n + 1 WHERE name = 'record' RETURNING n`).Scan(&n)
	return n, err
}

// Add implements [catalogue.Store].
func (s *Store) Add(ctx context.Context, by actor.Actor, r catalogue.Record) (err error) {
	defer fault.Wrap(&err, "cataloguedb.Add(%s)", r.Dataset)
	if r.Organisation != by.Organisation {
		return fault.New(fault.NotFound, "catalogue.not_found")
	}
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		mark, err := nextMark(ctx, tx)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `INSERT INTO catalogue_record (id, dataset, organisation, slug, version, removed, mark, body)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (dataset) DO NOTHING`,
			r.ID, r.Dataset, r.Organisation, r.Slug, r.Version, false, mark, string(body))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if err := s.keepText(ctx, tx, by, r, body); err != nil {
			return err
		}
		return s.say(ctx, tx, by, "catalogue.record_begun", r)
	})
}

func (s *Store) keepText(ctx context.Context, tx *sql.Tx, by actor.Actor, r catalogue.Record, body []byte) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO catalogue_text (record, version, at, person, body) VALUES ($1, $2, $3, $4, $5)`,
		r.ID, r.Version, db.Stamp(s.Now()), by.ID, string(body))
	return err
}

func (s *Store) say(ctx context.Context, tx *sql.Tx, by actor.Actor, verb string, r catalogue.Record) error {
	return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: verb, Subject: "dataset:" + r.Dataset,
		Detail: map[string]any{"record": r.ID, "title": r.Title}})
}

// Blocked implements [catalogue.Watch].
func (s *Store) Blocked(ctx context.Context, by actor.Actor, r catalogue.Record, columns []string) (err error) {
	defer fault.Wrap(&err, "cataloguedb.Blocked(%s)", r.ID)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: "catalogue.publication_blocked", Subject: "dataset:" + r.Dataset,
			Detail: map[string]any{"record": r.ID, "title": r.Title, "columns": columns}})
	})
}

// OfDataset implements [catalogue.Store].
func (s *Store) OfDataset(ctx context.Context, dataset string) (_ catalogue.Record, err error) {
	defer fault.Wrap(&err, "cataloguedb.OfDataset(%s)", dataset)
	return one(s.DB.QueryRowContext(ctx, `SELECT version, body FROM catalogue_record WHERE dataset = $1 AND NOT removed`, dataset))
}

// BySlug implements [catalogue.Store].
func (s *Store) BySlug(ctx context.Context, slug string) (_ catalogue.Record, err error) {
	defer fault.Wrap(&err, "cataloguedb.BySlug(%s)", slug)
	return one(s.DB.QueryRowContext(ctx, `SELECT version, body FROM catalogue_record WHERE slug = $1 AND NOT removed`, slug))
}

// At implements [catalogue.Store].
func (s *Store) At(ctx context.Context, id catalogue.ID, version int) (_ catalogue.Record, err error) {
	defer fault.Wrap(&err, "cataloguedb.At(%s, %d)", id, version)
	return one(s.DB.QueryRowContext(ctx, `SELECT version, body FROM catalogue_text WHERE record = $1 AND version = $2`, id, version))
}

// Change implements [catalogue.Store].
func (s *Store) Change(ctx context.Context, by actor.Actor, id catalogue.ID, verb string, fn func(*catalogue.Record) error) (r catalogue.Record, err error) {
	defer fault.Wrap(&err, "cataloguedb.Change(%s)", id)
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) (err error) {
		r, err = one(tx.QueryRowContext(ctx, `SELECT version, body FROM catalogue_record
			WHERE id = $1 AND organisation = $2 AND NOT removed`, id, by.Organisation))
		if err != nil {
			return err
		}
		read := r.Version
		if err = fn(&r); err != nil {
			return err
		}
		r.Version = read + 1
		return s.save(ctx, tx, by, r, verb)
	})
	return r, err
}

func (s *Store) save(ctx context.Context, tx *sql.Tx, by actor.Actor, r catalogue.Record, verb string) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	mark, err := nextMark(ctx, tx)
	if err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `UPDATE catalogue_record SET version = $1, mark = $2, body = $3, slug = $4
		WHERE id = $5 AND version = $6 AND NOT removed`, r.Version, mark, string(body), r.Slug, r.ID, r.Version-1)
	if db.Duplicate(err) {
		return fault.Field("slug", "catalogue.slug_taken", r.Slug)
	}
	if err := db.Touched(res, err, db.Stale); err != nil {
		return err
	}
	if err := s.keepText(ctx, tx, by, r, body); err != nil {
		return err
	}
	return s.say(ctx, tx, by, verb, r)
}

// Remove implements [catalogue.Store]. The row stays without its text and address, so that every replica's index hears
// of it.
func (s *Store) Remove(ctx context.Context, by actor.Actor, dataset string) (err error) {
	defer fault.Wrap(&err, "cataloguedb.Remove(%s)", dataset)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		mark, err := nextMark(ctx, tx)
		if err != nil {
			return err
		}
		var id string
		err = tx.QueryRowContext(ctx, `UPDATE catalogue_record SET removed = $1, mark = $2, body = '{}', slug = id
			WHERE dataset = $3 AND organisation = $4 AND NOT removed RETURNING id`, true, mark, dataset, by.Organisation).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, `DELETE FROM catalogue_text WHERE record = $1`, id); err != nil {
			return err
		}
		return s.say(ctx, tx, by, "catalogue.removed", catalogue.Record{ID: catalogue.ID(id), Dataset: dataset})
	})
}

// Since implements [catalogue.Store].
func (s *Store) Since(ctx context.Context, mark int64) (changed []catalogue.Record, removed []catalogue.ID, now int64, err error) {
	defer fault.Wrap(&err, "cataloguedb.Since(%d)", mark)
	if err := s.DB.QueryRowContext(ctx, `SELECT n FROM catalogue_mark WHERE name = 'record'`).Scan(&now); err != nil || now == mark {
		return nil, nil, now, err
	}
	rows, err := s.DB.QueryContext(ctx, `SELECT id, removed, version, body FROM catalogue_record
		WHERE mark > $1 AND mark <= $2 ORDER BY mark`, mark, now)
	if err != nil {
		return nil, nil, mark, err
	}
	defer func() { _ = rows.Close() }() // rows.Err below says what matters
	for rows.Next() {
		var id catalogue.ID
		var gone bool
		r, err := scan(func(dest ...any) error { return rows.Scan(append([]any{&id, &gone}, dest...)...) })
		if err != nil {
			return nil, nil, mark, err
		}
		if gone {
			removed = append(removed, id)
		} else {
			changed = append(changed, r)
		}
	}
	return changed, removed, now, rows.Err()
}
