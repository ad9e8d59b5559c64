package learning

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/filetype"
)

// Bounds of what people attach.
const (
	FileMost  = 20_000_000  // bytes of one file
	FilesMost = 500_000_000 // bytes of all the files of one person
)

// A Content is a stored file, open.
type Content = interface {
	io.ReaderAt
	io.ReadSeekCloser
}

// A Shelf keeps the bytes of files, each under a hash no other stored file has: two people's are never one.
type Shelf interface {
	// Keep stores what r gives, for good when it returns. Fault: TooLarge "blob.too_large" beyond limit bytes.
	Keep(ctx context.Context, r io.Reader, limit int64) (hash string, err error)
	// Read opens a file. Fault: NotFound "blob.missing".
	Read(hash string) (Content, error)
	// Discard removes a file; what is absent is no error.
	Discard(hash string) error
}

// Files says which stored file a piece of evidence has.
type Files interface {
	// AddWith keeps a piece of evidence with its stored file, both or neither.
	AddWith(ctx context.Context, e Evidence, stored string) error
	// Stored is the file of a piece of evidence on the shelf. Fault: NotFound "learning.no_file".
	Stored(ctx context.Context, organisation string, of ID) (string, error)
	// Weight counts the bytes of the files of a person.
	Weight(ctx context.Context, organisation, person string) (int64, error)
	// Delete erases a piece of evidence for good, with all that names its readers. Its file is loose from then on.
	Delete(ctx context.Context, organisation string, of ID) error
	// Loose lists the files whose evidence is gone, until they are dropped.
	Loose(ctx context.Context) ([]string, error)
	// Drop forgets a loose file, whose bytes are gone.
	Drop(ctx context.Context, stored string) error
}

// An Upload is a file chosen to show work by. Body is read from its start and not closed.
type Upload struct {
	Name  string // as the person's machine calls it
	Bytes int64
	Body  Content
}

// judge says what the file is, or why it is not taken.
func (u Upload) judge() (filetype.Type, error) {
	name := filetype.Name(u.Name)
	switch {
	case u.Bytes == 0:
		return filetype.Type{}, fault.Field("file", "learning.file_empty", name)
	case u.Bytes > FileMost:
		return filetype.Type{}, fault.Field("file", "learning.file_large", name, FileMost/1_000_000)
	}
	found, ok := filetype.Recognise(u.Body, u.Bytes)
	switch {
	case !ok:
		return found, fault.Field("file", "learning.file_unknown", name)
	case !found.Fits(name):
		return found, fault.Field("file", "learning.file_lies", name, found)
	}
	return found, nil
}

// keep puts the file of a new piece of evidence on the shelf and says so in its artefact: what it is follows from its bytes, and its hash is theirs.
func (s *Service) keep(ctx context.Context, e *Evidence, u Upload) (stored string, err error) {
	found, err := u.judge()
	if err != nil {
		return "", err
	}
	weight, err := s.Files.Weight(ctx, e.Organisation, e.Person)
	if err != nil {
		return "", err
	}
	if weight+u.Bytes > FilesMost {
		return "", fault.Field("file", "learning.files_full", FilesMost/1_000_000)
	}
	if _, err := u.Body.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	sum := sha256.New()
	stored, err = s.Shelf.Keep(ctx, io.TeeReader(u.Body, sum), FileMost)
	a := &e.Artefact
	a.Name, a.Media, a.Bytes, a.Hash = filetype.Name(u.Name), found.Media, u.Bytes, hex.EncodeToString(sum.Sum(nil))
	if a.Address == "" {
		e.Source = a.Kind + ":sha256:" + a.Hash // the same file again is the same work
	}
	return stored, err
}

// addWith keeps a piece of evidence with its file, or neither.
func (s *Service) addWith(ctx context.Context, e Evidence, u Upload) error {
	stored, err := s.keep(ctx, &e, u)
	if err != nil {
		return err
	}
	if err := s.Files.AddWith(ctx, e, stored); err != nil {
		return errors.Join(err, s.Shelf.Discard(stored))
	}
	return nil
}

// Download opens the file of a piece of evidence for its person, and for those who may read it; whoever holds a link to a passport is none of them.
// Faults: those of [Service.Look]; NotFound "learning.no_file".
func (s *Service) Download(ctx context.Context, by actor.Actor, of ID) (_ Evidence, _ Content, err error) {
	defer fault.Wrap(&err, "learning.Download(%s)", of)
	e, err := s.Look(ctx, by, of)
	if err != nil {
		return e, nil, err
	}
	stored, err := s.Files.Stored(ctx, e.Organisation, e.ID)
	if err != nil {
		return e, nil, err
	}
	body, err := s.Shelf.Read(stored)
	return e, body, err
}

// Delete erases a piece of the actor's evidence for good, with its file, what was said of it and who could read it. typed must be its title, in any
// language it has. Levels follow from what is left; a badge that rested on it stands. Faults: SignIn "learning.sign_in"; NotFound
// "learning.no_evidence"; Invalid "learning.delete_title" of the field "confirm".
func (s *Service) Delete(ctx context.Context, by actor.Actor, of ID, typed string) (err error) {
	defer fault.Wrap(&err, "learning.Delete(%s)", of)
	if err := known(by); err != nil {
		return err
	}
	e, err := s.Store.Find(ctx, by.Organisation, of)
	if err == nil && e.Person != by.ID {
		err = fault.New(fault.NotFound, "learning.no_evidence")
	}
	if err != nil {
		return err
	}
	if !e.called(typed) {
		return fault.Field("confirm", "learning.delete_title")
	}
	if err := s.Files.Delete(ctx, by.Organisation, of); err != nil {
		return err
	}
	return s.Sweep(ctx)
}

// called says whether what was typed is the title: spaces, case and the shape of apostrophes do not matter.
func (e Evidence) called(typed string) bool {
	plain := func(text string) string {
		return strings.Join(strings.Fields(strings.ToLower(strings.NewReplacer("’", "'", "\u00a0", " ", "\u202f", " ").Replace(text))), " ")
	}
	titles := []string{}
	for _, title := range e.Artefact.Title {
		titles = append(titles, plain(title))
	}
	return slices.Contains(titles, plain(typed))
}

// Forget erases all of a person: evidence, files, links.
func (s *Service) Forget(ctx context.Context, organisation, person string) (err error) {
	defer fault.Wrap(&err, "learning.Forget")
	if err := s.Store.Forget(ctx, organisation, person); err != nil {
		return err
	}
	return s.Sweep(ctx)
}

// Sweep removes the files whose evidence is gone. It may run at any time, on every replica: a file is forgotten once its bytes are gone, so that what
// a crash cuts short is finished the next time.
func (s *Service) Sweep(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "learning.Sweep")
	loose, err := s.Files.Loose(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, stored := range loose {
		err := s.Shelf.Discard(stored)
		if err == nil {
			err = s.Files.Drop(ctx, stored)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
