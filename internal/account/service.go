package account

import (
	"context"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// Post sends a plain-text mail. It may take seconds: it is only called from [Service.Later].
type Post interface {
	Send(ctx context.Context, to, subject, body string) error
}

// Words says a sentence of the catalogue in a language ("fr", "en").
type Words interface {
	Say(lang, key string, args ...any) string
}

// A Holder is another room that keeps something about people; what it returns is part of the person's export.
type Holder interface {
	// HeldAbout names the part of the export and gives its content, ready for JSON; nil content is left out.
	HeldAbout(ctx context.Context, person actor.Actor) (part string, content any, err error)
}

// Service is the room's front desk.
type Service struct {
	Stores
	Hasher  Hasher
	Now     func() time.Time
	BaseURL string // public address without a final slash, for links
	Words   Words
	Post    Post // nil when no mail is configured: links are then shown to the administrator
	// Later runs a task after the answer and logs its failure, so that asking for a link takes as long for an unknown e-mail.
	// nil runs it at once and forgets its failure.
	Later   func(op string, task func(ctx context.Context) error)
	Holders []Holder
}

// CanMail reports whether links leave by e-mail.
func (s *Service) CanMail() bool { return s.Post != nil }

// Identify says who holds a session, nobody if it is unknown or over. It implements web.Identifier: one indexed read, and
// one write a minute.
func (s *Service) Identify(ctx context.Context, secret string) (_ actor.Actor, err error) {
	defer fault.Wrap(&err, "account.Identify")
	if len(secret) != len(id.Secret()) {
		return actor.Actor{}, nil
	}
	now, hash := s.Now(), Digest(secret)
	who, seen, err := s.Sessions.Whose(ctx, hash, now)
	if err != nil || !who.Known() {
		return actor.Actor{}, err
	}
	if now.Sub(seen) >= touchEvery {
		err = s.Sessions.Touch(ctx, hash, now)
	}
	return who, err
}

// Sweep deletes what is over: sessions, links, counters. Run it every hour or so.
func (s *Service) Sweep(ctx context.Context) (rows int64, err error) {
	defer fault.Wrap(&err, "account.Sweep")
	return s.Attempts.Sweep(ctx, s.Now())
}

// known refuses nobody.
func known(by actor.Actor) error {
	if !by.Known() {
		return fault.New(fault.SignIn, "account.sign_in_first")
	}
	return nil
}

// adminOnly refuses whoever is no administrator.
func adminOnly(by actor.Actor) error {
	if err := known(by); err != nil {
		return err
	}
	if !by.Is(actor.Admin) {
		return fault.New(fault.Denied, "account.admin_only")
	}
	return nil
}

// act is an audit line by somebody, now.
func (s *Service) act(by actor.Actor, verb, subject string, detail ...string) Act {
	a := Act{By: by, At: s.Now(), Verb: "account." + verb, Subject: subject}
	for i := 0; i+1 < len(detail); i += 2 {
		if a.Detail == nil {
			a.Detail = map[string]string{}
		}
		a.Detail[detail[i]] = detail[i+1]
	}
	return a
}

// link makes a one-time link and the address that carries its secret.
func (s *Service) link(purpose Purpose, p Person) (Link, string) {
	secret, now := id.Secret(), s.Now()
	l := Link{Hash: Digest(secret), Purpose: purpose, Person: p.ID, Organisation: p.Organisation, Created: now, Expires: now.Add(purpose.life())}
	return l, s.BaseURL + purpose.path(secret)
}

// later runs a task when the answer must not wait for it.
func (s *Service) later(ctx context.Context, op string, task func(ctx context.Context) error) {
	if s.Later == nil {
		_ = task(ctx) // nobody to tell: documented at Later
		return
	}
	s.Later(op, task)
}

// mail sends the sentences "account.mail_<name>_subject" and "…_body" to a person.
func (s *Service) mail(ctx context.Context, p Person, name string, args ...any) error {
	lang := p.Language
	if lang == "" {
		lang = "fr"
	}
	key := "account.mail_" + name
	body := s.Words.Say(lang, "account.mail_hello", p.Name) + "\n\n" + s.Words.Say(lang, key+"_body", args...) + "\n\n" + s.Words.Say(lang, "account.mail_end", s.BaseURL)
	return s.Post.Send(ctx, p.Email, s.Words.Say(lang, key+"_subject", args...), body)
}

// notify tells a person that something about their account changed, if mail is configured.
func (s *Service) notify(ctx context.Context, p Person, name string, args ...any) {
	if s.CanMail() && p.Email != "" {
		s.later(ctx, "account.mail_"+name, func(ctx context.Context) error { return s.mail(ctx, p, name, args...) })
	}
}
