package mission

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
	"cultured/internal/recipe"
	"cultured/internal/tabular"
)

// An Own is a mission of the organisation itself. It proves itself before anybody meets it: only what Published holds is worked at.
type Own struct {
	ID           ID        `json:"id"`
	Organisation string    `json:"-"`
	Author       string    `json:"author"`             // a person's identifier
	From         string    `json:"from,omitempty"`     // the organisation it came from, as its pack says
	Mission      Mission   `json:"mission"`            // as it is written now
	Editions     []Mission `json:"editions,omitempty"` // those published, the oldest first: tries are of one of them
	Withdrawn    bool      `json:"withdrawn,omitempty"`
	Asked        bool      `json:"asked,omitempty"` // its author asks for it to be published
	Revision     int       `json:"revision"`
	Changed      time.Time `json:"changed"`
}

// Published is the edition people work at; nil when there is none, or it is withdrawn.
func (o Own) Published() *Mission {
	if o.Withdrawn || len(o.Editions) == 0 {
		return nil
	}
	return &o.Editions[len(o.Editions)-1]
}

// Owns keeps an organisation's own missions and the tables they are made of. Every method checks the organisation.
type Owns interface {
	// Owns lists them, the newest first.
	Owns(ctx context.Context, organisation string) ([]Own, error)
	// Own returns one. Fault: NotFound "mission.not_found".
	Own(ctx context.Context, organisation string, id ID) (Own, error)
	// AddOwns keeps new ones and their tables (CSV by name), all or none.
	AddOwns(ctx context.Context, by actor.Actor, list []Own, sheets map[string]string) error
	// ChangeOwn changes one; fn may run more than once. Faults: those of fn; NotFound "mission.not_found".
	ChangeOwn(ctx context.Context, by actor.Actor, id ID, verb string, fn func(*Own) error) error
	// Sheet returns a table as CSV. Fault: NotFound "mission.not_found".
	Sheet(ctx context.Context, organisation, name string) (string, error)
}

// How many variants a mission is proved on: when it comes in, and when it is published.
const (
	seedsIn      = 3
	seedsPublish = 20
)

// May reports whether by may read and change the mission: its author, and whoever may publish it.
func (o Own) May(by actor.Actor) bool { return by.ID == o.Author || MayPublish(by) }

// MayPublish reports whether by may bring missions in and put them before colleagues: who runs workshops, and stewards.
func MayPublish(by actor.Actor) bool { return by.Is(actor.Facilitator) || by.Is(actor.Steward) }

func mayPublish(by actor.Actor) error {
	if !by.Known() {
		return fault.New(fault.SignIn, "mission.sign_in")
	}
	if !MayPublish(by) {
		return fault.New(fault.Denied, "mission.publishers_only")
	}
	return nil
}

// Mine lists the organisation's own missions that by may change, those not published too, the newest first. Fault: SignIn "mission.sign_in".
func (s *Service) Mine(ctx context.Context, by actor.Actor) (_ []Own, err error) {
	defer fault.Wrap(&err, "mission.Mine")
	if !by.Known() {
		return nil, fault.New(fault.SignIn, "mission.sign_in")
	}
	list, err := s.Owns.Owns(ctx, by.Organisation)
	return slices.DeleteFunc(list, func(o Own) bool { return !o.May(by) }), err
}

