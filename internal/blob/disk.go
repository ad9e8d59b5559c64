package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"cultured/internal/fault"
)

const (
	tempFolder = "tmp"
	copyChunk  = 256 << 10 // bytes read between two looks at the context
)

// Disk is a Store in one folder: files in ab/cd/<hash>, unfinished ones in tmp, where each process has a folder of its
// own. One process writes and deletes; others may read, to make a backup.
type Disk struct {
	dir  string
	temp string
	lock *os.File // held while the process lives: see claim
	// placing keeps a Delete from slipping between "it is already here" and the use of that answer.
	placing sync.Mutex
}

// OpenDisk opens the store in dir, made if absent, and removes what crashed processes left unfinished in dir/tmp.
func OpenDisk(dir string) (_ *Disk, err error) {
	defer fault.Wrap(&err, "blob.OpenDisk(%s)", dir)
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	temp, lock, err := claim(filepath.Join(dir, tempFolder))
	if err != nil {
		return nil, err
	}
	return &Disk{dir: dir, temp: temp, lock: lock}, nil
}

// TempDir is this process's folder on the same disk as the store: a file written there is adopted by a rename, and what
// a crash leaves there is removed at the next start.
func (d *Disk) TempDir() string { return d.temp }

// Put implements Store.
func (d *Disk) Put(ctx context.Context, r io.Reader, limit int64) (_ Blob, err error) {
	defer fault.Wrap(&err, "blob.Put")
	temp, err := os.CreateTemp(d.TempDir(), "put-*") // mode 0600
	if err != nil {
		return Blob{}, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(temp.Name())))
		}
	}()
	sum := sha256.New()
	size, err := copyLimited(ctx, io.MultiWriter(temp, sum), r, limit)
	if err == nil {
		err = temp.Sync()
	}
	if err := errors.Join(err, temp.Close()); err != nil {
		return Blob{}, err
	}
	return d.place(temp.Name(), sum, size)
}

// Adopt implements Store. A path on another disk is copied.
func (d *Disk) Adopt(ctx context.Context, path string) (_ Blob, err error) {
	defer fault.Wrap(&err, "blob.Adopt(%s)", path)
	file, err := os.Open(path)
	if err != nil {
		return Blob{}, err
	}
	defer file.Close()
	if !d.owns(path) {
		kept, err := d.Put(ctx, file, 0)
		if err != nil {
			return Blob{}, err
		}
		return kept, os.Remove(path)
	}
	sum := sha256.New()
	size, err := copyLimited(ctx, sum, file, 0)
	if err != nil {
		return Blob{}, err
	}
	if err := errors.Join(file.Chmod(0o600), file.Sync()); err != nil {
		return Blob{}, err
	}
	return d.place(path, sum, size)
}

// owns reports whether a rename from path into the store is possible without a copy.
func (d *Disk) owns(path string) bool {
	absolute, err := filepath.Abs(path)
	return err == nil && filepath.Dir(absolute) == d.TempDir()
}

// place renames a finished file to the name of its content.
func (d *Disk) place(temp string, sum hash.Hash, size int64) (Blob, error) {
	kept := Blob{Hash: hex.EncodeToString(sum.Sum(nil)), Bytes: size}
	final := d.pathOf(kept.Hash)
	d.placing.Lock()
	defer d.placing.Unlock()
	if info, err := os.Stat(final); err == nil && info.Size() == size {
		return kept, os.Remove(temp)
	}
	folder := filepath.Dir(final)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return Blob{}, err
	}
	if err := os.Rename(temp, final); err != nil {
		return Blob{}, err
	}
	// The rename, and the folders it needed, are entries of folders: they too must reach the disk.
	for _, each := range []string{folder, filepath.Dir(folder), d.dir} {
		if err := syncFolder(each); err != nil {
			return Blob{}, err
		}
	}
	return kept, nil
}

// Open implements Store.
func (d *Disk) Open(hash string) (_ File, _ int64, err error) {
	defer fault.Wrap(&err, "blob.Open(%s)", hash)
	path, err := d.Path(hash)
	if err != nil {
		return nil, 0, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, missing(err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, info.Size(), nil
}

// Path implements Store.
func (d *Disk) Path(hash string) (string, error) {
	if !ValidHash(hash) {
		return "", fault.New(fault.NotFound, "blob.missing")
	}
	path := d.pathOf(hash)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("blob.Path(%s): %w", hash, missing(err))
	}
	return path, nil
}

// Has implements Store.
func (d *Disk) Has(hash string) bool {
	_, err := d.Path(hash)
	return err == nil
}

// Delete implements Store. A reader that has the file open keeps reading it; see [HoldPrefix] for others.
func (d *Disk) Delete(hash string) error {
	if !ValidHash(hash) {
		return nil
	}
	d.placing.Lock()
	defer d.placing.Unlock()
	path := d.pathOf(hash)
	if err := spare(filepath.Join(d.dir, tempFolder), path); err != nil {
		return err
	}
	return ignoreMissing(os.Remove(path))
}

// List implements Store.
func (d *Disk) List(ctx context.Context) iter.Seq2[Blob, error] {
	return func(yield func(Blob, error) bool) {
		err := filepath.WalkDir(d.dir, func(path string, entry fs.DirEntry, err error) error {
			if err := errors.Join(err, ctx.Err()); err != nil {
				return err
			}
			if entry.IsDir() {
				if path == filepath.Join(d.dir, tempFolder) {
					return fs.SkipDir
				}
				return nil
			}
			if !ValidHash(entry.Name()) {
				return nil
			}
			info, err := entry.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil // deleted meanwhile
			}
			if err != nil {
				return err
			}
			if !yield(Blob{Hash: entry.Name(), Bytes: info.Size(), Modified: info.ModTime()}, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(Blob{}, fmt.Errorf("blob.List: %w", err))
		}
	}
}

// pathOf spreads the files over 65,536 folders, so that no folder grows slow to list.
func (d *Disk) pathOf(hash string) string { return filepath.Join(d.dir, hash[:2], hash[2:4], hash) }

// copyLimited copies r to w, failing beyond limit bytes (≤ 0: none), and looks at ctx between chunks.
func copyLimited(ctx context.Context, w io.Writer, r io.Reader, limit int64) (int64, error) {
	var total int64
	buffer := make([]byte, copyChunk)
	for {
		if err := ctx.Err(); err != nil {
			return total, err
		}
		n, err := r.Read(buffer)
		total += int64(n)
		if limit > 0 && total > limit {
			return total, fault.New(fault.TooLarge, "blob.too_large", limit)
		}
		if _, err := w.Write(buffer[:n]); err != nil {
			return total, err
		}
		if errors.Is(err, io.EOF) {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

// syncFolder forces a folder's entries to the disk.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	err = folder.Sync()
	// Some file systems cannot sync a folder and say "invalid argument"; the rename is then as safe as they make it.
	if err != nil && strings.Contains(err.Error(), "invalid argument") {
		err = nil
	}
	return errors.Join(err, folder.Close())
}

func missing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NotFound, "blob.missing").Because(err)
	}
	return err
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
