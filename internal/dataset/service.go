package dataset

import (
	"context"
	"errors"
	"io"
	"path"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
	"cultured/internal/recipe"
	"cultured/internal/rule"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// A Service is the room's front desk.
type Service struct {
	Checks        Checks
	Packages      Packages
	Datasets      Datasets
	Graves        Graves
	Shelf         Shelf
	Tables        Tables
	Subscriptions Subscriptions
	Fetcher       Fetcher
	Mappings      Mappings
	Rules         func(ctx context.Context, organisation, schema, dataset string) ([]rule.Rule, error) // what an organisation asks besides; "" for no schema, no dataset. May be nil
	Schema        func(ref string) (*schema.Schema, error)                                             // of the pack; NotFound for an unknown one
	Pack          *schema.Pack                                                                         // where packages find the schemas they name by address; nil for none
	Shared        func(ctx context.Context, by actor.Actor, id ID) bool                                // the catalogue shows the dataset to by
	Public        func(ctx context.Context, id ID) bool                                                // everybody sees the dataset; nil when nobody does
	Named         func(ctx context.Context, blob string) (bool, error)                                 // another room names the stored file, which is then left alone; nil when none does
	Now           func() time.Time
	Reader        tabular.Reader // opens the files handed in
	Limits        tabular.Limits
	KeepFor       time.Duration // an unsaved check
	Room          int64         // bytes visitors' files may take in all until they are forgotten; 0 = no limit
	ReadTime      time.Duration // one examination at most
	Secret        []byte        // of the instance, for recipes that hide people; none: those refuse

	// Places says where addresses are, for an organisation; nil where no service was chosen.
	Places func(ctx context.Context, organisation string, addresses []string) ([]recipe.Place, error)
	// Ask starts a question in SQL of a recipe, apart, for so long at most; nil where there is no such thing.
	Ask func(q recipe.Question, upTo time.Duration) (recipe.Inquiry, error)

	pins     pins
	versions versions
}

// A SubmitForm is a file handed in.
type SubmitForm struct {
	Body   io.Reader
	Name   string // as the sender calls it
	Of     ID     // the dataset it is the next version of; "" for none
	Schema string // the one to follow; "" for that of the dataset, if any
	Member string // the file of an archive, or the table of a package; "" for the most likely one
	Lesson string // address of the exercise the file is of; "" for real data
}

// Submit receives a file and has it examined.
// Faults: those of [Shelf.Receive]; Invalid "dataset.no_file" and, of the field "schema", that of an unknown schema, both
// before anything is received; Busy "dataset.no_room" for a visitor; for a dataset, those of [Service.Revise]; Busy "db.busy".
func (s *Service) Submit(ctx context.Context, by actor.Actor, form SubmitForm) (_ Check, err error) {
	defer fault.Wrap(&err, "dataset.Submit(%s)", form.Of)
	name := fileName(form.Name)
	if name == "" {
		return Check{}, fault.Field("file", "dataset.no_file")
	}
	c, table := s.newCheck(by), "" // the one that the dataset is of its archive
	if form.Of != "" {
		d, err := s.quiet(ctx, by, form.Of)
		if err != nil {
			return Check{}, err
		}
		v, err := s.Datasets.Version(ctx, form.Of, d.Current)
		if err != nil {
			return Check{}, err
		}
		c.For, c.Base, c.Why = form.Of, d.Current, WhyUploaded
		c.Source.Schema, table = v.Source.Schema, v.Source.Options.Member
	}
	if form.Schema != "" {
		if err := s.knows(form.Schema); err != nil {
			return Check{}, err
		}
		c.Source.Schema = form.Schema
	}
	if err := s.hasRoom(ctx, by); err != nil {
		return Check{}, err
	}
	blob, bytes, err := s.Shelf.Receive(ctx, form.Body)
	if err != nil {
		return Check{}, err
	}
	c.Source.Blob, c.Source.Bytes, c.Source.Name, c.Source.Options.Member, c.Source.Lesson = blob, bytes, name, form.Member, form.Lesson
	if err = s.pin(blob); err == nil {
		c, err = s.begin(ctx, c, table)
	}
	if err = errors.Join(err, s.letGo(ctx, blob)); err != nil {
		return Check{}, err
	}
	return c, nil
}

// begin stores a check whose file is here, with those of the other tables of the same archive. table is the one a dataset
// has been so far, and stays when the archive has it still.
func (s *Service) begin(ctx context.Context, c Check, table string) (Check, error) {
	c, others, err := s.split(c)
	if err == nil && c.Source.Options.Member == "" && s.holds(c.Source.Blob, table) {
		c.Source.Options.Member = table
	}
	if err == nil {
		c.Job, err = s.Checks.Add(ctx, append([]Check{c}, others...)...)
	}
	return c, err
}

// knows makes an unknown schema a fault of its field.
func (s *Service) knows(ref string) error {
	_, err := s.Schema(ref)
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind == fault.NotFound {
		return fault.Field("schema", f.Key, f.Args...)
	}
	return err
}

// hasRoom refuses a visitor's file while those of others fill what is set aside for them: a disk is never filled by
// people nobody knows.
func (s *Service) hasRoom(ctx context.Context, by actor.Actor) error {
	if by.Known() || s.Room <= 0 {
		return nil
	}
	taken, err := s.Graves.Passing(ctx)
	if err == nil && taken >= s.Room {
		err = fault.New(fault.Busy, "dataset.no_room")
	}
	return err
}

func (s *Service) newCheck(by actor.Actor) Check {
	now := s.Now()
	return Check{ID: CheckID(id.New(now)), At: now, Expires: now.Add(s.KeepFor), Organisation: by.Organisation,
		By: by.ID, ByName: by.Name, State: Running}
}

// fileName keeps the last part of what a browser calls the file: old ones send the whole path.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if name == "." || name == "/" {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return -1
		}
		return r
	}, name)
}

