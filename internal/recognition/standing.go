package recognition

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// list is the address of a status list of the issuer.
func (i Issuer) list(n int) string { return fmt.Sprintf("%s/lists/%d%s", i.Page(), n, listEnd) }

// MayStand says whether somebody may change how a badge stands: who gives such badges, and its holder, who may only give it back.
func (s *Service) MayStand(by actor.Actor, b Issued) (validator, holder bool) {
	if !by.Known() || by.Organisation != b.Organisation {
		return false, false
	}
	holder = by.ID == b.Person
	o, err := s.Offer(b.Offer)
	return err == nil && o.MayGive(by) && !holder, holder
}

// Stand takes a badge back, suspends it or lets it hold again. What was taken back stays so. Faults: SignIn "recognition.sign_in"; NotFound
// "recognition.no_badge"; Denied "recognition.validators_only"; Conflict "recognition.already_revoked"; Invalid "recognition.bad_reason",
// "recognition.note_long".
func (s *Service) Stand(ctx context.Context, by actor.Actor, badge string, why Reason, note string) (err error) {
	defer fault.Wrap(&err, "recognition.Stand(%s)", badge)
	note = strings.TrimSpace(note)
	switch {
	case !by.Known():
		return fault.New(fault.SignIn, "recognition.sign_in")
	case why < Holds || why > Paused:
		return fault.Field("why", "recognition.bad_reason")
	case utf8.RuneCountInString(note) > NoteMost:
		return fault.Field("note", "recognition.note_long", NoteMost)
	}
	return s.Badges.Stand(ctx, by, badge, func(b *Issued) error {
		validator, holder := s.MayStand(by, *b)
		switch {
		case by.Organisation != b.Organisation:
			return fault.New(fault.NotFound, "recognition.no_badge")
		case !validator && (!holder || why != OnDemand):
			return fault.New(fault.Denied, "recognition.validators_only")
		case b.Standing != Holds && b.Standing != Paused:
			return fault.New(fault.Conflict, "recognition.already_revoked")
		}
		if b.Standing != why {
			b.Standing, b.Changed, b.ChangedBy, b.Note = why, s.Now(), by.ID, note
		}
		return nil
	})
}

// A Reasoning is a reason and the key of its sentence.
type Reasoning struct {
	Reason Reason
	Key    string
}

// Reasons lists why a badge may be taken back.
func Reasons() (out []Reasoning) {
	for r := Mistake; r <= OnDemand; r++ {
		out = append(out, Reasoning{r, reasonKeys[r]})
	}
	return out
}

// Said is the key of the sentence that says why a badge does not hold, "" when it does.
func (r Reason) Said() string { return reasonKeys[r] }

// A listing names a signed status list: another key, another badge taken back or another hour is another.
type listing struct {
	address, key, taken string
	reasons             bool
	hour                time.Time
}

// StatusList returns a list of an organisation, signed: which badges do not hold, or why when reasons is true. Faults: NotFound
// "recognition.no_issuer", "recognition.no_list"; Conflict "recognition.key_sealed".
func (s *Service) StatusList(ctx context.Context, organisation string, n int, reasons bool) (_ []byte, err error) {
	defer fault.Wrap(&err, "recognition.StatusList(%s, %d)", organisation, n)
	i, err := s.Issuer(ctx, organisation)
	if err != nil {
		return nil, err
	}
	last, err := s.Badges.LastList(ctx, i.Organisation)
	if err != nil {
		return nil, err
	}
	if n < 1 || n > last {
		return nil, fault.New(fault.NotFound, "recognition.no_list")
	}
	taken, _, err := s.Badges.Taken(ctx, i.Organisation, n)
	if err != nil {
		return nil, err
	}
	said, err := json.Marshal(taken)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(said)
	hour := s.Now().UTC().Truncate(time.Hour)
	l := listing{i.list(n), i.Keys[0].Public, hex.EncodeToString(sum[:]), reasons, hour}
	if raw, ok := s.signedLists().Get(l); ok {
		return raw, nil
	}
	raw, err := taken.List(i.ID(), l.address, reasons, hour)
	if err != nil {
		return nil, err
	}
	signer, err := s.signer(i)
	if err != nil {
		return nil, err
	}
	if raw, err = signer.Sign(raw, hour); err == nil {
		s.signedLists().Put(l, raw)
	}
	return raw, err
}
