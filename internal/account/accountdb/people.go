package accountdb

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"cultured/internal/account"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/outbox"
)

const personColumns = `p.id, p.organisation, COALESCE(p.service, ''), p.name, p.email, p.roles, p.language, p.state,
	p.password_hash <> '', p.created_at, p.last_sign_in_at, p.version`

func scanPerson(row func(...any) error) (p account.Person, err error) {
	var roles, created, last string
	err = row(&p.ID, &p.Organisation, &p.Department, &p.Name, &p.Email, &roles, &p.Language, &p.State,
		&p.HasPassword, &created, &last, &p.Version)
	p.Roles, p.Created, p.LastSignIn = splitRoles(roles), db.Time(created), db.Time(last)
	return p, err
}

func findPerson(ctx context.Context, q db.Querier, organisation, id string) (account.Person, error) {
	p, err := scanPerson(q.QueryRowContext(ctx, `SELECT `+personColumns+` FROM account_person p
		WHERE p.organisation = $1 AND p.id = $2`, organisation, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return account.Person{}, fault.New(fault.NotFound, "account.no_person")
	}
	return p, err
}

// Person implements [account.PeopleStore].
func (s *Store) Person(ctx context.Context, organisation, id string) (_ account.Person, err error) {
	defer fault.Wrap(&err, "accountdb.Person(%s)", id)
	return findPerson(ctx, s.DB, organisation, id)
}

// PersonByEmail implements [account.PeopleStore].
func (s *Store) PersonByEmail(ctx context.Context, email string) (_ account.Person, hash string, err error) {
	defer fault.Wrap(&err, "accountdb.PersonByEmail")
	if email == "" {
		return account.Person{}, "", nil
	}
	row := s.DB.QueryRowContext(ctx, `SELECT `+personColumns+`, p.password_hash FROM account_person p
		WHERE p.email = $1 AND p.email <> ''`, email)
	p, err := scanPerson(func(dest ...any) error { return row.Scan(append(dest, &hash)...) })
	if errors.Is(err, sql.ErrNoRows) {
		return account.Person{}, "", nil
	}
	return p, hash, err
}

// PasswordHash implements [account.PeopleStore].
func (s *Store) PasswordHash(ctx context.Context, organisation, id string) (hash string, err error) {
	defer fault.Wrap(&err, "accountdb.PasswordHash(%s)", id)
	err = s.DB.QueryRowContext(ctx, `SELECT password_hash FROM account_person
		WHERE organisation = $1 AND id = $2`, organisation, id).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fault.New(fault.NotFound, "account.no_person")
	}
	return hash, err
}

// People implements [account.PeopleStore].
func (s *Store) People(ctx context.Context, organisation string, q account.PeopleQuery) (page account.PeoplePage, err error) {
	defer fault.Wrap(&err, "accountdb.People")
	where, args := ` WHERE p.organisation = $1`, []any{organisation}
	and := func(clause string, arg any) {
		args = append(args, arg)
		where += " AND " + clause + strconv.Itoa(len(args))
	}
	for _, word := range french.Words(q.Words) {
		and(`p.searchable LIKE $`, like(word))
		where += ` ESCAPE '\'`
	}
	if q.Department != "" {
		and(`p.service = $`, q.Department)
	}
	if q.Role != "" {
		and(`(' ' || p.roles || ' ') LIKE $`, "% "+string(q.Role)+" %")
	}
	if q.State != "" {
		and(`p.state = $`, string(q.State))
	} else {
		where += ` AND p.state <> 'erased'`
	}
	if err := s.DB.QueryRowContext(ctx, `SELECT COUNT(*) FROM account_person p`+where, args...).Scan(&page.Total); err != nil {
		return page, err
	}
	n := len(args)
	page.People, err = db.Rows(ctx, s.DB, scanPerson, `SELECT `+personColumns+` FROM account_person p`+where+
		` ORDER BY p.searchable, p.id LIMIT $`+strconv.Itoa(n+1)+` OFFSET $`+strconv.Itoa(n+2),
		append(args, q.Size, (q.Page-1)*q.Size)...)
	return page, err
}

// Admit implements [account.PeopleStore].
func (s *Store) Admit(ctx context.Context, p account.Person, l account.Link, act account.Act) (err error) {
	defer fault.Wrap(&err, "accountdb.Admit")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if err := turn(ctx, tx, p.Organisation); err != nil {
			return err
		}
		if err := checkDepartment(ctx, tx, p.Organisation, p.Department); err != nil {
			return err
		}
		if err := insertPerson(ctx, tx, p, ""); err != nil {
			return err
		}
		if err := insertLink(ctx, tx, l); err != nil {
			return err
		}
		return write(ctx, tx, act)
	})
}

