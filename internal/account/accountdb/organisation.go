package accountdb

import (
	"context"
	"database/sql"
	"errors"

	"cultured/internal/account"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/french"
)

const organisationColumns = `id, name, slug, siren, territory, accent, created_at, version`

func scanOrganisation(row func(...any) error) (o account.Organisation, err error) {
	var created string
	err = row(&o.ID, &o.Name, &o.Slug, &o.SIREN, &o.Territory, &o.Accent, &created, &o.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return account.Organisation{}, fault.New(fault.NotFound, "account.no_organisation")
	}
	o.Created = db.Time(created)
	return o, err
}

func findOrganisation(ctx context.Context, q db.Querier, id string) (account.Organisation, error) {
	if id == "" {
		return scanOrganisation(q.QueryRowContext(ctx, `SELECT `+organisationColumns+` FROM account_organisation
			ORDER BY created_at, id LIMIT 1`).Scan)
	}
	return scanOrganisation(q.QueryRowContext(ctx, `SELECT `+organisationColumns+` FROM account_organisation
		WHERE id = $1`, id).Scan)
}

func insertOrganisation(ctx context.Context, tx *sql.Tx, o account.Organisation) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO account_organisation (id, name, slug, siren, territory, accent, created_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 1)`, o.ID, o.Name, o.Slug, o.SIREN, o.Territory, o.Accent, db.Stamp(o.Created))
	return err
}

// Organisation implements [account.OrganisationStore].
func (s *Store) Organisation(ctx context.Context, id string) (_ account.Organisation, err error) {
	defer fault.Wrap(&err, "accountdb.Organisation(%s)", id)
	return findOrganisation(ctx, s.DB, id)
}

// ChangeOrganisation implements [account.OrganisationStore].
func (s *Store) ChangeOrganisation(ctx context.Context, id string, fn func(o *account.Organisation) (account.Act, error)) (o account.Organisation, err error) {
	defer fault.Wrap(&err, "accountdb.ChangeOrganisation(%s)", id)
	if id == "" {
		return o, fault.New(fault.NotFound, "account.no_organisation")
	}
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) (err error) {
		if o, err = findOrganisation(ctx, tx, id); err != nil {
			return err
		}
		act, err := fn(&o)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE account_organisation SET name = $1, siren = $2, territory = $3, accent = $4, version = version + 1
			WHERE id = $5 AND version = $6`, o.Name, o.SIREN, o.Territory, o.Accent, id, o.Version)
		if err := db.Touched(res, err, db.Stale); err != nil {
			return err
		}
		o.Version++
		return write(ctx, tx, act)
	})
	return o, err
}

// Departments implements [account.OrganisationStore].
func (s *Store) Departments(ctx context.Context, organisation string) (_ []account.Department, err error) {
	defer fault.Wrap(&err, "accountdb.Departments")
	scan := func(row func(...any) error) (d account.Department, err error) {
		var created string
		err = row(&d.ID, &d.Organisation, &d.Name, &d.People, &created)
		d.Created = db.Time(created)
		return d, err
	}
	return db.Rows(ctx, s.DB, scan, `SELECT s.id, s.organisation, s.name, COUNT(p.id), s.created_at
		FROM account_service s LEFT JOIN account_person p ON p.service = s.id
		WHERE s.organisation = $1
		GROUP BY s.id, s.organisation, s.name, s.created_at, s.folded
		ORDER BY s.folded, s.id`, organisation)
}

func insertDepartment(ctx context.Context, tx *sql.Tx, d account.Department) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO account_service (id, organisation, name, folded, created_at)
		VALUES ($1, $2, $3, $4, $5)`, d.ID, d.Organisation, d.Name, french.Fold(d.Name), db.Stamp(d.Created))
	return serviceTaken(err)
}

func serviceTaken(err error) error {
	if db.Duplicate(err) {
		return fault.Field("name", "account.service_taken").Because(err)
	}
	return err
}

// AddDepartment implements [account.OrganisationStore].
func (s *Store) AddDepartment(ctx context.Context, d account.Department, act account.Act) (err error) {
	defer fault.Wrap(&err, "accountdb.AddDepartment")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if err := insertDepartment(ctx, tx, d); err != nil {
			return err
		}
		return write(ctx, tx, act)
	})
}

// RenameDepartment implements [account.OrganisationStore].
func (s *Store) RenameDepartment(ctx context.Context, d account.Department, act account.Act) (err error) {
	defer fault.Wrap(&err, "accountdb.RenameDepartment(%s)", d.ID)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE account_service SET name = $1, folded = $2
			WHERE organisation = $3 AND id = $4`, d.Name, french.Fold(d.Name), d.Organisation, d.ID)
		if err := db.Touched(res, serviceTaken(err), fault.New(fault.NotFound, "account.no_service")); err != nil {
			return err
		}
		return write(ctx, tx, act)
	})
}

// RemoveDepartment implements [account.OrganisationStore].
func (s *Store) RemoveDepartment(ctx context.Context, d account.Department, into string, act account.Act) (err error) {
	defer fault.Wrap(&err, "accountdb.RemoveDepartment(%s)", d.ID)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if err := turn(ctx, tx, d.Organisation); err != nil {
			return err
		}
		if err := moveAll(ctx, tx, d, into); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM account_service WHERE organisation = $1 AND id = $2`, d.Organisation, d.ID)
		if err := db.Touched(res, err, fault.New(fault.NotFound, "account.no_service")); err != nil {
			return err
		}
		return write(ctx, tx, act)
	})
}

// moveAll empties a service into another, or refuses when there is nowhere to go.
func moveAll(ctx context.Context, tx *sql.Tx, d account.Department, into string) error {
	var people int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM account_person WHERE organisation = $1 AND service = $2`, d.Organisation, d.ID).Scan(&people)
	if err != nil {
		return err
	}
	if into == "" && people > 0 {
		return fault.New(fault.Conflict, "account.service_used", people)
	}
	if into == "" {
		return nil
	}
	if err := checkDepartment(ctx, tx, d.Organisation, into); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE account_person SET service = $1, version = version + 1
		WHERE organisation = $2 AND service = $3`, into, d.Organisation, d.ID)
	return err
}

// Plant implements [account.OrganisationStore].
func (s *Store) Plant(ctx context.Context, g account.Grove, act account.Act) (done bool, err error) {
	defer fault.Wrap(&err, "accountdb.Plant(%s)", g.Organisation.Slug)
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		var n int
		done = false
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM account_organisation WHERE slug = $1`, g.Organisation.Slug).Scan(&n); err != nil || n > 0 {
			return err
		}
		if err := insertOrganisation(ctx, tx, g.Organisation); err != nil {
			return err
		}
		for _, d := range g.Departments {
			if err := insertDepartment(ctx, tx, d); err != nil {
				return err
			}
		}
		for _, p := range g.People {
			if err := insertPerson(ctx, tx, p, g.Hashes[p.ID]); err != nil {
				return err
			}
		}
		done = true
		return write(ctx, tx, act)
	})
	return done && err == nil, err
}
