package form

import (
	"context"
	"crypto/subtle"
	"slices"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// An AnswerID names an answer.
type AnswerID string

// An Answer is what somebody answered, to one version of a form.
type Answer struct {
	ID           AnswerID
	Form         ID
	Organisation string
	Version      int    // of the form, as it was shown
	Reference    string // public number, unique in the form
	At           time.Time
	By           string // agent who answered where only agents may; "" otherwise
	Values       Values
	State        State
	Lang         string       // of the page it was given on, "fr" or "en"; "" is not known
	Assignee     string       // agent who treats it, "" for nobody
	Due          string       // last day to answer, 2006-01-02; "" for none
	Revision     int          // counts every treatment
	Files        []Attachment // that wait to be the answer's; told to [Replies.Receive] only
}

// A Service is the room's front desk.
type Service struct {
	Store   Store
	Replies Replies
	Keeper  Keeper
	Feeder  Feeder
	Files   Files
	Shelf   Shelf
	Key     []byte           // seals tickets; the same on every replica
	Now     func() time.Time // in the zone whose days forms open and close on
	// House says what an organisation is called; nil where nobody is told.
	House func(ctx context.Context, organisation string) (string, error)

	tries tries
}

// MayChange reports whether by may edit the form and read its answers: its owner, colleagues of its service, stewards.
func (f *Form) MayChange(by actor.Actor) bool {
	if !by.Known() || by.Organisation != f.Organisation {
		return false
	}
	return by.ID == f.Owner || f.Service != "" && by.Service == f.Service || by.Is(actor.Steward)
}

func known(by actor.Actor) error {
	if !by.Known() {
		return fault.New(fault.SignIn, "form.sign_in_first")
	}
	return nil
}

// List returns the forms by may change, the oldest first. Fault: SignIn "form.sign_in_first".
func (s *Service) List(ctx context.Context, by actor.Actor) (_ []Form, err error) {
	defer fault.Wrap(&err, "form.List")
	if err := known(by); err != nil {
		return nil, err
	}
	all, err := s.Store.List(ctx, by.Organisation)
	return slices.DeleteFunc(all, func(f Form) bool { return !f.MayChange(by) }), err
}

// Look returns a form that by may change, as it is edited. Faults: SignIn "form.sign_in_first"; NotFound "form.not_found".
func (s *Service) Look(ctx context.Context, by actor.Actor, of ID) (_ Form, err error) {
	defer fault.Wrap(&err, "form.Look(%s)", of)
	if err := known(by); err != nil {
		return Form{}, err
	}
	f, err := s.Store.Find(ctx, by.Organisation, of)
	if err == nil && !f.MayChange(by) {
		err = fault.New(fault.NotFound, "form.not_found")
	}
	return f, err
}

// Create stores a new form of by's, published to nobody. Faults: SignIn "form.sign_in_first"; those of [Form.Settle].
func (s *Service) Create(ctx context.Context, by actor.Actor, f Form) (_ Form, err error) {
	defer fault.Wrap(&err, "form.Create")
	if err := known(by); err != nil {
		return f, err
	}
	if err := f.Settle().Err(); err != nil {
		return f, err
	}
	f.ID, f.Organisation, f.Owner, f.Service = ID(id.New(s.Now())), by.Organisation, by.ID, by.Service
	f.Created, f.Revision, f.Version, f.Stopped = s.Now(), 1, 0, false
	return f, s.Store.Create(ctx, by, f)
}

// Edit changes a form as fn says, which must be pure. opened is the revision the page was opened on. Answers keep the version they
// were given to until the form is published again. What comes from a model stays as the model says. Faults: those of [Service.Look], of fn, of
// [Form.Settle] and, of a common question, Conflict "form.common_stays"; Conflict "form.moved".
func (s *Service) Edit(ctx context.Context, by actor.Actor, of ID, opened int, fn func(*Form) error) (_ Form, err error) {
	defer fault.Wrap(&err, "form.Edit(%s)", of)
	return s.change(ctx, by, of, "form.log_edited", func(f *Form) error {
		if f.Revision != opened {
			return fault.New(fault.Conflict, "form.moved")
		}
		was := *f
		if err := fn(f); err != nil {
			return err
		}
		if err := f.keepsCommon(was); err != nil {
			return err
		}
		return f.Settle().Err()
	})
}

func (s *Service) change(ctx context.Context, by actor.Actor, of ID, verb string, fn func(*Form) error) (Form, error) {
	if err := known(by); err != nil {
		return Form{}, err
	}
	return s.Store.Change(ctx, by, of, verb, func(f *Form) error {
		if !f.MayChange(by) {
			return fault.New(fault.NotFound, "form.not_found")
		}
		return fn(f)
	})
}

// Latest returns what the latest published version of a form asks, for who edits it. Faults: those of [Service.Look].
func (s *Service) Latest(ctx context.Context, by actor.Actor, of ID) (_ Form, err error) {
	defer fault.Wrap(&err, "form.Latest(%s)", of)
	if _, err := s.Look(ctx, by, of); err != nil {
		return Form{}, err
	}
	return s.Store.Published(ctx, of, 0)
}

// Publish makes a version of the form as it is, and opens it. Faults: those of [Service.Look] and [Form.Validate]; Conflict
// "form.moved".
func (s *Service) Publish(ctx context.Context, by actor.Actor, of ID, opened int) (_ Form, err error) {
	defer fault.Wrap(&err, "form.Publish(%s)", of)
	return s.change(ctx, by, of, "form.log_published", func(f *Form) error {
		if f.Revision != opened {
			return fault.New(fault.Conflict, "form.moved")
		}
		f.Version, f.Stopped = f.Version+1, false
		return f.Validate().Err()
	})
}

// Stop closes a form to answers, or opens it again. Twice is once. Faults: those of [Service.Look].
func (s *Service) Stop(ctx context.Context, by actor.Actor, of ID, stopped bool) (_ Form, err error) {
	defer fault.Wrap(&err, "form.Stop(%s)", of)
	verb := map[bool]string{true: "form.log_stopped", false: "form.log_reopened"}[stopped]
	return s.change(ctx, by, of, verb, func(f *Form) error { f.Stopped = stopped; return nil })
}

// Open returns the published form as it is asked of by, whoever that is. Faults: NotFound "form.not_found"; of a form for agents SignIn
// "form.sign_in_first" for nobody, NotFound "form.not_found" for other organisations, Denied "form.not_named". Days and code are
// judged by [Service.Submit].
func (s *Service) Open(ctx context.Context, by actor.Actor, of ID) (_ Form, err error) {
	defer fault.Wrap(&err, "form.Open(%s)", of)
	return s.open(ctx, by, of, 0)
}

func (s *Service) open(ctx context.Context, by actor.Actor, of ID, version int) (Form, error) {
	f, err := s.Store.Published(ctx, of, version)
	if err != nil || f.Door != Agents {
		return f, err
	}
	if err := known(by); err != nil {
		return Form{}, err
	}
	if by.Organisation != f.Organisation {
		return Form{}, fault.New(fault.NotFound, "form.not_found")
	}
	if len(f.Named) > 0 && !f.MayChange(by) && !slices.ContainsFunc(f.Named, func(mail string) bool { return strings.EqualFold(mail, by.Email) }) {
		return Form{}, fault.New(fault.Denied, "form.not_named")
	}
	return f, nil
}

// A Submission is a page sent back.
type Submission struct {
	Ticket string // as [Ticket.Seal] wrote it
	Code   string // what was typed at a coded door
	From   string // address it comes from: wrong codes are counted by it, nothing else
	Trap   string // a field people do not see: who fills it in is a robot
	Typed  Values
	Lang   string // of the page
}

// Submit takes an answer. Sent twice, it is taken once and the first one is returned. Whatever is refused may be sent again as it was
// typed. Faults: those of [Service.Open], [Ticket.Judge], [Form.Ready] and, as a list, [Form.Read]; Conflict "form.too_fast" for a
// robot; of the field "code" Invalid "form.wrong_code" and, after too many, Conflict "form.code_rest" with the minutes.
func (s *Service) Submit(ctx context.Context, by actor.Actor, of ID, sent Submission) (_ Answer, err error) {
	defer fault.Wrap(&err, "form.Submit(%s)", of)
	ticket, f, err := s.admit(ctx, by, of, sent)
	if err != nil {
		return Answer{}, err
	}
	typed, err := s.Resolve(ctx, f, sent.Ticket, sent.Typed)
	if err != nil {
		return Answer{}, err
	}
	kept, wrong := f.Read(typed)
	if err := wrong.Err(); err != nil {
		return Answer{}, err
	}
	now := s.Now()
	a := Answer{ID: AnswerID(id.New(now)), Form: of, Organisation: f.Organisation, Version: ticket.Version, At: now, Values: kept, State: Received, Lang: sent.Lang, Revision: 1, Files: f.Attached(kept)}
	if f.Track && f.Days > 0 {
		a.Due = now.AddDate(0, 0, f.Days).Format(time.DateOnly)
	}
	if f.Door == Agents {
		a.By = by.ID
	}
	return s.Replies.Receive(ctx, a, ticket.Nonce, func(taken int) error { return f.Ready(now, taken) })
}

// admit opens the form a page sent back was given for, and judges whether a person sent it.
func (s *Service) admit(ctx context.Context, by actor.Actor, of ID, sent Submission) (ticket Ticket, f Form, err error) {
	now := s.Now()
	ticket, ok := OpenTicket(s.Key, sent.Ticket)
	if !ok {
		return ticket, f, fault.New(fault.Conflict, "form.page_old")
	}
	if err := ticket.Judge(of, now); err != nil {
		return ticket, f, err
	}
	if sent.Trap != "" {
		return ticket, f, fault.New(fault.Conflict, "form.too_fast") // a robot learns nothing of why
	}
	if f, err = s.open(ctx, by, of, ticket.Version); err != nil {
		return ticket, f, err
	}
	return ticket, f, s.knock(f, sent, now)
}

// Receipt finds an answer by the number its author was given, and the form it was given to: whoever has the number may know that it
// came. Faults: NotFound "form.no_reference"; of a form for agents those of [Service.Open].
func (s *Service) Receipt(ctx context.Context, by actor.Actor, of ID, reference string) (_ Form, _ Answer, err error) {
	defer fault.Wrap(&err, "form.Receipt(%s)", of)
	f, err := s.open(ctx, by, of, 0)
	if err != nil {
		return Form{}, Answer{}, err
	}
	a, err := s.Replies.Referenced(ctx, of, strings.ToUpper(strings.TrimSpace(reference)))
	return f, a, err
}

func sameCode(typed, code string) bool {
	return subtle.ConstantTimeCompare([]byte(strings.TrimSpace(typed)), []byte(code)) == 1
}

// Answers lists the answers to a form that by may change, the oldest first. Faults: those of [Service.Look].
func (s *Service) Answers(ctx context.Context, by actor.Actor, of ID) (_ []Answer, err error) {
	defer fault.Wrap(&err, "form.Answers(%s)", of)
	if _, err := s.Look(ctx, by, of); err != nil {
		return nil, err
	}
	return s.Replies.Answers(ctx, by.Organisation, of)
}
