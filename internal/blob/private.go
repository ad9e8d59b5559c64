package blob

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"cultured/internal/fault"
)

// Private keeps files in a store so that two people's never are one stored file: each lies behind a preamble of its own, drawn at random. Erasing
// one person's takes nobody else's, and nobody learns that another keeps the same.
type Private struct{ Store }

const (
	mark     = "Culture D form file\n" // the first rooms to have any were forms: files kept since then begin so
	drawn    = 16                      // bytes
	preamble = len(mark) + 2*drawn + 1
)

// Keep stores what r gives, for good when it returns, under a hash no other stored file has. Fault: TooLarge "blob.too_large" beyond limit bytes.
func (p Private) Keep(ctx context.Context, r io.Reader, limit int64) (hash string, err error) {
	defer fault.Wrap(&err, "blob.Keep")
	own := make([]byte, drawn)
	if _, err := rand.Read(own); err != nil {
		return "", err
	}
	b, err := p.Put(ctx, io.MultiReader(strings.NewReader(mark+hex.EncodeToString(own)+"\n"), r), limit+int64(preamble))
	return b.Hash, err
}

type content struct {
	*io.SectionReader
	io.Closer
}

// Read opens a file that was kept. Fault: NotFound "blob.missing", also for a file kept otherwise.
func (p Private) Read(hash string) (_ File, err error) {
	defer fault.Wrap(&err, "blob.Read")
	f, size, err := p.Open(hash)
	if err != nil {
		return nil, err
	}
	head := make([]byte, preamble)
	if _, err := f.ReadAt(head, 0); err != nil || !strings.HasPrefix(string(head), mark) {
		return nil, errors.Join(fault.New(fault.NotFound, "blob.missing"), err, f.Close())
	}
	return content{io.NewSectionReader(f, int64(preamble), size-int64(preamble)), f}, nil
}

// Discard removes a file; what is absent is no error.
func (p Private) Discard(hash string) error { return p.Delete(hash) }
