package account

import (
	"context"
	"time"

	"cultured/internal/actor"
)

// An Act is the audit line and the event of a change; the store writes it in the change's transaction.
// The zero Act writes nothing.
type Act struct {
	By      actor.Actor
	At      time.Time
	Verb    string            // "account.signed_in", also the catalogue key of its sentence
	Subject string            // "account:" and an identifier
	Detail  map[string]string // small, without names, e-mails nor secrets: it outlives the person
}

// PeopleStore keeps persons. Every method but PersonByEmail sees one organisation only.
type PeopleStore interface {
	// Person finds somebody. Faults: NotFound "account.no_person".
	Person(ctx context.Context, organisation, id string) (Person, error)
	// PersonByEmail finds somebody in any organisation, with the password's hash; the zero Person when there is nobody.
	PersonByEmail(ctx context.Context, email string) (Person, string, error)
	// PasswordHash is the hash of somebody's password, "" without one.
	PasswordHash(ctx context.Context, organisation, id string) (string, error)
	// People lists one page and counts all pages.
	People(ctx context.Context, organisation string, q PeopleQuery) (PeoplePage, error)
	// Admit adds a person with the link that lets them in. Faults: Invalid "account.email_taken" (field email),
	// "account.no_service" (field service).
	Admit(ctx context.Context, p Person, l Link, act Act) error
	// ChangePerson loads, calls fn with the number of other active administrators, and saves. fn may run more than once,
	// so it must be pure. Whoever stops being active loses sessions and links. Faults: those of fn and of Admit.
	ChangePerson(ctx context.Context, organisation, id string, fn func(p *Person, others int) (Act, error)) (Person, error)
	// SetPassword stores a hash and ends every session but the one whose hash is keep.
	SetPassword(ctx context.Context, p Person, hash, keep string, act Act) error
}

// PeopleQuery narrows a list of people. Page counts from 1.
type PeopleQuery struct {
	Words      string // all must be in the name or the e-mail; folded by the store
	Department string
	State      State // "" is everyone who is not erased
	Role       actor.Role
	Page, Size int
}

// PeoplePage is one page of people, by name, and how many there are in all.
type PeoplePage struct {
	People []Person
	Total  int
}

// SessionStore keeps sessions by the digest of their secret.
type SessionStore interface {
	// Whose is the active person of a live session and when it was last seen; the zero Actor when there is none.
	Whose(ctx context.Context, hash string, now time.Time) (actor.Actor, time.Time, error)
	// Touch notes that a session was used.
	Touch(ctx context.Context, hash string, now time.Time) error
	// Begin stores a session, ends the one it replaces, and notes the sign-in.
	Begin(ctx context.Context, s Session, replaces string, act Act) error
	// Sessions lists somebody's live sessions, the last used first.
	Sessions(ctx context.Context, organisation, person string, now time.Time) ([]Session, error)
	// End ends one of somebody's sessions, found by its identifier or its hash. Faults: NotFound "account.no_session".
	End(ctx context.Context, organisation, person, idOrHash string, act Act) error
	// EndOthers ends all of somebody's sessions but the one whose hash is keep.
	EndOthers(ctx context.Context, organisation, person, keep string, act Act) error
}

// LinkStore keeps one-time links by the digest of their secret.
type LinkStore interface {
	// OfferFirst replaces every setup link by l, unless an organisation exists: then done is false.
	OfferFirst(ctx context.Context, l Link) (done bool, err error)
	// Offer stores a link in place of the person's unused ones of the same purpose.
	Offer(ctx context.Context, l Link, act Act) error
	// Look finds a link that still works, and its person, without using it. Faults: NotFound "account.link_dead".
	Look(ctx context.Context, hash string, now time.Time) (Link, Person, error)
	// Redeem uses a link up and does what fn decides, in one transaction: of two at once exactly one succeeds. fn may run
	// more than once. Faults: NotFound "account.link_dead", those of fn; then the link still works.
	Redeem(ctx context.Context, hash string, now time.Time, fn func(l Link, p *Person) (Redemption, error)) error
}

// Redemption is what using a link does, beside the changes made to its person.
type Redemption struct {
	Found    *Organisation // a new organisation, of which the person is the first administrator
	Password string        // new hash, "" keeps the old one
	Session  *Session      // to begin
	Replaces string        // hash of the session it replaces
	EndAll   bool          // ends the other sessions
	Act      Act
}

// OrganisationStore keeps organisations and their services.
type OrganisationStore interface {
	// Organisation finds one; "" finds the oldest. Faults: NotFound "account.no_organisation".
	Organisation(ctx context.Context, id string) (Organisation, error)
	// ChangeOrganisation saves what fn changed. Faults: those of fn.
	ChangeOrganisation(ctx context.Context, id string, fn func(o *Organisation) (Act, error)) (Organisation, error)
	// Departments lists the services by name.
	Departments(ctx context.Context, organisation string) ([]Department, error)
	// AddDepartment adds one. Faults: Invalid "account.service_taken" (field name).
	AddDepartment(ctx context.Context, d Department, act Act) error
	// RenameDepartment renames one. Faults: as AddDepartment, NotFound "account.no_service".
	RenameDepartment(ctx context.Context, d Department, act Act) error
	// RemoveDepartment removes one after moving its people into another; "" moves nobody.
	// Faults: Conflict "account.service_used" with the number of people, NotFound "account.no_service".
	RemoveDepartment(ctx context.Context, d Department, into string, act Act) error
	// Plant makes an organisation with its services and people unless its slug exists: then done is false.
	Plant(ctx context.Context, g Grove, act Act) (done bool, err error)
}

// Grove is an organisation made at once. Hashes are the passwords' by person.
type Grove struct {
	Organisation Organisation
	Departments  []Department
	People       []Person
	Hashes       map[string]string
}

// AttemptStore counts tries.
type AttemptStore interface {
	// Take counts one try under every key, or under none and says how long to wait. last reports that the next must wait.
	Take(ctx context.Context, now time.Time, tries ...Try) (wait time.Duration, last bool, err error)
	// Forget forgets the tries under the keys.
	Forget(ctx context.Context, tries ...Try) error
	// Sweep deletes the sessions, links and counters that are over, and says how many rows went.
	Sweep(ctx context.Context, now time.Time) (int64, error)
}

// JournalStore reads the audit log, and writes what changes nothing else.
type JournalStore interface {
	// Note writes an act of its own. An act by nobody goes to the only organisation, if there is only one.
	Note(ctx context.Context, act Act) error
	// Journal lists acts of an organisation, the newest first.
	Journal(ctx context.Context, organisation string, q JournalQuery) ([]Entry, error)
	// Verbs lists the verbs met in an organisation, sorted.
	Verbs(ctx context.Context, organisation string) ([]string, error)
}

// JournalQuery narrows the audit log.
type JournalQuery struct {
	Verb   string
	Person string // identifier of who did it, or to whom
	Before int64  // sequence number; 0 from the newest
	Limit  int
}

// An Entry is one line of the audit log.
type Entry struct {
	Seq       int64
	At        time.Time
	Actor     string // identifier, "" for the system or a visitor
	ActorName string // as it was then; "" once erased
	Verb      string
	Subject   string
	Detail    string // JSON object
}

// Stores is everything this room keeps; one store usually fills every field.
type Stores struct {
	People        PeopleStore
	Sessions      SessionStore
	Links         LinkStore
	Organisations OrganisationStore
	Attempts      AttemptStore
	Journal       JournalStore
}
