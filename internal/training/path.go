package training

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/fault"
)

// A PathID names a path in an organisation: a word for those that ship, a UUID for the others.
type PathID string

// The kinds of step.
const (
	MissionStep  = "mission"  // Ref is a mission
	ResourceStep = "resource" // Ref is a resource
	EventStep    = "event"    // Ref is a workshop session, or a word of the path's own for a meeting that is none
)

// The conditions a step may wait for.
const (
	AfterPrevious = "previous" // the step before is done
	AtLevel       = "level"    // Level of Code is reached
)

// A Step is one thing to do on a path.
type Step struct {
	Kind  string `json:"kind"`
	Ref   string `json:"ref"`
	Title Words  `json:"title,omitzero"` // of an event; the others have their own
	Note  Words  `json:"note,omitzero"`  // why it comes here
	When  string `json:"when,omitempty"` // "", [AfterPrevious] or [AtLevel]
	Code  string `json:"code,omitempty"` // competence, for [AtLevel]
	Level int    `json:"level,omitempty"`
}

// Key tells the steps of a path apart.
func (s Step) Key() string { return s.Kind + ":" + s.Ref }

// A Path is missions, resources and events in order.
type Path struct {
	ID           PathID    `json:"id"`
	Organisation string    `json:"-"`
	Title        Words     `json:"title"`
	Summary      Words     `json:"summary"` // for whom, and what one can do at the end
	Steps        []Step    `json:"steps"`
	Retired      bool      `json:"retired,omitempty"`
	Revision     int       `json:"revision"` // from 1; 0 is as shipped
	Created      time.Time `json:"created,omitzero"`
}

// What a path may hold at most, in steps and characters.
const (
	StepsMost = 40
	NoteMost  = 300
)

// LoadPaths reads the paths that ship: one *.json each, in the order of their names. Faults: those of decoding and of [Path.Validate].
func LoadPaths(files fs.FS) (list []Path, err error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var p Path
		d := json.NewDecoder(strings.NewReader(string(raw)))
		d.DisallowUnknownFields()
		if err := d.Decode(&p); err != nil {
			return nil, err
		}
		if err := p.Validate().Err(); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// Tidy trims the texts.
func (p *Path) Tidy() {
	for _, text := range []*string{&p.Title.FR, &p.Title.EN, &p.Summary.FR, &p.Summary.EN} {
		*text = strings.TrimSpace(*text)
	}
	p.Steps = slices.Clone(p.Steps)
	for i := range p.Steps {
		s := &p.Steps[i]
		for _, text := range []*string{&s.Title.FR, &s.Title.EN, &s.Note.FR, &s.Note.EN} {
			*text = strings.TrimSpace(*text)
		}
		if s.When != AtLevel {
			s.Code, s.Level = "", 0
		}
	}
}

// Validate says all that is wrong, by form field: "title", "summary", "steps", and "step-1" and so on for one step. Faults: Invalid
// "training.path_title_missing", "training.path_summary_missing", "training.too_long", "training.no_steps", "training.too_many_steps",
// "training.bad_step", "training.step_twice", "training.event_title_missing", "training.step_too_long", "training.bad_condition".
func (p Path) Validate() (faults fault.List) {
	if p.Title.In("fr") == "" {
		faults.Add("title", "training.path_title_missing")
	}
	if p.Summary.In("fr") == "" {
		faults.Add("summary", "training.path_summary_missing")
	}
	for _, one := range []struct {
		field, text string
		most        int
	}{{"title", p.Title.FR, TitleMost}, {"title_en", p.Title.EN, TitleMost}, {"summary", p.Summary.FR, SummaryMost}, {"summary_en", p.Summary.EN, SummaryMost}} {
		if utf8.RuneCountInString(one.text) > one.most {
			faults.Add(one.field, "training.too_long", one.most)
		}
	}
	switch {
	case len(p.Steps) == 0:
		faults.Add("step-1", "training.no_steps")
	case len(p.Steps) > StepsMost:
		faults.Add("step-1", "training.too_many_steps", StepsMost)
	}
	met := map[string]bool{}
	for i, s := range p.Steps {
		if key := s.wrong(i); key != "" {
			faults.Add(StepField(i), key)
		} else if met[s.Key()] {
			faults.Add(StepField(i), "training.step_twice")
		}
		met[s.Key()] = true
	}
	return faults
}

// StepField is the form field of the step at a place, from 0.
func StepField(i int) string { return "step-" + itoa(i+1) }

// wrong is what is wrong with the step at a place, "" for nothing.
func (s Step) wrong(i int) string {
	switch {
	case !slices.Contains([]string{MissionStep, ResourceStep, EventStep}, s.Kind) || s.Ref == "" || len(s.Ref) > NoteMost:
		return "training.bad_step"
	case s.Kind == EventStep && s.Title.In("fr") == "":
		return "training.event_title_missing"
	case utf8.RuneCountInString(s.Note.FR) > NoteMost || utf8.RuneCountInString(s.Note.EN) > NoteMost || utf8.RuneCountInString(s.Title.In("fr")) > TitleMost:
		return "training.step_too_long"
	case s.When == AtLevel && (!codeShape.MatchString(s.Code) || s.Level < 1 || s.Level > LevelMost), s.When == AfterPrevious && i == 0, !slices.Contains([]string{"", AfterPrevious, AtLevel}, s.When):
		return "training.bad_condition"
	}
	return ""
}

// A Walk is a person on a path. Said are the events they say they took part in, with when: of the other steps the house knows.
type Walk struct {
	Organisation string
	Path         PathID
	Person       string
	Since        time.Time
	Said         map[string]time.Time
}

// Facts are what is known of a person: the steps done, by [Step.Key], with when, and the levels reached, by code.
type Facts struct {
	Done   map[string]time.Time
	Levels map[string]int
}

// A Stage is a step and where the person is with it.
type Stage struct {
	Step
	Done   time.Time // zero while it is not
	Said   bool      // they say so themselves
	Locked bool      // its condition does not hold, and it is not done
}

// Stages holds a path against what is known of a person. A step done is never locked, whatever its condition.
func (p Path) Stages(f Facts, said map[string]time.Time) (out []Stage) {
	before := true
	for _, s := range p.Steps {
		st := Stage{Step: s, Done: f.Done[s.Key()]}
		if at, ok := said[s.Key()]; ok && s.Kind == EventStep {
			st.Done, st.Said = at, true
		}
		st.Locked = st.Done.IsZero() && (s.When == AfterPrevious && !before || s.When == AtLevel && f.Levels[s.Code] < s.Level)
		before = !st.Done.IsZero()
		out = append(out, st)
	}
	return out
}

// Next is the first stage that is neither done nor locked; -1 for none.
func Next(stages []Stage) int {
	return slices.IndexFunc(stages, func(s Stage) bool { return s.Done.IsZero() && !s.Locked })
}

// Count is how many stages are done, and when the last was.
func Count(stages []Stage) (done int, last time.Time) {
	for _, s := range stages {
		if !s.Done.IsZero() {
			done++
			if s.Done.After(last) {
				last = s.Done
			}
		}
	}
	return done, last
}
