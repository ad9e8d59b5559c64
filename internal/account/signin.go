package account

import (
	"context"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// A Visitor is who asks to come in, as the front desk sees them.
type Visitor struct {
	Address string // network address; only counted, hashed
	Agent   string // User-Agent header
	Session string // secret of the session they come with, "" for none; it ends
}

// A Ticket is a session begun. Secret goes to the browser and nowhere else.
type Ticket struct {
	Secret string
	Until  time.Time
	Person Person
}

// SignIn opens a session for an e-mail and its password. A try is counted before the password is checked, so that many at
// once gain nothing. Faults: Invalid "account.email_empty",
// "account.password_empty", "account.sign_in_wrong" (unknown e-mail and wrong password
// alike), "account.sign_in_wait" with minutes; Conflict "account.suspended_you", only said to who has the password.
func (s *Service) SignIn(ctx context.Context, email, password string, v Visitor) (_ Ticket, err error) {
	defer fault.Wrap(&err, "account.SignIn")
	email = cleanEmail(email)
	if email == "" || password == "" {
		var wrong fault.List
		if email == "" {
			wrong.Add("email", "account.email_empty")
		}
		if password == "" {
			wrong.Add("password", "account.password_empty")
		}
		return Ticket{}, wrong.Err()
	}
	tries := []Try{{tryKey("email", email, ""), limitEmail}, {tryKey("pair", email, v.Address), limitPair}}
	wait, last, err := s.Attempts.Take(ctx, s.Now(), tries...)
	if err != nil {
		return Ticket{}, err
	}
	if wait > 0 {
		return Ticket{}, fault.New(fault.Invalid, "account.sign_in_wait", minutes(wait))
	}
	p, hash, err := s.People.PersonByEmail(ctx, email)
	if err != nil {
		return Ticket{}, err
	}
	right, err := s.Hasher.Check(ctx, password, hash)
	if err != nil {
		return Ticket{}, err
	}
	if !right || p.State != Active && p.State != Suspended {
		return Ticket{}, s.refuse(ctx, p, email, last)
	}
	if err := s.Attempts.Forget(ctx, tries...); err != nil {
		return Ticket{}, err
	}
	if p.State == Suspended {
		return Ticket{}, fault.New(fault.Conflict, "account.suspended_you")
	}
	t, session := s.ticket(p, v)
	return t, s.Sessions.Begin(ctx, session, replaced(v), s.act(p.Actor(), "signed_in", p.Subject(), "by", "password"))
}

// refuse writes the failed sign-in down. An unknown e-mail is only kept hashed.
func (s *Service) refuse(ctx context.Context, p Person, email string, last bool) error {
	act := s.act(actor.Actor{Organisation: p.Organisation}, "sign_in_failed", p.Subject())
	if p.ID == "" {
		act.Subject = "account:unknown"
		act.Detail = map[string]string{"email_sha256": Digest(email)[:16]}
	}
	if last {
		act.Verb = "account.sign_in_limited"
	}
	if err := s.Journal.Note(ctx, act); err != nil {
		return err
	}
	return fault.New(fault.Invalid, "account.sign_in_wrong")
}

// ticket makes a new session for a person.
func (s *Service) ticket(p Person, v Visitor) (Ticket, Session) {
	secret, now := id.Secret(), s.Now()
	agent := v.Agent
	if !utf8.ValidString(agent) {
		agent = ""
	}
	if r := []rune(agent); len(r) > 200 {
		agent = string(r[:200])
	}
	session := Session{ID: id.New(now), Hash: Digest(secret), Person: p.ID, Organisation: p.Organisation, Agent: agent,
		Created: now, LastSeen: now, Expires: now.Add(SessionMost)}
	return Ticket{Secret: secret, Until: session.Expires, Person: p}, session
}

// replaced is the digest of the session a visitor comes with.
func replaced(v Visitor) string {
	if v.Session == "" {
		return ""
	}
	return Digest(v.Session)
}

// SignOut ends the session. An unknown one is no error.
func (s *Service) SignOut(ctx context.Context, by actor.Actor, secret string) (err error) {
	defer fault.Wrap(&err, "account.SignOut")
	if !by.Known() {
		return nil
	}
	err = s.Sessions.End(ctx, by.Organisation, by.ID, Digest(secret), s.act(by, "signed_out", "account:"+by.ID))
	if fault.Is(err, "account.no_session") {
		return nil
	}
	return err
}

// AskLink sends a link to an e-mail, to sign in or to choose a new password. It answers alike and as fast whether or not
// somebody has that e-mail. Faults: Conflict "account.no_mail"; Invalid "account.email_empty", "account.email_wrong"
// (field email), "account.link_wait" with minutes.
func (s *Service) AskLink(ctx context.Context, email string, purpose Purpose) (err error) {
	defer fault.Wrap(&err, "account.AskLink")
	if !s.CanMail() {
		return fault.New(fault.Conflict, "account.no_mail")
	}
	var wrong fault.List
	email = checkEmail(&wrong, "email", email)
	if err := wrong.Err(); err != nil {
		return err
	}
	if purpose != ForReset {
		purpose = ForSignIn
	}
	wait, _, err := s.Attempts.Take(ctx, s.Now(), Try{tryKey("link", email, ""), limitLinks})
	if err != nil {
		return err
	}
	if wait > 0 {
		return fault.New(fault.Invalid, "account.link_wait", minutes(wait))
	}
	s.later(ctx, "account.AskLink", func(ctx context.Context) error {
		p, _, err := s.People.PersonByEmail(ctx, email)
		if err != nil || p.State != Active {
			return err
		}
		l, address := s.link(purpose, p)
		if err := s.Links.Offer(ctx, l, s.act(p.Actor(), "link_sent", p.Subject(), "for", string(purpose))); err != nil {
			return err
		}
		return s.mail(ctx, p, string(purpose), address)
	})
	return nil
}

// Look says what a link would do, and for whom, without using it. Faults: NotFound "account.link_dead".
func (s *Service) Look(ctx context.Context, secret string, purposes ...Purpose) (_ Link, _ Person, err error) {
	defer fault.Wrap(&err, "account.Look")
	l, p, err := s.Links.Look(ctx, Digest(secret), s.Now())
	if err == nil && !allowed(l.Purpose, purposes) {
		err = errLink()
	}
	if err != nil {
		return Link{}, Person{}, err
	}
	return l, p, nil
}

func allowed(p Purpose, purposes []Purpose) bool {
	for _, one := range purposes {
		if one == p {
			return true
		}
	}
	return false
}

// Follow uses a sign-in link up. Faults: NotFound "account.link_dead".
func (s *Service) Follow(ctx context.Context, secret string, v Visitor) (_ Ticket, err error) {
	defer fault.Wrap(&err, "account.Follow")
	var t Ticket
	err = s.Links.Redeem(ctx, Digest(secret), s.Now(), func(l Link, p *Person) (Redemption, error) {
		if l.Purpose != ForSignIn || p.State != Active {
			return Redemption{}, errLink()
		}
		var session Session
		t, session = s.ticket(*p, v)
		return Redemption{Session: &session, Replaces: replaced(v), Act: s.act(p.Actor(), "signed_in", p.Subject(), "by", "link")}, nil
	})
	return t, err
}

// Choose uses a reset link up: the new password replaces the old one, every other session ends, a new one begins.
// Faults: NotFound "account.link_dead", those of [CheckPassword] (field password); the link then still works.
func (s *Service) Choose(ctx context.Context, secret, password string, v Visitor) (_ Ticket, err error) {
	defer fault.Wrap(&err, "account.Choose")
	_, about, err := s.Look(ctx, secret, ForReset)
	if err != nil {
		return Ticket{}, err
	}
	if err := CheckPassword("password", password, about); err != nil {
		return Ticket{}, err
	}
	hash, err := s.Hasher.Hash(ctx, password)
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = s.Links.Redeem(ctx, Digest(secret), s.Now(), func(l Link, p *Person) (Redemption, error) {
		if l.Purpose != ForReset || p.State != Active {
			return Redemption{}, errLink()
		}
		var session Session
		t, session = s.ticket(*p, v)
		return Redemption{Password: hash, Session: &session, Replaces: replaced(v), EndAll: true, Act: s.act(p.Actor(), "password_reset", p.Subject())}, nil
	})
	if err == nil {
		err = s.Attempts.Forget(ctx, Try{Key: tryKey("email", t.Person.Email, "")}, Try{Key: tryKey("pair", t.Person.Email, v.Address)})
		s.notify(ctx, t.Person, "password_changed")
	}
	return t, err
}
