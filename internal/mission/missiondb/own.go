package missiondb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/mission"
	"cultured/internal/outbox"
)

func scanOwn(row func(...any) error) (o mission.Own, err error) {
	var organisation, raw string
	if err = row(&organisation, &raw); err != nil {
		return o, err
	}
	err = json.Unmarshal([]byte(raw), &o)
	o.Organisation = organisation
	return o, err
}

func own(ctx context.Context, q db.Querier, organisation string, id mission.ID) (mission.Own, error) {
	o, err := scanOwn(q.QueryRowContext(ctx, `SELECT organisation, body FROM mission_own WHERE organisation = $1 AND id = $2`, organisation, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return o, fault.New(fault.NotFound, "mission.not_found")
	}
	return o, err
}

// Owns implements [mission.Owns].
func (s *Store) Owns(ctx context.Context, organisation string) (_ []mission.Own, err error) {
	defer fault.Wrap(&err, "missiondb.Owns")
	return db.Rows(ctx, s.DB, scanOwn, `SELECT organisation, body FROM mission_own WHERE organisation = $1 ORDER BY id DESC`, organisation)
}

// Own implements [mission.Owns].
func (s *Store) Own(ctx context.Context, organisation string, id mission.ID) (_ mission.Own, err error) {
	defer fault.Wrap(&err, "missiondb.Own(%s)", id)
	return own(ctx, s.DB, organisation, id)
}

// AddOwns implements [mission.Owns].
func (s *Store) AddOwns(ctx context.Context, by actor.Actor, list []mission.Own, sheets map[string]string) (err error) {
	defer fault.Wrap(&err, "missiondb.AddOwns")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		for _, name := range slices.Sorted(maps.Keys(sheets)) {
			_, err := tx.ExecContext(ctx, `INSERT INTO mission_sheet (organisation, name, body) VALUES ($1, $2, $3) ON CONFLICT (organisation, name) DO NOTHING`,
				by.Organisation, name, sheets[name])
			if err != nil {
				return err
			}
		}
		for _, o := range list {
			raw, err := json.Marshal(o)
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, `INSERT INTO mission_own (organisation, id, revision, body) VALUES ($1, $2, $3, $4)`, by.Organisation, o.ID, o.Revision, string(raw))
			if err != nil {
				return err
			}
			if err := told(ctx, tx, by, o, "mission.log_added"); err != nil {
				return err
			}
		}
		return nil
	})
}

// told writes what happened to a mission in the organisation's log: it is everybody's, unlike what people try in it.
func told(ctx context.Context, tx *sql.Tx, by actor.Actor, o mission.Own, verb string) error {
	return outbox.Write(ctx, tx, outbox.Entry{At: o.Changed, By: by, Verb: verb, Subject: "mission:" + string(o.ID),
		Detail: map[string]any{"title": o.Mission.Title.FR, "editions": len(o.Editions)}})
}

// ChangeOwn implements [mission.Owns].
func (s *Store) ChangeOwn(ctx context.Context, by actor.Actor, id mission.ID, verb string, fn func(*mission.Own) error) (err error) {
	defer fault.Wrap(&err, "missiondb.ChangeOwn(%s)", id)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		o, err := own(ctx, tx, by.Organisation, id)
		if err != nil {
			return err
		}
		read := o.Revision
		if err := fn(&o); err != nil {
			return err
		}
		o.Revision = read + 1
		raw, err := json.Marshal(o)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE mission_own SET revision = $1, body = $2 WHERE organisation = $3 AND id = $4 AND revision = $5`, o.Revision, string(raw), by.Organisation, id, read)
		if err := db.Touched(res, err, db.Stale); err != nil {
			return err
		}
		return told(ctx, tx, by, o, verb)
	})
}

// Sheet implements [mission.Owns].
func (s *Store) Sheet(ctx context.Context, organisation, name string) (text string, err error) {
	defer fault.Wrap(&err, "missiondb.Sheet(%s)", name)
	err = s.DB.QueryRowContext(ctx, `SELECT body FROM mission_sheet WHERE organisation = $1 AND name = $2`, organisation, name).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fault.New(fault.NotFound, "mission.not_found")
	}
	return text, err
}
