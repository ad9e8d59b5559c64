package competencydb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
)

// A Store implements [competency.Store].
type Store struct {
	DB  *db.DB
	Now func() time.Time
}

const columns = `organisation, id, created, revision, number, published_at, working, published, arrival`

func scan(row func(...any) error) (k competency.Kept, err error) {
	var id, created, publishedAt, working, published, arrival string
	if err = row(&k.Organisation, &id, &created, &k.Revision, &k.Number, &publishedAt, &working, &published, &arrival); err != nil {
		return k, err
	}
	k.Created, k.PublishedAt = db.Time(created), db.Time(publishedAt)
	if err = json.Unmarshal([]byte(working), &k.Working); err != nil {
		return k, err
	}
	if published != "" {
		k.Published = &competency.Framework{}
		if err = json.Unmarshal([]byte(published), k.Published); err != nil {
			return k, err
		}
	}
	if arrival != "" {
		k.Arrival = &competency.Arrival{}
		err = json.Unmarshal([]byte(arrival), k.Arrival)
	}
	return k, err
}

func find(ctx context.Context, q db.Querier, organisation string, id competency.ID) (competency.Kept, error) {
	k, err := scan(q.QueryRowContext(ctx, `SELECT `+columns+` FROM competency_framework WHERE organisation = $1 AND id = $2`, organisation, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return k, fault.New(fault.NotFound, "competency.not_found")
	}
	return k, err
}

// A body is a framework's parts as they are stored.
type body struct{ working, published, arrival string }

func bodyOf(k competency.Kept) (b body, err error) {
	put := func(to *string, v any) {
		if err != nil {
			return
		}
		var raw []byte
		raw, err = json.Marshal(v)
		*to = string(raw)
	}
	put(&b.working, k.Working)
	if k.Published != nil {
		put(&b.published, k.Published)
	}
	if k.Arrival != nil {
		put(&b.arrival, k.Arrival)
	}
	return b, err
}

// Add implements [competency.Store].
func (s *Store) Add(ctx context.Context, by actor.Actor, k competency.Kept, d competency.Deed) (err error) {
	defer fault.Wrap(&err, "competencydb.Add(%s)", k.Working.ID)
	if k.Organisation != by.Organisation {
		return fault.New(fault.NotFound, "competency.not_found")
	}
	b, err := bodyOf(k)
	if err != nil {
		return err
	}
	a := act{by, k, d}
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO competency_framework (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (organisation, id) DO NOTHING`,
			k.Organisation, k.Working.ID, db.Stamp(k.Created), k.Revision, k.Number, db.Stamp(k.PublishedAt), b.working, b.published, b.arrival)
		if err := db.Touched(res, err, fault.New(fault.Conflict, "competency.framework_exists")); err != nil {
			return err
		}
		if err := s.note(ctx, tx, a, []competency.Change{{Revision: k.Revision, At: k.Created}}); err != nil {
			return err
		}
		if k.Published != nil {
			if err := s.version(ctx, tx, a, b.published); err != nil {
				return err
			}
		}
		return s.say(ctx, tx, a)
	})
}

// An act is what somebody just did to a framework, and what it became.
type act struct {
	by   actor.Actor
	kept competency.Kept
	deed competency.Deed
}

// note keeps what an act changed.
func (s *Store) note(ctx context.Context, tx *sql.Tx, a act, changes []competency.Change) error {
	for i, c := range changes {
		raw, err := json.Marshal(record{Before: c.Before, After: c.After, Was: c.Was, Is: c.Is})
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO competency_change (organisation, framework, revision, position, at, person, verb, note, item, body)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			a.kept.Organisation, a.kept.Working.ID, c.Revision, i, db.Stamp(c.At), a.by.ID, a.deed.Verb, a.deed.Note, c.Subject, string(raw))
		if err != nil {
			return err
		}
	}
	return nil
}

// A record is the stored part of a change that its columns do not hold.
type record struct {
	Before *competency.Item `json:"before,omitempty"`
	After  *competency.Item `json:"after,omitempty"`
	Was    *competency.Head `json:"was,omitempty"`
	Is     *competency.Head `json:"is,omitempty"`
}

func (s *Store) version(ctx context.Context, tx *sql.Tx, a act, raw string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO competency_version (organisation, framework, number, at, person, verb, note, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, a.kept.Organisation, a.kept.Working.ID, a.kept.Number, db.Stamp(a.kept.PublishedAt),
		a.by.ID, a.deed.Verb, a.deed.Note, raw)
	return err
}

func (s *Store) say(ctx context.Context, tx *sql.Tx, a act) error {
	return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: a.by, Verb: a.deed.Verb, Subject: "competency:" + string(a.kept.Working.ID),
		Detail: map[string]any{"title": a.kept.Working.Title, "revision": a.kept.Revision, "version": a.kept.Number}})
}

// All implements [competency.Store].
func (s *Store) All(ctx context.Context, organisation string) (_ []competency.Kept, err error) {
	defer fault.Wrap(&err, "competencydb.All")
	return db.Rows(ctx, s.DB, scan, `SELECT `+columns+` FROM competency_framework WHERE organisation = $1 ORDER BY created, id`, organisation)
}

// Find implements [competency.Store].
func (s *Store) Find(ctx context.Context, organisation string, id competency.ID) (_ competency.Kept, err error) {
	defer fault.Wrap(&err, "competencydb.Find(%s)", id)
	return find(ctx, s.DB, organisation, id)
}

// Change implements [competency.Store].
func (s *Store) Change(ctx context.Context, by actor.Actor, id competency.ID, d competency.Deed, fn func(*competency.Kept) ([]competency.Superseded, error)) (k competency.Kept, err error) {
	defer fault.Wrap(&err, "competencydb.Change(%s)", id)
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) (err error) {
		if k, err = find(ctx, tx, by.Organisation, id); err != nil {
			return err
		}
		before, read, number := k.Working.Clone(), k.Revision, k.Number
		gone, err := fn(&k)
		if err != nil {
			return err
		}
		changes := k.Commit(before, s.Now())
		if len(changes) == 0 && k.Number == number {
			return nil // saved as it was
		}
		if len(changes) == 0 { // a publication is an act too: it is counted, and seen in the log
			k.Revision++
			changes = []competency.Change{{Revision: k.Revision, At: s.Now()}}
		}
		a := act{by, k, d}
		if err := s.save(ctx, tx, k, read); err != nil {
			return err
		}
		if err := s.note(ctx, tx, a, changes); err != nil {
			return err
		}
		if k.Number != number {
			if err := s.publish(ctx, tx, a, gone); err != nil {
				return err
			}
		}
		return s.say(ctx, tx, a)
	})
	return k, err
}

func (s *Store) save(ctx context.Context, tx *sql.Tx, k competency.Kept, read int) error {
	b, err := bodyOf(k)
	if err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `UPDATE competency_framework
		SET revision = $1, number = $2, published_at = $3, working = $4, published = $5, arrival = $6
		WHERE organisation = $7 AND id = $8 AND revision = $9`,
		k.Revision, k.Number, db.Stamp(k.PublishedAt), b.working, b.published, b.arrival, k.Organisation, k.Working.ID, read)
	return db.Touched(res, err, db.Stale)
}

// publish keeps the version and tells, for each competence it retires, what stands for it now.
func (s *Store) publish(ctx context.Context, tx *sql.Tx, a act, gone []competency.Superseded) error {
	raw, err := json.Marshal(a.kept.Published)
	if err != nil {
		return err
	}
	if err := s.version(ctx, tx, a, string(raw)); err != nil {
		return err
	}
	for _, g := range gone {
		err := outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: a.by, Verb: "competency.superseded", Subject: "competence:" + string(g.ID),
			Detail: map[string]any{"framework": a.kept.Working.ID, "version": a.kept.Number, "successors": g.Successors}})
		if err != nil {
			return err
		}
	}
	return nil
}

// Discard implements [competency.Store].
func (s *Store) Discard(ctx context.Context, by actor.Actor, id competency.ID) (err error) {
	defer fault.Wrap(&err, "competencydb.Discard(%s)", id)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		k, err := find(ctx, tx, by.Organisation, id)
		if err != nil {
			return err
		}
		if k.Number > 0 {
			return fault.New(fault.Conflict, "competency.discard_published")
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM competency_framework WHERE organisation = $1 AND id = $2 AND number = 0`, by.Organisation, id)
		if err := db.Touched(res, err, db.Stale); err != nil {
			return err
		}
		return s.say(ctx, tx, act{by, k, competency.Deed{Verb: "competency.log_discarded"}})
	})
}
