package workshop

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/fault"
)

// A PhaseKind says what people do in a phase.
type PhaseKind string

// The kinds of phase. A template has them in any order, repeated if wanted.
const (
	Welcome     PhaseKind = "welcome"     // people arrive; the facilitator says why they are here
	Ask         PhaseKind = "profile"     // people tell their service and trade, if they agree; kept apart from everything else
	Write       PhaseKind = "write"       // everybody writes cards, alone
	Group       PhaseKind = "group"       // the cards of earlier phases are put into themes, together
	Connect     PhaseKind = "link"        // the cards of earlier phases are linked to competences, together
	Vote        PhaseKind = "vote"        // dots on the cards of earlier phases, blind until the phase ends
	Choose      PhaseKind = "choose"      // options are ticked, blind until the phase ends
	Discuss     PhaseKind = "discuss"     // people talk, the facilitator notes minutes
	Restitution PhaseKind = "restitution" // everything is read again, together
)

// PhaseKinds lists the kinds, in the order a meeting usually has them.
func PhaseKinds() []PhaseKind {
	return []PhaseKind{Welcome, Ask, Write, Group, Connect, Vote, Choose, Discuss, Restitution}
}

// Key is the kind's name in the catalogue.
func (k PhaseKind) Key() string { return "workshop.kind_" + string(k) }

// A Phase is one step of a session.
type Phase struct {
	Name    string    `json:"name"` // unique in the session: lower-case letters, digits and hyphens
	Kind    PhaseKind `json:"kind"`
	Title   string    `json:"title"`
	Prompt  string    `json:"prompt,omitempty"`
	Minutes int       `json:"minutes,omitempty"` // what the facilitator is offered for the timer; 0 is none
	Themes  []string  `json:"themes,omitempty"`  // of a Write phase: offered from the start
	Private bool      `json:"private,omitempty"` // of a Write phase: only their author sees cards before they are revealed
	About   []string  `json:"about,omitempty"`   // of Group, Connect and Vote: the Write phases whose cards are looked at
	Budget  int       `json:"budget,omitempty"`  // of Vote: dots each; of Choose: options each
	Options []string  `json:"options,omitempty"` // of Choose; of Ask: services that are suggested
	Axes    []string  `json:"axes,omitempty"`    // of Vote: none, or the names of two: dots are given on each
	Tables  int       `json:"tables,omitempty"`  // people at each table, about, when the phase is done by tables; 0 is all together
	Ties    string    `json:"ties,omitempty"`    // of Vote: how cards with as many dots are ranked; see [ShareRank]
}

// A Template is a plan that a facilitator starts from.
type Template struct {
	Name      string  `json:"name"`
	Lang      string  `json:"lang,omitempty"` // of its words: "en"; "" is French
	Title     string  `json:"title"`
	Summary   string  `json:"summary"`
	Order     int     `json:"order,omitempty"` // place among the templates offered
	Anonymous bool    `json:"anonymous"`       // nobody, not even the store, knows who wrote a card
	Phases    []Phase `json:"phases"`
}

// Length is how long the phases take together by their plan.
func (t Template) Length() time.Duration {
	sum := 0
	for _, p := range t.Phases {
		sum += p.Minutes
	}
	return time.Duration(sum) * time.Minute
}

// phase finds a phase by name; -1 when there is none.
func (t Template) phase(name string) int {
	return slices.IndexFunc(t.Phases, func(p Phase) bool { return p.Name == name })
}

// What a template may hold.
const (
	phasesMost  = 40
	titleMost   = 120  // characters of a title, a theme, an option
	promptMost  = 1000 // characters
	listMost    = 40   // themes or options of one phase
	budgetMost  = 50
	minutesMost = 480
)

// ParseTemplate reads a template and checks it. Faults: Invalid "workshop.bad_template" with what is wrong, for the
// engineer or the author of the file.
func ParseTemplate(b []byte) (t Template, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&t); err != nil {
		return t, fault.New(fault.Invalid, "workshop.bad_template", err.Error())
	}
	return t, t.check()
}

