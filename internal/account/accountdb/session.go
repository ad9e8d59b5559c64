package accountdb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
)

// Whose implements [account.SessionStore].
func (s *Store) Whose(ctx context.Context, hash string, now time.Time) (a actor.Actor, seen time.Time, err error) {
	defer fault.Wrap(&err, "accountdb.Whose")
	var roles, last string
	err = s.DB.QueryRowContext(ctx, `SELECT p.id, p.organisation, COALESCE(p.service, ''), p.name, p.email, p.roles, s.last_seen_at
		FROM account_session s JOIN account_person p ON p.id = s.person
		WHERE s.hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND p.state = 'active'`,
		hash, db.Stamp(now), db.Stamp(now.Add(-account.SessionIdle))).
		Scan(&a.ID, &a.Organisation, &a.Service, &a.Name, &a.Email, &roles, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return actor.Actor{}, time.Time{}, nil
	}
	a.Roles = splitRoles(roles)
	return a, db.Time(last), err
}

// Touch implements [account.SessionStore].
func (s *Store) Touch(ctx context.Context, hash string, now time.Time) (err error) {
	defer fault.Wrap(&err, "accountdb.Touch")
	_, err = s.DB.ExecContext(ctx, `UPDATE account_session SET last_seen_at = $1 WHERE hash = $2`, db.Stamp(now), hash)
	return err
}

// Begin implements [account.SessionStore].
func (s *Store) Begin(ctx context.Context, session account.Session, replaces string, act account.Act) (err error) {
	defer fault.Wrap(&err, "accountdb.Begin")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if err := begin(ctx, tx, session, replaces); err != nil {
			return err
		}
		return write(ctx, tx, act)
	})
}

func begin(ctx context.Context, tx *sql.Tx, session account.Session, replaces string) error {
	if replaces != "" {
		if _, err := tx.ExecContext(ctx, `DELETE FROM account_session WHERE hash = $1`, replaces); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO account_session (hash, id, person, organisation, agent, created_at, last_seen_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, session.Hash, session.ID, session.Person, session.Organisation, session.Agent,
		db.Stamp(session.Created), db.Stamp(session.LastSeen), db.Stamp(session.Expires))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE account_person SET last_sign_in_at = $1 WHERE id = $2`, db.Stamp(session.Created), session.Person)
	return err
}

// Sessions implements [account.SessionStore].
func (s *Store) Sessions(ctx context.Context, organisation, person string, now time.Time) (_ []account.Session, err error) {
	defer fault.Wrap(&err, "accountdb.Sessions(%s)", person)
	scan := func(row func(...any) error) (one account.Session, err error) {
		var created, seen, expires string
		err = row(&one.ID, &one.Hash, &one.Person, &one.Organisation, &one.Agent, &created, &seen, &expires)
		one.Created, one.LastSeen, one.Expires = db.Time(created), db.Time(seen), db.Time(expires)
		return one, err
	}
	return db.Rows(ctx, s.DB, scan, `SELECT id, hash, person, organisation, agent, created_at, last_seen_at, expires_at
		FROM account_session
		WHERE organisation = $1 AND person = $2 AND expires_at > $3 AND last_seen_at > $4
		ORDER BY last_seen_at DESC, id DESC`, organisation, person, db.Stamp(now), db.Stamp(now.Add(-account.SessionIdle)))
}

// End implements [account.SessionStore].
func (s *Store) End(ctx context.Context, organisation, person, idOrHash string, act account.Act) (err error) {
	defer fault.Wrap(&err, "accountdb.End(%s)", person)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM account_session
			WHERE organisation = $1 AND person = $2 AND (id = $3 OR hash = $4)`, organisation, person, idOrHash, idOrHash)
		if err := db.Touched(res, err, fault.New(fault.NotFound, "account.no_session")); err != nil {
			return err
		}
		return write(ctx, tx, act)
	})
}

// EndOthers implements [account.SessionStore].
func (s *Store) EndOthers(ctx context.Context, organisation, person, keep string, act account.Act) (err error) {
	defer fault.Wrap(&err, "accountdb.EndOthers(%s)", person)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if _, err := findPerson(ctx, tx, organisation, person); err != nil {
			return err
		}
		if err := endOthers(ctx, tx, person, keep); err != nil {
			return err
		}
		return write(ctx, tx, act)
	})
}

func endOthers(ctx context.Context, tx *sql.Tx, person, keep string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM account_session WHERE person = $1 AND hash <> $2`, person, keep)
	return err
}
