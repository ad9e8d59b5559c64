package accountdb

import (
	"context"
	"database/sql"
	"strconv"

	"cultured/internal/account"
	"cultured/internal/db"
	"cultured/internal/fault"
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
	where, args := ` WHERE organisation = $1`, []any{organisation}
	and := func(clause string, arg any) string {
		args = append(args, arg)
		return clause + strconv.Itoa(len(args))
	}
	if q.Verb != "" {
		where += and(` AND verb = $`, q.Verb)
	}
	if q.Person != "" {
		where += and(` AND (actor = $`, q.Person) + and(` OR subject = $`, "account:"+q.Person) + `)`
	}
	if q.Before > 0 {
		where += and(` AND seq < $`, q.Before)
	}
	scan := func(row func(...any) error) (e account.Entry, err error) {
		var at string
		err = row(&e.Seq, &at, &e.Actor, &e.ActorName, &e.Verb, &e.Subject, &e.Detail)
		e.At = db.Time(at)
		return e, err
	}
	return db.Rows(ctx, s.DB, scan, `SELECT seq, at, actor, actor_name, verb, subject, detail FROM outbox_event`+where+
		and(` ORDER BY seq DESC LIMIT $`, q.Limit), args...)
}

// Verbs implements [account.JournalStore].
func (s *Store) Verbs(ctx context.Context, organisation string) (_ []string, err error) {
	defer fault.Wrap(&err, "accountdb.Verbs")
	scan := func(row func(...any) error) (verb string, err error) { err = row(&verb); return verb, err }
	return db.Rows(ctx, s.DB, scan, `SELECT DISTINCT verb FROM outbox_event WHERE organisation = $1 ORDER BY verb`, organisation)
}
