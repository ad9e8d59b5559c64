package form

import (
	"context"
	"slices"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// house is what an organisation is called, "" where nobody is told.
func (s *Service) house(ctx context.Context, organisation string) (string, error) {
	if s.House == nil {
		return "", nil
	}
	return s.House(ctx, organisation)
}

// Models lists the models that organisations of this installation offer, the latest first, as they are published. Fault: SignIn
// "form.sign_in_first".
func (s *Service) Models(ctx context.Context, by actor.Actor) (out []Model, err error) {
	defer fault.Wrap(&err, "form.Models")
	if err := known(by); err != nil {
		return nil, err
	}
	offered, err := s.Store.Offered(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range offered {
		m, err := s.model(ctx, f)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	slices.Reverse(out)
	return out, nil
}

func (s *Service) model(ctx context.Context, f Form) (Model, error) {
	published, err := s.Store.Published(ctx, f.ID, 0)
	if err != nil {
		return Model{}, err
	}
	from, err := s.house(ctx, f.Organisation)
	return NewModel(published, from), err
}

// Model is what a form of one's own gives to others, as a file. Faults: those of [Service.Look]; Conflict "form.offer_first" of a form
// never published, "form.offer_own" of one that follows a model.
func (s *Service) Model(ctx context.Context, by actor.Actor, of ID) (m Model, err error) {
	defer fault.Wrap(&err, "form.Model(%s)", of)
	f, err := s.Look(ctx, by, of)
	if err != nil {
		return m, err
	}
	if err := f.offerable(); err != nil {
		return m, err
	}
	return s.model(ctx, f)
}

func (f *Form) offerable() error {
	switch {
	case f.Model != nil:
		return fault.New(fault.Conflict, "form.offer_own")
	case f.Version == 0:
		return fault.New(fault.Conflict, "form.offer_first")
	}
	return nil
}

// Offer lets other organisations follow a form, or no longer: who follows it goes on. Faults: those of [Service.Model].
func (s *Service) Offer(ctx context.Context, by actor.Actor, of ID, offered bool) (err error) {
	defer fault.Wrap(&err, "form.Offer(%s)", of)
	verb := map[bool]string{true: "form.log_offered", false: "form.log_withdrawn"}[offered]
	_, err = s.change(ctx, by, of, verb, func(f *Form) error {
		if err := f.offerable(); err != nil && offered {
			return err
		}
		f.Offered = offered
		return nil
	})
	return err
}

// Share lets whoever shares the questions of a form see its counts, or no longer. Faults: those of [Service.Look].
func (s *Service) Share(ctx context.Context, by actor.Actor, of ID, shares bool) (err error) {
	defer fault.Wrap(&err, "form.Share(%s)", of)
	verb := map[bool]string{true: "form.log_shared", false: "form.log_unshared"}[shares]
	_, err = s.change(ctx, by, of, verb, func(f *Form) error { f.Shares = shares; return nil })
	return err
}

// Adopt makes a form of by's that follows a model. Faults: SignIn "form.sign_in_first"; those of [Form.Follow].
func (s *Service) Adopt(ctx context.Context, by actor.Actor, m Model) (_ Form, err error) {
	defer fault.Wrap(&err, "form.Adopt(%s)", m.Form)
	f := New(m.Title)
	if err := f.Follow(m); err != nil {
		return f, err
	}
	return s.Create(ctx, by, f)
}

// Offered finds a model that is offered here, by the form that offers it. Faults: SignIn "form.sign_in_first"; NotFound "form.no_model".
func (s *Service) Offered(ctx context.Context, by actor.Actor, of ID) (_ Model, err error) {
	defer fault.Wrap(&err, "form.Offered(%s)", of)
	all, err := s.Models(ctx, by)
	if err != nil {
		return Model{}, err
	}
	if at := slices.IndexFunc(all, func(m Model) bool { return m.Form == of }); at >= 0 {
		return all[at], nil
	}
	return Model{}, fault.New(fault.NotFound, "form.no_model")
}

// Newer finds what the model a form follows became since: its latest edition and version offered here; ok is false when there is none.
func (s *Service) Newer(ctx context.Context, by actor.Actor, f Form) (m Model, ok bool, err error) {
	defer fault.Wrap(&err, "form.Newer(%s)", f.ID)
	if f.Model == nil {
		return m, false, nil
	}
	all, err := s.Models(ctx, by)
	for _, m := range all { // the latest first, and identifiers sort by their age
		if m.Line == f.Model.Line && (m.Form > f.Model.Form || m.Form == f.Model.Form && m.Version > f.Model.Version) {
			return m, true, err
		}
	}
	return m, false, err
}

// CatchUp brings a form up to a state of the model it follows, as a draft to be published. Faults: those of [Service.Look] and
// [Form.Follow]; Conflict "form.moved".
func (s *Service) CatchUp(ctx context.Context, by actor.Actor, of ID, opened int, m Model) (_ Form, err error) {
	defer fault.Wrap(&err, "form.CatchUp(%s)", of)
	return s.change(ctx, by, of, "form.log_followed", func(f *Form) error {
		switch {
		case f.Revision != opened:
			return fault.New(fault.Conflict, "form.moved")
		case f.Model == nil:
			return fault.New(fault.Conflict, "form.other_model", f.Title, m.Title)
		}
		return f.Follow(m)
	})
}

// Detach ends that a form follows a model. Faults: those of [Service.Look].
func (s *Service) Detach(ctx context.Context, by actor.Actor, of ID) (err error) {
	defer fault.Wrap(&err, "form.Detach(%s)", of)
	_, err = s.change(ctx, by, of, "form.log_detached", func(f *Form) error { f.Detach(); return nil })
	return err
}

// Renew makes the next edition of a form, a draft of by's. Faults: those of [Service.Look] and [Form.Next].
func (s *Service) Renew(ctx context.Context, by actor.Actor, of ID, edition string) (_ Form, err error) {
	defer fault.Wrap(&err, "form.Renew(%s)", of)
	f, err := s.Look(ctx, by, of)
	if err != nil {
		return f, err
	}
	next, err := f.Next(edition)
	if err != nil {
		return next, err
	}
	next.ID, next.Created, next.Revision, next.Version = ID(id.New(s.Now())), s.Now(), 1, 0
	return next, s.Store.Create(ctx, by, next)
}

// Editions lists the editions of a form that by may change, the oldest first.  Faults: those of [Service.Look].
func (s *Service) Editions(ctx context.Context, by actor.Actor, of ID) (_ []Form, err error) {
	defer fault.Wrap(&err, "form.Editions(%s)", of)
	f, err := s.Look(ctx, by, of)
	if err != nil {
		return nil, err
	}
	all, err := s.Store.Sharing(ctx, f.Line())
	all = slices.DeleteFunc(all, func(o Form) bool { return !o.MayChange(by) })
	slices.SortStableFunc(all, func(a, b Form) int { return strings.Compare(a.Edition, b.Edition) })
	return all, err
}
