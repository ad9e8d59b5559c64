package register

import (
	"context"
	"time"

	"cultured/internal/actor"
)

// A Change is one state an entry had.
type Change struct {
	Revision int
	At       time.Time
	Person   string // identifier; "" for the program
	Verb     string // catalogue key
	State    Entry
}

// A Store keeps entries and every state they had. Every method checks the organisation.
type Store interface {
	// Add stores a new entry.
	Add(ctx context.Context, by actor.Actor, e Entry) error
	// All lists the entries of an organisation, deleted ones too, the oldest first.
	All(ctx context.Context, organisation string) ([]Entry, error)
	// Find returns one entry. Fault: NotFound "register.not_found".
	Find(ctx context.Context, organisation string, id ID) (Entry, error)
	// Change rewrites an entry. fn may run more than once, so it must be pure; an entry it leaves as it was is not counted.
	// Fault: NotFound "register.not_found".
	Change(ctx context.Context, by actor.Actor, id ID, verb string, fn func(*Entry) error) error
	// Log lists the states of one entry, the newest first.
	Log(ctx context.Context, organisation string, id ID) ([]Change, error)
}

// Subjects keeps what other rooms tell of forms and datasets with personal data. Every method checks the organisation.
type Subjects interface {
	// Put stores a subject as it is now.
	Put(ctx context.Context, s Subject) error
	// Drop forgets one; one that is not there is no error.
	Drop(ctx context.Context, organisation string, k Key) error
	// Subjects lists those of an organisation, by kind and title.
	Subjects(ctx context.Context, organisation string) ([]Subject, error)
}
