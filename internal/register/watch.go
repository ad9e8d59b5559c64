package register

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// MayAdvise reports whether by gives opinions on entries and answers for alerts: the data protection officer.
func MayAdvise(by actor.Actor) bool { return by.Is(actor.DPO) }

// The verdicts of an [Opinion].
const (
	Approved = "approved"
	Reserved = "reserved" // something must change first
	Remark   = "remark"   // neither
)

// Verdicts lists the verdicts, as they are proposed.
func Verdicts() []string { return []string{Approved, Reserved, Remark} }

// An Opinion is what the data protection officer said of an entry, as it was then. It is never changed.
type Opinion struct {
	Entry    ID
	Revision int // state of the entry it is about
	At       time.Time
	Person   string
	Verdict  string // one of [Verdicts]
	Text     string
}

// The kinds of an [Alert].
const (
	Blocked = "blocked" // refused, until somebody says why it may be
	Forced  = "forced"  // done, with a reason
)

// An Alert is a publication of a dataset in which persons were recognised.
type Alert struct {
	Organisation string
	Event        int64 // of the outbox: heard twice, it is one
	At           time.Time
	Kind         string
	Dataset      string
	Title        string
	Columns      string // those that tell about persons, with commas
	Reason       string // of a forced one
	Person       string // who tried, or did
	Seen         string // person who looked into it, "" for nobody yet
}

// A Watch keeps what the data protection officer says and is told. Every method checks the organisation.
type Watch interface {
	// Advise stores an opinion.
	Advise(ctx context.Context, by actor.Actor, o Opinion) error
	// Opinions lists those of an organisation, the newest first.
	Opinions(ctx context.Context, organisation string) ([]Opinion, error)
	// Alert stores an alert, once, and reports whether it is new.
	Alert(ctx context.Context, a Alert) (bool, error)
	// Alerts lists those of an organisation, the newest first, 200 at most.
	Alerts(ctx context.Context, organisation string) ([]Alert, error)
	// See notes that by looked into an alert; the first to do so stays. Fault: NotFound "register.no_alert".
	See(ctx context.Context, by actor.Actor, event int64) error
}

// Opinion returns the last approval or reserve about an entry, and whether the entry is still as it was then; false where there is none.
func (r *Register) Opinion(e Entry) (_ Opinion, current, ok bool) {
	i := slices.IndexFunc(r.Opinions, func(o Opinion) bool { return o.Entry == e.ID && o.Verdict != Remark })
	if i < 0 {
		return Opinion{}, false, false
	}
	return r.Opinions[i], r.Opinions[i].Revision == e.Revision, true
}

// About lists the opinions on an entry, the newest first.
func (r *Register) About(of ID) (out []Opinion) {
	for _, o := range r.Opinions {
		if o.Entry == of {
			out = append(out, o)
		}
	}
	return out
}

// adviser is nil for the data protection officer. Faults: SignIn "register.sign_in_first"; Denied "register.officer_only".
func adviser(by actor.Actor) error {
	if err := known(by); err != nil {
		return err
	}
	if !MayAdvise(by) {
		return fault.New(fault.Denied, "register.officer_only")
	}
	return nil
}

// Advise keeps what the data protection officer says of an entry, as they saw it: revision is the one the page showed. Faults: SignIn
// "register.sign_in_first"; Denied "register.officer_only"; NotFound "register.not_found"; Conflict "register.moved_since" when it was
// changed meanwhile; by form field, Invalid "register.bad_choice", "register.no_words" for a reserve or a remark without a text, "register.too_long".
func (s *Service) Advise(ctx context.Context, by actor.Actor, o Opinion) (err error) {
	defer fault.Wrap(&err, "register.Advise(%s)", o.Entry)
	if err := adviser(by); err != nil {
		return err
	}
	o.Text = strings.TrimSpace(strings.ReplaceAll(o.Text, "\r\n", "\n"))
	var wrong fault.List
	if !slices.Contains(Verdicts(), o.Verdict) {
		wrong.Add("verdict", "register.bad_choice")
	} else if o.Text == "" && o.Verdict != Approved {
		wrong.Add("text", "register.no_words")
	}
	if utf8.RuneCountInString(o.Text) > TextMost {
		wrong.Add("text", "register.too_long", TextMost)
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	e, err := s.Store.Find(ctx, by.Organisation, o.Entry)
	if err != nil {
		return err
	}
	if e.Revision != o.Revision {
		return fault.New(fault.Conflict, "register.moved_since")
	}
	o.At, o.Person = s.Now(), by.ID
	return s.Watch.Advise(ctx, by, o)
}

// MayWatch reports whether by reads alerts: who writes the register.
func MayWatch(by actor.Actor) bool { return MayEdit(by) }

// Alerts lists the publications that were blocked or forced. Faults: those of [Service.May].
func (s *Service) Alerts(ctx context.Context, by actor.Actor) (_ []Alert, err error) {
	defer fault.Wrap(&err, "register.Alerts")
	if err := s.May(by); err != nil {
		return nil, err
	}
	return s.Watch.Alerts(ctx, by.Organisation)
}

// Alarm takes an alert in, and reports whether anybody is to be told of it: not when it is known, nor when the same publication was blocked before and
// nobody looked into that yet. It may be repeated.
func (s *Service) Alarm(ctx context.Context, a Alert) (_ bool, err error) {
	defer fault.Wrap(&err, "register.Alarm(%s)", a.Dataset)
	if a.Kind == Blocked {
		before, err := s.Watch.Alerts(ctx, a.Organisation)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(before, func(b Alert) bool {
			return b.Kind == Blocked && b.Seen == "" && b.Dataset == a.Dataset && b.Columns == a.Columns
		}) {
			return false, nil
		}
	}
	return s.Watch.Alert(ctx, a)
}

// Waiting counts the alerts nobody looked into yet, for who must; 0 for others.
func (s *Service) Waiting(ctx context.Context, by actor.Actor) (n int, err error) {
	defer fault.Wrap(&err, "register.Waiting")
	if !MayAdvise(by) {
		return 0, nil
	}
	all, err := s.Watch.Alerts(ctx, by.Organisation)
	for _, a := range all {
		if a.Seen == "" {
			n++
		}
	}
	return n, err
}

// See notes that the data protection officer looked into an alert. Faults: SignIn "register.sign_in_first"; Denied "register.officer_only"; NotFound
// "register.no_alert".
func (s *Service) See(ctx context.Context, by actor.Actor, event int64) (err error) {
	defer fault.Wrap(&err, "register.See(%d)", event)
	if err := adviser(by); err != nil {
		return err
	}
	return s.Watch.See(ctx, by, event)
}
