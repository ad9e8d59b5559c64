// Package formfile keeps the files that people attach to answers. Each lies behind a preamble of its own, drawn at random, so that two
// people's files never are one stored file: erasing one person's takes nobody else's, and nobody learns that another sent the same.
package formfile

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"cultured/internal/blob"
	"cultured/internal/fault"
	"cultured/internal/form"
)

// A Shelf implements [form.Shelf].
type Shelf struct{ Blobs blob.Store }

const (
	mark     = "Culture D form file\n"
	drawn    = 16 // bytes
	preamble = len(mark) + 2*drawn + 1
)

// Keep implements [form.Shelf].
func (s Shelf) Keep(ctx context.Context, r io.Reader, limit int64) (_ string, err error) {
	defer fault.Wrap(&err, "formfile.Keep")
	own := make([]byte, drawn)
	if _, err := rand.Read(own); err != nil {
		return "", err
	}
	b, err := s.Blobs.Put(ctx, io.MultiReader(strings.NewReader(mark+hex.EncodeToString(own)+"\n"), r), limit+int64(preamble))
	return b.Hash, err
}

type content struct {
	*io.SectionReader
	io.Closer
}

// Read implements [form.Shelf].
func (s Shelf) Read(hash string) (_ form.Content, err error) {
	defer fault.Wrap(&err, "formfile.Read")
	f, size, err := s.Blobs.Open(hash)
	if err != nil {
		return nil, err
	}
	head := make([]byte, preamble)
	if _, err := f.ReadAt(head, 0); err != nil || !strings.HasPrefix(string(head), mark) {
		return nil, errors.Join(fault.New(fault.NotFound, "blob.missing"), err, f.Close())
	}
	return content{io.NewSectionReader(f, int64(preamble), size-int64(preamble)), f}, nil
}

// Discard implements [form.Shelf].
func (s Shelf) Discard(hash string) error { return s.Blobs.Delete(hash) }
