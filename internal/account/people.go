package account

import (
	"context"
	"slices"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// Delivery says what became of a link for somebody else: mailed, or to be handed over by the administrator.
type Delivery struct {
	Mailed bool
	URL    string // "" when mailed
	Person Person
	Link   Purpose
}

// List lists people of the actor's organisation, 50 a page unless q says otherwise. Faults: Denied "account.admin_only".
func (s *Service) List(ctx context.Context, by actor.Actor, q PeopleQuery) (_ PeoplePage, err error) {
	defer fault.Wrap(&err, "account.List")
	if err := adminOnly(by); err != nil {
		return PeoplePage{}, err
	}
	if q.Size < 1 {
		q.Size = 50
	}
	q.Page = max(q.Page, 1)
	return s.People.People(ctx, by.Organisation, q)
}

// Find finds a person: an administrator finds anybody of the organisation, everybody finds themselves.
// Faults: Denied "account.admin_only", NotFound "account.no_person".
func (s *Service) Find(ctx context.Context, by actor.Actor, person string) (_ Person, err error) {
	defer fault.Wrap(&err, "account.Find(%s)", person)
	if err := known(by); err != nil {
		return Person{}, err
	}
	if by.ID != person {
		if err := adminOnly(by); err != nil {
			return Person{}, err
		}
	}
	return s.People.Person(ctx, by.Organisation, person)
}

// Names says how people of the actor's organisation are called, for rooms that keep only identifiers; who is erased or
// unknown is left out. Faults: SignIn "account.sign_in_first".
func (s *Service) Names(ctx context.Context, by actor.Actor, people ...string) (_ map[string]string, err error) {
	defer fault.Wrap(&err, "account.Names")
	if err := known(by); err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, one := range people {
		if _, done := names[one]; done || one == "" {
			continue
		}
		p, err := s.People.Person(ctx, by.Organisation, one)
		switch {
		case fault.Is(err, "account.no_person"):
		case err != nil:
			return nil, err
		case p.Name != "":
			names[one] = p.Name
		}
	}
	return names, nil
}

// Invite adds a person, who comes in by a link that lives 14 days. Faults: Denied "account.admin_only", those of
// [PersonEdit.Clean], Invalid "account.email_taken" (field email), "account.no_service" (field service).
func (s *Service) Invite(ctx context.Context, by actor.Actor, e PersonEdit, language string) (_ Delivery, err error) {
	defer fault.Wrap(&err, "account.Invite")
	if err := adminOnly(by); err != nil {
		return Delivery{}, err
	}
	e, err = e.Clean()
	if err != nil {
		return Delivery{}, err
	}
	now := s.Now()
	p := Person{ID: id.New(now), Organisation: by.Organisation, Department: e.Department, Name: e.Name, Email: e.Email,
		Roles: e.Roles, Language: cleanLanguage(language), State: Invited, Created: now}
	l, address := s.link(ForInvited, p)
	if err := s.People.Admit(ctx, p, l, s.act(by, "invited", p.Subject(), "roles", sayRoles(p.Roles))); err != nil {
		return Delivery{}, err
	}
	return s.deliver(ctx, by, p, ForInvited, address), nil
}

// deliver mails a link, or gives it to the administrator when there is no mail or it did not leave.
func (s *Service) deliver(ctx context.Context, by actor.Actor, p Person, purpose Purpose, address string) Delivery {
	d := Delivery{Person: p, Link: purpose, URL: address}
	if !s.CanMail() {
		return d
	}
	var args []any
	if purpose == ForInvited {
		args = []any{address, by.Name}
	} else {
		args = []any{address}
	}
	if err := s.mail(ctx, p, string(purpose), args...); err == nil {
		d.Mailed, d.URL = true, ""
	}
	return d
}

// NewLink makes a link for somebody: a new invitation for who has not come yet, a link to choose a new password for who
// has. The previous one stops working. Faults: Denied "account.admin_only", Conflict "account.not_active".
func (s *Service) NewLink(ctx context.Context, by actor.Actor, person string) (_ Delivery, err error) {
	defer fault.Wrap(&err, "account.NewLink(%s)", person)
	if err := adminOnly(by); err != nil {
		return Delivery{}, err
	}
	p, err := s.People.Person(ctx, by.Organisation, person)
	if err != nil {
		return Delivery{}, err
	}
	purpose := ForReset
	switch p.State {
	case Invited:
		purpose = ForInvited
	case Active:
	default:
		return Delivery{}, fault.New(fault.Conflict, "account.not_active")
	}
	l, address := s.link(purpose, p)
	if err := s.Links.Offer(ctx, l, s.act(by, "link_made", p.Subject(), "for", string(purpose))); err != nil {
		return Delivery{}, err
	}
	return s.deliver(ctx, by, p, purpose, address), nil
}

// Accept uses an invitation up: the person takes a name and a password and is in. Faults: NotFound "account.link_dead";
// "account.name_empty", "account.name_long" (field name); those of [CheckPassword] (field password).
func (s *Service) Accept(ctx context.Context, secret, name, password string, v Visitor) (_ Ticket, err error) {
	defer fault.Wrap(&err, "account.Accept")
	_, about, err := s.Look(ctx, secret, ForInvited)
	if err != nil {
		return Ticket{}, err
	}
	var wrong fault.List
	about.Name = cleanName(&wrong, "name", name)
	addPassword(&wrong, password, about)
	if err := wrong.Err(); err != nil {
		return Ticket{}, err
	}
	hash, err := s.Hasher.Hash(ctx, password)
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = s.Links.Redeem(ctx, Digest(secret), s.Now(), func(l Link, p *Person) (Redemption, error) {
		if l.Purpose != ForInvited || p.State != Invited {
			return Redemption{}, errLink()
		}
		p.Name, p.State = about.Name, Active
		var session Session
		t, session = s.ticket(*p, v)
		return Redemption{Password: hash, Session: &session, Replaces: replaced(v), Act: s.act(p.Actor(), "joined", p.Subject())}, nil
	})
	return t, err
}

// addPassword adds what CheckPassword says to a list.
func addPassword(wrong *fault.List, password string, about Person) {
	if f, ok := CheckPassword("password", password, about).(*fault.Error); ok {
		*wrong = append(*wrong, f)
	}
}

// Edit changes a person's name, e-mail, service and roles. Faults: Denied "account.admin_only", those of
// [PersonEdit.Clean], Invalid "account.email_taken", "account.no_service", Conflict "account.last_admin",
// "account.changed_meanwhile" when version is not 0 and not the person's, "account.not_active" for an erased person.
func (s *Service) Edit(ctx context.Context, by actor.Actor, person string, e PersonEdit, version int) (_ Person, err error) {
	defer fault.Wrap(&err, "account.Edit(%s)", person)
	if err := adminOnly(by); err != nil {
		return Person{}, err
	}
	if e, err = e.Clean(); err != nil {
		return Person{}, err
	}
	var before Person
	p, err := s.People.ChangePerson(ctx, by.Organisation, person, func(p *Person, others int) (Act, error) {
		before = *p
		switch {
		case p.State == Erased:
			return Act{}, fault.New(fault.Conflict, "account.not_active")
		case version != 0 && version != p.Version:
			return Act{}, fault.New(fault.Conflict, "account.changed_meanwhile")
		}
		p.Name, p.Email, p.Department = e.Name, e.Email, e.Department
		if err := p.Assign(e.Roles, others); err != nil {
			return Act{}, err
		}
		if !slices.Equal(before.Roles, p.Roles) {
			return s.act(by, "roles_changed", p.Subject(), "before", sayRoles(before.Roles), "after", sayRoles(p.Roles)), nil
		}
		return s.act(by, "person_changed", p.Subject()), nil
	})
	if err == nil && before.Email != p.Email && before.State == Active {
		s.notify(ctx, before, "email_changed", p.Email)
	}
	return p, err
}

// Suspend keeps a person out, at once on every browser. Faults: Denied "account.admin_only", those of [Person.Suspend].
func (s *Service) Suspend(ctx context.Context, by actor.Actor, person string) (_ Person, err error) {
	defer fault.Wrap(&err, "account.Suspend(%s)", person)
	return s.turn(ctx, by, person, "suspended", func(p *Person, others int) error { return p.Suspend(others) })
}

// Restore lets a suspended person in again. Faults: Denied "account.admin_only", Conflict "account.not_suspended".
func (s *Service) Restore(ctx context.Context, by actor.Actor, person string) (_ Person, err error) {
	defer fault.Wrap(&err, "account.Restore(%s)", person)
	return s.turn(ctx, by, person, "restored", func(p *Person, _ int) error { return p.Restore() })
}

func (s *Service) turn(ctx context.Context, by actor.Actor, person, verb string, fn func(p *Person, others int) error) (Person, error) {
	if err := adminOnly(by); err != nil {
		return Person{}, err
	}
	return s.People.ChangePerson(ctx, by.Organisation, person, func(p *Person, others int) (Act, error) {
		return s.act(by, verb, p.Subject()), fn(p, others)
	})
}

// Erase makes a person anonymous for ever: an administrator anybody, everybody themselves. typed is the person's e-mail,
// typed to confirm. Faults: Denied "account.admin_only", those of [Person.Erase].
func (s *Service) Erase(ctx context.Context, by actor.Actor, person, typed string) (err error) {
	defer fault.Wrap(&err, "account.Erase(%s)", person)
	if by.ID != person || !by.Known() {
		if err := adminOnly(by); err != nil {
			return err
		}
	}
	_, err = s.People.ChangePerson(ctx, by.Organisation, person, func(p *Person, others int) (Act, error) {
		if err := p.Erase(typed, others); err != nil {
			return Act{}, err
		}
		who := by
		if by.ID == person {
			who.Name = "" // the line that says who left must not keep the name
		}
		return s.act(who, "erased", p.Subject()), nil
	})
	return err
}

func sayRoles(roles []actor.Role) string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return strings.Join(out, " ")
}
