package contact

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// An Agreement is one time one person said yes, for one purpose, until they take it back. Days are AAAA-MM-JJ.
type Agreement struct {
	ID      string
	Digest  string // of the way it was given for
	Day     string
	How     string
	Purpose string // what they may be written for
	Text    string // the words they said yes to
	By      string // person who wrote it down
	At      time.Time
	Ended   string // day it was taken back, "" while it holds
	EndHow  string
	EndBy   string
}

// Trails keeps what each person said yes to, and when they took it back. Nothing is ever rewritten but the end of an agreement, once. Every method checks the
// organisation.
type Trails interface {
	// Agree stores agreements, all or none.
	Agree(ctx context.Context, by actor.Actor, list []Agreement) error
	// End notes that an agreement was taken back; one that was already stays as it is. Fault: NotFound "contact.no_agreement".
	End(ctx context.Context, by actor.Actor, a Agreement) error
	// Of lists the agreements of a way, the newest first, and the objection to it, nil for none.
	Of(ctx context.Context, organisation, digest string) ([]Agreement, *Objection, error)
	// Holding returns the digests that agreed to a purpose and did not take it back.
	Holding(ctx context.Context, organisation, purpose string) (map[string]bool, error)
	// Purposes lists those of agreements that hold, by name.
	Purposes(ctx context.Context, organisation string) ([]string, error)
}

// PurposeMost is how long a purpose may be, in characters.
const PurposeMost = 200

// Agreed notes that the owners of the ways of a text, one a line, said yes to a purpose. It returns how many. Faults: SignIn "contact.sign_in_first"; those of
// [Refusals] and [Consent.Validate]; of the field "purpose" Invalid "contact.no_purpose", "contact.too_long".
func (s *Service) Agreed(ctx context.Context, by actor.Actor, text, purpose string, c Consent) (_ int, err error) {
	defer fault.Wrap(&err, "contact.Agreed")
	if err := known(by); err != nil {
		return 0, err
	}
	ways, err := Refusals(text)
	if err != nil {
		return 0, err
	}
	purpose = strings.Join(strings.Fields(purpose), " ")
	wrong := c.Validate(s.Now().Format(time.DateOnly))
	if purpose == "" {
		wrong.Add("purpose", "contact.no_purpose")
	} else if utf8.RuneCountInString(purpose) > PurposeMost {
		wrong.Add("purpose", "contact.too_long", PurposeMost)
	}
	if err := wrong.Err(); err != nil {
		return 0, err
	}
	now := s.Now()
	var list []Agreement
	for _, way := range ways {
		list = append(list, Agreement{ID: id.UUID(now), Digest: Digest(s.Secret, by.Organisation, way), Day: c.Day, How: c.How, Purpose: purpose, Text: c.Text, By: by.ID, At: now})
	}
	return len(list), s.Trails.Agree(ctx, by, list)
}

// End notes that a person took an agreement back today, and how they said so: as easy as giving it (GDPR article 7). Faults: SignIn "contact.sign_in_first"; NotFound
// "contact.no_agreement"; of the field "end" Invalid "contact.no_how", "contact.too_long".
func (s *Service) End(ctx context.Context, by actor.Actor, agreement, how string) (err error) {
	defer fault.Wrap(&err, "contact.End(%s)", agreement)
	if err := known(by); err != nil {
		return err
	}
	how = strings.TrimSpace(how)
	if how == "" {
		return fault.Field("end", "contact.no_how")
	}
	if utf8.RuneCountInString(how) > TextMost {
		return fault.Field("end", "contact.too_long", TextMost)
	}
	return s.Trails.End(ctx, by, Agreement{ID: agreement, Ended: s.Now().Format(time.DateOnly), EndHow: how, EndBy: by.ID})
}

// A Trail is what is known of one way.
type Trail struct {
	Way        string
	Objection  *Objection // nil while it may be used
	Agreements []Agreement
	Lists      []List // that by may change and that reach it
}

// Look tells what the owner of a way said, and which lists of by reach them. Faults: SignIn "contact.sign_in_first"; of the field "way" Invalid
// "contact.bad_way".
func (s *Service) Look(ctx context.Context, by actor.Actor, typed string) (t Trail, err error) {
	defer fault.Wrap(&err, "contact.Look")
	if err := known(by); err != nil {
		return t, err
	}
	if t.Way = Way(typed); t.Way == "" {
		return t, fault.Field("way", "contact.bad_way")
	}
	if t.Agreements, t.Objection, err = s.Trails.Of(ctx, by.Organisation, Digest(s.Secret, by.Organisation, t.Way)); err != nil {
		return t, err
	}
	lists, err := s.Store.Lists(ctx, by.Organisation)
	if err != nil {
		return t, err
	}
	for _, l := range lists {
		set, err := s.Data.Set(ctx, by, l.Dataset)
		if fault.KindOf(err) == fault.NotFound || err == nil && (l.Off || !set.May) {
			continue
		}
		if err != nil {
			return t, err
		}
		reached := false
		if err := s.each(ctx, by, l, func(_, reach []string) error {
			reached = reached || slices.Contains(reach, t.Way)
			return nil
		}); err != nil {
			return t, err
		}
		if l.Title = set.Title; reached {
			t.Lists = append(t.Lists, l)
		}
	}
	return t, nil
}

// Purposes lists what people said yes to, and still do. Fault: SignIn "contact.sign_in_first".
func (s *Service) Purposes(ctx context.Context, by actor.Actor) (_ []string, err error) {
	defer fault.Wrap(&err, "contact.Purposes")
	if err := known(by); err != nil {
		return nil, err
	}
	return s.Trails.Purposes(ctx, by.Organisation)
}
