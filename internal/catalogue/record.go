package catalogue

import (
	"time"
)

// ID names a record. The layout is that of internal/id.
type ID string

// A Record is the metadata of one dataset, after DCAT. The zero value is an empty draft.
type Record struct {
	ID           ID     `json:"id"`
	Dataset      string `json:"dataset"`      // the dataset described
	DataVersion  int    `json:"dataVersion"`  // the version of its table that the record, and once published the public, sees
	Organisation string `json:"organisation"` // tenant
	Service      string `json:"service"`      // department, may be empty
	ServiceName  string `json:"serviceName"`  // as shown
	Author       string `json:"author"`       // person who keeps the record: may always edit it

	Slug            string          `json:"slug"` // part of the public address, unique in the organisation
	Title           string          `json:"title"`
	Description     string          `json:"description"`
	Purpose         string          `json:"purpose"` // why the data is collected
	Limits          string          `json:"limits"`  // what it must not be used for, what is missing
	Origin          string          `json:"origin"`  // where it comes from, how it was made (genealogy)
	Owner           string          `json:"owner"`   // name of the person answerable; never published
	Contact         string          `json:"contact"` // e-mail of a role, published
	Keywords        []string        `json:"keywords"`
	Themes          []Theme         `json:"themes"`
	Spatial         Spatial         `json:"spatial"`
	Temporal        Temporal        `json:"temporal"`
	Frequency       string          `json:"frequency"`  // EU code of the update promise; "" = not set
	LastUpdate      time.Time       `json:"lastUpdate"` // when the data, not the record, was last updated
	Confidentiality Confidentiality `json:"confidentiality"`
	Licence         string          `json:"licence"`  // ID of [Licences]
	Language        string          `json:"language"` // of the data: "fr", "en", …; "" means "fr"
	Schema          Schema          `json:"schema"`
	HVD             HVD             `json:"hvd"`
	Resources       []Resource      `json:"resources"`
	Columns         []Column        `json:"columns"` // of the main table, for search and for reusers

	State     State     `json:"state"`
	Exercise  bool      `json:"exercise,omitempty"` // the data is a mission's, spoilt on purpose: it stays with its owner
	Shared    bool      `json:"shared"`             // the working copy is visible to the whole organisation
	Version   int       `json:"version"`            // of the row, for optimistic locking
	Created   time.Time `json:"created"`            // of the record
	Modified  time.Time `json:"modified"`           // of the record
	Published *Snapshot `json:"published"`          // what the public sees; nil if it sees nothing
}

// A Snapshot is a record as published. It stays until another replaces it or the record is withdrawn.
type Snapshot struct {
	Record   Record    `json:"record"`             // its own Published is nil
	First    time.Time `json:"first"`              // first publication
	At       time.Time `json:"at"`                 // this publication
	By       string    `json:"by"`                 // person
	Number   int       `json:"number"`             // 1 for the first publication
	Override string    `json:"override,omitempty"` // why it was published though personal data was suspected
}

// Spatial is the territory the data covers.
type Spatial struct {
	Name string `json:"name"` // for example "Villeneuve-d’Ascq"
	Code string `json:"code"` // INSEE code of a commune, département or region, or SIREN of a group of communes
	Kind string `json:"kind"` // "commune", "epci", "departement", "region", "pays" or ""
	BBox *BBox  `json:"bbox,omitempty"`
}

// Empty reports whether nothing is said of the territory.
func (s Spatial) Empty() bool { return s.Name == "" && s.Code == "" && s.BBox == nil }

// BBox is a rectangle in degrees, WGS 84: longitudes in [-180, 180], latitudes in [-90, 90], West ≤ East.
type BBox struct {
	West  float64 `json:"west"`
	South float64 `json:"south"`
	East  float64 `json:"east"`
	North float64 `json:"north"`
}

// Valid reports whether the rectangle is on the Earth and not turned over. NaN is not valid.
func (b BBox) Valid() bool {
	return b.West >= -180 && b.East <= 180 && b.West <= b.East && b.South >= -90 && b.North <= 90 && b.South <= b.North
}

// Temporal is the time the data speaks of. Either end may be empty: not known, or still going on.
type Temporal struct {
	Start Date `json:"start"`
	End   Date `json:"end"`
}

// Empty reports whether nothing is said of the time.
func (t Temporal) Empty() bool { return t.Start == "" && t.End == "" }

// Schema is what the data conforms to.
type Schema struct {
	Name    string `json:"name"` // for example "etalab/schema-irve-statique"
	Title   string `json:"title"`
	URI     string `json:"uri"`
	Version string `json:"version"`
}

// A Resource is one file or address of a dataset.
type Resource struct {
	ID          string       `json:"id"`
	Title       string       `json:"title"`
	Description string       `json:"description"`
	Type        ResourceType `json:"type"`
	Format      string       `json:"format"`    // lower case, for example "csv"
	MediaType   string       `json:"mediaType"` // "" = the one of the format
	Bytes       int64        `json:"bytes"`     // 0 = not known
	Rows        int64        `json:"rows"`      // -1 = not a table or not known
	URL         string       `json:"url"`       // absolute, or starting with "/" on this instance
	Available   bool         `json:"available"` // reachable when last looked at
	Modified    time.Time    `json:"modified"`
}

// A Column is one line of the dictionary, as far as the catalogue needs it.
type Column struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Type        string `json:"type"`
}

// Date is a day, a month or a year: "2024-03-01", "2024-03" or "2024". The precision is part of the value.
type Date string

// Day makes a Date of the calendar day of t, in t's own time zone.
func Day(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// First is the first day of d; false if d is empty or malformed.
func (d Date) First() (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if len(d) == len(layout) {
			t, err := time.Parse(layout, string(d))
			return t, err == nil
		}
	}
	return time.Time{}, false
}

// Last is the last day of d: 31 December for a year. False if d is empty or malformed.
func (d Date) Last() (time.Time, bool) {
	t, ok := d.First()
	if !ok {
		return t, false
	}
	switch len(d) {
	case len("2006"):
		t = t.AddDate(1, 0, -1)
	case len("2006-01"):
		t = t.AddDate(0, 1, -1)
	}
	return t, true
}

// Public is what everybody may see of the record; false if it is not published. The public view of a public view is
// itself.
func (r Record) Public() (Record, bool) {
	if r.Published == nil {
		return Record{}, false
	}
	if r.Published.Record.ID == "" { // already a public view: see the end
		return r, true
	}
	p := r.Published.Record
	p.Owner, p.Author = "", "" // names of persons are never part of what is published
	p.Published = &Snapshot{First: r.Published.First, At: r.Published.At, Number: r.Published.Number}
	return p, true
}

// Updated is when the data was last updated: LastUpdate, else the latest date of a resource, else the record's creation.
func (r Record) Updated() time.Time {
	t := r.LastUpdate
	if !t.IsZero() {
		return t
	}
	for _, res := range r.Resources {
		if res.Modified.After(t) {
			t = res.Modified
		}
	}
	if t.IsZero() {
		t = r.Created
	}
	return t
}

// Clone copies the record so that nothing is shared with r but the published snapshot, which nobody changes.
func (r Record) Clone() Record {
	r.Keywords = append([]string(nil), r.Keywords...)
	r.Themes = append([]Theme(nil), r.Themes...)
	r.Resources = append([]Resource(nil), r.Resources...)
	r.Columns = append([]Column(nil), r.Columns...)
	if r.Spatial.BBox != nil {
		b := *r.Spatial.BBox
		r.Spatial.BBox = &b
	}
	return r
}
