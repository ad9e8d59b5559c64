package account

import (
	"slices"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/identifier"
)

// State says whether a person may come in.
type State string

// The states of a person.
const (
	Invited   State = "invited"   // has a link, has not come yet
	Active    State = "active"    // may sign in
	Suspended State = "suspended" // may not sign in; everything is kept
	Erased    State = "erased"    // anonymous: no name, no e-mail, no way back
)

// States lists the states a list may be narrowed to.
func States() []State { return []State{Active, Invited, Suspended, Erased} }

// A Person is somebody of an organisation. The password's hash is never part of it.
type Person struct {
	ID           string
	Organisation string
	Department   string // service, "" for none
	Name         string // "" once erased
	Email        string // lower case, unique among all organisations; "" once erased
	Roles        []actor.Role
	Language     string // "fr", "en", or "" for the browser's
	State        State
	HasPassword  bool
	Created      time.Time
	LastSignIn   time.Time // zero when never
	Version      int
}

// Actor is the person as every room sees them.
func (p Person) Actor() actor.Actor {
	return actor.Actor{ID: p.ID, Organisation: p.Organisation, Service: p.Department, Name: p.Name, Email: p.Email, Roles: p.Roles}
}

// Is reports whether the person holds the role.
func (p Person) Is(r actor.Role) bool { return p.Actor().Is(r) }

// Subject is how the audit log names the person.
func (p Person) Subject() string { return "account:" + p.ID }

// Searchable is what a search looks at: name and e-mail, without case nor accents.
func (p Person) Searchable() string { return french.Fold(p.Name + " " + p.Email) }

// sortRoles keeps the known roles, once each, in the order of [actor.Roles]; Agent is everyone's and is not stored.
func sortRoles(roles []actor.Role) []actor.Role {
	var out []actor.Role
	for _, r := range actor.Roles() {
		if r != actor.Agent && slices.Contains(roles, r) {
			out = append(out, r)
		}
	}
	return out
}

// Assign gives the person these roles. others is the number of other active administrators.
// Faults: Conflict "account.last_admin".
func (p *Person) Assign(roles []actor.Role, others int) error {
	roles = sortRoles(roles)
	if p.State == Active && p.Is(actor.Admin) && !slices.Contains(roles, actor.Admin) && others == 0 {
		return fault.New(fault.Conflict, "account.last_admin")
	}
	p.Roles = roles
	return nil
}

// Suspend keeps the person out. Suspending twice is a no-op. Faults: Conflict "account.last_admin", "account.not_active".
func (p *Person) Suspend(others int) error {
	switch {
	case p.State == Suspended:
		return nil
	case p.State != Active:
		return fault.New(fault.Conflict, "account.not_active")
	case p.Is(actor.Admin) && others == 0:
		return fault.New(fault.Conflict, "account.last_admin")
	}
	p.State = Suspended
	return nil
}

// Restore lets a suspended person in again. Faults: Conflict "account.not_suspended".
func (p *Person) Restore() error {
	switch p.State {
	case Active:
		return nil
	case Suspended:
		p.State = Active
		return nil
	}
	return fault.New(fault.Conflict, "account.not_suspended")
}

// Erase makes the person anonymous; the identifier stays, so that history keeps its thread. typed is the e-mail as the
// person typed it to confirm. Faults: Invalid "account.erase_mismatch" (field confirm), Conflict "account.last_admin".
func (p *Person) Erase(typed string, others int) error {
	if p.State == Erased {
		return nil
	}
	if cleanEmail(typed) != p.Email {
		return fault.Field("confirm", "account.erase_mismatch", p.Email)
	}
	if p.State == Active && p.Is(actor.Admin) && others == 0 {
		return fault.New(fault.Conflict, "account.last_admin_leaves")
	}
	p.Name, p.Email, p.Department, p.Language, p.Roles, p.State = "", "", "", "", nil, Erased
	return nil
}

// PersonEdit is what a form says about a person.
type PersonEdit struct {
	Name, Email, Department string
	Roles                   []actor.Role
}

// Clean trims the edit and says what is wrong with it. Faults (fields name, email): "account.name_empty",
// "account.name_long", "account.email_empty", "account.email_wrong".
func (e PersonEdit) Clean() (PersonEdit, error) {
	var wrong fault.List
	e.Name = cleanName(&wrong, "name", e.Name)
	e.Email = checkEmail(&wrong, "email", e.Email)
	e.Roles = sortRoles(e.Roles)
	return e, wrong.Err()
}

// cleanEmail is the form under which an e-mail is stored and looked up.
func cleanEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func checkEmail(wrong *fault.List, field, email string) string {
	email = cleanEmail(email)
	switch {
	case email == "":
		wrong.Add(field, "account.email_empty")
	case len(email) > emailMost || !identifier.IsEmail(email):
		wrong.Add(field, "account.email_wrong", email)
	}
	return email
}

// cleanLanguage keeps a language of the interface, "" otherwise.
func cleanLanguage(lang string) string {
	if lang == "fr" || lang == "en" {
		return lang
	}
	return ""
}