// Import brings in the missions of a pack, all or none: each must prove itself on a few variants. They are published by hand afterwards. Those the
// organisation has already, word for word, are passed over. Faults: those of [Service.Mine] and [ReadPack]; Denied "mission.publishers_only"; Invalid "mission.pack_doubt" on field "file".
func (s *Service) Import(ctx context.Context, by actor.Actor, raw []byte) (came, known int, err error) {
	defer fault.Wrap(&err, "mission.Import")
	if err := mayPublish(by); err != nil {
		return 0, 0, err
	}
	have, err := s.Mine(ctx, by)
	if err != nil {
		return 0, 0, err
	}
	pack, err := ReadPack(raw)
	if err != nil {
		return 0, 0, err
	}
	var list []Own
	sheets := map[string]string{}
	now := s.Now()
	for _, m := range pack.Missions {
		m.ID, m.Version = "", 0
		if slices.ContainsFunc(have, func(o Own) bool { return sameWork(o.Mission, m) }) {
			known++
			continue
		}
		m.ID = ID(strings.ToLower(id.New(now)))
		if doubts := s.proved(m, pack.Sheets[m.Source.File], seedsIn); len(doubts) > 0 {
			f := fault.Field("file", "mission.pack_doubt", clip(m.Title.FR, lineMost), firstDoubt(doubts))
			return 0, 0, f.Because(doubts[0])
		}
		list = append(list, Own{ID: m.ID, Organisation: by.Organisation, Author: by.ID, From: pack.Title, Mission: m, Revision: 1, Changed: now})
		if m.Source.File != "" {
			sheets[m.Source.File] = string(pack.Sheets[m.Source.File].CSV())
		}
	}
	return len(list), known, s.Owns.AddOwns(ctx, by, list, sheets)
}

// firstDoubt is what a person is told of doubts: one at a time.
func firstDoubt(doubts []error) error {
	if d, ok := doubts[0].(Doubt); ok {
		return fault.New(fault.Invalid, d.Key, d.Args...)
	}
	return doubts[0]
}

// sameWork reports whether two missions say the same, whatever they are called here.
func sameWork(a, b Mission) bool {
	a.ID, a.Version, b.ID, b.Version = "", 0, "", 0
	return plainWork(a) == plainWork(b)
}

// Publish puts a mission before colleagues as its next edition, once it has proved itself on twenty variants. What was published as it stands is only
// brought back. Faults: those of [Service.Mine]; Denied "mission.publishers_only"; NotFound "mission.not_found"; Invalid "mission.unproved"; those of [Mission.Check].
func (s *Service) Publish(ctx context.Context, by actor.Actor, of ID) (err error) {
	defer fault.Wrap(&err, "mission.Publish(%s)", of)
	if err := mayPublish(by); err != nil {
		return err
	}
	o, err := s.Owns.Own(ctx, by.Organisation, of)
	if err != nil {
		return err
	}
	m := o.Mission
	m.ID, m.Version = o.ID, len(o.Editions)+1
	if err := m.Check(); err != nil {
		return err
	}
	source, err := s.sheet(ctx, by.Organisation, m.Source.File)
	if err != nil {
		return err
	}
	if o.From == "" { // written here: its bad answers are looked for
		m.Bad = s.suggested(m, source, seedsPublish)
	}
	if doubts := s.proved(m, source, seedsPublish); len(doubts) > 0 {
		return fault.New(fault.Invalid, "mission.unproved", clip(m.Title.FR, lineMost), firstDoubt(doubts)).Because(doubts[0])
	}
	return s.Owns.ChangeOwn(ctx, by, of, "mission.log_published", func(now *Own) error {
		if now.Revision != o.Revision {
			return fault.New(fault.Conflict, "mission.moved")
		}
		if n := len(now.Editions); n == 0 || !sameWork(now.Editions[n-1], now.Mission) {
			now.Editions = append(slices.Clone(now.Editions), m)
		}
		now.Withdrawn, now.Asked, now.Changed = false, false, s.Now()
		return nil
	})
}

// Withdraw takes a mission from colleagues; what they showed with it stays. Faults: those of [Service.Mine]; Denied "mission.publishers_only"; NotFound "mission.not_found".
func (s *Service) Withdraw(ctx context.Context, by actor.Actor, of ID) (err error) {
	defer fault.Wrap(&err, "mission.Withdraw(%s)", of)
	if err := mayPublish(by); err != nil {
		return err
	}
	return s.Owns.ChangeOwn(ctx, by, of, "mission.log_withdrawn", func(o *Own) error {
		o.Withdrawn, o.Changed = true, s.Now()
		return nil
	})
}

