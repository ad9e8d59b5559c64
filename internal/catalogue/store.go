package catalogue

import (
	"context"

	"cultured/internal/actor"
)

// A Store keeps records and every text they had. Methods that take a person check the organisation.
type Store interface {
	// Add stores the first record of a dataset. Adding a second does nothing: two tabs open the same page.
	Add(ctx context.Context, by actor.Actor, r Record) error
	// OfDataset returns the record of a dataset. Faults: NotFound "catalogue.not_found".
	OfDataset(ctx context.Context, dataset string) (Record, error)
	// BySlug returns the record with a public address. Faults: NotFound "catalogue.not_found".
	BySlug(ctx context.Context, slug string) (Record, error)
	// At returns the record as it was saved as a version. Faults: NotFound "catalogue.not_found".
	At(ctx context.Context, id ID, version int) (Record, error)
	// Change rewrites a record. fn may run more than once, so it must be pure. verb is what the audit log says.
	Change(ctx context.Context, by actor.Actor, id ID, verb string, fn func(*Record) error) (Record, error)
	// Remove deletes the record of a dataset.
	Remove(ctx context.Context, by actor.Actor, dataset string) error
	// Since returns what changed after a mark, and the new mark: for the search index.
	Since(ctx context.Context, mark int64) (changed []Record, removed []ID, now int64, err error)
}

// A Desk is what the catalogue asks of the room that keeps the tables.
type Desk interface {
	// Facts says what a dataset by may see holds now.
	Facts(ctx context.Context, by actor.Actor, dataset string) (Holding, error)
	// Retitle gives the dataset the title of its record.
	Retitle(ctx context.Context, by actor.Actor, dataset, title string) error
}

// A Holding is a dataset as the catalogue needs to know it.
type Holding struct {
	Organisation string
	Service      string
	ServiceName  string
	Owner        string // person
	OwnerName    string
	Title        string
	Exercise     bool
	Version      int // current version of its table
	Facts        Facts
	Formats      []string // the table is given out in
	TableBytes   int64    // of the table as Parquet
	Columns      []Column
	Personal     []string // names of the columns where personal data is suspected
}
