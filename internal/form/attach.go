package form

import (
	"context"
	"errors"
	"io"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/filetype"
	"cultured/internal/id"
)

// A Content is a stored file, open.
type Content = interface {
	io.ReaderAt
	io.ReadSeekCloser
}

// A Shelf keeps the bytes of files, each under a hash no other stored file has.
type Shelf interface {
	// Keep stores what r gives, for good when it returns. Fault: TooLarge "blob.too_large" beyond limit bytes.
	Keep(ctx context.Context, r io.Reader, limit int64) (hash string, err error)
	// Read opens a file. Fault: NotFound "blob.missing".
	Read(hash string) (Content, error)
	// Discard removes a file; what is absent is no error.
	Discard(hash string) error
}

// Files says which files answers have, and which wait for one.
type Files interface {
	// Hold notes a file that waits.
	Hold(ctx context.Context, a Attachment) error
	// Held lists the files chosen under a ticket, the oldest first.
	Held(ctx context.Context, of ID, nonce string) ([]Attachment, error)
	// Waiting counts the bytes of the files that wait for answers to a form.
	Waiting(ctx context.Context, of ID) (int64, error)
	// File finds a file of an answer. Fault: NotFound "form.file_gone_now".
	File(ctx context.Context, organisation string, of ID, answer AnswerID, id string) (Attachment, error)
	// Loose takes out of reach the files that no answer has: those erased, and those that have waited since before a moment. It
	// lists them until they are forgotten.
	Loose(ctx context.Context, before time.Time) ([]Attachment, error)
	// Forget drops the note of a loose file, whose bytes are gone.
	Forget(ctx context.Context, id string) error
}

// An Upload is a file chosen on the page of a form.
type Upload struct {
	Sent  Submission // the page it came with; Typed is not looked at
	Block string     // name of the block
	Name  string     // as the visitor's machine calls it
	Bytes int64
	Body  Content
}

// Attach keeps a file until the answer comes that it was chosen for: [HeldFor] at most. Nothing of what is refused is kept. Faults:
// those of [Service.Submit] but of the answers; of the block's field those of [Block.Judge], Invalid "form.file_many"; Busy
// "form.files_rest" when too many files wait for this form.
func (s *Service) Attach(ctx context.Context, by actor.Actor, of ID, up Upload) (a Attachment, err error) {
	defer fault.Wrap(&err, "form.Attach(%s)", of)
	ticket, f, err := s.admit(ctx, by, of, up.Sent)
	if err != nil {
		return a, err
	}
	if err := s.Ready(ctx, f); err != nil {
		return a, err
	}
	at := f.Find(up.Block)
	if at < 0 || !f.Blocks[at].Kind.Attaches() {
		return a, fault.New(fault.NotFound, "form.block_gone")
	}
	b, now := f.Blocks[at], s.Now()
	a = Attachment{ID: id.New(now), Form: of, Nonce: ticket.Nonce, Block: b.Name, Name: filetype.Name(up.Name), Bytes: up.Bytes, At: now}
	found, wrong := b.Judge(a.Name, a.Bytes, up.Body)
	if wrong != nil {
		return a, wrong
	}
	a.Media = found.Media
	if err := s.roomFor(ctx, a, b); err != nil {
		return a, err
	}
	if _, err := up.Body.Seek(0, io.SeekStart); err != nil {
		return a, err
	}
	if a.Hash, err = s.Shelf.Keep(ctx, up.Body, FileMost); err != nil {
		return a, err
	}
	return a, s.Files.Hold(ctx, a)
}

// roomFor says whether one more file may wait.
func (s *Service) roomFor(ctx context.Context, a Attachment, b Block) error {
	held, err := s.Files.Held(ctx, a.Form, a.Nonce)
	if err != nil {
		return err
	}
	if len(held) >= HeldMost {
		return fault.Field(b.Field(), "form.file_many", b.Label, MostFiles(b))
	}
	waiting, err := s.Files.Waiting(ctx, a.Form)
	if err == nil && waiting+a.Bytes > WaitingMost {
		err = fault.New(fault.Busy, "form.files_rest")
	}
	return err
}

// Resolve puts the files chosen under a ticket in the place of their numbers, as values of an answer. What is not among them stays as
// it was typed, and [Form.Read] refuses it.
func (s *Service) Resolve(ctx context.Context, f Form, sealed string, typed Values) (_ Values, err error) {
	defer fault.Wrap(&err, "form.Resolve(%s)", f.ID)
	ticket, ok := OpenTicket(s.Key, sealed)
	if !ok || !f.Attaches() {
		return typed, nil
	}
	held, err := s.Files.Held(ctx, f.ID, ticket.Nonce)
	if err != nil {
		return nil, err
	}
	out := Values{}
	for name, texts := range typed {
		out[name] = texts
	}
	for _, b := range f.Blocks {
		if !b.Kind.Attaches() || len(typed[b.Name]) == 0 {
			continue
		}
		values := []string{}
		for _, number := range typed[b.Name] {
			value := "?" // no number of this page's: refused
			for _, a := range held {
				if a.ID == number && a.Block == b.Name {
					value = a.Value()
				}
			}
			values = append(values, value)
		}
		out[b.Name] = values
	}
	return out, nil
}

// Download opens a file of an answer for somebody who may read it. Faults: those of [Service.Request]; NotFound "form.file_gone_now".
func (s *Service) Download(ctx context.Context, by actor.Actor, of ID, answer AnswerID, number string) (a Attachment, _ Content, err error) {
	defer fault.Wrap(&err, "form.Download(%s)", of)
	if _, err := s.Look(ctx, by, of); err != nil {
		return a, nil, err
	}
	if a, err = s.Files.File(ctx, by.Organisation, of, answer, number); err != nil {
		return a, nil, err
	}
	c, err := s.Shelf.Read(a.Hash)
	return a, c, err
}

// Sweep removes the files of answers that were erased and those that waited too long. It may run at any time, on every replica: a
// file whose bytes are gone is forgotten after, so that what a crash cuts short is finished the next time.
func (s *Service) Sweep(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "form.Sweep")
	loose, err := s.Files.Loose(ctx, s.Now().Add(-HeldFor))
	if err != nil {
		return err
	}
	var errs []error
	for _, a := range loose {
		err := s.Shelf.Discard(a.Hash)
		if err == nil {
			err = s.Files.Forget(ctx, a.ID)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
