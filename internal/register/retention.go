package register

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// What a retention keeps to, in days: how long before the last day its owner is told, and how long after that the dataset is spared at least.
const (
	toldBefore = 30
	Spared     = 7
)

// A Retention is until when a dataset is kept. Days are AAAA-MM-JJ.
type Retention struct {
	Organisation string
	Dataset      string
	Title        string // as it was when the day was set
	Until        string // last day
	Why          string // rule the day follows
	By           string // person who set it
	Told         string // day its owner was told that it ends, "" for not yet
}

// A Held is a dataset as its room says it to who sets its retention.
type Held struct {
	Title string
	Owner string
	May   bool // the reader may set its retention
}

// An Erasure is the trace of what a retention erased: that it was, never what it was.
type Erasure struct {
	Organisation string
	Event        int64 // of the outbox: heard twice, it is one
	Day          string
	Key
	Title  string
	Months int    // rule of a form: how long an answer is kept
	Until  string // rule of a dataset: its last day, and why
	Why    string
	Count  int64 // answers, or rows of a dataset
}

// A Coming is what is erased soon.
type Coming struct {
	Key
	Title  string
	Owner  string
	Day    string // of the first erasure
	Months int    // of a form
	Why    string // of a dataset
	Count  int64  // answers that lose something within the time asked for
}

// Retentions keeps until when datasets are kept. Every method that takes an organisation checks it.
type Retentions interface {
	// Retain sets, or with Until "" takes away, the retention of a dataset, not told yet.
	Retain(ctx context.Context, by actor.Actor, r Retention) error
	// Retention returns that of a dataset; the zero Retention where none was set.
	Retention(ctx context.Context, organisation, dataset string) (Retention, error)
	// Retained lists those of an organisation, "" for all, that end on a day or before, "" for all, the first to end first.
	Retained(ctx context.Context, organisation, until string) ([]Retention, error)
	// Tell notes the day a retention was told, unless it was changed meanwhile.
	Tell(ctx context.Context, r Retention, day string) error
	// Forget drops the retention of a dataset that is gone; one that is not there is no error.
	Forget(ctx context.Context, organisation, dataset string) error
}

// Traces keeps what was erased, and who was told that something will be. Every method checks the organisation.
type Traces interface {
	// Note stores the trace of an erasure, once.
	Note(ctx context.Context, e Erasure) error
	// Erasures lists the traces of an organisation, those of the same day, subject and rule together, the newest first.
	Erasures(ctx context.Context, organisation string) ([]Erasure, error)
	// Warned reports whether who owns a form was told of coming erasures in a month, AAAA-MM; Warn notes that they were.
	Warned(ctx context.Context, organisation, form, month string) (bool, error)
	// Warn notes that the owner of a form was told.
	Warn(ctx context.Context, organisation, form, month string) error
}

// A Reaper does what other rooms do for retentions.
type Reaper interface {
	// Held returns a dataset by may see. Fault: NotFound.
	Held(ctx context.Context, by actor.Actor, dataset string) (Held, error)
	// Erase deletes a dataset whose retention is over, and writes an event that says so. It reports false for one that the public sees: a person decides.
	Erase(ctx context.Context, r Retention) (bool, error)
	// Coming lists the answers to forms that lose something within days, by form and rule; of every organisation for "".
	Coming(ctx context.Context, organisation string, days int) (map[string][]Coming, error)
	// Tell says to the owner of a form or a dataset what is about to be erased.
	Tell(ctx context.Context, organisation string, c Coming) error
}

// held returns a dataset whose retention by may set.
func (s *Service) held(ctx context.Context, by actor.Actor, dataset string) (Held, error) {
	if err := known(by); err != nil {
		return Held{}, err
	}
	held, err := s.Reaper.Held(ctx, by, dataset)
	if err == nil && !held.May {
		err = fault.New(fault.Denied, "register.not_yours")
	}
	return held, err
}

