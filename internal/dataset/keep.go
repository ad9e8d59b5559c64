package dataset

import (
	"context"
	"slices"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// Keep makes a dataset of a check, with everything that was found and mended. The file stays as it came.
// Faults: SignIn "dataset.sign_in_to_keep"; Conflict "dataset.check_running", "dataset.check_failed".
func (s *Service) Keep(ctx context.Context, by actor.Actor, from CheckID) (_ Dataset, err error) {
	defer fault.Wrap(&err, "dataset.Keep")
	if !by.Known() {
		return Dataset{}, fault.New(fault.SignIn, "dataset.sign_in_to_keep")
	}
	c, err := s.Check(ctx, by, from)
	if err != nil {
		return Dataset{}, err
	}
	switch {
	case c.State == Running:
		return Dataset{}, fault.New(fault.Conflict, "dataset.check_running")
	case c.State == Failed || c.For != "":
		return Dataset{}, fault.New(fault.Conflict, "dataset.check_failed")
	}
	now := s.Now()
	d := Dataset{ID: ID(id.New(now)), Organisation: by.Organisation, Service: by.Service, Owner: by.ID, OwnerName: by.Name,
		Title: Title(c.name()), Lesson: c.Source.Lesson, Created: now, Modified: now, Revision: 1}
	d.take(c.Outcome, 1)
	d.Dictionary = Dictionary(c.Outcome.Report, nil)
	v := Version{Dataset: d.ID, Number: 1, At: now, By: by.ID, ByName: by.Name, Why: WhyKept, Source: c.Source, Outcome: c.Outcome}
	return d, s.Datasets.Create(ctx, by, d, v, c.ID)
}

// name is what the table of a check is called: its file, or its table of a package.
func (c *Check) name() string {
	if c.Package == "" {
		return c.Source.Name
	}
	return fileName(c.Source.Options.Member)
}

// take copies into d what lists show of an outcome.
func (d *Dataset) take(o Outcome, number int) {
	d.Current, d.Rows, d.Columns = number, o.Report.Profile.Rows, len(o.Report.Profile.Columns)
	d.Problems, d.Fixable = o.Report.Problems(), o.Report.Fixable
}

// Accept makes v the current version of d. The dictionary keeps what people wrote of columns that are still there.
func (d *Dataset) Accept(v Version) {
	d.take(v.Outcome, v.Number)
	d.Modified = v.At
	d.Dictionary = Dictionary(v.Outcome.Report, d.Dictionary)
}

// Title is a first name for a dataset, from its file's: without its ending, underscores as spaces.
func Title(file string) string {
	name := file
	for range 2 { // "x.csv.gz" has two endings
		if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= 9 {
			name = name[:i]
		}
	}
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == ' ' }), " ")
	if name == "" {
		return file
	}
	return name
}

// MaySee reports whether by may see d, the catalogue aside: the owner, colleagues of its service, stewards, administrators, the data protection officer.
func (d Dataset) MaySee(by actor.Actor) bool {
	return d.MayChange(by) || by.Known() && by.Organisation == d.Organisation && (by.Is(actor.Admin) || by.Is(actor.DPO))
}

// MayChange reports whether by may change d: the owner, colleagues of its service, stewards.
func (d Dataset) MayChange(by actor.Actor) bool {
	if !by.Known() || by.Organisation != d.Organisation {
		return false
	}
	return by.ID == d.Owner || d.Service != "" && by.Service == d.Service || by.Is(actor.Steward)
}

// Find returns a dataset that by may see. Faults: SignIn "dataset.sign_in_first"; NotFound "dataset.not_found".
func (s *Service) Find(ctx context.Context, by actor.Actor, id ID) (_ Dataset, err error) {
	defer fault.Wrap(&err, "dataset.Find(%s)", id)
	if !by.Known() {
		return Dataset{}, fault.New(fault.SignIn, "dataset.sign_in_first")
	}
	d, err := s.Datasets.Find(ctx, by.Organisation, id)
	if err != nil {
		return Dataset{}, err
	}
	if !d.MaySee(by) && !s.Shared(ctx, by, id) {
		return Dataset{}, fault.New(fault.NotFound, "dataset.not_found")
	}
	return d, nil
}

