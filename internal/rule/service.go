package rule

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// A Subject is what a book is about: "schema:" and its name in the pack, or "dataset:" and its identifier.
type Subject string

// The two kinds of subjects.
const (
	schemaPrefix  = "schema:"
	datasetPrefix = "dataset:"
)

// OfSchema is the subject of a schema of the pack.
func OfSchema(name string) Subject { return Subject(schemaPrefix + name) }

// OfDataset is the subject of a dataset.
func OfDataset(id string) Subject { return Subject(datasetPrefix + id) }

// Schema is the name of the schema, "" for another subject.
func (s Subject) Schema() string { return after(s, schemaPrefix) }

// Dataset is the identifier of the dataset, "" for another subject.
func (s Subject) Dataset() string { return after(s, datasetPrefix) }

func after(s Subject, prefix string) string {
	rest, ok := strings.CutPrefix(string(s), prefix)
	if !ok {
		return ""
	}
	return rest
}

// A Book is the rules of a subject, in the order they are shown.
type Book struct {
	Organisation string  `json:"-"`
	Subject      Subject `json:"-"`
	Revision     int     `json:"-"`
	Rules        []Rule  `json:"rules"`
	Gone         []Rule  `json:"gone,omitempty"` // deleted last, to be taken back
}

// Books keeps books.
type Books interface {
	// Find returns a book, an empty one of revision 0 when there is none.
	Find(ctx context.Context, organisation string, of Subject) (Book, error)
	// All lists the books of an organisation that hold rules, by subject.
	All(ctx context.Context, organisation string) ([]Book, error)
	// Change rewrites a book, or makes it, and tells the other rooms. fn may run more than once, so it must be pure.
	Change(ctx context.Context, by actor.Actor, c Change, fn func(*Book) error) error
	// Forget deletes a book, deleted rules and all. Deleting one that is not there is no error.
	Forget(ctx context.Context, organisation string, of Subject) error
}

// A Change is which book changes, and what the audit log calls it.
type Change struct {
	Of   Subject
	Verb string
	Rule string // its ID, "" for several
}

// A Service is the room's front desk.
type Service struct {
	Books Books
	// Header gives the columns of a subject that by sees and its title, to try rules on: those of the schema, of the dataset's current
	// version. Faults: NotFound for an unknown one.
	Header func(ctx context.Context, by actor.Actor, of Subject) (title string, columns []string, err error)
	// May says whether by may write the rules of a dataset.
	May func(ctx context.Context, by actor.Actor, dataset string) bool
	Now func() time.Time
}

// MayWrite reports whether by may write rules: of a schema, stewards, because they count for everybody's tables; of a dataset, who may change it.
func (s *Service) MayWrite(ctx context.Context, by actor.Actor, of Subject) bool {
	if !by.Known() {
		return false
	}
	if d := of.Dataset(); d != "" {
		return s.May(ctx, by, d)
	}
	return by.Is(actor.Steward)
}

// For lists the rules a table of an organisation is held against: those of its schema, then of its dataset; "" for none of either.
func (s *Service) For(ctx context.Context, organisation, schema, dataset string) (rules []Rule, err error) {
	defer fault.Wrap(&err, "rule.For")
	if organisation == "" {
		return nil, nil
	}
	for _, of := range []Subject{OfSchema(schema), OfDataset(dataset)} {
		if of.Schema() == "" && of.Dataset() == "" {
			continue
		}
		b, err := s.Books.Find(ctx, organisation, of)
		if err != nil {
			return nil, err
		}
		rules = append(rules, b.Rules...)
	}
	return rules, nil
}

// A Page is a book with what is known of its subject.
type Page struct {
	Book    Book
	Title   string
	Columns []string
	May     bool
}

