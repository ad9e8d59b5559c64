package dataset

import (
	"context"
	"io"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// An Origin is the address a file was fetched from, and what its server gave to recognise that file by. The zero value is
// none.
type Origin struct {
	Address  string    `json:"address"`            // as a person gave it, cleaned; it holds no password
	ETag     string    `json:"etag,omitempty"`     // as served
	Modified string    `json:"modified,omitempty"` // Last-Modified, as served
	At       time.Time `json:"at,omitzero"`        // when it was fetched
}

// A Rhythm is how often a dataset is fetched again from its address.
type Rhythm string

// The rhythms.
const (
	Never   Rhythm = ""
	Daily   Rhythm = "daily"
	Weekly  Rhythm = "weekly"
	Monthly Rhythm = "monthly"
)

// Rhythms lists them, the default first. The word for each is "dataset.rhythm_" + the rhythm, "never" for Never.
func Rhythms() []Rhythm { return []Rhythm{Never, Daily, Weekly, Monthly} }

// Word is the rhythm in catalogue keys.
func (r Rhythm) Word() string {
	if r == Never {
		return "never"
	}
	return string(r)
}

// Next is when a dataset is fetched after the time given; the zero time for Never. A month after the 31st is the last day
// of a shorter month.
func (r Rhythm) Next(after time.Time) time.Time {
	switch r {
	case Daily:
		return after.AddDate(0, 0, 1)
	case Weekly:
		return after.AddDate(0, 0, 7)
	case Monthly:
		next := after.AddDate(0, 1, 0)
		if next.Day() != after.Day() { // March 3rd for February 31st
			next = next.AddDate(0, 0, -next.Day())
		}
		return next
	}
	return time.Time{}
}

// A Subscription is a dataset's address: where it is fetched again from, and how often.
type Subscription struct {
	Dataset      ID
	Organisation string
	Origin       Origin    // with the marks of the file fetched last
	Blob         string    // hash of that file: the marks count while it is the current one
	Looked       time.Time // when somebody last asked; zero for never
	Every        Rhythm
	Due          time.Time    // when it is fetched next; zero for never
	Fault        *fault.Error // why it could not be fetched the last time; nil when it could
}

// Known gives the origin to ask with: its marks count only for the file that is here.
func (s Subscription) Known(current Source) Origin {
	o := Origin{Address: s.Origin.Address}
	switch from := current.From; {
	case s.Blob != "" && s.Blob == current.Blob:
		o.ETag, o.Modified = s.Origin.ETag, s.Origin.Modified
	case from != nil && from.Address == o.Address:
		o.ETag, o.Modified = from.ETag, from.Modified
	}
	return o
}

// Subscriptions keeps the addresses of datasets, and the files on their way.
type Subscriptions interface {
	// Arrived stores the source of a running check whose file is here now, and the checks of the other tables of that file,
	// and queues their examination; it returns the job of the first.
	// Faults: NotFound "dataset.check_gone", for one that was stopped too.
	Arrived(ctx context.Context, c Check, others ...Check) (job string, err error)
	// Subscription returns the address of a dataset, the zero value when it has none.
	Subscription(ctx context.Context, of ID) (Subscription, error)
	// Subscribe stores an address and a rhythm a person chose. Faults: NotFound "dataset.not_found".
	Subscribe(ctx context.Context, by actor.Actor, s Subscription) error
	// Looked stores what came of asking; the rhythm stays as it is.
	Looked(ctx context.Context, s Subscription) error
	// Due lists the addresses to ask again, the longest overdue first.
	Due(ctx context.Context, now time.Time, limit int) ([]Subscription, error)
	// Claim sets when an address is asked next, unless somebody else did: false then.
	Claim(ctx context.Context, s Subscription, next time.Time) (bool, error)
}

// A Fetched is a file being received from an address. Close its Body.
type Fetched struct {
	Unchanged bool // it is the file the marks are of; Body is empty
	Body      io.ReadCloser
	Name      string
	Bytes     int64 // -1 when not known
	Origin    Origin
}

// A Fetcher asks other machines for files.
type Fetcher interface {
	// Address cleans an address as typed. Faults say why nothing can be fetched from it, or at all.
	Address(typed string) (string, error)
	// Fetch asks for the file of an address, of at most limit bytes; 0 for no limit.
	Fetch(ctx context.Context, o Origin, limit int64) (Fetched, error)
}
