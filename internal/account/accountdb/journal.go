package accountdb

import (
	"context"
	"database/sql"

	"cultured/internal/account"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
)

// Note implements [account.JournalStore].
func (s *Store) Note(ctx context.Context, act account.Act) (err error) {
	defer fault.Wrap(&err, "accountdb.Note(%s)", act.Verb)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		mine := act
		if mine.By.Organisation == "" {
			err := tx.QueryRowContext(ctx, `SELECT CASE WHEN COUNT(*) = 1 THEN MIN(id) ELSE '' END FROM account_organisation`).Scan(&mine.By.Organisation)
			if err != nil {
				return err
			}
		}
		return write(ctx, tx, mine)
	})
}

// Journal implements [account.JournalStore].
func (s *Store) Journal(ctx context.Context, organisation string, q account.JournalQuery) (_ []account.Entry, err error) {
	defer fault.Wrap(&err, "accountdb.Journal")
	f := outbox.Filter{Organisation: organisation, Verb: q.Verb, Before: q.Before, Limit: q.Limit}
	if q.Person != "" {
		f.Actor, f.Subject = q.Person, "account:"+q.Person
	}
	events, err := outbox.Search(ctx, s.DB, f)
	if err != nil {
		return nil, err
	}
	entries := make([]account.Entry, len(events))
	for i, e := range events {
		entries[i] = account.Entry{Seq: e.Seq, At: e.At, Actor: e.Actor, ActorName: e.ActorName, Verb: e.Verb, Subject: e.Subject, Detail: string(e.Detail)}
	}
	return entries, nil
}

// Verbs implements [account.JournalStore].
func (s *Store) Verbs(ctx context.Context, organisation string) (_ []string, err error) {
	defer fault.Wrap(&err, "accountdb.Verbs")
	return outbox.Verbs(ctx, s.DB, organisation)
}