// Open returns a book that by may see. Faults: SignIn "rule.sign_in"; those of Header.
func (s *Service) Open(ctx context.Context, by actor.Actor, of Subject) (p Page, err error) {
	defer fault.Wrap(&err, "rule.Open(%s)", of)
	if !by.Known() {
		return p, fault.New(fault.SignIn, "rule.sign_in")
	}
	if of.Schema() == "" && of.Dataset() == "" {
		return p, fault.New(fault.NotFound, "rule.no_subject")
	}
	if p.Title, p.Columns, err = s.Header(ctx, by, of); err != nil {
		return p, err
	}
	p.May = s.MayWrite(ctx, by, of)
	p.Book, err = s.Books.Find(ctx, by.Organisation, of)
	return p, err
}

// All lists the books of the organisation of by whose subject by sees. Faults: SignIn "rule.sign_in".
func (s *Service) All(ctx context.Context, by actor.Actor) (pages []Page, err error) {
	defer fault.Wrap(&err, "rule.All")
	if !by.Known() {
		return nil, fault.New(fault.SignIn, "rule.sign_in")
	}
	books, err := s.Books.All(ctx, by.Organisation)
	if err != nil {
		return nil, err
	}
	for _, b := range books {
		title, columns, err := s.Header(ctx, by, b.Subject)
		if k := fault.KindOf(err); err != nil && (k == fault.NotFound || k == fault.Denied) {
			continue
		}
		if err != nil {
			return nil, err
		}
		pages = append(pages, Page{b, title, columns, s.MayWrite(ctx, by, b.Subject)})
	}
	return pages, nil
}

// Save adds a rule, or rewrites the one of its ID that was last written at the time r has, and returns it. Faults: those of [Rule.Valid] with the columns of the subject, of
// [Service.Open]; Denied "rule.not_yours"; NotFound "rule.gone"; Conflict "rule.changed_meanwhile"; TooLarge "rule.too_many".
func (s *Service) Save(ctx context.Context, by actor.Actor, of Subject, r Rule) (_ Rule, err error) {
	defer fault.Wrap(&err, "rule.Save(%s)", of)
	p, err := s.open(ctx, by, of)
	if err != nil {
		return r, err
	}
	if err := r.Valid(p.Columns); err != nil {
		return r, err
	}
	verb, isNew, seen := "rule.changed", r.ID == "", r.At
	r.At, r.By = s.Now(), by.ID
	if isNew {
		verb, r.ID = "rule.written", id.New(r.At)
	}
	return r, s.Books.Change(ctx, by, Change{of, verb, r.ID}, func(b *Book) error {
		at := b.at(r.ID)
		switch {
		case isNew && len(b.Rules) >= MostRules:
			return fault.New(fault.TooLarge, "rule.too_many", MostRules)
		case isNew && at < 0:
			b.Rules = append(b.Rules, r)
		case at < 0:
			return fault.New(fault.NotFound, "rule.gone")
		case !b.Rules[at].At.Equal(seen):
			return fault.Field("says", "rule.changed_meanwhile", b.Rules[at].Says, b.Rules[at].Text())
		default:
			b.Rules = slices.Clone(b.Rules)
			b.Rules[at] = r
		}
		return nil
	})
}

// open returns a book that by may write.
func (s *Service) open(ctx context.Context, by actor.Actor, of Subject) (Page, error) {
	p, err := s.Open(ctx, by, of)
	if err == nil && !p.May {
		err = fault.New(fault.Denied, "rule.not_yours")
	}
	return p, err
}

func (b *Book) at(id string) int {
	return slices.IndexFunc(b.Rules, func(r Rule) bool { return r.ID == id })
}

