package dataset

import (
	"context"
	"errors"
	"slices"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// Subscription returns the address of a dataset that by may see: the one chosen for it, else the one its current file came
// from. It is the zero value when there is none.
func (s *Service) Subscription(ctx context.Context, by actor.Actor, of ID) (_ Subscription, err error) {
	defer fault.Wrap(&err, "dataset.Subscription(%s)", of)
	d, err := s.Find(ctx, by, of)
	if err != nil {
		return Subscription{}, err
	}
	sub, _, err := s.subscription(ctx, d)
	return sub, err
}

func (s *Service) subscription(ctx context.Context, d Dataset) (Subscription, Version, error) {
	v, err := s.Datasets.Version(ctx, d.ID, d.Current)
	if err != nil {
		return Subscription{}, v, err
	}
	sub, err := s.Subscriptions.Subscription(ctx, d.ID)
	if err == nil && sub.Dataset == "" && v.Source.From != nil {
		sub = Subscription{Dataset: d.ID, Organisation: d.Organisation, Origin: *v.Source.From, Blob: v.Source.Blob, Looked: v.Source.From.At}
	}
	return sub, v, err
}

// Subscribe says where a dataset is fetched again from, and how often; an empty address ends it.
// Faults: those of [Service.ForChange]; of the field "address", those of [Fetcher.Address]; of the field "every", Invalid
// "dataset.bad_rhythm".
func (s *Service) Subscribe(ctx context.Context, by actor.Actor, of ID, typed string, every Rhythm) (err error) {
	defer fault.Wrap(&err, "dataset.Subscribe(%s)", of)
	d, err := s.ForChange(ctx, by, of)
	if err != nil {
		return err
	}
	if !slices.Contains(Rhythms(), every) {
		return fault.Field("every", "dataset.bad_rhythm")
	}
	sub, _, err := s.subscription(ctx, d)
	if err != nil {
		return err
	}
	address := ""
	if typed != "" {
		if address, err = s.address(typed); err != nil {
			return err
		}
	} else {
		every = Never
	}
	if address != sub.Origin.Address {
		sub.Origin, sub.Blob = Origin{Address: address}, ""
	}
	sub.Dataset, sub.Organisation, sub.Every, sub.Fault = d.ID, d.Organisation, every, nil
	sub.Due = every.Next(s.Now())
	return s.Subscriptions.Subscribe(ctx, by, sub)
}

// Refresh fetches a dataset again from its address. It becomes a new version, read and mended as the current one is, when
// the file has changed; otherwise its check ends without a trace.
// Faults: those of [Service.Revise]; Conflict "dataset.no_address"; those of [Fetcher.Address].
func (s *Service) Refresh(ctx context.Context, by actor.Actor, of ID) (_ Check, err error) {
	defer fault.Wrap(&err, "dataset.Refresh(%s)", of)
	d, err := s.quiet(ctx, by, of)
	if err != nil {
		return Check{}, err
	}
	return s.refresh(ctx, by, d, WhyRefreshed)
}

func (s *Service) refresh(ctx context.Context, by actor.Actor, d Dataset, why string) (Check, error) {
	sub, v, err := s.subscription(ctx, d)
	if err != nil {
		return Check{}, err
	}
	if sub.Origin.Address == "" {
		return Check{}, fault.New(fault.Conflict, "dataset.no_address")
	}
	if _, err := s.address(sub.Origin.Address); err != nil {
		return Check{}, err
	}
	if err := s.Subscriptions.Looked(ctx, sub); err != nil { // the one a file brought along stands on its own from now on
		return Check{}, err
	}
	known := sub.Known(v.Source)
	c := s.newCheck(by)
	c.For, c.Base, c.Why, c.Source = d.ID, d.Current, why, v.Source
	c.Source.Blob, c.Source.Bytes, c.Source.From = "", 0, &known
	c.Job, err = s.Checks.Add(ctx, c)
	return c, err
}

// dueAtOnce bounds how many datasets one call of RefreshDue starts to fetch.
const dueAtOnce = 20

// RefreshDue fetches the datasets whose time has come, in the name of their owners. It is run now and then; two servers
// that run it together fetch each once.
func (s *Service) RefreshDue(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "dataset.RefreshDue")
	now := s.Now()
	due, err := s.Subscriptions.Due(ctx, now, dueAtOnce)
	if err != nil {
		return err
	}
	var errs []error
	for _, sub := range due {
		mine, err := s.Subscriptions.Claim(ctx, sub, sub.Every.Next(now))
		if err == nil && mine {
			err = s.refreshOne(ctx, sub)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// refreshOne starts to fetch one dataset. What forbids it is told on its page, not to the log.
func (s *Service) refreshOne(ctx context.Context, sub Subscription) error {
	d, err := s.Datasets.Find(ctx, sub.Organisation, sub.Dataset)
	if err != nil {
		return err
	}
	owner := actor.Actor{ID: d.Owner, Organisation: d.Organisation, Service: d.Service, Name: d.OwnerName}
	if d.Pending != nil && d.Pending.State == Running {
		err = fault.New(fault.Conflict, "dataset.change_pending")
	} else {
		_, err = s.refresh(ctx, owner, d, WhyScheduled)
	}
	if f, ok := outcome(err); ok {
		sub.Looked, sub.Fault = s.Now(), f
		return s.Subscriptions.Looked(ctx, sub)
	}
	return err
}

// Retry has a check that failed done again, from its address when its file never came.
// Faults: those of [Service.Check]; Conflict "dataset.check_running".
func (s *Service) Retry(ctx context.Context, by actor.Actor, id CheckID) (_ Check, err error) {
	defer fault.Wrap(&err, "dataset.Retry(%s)", id)
	c, err := s.Check(ctx, by, id)
	if err != nil {
		return Check{}, err
	}
	return s.again(ctx, c)
}