// ForChange returns a dataset that by may change. Faults: those of [Service.Find]; Denied "dataset.not_yours".
func (s *Service) ForChange(ctx context.Context, by actor.Actor, id ID) (Dataset, error) {
	d, err := s.Find(ctx, by, id)
	if err == nil && !d.MayChange(by) {
		err = fault.New(fault.Denied, "dataset.not_yours")
	}
	return d, err
}

// List returns the datasets by may change, the latest changed first.
func (s *Service) List(ctx context.Context, by actor.Actor) (_ []Dataset, err error) {
	defer fault.Wrap(&err, "dataset.List")
	if !by.Known() {
		return nil, fault.New(fault.SignIn, "dataset.sign_in_first")
	}
	all, err := s.Datasets.List(ctx, by.Organisation)
	if err != nil {
		return nil, err
	}
	var mine []Dataset
	for _, d := range all {
		if d.MayChange(by) {
			mine = append(mine, d)
		}
	}
	return mine, nil
}

// Current returns a dataset and its current version.
func (s *Service) Current(ctx context.Context, by actor.Actor, id ID) (Dataset, Version, error) {
	d, err := s.Find(ctx, by, id)
	if err != nil {
		return Dataset{}, Version{}, err
	}
	v, err := s.Datasets.Version(ctx, id, d.Current)
	return d, v, err
}

// Past returns one version of a dataset that by may see. Whom the catalogue alone shows it sees the current one: an earlier
// one may hold what was taken out before it was shared.
func (s *Service) Past(ctx context.Context, by actor.Actor, id ID, number int) (Dataset, Version, error) {
	d, err := s.Find(ctx, by, id)
	if err != nil {
		return Dataset{}, Version{}, err
	}
	if number != d.Current && !d.MaySee(by) {
		return Dataset{}, Version{}, fault.New(fault.NotFound, "dataset.not_found")
	}
	v, err := s.Datasets.Version(ctx, id, number)
	return d, v, err
}

// Versions lists the versions of a dataset that by may see, as [Service.Past] says, the latest first.
func (s *Service) Versions(ctx context.Context, by actor.Actor, id ID) (Dataset, []Version, error) {
	d, err := s.Find(ctx, by, id)
	if err != nil {
		return Dataset{}, nil, err
	}
	vs, err := s.Datasets.Versions(ctx, by.Organisation, id)
	if !d.MaySee(by) {
		vs = slices.DeleteFunc(vs, func(v Version) bool { return v.Number != d.Current })
	}
	return d, vs, err
}

// Revise gives a dataset another source: its next version, once examined. why is one of the Why keys.
// Faults: those of [Service.ForChange]; Conflict "dataset.change_pending" while another change is on its way.
func (s *Service) Revise(ctx context.Context, by actor.Actor, of ID, why string, change func(*Source) error) (_ Check, err error) {
	defer fault.Wrap(&err, "dataset.Revise(%s)", of)
	d, err := s.quiet(ctx, by, of)
	if err != nil {
		return Check{}, err
	}
	v, err := s.Datasets.Version(ctx, of, d.Current)
	if err != nil {
		return Check{}, err
	}
	c := s.newCheck(by)
	c.For, c.Base, c.Why, c.Source = of, d.Current, why, v.Source
	if err := change(&c.Source); err != nil {
		return Check{}, err
	}
	c.Job, err = s.Checks.Add(ctx, c)
	return c, err
}

// quiet returns a dataset that by may change and that nothing is changing.
func (s *Service) quiet(ctx context.Context, by actor.Actor, of ID) (Dataset, error) {
	d, err := s.ForChange(ctx, by, of)
	if err == nil && d.Pending != nil && d.Pending.State == Running {
		err = fault.New(fault.Conflict, "dataset.change_pending")
	}
	return d, err
}