// Ask has who may publish told that the author of a mission would have it published; asked is false to take that back. Faults: those of [Service.Draft].
func (s *Service) Ask(ctx context.Context, by actor.Actor, of ID, asked bool) (err error) {
	defer fault.Wrap(&err, "mission.Ask(%s)", of)
	if _, err := s.Draft(ctx, by, of); err != nil {
		return err
	}
	return s.Owns.ChangeOwn(ctx, by, of, "mission.log_asked", func(o *Own) error {
		o.Asked = asked
		return nil
	})
}

// Export makes a pack of one of the organisation's own missions, or of all of them when of is "". Faults: those of [Service.Mine]; NotFound
// "mission.not_found" also when there is none.
func (s *Service) Export(ctx context.Context, by actor.Actor, of ID, title string) (p Pack, err error) {
	defer fault.Wrap(&err, "mission.Export(%s)", of)
	list, err := s.Mine(ctx, by)
	if err != nil {
		return p, err
	}
	p = Pack{Title: title, Made: s.Now(), Sheets: map[string]Table{}}
	for _, o := range list {
		if of != "" && o.ID != of {
			continue
		}
		m := o.Mission
		if p.Sheets[m.Source.File], err = s.sheet(ctx, by.Organisation, m.Source.File); err != nil {
			return p, err
		}
		if o.From == "" { // written here: whoever takes it proves it again, and needs its bad answers
			m.Bad = s.suggested(m, p.Sheets[m.Source.File], seedsPublish)
		}
		p.Missions = append(p.Missions, m)
	}
	if len(p.Missions) == 0 {
		return p, fault.New(fault.NotFound, "mission.not_found")
	}
	return p, nil
}

// sheet reads the table of one of the organisation's own missions, once; the empty table when there is none.
func (s *Service) sheet(ctx context.Context, organisation, name string) (Table, error) {
	if name == "" {
		return Table{}, nil
	}
	if t, ok := s.sources.Load(organisation + "/" + name); ok {
		return t.(Table), nil
	}
	text, err := s.Owns.Sheet(ctx, organisation, name)
	if err != nil {
		return Table{}, err
	}
	in, err := tabular.Open(bytes.NewReader([]byte(text)), int64(len(text)), name, tabular.Options{Separator: ";", HeaderRow: 1})
	if err != nil {
		return Table{}, err
	}
	t, err := Read(in)
	if err := in.Close(); err != nil {
		return Table{}, err
	}
	if err == nil {
		s.sources.Store(organisation+"/"+name, t)
	}
	return t, err
}

// plainWork is a mission as JSON, in which nil and empty are one.
func plainWork(m Mission) string {
	raw, err := json.Marshal(m)
	if err != nil {
		return fmt.Sprintf("%#v", m)
	}
	return string(raw)
}

// mostProof bounds what proving a mission takes: rows by answers by checks, for one variant.
const mostProof = 1_000_000

// proved is [Mission.Prove] of a mission somebody sent or wrote, of which nothing is certain: too much of it is refused, and what it breaks is a doubt.
func (s *Service) proved(m Mission, source Table, seeds int) (doubts []error) {
	rows := len(source.Rows)
	if m.Rows > 0 {
		rows = min(rows, m.Rows)
	}
	if m.Answer == AnswerRecipe {
		rows *= Unseen + 1
		if slices.ContainsFunc(m.Recipe, func(s recipe.Step) bool { return s.Kind() == "sql" }) { // a process each, hundreds of times
			return []error{Doubt{Key: "mission.doubt_sql"}}
		}
	}
	if max(1, rows)*(len(m.Bad)+3)*max(1, len(m.Checks)) > mostProof {
		return []error{Doubt{Key: "mission.doubt_heavy"}}
	}
	if key := m.unwritten(); key != "" {
		return []error{Doubt{Key: key}}
	}
	if !m.sourceless() && rows == 0 {
		return []error{Doubt{Key: "mission.doubt_no_data"}}
	}
	defer func() {
		if broken := recover(); broken != nil {
			doubts = append(doubts, Doubt{Key: "mission.doubt_broken", Err: fmt.Errorf("%v", broken)})
		}
	}()
	return m.Prove(source, seeds, s.Bench)
}