// Check returns a check: to whoever holds its address while nobody is named on it, else to the person who made it.
// Faults: NotFound "dataset.check_gone".
func (s *Service) Check(ctx context.Context, by actor.Actor, id CheckID) (_ Check, err error) {
	defer fault.Wrap(&err, "dataset.Check")
	c, err := s.Checks.Find(ctx, id)
	if err != nil {
		return Check{}, err
	}
	if c.By != "" && c.By != by.ID || !s.Now().Before(c.Expires) && c.For == "" {
		return Check{}, fault.New(fault.NotFound, "dataset.check_gone")
	}
	return c, nil
}

// Change gives a check another source and has it examined again. Faults: Conflict "dataset.check_running".
func (s *Service) Change(ctx context.Context, by actor.Actor, id CheckID, change func(*Source) error) (_ Check, err error) {
	defer fault.Wrap(&err, "dataset.Change")
	c, err := s.Check(ctx, by, id)
	if err != nil {
		return Check{}, err
	}
	before := c.Source
	if err := change(&c.Source); err != nil {
		return Check{}, err
	}
	c.Previous = append(c.Previous, before)
	return s.again(ctx, c)
}

// Undo takes a check back to the source before. Faults: Conflict "dataset.nothing_to_undo".
func (s *Service) Undo(ctx context.Context, by actor.Actor, id CheckID) (_ Check, err error) {
	defer fault.Wrap(&err, "dataset.Undo")
	c, err := s.Check(ctx, by, id)
	if err != nil {
		return Check{}, err
	}
	last := len(c.Previous) - 1
	if last < 0 {
		return Check{}, fault.New(fault.Conflict, "dataset.nothing_to_undo")
	}
	c.Source, c.Previous = c.Previous[last], c.Previous[:last]
	return s.again(ctx, c)
}

func (s *Service) again(ctx context.Context, c Check) (_ Check, err error) {
	if c.State == Running {
		return Check{}, fault.New(fault.Conflict, "dataset.check_running")
	}
	c.State, c.Fault = Running, nil
	c.Expires = s.Now().Add(s.KeepFor)
	c.Job, err = s.Checks.Again(ctx, c)
	return c, err
}

// Forget deletes a check and its file at once; of a package, those of all its tables.
func (s *Service) Forget(ctx context.Context, by actor.Actor, id CheckID) (err error) {
	defer fault.Wrap(&err, "dataset.Forget")
	all, err := s.Together(ctx, by, id)
	if err != nil {
		return err
	}
	for _, c := range all {
		if err := s.drop(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// drop forgets a check, then the blobs nothing else holds.
func (s *Service) drop(ctx context.Context, c Check) error {
	if err := s.Checks.Drop(ctx, c.ID); err != nil {
		return err
	}
	return s.discard(ctx, c.Source.Blob, c.Outcome.Table, c.Outcome.Findings)
}

// Revive queues anew the examinations that were running when the instance was backed up, and counts them.
func (s *Service) Revive(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "dataset.Revive")
	return s.Checks.Revive(ctx)
}

// Sweep deletes the checks past their time. It is run now and then.
func (s *Service) Sweep(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "dataset.Sweep")
	ids, err := s.Checks.Expired(ctx, s.Now(), 500)
	if err != nil {
		return err
	}
	for _, id := range ids {
		c, err := s.Checks.Find(ctx, id)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		if err := s.drop(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// youth is how long a stored file is spared that nothing names: whoever stored it may be about to.
const youth = 24 * time.Hour

// Collect discards the stored files that no check or version names: what a crash left between storing a file and naming
// it. It is run once a day.
func (s *Service) Collect(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "dataset.Collect")
	for f, err := range s.Shelf.List(ctx) {
		if err != nil {
			return err
		}
		if s.Now().Sub(f.At) < youth {
			continue
		}
		if err := s.discard(ctx, f.Blob); err != nil {
			return err
		}
	}
	return nil
}
