package grid

import (
	"context"
	"time"

	"cultured/internal/dataset"
)

// An ID names a dataset.
type ID = dataset.ID

// A Place is the log of a dataset of an organisation.
type Place struct {
	Organisation string
	Dataset      ID
}

// A Presence is somebody who looks at a grid, and the cell they are on.
type Presence struct {
	Person string
	Name   string // as shown to colleagues
	Row    int64  // 0 for none
	Column string
	At     time.Time // when they last said so
}

// A Log keeps what people did, in order.
type Log interface {
	// After lists the operations of a log after a number, in order, at most limit of them; 0 for all.
	After(ctx context.Context, of Place, seq int64, limit int) ([]Op, error)
	// Append stores the operation that decide returns, given those after a number, under the next number of the log, which it begins when
	// there is none. Nobody else appends meanwhile. decide may run more than once. An operation of which nothing is to be stored is returned
	// without a number; one with the same key is returned as it was stored, without deciding anew. Faults: those of decide; NotFound
	// "dataset.not_found".
	Append(ctx context.Context, of Place, after int64, key string, decide func(since []Op) (Op, error)) (Op, error)
	// Stand says where somebody is now.
	Stand(ctx context.Context, of Place, p Presence) error
	// Leave forgets where somebody was, and those who said nothing since a time.
	Leave(ctx context.Context, of Place, person string, before time.Time) error
	// Here lists who said something since a time, by name; pulse grows with each operation and each Presence.
	Here(ctx context.Context, of Place, since time.Time) (pulse int64, here []Presence, err error)
	// Forget takes the name of a person away from what they did.
	Forget(ctx context.Context, organisation, person string) error
}
