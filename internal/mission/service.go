package mission

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
	"cultured/internal/tabular"
)

// A Work is one person at one mission with one variant.
type Work struct {
	Person  string
	Mission ID
	Seed    uint64
	Since   time.Time
}

// A Try is one answer with its verdict. It never changes: it is evidence.
type Try struct {
	ID      string
	Mission ID
	Version int // of the mission
	Seed    uint64
	At      time.Time
	Verdict Verdict
	Name    string  // of the file handed in; "" for another answer
	Hash    string  // SHA-256 of what was handed in, in hexadecimal
	Given   Answer  // what was answered, but for a table, which only its hash is kept of
	Check   string  // the file under examination by the dataset room, to be kept; "" for none
	Edition Mission // what the try is of, for who is told that it passed; it is not kept with it
}

// Number names the variant the try was of, as [Desk.Number] does.
func (t Try) Number() string { return strconv.FormatUint(t.Seed, 36) }

// Works keeps what people do. All of it is theirs alone: nothing here is shown to colleagues, nor written in the organisation's log.
type Works interface {
	// Begin keeps the variant a person starts with, or replaces it by another.
	Begin(ctx context.Context, by actor.Actor, w Work) error
	// Find returns a person's work. Faults: NotFound "mission.not_begun".
	Find(ctx context.Context, by actor.Actor, id ID) (Work, error)
	// Add keeps a try.
	Add(ctx context.Context, by actor.Actor, t Try) error
	// Tries lists those of a person, the newest first; of one mission, or of all when id is "".
	Tries(ctx context.Context, by actor.Actor, id ID) ([]Try, error)
	// Forget erases everything of a person.
	Forget(ctx context.Context, organisation, person string) error
}

// Shelves are places to look for a file, one after the other.
type Shelves []fs.FS

// Open implements [fs.FS]. Fault: that of the last place.
func (s Shelves) Open(name string) (f fs.File, err error) {
	err = fs.ErrNotExist
	for _, one := range s {
		if f, err = one.Open(name); err == nil {
			return f, nil
		}
	}
	return nil, err
}

// A Service is the room's front desk.
type Service struct {
	Needs    []NamedNeed // that an author may ask of a dataset
	Missions []Mission
	Sources  fs.FS // the files missions are made of
	Works    Works
	Owns     Owns // the missions of the organisation itself
	Bench    Bench
	Holdings Holdings // nil where no dataset may be worked on
	Cookbook Cookbook // nil where no steps are made
	Forms    Forms    // nil where no forms are built
	Now      func() time.Time

	sources sync.Map // Table by file name
}

// A Standing is a mission and where the person stands with it.
type Standing struct {
	Mission
	Tried  int
	Passed *Try // the first that passed; nil for none
}

// A Filter narrows the missions. Zero fields take all.
type Filter struct {
	Minutes    int      // at most
	Family     string   // "D4"
	Competence string   // "D4.1"
	Codes      []string // of competences, one of which at least; nil takes all
}

func (f Filter) takes(m Mission) bool {
	return (f.Minutes == 0 || m.Minutes <= f.Minutes) &&
		(f.Codes == nil || m.about(f.Codes) > 0) &&
		(f.Competence == "" || slices.ContainsFunc(m.Competences, func(c Competence) bool { return c.Code == f.Competence })) &&
		(f.Family == "" || slices.ContainsFunc(m.Competences, func(c Competence) bool { return c.Family() == f.Family }))
}

// about is how many of the competences of some codes a mission proves.
func (m Mission) about(codes []string) (n int) {
	for _, c := range m.Competences {
		if slices.Contains(codes, c.Code) {
			n++
		}
	}
	return n
}

// Family is the code of the competence's family: "D4" of "D4.1".
func (c Competence) Family() string {
	family, _, _ := strings.Cut(c.Code, ".")
	return family
}

// List returns the missions for a person, the not yet passed first; of some codes, those that prove most of them. Faults: SignIn "mission.sign_in".
func (s *Service) List(ctx context.Context, by actor.Actor, f Filter) ([]Standing, error) {
	if !by.Known() {
		return nil, fault.New(fault.SignIn, "mission.sign_in")
	}
	tries, err := s.Works.Tries(ctx, by, "")
	if err != nil {
		return nil, err
	}
	all, err := s.all(ctx, by)
	if err != nil {
		return nil, err
	}
	var list []Standing
	for _, m := range all {
		if f.takes(m) {
			list = append(list, standing(m, tries))
		}
	}
	slices.SortStableFunc(list, func(a, b Standing) int {
		return cmp.Or(passed(a)-passed(b), b.about(f.Codes)-a.about(f.Codes))
	})
	return list, nil
}

func passed(s Standing) int {
	if s.Passed != nil {
		return 1
	}
	return 0
}

func standing(m Mission, tries []Try) Standing {
	st := Standing{Mission: m}
	for _, t := range tries { // the newest first
		if t.Mission != m.ID {
			continue
		}
		st.Tried++
		if t.Verdict.Passed {
			st.Passed = &t
		}
	}
	return st
}

// all lists what ships and what the organisation published itself.
func (s *Service) all(ctx context.Context, by actor.Actor) ([]Mission, error) {
	owns, err := s.Owns.Owns(ctx, by.Organisation)
	list := slices.Clone(s.Missions)
	for _, o := range owns {
		if m := o.Published(); m != nil {
			list = append(list, *m)
		}
	}
	return list, err
}

