package missiondb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/mission"
)

// A Store implements [mission.Works].
type Store struct {
	DB *db.DB
	// Passed is told of a try that passes in the transaction that keeps it: what it writes is kept with the try, or neither is. It may be nil.
	Passed func(ctx context.Context, tx *sql.Tx, by actor.Actor, t mission.Try) error
}

// Begin implements [mission.Works].
func (s *Store) Begin(ctx context.Context, by actor.Actor, w mission.Work) (err error) {
	defer fault.Wrap(&err, "missiondb.Begin(%s)", w.Mission)
	_, err = s.DB.ExecContext(ctx, `INSERT INTO mission_work (organisation, person, mission, seed, since) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (organisation, person, mission) DO UPDATE SET seed = excluded.seed, since = excluded.since`,
		by.Organisation, by.ID, w.Mission, int64(w.Seed), db.Stamp(w.Since))
	return err
}

// Find implements [mission.Works].
func (s *Store) Find(ctx context.Context, by actor.Actor, id mission.ID) (w mission.Work, err error) {
	defer fault.Wrap(&err, "missiondb.Find(%s)", id)
	var seed int64
	var since string
	err = s.DB.QueryRowContext(ctx, `SELECT seed, since FROM mission_work WHERE organisation = $1 AND person = $2 AND mission = $3`,
		by.Organisation, by.ID, id).Scan(&seed, &since)
	if errors.Is(err, sql.ErrNoRows) {
		return w, fault.New(fault.NotFound, "mission.not_begun")
	}
	return mission.Work{Person: by.ID, Mission: id, Seed: uint64(seed), Since: db.Time(since)}, err
}

// Add implements [mission.Works].
func (s *Store) Add(ctx context.Context, by actor.Actor, t mission.Try) (err error) {
	defer fault.Wrap(&err, "missiondb.Add(%s)", t.Mission)
	verdict, err := json.Marshal(t.Verdict)
	if err != nil {
		return err
	}
	given, err := json.Marshal(t.Given)
	if err != nil {
		return err
	}
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO mission_try (id, organisation, person, mission, version, seed, at, verdict, name, hash, under_check, given)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			t.ID, by.Organisation, by.ID, t.Mission, t.Version, int64(t.Seed), db.Stamp(t.At), string(verdict), t.Name, t.Hash, t.Check, string(given))
		if err != nil || !t.Verdict.Passed || s.Passed == nil {
			return err
		}
		return s.Passed(ctx, tx, by, t)
	})
}

func scan(row func(...any) error) (t mission.Try, err error) {
	var seed int64
	var at, verdict, given string
	if err = row(&t.ID, &t.Mission, &t.Version, &seed, &at, &verdict, &t.Name, &t.Hash, &t.Check, &given); err != nil {
		return t, err
	}
	t.Seed, t.At = uint64(seed), db.Time(at)
	if err = json.Unmarshal([]byte(given), &t.Given); err != nil {
		return t, err
	}
	return t, json.Unmarshal([]byte(verdict), &t.Verdict)
}

// Tries implements [mission.Works].
func (s *Store) Tries(ctx context.Context, by actor.Actor, id mission.ID) (_ []mission.Try, err error) {
	defer fault.Wrap(&err, "missiondb.Tries(%s)", id)
	return db.Rows(ctx, s.DB, scan, `SELECT id, mission, version, seed, at, verdict, name, hash, under_check, given FROM mission_try
		WHERE organisation = $1 AND person = $2 AND (mission = $3 OR $3 = '') ORDER BY id DESC`, by.Organisation, by.ID, string(id))
}

// Forget implements [mission.Works].
func (s *Store) Forget(ctx context.Context, organisation, person string) (err error) {
	defer fault.Wrap(&err, "missiondb.Forget")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		for _, table := range []string{"mission_work", "mission_try"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE organisation = $1 AND person = $2`, organisation, person); err != nil {
				return err
			}
		}
		return nil
	})
}
