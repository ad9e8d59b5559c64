package dataset

import (
	"slices"
	"time"

	"cultured/internal/fault"
	"cultured/internal/rule"
	"cultured/internal/tabular"
)

// ID names a dataset; CheckID names a check. Both have the layout of internal/id; a check's also carries enough random
// bits to be the key of a file nobody signed in for.
type (
	ID      string
	CheckID string
)

// A Source is a file as it was handed in, and how to read it. Everything shown of a table follows from its source: a fix,
// a corrected separator or another schema is another source over the same bytes, and undoing it is the one before.
type Source struct {
	Blob    string          // hash of the bytes, kept verbatim
	Name    string          // file name as it came, without folders
	Bytes   int64           // size
	Options tabular.Options // what a person corrected in the reading
	Lesson  string          `json:",omitempty"` // address of the exercise the file was made for or handed in to, "" for real data
	Schema  string          // schema to check against, as the pack names it; "" is none
	Plan    Plan            // fixes applied while reading
	rules   []rule.Rule     // of the organisation, as they are when it is examined
	From    *Origin         `json:",omitempty"` // where the file was fetched from, nil for one handed in; while Blob is "" it is yet to come
}

// An Outcome is what an examination gives: a report, and two files kept beside the source.
type Outcome struct {
	Report     Report
	Table      string // blob of the typed table, as Parquet
	TableBytes int64
	Findings   string // blob of every finding, as Parquet; "" when there are none
}

// State is where a check stands.
type State string

// The states of a check.
const (
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed"
)

// A Check is one examination of a source: for a visitor who keeps nothing, or on the way to a version of a dataset.
type Check struct {
	ID           CheckID
	At, Expires  time.Time // forgotten after Expires
	Organisation string    // of who asked; "" for a visitor
	By           string    // person who asked; "" for a visitor
	ByName       string
	Source       Source
	Previous     []Source // sources before, the latest last: undo goes back through them
	State        State
	Job          string       // while Running
	Fault        *fault.Error // when Failed: what a person reads
	Outcome      Outcome      // when Done
	For          ID           // the dataset this becomes a version of; "" for none
	Base         int          // the version of For it started from
	Why          string       // catalogue key saying why the version exists, when For is set
	Package      CheckID      // the first check of the same archive, when every table of it is checked; "" for a lone one
	Place        int          // of the table in its package, from 0
}

// A Dataset is a table that stays: its current version, and who answers for it.
type Dataset struct {
	ID           ID
	Organisation string
	Service      string
	Owner        string // person
	OwnerName    string
	Title        string
	Lesson       string // address of the exercise it is of, "" for real data: it is never published
	Created      time.Time
	Modified     time.Time
	Current      int // number of the current version, from 1
	Rows         int64
	Columns      int
	Problems     int // errors and warnings of the current version
	Fixable      int // of which a safe fix mends
	Dictionary   []Entry
	Revision     int      // of the row, for optimistic locking
	Pending      *Pending // a change on its way, nil for none
}

// A Pending change of a dataset is a check that becomes its next version when it is done.
type Pending struct {
	Check CheckID
	State State
	Job   string
	Fault *fault.Error
}

// A Version is a dataset as it was at one time: immutable.
type Version struct {
	Dataset ID
	Number  int
	At      time.Time
	By      string
	ByName  string
	Why     string // catalogue key: why this version exists
	Source  Source
	Outcome Outcome
}

// Withheld reports whether the file as it came may hold what somebody took out of the table or hid in it: a recipe, a mapping or edits stand between
// them, or the file holds other tables too: an archive, a workbook of several sheets (hidden ones count), layers. It is then for those who may see the dataset in its own right, nobody else.
func (v Version) Withheld() bool {
	read := v.Outcome.Report.Reading
	return len(read.Members) > 1 || len(read.Sheets) > 1 || slices.ContainsFunc(v.Source.Plan, func(f Fix) bool {
		return f.Kind == fixRecipe || f.Kind == fixEdit || f.Kind == fixMap && f.Map != nil && f.Map.Drop
	})
}

// Why a version exists, as catalogue keys.
const (
	WhyKept      = "dataset.why_kept"      // the first one
	WhyUploaded  = "dataset.why_uploaded"  // a new file
	WhyFixed     = "dataset.why_fixed"     // fixes were applied
	WhyReread    = "dataset.why_reread"    // the reading was corrected
	WhySchema    = "dataset.why_schema"    // another schema was chosen
	WhyRefreshed = "dataset.why_refreshed" // the file of its address had changed
	WhyScheduled = "dataset.why_scheduled" // the same, found by the rhythm chosen
	WhyMapped    = "dataset.why_mapped"    // its columns became those of a schema
	WhyCleaned   = "dataset.why_cleaned"   // a recipe was applied
	WhyEdited    = "dataset.why_edited"    // what was edited in the grid was kept
	WhyRestored  = "dataset.why_restored"  // an earlier version was taken back
)
