// Package demo holds the demonstration organisation: a fictional community of communes with real open datasets.
// demo.json says who and what, work.json what was done with tables, files/ holds the data byte for byte as its producers published it, and SOURCES.md says
// where each file comes from. It ships in the binary and is read only when the server is started with --demo.
package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
)

// Files holds demo.json, work.json and files/*.
//
//go:embed demo.json work.json files
var Files embed.FS

// A Demo is the demonstration organisation, as demo.json says it.
type Demo struct {
	Notice       string       `json:"notice"` // says in French that all this is fictional; shown on each page of the demonstration
	Organisation Organisation `json:"organisation"`
	Services     []Service    `json:"services"`
	People       []Person     `json:"people"`     // who may be tried, one for each role: the first page names them
	Colleagues   []Person     `json:"colleagues"` // the others, without whom no group is large enough to be told of
	Datasets     []Dataset    `json:"datasets"`
	Forms        []Form       `json:"forms"`
	Register     []Entry      `json:"register"`
	Needs        []Need       `json:"needs"`
	Actions      []Action     `json:"actions"`
	Learning     Learning     `json:"learning"`
	Bench        Bench        `json:"-"` // of work.json
}

// A Need is where a situation taken from the founding workshop is met, what it is about and what was decided there.
type Need struct {
	Card      string   `json:"card"`    // its id in founding/contributions.json of content/workshops
	Service   string   `json:"service"` // ID of a [Service]
	Datasets  []string `json:"datasets"`
	Frequency string   `json:"frequency"` // "" or one of package situation
	Action    *Action  `json:"action"`    // without competence or service; nil when nothing was decided
}

// An Action is what was decided about a gap of the map.
type Action struct {
	Competence string `json:"competence"` // its code in the framework that ships
	Service    string `json:"service"`    // ID of a [Service], "" everywhere
	What       string `json:"what"`
	Owner      string `json:"owner"` // first and last name of a [Person]
	Days       int    `json:"days"`  // when it is due, from the day the demonstration is made; below 0 before it
	Done       bool   `json:"done"`
}

// Everybody lists all people there are.
func (d Demo) Everybody() []Person { return slices.Concat(d.People, d.Colleagues) }

// A Form is one that is published to answer. Its form has the layout of package form.
type Form struct {
	Owner string          `json:"owner"` // e-mail of a [Person]
	Form  json.RawMessage `json:"form"`
}

// An Entry is one of the register of processing activities, as its form would send it, filled from what it covers.
type Entry struct {
	By       string          `json:"by"`       // e-mail of a [Person]
	Forms    []string        `json:"forms"`    // titles
	Datasets []string        `json:"datasets"` // ID of a [Dataset]
	Entry    json.RawMessage `json:"entry"`
	Verdict  string          `json:"verdict"` // of the data protection officer, "" for none
	Opinion  string          `json:"opinion"`
}

// An Organisation is the tenant. Fictional and SIRENFictional are always true here.
type Organisation struct {
	Name           string    `json:"name"`
	ShortName      string    `json:"shortName"`
	Slug           string    `json:"slug"`
	Fictional      bool      `json:"fictional"`
	SIREN          string    `json:"siren"` // passes Luhn's check and belongs to nobody
	SIRENFictional bool      `json:"sirenFictional"`
	Contact        string    `json:"contact"`
	Description    string    `json:"description"`
	Territory      Territory `json:"territory"`
}

// A Territory is what the organisation covers: the layout of a record's spatial field.
type Territory struct {
	Name string `json:"name"`
	Code string `json:"code"`
	Kind string `json:"kind"`
}

// A Service is a department. ID is what people and datasets refer to; it is no database identifier.
type Service struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Contact string `json:"contact"`
}

// A Person is a demonstration account. The password is not here: whoever creates the accounts sets it.
type Person struct {
	Email     string   `json:"email"`
	FirstName string   `json:"firstName"`
	LastName  string   `json:"lastName"`
	Service   string   `json:"service"` // ID of a [Service]
	Roles     []string `json:"roles"`   // those of package actor
	Job       string   `json:"job"`
}

// A Dataset is one file, where it comes from, what its record says and how far it has come.
type Dataset struct {
	ID        string          `json:"id"`
	File      string          `json:"file"`      // name in files/
	Synthetic bool            `json:"synthetic"` // invented, not data of anybody
	State     string          `json:"state"`     // "draft", "in_review", "internal" or "published"
	Override  string          `json:"override"`  // why it is published though it looks like personal data; "" if it does not
	Service   string          `json:"service"`   // ID of a [Service]
	Owner     string          `json:"owner"`     // e-mail of a [Person]
	Source    Source          `json:"source"`
	Record    json.RawMessage `json:"record"` // fields of a catalogue record, under the names it has in JSON
	Columns   []Column        `json:"columns"`
	Teaches   string          `json:"teaches"` // what the dataset is here to show
}

// A Source says who made a file and under which licence it may be shown.
type Source struct {
	Producer    string `json:"producer"`
	Repository  string `json:"repository"` // owner/name, or the package the file was taken from; "" for a synthetic file
	Commit      string `json:"commit"`     // or the package's version
	Path        string `json:"path"`
	URL         string `json:"url"`         // of the repository; "" if there is none
	Licence     string `json:"licence"`     // "etalab-2.0", "cc0-1.0" or "MIT"
	Recorded    string `json:"recorded"`    // the licence as it was recorded when the file was collected
	Attribution string `json:"attribution"` // to be shown wherever the data is
	Changes     string `json:"changes"`     // what was changed since the producer; "" if nothing was
	SHA256      string `json:"sha256"`      // of the file, hexadecimal
}

// A Column is a line of the dictionary.
type Column struct {
	Name        string `json:"name"` // as in the file's header
	Title       string `json:"title"`
	Description string `json:"description"`
	Type        string `json:"type"` // Table Schema type
}

// Load reads demo.json and work.json. A fault is a bug of ours: the files ship in the binary and are tested.
func Load() (d Demo, err error) {
	for name, into := range map[string]any{"demo.json": &d, "work.json": &d.Bench} {
		text, err := Files.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(text, into)
		}
		if err != nil {
			return d, fmt.Errorf("demo.Load: %s: %w", name, err)
		}
	}
	return d, nil
}

// Open opens the dataset's file. It fails only if demo.json names a file that does not ship.
func (d Dataset) Open() (fs.File, error) { return Files.Open("files/" + d.File) }
