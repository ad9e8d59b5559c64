package mission

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/id"
)

// A Practice says how a mission is done on a dataset of one's own: what it needs to fit, and checks that need no planted truth.
type Practice struct {
	Needs       []Need       `json:"needs,omitempty"`
	Checks      []Check      `json:"checks"`      // kinds of [PracticeCheckKinds]
	Competences []Competence `json:"competences"` // what doing it proves: the checks see less than those of the variant
}

// A Need is a column a dataset must have: of one of the types or meanings, or whose name holds one of the words. Say names it for people.
type Need struct {
	Types    []string `json:"types,omitempty"`    // of dataset.Type: "date"
	Meanings []string `json:"meanings,omitempty"` // of dataset.Semantic: "siret"
	Words    []string `json:"words,omitempty"`    // in the column's name, without case and accents: "montant"
	Say      Words    `json:"say"`
}

// A NamedNeed is one that an author may choose.
type NamedNeed struct {
	Name string `json:"name"`
	Need
}

// ReadNeeds reads a list of needs.
func ReadNeeds(raw []byte) (list []NamedNeed, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err = d.Decode(&list); err != nil {
		err = fmt.Errorf("mission.ReadNeeds: %w", err)
	}
	return list, err
}

// A HeldColumn is a column of a dataset as the house knows it.
type HeldColumn struct {
	Name, Type, Meaning string
	Description         string
	Described           bool // somebody wrote what it is
	Key                 bool // every value is there, and none twice; known once it is looked at
}

// A Holding is a dataset somebody may work on.
type Holding struct {
	ID, Title string
	Version   int
	Hash      string // of the version
	By        string // person who made the current version
	ByName    string
	Rows      int64
	Columns   []HeldColumn
	Problems  int  // anomalies left
	Exercise  bool // a mission's own data: no work of its own
	Score     int  // criteria of the record met, of the nine
}

// PracticeRowsLeast is how many rows a dataset must have: a table made up for the occasion proves nothing.
const PracticeRowsLeast = 20

// Fits reports whether a dataset has what a mission needs: real data, enough rows, and a column for each need.
func (o Practice) Fits(h Holding) bool {
	return !h.Exercise && h.Rows >= PracticeRowsLeast && !slices.ContainsFunc(o.Needs, func(n Need) bool { return !slices.ContainsFunc(h.Columns, n.met) })
}

func (n Need) met(c HeldColumn) bool {
	name := french.Fold(c.Name)
	return slices.Contains(n.Types, c.Type) || slices.Contains(n.Meanings, c.Meaning) ||
		slices.ContainsFunc(n.Words, func(w string) bool { return strings.Contains(name, w) })
}

// Holdings finds what may be worked on.
type Holdings interface {
	// Held lists the datasets by may change, as they are known without looking inside.
	Held(ctx context.Context, by actor.Actor) ([]Holding, error)
	// Hold looks at one: its keys, its score, and its table when asked. Faults: those of the room that keeps it.
	Hold(ctx context.Context, by actor.Actor, id string, table bool) (Holding, *Table, error)
}

// practiceJudges are the checks of a dataset, by kind.
var practiceJudges = map[string]func(Holding, Check) Result{
	"clean": func(h Holding, _ Check) Result {
		return Result{Passed: h.Problems == 0, Args: []any{h.Problems}}
	},
	"described": func(h Holding, check Check) Result {
		var bare []string
		for _, c := range h.Columns {
			if !c.says(check.Length) {
				bare = append(bare, c.Name)
			}
		}
		return Result{Passed: len(bare) == 0 && len(h.Columns) > 0, Args: []any{len(bare), strings.Join(bare[:min(len(bare), MostLeads)], ", ")}}
	},
	"key": func(h Holding, _ Check) Result {
		return Result{Passed: slices.ContainsFunc(h.Columns, func(c HeldColumn) bool { return c.Key })}
	},
	"record": func(h Holding, check Check) Result {
		return Result{Passed: h.Score >= check.Points, Args: []any{check.Points, h.Score}}
	},
}

// PracticeCheckKinds lists the checks of a dataset: "clean" (no anomaly is left), "described" (each column says what it is, in at least Length characters), "key" (a column tells rows apart),
// "record" (the record meets at least Points of the nine criteria), "schema" (no error), "identifiers" (none is left).
func PracticeCheckKinds() []string {
	return []string{"clean", "described", "identifiers", "key", "record", "schema"}
}

// WrittenPracticeKinds lists those an author may compose: of the others, no dataset known to be good can be made here.
func WrittenPracticeKinds() []string { return []string{"clean", "described", "key", "record"} }

