package form

import (
	"context"

	"cultured/internal/actor"
)

// A Store keeps forms and their published versions. Every method that takes an organisation checks it.
type Store interface {
	// Create stores a new form.
	Create(ctx context.Context, by actor.Actor, f Form) error
	// List returns the forms of an organisation, the oldest first.
	List(ctx context.Context, organisation string) ([]Form, error)
	// Find returns the form as it is edited. Fault: NotFound "form.not_found".
	Find(ctx context.Context, organisation string, id ID) (Form, error)
	// Change rewrites a form and tells why; when its version grew, that version is kept for good. fn may run more than once, so it
	// must be pure. Fault: NotFound "form.not_found".
	Change(ctx context.Context, by actor.Actor, id ID, verb string, fn func(*Form) error) (Form, error)
	// Published returns what a version asks, under the door, days and limit of today; version 0 is the latest. Fault: NotFound
	// "form.not_found", of a form never published too.
	Published(ctx context.Context, id ID, version int) (Form, error)
	// Offered lists the forms that any organisation offers as models, as they are edited, the oldest first.
	Offered(ctx context.Context) ([]Form, error)
	// Sharing lists the forms of any organisation on one line (see [Form.Line]), as they are edited, the oldest first.
	Sharing(ctx context.Context, line ID) ([]Form, error)
}

// Replies keeps what was answered. Every method that takes an organisation checks it.
type Replies interface {
	// Receive stores an answer once: the same nonce of a form gives the answer stored first, under its own reference. ready judges
	// the answers taken before. It is stored for good, with its files, when Receive returns. Fault: Conflict "form.file_gone_now" when one
	// of them no longer waits.
	Receive(ctx context.Context, a Answer, nonce string, ready func(taken int) error) (Answer, error)
	// Taken counts the answers a form has taken; 0 for a form there is not.
	Taken(ctx context.Context, id ID) (int, error)
	// Answer returns one. Fault: NotFound "form.no_reference".
	Answer(ctx context.Context, organisation string, of ID, id AnswerID) (Answer, error)
	// Steps lists what happened to an answer, the oldest first.
	Steps(ctx context.Context, of ID, id AnswerID) ([]Step, error)
	// Treat changes an answer and adds the steps fn makes of it and of the steps before; fn may run more than once, so it must be pure.
	// The answers' values stay. Fault: NotFound "form.no_reference".
	Treat(ctx context.Context, by actor.Actor, of ID, id AnswerID, fn func(*Answer, []Step) ([]Step, error)) (Answer, error)
	// Referenced returns the answer of a form that has the reference. Fault: NotFound "form.no_reference".
	Referenced(ctx context.Context, id ID, reference string) (Answer, error)
	// Answers lists those of a form, the oldest first.
	Answers(ctx context.Context, organisation string, id ID) ([]Answer, error)
}
