package situation

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/fault"
)

// An ID names a situation or a need: a UUID.
type ID string

// A Kind says which of the two a record is.
type Kind string

// The kinds.
const (
	Usage Kind = "situation" // met today
	Need  Kind = "need"      // wished for
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Usage, Need} }

// A Standing says what a competence is to a situation.
type Standing string

// The standings.
const (
	Needed  Standing = "needed"  // the task asks for it
	Held    Standing = "held"    // people have it
	Develop Standing = "develop" // people want to learn it
)

// Standings lists the standings, as forms and tables show them.
func Standings() []Standing { return []Standing{Needed, Held, Develop} }

// Frequencies lists how often a situation may be met, from the most to the least often.
func Frequencies() []string { return []string{"daily", "weekly", "monthly", "yearly"} }

// A Link says what a competence is to a situation.
type Link struct {
	Competence competency.ItemID `json:"competence"`
	Standing   Standing          `json:"standing"`
}

// A Card is a card of a workshop as it was when it was taken up.
type Card struct {
	Number int64  `json:"number"` // in its session
	Text   string `json:"text"`
}

// An Origin is the workshop session a record comes from. The zero Origin is: written by hand.
type Origin struct {
	Session string `json:"session,omitempty"`
	Title   string `json:"title,omitempty"` // of the session
	Phase   string `json:"phase,omitempty"` // title of the phase of the first card
	Theme   string `json:"theme,omitempty"` // of the first card
	Cards   []Card `json:"cards,omitempty"`
}

// A Situation is a situation of use, or a need.
type Situation struct {
	ID           ID        `json:"id"`
	Organisation string    `json:"-"`
	Kind         Kind      `json:"kind"`
	Title        string    `json:"title"`               // at most TitleMost characters
	Text         string    `json:"text,omitempty"`      // what is done with which data; at most TextMost
	Unit         string    `json:"unit,omitempty"`      // identifier of a service of the organisation
	Service      string    `json:"service,omitempty"`   // where no such service fits: another one, a métier, as people say it
	Datasets     []string  `json:"datasets,omitempty"`  // identifiers of those it is about
	Frequency    string    `json:"frequency,omitempty"` // one of [Frequencies]
	Links        []Link    `json:"links,omitempty"`
	Origin       Origin    `json:"origin"`
	Action       string    `json:"action,omitempty"` // what was decided
	Owner        string    `json:"owner,omitempty"`  // who sees to it
	Due          string    `json:"due,omitempty"`    // the day it should be done, AAAA-MM-JJ
	Done         string    `json:"done,omitempty"`   // the day it was
	Retired      bool      `json:"retired,omitempty"`
	Into         ID        `json:"into,omitempty"` // the record it was merged into
	Revision     int       `json:"revision"`       // from 1
	Created      time.Time `json:"created"`
}

// What a record may hold at most, in characters, links and cards.
const (
	TitleMost = 300
	TextMost  = 4000
	NameMost  = 120
	LinksMost = 30
	CardsMost = 500
	setsMost  = 20
)

// Mentions is how many cards say it, 1 for what was written by hand.
func (s Situation) Mentions() int { return max(1, len(s.Origin.Cards)) }

// Place is where the situation is met: the identifier of a service, else what people call the place.
func (s Situation) Place() string { return cmp.Or(s.Unit, s.Service) }

// MayEdit reports whether by may write what is known of an organisation's situations: who runs workshops, its stewards and
// administrators. Everybody of the organisation may read.
func MayEdit(by actor.Actor) bool {
	return by.Is(actor.Facilitator) || by.Is(actor.Steward) || by.Is(actor.Admin)
}

// Tidy trims the texts, drops links without a competence and keeps each link and each dataset once.
func (s *Situation) Tidy() {
	for _, text := range []*string{&s.Title, &s.Text, &s.Unit, &s.Service, &s.Action, &s.Owner, &s.Due} {
		*text = strings.TrimSpace(*text)
	}
	var sets []string
	for _, d := range s.Datasets {
		if d = strings.TrimSpace(d); d != "" && !slices.Contains(sets, d) {
			sets = append(sets, d)
		}
	}
	s.Datasets = sets
	var links []Link
	for _, l := range s.Links {
		if l.Competence != "" && !slices.Contains(links, l) {
			links = append(links, l)
		}
	}
	s.Links = links
}

