package account

import (
	"context"
	"errors"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/id"
)

// FirstLink makes the address that makes the first administrator, and ends the earlier ones; "" once an organisation
// exists. Show it to who starts the program, and to nobody else. It lives a day: whoever installs may have lunch.
func (s *Service) FirstLink(ctx context.Context) (address string, err error) {
	defer fault.Wrap(&err, "account.FirstLink")
	l, address := s.link(ForSetup, Person{})
	l.Expires = l.Created.Add(setupLife)
	done, err := s.Links.OfferFirst(ctx, l)
	if err != nil || !done {
		return "", err
	}
	return address, nil
}

// SetupForm is what the first administrator says.
type SetupForm struct {
	Organisation          OrganisationEdit
	Name, Email, Password string
	Language              string
}

// Setup uses the first link up: it makes the organisation and its first administrator, who is also a steward, and signs
// them in. Faults: NotFound "account.link_dead", those of [OrganisationEdit.Clean], [PersonEdit.Clean] and
// [CheckPassword] (field password).
func (s *Service) Setup(ctx context.Context, secret string, f SetupForm, v Visitor) (_ Ticket, err error) {
	defer fault.Wrap(&err, "account.Setup")
	if _, _, err := s.Look(ctx, secret, ForSetup); err != nil {
		return Ticket{}, err
	}
	org, first, err := f.clean()
	if err != nil {
		return Ticket{}, err
	}
	hash, err := s.Hasher.Hash(ctx, f.Password)
	if err != nil {
		return Ticket{}, err
	}
	now := s.Now()
	org.ID, org.Created = id.New(now), now
	first.ID, first.Organisation, first.Created = id.New(now), org.ID, now
	var t Ticket
	err = s.Links.Redeem(ctx, Digest(secret), now, func(l Link, p *Person) (Redemption, error) {
		if l.Purpose != ForSetup {
			return Redemption{}, errLink()
		}
		*p = first
		made := org
		var session Session
		t, session = s.ticket(*p, v)
		return Redemption{Found: &made, Password: hash, Session: &session, Replaces: replaced(v), Act: s.act(p.Actor(), "organisation_created", "account:"+org.ID)}, nil
	})
	return t, err
}

// clean says everything that is wrong with the form at once.
func (f SetupForm) clean() (Organisation, Person, error) {
	var wrong fault.List
	collect := func(err error) {
		if list, ok := errors.AsType[fault.List](err); ok {
			wrong = append(wrong, list...)
		}
	}
	o, err := f.Organisation.Clean()
	collect(err)
	e, err := PersonEdit{Name: f.Name, Email: f.Email}.Clean()
	collect(err)
	p := Person{Name: e.Name, Email: e.Email, Roles: []actor.Role{actor.Steward, actor.Admin}, Language: cleanLanguage(f.Language), State: Active}
	addPassword(&wrong, f.Password, p)
	return Organisation{Name: o.Name, Slug: Slug(o.Name), SIREN: o.SIREN, Territory: o.Territory, Accent: o.Accent}, p, wrong.Err()
}

// A Planting describes an organisation to make at once, for a demonstration or an automatic installation.
type Planting struct {
	Organisation OrganisationEdit
	Departments  []string
	People       []PlantedPerson
}

// PlantedPerson is somebody of a [Planting], active at once; Department is a name among its Departments, or "".
type PlantedPerson struct {
	Name, Email, Password, Department, Language string
	Roles                                       []actor.Role
}

// Seed makes what it is told, and nothing if an organisation with that slug exists: then made is false and the
// organisation is left as it is. Passwords follow [CheckPassword]. Faults: those of the parts.
func (s *Service) Seed(ctx context.Context, g Planting) (made bool, err error) {
	defer fault.Wrap(&err, "account.Seed(%s)", g.Organisation.Name)
	o, err := g.Organisation.Clean()
	if err != nil {
		return false, err
	}
	now := s.Now()
	grove := Grove{Hashes: map[string]string{}, Organisation: Organisation{ID: id.New(now), Name: o.Name, Slug: Slug(o.Name), SIREN: o.SIREN,
		Territory: o.Territory, Accent: o.Accent, Created: now}}
	byName := map[string]string{}
	for _, name := range g.Departments {
		d := Department{ID: id.New(now), Organisation: grove.Organisation.ID, Name: name, Created: now}
		byName[french.Fold(name)] = d.ID
		grove.Departments = append(grove.Departments, d)
	}
	if there, err := s.planted(ctx, grove.Organisation.Slug); err != nil || there {
		return false, err
	}
	for _, one := range g.People {
		p, hash, err := s.plantPerson(ctx, grove.Organisation.ID, one)
		if err != nil {
			return false, err
		}
		p.Department = byName[french.Fold(one.Department)]
		grove.People = append(grove.People, p)
		grove.Hashes[p.ID] = hash
	}
	return s.Organisations.Plant(ctx, grove, s.act(actor.Actor{Organisation: grove.Organisation.ID}, "organisation_created", "account:"+grove.Organisation.ID))
}

// planted spares the hashing when the oldest organisation is the one asked for; Plant itself decides.
func (s *Service) planted(ctx context.Context, slug string) (bool, error) {
	o, err := s.Organisations.Organisation(ctx, "")
	if fault.Is(err, "account.no_organisation") {
		return false, nil
	}
	return o.Slug == slug, err
}

func (s *Service) plantPerson(ctx context.Context, organisation string, one PlantedPerson) (Person, string, error) {
	e, err := PersonEdit{Name: one.Name, Email: one.Email, Roles: one.Roles}.Clean()
	if err != nil {
		return Person{}, "", err
	}
	now := s.Now()
	p := Person{ID: id.New(now), Organisation: organisation, Name: e.Name, Email: e.Email, Roles: e.Roles, Language: cleanLanguage(one.Language),
		State: Active, Created: now}
	if err := CheckPassword("password", one.Password, p); err != nil {
		return Person{}, "", err
	}
	hash, err := s.Hasher.Hash(ctx, one.Password)
	return p, hash, err
}