// Find returns a mission that ships, or one the actor's organisation published. Faults: NotFound "mission.not_found".
func (s *Service) Find(ctx context.Context, by actor.Actor, id ID) (Mission, error) {
	if i := slices.IndexFunc(s.Missions, func(m Mission) bool { return m.ID == id }); i >= 0 {
		return s.Missions[i], nil
	}
	o, err := s.Owns.Own(ctx, by.Organisation, id)
	if err != nil {
		return Mission{}, err
	}
	m := o.Published()
	if m == nil {
		return Mission{}, fault.New(fault.NotFound, "mission.not_found")
	}
	return *m, nil
}

// A Desk is a person at a mission: what to work on and what was tried.
type Desk struct {
	Standing
	Variant
	Number string // names the variant: an answer says which one it is of
	Tries  []Try  // the newest first
}

// Open gives the person's variant of a mission, a new one the first time. Faults: SignIn "mission.sign_in", NotFound "mission.not_found".
func (s *Service) Open(ctx context.Context, by actor.Actor, id ID) (_ Desk, err error) {
	defer fault.Wrap(&err, "mission.Open(%s)", id)
	if !by.Known() {
		return Desk{}, fault.New(fault.SignIn, "mission.sign_in")
	}
	m, err := s.Find(ctx, by, id)
	if err != nil {
		return Desk{}, err
	}
	w, err := s.Works.Find(ctx, by, id)
	if fault.Is(err, "mission.not_begun") {
		w = Work{Person: by.ID, Mission: id, Seed: first(by, id), Since: s.Now()}
		err = s.Works.Begin(ctx, by, w)
	}
	if err != nil {
		return Desk{}, err
	}
	tries, err := s.Works.Tries(ctx, by, id)
	if err != nil {
		return Desk{}, err
	}
	v, err := s.variant(ctx, by, m, w.Seed)
	return Desk{Standing: standing(m, tries), Variant: v, Number: strconv.FormatUint(w.Seed, 36), Tries: tries}, err
}

// first is a person's first variant: the same in every window opened at once.
func first(by actor.Actor, id ID) uint64 {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s %s", by.ID, id)
	return h.Sum64() >> 1 // both databases hold it in a signed number
}

func (s *Service) variant(ctx context.Context, by actor.Actor, m Mission, seed uint64) (Variant, error) {
	var source Table
	var err error
	switch {
	case strings.HasPrefix(m.Source.File, sheetPrefix):
		source, err = s.sheet(ctx, by.Organisation, m.Source.File)
	case m.Source.File != "":
		source, err = s.source(m.Source.File)
	}
	if err != nil {
		return Variant{}, err
	}
	return m.Draw(source, seed)
}

// source reads a file of the missions, once.
func (s *Service) source(file string) (Table, error) {
	if t, ok := s.sources.Load(file); ok {
		return t.(Table), nil
	}
	raw, err := fs.ReadFile(s.Sources, file)
	if err != nil {
		return Table{}, err
	}
	in, err := tabular.Open(bytes.NewReader(raw), int64(len(raw)), file, tabular.Options{})
	if err != nil {
		return Table{}, err
	}
	t, err := Read(in)
	if err := in.Close(); err != nil {
		return Table{}, err
	}
	if err == nil {
		s.sources.Store(file, t)
	}
	return t, err
}

// Renew draws another variant of a mission for the person. Faults: those of [Service.Open].
func (s *Service) Renew(ctx context.Context, by actor.Actor, mission ID) (err error) {
	defer fault.Wrap(&err, "mission.Renew(%s)", mission)
	d, err := s.Open(ctx, by, mission)
	if err != nil {
		return err
	}
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s %s", d.Number, id.New(s.Now()))
	return s.Works.Begin(ctx, by, Work{Person: by.ID, Mission: mission, Seed: h.Sum64() >> 1, Since: s.Now()})
}

// A Handed is an answer as it was sent: Variant names the variant it is of; Name and Raw are those of a file.
type Handed struct {
	Answer
	Variant string
	Name    string
	Raw     []byte
	Hash    string // of what was handed in, in hexadecimal, when it is known already
}

// Answer judges what a person hands in and keeps the try. keep is called with a file that passes, and gives what becomes of it; it may be nil.
// Faults: those of [Service.Open] and [Mission.Judge]; Conflict "mission.other_variant" when the variant was drawn anew meanwhile.
func (s *Service) Answer(ctx context.Context, by actor.Actor, mission ID, h Handed, keep func() (string, error)) (_ Try, err error) {
	defer fault.Wrap(&err, "mission.Answer(%s)", mission)
	d, err := s.Open(ctx, by, mission)
	if err != nil {
		return Try{}, err
	}
	if h.Variant != d.Number {
		return Try{}, fault.New(fault.Conflict, "mission.other_variant")
	}
	verdict, err := d.Judge(d.Variant, h.Answer, s.Bench)
	if err != nil {
		return Try{}, err
	}
	hash, err := h.hash()
	if err != nil {
		return Try{}, err
	}
	seed, _ := strconv.ParseUint(d.Number, 36, 64) // written by Open
	t := Try{ID: id.New(s.Now()), Mission: mission, Version: d.Version, Seed: seed, At: s.Now(), Verdict: verdict, Name: h.Name, Given: h.Answer, Edition: d.Mission, Hash: hash}
	t.Given.Table = nil
	if verdict.Passed && keep != nil {
		if t.Check, err = keep(); err != nil {
			return Try{}, err
		}
	}
	return t, s.Works.Add(ctx, by, t)
}

// hash is the SHA-256 of what was handed in.
func (h Handed) hash() (string, error) {
	if h.Hash != "" {
		return h.Hash, nil
	}
	raw := h.Raw
	if raw == nil {
		var err error
		if raw, err = json.Marshal(h.Answer); err != nil {
			return "", err
		}
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}
