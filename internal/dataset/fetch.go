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
)

// visitorTime is how long a file may take that is fetched for somebody nobody knows.
const visitorTime = 5 * time.Minute

// An ImportForm is the address of a file.
type ImportForm struct {
	Address string // as typed
	Schema  string // the one to follow; "" for none
}

// Import has the file of an address fetched, then examined: the way of [Service.Submit] for who has a link. The check is
// there at once; a fault of the transfer is its outcome.
// Faults: of the field "address", those of [Fetcher.Address]; of the field "schema", that of an unknown schema; Busy
// "dataset.no_room" for a visitor.
func (s *Service) Import(ctx context.Context, by actor.Actor, form ImportForm) (_ Check, err error) {
	defer fault.Wrap(&err, "dataset.Import")
	address, err := s.address(form.Address)
	if err != nil {
		return Check{}, err
	}
	c := s.newCheck(by)
	if form.Schema != "" {
		if err := s.knows(form.Schema); err != nil {
			return Check{}, err
		}
		c.Source.Schema = form.Schema
	}
	if err := s.hasRoom(ctx, by); err != nil {
		return Check{}, err
	}
	c.Source.Name, c.Source.From = addressName(address), &Origin{Address: address}
	c.Job, err = s.Checks.Add(ctx, c)
	return c, err
}

// address makes what is wrong with an address a fault of its field.
func (s *Service) address(typed string) (string, error) {
	address, err := s.Fetcher.Address(typed)
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return "", fault.Field("address", f.Key, f.Args...).Because(f.Err)
	}
	return address, err
}

// addressName is what a file is called until its server says: the end of its address.
func addressName(address string) string {
	rest, _, _ := strings.Cut(address, "?")
	_, rest, _ = strings.Cut(rest, "://")
	return path.Base(rest)
}

// Fetch receives the file of a check: the job before its examination. Running it twice gives the same; a check that is
// gone, done or has its file is left alone. A fault of the transfer is the check's own outcome, not an error, and leaves
// nothing of the file.
func (s *Service) Fetch(ctx context.Context, id CheckID, progress ProgressFunc) (err error) {
	defer fault.Wrap(&err, "dataset.Fetch(%s)", id)
	c, err := s.Checks.Find(ctx, id)
	if fault.KindOf(err) == fault.NotFound || err == nil && (c.State != Running || c.Source.Blob != "" || c.Source.From == nil) {
		return nil
	}
	if err != nil {
		return err
	}
	limited, cancel := ctx, func() {}
	if c.By == "" {
		limited, cancel = context.WithTimeoutCause(ctx, visitorTime, fault.New(fault.TooLarge, "dataset.fetch_too_long", visitorTime.String()))
	}
	defer cancel()
	err = s.arrive(limited, c, progress)
	if err == nil || ctx.Err() != nil {
		return errors.Join(err, ctx.Err())
	}
	if limited.Err() != nil {
		err = context.Cause(limited)
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind == fault.Internal || f.Key == "db.busy" {
		return err // of the machine: the queue tries again
	}
	c.State, c.Fault = Failed, f
	return errors.Join(s.Checks.Finish(ctx, c), s.looked(ctx, c, Subscription{Fault: f}))
}

// arrive receives the file and passes the check on, or ends it when the file is the one its dataset has.
func (s *Service) arrive(ctx context.Context, c Check, progress ProgressFunc) error {
	progress(0, 0, "dataset.step_fetch")
	got, err := s.Fetcher.Fetch(ctx, *c.Source.From, s.Limits.Bytes)
	if err != nil {
		return err
	}
	defer func() { _ = got.Body.Close() }() // read to its end, or not wanted any more
	got.Origin.At = s.Now()
	if got.Unchanged {
		return s.same(ctx, c, got.Origin, "")
	}
	body := &counted{Reader: got.Body, total: max(got.Bytes, 0), progress: progress}
	blob, bytes, err := s.Shelf.Receive(ctx, body)
	if err != nil {
		return err
	}
	err = s.pin(blob)
	if err == nil {
		err = s.passOn(ctx, c, got, Stored{Blob: blob}, bytes)
	}
	return errors.Join(err, s.letGo(ctx, blob))
}

func (s *Service) passOn(ctx context.Context, c Check, got Fetched, kept Stored, bytes int64) error {
	if c.For != "" {
		v, err := s.Datasets.Version(ctx, c.For, c.Base)
		if err != nil {
			return err
		}
		if v.Source.Blob == kept.Blob { // a server that keeps no marks gave the same bytes
			return s.same(ctx, c, got.Origin, kept.Blob)
		}
	}
	if name := fileName(got.Name); name != "" {
		c.Source.Name = name
	}
	c.Source.Blob, c.Source.Bytes, c.Source.From = kept.Blob, bytes, &got.Origin
	if err := s.looked(ctx, c, Subscription{Origin: got.Origin, Blob: kept.Blob}); err != nil {
		return err
	}
	c, others, err := s.split(c)
	if err != nil {
		return err
	}
	_, err = s.Subscriptions.Arrived(ctx, c, others...)
	if fault.Is(err, "dataset.check_gone") {
		return nil // given up while it came
	}
	return err
}

// same ends the check of a dataset whose file has not changed: there is nothing to examine.
func (s *Service) same(ctx context.Context, c Check, o Origin, blob string) error {
	if c.For == "" {
		return fault.New(fault.Busy, "dataset.fetch_empty") // a server that answers "unchanged" to who asked for the first time
	}
	if blob == "" {
		v, err := s.Datasets.Version(ctx, c.For, c.Base)
		if err != nil {
			return err
		}
		blob = v.Source.Blob
	}
	if err := s.looked(ctx, c, Subscription{Origin: o, Blob: blob}); err != nil {
		return err
	}
	return s.Checks.Drop(ctx, c.ID)
}

// looked notes on the dataset of a check, if any, what came of asking.
func (s *Service) looked(ctx context.Context, c Check, came Subscription) error {
	if c.For == "" {
		return nil
	}
	sub, err := s.Subscriptions.Subscription(ctx, c.For)
	if err != nil || sub.Dataset == "" {
		return err
	}
	sub.Looked, sub.Fault = s.Now(), came.Fault
	if came.Fault == nil {
		came.Origin.Address = sub.Origin.Address
		sub.Origin, sub.Blob = came.Origin, came.Blob
	}
	return s.Subscriptions.Looked(ctx, sub)
}

// counted tells how many bytes have been read.
type counted struct {
	io.Reader
	read, total int64
	progress    ProgressFunc
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += int64(n)
	c.progress(min(c.read, max(c.total, c.read)), c.total, "dataset.step_fetch")
	return n, err
}
