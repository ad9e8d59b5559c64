package dataset

import (
	"context"
	"errors"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/finding"
)

// A ProgressFunc hears how far a job is: done of total units of the step named by a catalogue key.
type ProgressFunc func(done, total int64, note string)

// Run examines a check: the job behind every page that shows a table. Running it twice gives the same; a check that is
// gone or done is left alone. A fault of the file is the check's own outcome, not an error.
func (s *Service) Run(ctx context.Context, id CheckID, progress ProgressFunc) (err error) {
	defer fault.Wrap(&err, "dataset.Run(%s)", id)
	c, err := s.Checks.Find(ctx, id)
	if fault.KindOf(err) == fault.NotFound || err == nil && c.State != Running {
		return nil
	}
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeoutCause(ctx, s.ReadTime, fault.New(fault.TooLarge, "dataset.too_long", s.ReadTime.String()))
	defer cancel()
	old := c.Outcome
	src, err := s.supplied(limited, c)
	if err != nil {
		return err
	}
	c.Outcome, err = s.examine(limited, src, progress)
	switch {
	case err == nil:
		c.State = Done
	case ctx.Err() != nil:
		return ctx.Err() // stopped by a person, who calls Stop, or with the server: the queue takes it up again
	default:
		if limited.Err() != nil {
			err = context.Cause(limited)
		}
		f, ok := outcome(err)
		if !ok {
			return err
		}
		c.State, c.Fault = Failed, f
	}
	err = s.settle(ctx, c)
	// What was made before, or for a check that is gone meanwhile, nothing names any more.
	return errors.Join(err, s.letGo(ctx, c.Outcome.Table, c.Outcome.Findings), s.discard(ctx, old.Table, old.Findings))
}

// settle stores the end of an examination: on the check, or as the next version of its dataset.
func (s *Service) settle(ctx context.Context, c Check) error {
	if c.For == "" || c.State == Failed {
		return s.Checks.Finish(ctx, c)
	}
	by := actor.Actor{ID: c.By, Organisation: c.Organisation, Name: c.ByName}
	v := Version{Dataset: c.For, Number: c.Base + 1, At: s.Now(), By: c.By, ByName: c.ByName, Why: c.Why, Source: c.Source, Outcome: c.Outcome}
	err := s.Datasets.AddVersion(ctx, by, v, c.Base, c.ID)
	if f, ok := outcome(err); ok {
		c.State, c.Fault = Failed, f
		return s.Checks.Finish(ctx, c)
	}
	return err
}

// outcome tells a fault of the file, which trying again will not mend, from one of the machine.
func outcome(err error) (*fault.Error, bool) {
	f, ok := errors.AsType[*fault.Error](err)
	return f, ok && f.Kind != fault.Internal && f.Kind != fault.Busy
}

// Stop records that the person cancelled a running check: it has failed, and may be tried again or forgotten.
func (s *Service) Stop(ctx context.Context, by actor.Actor, id CheckID) (err error) {
	defer fault.Wrap(&err, "dataset.Stop(%s)", id)
	c, err := s.Check(ctx, by, id)
	if err != nil || c.State != Running {
		return err
	}
	c.State, c.Fault = Failed, fault.New(fault.Conflict, "dataset.cancelled")
	return s.Checks.Finish(ctx, c)
}

// examine reads a source twice: once to know it, once to write its table. The caller lets go of the files of the outcome.
func (s *Service) examine(ctx context.Context, src Source, progress ProgressFunc) (Outcome, error) {
	file, err := s.Shelf.Read(src.Blob)
	if err != nil {
		return Outcome{}, err
	}
	defer func() { _ = file.Close() }() // read only
	open, ex, err := s.prepare(ctx, file, src)
	if err != nil {
		return Outcome{}, err
	}
	ex.Plan, ex.Rules, ex.Size, ex.Raw = src.Plan, src.rules, file.Size(), file
	ex.Progress = func(done, total int64) { progress(done, total, "dataset.step_examine") }
	if src.Schema != "" {
		if ex.Schema, err = s.Schema(src.Schema); err != nil {
			return Outcome{}, err
		}
	}
	spool, err := s.Shelf.Spool()
	if err != nil {
		return Outcome{}, err
	}
	defer spool.Close()
	var spoolErr error
	ex.Sink = func(f finding.Finding) {
		if err := spool.Add(f); err != nil && spoolErr == nil {
			spoolErr = err
		}
	}
	report, err := Examine(ctx, open, ex)
	if err = errors.Join(err, spoolErr); err != nil {
		return Outcome{}, err
	}
	keepWords(&report.Profile, ex.Schema)
	progress(0, 0, "dataset.step_write")
	out := Outcome{Report: report}
	if out.Findings, err = s.hold(ctx, func() (string, error) { return spool.Keep(ctx) }); err != nil {
		return Outcome{}, err
	}
	out.Table, err = s.hold(ctx, func() (blob string, err error) {
		blob, out.TableBytes, err = s.Shelf.Table(ctx, StorageColumns(report.Profile), StorageRows(ctx, open, src.Plan, report.Profile))
		return blob, err
	})
	if err != nil {
		return Outcome{}, errors.Join(err, s.letGo(ctx, out.Findings))
	}
	return out, nil
}
