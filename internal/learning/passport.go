package learning

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// The parts of a passport.
const (
	PartLevels   = "levels"
	PartEvidence = "evidence"
	PartBadges   = "badges"
)

// Parts lists them in order.
func Parts() []string { return []string{PartLevels, PartEvidence, PartBadges} }

// Bounds of links: how many hold at a time, and how long one does.
const (
	LinksMost = 20
	LinkLife  = 366 * 24 * time.Hour
)

// A Link shows a passport to whoever holds its secret.
type Link struct {
	ID           string    `json:"id"`
	Hash         string    `json:"-"` // [Digest] of the secret, which is kept nowhere
	Organisation string    `json:"-"`
	Person       string    `json:"-"`
	Label        string    `json:"label,omitempty"` // whom it is for, for its person alone
	Parts        []string  `json:"parts"`
	Pieces       []ID      `json:"pieces,omitempty"` // of evidence, when that is a part
	Created      time.Time `json:"created"`
	Until        time.Time `json:"until"`          // the first moment it no longer shows
	Ended        time.Time `json:"ended,omitzero"` // by its person
}

// Holds says whether the link shows anything at a moment.
func (l Link) Holds(now time.Time) bool { return l.Ended.IsZero() && now.Before(l.Until) }

// Has says whether a part is shown.
func (l Link) Has(part string) bool { return slices.Contains(l.Parts, part) }

// Links keeps the links to passports.
type Links interface {
	// AddLink keeps a new one.
	AddLink(ctx context.Context, l Link) error
	// LinksOf lists a person's, the newest first.
	LinksOf(ctx context.Context, organisation, person string) ([]Link, error)
	// LinkByHash finds one, of any organisation. Fault: NotFound "learning.no_link".
	LinkByHash(ctx context.Context, hash string) (Link, error)
	// EndLink ends a person's link, once. Fault: NotFound "learning.no_link".
	EndLink(ctx context.Context, l Link, at time.Time) error
}

// Digest is what is kept of a secret: its SHA-256 in hexadecimal. Secrets carry 130 random bits, so no salt is needed.
func Digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// A LinkDraft is what somebody wants a link to show, and until when.
type LinkDraft struct {
	Label  string
	Parts  []string
	Pieces []ID
	Until  time.Time
}

// MyLinks lists the actor's links, the newest first. Fault: SignIn "learning.sign_in".
func (s *Service) MyLinks(ctx context.Context, by actor.Actor) (_ []Link, err error) {
	defer fault.Wrap(&err, "learning.MyLinks")
	if err := known(by); err != nil {
		return nil, err
	}
	return s.Links.LinksOf(ctx, by.Organisation, by.ID)
}

// MakeLink makes a link and returns its secret, which nobody can read again. Pieces that are not the actor's are left out. Faults: SignIn
// "learning.sign_in"; Invalid "learning.parts_missing", "learning.pieces_missing", "learning.past", "learning.until_missing", "learning.until_far",
// "learning.too_long"; Conflict "learning.links_many".
func (s *Service) MakeLink(ctx context.Context, by actor.Actor, d LinkDraft) (secret string, err error) {
	defer fault.Wrap(&err, "learning.MakeLink")
	if err := known(by); err != nil {
		return "", err
	}
	own, err := s.Store.Of(ctx, by.Organisation, by.ID)
	if err != nil {
		return "", err
	}
	links, err := s.Links.LinksOf(ctx, by.Organisation, by.ID)
	if err != nil {
		return "", err
	}
	now := s.Now()
	l := Link{ID: id.New(now), Organisation: by.Organisation, Person: by.ID, Label: d.Label, Created: now, Until: d.Until}
	for _, part := range Parts() {
		if slices.Contains(d.Parts, part) {
			l.Parts = append(l.Parts, part)
		}
	}
	for _, e := range own {
		if l.Has(PartEvidence) && slices.Contains(d.Pieces, e.ID) {
			l.Pieces = append(l.Pieces, e.ID)
		}
	}
	if err := l.wrong(now); err != nil {
		return "", err
	}
	holding := 0
	for _, old := range links {
		if old.Holds(now) {
			holding++
		}
	}
	if holding >= LinksMost {
		return "", fault.New(fault.Conflict, "learning.links_many", LinksMost)
	}
	secret = rand.Text()
	l.Hash = Digest(secret)
	return secret, s.Links.AddLink(ctx, l)
}

func (l Link) wrong(now time.Time) error {
	switch {
	case long(l.Label, TitleMost):
		return fault.Field("label", "learning.too_long", TitleMost)
	case len(l.Parts) == 0:
		return fault.Field("part", "learning.parts_missing")
	case l.Has(PartEvidence) && len(l.Pieces) == 0:
		return fault.Field("piece", "learning.pieces_missing")
	case l.Until.IsZero():
		return fault.Field("until", "learning.until_missing")
	case !now.Before(l.Until):
		return fault.Field("until", "learning.past")
	case l.Until.After(now.Add(LinkLife)):
		return fault.Field("until", "learning.until_far")
	}
	return nil
}

// EndLink ends one of the actor's links at once. Faults: SignIn "learning.sign_in"; NotFound "learning.no_link".
func (s *Service) EndLink(ctx context.Context, by actor.Actor, link string) (err error) {
	defer fault.Wrap(&err, "learning.EndLink")
	if err := known(by); err != nil {
		return err
	}
	return s.Links.EndLink(ctx, Link{ID: link, Organisation: by.Organisation, Person: by.ID}, s.Now())
}

// Opened is what a secret shows: the link, and while it holds all evidence of its person that is not withdrawn, for the levels; [Link.Pieces] says
// which of it may be told. Fault: NotFound "learning.no_link".
func (s *Service) Opened(ctx context.Context, secret string) (l Link, all []Evidence, err error) {
	defer fault.Wrap(&err, "learning.Opened")
	if l, err = s.Links.LinkByHash(ctx, Digest(secret)); err != nil || !l.Holds(s.Now()) {
		return l, nil, err
	}
	all, err = s.Store.Of(ctx, l.Organisation, l.Person)
	return l, slices.DeleteFunc(all, func(e Evidence) bool { return !e.Withdrawn.IsZero() }), err
}