// Drop deletes a rule, with a way back: [Service.Recall]. Faults: those of [Service.Save].
func (s *Service) Drop(ctx context.Context, by actor.Actor, of Subject, id string) (err error) {
	defer fault.Wrap(&err, "rule.Drop(%s)", of)
	if _, err := s.open(ctx, by, of); err != nil {
		return err
	}
	return s.Books.Change(ctx, by, Change{of, "rule.dropped", id}, func(b *Book) error {
		at := b.at(id)
		if at < 0 {
			return fault.New(fault.NotFound, "rule.gone")
		}
		b.Gone = append(slices.Clone(b.Gone[max(0, len(b.Gone)-19):]), b.Rules[at])
		b.Rules = slices.Delete(slices.Clone(b.Rules), at, at+1)
		return nil
	})
}

// Recall takes a deleted rule back. Taking one back that is here is no error. Faults: those of [Service.Save].
func (s *Service) Recall(ctx context.Context, by actor.Actor, of Subject, id string) (err error) {
	defer fault.Wrap(&err, "rule.Recall(%s)", of)
	if _, err := s.open(ctx, by, of); err != nil {
		return err
	}
	return s.Books.Change(ctx, by, Change{of, "rule.recalled", id}, func(b *Book) error {
		gone := slices.IndexFunc(b.Gone, func(r Rule) bool { return r.ID == id })
		switch {
		case b.at(id) >= 0:
			return nil
		case gone < 0:
			return fault.New(fault.NotFound, "rule.gone")
		}
		b.Rules = append(slices.Clone(b.Rules), b.Gone[gone])
		b.Gone = slices.Delete(slices.Clone(b.Gone), gone, gone+1)
		return nil
	})
}

// A File is rules as people share them, and as the command line reads them.
type File struct {
	Rules []Rule `json:"rules"`
}

// Encode writes rules as a file, without who wrote them.
func Encode(rules []Rule) ([]byte, error) {
	out := File{[]Rule{}}
	for _, r := range rules {
		r.ID, r.By, r.At = "", "", time.Time{}
		out.Rules = append(out.Rules, r)
	}
	return json.MarshalIndent(out, "", "  ")
}

// Decode reads a file of rules. Faults: Invalid "rule.bad_file"; "rule.bad_rule" with the place of a rule, from 1, and what it lacks.
func Decode(raw []byte) ([]Rule, error) {
	var f File
	if err := json.Unmarshal(raw, &f); err != nil || len(f.Rules) == 0 {
		return nil, fault.Field("file", "rule.bad_file").Because(err)
	}
	if len(f.Rules) > MostRules {
		return nil, fault.Field("file", "rule.too_many", MostRules)
	}
	for i, r := range f.Rules {
		if err := r.Valid(nil); err != nil {
			first, _ := errors.AsType[*fault.Error](err)
			return nil, fault.Field("file", "rule.bad_rule", i+1, first)
		}
		r.ID, r.By, r.At = "", "", time.Time{}
		f.Rules[i] = r
	}
	return f.Rules, nil
}

// Import adds the rules of a file to a book; one that is there already, word for word, is passed over. It returns how many were added.
// Faults: those of [Decode] and of [Service.Save].
func (s *Service) Import(ctx context.Context, by actor.Actor, of Subject, raw []byte) (added int, err error) {
	defer fault.Wrap(&err, "rule.Import(%s)", of)
	if _, err := s.open(ctx, by, of); err != nil {
		return 0, err
	}
	rules, err := Decode(raw)
	if err != nil {
		return 0, err
	}
	now := s.Now()
	for i := range rules {
		rules[i].ID, rules[i].At, rules[i].By = id.New(now), now, by.ID
	}
	err = s.Books.Change(ctx, by, Change{Of: of, Verb: "rule.imported"}, func(b *Book) error {
		added, b.Rules = 0, slices.Clone(b.Rules)
		for _, r := range rules {
			if slices.ContainsFunc(b.Rules, func(o Rule) bool { return o.Text() == r.Text() && o.Says == r.Says }) {
				continue
			}
			b.Rules = append(b.Rules, r)
			added++
		}
		if len(b.Rules) > MostRules {
			return fault.New(fault.TooLarge, "rule.too_many", MostRules)
		}
		return nil
	})
	return added, err
}
