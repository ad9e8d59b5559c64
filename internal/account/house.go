package account

import (
	"context"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// House is an organisation, for the head of every page: the actor's, or the oldest for a visitor. The zero Organisation,
// without an error, when there is none yet.
func (s *Service) House(ctx context.Context, who actor.Actor) (_ Organisation, err error) {
	defer fault.Wrap(&err, "account.House")
	o, err := s.Organisations.Organisation(ctx, who.Organisation)
	if fault.Is(err, "account.no_organisation") {
		return Organisation{}, nil
	}
	return o, err
}

// EditOrganisation changes the actor's organisation. Faults: Denied "account.admin_only", those of
// [OrganisationEdit.Clean], Conflict "account.changed_meanwhile".
func (s *Service) EditOrganisation(ctx context.Context, by actor.Actor, e OrganisationEdit) (_ Organisation, err error) {
	defer fault.Wrap(&err, "account.EditOrganisation")
	if err := adminOnly(by); err != nil {
		return Organisation{}, err
	}
	if e, err = e.Clean(); err != nil {
		return Organisation{}, err
	}
	return s.Organisations.ChangeOrganisation(ctx, by.Organisation, func(o *Organisation) (Act, error) {
		if e.Version != 0 && e.Version != o.Version {
			return Act{}, fault.New(fault.Conflict, "account.changed_meanwhile")
		}
		o.Name, o.SIREN, o.Territory, o.Accent = e.Name, e.SIREN, e.Territory, e.Accent
		return s.act(by, "organisation_changed", "account:"+o.ID), nil
	})
}

// Departments lists the services of the actor's organisation by name; nobody has none.
func (s *Service) Departments(ctx context.Context, by actor.Actor) (_ []Department, err error) {
	defer fault.Wrap(&err, "account.Departments")
	if !by.Known() {
		return nil, nil
	}
	return s.Organisations.Departments(ctx, by.Organisation)
}

// AddDepartment adds a service. Faults: Denied "account.admin_only", Invalid "account.name_empty", "account.name_long",
// "account.service_taken" (field name).
func (s *Service) AddDepartment(ctx context.Context, by actor.Actor, name string) (_ Department, err error) {
	defer fault.Wrap(&err, "account.AddDepartment")
	if err := adminOnly(by); err != nil {
		return Department{}, err
	}
	var wrong fault.List
	if name = cleanName(&wrong, "name", name); len(wrong) > 0 {
		return Department{}, wrong.Err()
	}
	now := s.Now()
	d := Department{ID: id.New(now), Organisation: by.Organisation, Name: name, Created: now}
	return d, s.Organisations.AddDepartment(ctx, d, s.act(by, "service_added", "account:"+d.ID, "name", name))
}

// RenameDepartment renames a service. Faults: as AddDepartment, NotFound "account.no_service".
func (s *Service) RenameDepartment(ctx context.Context, by actor.Actor, department, name string) (err error) {
	defer fault.Wrap(&err, "account.RenameDepartment(%s)", department)
	if err := adminOnly(by); err != nil {
		return err
	}
	var wrong fault.List
	if name = cleanName(&wrong, "name", name); len(wrong) > 0 {
		return wrong.Err()
	}
	d := Department{ID: department, Organisation: by.Organisation, Name: name}
	return s.Organisations.RenameDepartment(ctx, d, s.act(by, "service_renamed", "account:"+d.ID, "name", name))
}

// RemoveDepartment removes a service, moving its people into another; with into "" it must be empty.
// Faults: Denied "account.admin_only", Conflict "account.service_used", NotFound "account.no_service", Invalid
// "account.merge_same".
func (s *Service) RemoveDepartment(ctx context.Context, by actor.Actor, department, into string) (err error) {
	defer fault.Wrap(&err, "account.RemoveDepartment(%s)", department)
	if err := adminOnly(by); err != nil {
		return err
	}
	if department == into {
		return fault.Field("into", "account.merge_same")
	}
	d := Department{ID: department, Organisation: by.Organisation}
	act := s.act(by, "service_removed", "account:"+d.ID)
	if into != "" {
		act = s.act(by, "service_merged", "account:"+d.ID, "into", into)
	}
	return s.Organisations.RemoveDepartment(ctx, d, into, act)
}

// Read lists the audit log of the actor's organisation, the newest first, 100 lines unless q says otherwise.
// Faults: Denied "account.admin_only".
func (s *Service) Read(ctx context.Context, by actor.Actor, q JournalQuery) (_ []Entry, err error) {
	defer fault.Wrap(&err, "account.Read")
	if err := adminOnly(by); err != nil {
		return nil, err
	}
	if q.Limit < 1 {
		q.Limit = 100
	}
	return s.Stores.Journal.Journal(ctx, by.Organisation, q)
}

// Verbs lists the verbs of the audit log. Faults: Denied "account.admin_only".
func (s *Service) Verbs(ctx context.Context, by actor.Actor) (_ []string, err error) {
	defer fault.Wrap(&err, "account.Verbs")
	if err := adminOnly(by); err != nil {
		return nil, err
	}
	return s.Stores.Journal.Verbs(ctx, by.Organisation)
}
