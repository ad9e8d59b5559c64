package situation

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/competency"
	"cultured/internal/fault"
)

// An Action is what was decided about a gap of the map: a competence that is needed more often than it is held. What was decided in a
// situation is one too, whose Situation says so.
type Action struct {
	ID           ID                `json:"id"` // a UUID; that of the situation for what was decided in one
	Organisation string            `json:"-"`
	Situation    ID                `json:"situation,omitempty"`
	Competence   competency.ItemID `json:"competence,omitempty"` // "" in a situation, which has its own
	Service      string            `json:"service,omitempty"`    // where the gap is: a service's identifier or what people call it, "" everywhere
	What         string            `json:"what"`                 // at most TextMost characters
	Owner        string            `json:"owner"`                // who sees to it; at most NameMost
	Due          string            `json:"due"`                  // the day it should be done, AAAA-MM-JJ
	Done         string            `json:"done,omitempty"`       // the day it was
	Dropped      bool              `json:"dropped,omitempty"`    // given up
	Revision     int               `json:"revision"`             // from 1
	Created      time.Time         `json:"created"`
}

// Validate says all that is wrong, by form field: an action says what, who and when. Faults: Invalid "situation.no_gap",
// "situation.what_missing", "situation.owner_missing", "situation.due_missing", "situation.bad_day", "situation.too_long".
func (a Action) Validate() (faults fault.List) {
	if a.Competence == "" {
		faults.Add("competence", "situation.no_gap")
	}
	for _, one := range []struct {
		field, text, missing string
		most                 int
	}{{"what", a.What, "situation.what_missing", TextMost}, {"owner", a.Owner, "situation.owner_missing", NameMost}, {"service", a.Service, "", NameMost}} {
		switch {
		case one.text == "" && one.missing != "":
			faults.Add(one.field, one.missing)
		case utf8.RuneCountInString(one.text) > one.most:
			faults.Add(one.field, "situation.too_long", one.most)
		}
	}
	if a.Due == "" {
		faults.Add("due", "situation.due_missing")
	} else if _, err := time.Parse(time.DateOnly, a.Due); err != nil {
		faults.Add("due", "situation.bad_day", a.Due)
	}
	return faults
}

// tidy trims the texts.
func (a *Action) tidy() {
	for _, text := range []*string{&a.What, &a.Owner, &a.Due, &a.Service} {
		*text = strings.TrimSpace(*text)
	}
}

// A Progress says how far an action is.
type Progress string

// How far an action may be.
const (
	Late    Progress = "late" // its day is over and it is not done
	Open    Progress = "open"
	Done    Progress = "done"
	Dropped Progress = "dropped"
)

// Progresses lists them, what wants attention first.
func Progresses() []Progress { return []Progress{Late, Open, Done, Dropped} }

// At says how far the action is on a day, AAAA-MM-JJ.
func (a Action) At(day string) Progress {
	switch {
	case a.Dropped:
		return Dropped
	case a.Done != "":
		return Done
	case a.Due != "" && a.Due < day:
		return Late
	}
	return Open
}

// Decided lists every action: those on gaps, and those decided in the situations in force. What wants attention on a day comes first,
// then the nearest day, those without one last.
func Decided(actions []Action, situations []Situation, day string) []Action {
	out := slices.Clone(actions)
	for _, s := range situations {
		if s.Action != "" && !s.Retired {
			out = append(out, Action{ID: s.ID, Organisation: s.Organisation, Situation: s.ID, Service: s.Place(), What: s.Action, Owner: s.Owner, Due: s.Due, Done: s.Done, Revision: s.Revision, Created: s.Created})
		}
	}
	slices.SortStableFunc(out, func(a, b Action) int {
		return cmp.Or(cmp.Compare(slices.Index(Progresses(), a.At(day)), slices.Index(Progresses(), b.At(day))),
			cmp.Compare(cmp.Or(a.Due, "9999"), cmp.Or(b.Due, "9999")))
	})
	return out
}
