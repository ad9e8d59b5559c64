package form

import (
	"context"
	"errors"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// FeedRest is the least time between two versions of the dataset of a form's answers: the first answer after a rest is in it at once,
// and a thousand in a minute make one version.
const FeedRest = 30 * time.Second

// A Feeder remembers which answers the datasets of forms hold.
type Feeder interface {
	// Hungry lists the forms that keep a dataset and have answers it lacks, none of which was fed after a moment.
	Hungry(ctx context.Context, before time.Time) ([]Form, error)
	// Claim takes a form for this process; false says that another was quicker.
	Claim(ctx context.Context, id ID, before time.Time) (bool, error)
	// Fed says that the dataset holds the first taken answers.
	Fed(ctx context.Context, id ID, taken int, dataset string) error
	// Dataset names that of a form, "" while there is none.
	Dataset(ctx context.Context, id ID) (string, error)
}

// SetFeed has the answers to a form kept as a dataset too, or no longer; the dataset stays. Faults: those of [Service.Look].
func (s *Service) SetFeed(ctx context.Context, by actor.Actor, of ID, feed bool) (err error) {
	defer fault.Wrap(&err, "form.SetFeed(%s)", of)
	verb := map[bool]string{true: "form.log_feeding", false: "form.log_unfed"}[feed]
	_, err = s.change(ctx, by, of, verb, func(f *Form) error { f.Feed = feed; return nil })
	return err
}

// Dataset names the dataset of the answers to a form that by may change, "" while there is none. Faults: those of [Service.Look].
func (s *Service) Dataset(ctx context.Context, by actor.Actor, of ID) (_ string, err error) {
	defer fault.Wrap(&err, "form.Dataset(%s)", of)
	if _, err := s.Look(ctx, by, of); err != nil {
		return "", err
	}
	return s.Feeder.Dataset(ctx, of)
}

// Feed gives the dataset of each form the answers it lacks, as put says: put is given what concerns nobody, and the dataset there is, and
// returns the one it wrote. What fails is tried again after [FeedRest].
func (s *Service) Feed(ctx context.Context, put func(ctx context.Context, open Sheet, into string) (string, error)) (err error) {
	defer fault.Wrap(&err, "form.Feed")
	before := s.Now().Add(-FeedRest)
	hungry, err := s.Feeder.Hungry(ctx, before)
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range hungry {
		errs = append(errs, s.feed(ctx, f, before, put))
	}
	return errors.Join(errs...)
}

func (s *Service) feed(ctx context.Context, f Form, before time.Time, put func(context.Context, Sheet, string) (string, error)) error {
	mine, err := s.Feeder.Claim(ctx, f.ID, before)
	if err != nil || !mine {
		return err
	}
	taken, err := s.Replies.Taken(ctx, f.ID) // before the answers are read: what comes meanwhile is fed the next time
	if err != nil {
		return err
	}
	sheet, err := s.sheet(ctx, f.Organisation, f.ID)
	if err != nil {
		return err
	}
	into, err := s.Feeder.Dataset(ctx, f.ID)
	if err != nil {
		return err
	}
	if into, err = put(ctx, sheet.Open(), into); err != nil {
		return err
	}
	return s.Feeder.Fed(ctx, f.ID, taken, into)
}