// Retain sets the last day a dataset is kept, and the rule it follows. Faults: SignIn "register.sign_in_first"; those of [Reaper.Held]; Denied
// "register.not_yours"; of the fields "until" and "why" Invalid "register.bad_day", "register.too_soon" with the days, "register.no_rule", "register.too_long".
func (s *Service) Retain(ctx context.Context, by actor.Actor, dataset, until, why string) (err error) {
	defer fault.Wrap(&err, "register.Retain(%s)", dataset)
	held, err := s.held(ctx, by, dataset)
	if err != nil {
		return err
	}
	until, why = strings.TrimSpace(until), strings.TrimSpace(why)
	var wrong fault.List
	if _, err := time.Parse(time.DateOnly, until); err != nil {
		wrong.Add("until", "register.bad_day")
	} else if until < s.day(Spared) {
		wrong.Add("until", "register.too_soon", Spared)
	}
	if why == "" {
		wrong.Add("why", "register.no_rule")
	} else if utf8.RuneCountInString(why) > LineMost {
		wrong.Add("why", "register.too_long", LineMost)
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return s.Retentions.Retain(ctx, by, Retention{Organisation: by.Organisation, Dataset: dataset, Title: held.Title, Until: until, Why: why, By: by.ID})
}

// Release takes the last day of a dataset away: it is kept until somebody deletes it. Faults: those of [Service.Retain], but for the fields.
func (s *Service) Release(ctx context.Context, by actor.Actor, dataset string) (err error) {
	defer fault.Wrap(&err, "register.Release(%s)", dataset)
	if _, err := s.held(ctx, by, dataset); err != nil {
		return err
	}
	return s.Retentions.Retain(ctx, by, Retention{Organisation: by.Organisation, Dataset: dataset})
}

// day is today and some days, AAAA-MM-JJ.
func (s *Service) day(more int) string { return s.Now().AddDate(0, 0, more).Format(time.DateOnly) }

// Kept returns a dataset by may see and its retention. Faults: SignIn "register.sign_in_first"; those of [Reaper.Held].
func (s *Service) Kept(ctx context.Context, by actor.Actor, dataset string) (_ Held, _ Retention, err error) {
	defer fault.Wrap(&err, "register.Kept(%s)", dataset)
	if err := known(by); err != nil {
		return Held{}, Retention{}, err
	}
	held, err := s.Reaper.Held(ctx, by, dataset)
	if err != nil {
		return held, Retention{}, err
	}
	r, err := s.Retentions.Retention(ctx, by.Organisation, dataset)
	return held, r, err
}

// ComingDays is how far ahead people see what is erased.
const ComingDays = 60

// Ends lists what is erased within [ComingDays] and what was, of by's organisation: all for who writes the register, else what they own; traces are everybody's.
// Fault: SignIn "register.sign_in_first".
func (s *Service) Ends(ctx context.Context, by actor.Actor) (soon []Coming, gone []Erasure, err error) {
	defer fault.Wrap(&err, "register.Ends")
	if err := known(by); err != nil {
		return nil, nil, err
	}
	retained, err := s.Retentions.Retained(ctx, by.Organisation, s.day(ComingDays))
	if err != nil {
		return nil, nil, err
	}
	for _, r := range retained {
		held, err := s.Reaper.Held(ctx, by, r.Dataset)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		if MayEdit(by) || held.May {
			soon = append(soon, r.coming(held))
		}
	}
	forms, err := s.Reaper.Coming(ctx, by.Organisation, ComingDays)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range forms[by.Organisation] {
		if MayEdit(by) || c.Owner == by.ID {
			soon = append(soon, c)
		}
	}
	gone, err = s.Traces.Erasures(ctx, by.Organisation)
	return soon, gone, err
}

func (r Retention) coming(held Held) Coming {
	return Coming{Key: Key{Dataset, r.Dataset}, Title: held.Title, Owner: held.Owner, Day: r.Until, Why: r.Why}
}

// Reap tells the owners of what is erased soon, once for a dataset, once a month for a form, then erases the datasets whose last day is over and
// whose owner was told [Spared] days ago at least. It may run at any time, on every replica, and be repeated; it goes on after a failure, and returns the
// first one. It returns how many datasets were erased. Answers to forms are erased by their own room.
func (s *Service) Reap(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "register.Reap")
	ending, err := s.Retentions.Retained(ctx, "", s.day(toldBefore))
	if err != nil {
		return 0, err
	}
	for _, r := range ending {
		one, failed := s.reap(ctx, r)
		if one {
			n++
		}
		if err == nil {
			err = failed
		}
	}
	if failed := s.warn(ctx); err == nil {
		err = failed
	}
	return n, err
}

// reap tells one retention, or ends it.
func (s *Service) reap(ctx context.Context, r Retention) (erased bool, err error) {
	if r.Told == "" {
		held, err := s.Reaper.Held(ctx, actor.Actor{ID: r.By, Organisation: r.Organisation, Roles: []actor.Role{actor.Steward}}, r.Dataset)
		if fault.KindOf(err) == fault.NotFound {
			return false, s.Retentions.Forget(ctx, r.Organisation, r.Dataset) // deleted since
		}
		if err != nil {
			return false, err
		}
		if err := s.Reaper.Tell(ctx, r.Organisation, r.coming(held)); err != nil {
			return false, err
		}
		return false, s.Retentions.Tell(ctx, r, s.day(0))
	}
	if r.Until >= s.day(0) || r.Told > s.day(-Spared) {
		return false, nil
	}
	erased, err = s.Reaper.Erase(ctx, r)
	if fault.KindOf(err) == fault.NotFound {
		erased, err = true, nil // by another replica
	}
	if err != nil || !erased {
		return false, err
	}
	return true, s.Retentions.Forget(ctx, r.Organisation, r.Dataset)
}

// warn tells the owners of forms what their answers lose soon.
func (s *Service) warn(ctx context.Context) error {
	forms, err := s.Reaper.Coming(ctx, "", toldBefore)
	if err != nil {
		return err
	}
	month := s.Now().Format("2006-01")
	for organisation, list := range forms {
		for _, c := range list {
			told, err := s.Traces.Warned(ctx, organisation, c.ID, month)
			if err != nil {
				return err
			}
			if told {
				continue
			}
			if err := s.Reaper.Tell(ctx, organisation, c); err != nil {
				return err
			}
			if err := s.Traces.Warn(ctx, organisation, c.ID, month); err != nil {
				return err
			}
		}
	}
	return nil
}
