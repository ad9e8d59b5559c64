package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"cultured/internal/blob"
	"cultured/internal/db"
	"cultured/internal/fault"
)

// format counts the changes of the file's layout.
const format = 1

// A Manifest opens the file.
type Manifest struct {
	Format  int       `json:"format"`
	At      time.Time `json:"at"`
	Version string    `json:"version"` // of the program that wrote it
}

// An Instance is what a backup is made of.
type Instance struct {
	DB    *db.DB
	Blobs blob.Store
	Temp  string // folder on the disk of the blobs
}

// Write writes the instance to w while it runs. Every file the tables name is in the backup: before the tables are read
// it asks the store to spare what is deleted from then on (see [blob.HoldPrefix]), and lists the store after.
func (i Instance) Write(ctx context.Context, w io.Writer, m Manifest) (err error) {
	defer fault.Wrap(&err, "backup.Write")
	stage, err := os.MkdirTemp(i.Temp, blob.HoldPrefix)
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(stage) }() // a leftover is swept at the next start
	tables, err := os.Create(filepath.Join(stage, tablesName))
	if err != nil {
		return err
	}
	if err := errors.Join(i.DB.Dump(ctx, tables), tables.Close()); err != nil {
		return err
	}
	if err := i.hold(ctx, stage); err != nil {
		return err
	}
	return pack(ctx, w, m, stage)
}

// hold links every blob into the stage, so that deleting it does not take it from us.
func (i Instance) hold(ctx context.Context, stage string) error {
	for b, err := range i.Blobs.List(ctx) {
		if err != nil {
			return err
		}
		from, err := i.Blobs.Path(b.Hash)
		if fault.KindOf(err) == fault.NotFound {
			continue // deleted since it was listed: spared already, if it mattered
		}
		if err != nil {
			return err
		}
		err = os.Link(from, filepath.Join(stage, b.Hash))
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

const (
	manifestName = "manifest.json"
	tablesName   = "tables.ndjson"
	blobsFolder  = "blobs"
)

// pack writes the manifest, the blobs, and last the tables: they make an instance of what came before.
func pack(ctx context.Context, w io.Writer, m Manifest, stage string) error {
	z := gzip.NewWriter(w)
	out := tar.NewWriter(z)
	m.Format = format
	head, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := out.WriteHeader(&tar.Header{Name: manifestName, Size: int64(len(head)), Mode: 0o600, ModTime: m.At}); err != nil {
		return err
	}
	if _, err := out.Write(head); err != nil {
		return err
	}
	held, err := os.ReadDir(stage)
	if err != nil {
		return err
	}
	for _, e := range held {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !blob.ValidHash(e.Name()) {
			continue
		}
		if err := add(out, filepath.Join(stage, e.Name()), path.Join(blobsFolder, e.Name()), m.At); err != nil {
			return err
		}
	}
	if err := add(out, filepath.Join(stage, tablesName), tablesName, m.At); err != nil {
		return err
	}
	return errors.Join(out.Close(), z.Close())
}

func add(out *tar.Writer, file, name string, at time.Time) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // read only
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := out.WriteHeader(&tar.Header{Name: name, Size: info.Size(), Mode: 0o600, ModTime: at}); err != nil {
		return err
	}
	_, err = io.Copy(out, f)
	return err
}
