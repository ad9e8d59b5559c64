package trainingdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/training"
)

// A Store implements [training.Resources], [training.Follows] and [training.Links].
type Store struct {
	DB  *db.DB
	Now func() time.Time
	// Check has the links of an organisation checked, once the transaction is over.
	Check func(ctx context.Context, tx *sql.Tx, organisation string) error
}

func scan(row func(...any) error) (r training.Resource, err error) {
	var organisation, raw string
	if err = row(&organisation, &raw); err != nil {
		return r, err
	}
	err = json.Unmarshal([]byte(raw), &r)
	r.Organisation = organisation
	return r, err
}

// All implements [training.Resources].
func (s *Store) All(ctx context.Context, organisation string) (_ []training.Resource, err error) {
	defer fault.Wrap(&err, "trainingdb.All")
	return db.Rows(ctx, s.DB, scan, `SELECT organisation, body FROM training_resource WHERE organisation = $1 ORDER BY created, id`, organisation)
}

// Find implements [training.Resources].
func (s *Store) Find(ctx context.Context, organisation string, id training.ResourceID) (_ training.Resource, err error) {
	defer fault.Wrap(&err, "trainingdb.Find(%s)", id)
	r, err := scan(s.DB.QueryRowContext(ctx, `SELECT organisation, body FROM training_resource WHERE organisation = $1 AND id = $2`, organisation, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return r, fault.New(fault.NotFound, "training.no_resource")
	}
	return r, err
}

// Save implements [training.Resources].
func (s *Store) Save(ctx context.Context, by actor.Actor, r training.Resource, verb string) (err error) {
	defer fault.Wrap(&err, "trainingdb.Save(%s)", r.ID)
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO training_resource (organisation, id, created, revision, body) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (organisation, id) DO UPDATE SET revision = $4, body = $5 WHERE training_resource.revision = $4 - 1`,
			by.Organisation, r.ID, db.Stamp(r.Created), r.Revision, string(raw))
		if err := db.Touched(res, err, fault.New(fault.Conflict, "training.moved")); err != nil {
			return err
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: verb, Subject: "resource:" + string(r.ID),
			Detail: map[string]any{"title": r.Title.In("fr"), "revision": r.Revision}})
	})
}

// Follow implements [training.Follows].
func (s *Store) Follow(ctx context.Context, f training.Follow) (err error) {
	defer fault.Wrap(&err, "trainingdb.Follow(%s)", f.Resource)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO training_follow (organisation, resource, person, at, changed, shared) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (organisation, resource, person) DO UPDATE SET at = $4, changed = $5, shared = $6`,
			f.Organisation, f.Resource, f.Person, db.Stamp(f.At), f.Changed, f.Shared)
		return err
	})
}

// Unfollow implements [training.Follows].
func (s *Store) Unfollow(ctx context.Context, organisation string, of training.ResourceID, person string) (err error) {
	defer fault.Wrap(&err, "trainingdb.Unfollow(%s)", of)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM training_follow WHERE organisation = $1 AND resource = $2 AND person = $3`, organisation, of, person)
		return err
	})
}

// Follows implements [training.Follows].
func (s *Store) Follows(ctx context.Context, organisation string) (_ []training.Follow, err error) {
	defer fault.Wrap(&err, "trainingdb.Follows")
	return db.Rows(ctx, s.DB, func(row func(...any) error) (f training.Follow, err error) {
		var at string
		err = row(&f.Organisation, &f.Resource, &f.Person, &at, &f.Changed, &f.Shared)
		f.At = db.Time(at)
		return f, err
	}, `SELECT organisation, resource, person, at, changed, shared FROM training_follow WHERE organisation = $1 ORDER BY at DESC, resource, person`, organisation)
}

// Forget implements [training.Follows].
func (s *Store) Forget(ctx context.Context, organisation, person string) (err error) {
	defer fault.Wrap(&err, "trainingdb.Forget")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM training_follow WHERE organisation = $1 AND person = $2`, organisation, person)
		return err
	})
}

// Links implements [training.Links].
func (s *Store) Links(ctx context.Context, organisation string) (_ []training.Link, err error) {
	defer fault.Wrap(&err, "trainingdb.Links")
	return db.Rows(ctx, s.DB, func(row func(...any) error) (l training.Link, err error) {
		var at string
		err = row(&l.Resource, &l.Address, &at, &l.Outcome)
		l.At = db.Time(at)
		return l, err
	}, `SELECT resource, address, at, outcome FROM training_link WHERE organisation = $1 ORDER BY resource`, organisation)
}

// Found implements [training.Links].
func (s *Store) Found(ctx context.Context, organisation string, l training.Link) (err error) {
	defer fault.Wrap(&err, "trainingdb.Found(%s)", l.Resource)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO training_link (organisation, resource, address, at, outcome) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (organisation, resource) DO UPDATE SET address = $3, at = $4, outcome = $5`, organisation, l.Resource, l.Address, db.Stamp(l.At), l.Outcome)
		return err
	})
}

// Begin implements [training.Links].
func (s *Store) Begin(ctx context.Context, organisation string, at time.Time) (err error) {
	defer fault.Wrap(&err, "trainingdb.Begin(%s)", organisation)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO training_round (organisation, due) VALUES ($1, $2) ON CONFLICT (organisation) DO NOTHING`, organisation, db.Stamp(at))
		return err
	})
}

// Round implements [training.Links].
func (s *Store) Round(ctx context.Context, now, next time.Time) (err error) {
	defer fault.Wrap(&err, "trainingdb.Round")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		due, err := db.Rows(ctx, tx, func(row func(...any) error) (organisation string, err error) {
			return organisation, row(&organisation)
		}, `UPDATE training_round SET due = $1 WHERE due <= $2 RETURNING organisation`, db.Stamp(next), db.Stamp(now))
		if err != nil {
			return err
		}
		for _, organisation := range due {
			if err := s.Check(ctx, tx, organisation); err != nil {
				return err
			}
		}
		return nil
	})
}
