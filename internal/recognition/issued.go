package recognition

import (
	"context"
	"time"

	"cultured/internal/actor"
)

// An Issued badge is one that was given. Who holds it is told by its hash in the badge, by Person here, "" once they are erased.
type Issued struct {
	ID, Organisation, Offer, Person string
	By                              string // who gave it
	Lang                            string
	At, Until                       time.Time // Until is zero for ever
	List, Place                     int       // in the status lists of the organisation, List from 1
	Credential                      []byte    // with its proof; nil once the holder is erased
	Token                           string    // the same as VC-JWT
	Standing                        Reason
	Changed                         time.Time // of the standing, zero for never
	ChangedBy, Note                 string
	Works                           []string // the keys of the proofs it rests on; none for what somebody saw
}

// Verdict is what the badge is worth, as its issuer knows it.
func (b Issued) Verdict(now time.Time) Verdict {
	switch {
	case b.Standing == Paused:
		return Suspended
	case b.Standing != Holds:
		return Revoked
	case !b.Until.IsZero() && b.Until.Before(now):
		return Expired
	}
	return Valid
}

// renewable is how long before its end a badge may be given anew.
const renewable = 60 * 24 * time.Hour

// Renewable says whether the holder may be given the badge anew.
func (b Issued) Renewable(now time.Time) bool {
	v := b.Verdict(now)
	return v == Revoked || v == Expired || v == Valid && !b.Until.IsZero() && b.Until.Before(now.Add(renewable))
}

// A Request is somebody who asks for a badge, and shows those who give it the evidence it rests on.
type Request struct {
	ID, Organisation, Offer, Person, Lang string
	At                                    time.Time
	Note                                  string
	Evidence                              []Evidence
	Works                                 []string // the keys of the proofs that were shown
	State                                 RequestState
	By, Answer                            string // who closed it, and what they said
	Closed                                time.Time
	Badge                                 string // given, "" for none
}

// A RequestState says what became of a request.
type RequestState string

// The states of a request.
const (
	Waiting   RequestState = "waiting"
	Granted   RequestState = "granted"
	Declined  RequestState = "declined"
	Retracted RequestState = "withdrawn" // by who asked
)

// A Holder is who a badge is given to.
type Holder struct{ Person, Name, Email, Lang string }

// An Item is what the organisation's framework says of a competence.
type Item struct{ Name, URL, Framework string }

// Badges keeps the badges that were given.
type Badges interface {
	// Give keeps a badge whole, and closes the request it answers, "" for none. Faults: Conflict "recognition.holds_already",
	// "recognition.request_closed", "recognition.place_taken" when another badge stands in its place of the list.
	Give(ctx context.Context, by actor.Actor, b Issued, request string) error
	// Badge finds one, of any organisation. Fault: NotFound "recognition.no_badge".
	Badge(ctx context.Context, id string) (Issued, error)
	// List lists those of an organisation, of one person when person is not "", the newest first, 200 at most.
	List(ctx context.Context, organisation, person string) ([]Issued, error)
	// Stand changes how a badge stands. fn may run more than once. Faults: those of fn; NotFound "recognition.no_badge".
	Stand(ctx context.Context, by actor.Actor, id string, fn func(*Issued) error) error
	// Taken says which badges of a list do not hold, and how many stand in it. Erased people's are among them.
	Taken(ctx context.Context, organisation string, list int) (Revocations, int, error)
	// LastList is the number of the newest list of an organisation, 0 for none.
	LastList(ctx context.Context, organisation string) (int, error)
}

// Requests keeps who asks for what.
type Requests interface {
	// Ask keeps a request. Fault: Conflict "recognition.asked_already" when one waits.
	Ask(ctx context.Context, by actor.Actor, r Request) error
	// Request finds one. Fault: NotFound "recognition.no_request".
	Request(ctx context.Context, organisation, id string) (Request, error)
	// Requests lists those that wait in an organisation, or all of one person, the newest first.
	Requests(ctx context.Context, organisation, person string) ([]Request, error)
	// Close ends a request that waits. Fault: Conflict "recognition.request_closed".
	Close(ctx context.Context, by actor.Actor, r Request) error
	// Forget erases what is kept of a person. Of a badge only its place in the list stays, so that the copy its holder keeps stays
	// worth what it was.
	Forget(ctx context.Context, organisation, person string) error
}
