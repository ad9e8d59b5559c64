package trainingdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/training"
)

// Paths implements [training.Paths].
func (s *Store) Paths(ctx context.Context, organisation string) (_ []training.Path, err error) {
	defer fault.Wrap(&err, "trainingdb.Paths")
	return db.Rows(ctx, s.DB, func(row func(...any) error) (p training.Path, err error) {
		var raw string
		if err = row(&p.Organisation, &raw); err != nil {
			return p, err
		}
		return p, json.Unmarshal([]byte(raw), &p)
	}, `SELECT organisation, body FROM training_path WHERE organisation = $1 ORDER BY created, id`, organisation)
}

// SavePath implements [training.Paths].
func (s *Store) SavePath(ctx context.Context, by actor.Actor, p training.Path, verb string) (err error) {
	defer fault.Wrap(&err, "trainingdb.SavePath(%s)", p.ID)
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO training_path (organisation, id, created, revision, body) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (organisation, id) DO UPDATE SET revision = $4, body = $5 WHERE training_path.revision = $4 - 1`,
			by.Organisation, p.ID, db.Stamp(p.Created), p.Revision, string(raw))
		if err := db.Touched(res, err, fault.New(fault.Conflict, "training.path_moved")); err != nil {
			return err
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: verb, Subject: "path:" + string(p.ID),
			Detail: map[string]any{"title": p.Title.In("fr"), "revision": p.Revision}})
	})
}

// Walk implements [training.Paths].
func (s *Store) Walk(ctx context.Context, w training.Walk) (err error) {
	defer fault.Wrap(&err, "trainingdb.Walk(%s)", w.Path)
	said, err := json.Marshal(w.Said)
	if err != nil {
		return err
	}
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO training_walk (organisation, path, person, since, said) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (organisation, path, person) DO UPDATE SET said = $5`, w.Organisation, w.Path, w.Person, db.Stamp(w.Since), string(said))
		return err
	})
}

// Leave implements [training.Paths].
func (s *Store) Leave(ctx context.Context, organisation string, path training.PathID, person string) (err error) {
	defer fault.Wrap(&err, "trainingdb.Leave(%s)", path)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM training_walk WHERE organisation = $1 AND path = $2 AND person = $3`, organisation, path, person)
		return err
	})
}

// Walks implements [training.Paths].
func (s *Store) Walks(ctx context.Context, organisation, person string) (_ []training.Walk, err error) {
	defer fault.Wrap(&err, "trainingdb.Walks")
	return db.Rows(ctx, s.DB, func(row func(...any) error) (w training.Walk, err error) {
		var since, said string
		if err = row(&w.Organisation, &w.Path, &w.Person, &since, &said); err != nil {
			return w, err
		}
		w.Since = db.Time(since)
		return w, json.Unmarshal([]byte(said), &w.Said)
	}, `SELECT organisation, path, person, since, said FROM training_walk WHERE organisation = $1 AND person = $2 ORDER BY since, path`, organisation, person)
}

// ForgetWalks implements [training.Paths].
func (s *Store) ForgetWalks(ctx context.Context, organisation, person string) (err error) {
	defer fault.Wrap(&err, "trainingdb.ForgetWalks")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM training_walk WHERE organisation = $1 AND person = $2`, organisation, person)
		return err
	})
}

func scanCohort(row func(...any) error) (c training.Cohort, err error) {
	var organisation, raw string
	if err = row(&organisation, &raw); err != nil {
		return c, err
	}
	err = json.Unmarshal([]byte(raw), &c)
	c.Organisation = organisation
	return c, err
}

func findCohort(ctx context.Context, q db.Querier, organisation string, id training.CohortID) (training.Cohort, error) {
	c, err := scanCohort(q.QueryRowContext(ctx, `SELECT organisation, body FROM training_cohort WHERE organisation = $1 AND id = $2`, organisation, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return c, fault.New(fault.NotFound, "training.no_cohort")
	}
	return c, err
}

// AddCohort implements [training.Cohorts]. Who takes part in it is written in no log.
func (s *Store) AddCohort(ctx context.Context, by actor.Actor, c training.Cohort) (err error) {
	defer fault.Wrap(&err, "trainingdb.AddCohort(%s)", c.ID)
	raw, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO training_cohort (organisation, id, created, revision, body) VALUES ($1, $2, $3, $4, $5)`,
			by.Organisation, c.ID, db.Stamp(c.Created), c.Revision, string(raw))
		if err != nil {
			return err
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: "training.log_cohort", Subject: "cohort:" + string(c.ID), Detail: map[string]any{"title": c.Title}})
	})
}

// Cohorts implements [training.Cohorts].
func (s *Store) Cohorts(ctx context.Context, organisation string) (_ []training.Cohort, err error) {
	defer fault.Wrap(&err, "trainingdb.Cohorts")
	return db.Rows(ctx, s.DB, scanCohort, `SELECT organisation, body FROM training_cohort WHERE organisation = $1 ORDER BY created DESC, id DESC`, organisation)
}

// Cohort implements [training.Cohorts].
func (s *Store) Cohort(ctx context.Context, organisation string, id training.CohortID) (_ training.Cohort, err error) {
	defer fault.Wrap(&err, "trainingdb.Cohort(%s)", id)
	return findCohort(ctx, s.DB, organisation, id)
}

// ChangeCohort implements [training.Cohorts].
func (s *Store) ChangeCohort(ctx context.Context, organisation string, id training.CohortID, fn func(*training.Cohort) error) (err error) {
	defer fault.Wrap(&err, "trainingdb.ChangeCohort(%s)", id)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		c, err := findCohort(ctx, tx, organisation, id)
		if err != nil {
			return err
		}
		read := c.Revision
		if err := fn(&c); err != nil {
			return err
		}
		c.Revision = read + 1
		raw, err := json.Marshal(c)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE training_cohort SET revision = $1, body = $2 WHERE organisation = $3 AND id = $4 AND revision = $5`,
			c.Revision, string(raw), organisation, id, read)
		return db.Touched(res, err, db.Stale)
	})
}
