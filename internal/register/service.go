package register

import (
	"context"
	"slices"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// A Service is the room's front desk.
type Service struct {
	Store      Store
	Subjects   Subjects
	Retentions Retentions
	Traces     Traces
	Reaper     Reaper
	Watch      Watch
	Now        func() time.Time // in the zone whose days reviews fall on
}

func known(by actor.Actor) error {
	if !by.Known() {
		return fault.New(fault.SignIn, "register.sign_in_first")
	}
	return nil
}

// May is nil for who may write. Faults: SignIn "register.sign_in_first"; Denied "register.editors_only".
func (s *Service) May(by actor.Actor) error {
	if err := known(by); err != nil {
		return err
	}
	if !MayEdit(by) {
		return fault.New(fault.Denied, "register.editors_only")
	}
	return nil
}

// A Register is all there is of an organisation.
type Register struct {
	Entries  []Entry // in force, the oldest first
	Removed  []Entry
	Subjects []Subject // with personal data, covered or not
	Opinions []Opinion // of the data protection officer, the newest first
	Open     []Subject // those that no entry covers and that the reader may be told of: all for who writes the register, else their own
}

// Subject finds a subject by its key; ok is false when it is gone, or has no personal data any more.
func (r *Register) Subject(k Key) (_ Subject, ok bool) {
	i := slices.IndexFunc(r.Subjects, func(s Subject) bool { return s.Key == k })
	if i < 0 {
		return Subject{}, false
	}
	return r.Subjects[i], true
}

// Covering lists the entries in force that cover a subject.
func (r *Register) Covering(k Key) (out []Entry) {
	for _, e := range r.Entries {
		if slices.ContainsFunc(e.Sources, func(s Source) bool { return s.Key == k }) {
			out = append(out, e)
		}
	}
	return out
}

// Moved reports whether the fields of some source of an entry are no longer those it was written with.
func (r *Register) Moved(e Entry) bool {
	return slices.ContainsFunc(e.Sources, func(s Source) bool {
		now, _ := r.Subject(s.Key)
		return len(s.Since(now.Fields)) > 0
	})
}

// Open returns the register of by's organisation. Fault: SignIn "register.sign_in_first".
func (s *Service) Open(ctx context.Context, by actor.Actor) (r Register, err error) {
	defer fault.Wrap(&err, "register.Open")
	if err := known(by); err != nil {
		return r, err
	}
	all, err := s.Store.All(ctx, by.Organisation)
	if err != nil {
		return r, err
	}
	for _, e := range all {
		if e.Removed {
			r.Removed = append(r.Removed, e)
		} else {
			r.Entries = append(r.Entries, e)
		}
	}
	if r.Subjects, err = s.Subjects.Subjects(ctx, by.Organisation); err != nil {
		return r, err
	}
	if r.Opinions, err = s.Watch.Opinions(ctx, by.Organisation); err != nil {
		return r, err
	}
	for _, one := range r.Subjects {
		if len(r.Covering(one.Key)) == 0 && (MayEdit(by) || one.Owner == by.ID) {
			r.Open = append(r.Open, one)
		}
	}
	return r, nil
}

// Look returns one entry and the states it had, the newest first. Faults: SignIn "register.sign_in_first"; NotFound "register.not_found".
func (s *Service) Look(ctx context.Context, by actor.Actor, of ID) (_ Entry, _ []Change, err error) {
	defer fault.Wrap(&err, "register.Look(%s)", of)
	if err := known(by); err != nil {
		return Entry{}, nil, err
	}
	e, err := s.Store.Find(ctx, by.Organisation, of)
	if err != nil {
		return e, nil, err
	}
	log, err := s.Store.Log(ctx, by.Organisation, of)
	return e, log, err
}

// A Draft is an entry as a form sends it. Seen are the marks of the subjects whose fields the form showed, by key.
type Draft struct {
	Entry
	Seen map[Key]string
}

// sourced gives a draft its sources: their fields as they are now where the form showed these, else as the entry had them. A source that is gone
// stays as it was.
func (s *Service) sourced(ctx context.Context, organisation string, d Draft, before []Source) ([]Source, error) {
	if len(d.Sources) == 0 {
		return nil, nil
	}
	all, err := s.Subjects.Subjects(ctx, organisation)
	if err != nil {
		return nil, err
	}
	var out []Source
	for _, one := range d.Sources {
		was := slices.IndexFunc(before, func(o Source) bool { return o.Key == one.Key })
		now := slices.IndexFunc(all, func(o Subject) bool { return o.Key == one.Key })
		switch {
		case now >= 0 && d.Seen[one.Key] == all[now].Mark():
			out = append(out, Source{one.Key, all[now].Title, all[now].Fields})
		case was >= 0:
			kept := before[was]
			if now < 0 && d.Seen[one.Key] == (Subject{}).Mark() {
				kept.Seen = nil // that it has no personal data any more was shown
			}
			out = append(out, kept)
		case now >= 0:
			out = append(out, Source{one.Key, all[now].Title, nil}) // everything is still to be looked at
		default:
			return nil, fault.Field("sources", "register.no_source")
		}
	}
	return out, nil
}

// Create stores a new entry. Faults: those of [Service.May] and [Entry.Validate]; Invalid "register.no_source".
func (s *Service) Create(ctx context.Context, by actor.Actor, d Draft) (_ ID, err error) {
	defer fault.Wrap(&err, "register.Create")
	if err := s.May(by); err != nil {
		return "", err
	}
	e := d.Entry
	e.Tidy()
	if err := e.Validate().Err(); err != nil {
		return "", err
	}
	if e.Sources, err = s.sourced(ctx, by.Organisation, d, nil); err != nil {
		return "", err
	}
	now := s.Now()
	e.ID, e.Organisation, e.Revision, e.Created, e.Updated, e.Removed = ID(id.UUID(now)), by.Organisation, 1, now, now, false
	return e.ID, s.Store.Add(ctx, by, e)
}

// Save writes what a person edited. opened is the revision the form was opened on. Faults: those of [Service.Create]; Conflict "register.moved"
// when somebody saved it since; NotFound "register.not_found".
func (s *Service) Save(ctx context.Context, by actor.Actor, d Draft, opened int) (err error) {
	defer fault.Wrap(&err, "register.Save(%s)", d.ID)
	if err := s.May(by); err != nil {
		return err
	}
	next := d.Entry
	next.Tidy()
	if err := next.Validate().Err(); err != nil {
		return err
	}
	before, err := s.Store.Find(ctx, by.Organisation, d.ID)
	if err != nil {
		return err
	}
	if next.Sources, err = s.sourced(ctx, by.Organisation, d, before.Sources); err != nil {
		return err
	}
	return s.Store.Change(ctx, by, d.ID, "register.log_saved", func(e *Entry) error {
		if e.Revision != opened {
			return fault.New(fault.Conflict, "register.moved")
		}
		if len(next.Changed(*e)) == 0 {
			return nil
		}
		next := next
		next.ID, next.Organisation, next.Revision, next.Created, next.Updated, next.Removed = e.ID, e.Organisation, e.Revision, e.Created, s.Now(), e.Removed
		*e = next
		return nil
	})
}

// Remove takes an entry out of the register, or brings it back. Doing it again changes nothing. Faults: those of [Service.May]; NotFound
// "register.not_found".
func (s *Service) Remove(ctx context.Context, by actor.Actor, of ID, removed bool) (err error) {
	defer fault.Wrap(&err, "register.Remove(%s)", of)
	if err := s.May(by); err != nil {
		return err
	}
	verb := map[bool]string{true: "register.log_removed", false: "register.log_recalled"}[removed]
	return s.Store.Change(ctx, by, of, verb, func(e *Entry) error {
		if e.Removed != removed {
			e.Removed, e.Updated = removed, s.Now()
		}
		return nil
	})
}

// Restore writes again a state the entry had. Faults: those of [Service.May]; NotFound "register.not_found", of a state it never had too.
func (s *Service) Restore(ctx context.Context, by actor.Actor, of ID, revision int) (err error) {
	defer fault.Wrap(&err, "register.Restore(%s, %d)", of, revision)
	if err := s.May(by); err != nil {
		return err
	}
	log, err := s.Store.Log(ctx, by.Organisation, of)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(log, func(c Change) bool { return c.Revision == revision })
	if i < 0 {
		return fault.New(fault.NotFound, "register.not_found")
	}
	return s.Store.Change(ctx, by, of, "register.log_restored", func(e *Entry) error {
		state := log[i].State
		if len(state.Changed(*e)) == 0 {
			return nil
		}
		state.Organisation, state.Revision, state.Created, state.Updated = e.Organisation, e.Revision, e.Created, s.Now()
		*e = state
		return nil
	})
}

// Hear takes in what a room tells of a form or a dataset; one without personal fields is forgotten. It may be repeated.
func (s *Service) Hear(ctx context.Context, one Subject) (err error) {
	defer fault.Wrap(&err, "register.Hear(%s)", one.Key.Text())
	if len(one.Fields) == 0 {
		return s.Subjects.Drop(ctx, one.Organisation, one.Key)
	}
	return s.Subjects.Put(ctx, one)
}
