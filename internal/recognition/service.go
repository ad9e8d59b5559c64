package recognition

import (
	"context"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// Keys keeps the keys of organisations.
type Keys interface {
	// Keys lists those of an organisation, the one in use first.
	Keys(ctx context.Context, organisation string) ([]Key, error)
	// Turn keeps a key that signs from now on, in place of the one named, "" for the first. Faults: Conflict
	// "recognition.key_moved" when another is in use.
	Turn(ctx context.Context, by actor.Actor, next Key, old string) error
}

// A Service is the room's front desk. All fields are required.
type Service struct {
	Keys   Keys
	Secret Secret
	Base   string // public address of the server, as [Secured] writes it
	// Name says how an organisation is called; "" finds the one this server is first of all for. Faults: NotFound
	// "recognition.no_issuer".
	Name func(ctx context.Context, organisation string) (id, name string, err error)
	Now  func() time.Time
	// Next is asked for the documents of other issuers.
	Next Source
}

// Issuer returns an organisation with its keys; the first is made when there is none. Faults: NotFound "recognition.no_issuer".
func (s *Service) Issuer(ctx context.Context, organisation string) (_ Issuer, err error) {
	defer fault.Wrap(&err, "recognition.Issuer(%s)", organisation)
	id, name, err := s.Name(ctx, organisation)
	if err != nil {
		return Issuer{}, err
	}
	i := Issuer{Organisation: id, Name: name, Base: s.Base}
	if i.Keys, err = s.Keys.Keys(ctx, id); err != nil || len(i.Keys) > 0 {
		return i, err
	}
	first, err := s.Secret.NewKey(id, s.Now())
	if err != nil {
		return i, err
	}
	err = s.Keys.Turn(ctx, actor.Actor{Organisation: id}, first, "")
	if err != nil && !fault.Is(err, "recognition.key_moved") { // another replica was faster: its key is the first
		return i, err
	}
	i.Keys, err = s.Keys.Keys(ctx, id)
	return i, err
}

// MayTurn is nil for who may change the key. Faults: SignIn "recognition.sign_in"; Denied "recognition.admins_only".
func MayTurn(by actor.Actor) error {
	switch {
	case !by.Known():
		return fault.New(fault.SignIn, "recognition.sign_in")
	case !by.Is(actor.Admin):
		return fault.New(fault.Denied, "recognition.admins_only")
	}
	return nil
}

// Turn replaces the key in use by a new one. Badges signed with the old one stay valid. shown is the key that the person saw in use.
// Faults: those of [MayTurn]; Conflict "recognition.key_moved".
func (s *Service) Turn(ctx context.Context, by actor.Actor, shown string) (err error) {
	defer fault.Wrap(&err, "recognition.Turn")
	if err := MayTurn(by); err != nil {
		return err
	}
	next, err := s.Secret.NewKey(by.Organisation, s.Now())
	if err != nil {
		return err
	}
	return s.Keys.Turn(ctx, by, next, shown)
}

// Find implements [Source]: what this server publishes is not asked of the network.
func (s *Service) Find(ctx context.Context, address string) ([]byte, error) {
	path, ours := strings.CutPrefix(address, s.Base+"/")
	if !ours {
		return s.Next.Find(ctx, address)
	}
	organisation, ours := strings.CutPrefix(path, "issuers/")
	organisation, named := strings.CutSuffix(organisation, "/did.json")
	house := path == ".well-known/did.json"
	if house {
		organisation = ""
	}
	if !house && (!ours || !named) {
		return nil, fault.New(fault.NotFound, "recognition.no_document")
	}
	i, err := s.Issuer(ctx, organisation)
	if err != nil {
		return nil, err
	}
	return i.Document(house)
}
