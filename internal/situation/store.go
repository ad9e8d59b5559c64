package situation

import (
	"context"
	"time"

	"cultured/internal/actor"
)

// A Change is one state a record had.
type Change struct {
	Revision int
	At       time.Time
	Person   string // identifier; "" for the program
	Verb     string // catalogue key
	State    Situation
}

// A Store keeps records and every state they had. Every method checks the organisation.
type Store interface {
	// Add stores new records, all or none.
	Add(ctx context.Context, by actor.Actor, list []Situation, verb string) error
	// All lists the records of an organisation, retired ones too, the oldest first.
	All(ctx context.Context, organisation string) ([]Situation, error)
	// Find returns one record. Fault: NotFound "situation.not_found".
	Find(ctx context.Context, organisation string, id ID) (Situation, error)
	// Change rewrites records together. fn may run more than once, so it must be pure; a record it leaves as it was is not
	// counted. Fault: NotFound "situation.not_found".
	Change(ctx context.Context, by actor.Actor, ids []ID, verb string, fn func([]*Situation) error) error
	// Log lists the states of one record, the newest first.
	Log(ctx context.Context, organisation string, id ID) ([]Change, error)
}

// Actions keeps what was decided about the gaps of the map. Every method checks the organisation.
type Actions interface {
	// AddAction stores a new one.
	AddAction(ctx context.Context, by actor.Actor, a Action) error
	// Actions lists those of an organisation, the oldest first.
	Actions(ctx context.Context, organisation string) ([]Action, error)
	// FindAction returns one. Fault: NotFound "situation.no_action".
	FindAction(ctx context.Context, organisation string, id ID) (Action, error)
	// ChangeAction rewrites one. fn may run more than once, so it must be pure. Fault: NotFound "situation.no_action".
	ChangeAction(ctx context.Context, by actor.Actor, id ID, verb string, fn func(*Action) error) error
}
