package situationdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/situation"
)

func scanAction(row func(...any) error) (a situation.Action, err error) {
	var raw, organisation string
	if err = row(&organisation, &raw); err != nil {
		return a, err
	}
	err = json.Unmarshal([]byte(raw), &a)
	a.Organisation = organisation
	return a, err
}

func findAction(ctx context.Context, q db.Querier, organisation string, id situation.ID) (situation.Action, error) {
	a, err := scanAction(q.QueryRowContext(ctx, `SELECT organisation, body FROM situation_action WHERE organisation = $1 AND id = $2`, organisation, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return a, fault.New(fault.NotFound, "situation.no_action")
	}
	return a, err
}

// AddAction implements [situation.Actions].
func (s *Store) AddAction(ctx context.Context, by actor.Actor, a situation.Action) (err error) {
	defer fault.Wrap(&err, "situationdb.AddAction")
	if a.Organisation != by.Organisation {
		return fault.New(fault.NotFound, "situation.no_action")
	}
	raw, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO situation_action (organisation, id, created, revision, body) VALUES ($1, $2, $3, $4, $5)`,
			a.Organisation, a.ID, db.Stamp(a.Created), a.Revision, string(raw))
		if err != nil {
			return err
		}
		return s.tell(ctx, tx, by, a, "situation.log_action_decided")
	})
}

// tell writes what happened to an action in the journal.
func (s *Store) tell(ctx context.Context, tx *sql.Tx, by actor.Actor, a situation.Action, verb string) error {
	return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: verb, Subject: "action:" + string(a.ID),
		Detail: map[string]any{"title": a.What, "owner": a.Owner, "due": a.Due, "revision": a.Revision}})
}

// Actions implements [situation.Actions].
func (s *Store) Actions(ctx context.Context, organisation string) (_ []situation.Action, err error) {
	defer fault.Wrap(&err, "situationdb.Actions")
	return db.Rows(ctx, s.DB, scanAction, `SELECT organisation, body FROM situation_action WHERE organisation = $1 ORDER BY created, id`, organisation)
}

// FindAction implements [situation.Actions].
func (s *Store) FindAction(ctx context.Context, organisation string, id situation.ID) (_ situation.Action, err error) {
	defer fault.Wrap(&err, "situationdb.FindAction(%s)", id)
	return findAction(ctx, s.DB, organisation, id)
}

// ChangeAction implements [situation.Actions].
func (s *Store) ChangeAction(ctx context.Context, by actor.Actor, id situation.ID, verb string, fn func(*situation.Action) error) (err error) {
	defer fault.Wrap(&err, "situationdb.ChangeAction(%s)", id)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		before, err := findAction(ctx, tx, by.Organisation, id)
		if err != nil {
			return err
		}
		next := before
		if err := fn(&next); err != nil || next == before {
			return err
		}
		next.Revision = before.Revision + 1
		raw, err := json.Marshal(next)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE situation_action SET revision = $1, body = $2 WHERE organisation = $3 AND id = $4 AND revision = $5`,
			next.Revision, string(raw), next.Organisation, next.ID, before.Revision)
		if err := db.Touched(res, err, db.Stale); err != nil {
			return err
		}
		return s.tell(ctx, tx, by, next, verb)
	})
}
