package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"

	"cultured/internal/blob"
	"cultured/internal/db"
	"cultured/internal/fault"
)

// Read fills the empty, migrated instance from what Write wrote. The tables are committed only once the file has been
// read, and its checksum found right, to the last byte; on failure the blobs that were not here before are removed.
// Faults: Invalid "backup.broken", "backup.newer".
func (i Instance) Read(ctx context.Context, r io.Reader) (m Manifest, err error) {
	defer fault.Wrap(&err, "backup.Read")
	in := &reading{Instance: i}
	defer func() {
		if err != nil {
			err = errors.Join(err, in.undo())
		}
	}()
	z, err := gzip.NewReader(r)
	if err != nil {
		return m, broken(err)
	}
	in.gz, in.tar = z, tar.NewReader(z)
	h, err := in.tar.Next()
	if err != nil || h.Name != manifestName || json.NewDecoder(in.tar).Decode(&m) != nil || m.Format < 1 {
		return m, broken(err)
	}
	if m.Format > format {
		return m, fault.New(fault.Invalid, "backup.newer", m.Version)
	}
	for {
		if h, err = in.tar.Next(); err != nil {
			return m, broken(err)
		}
		if h.Name == tablesName {
			return m, in.tables(ctx, m)
		}
		if err := in.blob(ctx, h.Name); err != nil {
			return m, err
		}
	}
}

func broken(cause error) error { return fault.New(fault.Invalid, "backup.broken").Because(cause) }

// A reading is one restoration under way.
type reading struct {
	Instance
	gz     *gzip.Reader
	tar    *tar.Reader
	fresh  []string // blobs that were not here before
	failed error    // of the file, not of the machine
}

// Read gives the current entry and notes where the file itself is at fault.
func (in *reading) Read(p []byte) (int, error) {
	n, err := in.tar.Read(p)
	if err != nil && err != io.EOF {
		in.failed = err
	}
	return n, err
}

func (in *reading) blob(ctx context.Context, name string) error {
	hash := path.Base(name)
	if name != path.Join(blobsFolder, hash) || !blob.ValidHash(hash) {
		return broken(fmt.Errorf("unexpected %q", name))
	}
	had := in.Blobs.Has(hash)
	b, err := in.Blobs.Put(ctx, in, 0)
	if in.failed != nil {
		return broken(in.failed)
	}
	if err != nil {
		return err
	}
	if !had {
		in.fresh = append(in.fresh, b.Hash)
	}
	if b.Hash != hash {
		return broken(fmt.Errorf("%s holds %s", name, b.Hash))
	}
	return nil
}

// tables loads the last entry. The loader sees the end of it only when the end of the file is as it should be.
func (in *reading) tables(ctx context.Context, m Manifest) error {
	err := in.DB.Load(ctx, io.MultiReader(in, ending{in}))
	_, syntax := errors.AsType[*json.SyntaxError](err)
	switch {
	case in.failed != nil:
		return broken(in.failed)
	case syntax, errors.Is(err, io.ErrUnexpectedEOF):
		return broken(err)
	case errors.Is(err, db.Unknown):
		return fault.New(fault.Invalid, "backup.newer", m.Version).Because(err)
	}
	return err
}

// An ending is empty, and fails if the file does not end here.
type ending struct{ *reading }

func (e ending) Read([]byte) (int, error) {
	h, err := e.tar.Next()
	switch {
	case err == nil:
		e.failed = fmt.Errorf("unexpected %q", h.Name)
	case err != io.EOF:
		e.failed = err
	default: // what is left must be what a tar ends with, and the checksum after it
		_, e.failed = io.Copy(io.Discard, e.gz)
	}
	if e.failed != nil {
		return 0, e.failed
	}
	return 0, io.EOF
}

func (in *reading) undo() error {
	var errs []error
	for _, hash := range in.fresh {
		errs = append(errs, in.Blobs.Delete(hash))
	}
	return errors.Join(errs...)
}
