package recognition

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// Bounds of what stands behind a badge.
const (
	WordLeast    = 20  // characters of an endorsement: less says nothing
	WordMost     = 600 // the same, at most
	mostEndorsed = 10  // endorsements of one badge
)

// An Endorsement is a colleague who stands behind a badge, in words that whoever sees the badge reads. The organisation signs that they said
// so: people have no keys of their own.
type Endorsement struct {
	ID, Organisation, Badge string
	Person, Name            string // who says it, as they were called
	At                      time.Time
	Word                    string
	Credential              []byte // an EndorsementCredential, with its proof
}

// Endorsements keeps them.
type Endorsements interface {
	// Endorse keeps one. Faults: Conflict "recognition.endorsed_already" when the person stands behind the badge, "recognition.endorsed_enough".
	Endorse(ctx context.Context, by actor.Actor, e Endorsement, most int) error
	// Endorsements lists those of a badge, the oldest first.
	Endorsements(ctx context.Context, badge string) ([]Endorsement, error)
	// Unsay erases one. Fault: NotFound "recognition.no_endorsement".
	Unsay(ctx context.Context, by actor.Actor, badge, endorsement string) error
}

// MayEndorse says whether somebody may stand behind a badge: a colleague of its holder, while it holds.
func (s *Service) MayEndorse(by actor.Actor, b Issued) bool {
	return by.Known() && by.Organisation == b.Organisation && by.ID != b.Person && b.Person != "" && b.Verdict(s.Now()) == Valid
}

// Endorse has somebody stand behind a badge, under their name. Faults: SignIn "recognition.sign_in"; NotFound "recognition.no_badge"; Denied
// "recognition.not_endorsable"; Invalid "recognition.word_short", "recognition.word_long"; Conflict "recognition.endorsed_already",
// "recognition.endorsed_enough", "recognition.key_sealed".
func (s *Service) Endorse(ctx context.Context, by actor.Actor, badge, word string) (err error) {
	defer fault.Wrap(&err, "recognition.Endorse(%s)", badge)
	if !by.Known() {
		return fault.New(fault.SignIn, "recognition.sign_in")
	}
	b, err := s.Badges.Badge(ctx, badge)
	if err != nil {
		return err
	}
	word = strings.TrimSpace(word)
	n := utf8.RuneCountInString(word)
	switch {
	case by.Organisation != b.Organisation:
		return fault.New(fault.NotFound, "recognition.no_badge")
	case !s.MayEndorse(by, b):
		return fault.New(fault.Denied, "recognition.not_endorsable")
	case n < WordLeast:
		return fault.Field("word", "recognition.word_short", WordLeast)
	case n > WordMost:
		return fault.Field("word", "recognition.word_long", WordMost)
	}
	i, err := s.Issuer(ctx, b.Organisation)
	if err != nil {
		return err
	}
	signer, err := s.signer(i)
	if err != nil {
		return err
	}
	now := s.Now().UTC().Truncate(time.Second)
	e := Endorsement{ID: id.New(now), Organisation: b.Organisation, Badge: b.ID, Person: by.ID, Name: by.Name, At: now, Word: word}
	raw, err := e.credential(i)
	if err != nil {
		return err
	}
	if e.Credential, err = signer.Sign(raw, now); err != nil {
		return err
	}
	return s.Endorsements.Endorse(ctx, by, e, mostEndorsed)
}

// credential is the endorsement as Open Badges say it, unsigned.
func (e Endorsement) credential(i Issuer) ([]byte, error) {
	badge := i.Base + "/credentials/" + e.Badge
	return json.Marshal(map[string]any{
		"@context": []any{credentialsContext, badgesContext}, "id": badge + "/endorsements.json#" + e.ID, "type": []any{"VerifiableCredential", "EndorsementCredential"},
		"issuer": i.Party().profile(), "name": e.Name, "validFrom": stamp(e.At),
		"credentialSubject": map[string]any{"id": badge, "type": []any{"EndorsementSubject"}, "endorsementComment": e.Name + " – " + e.Word},
	})
}

// Unsay takes an endorsement away: its author, or the badge's holder, may. Faults: SignIn "recognition.sign_in"; NotFound
// "recognition.no_badge", "recognition.no_endorsement".
func (s *Service) Unsay(ctx context.Context, by actor.Actor, badge, endorsement string) (err error) {
	defer fault.Wrap(&err, "recognition.Unsay(%s)", badge)
	if !by.Known() {
		return fault.New(fault.SignIn, "recognition.sign_in")
	}
	b, err := s.Badges.Badge(ctx, badge)
	if err != nil {
		return err
	}
	list, err := s.Endorsements.Endorsements(ctx, badge)
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.ID == endorsement && by.Organisation == e.Organisation && (by.ID == e.Person || by.ID == b.Person) {
			return s.Endorsements.Unsay(ctx, by, badge, endorsement)
		}
	}
	return fault.New(fault.NotFound, "recognition.no_endorsement")
}
