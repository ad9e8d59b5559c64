// Package actor says who is asking: a person signed in to an organisation, or nobody.
package actor

// Role is what a person may do in an organisation, beyond what everyone may.
type Role string

// The roles. Agent is everyone's; the others add to it.
const (
	Agent       Role = "agent"       // keeps and documents datasets
	Facilitator Role = "facilitator" // runs workshops and events
	Steward     Role = "steward"     // reviews and publishes, sees the whole internal catalogue
	HR          Role = "hr"          // reads aggregates of groups of five or more
	DPO         Role = "dpo"         // data protection officer: reads every dataset, its report and the register, gives opinions, is told of publications
	Admin       Role = "admin"       // people, services, settings, health
)

// Roles lists every role, from the least to the most.
func Roles() []Role { return []Role{Agent, Facilitator, Steward, HR, DPO, Admin} }

// An Actor asks for something. The zero value is nobody: a visitor without an account.
type Actor struct {
	ID           string // person
	Organisation string // tenant: every store checks it
	Service      string // department, may be empty
	Name         string // as shown to colleagues
	Email        string
	Roles        []Role
}

// Known reports whether somebody is signed in.
func (a Actor) Known() bool { return a.ID != "" }

// Is reports whether a holds the role. Everyone known is an agent; an admin is not by that a steward.
func (a Actor) Is(r Role) bool {
	if !a.Known() {
		return false
	}
	if r == Agent {
		return true
	}
	for _, have := range a.Roles {
		if have == r {
			return true
		}
	}
	return false
}
