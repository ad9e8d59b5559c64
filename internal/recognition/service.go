package recognition

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/recent"
)

// Keys keeps the keys of organisations.
type Keys interface {
	// Keys lists those of an organisation, the one in use first.
	Keys(ctx context.Context, organisation string) ([]Key, error)
	// Turn keeps a key that signs from now on, in place of the one named, "" for the first. Faults: Conflict
	// "recognition.key_moved" when another is in use.
	Turn(ctx context.Context, by actor.Actor, next Key, old string) error
}

// A Service is the room's front desk. All exported fields are required.
type Service struct {
	Keys         Keys
	Badges       Badges
	Requests     Requests
	Endorsements Endorsements
	Offers       []Offer
	Secret       Secret
	Base         string // public address of the server, as [Secured] writes it
	// Name says how an organisation is called; "" finds the one this server is first of all for. Faults: NotFound
	// "recognition.no_issuer".
	Name func(ctx context.Context, organisation string) (id, name string, err error)
	// Proven says what somebody has shown, by the code of competences, in a language: the room of evidence decides which level is reached.
	Proven func(ctx context.Context, organisation, person, lang string) (map[string]Proven, error)
	// Items says what the organisation's framework calls its competences, by code, in a language.
	Items func(ctx context.Context, organisation, lang string) (map[string]Item, error)
	// Holder finds a person to give a badge to. Fault: NotFound "recognition.no_holder" for who has left.
	Holder func(ctx context.Context, organisation, person string) (Holder, error)
	// ByEmail finds one by their address. Fault: Invalid "recognition.no_such_person" (field email).
	ByEmail func(ctx context.Context, organisation, email string) (Holder, error)
	Now     func() time.Time
	// Next is asked for the documents of other issuers.
	Next Source

	once  sync.Once
	lists recent.Cache[listing, []byte]
}

// listRoom is what signed lists may take in memory, in bytes.
const listRoom = 4 << 20

// signedLists are those signed lately.
func (s *Service) signedLists() *recent.Cache[listing, []byte] {
	s.once.Do(func() {
		s.lists.Room, s.lists.Size = listRoom, func(l listing, raw []byte) int { return len(raw) + len(l.address) + 200 }
	})
	return &s.lists
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

// signer is who signs in the name of an issuer. Fault: Conflict "recognition.key_sealed".
func (s *Service) signer(i Issuer) (Signer, error) {
	key, err := s.Secret.Open(i.Keys[0])
	return Signer{Key: key, Method: i.ID() + "#" + i.Keys[0].Public}, err
}

// Find implements [Source]: what this server publishes is not asked of the network.
func (s *Service) Find(ctx context.Context, address string) ([]byte, error) {
	path, ours := strings.CutPrefix(address, s.Base+"/")
	if !ours {
		return s.Next.Find(ctx, address)
	}
	parts := strings.Split(path, "/")
	switch {
	case path == ".well-known/did.json":
		i, err := s.Issuer(ctx, "")
		if err != nil {
			return nil, err
		}
		return i.Document(true)
	case len(parts) == 3 && parts[0] == "issuers" && parts[1] != "" && parts[2] == "did.json":
		i, err := s.Issuer(ctx, parts[1])
		if err != nil {
			return nil, err
		}
		return i.Document(false)
	case len(parts) == 5 && parts[0] == "issuers" && parts[1] != "" && parts[2] == "lists":
		n, err := strconv.Atoi(parts[3])
		if end := "/" + parts[4]; err == nil && (end == listEnd || end == reasonsEnd) {
			return s.StatusList(ctx, parts[1], n, end == reasonsEnd)
		}
	}
	return nil, fault.New(fault.NotFound, "recognition.no_document")
}