// checkDepartment refuses a service of another organisation. Faults: Invalid "account.no_service" (field service).
func checkDepartment(ctx context.Context, tx *sql.Tx, organisation, department string) error {
	if department == "" {
		return nil
	}
	var n int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM account_service WHERE organisation = $1 AND id = $2`, organisation, department).Scan(&n)
	if err == nil && n == 0 {
		return fault.Field("service", "account.no_service")
	}
	return err
}

func emailTaken(err error) error {
	if db.Duplicate(err) {
		return fault.Field("email", "account.email_taken").Because(err)
	}
	return err
}

func insertPerson(ctx context.Context, tx *sql.Tx, p account.Person, hash string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO account_person (id, organisation, service, name, email, roles, language, state,
			password_hash, searchable, created_at, last_sign_in_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', 1)`,
		p.ID, p.Organisation, orNull(p.Department), p.Name, p.Email, joinRoles(p.Roles), p.Language, string(p.State),
		hash, p.Searchable(), db.Stamp(p.Created))
	return emailTaken(err)
}

// savePerson writes p back if nobody was faster, and takes away what p may no longer use: before is p as it was read.
func savePerson(ctx context.Context, tx *sql.Tx, p, before account.Person) error {
	res, err := tx.ExecContext(ctx, `UPDATE account_person SET service = $1, name = $2, email = $3, roles = $4, language = $5,
			state = $6, searchable = $7, version = version + 1
		WHERE organisation = $8 AND id = $9 AND version = $10`,
		orNull(p.Department), p.Name, p.Email, joinRoles(p.Roles), p.Language, string(p.State), p.Searchable(),
		p.Organisation, p.ID, before.Version)
	if err := db.Touched(res, emailTaken(err), db.Stale); err != nil {
		return err
	}
	if p.State == account.Suspended || p.State == account.Erased {
		if _, err := tx.ExecContext(ctx, `DELETE FROM account_session WHERE person = $1`, p.ID); err != nil {
			return err
		}
	}
	if p.State != before.State || p.Email != before.Email {
		if _, err := tx.ExecContext(ctx, `DELETE FROM account_link WHERE person = $1 AND used_at = ''`, p.ID); err != nil {
			return err
		}
	}
	if p.State == account.Erased {
		return anonymise(ctx, tx, p)
	}
	return nil
}

// anonymise forgets the password and every trace of links, and takes the name off the audit log's lines: erasure is the
// one thing that may touch them.
func anonymise(ctx context.Context, tx *sql.Tx, p account.Person) error {
	for _, statement := range []string{
		`UPDATE account_person SET password_hash = '' WHERE id = $1`,
		`DELETE FROM account_link WHERE person = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, p.ID); err != nil {
			return err
		}
	}
	return outbox.Anonymise(ctx, tx, p.Organisation, p.ID)
}

// ChangePerson implements [account.PeopleStore].
func (s *Store) ChangePerson(ctx context.Context, organisation, id string, fn func(p *account.Person, others int) (account.Act, error)) (p account.Person, err error) {
	defer fault.Wrap(&err, "accountdb.ChangePerson(%s)", id)
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) (err error) {
		if err := turn(ctx, tx, organisation); err != nil {
			return err
		}
		if p, err = findPerson(ctx, tx, organisation, id); err != nil {
			return err
		}
		var others int
		err = tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM account_person
			WHERE organisation = $1 AND id <> $2 AND state = 'active' AND (' ' || roles || ' ') LIKE '% admin %'`, organisation, id).Scan(&others)
		if err != nil {
			return err
		}
		before := p
		act, err := fn(&p, others)
		if err != nil {
			return err
		}
		if err := checkDepartment(ctx, tx, organisation, p.Department); err != nil {
			return err
		}
		if err := write(ctx, tx, act); err != nil {
			return err
		}
		p.Version++
		return savePerson(ctx, tx, p, before)
	})
	return p, err
}

// SetPassword implements [account.PeopleStore].
func (s *Store) SetPassword(ctx context.Context, p account.Person, hash, keep string, act account.Act) (err error) {
	defer fault.Wrap(&err, "accountdb.SetPassword(%s)", p.ID)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if err := storePassword(ctx, tx, p, hash); err != nil {
			return err
		}
		if err := endOthers(ctx, tx, p.ID, keep); err != nil {
			return err
		}
		return write(ctx, tx, act)
	})
}

// storePassword replaces the hash; links that would go around the new password stop working.
func storePassword(ctx context.Context, tx *sql.Tx, p account.Person, hash string) error {
	res, err := tx.ExecContext(ctx, `UPDATE account_person SET password_hash = $1, version = version + 1
		WHERE organisation = $2 AND id = $3`, hash, p.Organisation, p.ID)
	if err := db.Touched(res, err, fault.New(fault.NotFound, "account.no_person")); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM account_link WHERE person = $1 AND used_at = ''`, p.ID)
	return err
}
