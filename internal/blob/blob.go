package blob

import (
	"context"
	"io"
	"iter"
	"time"
)

// Blob names one stored file.
type Blob struct {
	Hash     string    // SHA-256 of the bytes, 64 lower-case hexadecimal digits
	Bytes    int64     // size, ≥ 0
	Modified time.Time // when it was stored; told by List only
}

// File is an open stored file: it can be read from any offset, by several goroutines through ReadAt.
type File = interface {
	io.ReaderAt
	io.ReadSeekCloser
}

// Store keeps immutable files by their content. Every method may be called from several goroutines.
type Store interface {
	// Put copies r to the store. It reads at most limit+1 bytes: over limit (bytes; ≤ 0 means no limit) it keeps nothing
	// and fails with the TooLarge fault "blob.too_large". A read error or a cancelled ctx keeps nothing either.
	Put(ctx context.Context, r io.Reader, limit int64) (Blob, error)
	// Open gives the file and its size in bytes. Faults: NotFound "blob.missing".
	Open(hash string) (File, int64, error)
	// Path gives a path on this machine where the file can be read for as long as it is not deleted; for engines that
	// read files by name. Faults: NotFound "blob.missing".
	Path(hash string) (string, error)
	// Has reports whether the file is here.
	Has(hash string) bool
	// Delete removes the file; removing what is absent is not an error.
	Delete(hash string) error
	// Adopt moves a finished file of this machine (a Parquet just written) into the store; path is gone afterwards.
	Adopt(ctx context.Context, path string) (Blob, error)
	// List yields every stored file in the order of the hashes, to find those nothing refers to any more.
	List(ctx context.Context) iter.Seq2[Blob, error]
}

// hashLength is the number of hexadecimal digits of a SHA-256.
const hashLength = 64

// ValidHash reports whether s has the shape of a hash. Anything else is refused before it can become a path.
func ValidHash(s string) bool {
	if len(s) != hashLength {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