func (t Template) check() error {
	bad := func(format string, args ...any) error {
		return fault.New(fault.Invalid, "workshop.bad_template", fmt.Sprintf(format, args...))
	}
	if t.Name == "" || t.Title == "" || utf8.RuneCountInString(t.Title) > titleMost {
		return bad("name or title")
	}
	if len(t.Phases) == 0 || len(t.Phases) > phasesMost {
		return bad("%d phases", len(t.Phases))
	}
	seen := map[string]PhaseKind{}
	for _, p := range t.Phases {
		if why := p.wrong(seen); why != "" {
			return bad("phase %q: %s", p.Name, why)
		}
		seen[p.Name] = p.Kind
	}
	return nil
}

// wrong says what is wrong with a phase that follows those seen, "" when nothing is.
func (p Phase) wrong(seen map[string]PhaseKind) string {
	switch {
	case p.Name == "" || strings.Trim(p.Name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || seen[p.Name] != "":
		return "name"
	case !slices.Contains(PhaseKinds(), p.Kind):
		return "kind"
	case p.Title == "" || utf8.RuneCountInString(p.Title) > titleMost:
		return "title"
	case utf8.RuneCountInString(p.Prompt) > promptMost:
		return "prompt"
	case p.Minutes < 0 || p.Minutes > minutesMost:
		return "minutes"
	case p.Kind != Write && (len(p.Themes) > 0 || p.Private):
		return "themes and private belong to a write phase"
	case len(p.Themes) > listMost || !short(p.Themes) || len(p.Options) > listMost || !short(p.Options):
		return "themes or options"
	case (p.Kind == Group || p.Kind == Connect || p.Kind == Vote) != (len(p.About) > 0):
		return "about belongs to group, link and vote phases"
	case (p.Kind == Vote || p.Kind == Choose) != (p.Budget > 0) || p.Budget > budgetMost:
		return "budget belongs to vote and choose phases"
	case p.Kind == Choose && len(p.Options) == 0 || p.Kind != Choose && p.Kind != Ask && len(p.Options) > 0:
		return "options belong to a choose phase"
	case len(p.Axes) != 0 && (p.Kind != Vote || len(p.Axes) != axesOfAVote || !short(p.Axes)):
		return "axes: two, of a vote phase"
	case p.Tables != 0 && (!p.Kind.ByTables() || p.Tables < tableSmall || p.Tables > tableLarge):
		return "tables: people at each, of a phase done by tables"
	case p.Ties != ShareRank && (p.Kind != Vote || p.Ties != MorePeople):
		return "ties: none or people, of a vote phase"
	}
	for _, name := range p.About {
		if seen[name] != Write {
			return "about names no write phase before it"
		}
	}
	return ""
}

// short reports whether the names are non-empty, not too long and unlike each other.
func short(names []string) bool {
	for i, n := range names {
		if n == "" || n != strings.TrimSpace(n) || utf8.RuneCountInString(n) > titleMost || slices.Contains(names[:i], n) {
			return false
		}
	}
	return true
}

// In reports whether the template's words are of a language.
func (t Template) In(lang string) bool { return cmp.Or(t.Lang, "fr") == lang }

// LoadTemplates reads every *.json at the top of files and one folder below, sorted by their order, then by file name. Faults: those of [ParseTemplate]; Invalid
// "workshop.bad_template" for a name used twice.
func LoadTemplates(files fs.FS) (all []Template, err error) {
	defer fault.Wrap(&err, "workshop.LoadTemplates")
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	below, err := fs.Glob(files, "*/*.json")
	if err != nil {
		return nil, err
	}
	names = append(names, below...)
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		t, err := ParseTemplate(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(name), err)
		}
		if slices.ContainsFunc(all, func(o Template) bool { return o.Name == t.Name }) {
			return nil, fault.New(fault.Invalid, "workshop.bad_template", "name "+t.Name+" twice")
		}
		all = append(all, t)
	}
	slices.SortStableFunc(all, func(a, b Template) int { return cmp.Compare(a.Order, b.Order) })
	return all, nil
}
