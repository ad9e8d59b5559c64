package learning

import (
	"regexp"
	"slices"
	"time"
)

// ID names a piece of evidence, in all organisations.
type ID string

// Highest is the highest level; the lowest is 1.
const Highest = 4

// Words is a text by language, "fr" or "en".
type Words map[string]string

// In is the text in a language; in French when there is none.
func (w Words) In(lang string) string {
	if s := w[lang]; s != "" {
		return s
	}
	return w["fr"]
}

// A Level is one of a competence: the code of the organisation's framework, from 1 to [Highest].
type Level struct {
	Code  string `json:"code"`
	Level int    `json:"level"`
}

// An Artefact is what was made.
type Artefact struct {
	Kind    string `json:"kind"` // one of those below
	Title   Words  `json:"title"`
	Name    string `json:"name,omitempty"`    // of a file
	Media   string `json:"media,omitempty"`   // media type of the file that is kept here, decided from its content; "" when none is
	Bytes   int64  `json:"bytes,omitempty"`   // its size
	Hash    string `json:"hash,omitempty"`    // SHA-256 in hexadecimal, "" for what stays elsewhere
	Version string `json:"version,omitempty"` // as those who keep it count
	Address string `json:"address,omitempty"` // a path of this site, or http(s)
}

// Attached says whether a file is kept here that was added with it.
func (a Artefact) Attached() bool { return a.Media != "" }

// The kinds of artefact.
const (
	File   = "file"   // handed in
	Answer = "answer" // to a question or a form
	Work   = "work"   // real work, named by its address or kept as a file
	Event  = "event"  // a workshop or event somebody took part in
)

// How says who or what verified a piece of evidence.
type How string

// The ways to verify.
const (
	Automatic  How = "automatic"  // By is what checked: a mission
	Peer       How = "peer"       // By is the person, as for those that follow
	Manager    How = "manager"    // who answers for the person's work
	Attendance How = "attendance" // who was there, at an event
)

// A Check is how evidence was verified. Only what holds is kept as one.
type Check struct {
	How     How       `json:"how"`
	By      string    `json:"by"`
	Version string    `json:"version"` // of the checks or of the grid
	Result  string    `json:"result"`  // "4/4": rules or criteria that held
	At      time.Time `json:"at"`
}

// A Review is what the person asked a colleague, and the answer.
type Review struct {
	Reviewer string      `json:"reviewer"`
	As       How         `json:"as,omitempty"` // in what capacity, [Peer] when empty
	Asked    time.Time   `json:"asked"`
	State    ReviewState `json:"state"`
	Met      []string    `json:"met,omitempty"` // criteria of the grid
	Words    string      `json:"words,omitempty"`
	At       time.Time   `json:"at,omitzero"` // of the answer
}

// A ReviewState says how far a review is.
type ReviewState string

// The states of a review.
const (
	Asked    ReviewState = "asked"
	Accepted ReviewState = "accepted"
	SentBack ReviewState = "sent_back"
	Declined ReviewState = "declined" // the reviewer had rather not
)

// how is in what capacity the reviewer looked.
func (r Review) how() How {
	if r.As == "" {
		return Peer
	}
	return r.As
}

// HR is the reader that stands for everybody with the role.
const HR = "hr"

// A Share lets somebody read a piece of evidence.
type Share struct {
	With  string    `json:"with"` // a person, or [HR]
	Since time.Time `json:"since"`
	Until time.Time `json:"until,omitzero"` // the first moment it no longer does; zero for ever
}

// Holds says whether the share lets read at a moment.
func (s Share) Holds(now time.Time) bool { return s.Until.IsZero() || now.Before(s.Until) }

// Evidence is a piece of work and what it shows.
type Evidence struct {
	ID           ID        `json:"id"`
	Organisation string    `json:"-"`
	Person       string    `json:"person"`
	Revision     int       `json:"revision"`
	At           time.Time `json:"at"`
	Until        time.Time `json:"until,omitzero"` // the first moment it no longer counts; zero for ever
	Withdrawn    time.Time `json:"withdrawn,omitzero"`
	Source       string    `json:"source"` // names the work: two pieces of one source count once
	Artefact     Artefact  `json:"artefact"`
	Note         string    `json:"note,omitempty"`
	Shows        []Level   `json:"shows"`
	Checks       []Check   `json:"checks,omitempty"`
	Reviews      []Review  `json:"reviews,omitempty"`
	Shares       []Share   `json:"shares,omitempty"`
}

// Verified says whether anything or anybody verified it.
func (e Evidence) Verified() bool { return len(e.Checks) > 0 }

// Seen says whether a person did.
func (e Evidence) Seen() bool {
	return slices.ContainsFunc(e.Checks, func(c Check) bool { return c.How != Automatic })
}

// Counts says whether it counts for levels at a moment: verified, neither withdrawn nor past its end.
func (e Evidence) Counts(now time.Time) bool {
	return e.Verified() && e.Withdrawn.IsZero() && (e.Until.IsZero() || now.Before(e.Until))
}

// Waiting is the review a person was asked for and has not given; nil for none.
func (e Evidence) Waiting(reviewer string) *Review {
	for i := range e.Reviews {
		if r := &e.Reviews[i]; r.Reviewer == reviewer && r.State == Asked {
			return r
		}
	}
	return nil
}

// ReadBy says whether somebody other than its person may read it at a moment: reader is a person, hr says that they hold the role. Who is asked to
// review may, until they have answered or it is withdrawn.
func (e Evidence) ReadBy(reader string, hr bool, now time.Time) bool {
	if !e.Withdrawn.IsZero() {
		return false
	}
	return e.Waiting(reader) != nil || slices.ContainsFunc(e.Shares, func(s Share) bool {
		return (s.With == reader || hr && s.With == HR) && s.Holds(now)
	})
}

var codeShape = regexp.MustCompile(`^[A-Z][0-9]{1,2}\.[0-9]{1,2}$`)

// family is that of a competence's code: "D4" of "D4.1".
var family = regexp.MustCompile(`^D[1-9]`)

// GridVersion names the criteria of [Grid].
const GridVersion = "1"

// Grid lists the criteria a reviewer answers for, in order: four that every work meets, and one of the competence's family. Each is the last word of a
// sentence "learning.grid_…".
func Grid(shows []Level) []string {
	grid := []string{"about", "opened", "right", "level"}
	for _, l := range shows {
		if f := family.FindString(l.Code); f != "" && !slices.Contains(grid, f) {
			return append(grid, f)
		}
	}
	return grid
}

// Grid lists the criteria a reviewer of this piece answers for: those of [Grid]; of an event, that the person was there and took part.
func (e Evidence) Grid() []string {
	if e.Artefact.Kind == Event {
		return []string{"present", "part"}
	}
	return Grid(e.Shows)
}