// Validate says all that is wrong, by form field. Faults: Invalid "situation.title_missing", "situation.too_long",
// "situation.bad_kind", "situation.bad_frequency", "situation.bad_standing", "situation.bad_day", "situation.too_many", "situation.too_many_datasets".
func (s Situation) Validate() (faults fault.List) {
	if s.Title == "" {
		faults.Add("title", "situation.title_missing")
	}
	for _, one := range []struct {
		field, text string
		most        int
	}{{"title", s.Title, TitleMost}, {"text", s.Text, TextMost}, {"service", s.Service, NameMost}, {"action", s.Action, TextMost}, {"owner", s.Owner, NameMost}} {
		if utf8.RuneCountInString(one.text) > one.most {
			faults.Add(one.field, "situation.too_long", one.most)
		}
	}
	if !slices.Contains(Kinds(), s.Kind) {
		faults.Add("kind", "situation.bad_kind")
	}
	if s.Frequency != "" && !slices.Contains(Frequencies(), s.Frequency) {
		faults.Add("frequency", "situation.bad_frequency")
	}
	if s.Due != "" {
		if _, err := time.Parse(time.DateOnly, s.Due); err != nil {
			faults.Add("due", "situation.bad_day", s.Due)
		}
	}
	if len(s.Links) > LinksMost || len(s.Origin.Cards) > CardsMost {
		faults.Add("links", "situation.too_many", LinksMost)
	}
	if len(s.Datasets) > setsMost {
		faults.Add("datasets", "situation.too_many_datasets", setsMost)
	}
	for _, l := range s.Links {
		if !slices.Contains(Standings(), l.Standing) {
			faults.Add("links", "situation.bad_standing")
		}
	}
	return faults
}

// Follow makes what hung on a competence hang on its successors, with the same standing. Without successor the link goes: nothing
// stands for that competence any more. It reports whether anything changed.
func (s *Situation) Follow(old competency.ItemID, successors []competency.ItemID) (changed bool) {
	var links []Link
	for _, l := range s.Links {
		if l.Competence != old {
			links = append(links, l)
			continue
		}
		changed = true
		for _, to := range successors {
			links = append(links, Link{to, l.Standing})
		}
	}
	if changed {
		s.Links = links
		s.Tidy()
	}
	return changed
}

// Absorb takes in what another record has: its cards, its links, and its texts where this one has none.
func (s *Situation) Absorb(o Situation) {
	if s.Action == "" { // what was decided, by whom and when belong together
		s.Action, s.Owner, s.Due, s.Done = o.Action, cmp.Or(s.Owner, o.Owner), cmp.Or(s.Due, o.Due), o.Done
	}
	if s.Place() == "" {
		s.Unit, s.Service = o.Unit, o.Service
	}
	s.Text, s.Frequency = cmp.Or(s.Text, o.Text), cmp.Or(s.Frequency, o.Frequency)
	s.Datasets = append(slices.Clone(s.Datasets), o.Datasets...)
	s.Links = append(slices.Clone(s.Links), o.Links...)
	cards := o.Origin.Cards
	if len(cards) == 0 {
		cards = []Card{{Text: o.Title}}
	}
	if len(s.Origin.Cards) == 0 {
		s.Origin.Cards = []Card{{Text: s.Title}}
	}
	if s.Origin.Session == "" {
		mine := s.Origin.Cards
		s.Origin, cards = o.Origin, append(mine, cards...)
		s.Origin.Cards = nil
	}
	s.Origin.Cards = append(slices.Clone(s.Origin.Cards), cards...)
	s.Tidy()
}

// A Filter narrows a list; empty fields narrow nothing.
type Filter struct {
	Words, Theme, Session string
	Service               string // a [Situation.Place]
	Dataset               string // identifier of one it is about
	Kind                  Kind
	Retired               bool              // those retired instead of those in force
	Names                 map[string]string // of services and datasets by identifier: words find them too
}

// Keep lists those the filter lets through, in their order. Words are looked for in all texts, by fold's spelling.
func (f Filter) Keep(all []Situation, fold func(string) string) (out []Situation) {
	words := strings.Fields(fold(f.Words))
	for _, s := range all {
		if s.Retired != f.Retired || f.Kind != "" && s.Kind != f.Kind || f.Service != "" && s.Place() != f.Service || f.Dataset != "" && !slices.Contains(s.Datasets, f.Dataset) || f.Theme != "" && s.Origin.Theme != f.Theme || f.Session != "" && s.Origin.Session != f.Session {
			continue
		}
		said := []string{s.Title, s.Text, s.Service, s.Origin.Theme, s.Owner, s.Action, f.Names[s.Unit]}
		for _, d := range s.Datasets {
			said = append(said, f.Names[d])
		}
		text := fold(strings.Join(said, " "))
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			out = append(out, s)
		}
	}
	return out
}