// Restore makes an earlier version current again, as a new version: nothing is rewritten.
func (s *Service) Restore(ctx context.Context, by actor.Actor, of ID, number int) (err error) {
	defer fault.Wrap(&err, "dataset.Restore(%s, %d)", of, number)
	d, err := s.ForChange(ctx, by, of)
	if err != nil {
		return err
	}
	old, err := s.Datasets.Version(ctx, of, number)
	if err != nil {
		return err
	}
	old.Number, old.At, old.By, old.ByName, old.Why = d.Current+1, s.Now(), by.ID, by.Name, WhyRestored
	return s.Datasets.AddVersion(ctx, by, old, d.Current, "")
}

// Describe saves the dictionary of a dataset. revision is the one the person started from.
// Faults: Conflict "dataset.dictionary_changed".
func (s *Service) Describe(ctx context.Context, by actor.Actor, of ID, revision int, entries []Entry) (_ Dataset, err error) {
	defer fault.Wrap(&err, "dataset.Describe(%s)", of)
	if _, err := s.ForChange(ctx, by, of); err != nil {
		return Dataset{}, err
	}
	now := s.Now()
	return s.Datasets.Change(ctx, by, of, "dataset.described", func(d *Dataset) error {
		if d.Revision != revision {
			return fault.New(fault.Conflict, "dataset.dictionary_changed")
		}
		d.Dictionary, d.Modified = entries, now
		return nil
	})
}

// Rename gives a dataset the title of its record.
func (s *Service) Rename(ctx context.Context, by actor.Actor, of ID, title string) (err error) {
	defer fault.Wrap(&err, "dataset.Rename(%s)", of)
	_, err = s.Datasets.Change(ctx, by, of, "dataset.renamed", func(d *Dataset) error {
		d.Title = title
		return nil
	})
	return err
}

// DropLessons removes the datasets of by's own that are exercises, with their versions and files, and counts them: there is no undo. Fault: SignIn
// "dataset.sign_in_first".
func (s *Service) DropLessons(ctx context.Context, by actor.Actor) (n int, err error) {
	defer fault.Wrap(&err, "dataset.DropLessons")
	all, err := s.List(ctx, by)
	if err != nil {
		return 0, err
	}
	for _, d := range all {
		if d.Lesson == "" || d.Owner != by.ID {
			continue
		}
		if err := s.Delete(ctx, by, d.ID, d.Title); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Delete removes a dataset, its versions and its files. typed must be its title: there is no undo.
// What the public sees only a steward takes away. Faults: Invalid "dataset.delete_title"; Denied "dataset.not_yours",
// "dataset.delete_public".
func (s *Service) Delete(ctx context.Context, by actor.Actor, of ID, typed string) (err error) {
	defer fault.Wrap(&err, "dataset.Delete(%s)", of)
	d, err := s.ForChange(ctx, by, of)
	if err != nil {
		return err
	}
	if strings.TrimSpace(typed) != strings.TrimSpace(d.Title) {
		return fault.Field("title", "dataset.delete_title", d.Title)
	}
	if s.Public != nil && s.Public(ctx, of) && !by.Is(actor.Steward) {
		return fault.New(fault.Denied, "dataset.delete_public")
	}
	return s.bury(ctx, by, of, nil)
}

func (s *Service) bury(ctx context.Context, by actor.Actor, of ID, detail map[string]any) error {
	blobs, err := s.Graves.Delete(ctx, by, of, detail)
	if err != nil {
		return err
	}
	s.versions.kept().Clear()
	return s.discard(ctx, blobs...)
}

// Expire deletes a dataset whose last day is over, and tells with the event its title, how many rows it had, that day and the rule it follows.
// It reports false for one that the public sees, which it leaves: a person decides. Fault: NotFound "dataset.not_found".
func (s *Service) Expire(ctx context.Context, organisation string, of ID, until, rule string) (_ bool, err error) {
	defer fault.Wrap(&err, "dataset.Expire(%s)", of)
	d, err := s.Datasets.Find(ctx, organisation, of)
	if err != nil {
		return false, err
	}
	if s.Public != nil && s.Public(ctx, of) {
		return false, nil
	}
	return true, s.bury(ctx, actor.Actor{Organisation: organisation}, of, map[string]any{"title": d.Title, "rows": d.Rows, "until": until, "rule": rule})
}
