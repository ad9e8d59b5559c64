package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
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

// Write writes the instance to w, while it runs. Blobs are listed twice, before and after the moment the tables are read: what the
// tables name existed before or appeared in between, so every file they name is in the backup even if it is deleted
// meanwhile.
func (i Instance) Write(ctx context.Context, w io.Writer, m Manifest) (err error) {
	defer fault.Wrap(&err, "backup.Write")
	stage, err := os.MkdirTemp(i.Temp, "backup-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(stage) }() // a leftover is swept at the next start
	held := map[string]bool{}
	if err := hold(ctx, i.Blobs, stage, held); err != nil {
		return err
	}
	tables, err := os.Create(path.Join(stage, "tables.ndjson"))
	if err != nil {
		return err
	}
	defer func() { _ = tables.Close() }() // read back below, nothing is lost
	if err := i.DB.Dump(ctx, tables); err != nil {
		return err
	}
	if err := hold(ctx, i.Blobs, stage, held); err != nil {
		return err
	}
	return pack(ctx, w, m, stage, held)
}

// hold links every blob not yet held into the stage, so that deleting it does not take it from us.
func hold(ctx context.Context, blobs blob.Store, stage string, held map[string]bool) error {
	for b, err := range blobs.List(ctx) {
		if err != nil {
			return err
		}
		if held[b.Hash] {
			continue
		}
		from, err := blobs.Path(b.Hash)
		if fault.KindOf(err) == fault.NotFound {
			continue // deleted since it was listed
		}
		if err != nil {
			return err
		}
		if err := os.Link(from, path.Join(stage, b.Hash)); os.IsNotExist(err) {
			continue
		} else if err != nil {
			return err
		}
		held[b.Hash] = true
	}
	return nil
}

func pack(ctx context.Context, w io.Writer, m Manifest, stage string, held map[string]bool) error {
	z := gzip.NewWriter(w)
	out := tar.NewWriter(z)
	m.Format = format
	head, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := out.WriteHeader(&tar.Header{Name: "manifest.json", Size: int64(len(head)), Mode: 0o600, ModTime: m.At}); err != nil {
		return err
	}
	if _, err := out.Write(head); err != nil {
		return err
	}
	if err := add(out, path.Join(stage, "tables.ndjson"), "tables.ndjson", m.At); err != nil {
		return err
	}
	for hash := range held {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := add(out, path.Join(stage, hash), "blobs/"+hash, m.At); err != nil {
			return err
		}
	}
	if err := out.Close(); err != nil {
		return err
	}
	return z.Close()
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

// Read fills the empty, migrated instance from what Write wrote.
// Faults: Invalid "backup.broken", "backup.newer".
func (i Instance) Read(ctx context.Context, r io.Reader) (m Manifest, err error) {
	defer fault.Wrap(&err, "backup.Read")
	z, err := gzip.NewReader(r)
	if err != nil {
		return m, fault.New(fault.Invalid, "backup.broken").Because(err)
	}
	in := tar.NewReader(z)
	loaded := false
	for {
		h, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return m, fault.New(fault.Invalid, "backup.broken").Because(err)
		}
		switch {
		case h.Name == "manifest.json":
			if err := json.NewDecoder(in).Decode(&m); err != nil {
				return m, fault.New(fault.Invalid, "backup.broken").Because(err)
			}
			if m.Format > format {
				return m, fault.New(fault.Invalid, "backup.newer", m.Version)
			}
		case h.Name == "tables.ndjson" && m.Format > 0:
			if err := i.DB.Load(ctx, in); err != nil {
				return m, err
			}
			loaded = true
		case path.Dir(h.Name) == "blobs" && loaded:
			b, err := i.Blobs.Put(ctx, in, 0)
			if err != nil {
				return m, err
			}
			if b.Hash != path.Base(h.Name) {
				return m, fault.New(fault.Invalid, "backup.broken").Because(fmt.Errorf("%s holds %s", h.Name, b.Hash))
			}
		default:
			return m, fault.New(fault.Invalid, "backup.broken").Because(fmt.Errorf("unexpected %q", h.Name))
		}
	}
	if !loaded {
		return m, fault.New(fault.Invalid, "backup.broken")
	}
	return m, nil
}
