package accountdb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cultured/internal/account"
	"cultured/internal/db"
	"cultured/internal/fault"
)

const linkColumns = `hash, purpose, COALESCE(person, ''), organisation, email, created_at, expires_at`

func scanLink(row func(...any) error) (l account.Link, err error) {
	var created, expires string
	err = row(&l.Hash, &l.Purpose, &l.Person, &l.Organisation, &l.Email, &created, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return account.Link{}, fault.New(fault.NotFound, "account.link_dead")
	}
	l.Created, l.Expires = db.Time(created), db.Time(expires)
	return l, err
}

func insertLink(ctx context.Context, tx *sql.Tx, l account.Link) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO account_link (hash, purpose, person, organisation, email, created_at, expires_at, used_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '')`, l.Hash, string(l.Purpose), orNull(l.Person), l.Organisation, l.Email,
		db.Stamp(l.Created), db.Stamp(l.Expires))
	return err
}

// OfferFirst implements [account.LinkStore].
func (s *Store) OfferFirst(ctx context.Context, l account.Link) (done bool, err error) {
	defer fault.Wrap(&err, "accountdb.OfferFirst")
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		empty, err := noOrganisation(ctx, tx)
		if done = empty; err != nil || !empty {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM account_link WHERE purpose = $1`, string(account.ForSetup)); err != nil {
			return err
		}
		return insertLink(ctx, tx, l)
	})
	return done && err == nil, err
}

func noOrganisation(ctx context.Context, tx *sql.Tx) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM account_organisation`).Scan(&n)
	return n == 0, err
}

// Offer implements [account.LinkStore].
func (s *Store) Offer(ctx context.Context, l account.Link, act account.Act) (err error) {
	defer fault.Wrap(&err, "accountdb.Offer(%s)", l.Person)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if _, err := findPerson(ctx, tx, l.Organisation, l.Person); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM account_link WHERE person = $1 AND purpose = $2 AND used_at = ''`,
			l.Person, string(l.Purpose)); err != nil {
			return err
		}
		if err := insertLink(ctx, tx, l); err != nil {
			return err
		}
		return write(ctx, tx, act)
	})
}

// Look implements [account.LinkStore].
func (s *Store) Look(ctx context.Context, hash string, now time.Time) (l account.Link, p account.Person, err error) {
	defer fault.Wrap(&err, "accountdb.Look")
	l, err = scanLink(s.DB.QueryRowContext(ctx, `SELECT `+linkColumns+` FROM account_link
		WHERE hash = $1 AND used_at = '' AND expires_at > $2`, hash, db.Stamp(now)).Scan)
	if err != nil || l.Person == "" {
		return l, account.Person{}, err
	}
	p, err = findPerson(ctx, s.DB, l.Organisation, l.Person)
	return l, p, err
}

// Redeem implements [account.LinkStore]. The first statement takes the row: of two at once the second finds it used.
func (s *Store) Redeem(ctx context.Context, hash string, now time.Time, fn func(l account.Link, p *account.Person) (account.Redemption, error)) (err error) {
	defer fault.Wrap(&err, "accountdb.Redeem")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		l, err := scanLink(tx.QueryRowContext(ctx, `UPDATE account_link SET used_at = $1
			WHERE hash = $2 AND used_at = '' AND expires_at > $3 RETURNING `+linkColumns, db.Stamp(now), hash, db.Stamp(now)).Scan)
		if err != nil {
			return err
		}
		var before account.Person
		if l.Person != "" {
			if err := turn(ctx, tx, l.Organisation); err != nil {
				return err
			}
			if before, err = findPerson(ctx, tx, l.Organisation, l.Person); err != nil {
				return err
			}
		}
		p := before
		r, err := fn(l, &p)
		if err != nil {
			return err
		}
		return redeem(ctx, tx, r, p, before)
	})
}

// redeem does what a link decided.
func redeem(ctx context.Context, tx *sql.Tx, r account.Redemption, p, before account.Person) error {
	if r.Found != nil {
		if err := found(ctx, tx, *r.Found, p, r.Password); err != nil {
			return err
		}
	} else if err := savePerson(ctx, tx, p, before); err != nil {
		return err
	} else if r.Password != "" {
		if err := storePassword(ctx, tx, p, r.Password); err != nil {
			return err
		}
	}
	if r.EndAll {
		if err := endOthers(ctx, tx, p.ID, ""); err != nil {
			return err
		}
	}
	if r.Session != nil {
		if err := begin(ctx, tx, *r.Session, r.Replaces); err != nil {
			return err
		}
	}
	return write(ctx, tx, r.Act)
}

// found makes the first organisation and its administrator, unless somebody was faster.
func found(ctx context.Context, tx *sql.Tx, o account.Organisation, p account.Person, hash string) error {
	// Two setup links used at once lock each other out here: one starts again and finds itself dead.
	if _, err := tx.ExecContext(ctx, `DELETE FROM account_link WHERE purpose = $1`, string(account.ForSetup)); err != nil {
		return err
	}
	empty, err := noOrganisation(ctx, tx)
	if err != nil {
		return err
	}
	if !empty {
		return fault.New(fault.NotFound, "account.link_dead")
	}
	if err := insertOrganisation(ctx, tx, o); err != nil {
		return err
	}
	return insertPerson(ctx, tx, p, hash)
}
