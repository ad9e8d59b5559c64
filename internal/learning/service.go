package learning

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// Bounds of what people write, in characters, and of what they ask and share, by piece of evidence.
const (
	TitleMost   = 200
	AddressMost = 500
	NoteMost    = 2_000
	ReviewsMost = 20
	SharesMost  = 50
)

// Store keeps evidence. All of an organisation's stays within it.
type Store interface {
	// Add keeps a piece of evidence, once: the same ID again changes nothing.
	Add(ctx context.Context, e Evidence) error
	// Find returns one. Fault: NotFound "learning.no_evidence".
	Find(ctx context.Context, organisation string, id ID) (Evidence, error)
	// Of lists a person's, the newest first.
	Of(ctx context.Context, organisation, person string) ([]Evidence, error)
	// Named lists those whose reviews or shares name a reader, the newest first, whether or not they still hold.
	Named(ctx context.Context, organisation, reader string) ([]Evidence, error)
	// Change changes one; fn may run more than once. Faults: those of fn; NotFound "learning.no_evidence".
	Change(ctx context.Context, organisation string, id ID, fn func(*Evidence) error) error
	// Forget erases all of a person.
	Forget(ctx context.Context, organisation, person string) error
}

// A Service is the room's front desk. All fields but Tell are required.
type Service struct {
	Store Store
	Links Links
	Files Files
	Shelf Shelf
	// Colleague finds a person of the organisation by their address. Fault: Invalid "learning.no_colleague" on the field named.
	Colleague func(ctx context.Context, by actor.Actor, field, email string) (person string, err error)
	// Tell writes to somebody of a review they were asked for or that was answered; nil tells nobody. What is asked stands whether or not it works.
	Tell func(ctx context.Context, n News)
	Now  func() time.Time
}

// News is what somebody is told of a piece of evidence: To reviews it, or showed it and reads the answer.
type News struct {
	Organisation string
	Evidence     ID
	To           string
	State        ReviewState
}

func known(by actor.Actor) error {
	if !by.Known() {
		return fault.New(fault.SignIn, "learning.sign_in")
	}
	return nil
}

// Mine lists the actor's evidence, the newest first. Fault: SignIn "learning.sign_in".
func (s *Service) Mine(ctx context.Context, by actor.Actor) (_ []Evidence, err error) {
	defer fault.Wrap(&err, "learning.Mine")
	if err := known(by); err != nil {
		return nil, err
	}
	return s.Store.Of(ctx, by.Organisation, by.ID)
}

// Levels says where a person is with each competence, by code. It asks nobody's leave: it is for the rooms that act for the person.
func (s *Service) Levels(ctx context.Context, organisation, person string) (_ map[string]Standing, err error) {
	defer fault.Wrap(&err, "learning.Levels")
	all, err := s.Store.Of(ctx, organisation, person)
	return Levels(all, s.Now()), err
}

// Shown lists what others let the actor read, or ask them to review, the newest first. Fault: SignIn "learning.sign_in".
func (s *Service) Shown(ctx context.Context, by actor.Actor) (list []Evidence, err error) {
	defer fault.Wrap(&err, "learning.Shown")
	if err := known(by); err != nil {
		return nil, err
	}
	if list, err = s.Store.Named(ctx, by.Organisation, by.ID); err != nil {
		return nil, err
	}
	if by.Is(actor.HR) {
		shared, err := s.Store.Named(ctx, by.Organisation, HR)
		if err != nil {
			return nil, err
		}
		list = append(list, shared...)
		slices.SortStableFunc(list, func(a, b Evidence) int { return strings.Compare(string(b.ID), string(a.ID)) })
		list = slices.CompactFunc(list, func(a, b Evidence) bool { return a.ID == b.ID })
	}
	now := s.Now()
	return slices.DeleteFunc(list, func(e Evidence) bool { return e.Person == by.ID || !e.ReadBy(by.ID, by.Is(actor.HR), now) }), nil
}

// Look returns a piece of evidence to its person, and to those who may read it. Faults: SignIn "learning.sign_in"; NotFound "learning.no_evidence" also for
// what the actor may not read.
func (s *Service) Look(ctx context.Context, by actor.Actor, of ID) (_ Evidence, err error) {
	defer fault.Wrap(&err, "learning.Look(%s)", of)
	if err := known(by); err != nil {
		return Evidence{}, err
	}
	e, err := s.Store.Find(ctx, by.Organisation, of)
	if err == nil && e.Person != by.ID && !e.ReadBy(by.ID, by.Is(actor.HR), s.Now()) {
		err = fault.New(fault.NotFound, "learning.no_evidence")
	}
	if err != nil {
		return Evidence{}, err
	}
	return e, nil
}

// A Draft is something real somebody adds to their evidence: Kind is [Work] or [Event]. Hash is of what stands at the address now, when this site keeps it.
type Draft struct {
	Title, Address, Version, Note string
	Hash, Kind                    string
	Code                          string
	Level                         int
	Until                         time.Time // zero for ever
	File                          *Upload   // nil for none; its hash stands in the place of Hash
}

