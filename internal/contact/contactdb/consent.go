package contactdb

import (
	"context"
	"database/sql"
	"errors"

	"cultured/internal/actor"
	"cultured/internal/contact"
	"cultured/internal/db"
	"cultured/internal/fault"
)

// Agree implements [contact.Trails].
func (s *Store) Agree(ctx context.Context, by actor.Actor, list []contact.Agreement) (err error) {
	defer fault.Wrap(&err, "contactdb.Agree")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		for _, a := range list {
			if _, err := tx.ExecContext(ctx, `INSERT INTO contact_consent (organisation, id, digest, given, how, purpose, words, person, at, ended, end_how, end_person)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', '')`, by.Organisation, a.ID, a.Digest, a.Day, a.How, a.Purpose, a.Text, a.By, db.Stamp(a.At)); err != nil {
				return err
			}
		}
		return s.tell(ctx, tx, by, "contact.log_agreed", len(list))
	})
}

// End implements [contact.Trails].
func (s *Store) End(ctx context.Context, by actor.Actor, a contact.Agreement) (err error) {
	defer fault.Wrap(&err, "contactdb.End(%s)", a.ID)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		var ended string
		err := tx.QueryRowContext(ctx, `SELECT ended FROM contact_consent WHERE organisation = $1 AND id = $2`, by.Organisation, a.ID).Scan(&ended)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "contact.no_agreement")
		}
		if err != nil || ended != "" {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE contact_consent SET ended = $1, end_how = $2, end_person = $3 WHERE organisation = $4 AND id = $5 AND ended = ''`,
			a.Ended, a.EndHow, a.EndBy, by.Organisation, a.ID); err != nil {
			return err
		}
		return s.tell(ctx, tx, by, "contact.log_ended", 1)
	})
}

// Of implements [contact.Trails].
func (s *Store) Of(ctx context.Context, organisation, digest string) (_ []contact.Agreement, _ *contact.Objection, err error) {
	defer fault.Wrap(&err, "contactdb.Of")
	list, err := db.Rows(ctx, s.DB, func(row func(...any) error) (a contact.Agreement, err error) {
		var at string
		err = row(&a.ID, &a.Digest, &a.Day, &a.How, &a.Purpose, &a.Text, &a.By, &at, &a.Ended, &a.EndHow, &a.EndBy)
		a.At = db.Time(at)
		return a, err
	}, `SELECT id, digest, given, how, purpose, words, person, at, ended, end_how, end_person FROM contact_consent WHERE organisation = $1 AND digest = $2 ORDER BY given DESC, at DESC, id`, organisation, digest)
	if err != nil {
		return nil, nil, err
	}
	o := contact.Objection{Digest: digest}
	var at string
	err = s.DB.QueryRowContext(ctx, `SELECT at, person, how FROM contact_objection WHERE organisation = $1 AND digest = $2`, organisation, digest).Scan(&at, &o.By, &o.How)
	if errors.Is(err, sql.ErrNoRows) {
		return list, nil, nil
	}
	o.At = db.Time(at)
	return list, &o, err
}

// Holding implements [contact.Trails].
func (s *Store) Holding(ctx context.Context, organisation, purpose string) (_ map[string]bool, err error) {
	defer fault.Wrap(&err, "contactdb.Holding")
	list, err := db.Rows(ctx, s.DB, func(row func(...any) error) (digest string, err error) { return digest, row(&digest) },
		`SELECT DISTINCT digest FROM contact_consent WHERE organisation = $1 AND purpose = $2 AND ended = '' ORDER BY digest`, organisation, purpose)
	out := make(map[string]bool, len(list))
	for _, digest := range list {
		out[digest] = true
	}
	return out, err
}

// Purposes implements [contact.Trails].
func (s *Store) Purposes(ctx context.Context, organisation string) (_ []string, err error) {
	defer fault.Wrap(&err, "contactdb.Purposes")
	return db.Rows(ctx, s.DB, func(row func(...any) error) (purpose string, err error) { return purpose, row(&purpose) },
		`SELECT DISTINCT purpose FROM contact_consent WHERE organisation = $1 AND ended = '' ORDER BY purpose`, organisation)
}