// provePractice tries each check an author may compose on a dataset kept well, and on one barely kept: it returns what is wrong with them.
func (m Mission) provePractice() (problems []error) {
	if m.Practice == nil {
		return nil
	}
	table := Table{Columns: []string{"code", "nom"}, Rows: [][]string{{"1", "a"}}}
	good, bad := *wellKept(table), *barelyKept(table)
	good.Columns[0].Key, bad.Problems = true, 1
	for _, check := range m.Practice.Checks {
		judge, ok := practiceJudges[check.Kind]
		switch {
		case !ok: // it reads the table itself
		case !judge(good, check).Passed:
			problems = append(problems, Doubt{Key: "mission.doubt_good", Args: []any{check.Kind}})
		case judge(bad, check).Passed:
			problems = append(problems, Doubt{Key: "mission.doubt_check", Args: []any{check.Kind, ""}})
		}
	}
	return problems
}

// looks reports whether a check reads the table itself.
func (c Check) looks() bool { return c.Kind == "schema" || c.Kind == "identifiers" }

// JudgePractice checks a dataset as person left it: what they did not make the current version of is not their work. Other errors are the mission's own.
func (m Mission) JudgePractice(h Holding, t *Table, person string, b Bench) (Verdict, error) {
	verdict := Verdict{Passed: true}
	for _, check := range append(slices.Clone(m.Practice.Checks), Check{Kind: "yours"}) {
		var r Result
		var err error
		switch judge, ok := practiceJudges[check.Kind]; {
		case check.Kind == "yours":
			r = Result{Passed: h.By == person, Args: []any{h.ByName}}
		case ok:
			r = judge(h, check)
		case check.looks() && t != nil:
			r, err = judges[check.Kind](&answered{Mission: m, answer: Answer{Table: t}, bench: b}, check)
		default:
			err = fmt.Errorf("no check %q of a dataset", check.Kind)
		}
		if err != nil {
			return Verdict{}, fmt.Errorf("mission %s: %w", m.ID, err)
		}
		r.Kind, r.Key = check.Kind, "mission.failed_"+check.Kind
		if r.Passed {
			r.Key = "mission.passed_" + check.Kind
		} else {
			r.Hint, verdict.Passed = check.Hint, false
		}
		r.cut()
		verdict.Results = append(verdict.Results, r)
	}
	return verdict, nil
}

// practicable says whether a mission may be done on one's own data here: a mission that came from elsewhere may ask for checks this house does not have.
func (s *Service) practicable(m Mission) bool {
	return m.Practice != nil && s.Holdings != nil && !slices.ContainsFunc(m.Practice.Checks, func(c Check) bool {
		if c.Kind == "schema" {
			_, err := s.Bench.Schema(c.Schema)
			return err != nil
		}
		return !slices.Contains(PracticeCheckKinds(), c.Kind)
	})
}

// Fitting lists the datasets by may do a mission on. Faults: SignIn "mission.sign_in", NotFound "mission.not_found".
func (s *Service) Fitting(ctx context.Context, by actor.Actor, mission ID) (out []Holding, err error) {
	defer fault.Wrap(&err, "mission.Fitting(%s)", mission)
	if !by.Known() {
		return nil, fault.New(fault.SignIn, "mission.sign_in")
	}
	m, err := s.Find(ctx, by, mission)
	if err != nil || !s.practicable(m) {
		return nil, err
	}
	held, err := s.Holdings.Held(ctx, by)
	for _, h := range held {
		if m.Practice.Fits(h) {
			out = append(out, h)
		}
	}
	return out, err
}

// Work judges a dataset of by's and keeps the try. Faults: SignIn "mission.sign_in"; NotFound "mission.not_found", also for a mission that is not done so;
// Conflict "mission.does_not_fit"; those of [Holdings].
func (s *Service) Work(ctx context.Context, by actor.Actor, mission ID, dataset string) (_ Try, err error) {
	defer fault.Wrap(&err, "mission.Work(%s)", mission)
	if !by.Known() {
		return Try{}, fault.New(fault.SignIn, "mission.sign_in")
	}
	m, err := s.Find(ctx, by, mission)
	if err != nil {
		return Try{}, err
	}
	if !s.practicable(m) {
		return Try{}, fault.New(fault.NotFound, "mission.not_found")
	}
	h, table, err := s.Holdings.Hold(ctx, by, dataset, slices.ContainsFunc(m.Practice.Checks, Check.looks))
	if err != nil {
		return Try{}, err
	}
	if !m.Practice.Fits(h) {
		return Try{}, fault.New(fault.Conflict, "mission.does_not_fit")
	}
	verdict, err := m.JudgePractice(h, table, by.ID, s.Bench)
	if err != nil {
		return Try{}, err
	}
	t := Try{ID: id.New(s.Now()), Mission: mission, Version: m.Version, At: s.Now(), Verdict: verdict, Hash: h.Hash, Given: Answer{Dataset: h.ID, Edition: h.Version, Title: h.Title}}
	return t, s.Works.Add(ctx, by, t)
}
