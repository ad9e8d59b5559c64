package training

import "time"

// CrowdLeast is the least number of people a count is shown of, and what it is rounded down to a multiple of.
const CrowdLeast = 5

// ChangedMost bounds the sentence about what a resource changed, in characters.
const ChangedMost = 300

// A Follow says that a person used a resource.
type Follow struct {
	Organisation string
	Resource     ResourceID
	Person       string
	At           time.Time
	Changed      string // one sentence, may be empty
	Shared       bool   // colleagues may read the sentence, with the name
}

// Crowd is how many people may be told of: n rounded down to a multiple of [CrowdLeast].
func Crowd(n int) int { return n - n%CrowdLeast }

// An Outcome is what a check of a link found.
type Outcome string

// The outcomes.
const (
	Reached Outcome = "reached" // the page answers
	Dead    Outcome = "dead"    // the page or its site is no more
	Unsure  Outcome = "unsure"  // no answer, or machines are refused: a person may fare better
)

// A Link is what a check of a resource's address last found. The zero value is: never checked.
type Link struct {
	Resource ResourceID
	Address  string // that was checked
	At       time.Time
	Outcome  Outcome
}

// How long what a check found is taken for true.
const (
	LinkFresh = 7 * 24 * time.Hour // one that answers
	LinkRetry = 20 * time.Hour     // any other
	RoundEach = 24 * time.Hour     // between two rounds of an organisation
)

// Due says whether an address is to be checked again.
func (l Link) Due(address string, now time.Time) bool {
	fresh := LinkRetry
	if l.Outcome == Reached {
		fresh = LinkFresh
	}
	return l.Address != address || now.Sub(l.At) >= fresh
}
