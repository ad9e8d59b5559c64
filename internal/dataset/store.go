package dataset

import (
	"context"
	"io"
	"iter"
	"time"

	"cultured/internal/actor"
	"cultured/internal/finding"
)

// Checks keeps checks. Each change and the job that follows from it are one transaction.
type Checks interface {
	// Add stores new checks, all or none, and queues their examination; it returns the job of the first.
	Add(ctx context.Context, all ...Check) (job string, err error)
	// Find returns a check. Faults: NotFound "dataset.check_gone".
	Find(ctx context.Context, id CheckID) (Check, error)
	// Again stores the source of a check that is not running and queues its examination anew.
	// Faults: Conflict "dataset.check_running".
	Again(ctx context.Context, c Check) (job string, err error)
	// Finish stores the outcome or the fault of a running check. One that is gone, or was stopped, stays as it is.
	Finish(ctx context.Context, c Check) error
	// Drop forgets a check. Dropping one that is gone is no error.
	Drop(ctx context.Context, id CheckID) error
	// Expired lists checks past their time, the oldest first; one that still runs has a day more.
	Expired(ctx context.Context, now time.Time, limit int) ([]CheckID, error)
	// Revive queues anew the examination of every running check, and counts them: after a restore the queue is empty.
	Revive(ctx context.Context) (int, error)
}

// Packages finds the checks of one archive.
type Packages interface {
	// Tables lists the checks of a package that are not forgotten, in the order of its tables; none for a lone one.
	Tables(ctx context.Context, of CheckID) ([]Check, error)
}

// Datasets keeps datasets and their versions. Every method checks the organisation.
type Datasets interface {
	// Create stores a dataset with its first version and drops the check it came from, if any.
	// Faults: NotFound "dataset.check_gone".
	Create(ctx context.Context, by actor.Actor, d Dataset, v Version, from CheckID) error
	// Find returns a dataset with what is pending on it. Faults: NotFound "dataset.not_found".
	Find(ctx context.Context, organisation string, id ID) (Dataset, error)
	// List returns the datasets of an organisation, the latest changed first.
	List(ctx context.Context, organisation string) ([]Dataset, error)
	// AddVersion makes v the current version, if base still is. It drops the check v came from, if any, which must still be
	// running: what was stopped makes no version. Faults: Conflict "dataset.changed_meanwhile", "dataset.cancelled".
	AddVersion(ctx context.Context, by actor.Actor, v Version, base int, from CheckID) error
	// Versions lists the versions of a dataset, the latest first, without their reports' details.
	Versions(ctx context.Context, organisation string, id ID) ([]Version, error)
	// Version returns one version, whoever asks: callers know that they may. Faults: NotFound "dataset.not_found".
	Version(ctx context.Context, id ID, number int) (Version, error)
	// Change rewrites title and dictionary of a dataset. fn may run more than once, so it must be pure.
	Change(ctx context.Context, by actor.Actor, id ID, verb string, fn func(*Dataset) error) (Dataset, error)
}

// Graves is where datasets end, and what says which blobs still live.
type Graves interface {
	// Delete removes a dataset with its versions and the checks on their way to it, and returns the blobs they held. detail is told with the event.
	Delete(ctx context.Context, by actor.Actor, id ID, detail map[string]any) (blobs []string, err error)
	// Passing is the size of the files visitors have handed in that are not forgotten yet, in bytes.
	Passing(ctx context.Context) (int64, error)
	// Uses counts the checks and versions that hold a blob.
	Uses(ctx context.Context, blob string) (int, error)
}

// A File is stored bytes, open for reading.
type File interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// A Shelf keeps files: sources, tables, findings.
type Shelf interface {
	// Receive stores what r gives. A cut transfer leaves nothing. Faults: TooLarge "blob.too_large".
	Receive(ctx context.Context, r io.Reader) (blob string, bytes int64, err error)
	// Read opens a stored file.
	Read(blob string) (File, error)
	// Table writes rows as a typed table and stores it.
	Table(ctx context.Context, columns []StorageColumn, rows iter.Seq2[StorageRow, error]) (blob string, bytes int64, err error)
	// Spool collects findings, in bounded memory.
	Spool() (Spool, error)
	// Discard removes a stored file.
	Discard(blob string) error
	// List gives every stored file; one may be discarded meanwhile. It stops at the first error, which is the last pair.
	List(ctx context.Context) iter.Seq2[Stored, error]
}

// A Stored is a file on the shelf.
type Stored struct {
	Blob string
	At   time.Time // when it was stored
}

// A Spool collects the findings of one examination.
type Spool interface {
	// Add takes one more.
	Add(f finding.Finding) error
	// Keep stores them all as a table and returns its blob, "" when there are none.
	Keep(ctx context.Context) (blob string, err error)
	// Close releases what the spool holds; after Keep too.
	Close()
}

// Tables answers questions about stored tables.
type Tables interface {
	// Rows returns a page of rows. Faults: Invalid "dataset.bad_cursor", and those of the engine: "duck.unknown_column",
	// "duck.bad_value", "duck.bad_page".
	Rows(ctx context.Context, table string, q Query) (Page, error)
	// Aggregate returns groups and their measures.
	Aggregate(ctx context.Context, table string, a Aggregation) (Page, error)
	// Crowds counts the groups of rows that are alike, by their size, the smallest first. Faults: those of the engine.
	Crowds(ctx context.Context, table string, ask CrowdAsk) ([]Crowd, error)
	// Findings returns findings in the order of their rows.
	Findings(ctx context.Context, blob string, q FindingQuery) ([]finding.Finding, error)
	// Export writes a whole table in a format of [Formats].
	Export(ctx context.Context, table string, format Format, w io.Writer) error
	// Sift writes what a sifting leaves of a table.
	Sift(ctx context.Context, table string, sifting Sifting, format Format, w io.Writer) error
}
