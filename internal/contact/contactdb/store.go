package contactdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"cultured/internal/actor"
	"cultured/internal/contact"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
)

// A Store implements [contact.Store].
type Store struct {
	DB  *db.DB
	Now func() time.Time
}

// Mark implements [contact.Store].
func (s *Store) Mark(ctx context.Context, by actor.Actor, l contact.List, trail int) (err error) {
	defer fault.Wrap(&err, "contactdb.Mark(%s)", l.Dataset)
	raw, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO contact_list (organisation, dataset, title, trail, body) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (organisation, dataset) DO UPDATE SET title = excluded.title, trail = excluded.trail, body = excluded.body WHERE contact_list.trail = $6`,
			by.Organisation, l.Dataset, l.Title, len(l.Trail), string(raw), trail)
		if err := db.Touched(res, err, fault.New(fault.Conflict, "contact.moved")); err != nil {
			return err
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: "contact.log_marked", Subject: "dataset:" + l.Dataset, Detail: map[string]any{"columns": l.Reaches(), "consents": len(l.Trail)}})
	})
}

// Forget implements [contact.Store].
func (s *Store) Forget(ctx context.Context, organisation, dataset string) (err error) {
	defer fault.Wrap(&err, "contactdb.Forget(%s)", dataset)
	_, err = s.DB.ExecContext(ctx, `DELETE FROM contact_list WHERE organisation = $1 AND dataset = $2`, organisation, dataset)
	return err
}

// Lists implements [contact.Store].
func (s *Store) Lists(ctx context.Context, organisation string) (_ []contact.List, err error) {
	defer fault.Wrap(&err, "contactdb.Lists")
	return db.Rows(ctx, s.DB, func(row func(...any) error) (l contact.List, err error) {
		var dataset, raw string
		if err = row(&dataset, &raw); err != nil {
			return l, err
		}
		err = json.Unmarshal([]byte(raw), &l)
		l.Organisation, l.Dataset = organisation, dataset
		return l, err
	}, `SELECT dataset, body FROM contact_list WHERE organisation = $1 ORDER BY title, dataset`, organisation)
}

// Object implements [contact.Store].
func (s *Store) Object(ctx context.Context, by actor.Actor, list []contact.Objection) (n int, err error) {
	defer fault.Wrap(&err, "contactdb.Object")
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		n = 0
		for _, o := range list {
			res, err := tx.ExecContext(ctx, `INSERT INTO contact_objection (organisation, digest, at, person, how) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation, digest) DO NOTHING`,
				by.Organisation, o.Digest, db.Stamp(o.At), o.By, o.How)
			if err != nil {
				return err
			}
			added, err := res.RowsAffected()
			if err != nil {
				return err
			}
			n += int(added)
		}
		return s.tell(ctx, tx, by, "contact.log_objected", n)
	})
	return n, err
}

// Withdraw implements [contact.Store].
func (s *Store) Withdraw(ctx context.Context, by actor.Actor, digests []string) (n int, err error) {
	defer fault.Wrap(&err, "contactdb.Withdraw")
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		n = 0
		for _, digest := range digests {
			res, err := tx.ExecContext(ctx, `DELETE FROM contact_objection WHERE organisation = $1 AND digest = $2`, by.Organisation, digest)
			if err != nil {
				return err
			}
			gone, err := res.RowsAffected()
			if err != nil {
				return err
			}
			n += int(gone)
		}
		return s.tell(ctx, tx, by, "contact.log_withdrawn", n)
	})
	return n, err
}

// tell says how many objections came or went, when some did; never whose.
func (s *Store) tell(ctx context.Context, tx *sql.Tx, by actor.Actor, verb string, n int) error {
	if n == 0 {
		return nil
	}
	return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: verb, Subject: "contact:objections", Detail: map[string]any{"count": n}})
}

// Given implements [contact.Store].
func (s *Store) Given(ctx context.Context, by actor.Actor, dataset, why string) (err error) {
	defer fault.Wrap(&err, "contactdb.Given(%s)", dataset)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: "contact.log_given_whole", Subject: "dataset:" + dataset, Detail: map[string]any{"why": why}})
	})
}

// Objections implements [contact.Store].
func (s *Store) Objections(ctx context.Context, organisation string) (_ map[string]bool, err error) {
	defer fault.Wrap(&err, "contactdb.Objections")
	list, err := db.Rows(ctx, s.DB, func(row func(...any) error) (digest string, err error) { return digest, row(&digest) },
		`SELECT digest FROM contact_objection WHERE organisation = $1 ORDER BY digest`, organisation)
	out := make(map[string]bool, len(list))
	for _, digest := range list {
		out[digest] = true
	}
	return out, err
}
