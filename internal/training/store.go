package training

import (
	"context"
	"time"

	"cultured/internal/actor"
)

// Resources keeps what an organisation proposed, and what it changed of those that ship. Every method checks the organisation.
type Resources interface {
	// All lists those of an organisation, the oldest first.
	All(ctx context.Context, organisation string) ([]Resource, error)
	// Find returns one. Fault: NotFound "training.no_resource".
	Find(ctx context.Context, organisation string, id ResourceID) (Resource, error)
	// Save keeps a resource in place of the revision before; revision 1 is new. Fault: Conflict "training.moved" when it is not.
	Save(ctx context.Context, by actor.Actor, r Resource, verb string) error
}

// Follows keeps who used what.
type Follows interface {
	// Follow keeps one, in place of what the person said before.
	Follow(ctx context.Context, f Follow) error
	// Unfollow takes it back; there may be none.
	Unfollow(ctx context.Context, organisation string, of ResourceID, person string) error
	// Follows lists those of an organisation, the newest first.
	Follows(ctx context.Context, organisation string) ([]Follow, error)
	// Forget erases all of a person.
	Forget(ctx context.Context, organisation, person string) error
}

// Links keeps what checks of links found, and when each organisation's are to be checked.
type Links interface {
	// Links lists what was found for an organisation.
	Links(ctx context.Context, organisation string) ([]Link, error)
	// Found keeps what a check found, in place of what was found before.
	Found(ctx context.Context, organisation string, l Link) error
	// Begin has an organisation's links checked from a moment on; again changes nothing.
	Begin(ctx context.Context, organisation string, at time.Time) error
	// Round puts the organisations whose moment has come off to next and has each one's links checked, once for all replicas.
	Round(ctx context.Context, now, next time.Time) error
}

// Paths keeps the paths an organisation made, what it changed of those that ship, and who walks them.
type Paths interface {
	// Paths lists those of an organisation, the oldest first.
	Paths(ctx context.Context, organisation string) ([]Path, error)
	// SavePath keeps a path in place of the revision before; revision 1 is new. Fault: Conflict "training.path_moved" when it is not.
	SavePath(ctx context.Context, by actor.Actor, p Path, verb string) error
	// Walk keeps a walk in place of the one before.
	Walk(ctx context.Context, w Walk) error
	// Leave ends a walk; there may be none.
	Leave(ctx context.Context, organisation string, path PathID, person string) error
	// Walks lists those of a person, the oldest first.
	Walks(ctx context.Context, organisation, person string) ([]Walk, error)
	// ForgetWalks erases all of a person.
	ForgetWalks(ctx context.Context, organisation, person string) error
}

// Cohorts keeps the cohorts.
type Cohorts interface {
	// AddCohort keeps a new one.
	AddCohort(ctx context.Context, by actor.Actor, c Cohort) error
	// Cohorts lists those of an organisation, the newest first.
	Cohorts(ctx context.Context, organisation string) ([]Cohort, error)
	// Cohort returns one. Fault: NotFound "training.no_cohort".
	Cohort(ctx context.Context, organisation string, id CohortID) (Cohort, error)
	// ChangeCohort changes one; fn may run more than once. Faults: those of fn; NotFound "training.no_cohort".
	ChangeCohort(ctx context.Context, organisation string, id CohortID, fn func(*Cohort) error) error
}
