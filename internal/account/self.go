package account

import (
	"context"
	"encoding/json"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// Rename changes one's own name. Faults: SignIn, Invalid "account.name_empty", "account.name_long" (field name).
func (s *Service) Rename(ctx context.Context, by actor.Actor, name string) (err error) {
	defer fault.Wrap(&err, "account.Rename")
	if err := known(by); err != nil {
		return err
	}
	var wrong fault.List
	if name = cleanName(&wrong, "name", name); len(wrong) > 0 {
		return wrong.Err()
	}
	_, err = s.People.ChangePerson(ctx, by.Organisation, by.ID, func(p *Person, _ int) (Act, error) {
		p.Name = name
		return s.act(by, "person_changed", p.Subject()), nil
	})
	return err
}

// SetLanguage keeps the language somebody chose. Nobody and an unknown language are no-ops.
func (s *Service) SetLanguage(ctx context.Context, by actor.Actor, lang string) (err error) {
	defer fault.Wrap(&err, "account.SetLanguage")
	if !by.Known() || cleanLanguage(lang) == "" {
		return nil
	}
	_, err = s.People.ChangePerson(ctx, by.Organisation, by.ID, func(p *Person, _ int) (Act, error) {
		p.Language = lang
		return Act{}, nil
	})
	return err
}

// prove checks one's own password before a change that could take the account away. Guesses are limited.
// Faults: Invalid "account.password_wrong", "account.sign_in_wait" with minutes (field current).
func (s *Service) prove(ctx context.Context, by actor.Actor, password string) error {
	try := Try{tryKey("self", by.ID, ""), limitSelf}
	wait, _, err := s.Attempts.Take(ctx, s.Now(), try)
	if err != nil {
		return err
	}
	if wait > 0 {
		return fault.Field("current", "account.sign_in_wait", minutes(wait))
	}
	hash, err := s.People.PasswordHash(ctx, by.Organisation, by.ID)
	if err != nil {
		return err
	}
	right, err := s.Hasher.Check(ctx, password, hash)
	if err != nil {
		return err
	}
	if !right {
		return fault.Field("current", "account.password_wrong")
	}
	return s.Attempts.Forget(ctx, try)
}

// ChangePassword replaces one's own password and ends every other session. session is the secret of the one that asks.
// It returns the new password's strength. Faults: SignIn; those of [CheckPassword] (field password); Invalid
// "account.password_wrong", "account.sign_in_wait" (field current).
func (s *Service) ChangePassword(ctx context.Context, by actor.Actor, current, password, session string) (strength string, err error) {
	defer fault.Wrap(&err, "account.ChangePassword")
	if err := known(by); err != nil {
		return "", err
	}
	p, err := s.People.Person(ctx, by.Organisation, by.ID)
	if err != nil {
		return "", err
	}
	if err := CheckPassword("password", password, p); err != nil {
		return "", err
	}
	if err := s.prove(ctx, by, current); err != nil {
		return "", err
	}
	hash, err := s.Hasher.Hash(ctx, password)
	if err != nil {
		return "", err
	}
	if err := s.People.SetPassword(ctx, p, hash, Digest(session), s.act(by, "password_changed", p.Subject())); err != nil {
		return "", err
	}
	s.notify(ctx, p, "password_changed")
	return Strength(password), nil
}

// ChangeEmail changes one's own e-mail: at once without mail, else when the link sent to the new address is used; asked
// reports the latter. The old address is told. Faults: SignIn; Invalid "account.email_empty", "account.email_wrong",
// "account.email_same", "account.email_taken" (field email), "account.password_wrong", "account.sign_in_wait" (field
// current), "account.link_wait".
func (s *Service) ChangeEmail(ctx context.Context, by actor.Actor, email, current string) (asked bool, err error) {
	defer fault.Wrap(&err, "account.ChangeEmail")
	if err := known(by); err != nil {
		return false, err
	}
	var wrong fault.List
	if email = checkEmail(&wrong, "email", email); len(wrong) > 0 {
		return false, wrong.Err()
	}
	if email == by.Email {
		return false, fault.Field("email", "account.email_same")
	}
	if err := s.prove(ctx, by, current); err != nil {
		return false, err
	}
	if !s.CanMail() {
		_, err := s.People.ChangePerson(ctx, by.Organisation, by.ID, func(p *Person, _ int) (Act, error) {
			p.Email = email
			return s.act(by, "email_changed", p.Subject()), nil
		})
		return false, err
	}
	return true, s.askEmail(ctx, by, email)
}

// askEmail sends the link that confirms a new address. An address somebody has gets no link, and this says nothing.
func (s *Service) askEmail(ctx context.Context, by actor.Actor, email string) error {
	wait, _, err := s.Attempts.Take(ctx, s.Now(), Try{tryKey("newemail", by.ID, ""), limitLinks})
	if err != nil {
		return err
	}
	if wait > 0 {
		return fault.New(fault.Invalid, "account.link_wait", minutes(wait))
	}
	p, err := s.People.Person(ctx, by.Organisation, by.ID)
	if err != nil {
		return err
	}
	s.later(ctx, "account.ChangeEmail", func(ctx context.Context) error {
		taken, _, err := s.People.PersonByEmail(ctx, email)
		if err != nil || taken.ID != "" {
			return err
		}
		l, address := s.link(ForNewEmail, p)
		l.Email = email
		if err := s.Links.Offer(ctx, l, s.act(by, "email_asked", p.Subject())); err != nil {
			return err
		}
		to := p
		to.Email = email
		return s.mail(ctx, to, "email", address)
	})
	return nil
}

// ConfirmEmail uses up the link sent to a new address. The link itself proves who asks.
// Faults: NotFound "account.link_dead", Invalid "account.email_taken".
func (s *Service) ConfirmEmail(ctx context.Context, secret string) (err error) {
	defer fault.Wrap(&err, "account.ConfirmEmail")
	var before Person
	var email string
	err = s.Links.Redeem(ctx, Digest(secret), s.Now(), func(l Link, p *Person) (Redemption, error) {
		if l.Purpose != ForNewEmail || p.State != Active {
			return Redemption{}, errLink()
		}
		before, email = *p, l.Email
		p.Email = l.Email
		return Redemption{Act: s.act(p.Actor(), "email_changed", p.Subject())}, nil
	})
	if err == nil {
		s.notify(ctx, before, "email_changed", email)
	}
	return err
}

// Browsers lists one's own live sessions; secret marks the one that asks. Faults: SignIn.
func (s *Service) Browsers(ctx context.Context, by actor.Actor, secret string) (_ []Session, err error) {
	defer fault.Wrap(&err, "account.Browsers")
	if err := known(by); err != nil {
		return nil, err
	}
	list, err := s.Sessions.Sessions(ctx, by.Organisation, by.ID, s.Now())
	hash := Digest(secret)
	for i := range list {
		list[i].Current = list[i].Hash == hash
	}
	return list, err
}

// EndSession ends one of one's own sessions. Faults: SignIn, NotFound "account.no_session".
func (s *Service) EndSession(ctx context.Context, by actor.Actor, session string) (err error) {
	defer fault.Wrap(&err, "account.EndSession")
	if err := known(by); err != nil {
		return err
	}
	return s.Sessions.End(ctx, by.Organisation, by.ID, session, s.act(by, "session_ended", "account:"+by.ID))
}

// EndOtherSessions ends all of one's own sessions but the one that asks. Faults: SignIn.
func (s *Service) EndOtherSessions(ctx context.Context, by actor.Actor, secret string) (err error) {
	defer fault.Wrap(&err, "account.EndOtherSessions")
	if err := known(by); err != nil {
		return err
	}
	return s.Sessions.EndOthers(ctx, by.Organisation, by.ID, Digest(secret), s.act(by, "sessions_ended", "account:"+by.ID))
}

// Held is everything this instance keeps about a person. Secrets and the password's hash are not in it.
type Held struct {
	Exported time.Time      `json:"exported_at"`
	Person   HeldPerson     `json:"person"`
	Sessions []HeldSession  `json:"sessions"`
	History  []HeldEntry    `json:"history"`
	Others   map[string]any `json:"other_rooms,omitempty"`
}

// HeldPerson is the person's own record.
type HeldPerson struct {
	ID           string       `json:"id"`
	Organisation string       `json:"organisation"`
	Department   string       `json:"service"`
	Name         string       `json:"name"`
	Email        string       `json:"email"`
	Roles        []actor.Role `json:"roles"`
	Language     string       `json:"language"`
	State        State        `json:"state"`
	HasPassword  bool         `json:"has_password"`
	Created      time.Time    `json:"created_at"`
	LastSignIn   time.Time    `json:"last_sign_in_at"`
}

// HeldSession is one browser.
type HeldSession struct {
	Agent    string    `json:"browser"`
	Created  time.Time `json:"created_at"`
	LastSeen time.Time `json:"last_seen_at"`
	Expires  time.Time `json:"expires_at"`
}

// HeldEntry is one line of the audit log by or about the person.
type HeldEntry struct {
	At      time.Time       `json:"at"`
	Verb    string          `json:"verb"`
	Subject string          `json:"subject"`
	ByYou   bool            `json:"by_you"`
	Detail  json.RawMessage `json:"detail"`
}

// historyMost bounds the lines of an export; it is far over what a person leaves in years.
const historyMost = 100_000

// Export gathers what the instance holds about the actor, other rooms included. Faults: SignIn.
func (s *Service) Export(ctx context.Context, by actor.Actor) (_ Held, err error) {
	defer fault.Wrap(&err, "account.Export")
	if err := known(by); err != nil {
		return Held{}, err
	}
	p, err := s.People.Person(ctx, by.Organisation, by.ID)
	if err != nil {
		return Held{}, err
	}
	h := Held{Exported: s.Now().UTC(), Sessions: []HeldSession{}, History: []HeldEntry{}}
	if h.Person, err = s.heldPerson(ctx, p); err != nil {
		return Held{}, err
	}
	sessions, err := s.Sessions.Sessions(ctx, p.Organisation, p.ID, s.Now())
	if err != nil {
		return Held{}, err
	}
	for _, one := range sessions {
		h.Sessions = append(h.Sessions, HeldSession{one.Agent, one.Created, one.LastSeen, one.Expires})
	}
	entries, err := s.Journal.Journal(ctx, p.Organisation, JournalQuery{Person: p.ID, Limit: historyMost})
	if err != nil {
		return Held{}, err
	}
	for _, e := range entries {
		h.History = append(h.History, HeldEntry{e.At, e.Verb, e.Subject, e.Actor == p.ID, json.RawMessage(e.Detail)})
	}
	for _, holder := range s.Holders {
		part, content, err := holder.HeldAbout(ctx, by)
		if err != nil {
			return Held{}, err
		}
		if content != nil {
			if h.Others == nil {
				h.Others = map[string]any{}
			}
			h.Others[part] = content
		}
	}
	return h, s.Journal.Note(ctx, s.act(by, "exported", p.Subject()))
}

func (s *Service) heldPerson(ctx context.Context, p Person) (HeldPerson, error) {
	o, err := s.Organisations.Organisation(ctx, p.Organisation)
	if err != nil {
		return HeldPerson{}, err
	}
	held := HeldPerson{ID: p.ID, Organisation: o.Name, Name: p.Name, Email: p.Email, Roles: append([]actor.Role{actor.Agent}, p.Roles...),
		Language: p.Language, State: p.State, HasPassword: p.HasPassword, Created: p.Created, LastSignIn: p.LastSignIn}
	departments, err := s.Organisations.Departments(ctx, p.Organisation)
	for _, d := range departments {
		if d.ID == p.Department {
			held.Department = d.Name
		}
	}
	return held, err
}
