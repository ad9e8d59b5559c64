package registerdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/register"
)

// A Store implements [register.Store], [register.Subjects], [register.Retentions], [register.Traces] and [register.Watch].
type Store struct {
	DB  *db.DB
	Now func() time.Time
}

func scan(row func(...any) error) (e register.Entry, err error) {
	var raw, organisation string
	if err = row(&organisation, &raw); err != nil {
		return e, err
	}
	err = json.Unmarshal([]byte(raw), &e)
	e.Organisation = organisation
	return e, err
}

func find(ctx context.Context, q db.Querier, organisation string, id register.ID) (register.Entry, error) {
	e, err := scan(q.QueryRowContext(ctx, `SELECT organisation, body FROM register_entry WHERE organisation = $1 AND id = $2`, organisation, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return e, fault.New(fault.NotFound, "register.not_found")
	}
	return e, err
}

// An act is what somebody just did to an entry, and what it became.
type act struct {
	by   actor.Actor
	e    register.Entry
	verb string
}

// note keeps the state and tells the other rooms.
func (s *Store) note(ctx context.Context, tx *sql.Tx, a act, raw string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO register_change (organisation, entry, revision, at, person, verb, body) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		a.e.Organisation, a.e.ID, a.e.Revision, db.Stamp(s.Now()), a.by.ID, a.verb, raw)
	if err != nil {
		return err
	}
	return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: a.by, Verb: a.verb, Subject: "register:" + string(a.e.ID),
		Detail: map[string]any{"title": a.e.Name, "revision": a.e.Revision}})
}

// Add implements [register.Store].
func (s *Store) Add(ctx context.Context, by actor.Actor, e register.Entry) (err error) {
	defer fault.Wrap(&err, "registerdb.Add")
	if e.Organisation != by.Organisation {
		return fault.New(fault.NotFound, "register.not_found")
	}
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO register_entry (organisation, id, created, revision, body) VALUES ($1, $2, $3, $4, $5)`,
			e.Organisation, e.ID, db.Stamp(e.Created), e.Revision, string(raw))
		if err != nil {
			return err
		}
		return s.note(ctx, tx, act{by, e, "register.log_created"}, string(raw))
	})
}

// All implements [register.Store].
func (s *Store) All(ctx context.Context, organisation string) (_ []register.Entry, err error) {
	defer fault.Wrap(&err, "registerdb.All")
	return db.Rows(ctx, s.DB, scan, `SELECT organisation, body FROM register_entry WHERE organisation = $1 ORDER BY created, id`, organisation)
}

// Find implements [register.Store].
func (s *Store) Find(ctx context.Context, organisation string, id register.ID) (_ register.Entry, err error) {
	defer fault.Wrap(&err, "registerdb.Find(%s)", id)
	return find(ctx, s.DB, organisation, id)
}

// Change implements [register.Store].
func (s *Store) Change(ctx context.Context, by actor.Actor, id register.ID, verb string, fn func(*register.Entry) error) (err error) {
	defer fault.Wrap(&err, "registerdb.Change(%s)", id)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		before, err := find(ctx, tx, by.Organisation, id)
		if err != nil {
			return err
		}
		next := before
		if err := fn(&next); err != nil || reflect.DeepEqual(before, next) {
			return err
		}
		next.Revision = before.Revision + 1
		raw, err := json.Marshal(next)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE register_entry SET revision = $1, body = $2 WHERE organisation = $3 AND id = $4 AND revision = $5`,
			next.Revision, string(raw), by.Organisation, id, before.Revision)
		if err := db.Touched(res, err, db.Stale); err != nil {
			return err
		}
		return s.note(ctx, tx, act{by, next, verb}, string(raw))
	})
}

// Log implements [register.Store].
func (s *Store) Log(ctx context.Context, organisation string, id register.ID) (_ []register.Change, err error) {
	defer fault.Wrap(&err, "registerdb.Log(%s)", id)
	return db.Rows(ctx, s.DB, func(row func(...any) error) (c register.Change, err error) {
		var at, raw string
		if err = row(&c.Revision, &at, &c.Person, &c.Verb, &raw); err != nil {
			return c, err
		}
		c.At = db.Time(at)
		return c, json.Unmarshal([]byte(raw), &c.State)
	}, `SELECT revision, at, person, verb, body FROM register_change WHERE organisation = $1 AND entry = $2 ORDER BY revision DESC`, organisation, id)
}

// Put implements [register.Subjects].
func (s *Store) Put(ctx context.Context, one register.Subject) (err error) {
	defer fault.Wrap(&err, "registerdb.Put(%s)", one.Key.Text())
	raw, err := json.Marshal(one)
	if err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `INSERT INTO register_subject (organisation, kind, id, title, body) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (organisation, kind, id) DO UPDATE SET title = excluded.title, body = excluded.body`, one.Organisation, one.Kind, one.ID, one.Title, string(raw))
	return err
}

// Drop implements [register.Subjects].
func (s *Store) Drop(ctx context.Context, organisation string, k register.Key) (err error) {
	defer fault.Wrap(&err, "registerdb.Drop(%s)", k.Text())
	_, err = s.DB.ExecContext(ctx, `DELETE FROM register_subject WHERE organisation = $1 AND kind = $2 AND id = $3`, organisation, k.Kind, k.ID)
	return err
}

// Subjects implements [register.Subjects].
func (s *Store) Subjects(ctx context.Context, organisation string) (_ []register.Subject, err error) {
	defer fault.Wrap(&err, "registerdb.Subjects")
	return db.Rows(ctx, s.DB, func(row func(...any) error) (one register.Subject, err error) {
		var raw string
		if err = row(&raw); err != nil {
			return one, err
		}
		err = json.Unmarshal([]byte(raw), &one)
		one.Organisation = organisation
		return one, err
	}, `SELECT body FROM register_subject WHERE organisation = $1 ORDER BY kind, title, id`, organisation)
}
