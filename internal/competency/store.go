package competency

import (
	"context"

	"cultured/internal/actor"
)

// A Deed is what an act is called in the change log and the audit log, and why it was done.
type Deed struct {
	Verb string // catalogue key
	Note string
}

// A LogQuery narrows a change log.
type LogQuery struct {
	Item   ItemID // only changes of this item; "" is all
	Only   int    // only this revision; 0 is all
	Before int    // revisions before this one; 0 is from the newest
	Limit  int    // of changes; 0 is 100
}

// A Store keeps frameworks, their versions and their change logs. Every method checks the organisation.
type Store interface {
	// Add stores a framework new to its organisation, and its first version if it has one. Fault: Conflict
	// "competency.framework_exists".
	Add(ctx context.Context, by actor.Actor, k Kept, d Deed) error
	// All lists the frameworks of an organisation, the oldest first.
	All(ctx context.Context, organisation string) ([]Kept, error)
	// Find returns one framework. Fault: NotFound "competency.not_found".
	Find(ctx context.Context, organisation string, id ID) (Kept, error)
	// Change rewrites a framework, keeps what changed and tells the other rooms. fn may run more than once, so it must be
	// pure. What fn returns as superseded is told by events of its own. Fault: NotFound "competency.not_found".
	Change(ctx context.Context, by actor.Actor, id ID, d Deed, fn func(*Kept) ([]Superseded, error)) (Kept, error)
	// Log lists changes, the newest first. An act is never cut: all its changes come, or none.
	Log(ctx context.Context, organisation string, id ID, q LogQuery) ([]Change, error)
	// Versions lists the versions, the newest first, without their frameworks; with its framework when number is not 0.
	Versions(ctx context.Context, organisation string, id ID, number int) ([]Version, error)
	// Discard deletes a framework that has no version. Faults: NotFound "competency.not_found"; Conflict
	// "competency.discard_published".
	Discard(ctx context.Context, by actor.Actor, id ID) error
}
