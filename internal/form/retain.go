package form

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// Expire erases each personal answer, with its files, whose retention is over, as the version it was given to promised, and what was said with its
// author once the longest is over. It may run at any time, on every replica. It returns how many answers lost something.
func (s *Service) Expire(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "form.Expire")
	versions, err := s.Keeper.Versions(ctx)
	if err != nil {
		return 0, err
	}
	now := s.Now()
	for _, f := range versions {
		for months, names := range f.Retentions() {
			lost, err := s.Keeper.Erase(ctx, f, names, now.AddDate(0, -months, 0))
			n += lost
			if err != nil {
				return n, err
			}
		}
		if longest := f.longest(); longest > 0 {
			if err := s.Keeper.Hush(ctx, f, now.AddDate(0, -longest, 0)); err != nil {
				return n, err
			}
		}
	}
	return n, s.Sweep(ctx)
}

// Retentions lists the names of the personal blocks by how many months their answers are kept.
func (f *Form) Retentions() map[int][]string {
	out := map[int][]string{}
	for _, b := range f.Blocks {
		if b.Personal() && b.Retention > 0 {
			out[b.Retention] = append(out[b.Retention], b.Name)
		}
	}
	return out
}

// Retention is how many months the answers to blocks of the same rule are kept, by their names; 0 for none.
func (f *Form) Retention(names []string) (months int) {
	for m, all := range f.Retentions() {
		if slices.Equal(all, names) {
			months = m
		}
	}
	return months
}

func (f *Form) longest() (months int) {
	for m := range f.Retentions() {
		months = max(months, m)
	}
	return months
}

// A Coming is what the answers to a form lose soon.
type Coming struct {
	Form    Form // the version they were given to
	Months  int
	First   time.Time // when the first loses it
	Answers int
}

// Coming lists what [Service.Expire] will erase within days, by version and retention, of an organisation, "" for all.
func (s *Service) Coming(ctx context.Context, organisation string, days int) (out []Coming, err error) {
	defer fault.Wrap(&err, "form.Coming")
	versions, err := s.Keeper.Versions(ctx)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	for _, f := range versions {
		if organisation != "" && f.Organisation != organisation {
			continue
		}
		for months, names := range f.Retentions() {
			n, first, err := s.Keeper.Due(ctx, f, names, now.AddDate(0, 0, days).AddDate(0, -months, 0))
			if err != nil {
				return nil, err
			}
			if n > 0 {
				out = append(out, Coming{f, months, first.AddDate(0, months, 0), n})
			}
		}
	}
	slices.SortFunc(out, func(a, b Coming) int {
		return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.Form.ID, b.Form.ID), a.Form.Version-b.Form.Version, a.Months-b.Months)
	})
	return out, nil
}

// A Keeper erases what must not be kept.
type Keeper interface {
	// Versions lists every published version there is.
	Versions(ctx context.Context) ([]Form, error)
	// Erase takes the values and the files of the named blocks out of the answers to a version that came before a moment, and says how many had any.
	Erase(ctx context.Context, f Form, names []string, before time.Time) (int, error)
	// Due counts the answers to a version that came before a moment and have a value or a file of the named blocks, and says when the first came.
	Due(ctx context.Context, f Form, names []string, before time.Time) (n int, first time.Time, err error)
	// Hush takes the words of messages and notes out of the requests to a version that came before a moment.
	Hush(ctx context.Context, f Form, before time.Time) error
	// Delete erases an answer, its steps and its files. Fault: NotFound "form.no_reference".
	Delete(ctx context.Context, by actor.Actor, of ID, id AnswerID) error
}
