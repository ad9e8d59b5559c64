package situationdb

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
	"cultured/internal/situation"
)

// A Store implements [situation.Store].
type Store struct {
	DB  *db.DB
	Now func() time.Time
}

func scan(row func(...any) error) (one situation.Situation, err error) {
	var raw, organisation string
	if err = row(&organisation, &raw); err != nil {
		return one, err
	}
	err = json.Unmarshal([]byte(raw), &one)
	one.Organisation = organisation
	return one, err
}

func find(ctx context.Context, q db.Querier, organisation string, id situation.ID) (situation.Situation, error) {
	one, err := scan(q.QueryRowContext(ctx, `SELECT organisation, body FROM situation_item WHERE organisation = $1 AND id = $2`, organisation, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return one, fault.New(fault.NotFound, "situation.not_found")
	}
	return one, err
}

// Add implements [situation.Store].
func (s *Store) Add(ctx context.Context, by actor.Actor, list []situation.Situation, verb string) (err error) {
	defer fault.Wrap(&err, "situationdb.Add")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		for _, one := range list {
			if one.Organisation != by.Organisation {
				return fault.New(fault.NotFound, "situation.not_found")
			}
			raw, err := json.Marshal(one)
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, `INSERT INTO situation_item (organisation, id, created, revision, body) VALUES ($1, $2, $3, $4, $5)`,
				one.Organisation, one.ID, db.Stamp(one.Created), one.Revision, string(raw))
			if err != nil {
				return err
			}
			if err := s.note(ctx, tx, act{by, one, verb}, string(raw)); err != nil {
				return err
			}
		}
		return nil
	})
}

// An act is what somebody just did to a record, and what it became.
type act struct {
	by   actor.Actor
	one  situation.Situation
	verb string
}

// note keeps the state and tells the other rooms.
func (s *Store) note(ctx context.Context, tx *sql.Tx, a act, raw string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO situation_change (organisation, item, revision, at, person, verb, body) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		a.one.Organisation, a.one.ID, a.one.Revision, db.Stamp(s.Now()), a.by.ID, a.verb, raw)
	if err != nil {
		return err
	}
	return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: a.by, Verb: a.verb, Subject: "situation:" + string(a.one.ID),
		Detail: map[string]any{"title": a.one.Title, "revision": a.one.Revision}})
}

// All implements [situation.Store].
func (s *Store) All(ctx context.Context, organisation string) (_ []situation.Situation, err error) {
	defer fault.Wrap(&err, "situationdb.All")
	return db.Rows(ctx, s.DB, scan, `SELECT organisation, body FROM situation_item WHERE organisation = $1 ORDER BY created, id`, organisation)
}

// Find implements [situation.Store].
func (s *Store) Find(ctx context.Context, organisation string, id situation.ID) (_ situation.Situation, err error) {
	defer fault.Wrap(&err, "situationdb.Find(%s)", id)
	return find(ctx, s.DB, organisation, id)
}

// Change implements [situation.Store].
func (s *Store) Change(ctx context.Context, by actor.Actor, ids []situation.ID, verb string, fn func([]*situation.Situation) error) (err error) {
	defer fault.Wrap(&err, "situationdb.Change(%v)", ids)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		var before []situation.Situation
		var after []*situation.Situation
		for _, id := range ids {
			one, err := find(ctx, tx, by.Organisation, id)
			if err != nil {
				return err
			}
			next := one
			before, after = append(before, one), append(after, &next)
		}
		if err := fn(after); err != nil {
			return err
		}
		for i, next := range after {
			if reflect.DeepEqual(before[i], *next) {
				continue
			}
			next.Revision = before[i].Revision + 1
			if err := s.save(ctx, tx, act{by, *next, verb}, before[i].Revision); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) save(ctx context.Context, tx *sql.Tx, a act, read int) error {
	raw, err := json.Marshal(a.one)
	if err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `UPDATE situation_item SET revision = $1, body = $2 WHERE organisation = $3 AND id = $4 AND revision = $5`,
		a.one.Revision, string(raw), a.one.Organisation, a.one.ID, read)
	if err := db.Touched(res, err, db.Stale); err != nil {
		return err
	}
	return s.note(ctx, tx, a, string(raw))
}

// Log implements [situation.Store].
func (s *Store) Log(ctx context.Context, organisation string, id situation.ID) (_ []situation.Change, err error) {
	defer fault.Wrap(&err, "situationdb.Log(%s)", id)
	return db.Rows(ctx, s.DB, func(row func(...any) error) (c situation.Change, err error) {
		var at, raw string
		if err = row(&c.Revision, &at, &c.Person, &c.Verb, &raw); err != nil {
			return c, err
		}
		c.At = db.Time(at)
		return c, json.Unmarshal([]byte(raw), &c.State)
	}, `SELECT revision, at, person, verb, body FROM situation_change WHERE organisation = $1 AND item = $2 ORDER BY revision DESC`, organisation, id)
}