// Add keeps a draft as evidence nobody has verified yet, with its file. Nothing of what is refused is kept. Faults: SignIn "learning.sign_in"; Invalid
// "learning.title_missing", "learning.bad_address", "learning.no_work", "learning.note_missing", "learning.too_long", "learning.bad_competence",
// "learning.bad_level", "learning.bad_kind", "learning.event_level", "learning.past"; of the field "file" "learning.file_empty", "learning.file_large",
// "learning.file_unknown", "learning.file_lies", "learning.files_full".
func (s *Service) Add(ctx context.Context, by actor.Actor, d Draft) (_ ID, err error) {
	defer fault.Wrap(&err, "learning.Add")
	if err := known(by); err != nil {
		return "", err
	}
	for _, text := range []*string{&d.Title, &d.Address, &d.Version, &d.Note} {
		*text = strings.TrimSpace(*text)
	}
	now := s.Now()
	if err := d.wrong(now); err != nil {
		return "", err
	}
	source := d.Address
	if source == "" {
		source = strings.ToLower(d.Title)
	}
	e := Evidence{ID: ID(id.New(now)), Organisation: by.Organisation, Person: by.ID, At: now, Until: d.Until, Source: d.Kind + ":" + source, Note: d.Note,
		Artefact: Artefact{Kind: d.Kind, Title: Words{"fr": d.Title}, Address: d.Address, Version: d.Version, Hash: d.Hash}, Shows: []Level{{d.Code, d.Level}}}
	if d.File != nil {
		return e.ID, s.addWith(ctx, e, *d.File)
	}
	return e.ID, s.Store.Add(ctx, e)
}

func (d Draft) wrong(now time.Time) error {
	switch {
	case d.Title == "":
		return fault.Field("title", "learning.title_missing")
	case long(d.Title, TitleMost):
		return fault.Field("title", "learning.too_long", TitleMost)
	case d.Kind != Work && d.Kind != Event:
		return fault.Field("kind", "learning.bad_kind")
	case d.Kind == Work && d.Address == "" && d.File == nil:
		return fault.Field("file", "learning.no_work")
	case d.Address != "" && !addressable(d.Address):
		return fault.Field("address", "learning.bad_address")
	case long(d.Version, TitleMost):
		return fault.Field("version", "learning.too_long", TitleMost)
	case d.Note == "":
		return fault.Field("note", "learning.note_missing")
	case long(d.Note, NoteMost):
		return fault.Field("note", "learning.too_long", NoteMost)
	case !codeShape.MatchString(d.Code):
		return fault.Field("competence", "learning.bad_competence")
	case d.Level < 1 || d.Level > Highest:
		return fault.Field("level", "learning.bad_level")
	case d.Kind == Event && d.Level > 1:
		return fault.Field("level", "learning.event_level")
	case !d.Until.IsZero() && !now.Before(d.Until):
		return fault.Field("until", "learning.past")
	}
	return nil
}

func long(text string, most int) bool { return utf8.RuneCountInString(text) > most }

// addressable says whether work may be found there: a page of this site, or of another.
func addressable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || len(address) > AddressMost {
		return false
	}
	if u.Scheme == "" && u.Host == "" {
		return strings.HasPrefix(address, "/") && !strings.ContainsAny(address, "\\\t\r\n")
	}
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// own changes a piece of the actor's own evidence. Faults: SignIn "learning.sign_in"; NotFound "learning.no_evidence"; those of fn.
func (s *Service) own(ctx context.Context, by actor.Actor, of ID, fn func(*Evidence) error) error {
	if err := known(by); err != nil {
		return err
	}
	return s.Store.Change(ctx, by.Organisation, of, func(e *Evidence) error {
		if e.Person != by.ID {
			return fault.New(fault.NotFound, "learning.no_evidence")
		}
		return fn(e)
	})
}

// Withdraw takes a piece of evidence out of what counts and of what others read, or brings it back. Faults: those of [Service.Mine]; NotFound
// "learning.no_evidence".
func (s *Service) Withdraw(ctx context.Context, by actor.Actor, of ID, withdrawn bool) (err error) {
	defer fault.Wrap(&err, "learning.Withdraw(%s)", of)
	return s.own(ctx, by, of, func(e *Evidence) error {
		switch {
		case !withdrawn:
			e.Withdrawn = time.Time{}
		case e.Withdrawn.IsZero():
			e.Withdrawn = s.Now()
		}
		return nil
	})
}

// Share lets somebody read a piece of evidence until a moment, zero for ever, in place of what was said to them before. with is the address of a
// colleague, or [HR]. Faults: SignIn "learning.sign_in"; NotFound "learning.no_evidence"; Invalid "learning.no_colleague", "learning.share_self",
// "learning.past"; Conflict "learning.is_withdrawn", "learning.too_many".
func (s *Service) Share(ctx context.Context, by actor.Actor, of ID, with string, until time.Time) (err error) {
	defer fault.Wrap(&err, "learning.Share(%s)", of)
	if err := known(by); err != nil {
		return err
	}
	if with = strings.TrimSpace(with); with != HR {
		if with, err = s.Colleague(ctx, by, "with", with); err != nil {
			return err
		}
	}
	now := s.Now()
	return s.own(ctx, by, of, func(e *Evidence) error {
		kept := slices.DeleteFunc(slices.Clone(e.Shares), func(old Share) bool { return old.With == with || !old.Holds(now) })
		switch {
		case with == by.ID:
			return fault.Field("with", "learning.share_self")
		case !until.IsZero() && !now.Before(until):
			return fault.Field("until", "learning.past")
		case !e.Withdrawn.IsZero():
			return fault.New(fault.Conflict, "learning.is_withdrawn")
		case len(kept) >= SharesMost:
			return fault.New(fault.Conflict, "learning.too_many", SharesMost)
		}
		e.Shares = append(kept, Share{With: with, Since: now, Until: until})
		return nil
	})
}

// Unshare ends a share with a person, by identifier, or with [HR]. Faults: SignIn "learning.sign_in"; NotFound "learning.no_evidence".
func (s *Service) Unshare(ctx context.Context, by actor.Actor, of ID, with string) (err error) {
	defer fault.Wrap(&err, "learning.Unshare(%s)", of)
	return s.own(ctx, by, of, func(e *Evidence) error {
		e.Shares = slices.DeleteFunc(slices.Clone(e.Shares), func(old Share) bool { return old.With == with })
		return nil
	})
}
