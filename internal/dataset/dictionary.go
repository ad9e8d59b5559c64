package dataset

import (
	"strconv"

	"cultured/internal/schema"
)

// An Entry is one line of a table's dictionary. What can be derived is filled in; people complete it.
type Entry struct {
	Name        string   `json:"name"`  // of the column, as stored
	Label       string   `json:"label"` // for people
	Description string   `json:"description"`
	Type        Type     `json:"type"`
	Unit        string   `json:"unit,omitempty"`
	Example     string   `json:"example,omitempty"` // never of a column about persons
	Semantic    Semantic `json:"semantic,omitempty"`
	Personal    Privacy  `json:"personal,omitempty"`
	Required    bool     `json:"required,omitempty"` // no value is missing
}

// Dictionary fills the dictionary of a table from its report. Of the entries before, label, description, unit and what
// was said about persons stay with the columns still there: people wrote them.
func Dictionary(r Report, previous []Entry) []Entry {
	out := make([]Entry, len(r.Profile.Columns))
	for i, c := range r.Profile.Columns {
		e := Entry{Name: c.Name, Label: Label(c.Name), Type: c.Storage, Unit: c.Unit, Semantic: c.Semantic, Personal: c.Privacy,
			Required: c.Missing == 0 && r.Rows > 0}
		if c.Privacy == PrivacyNone && len(c.Top) > 0 {
			e.Example = cutRunes(c.Top[0].Value, 80)
		}
		for _, p := range previous {
			if p.Name == c.Name {
				e.Label, e.Description, e.Unit, e.Personal = p.Label, p.Description, p.Unit, p.Personal
				if e.Personal != PrivacyNone {
					e.Example = ""
				}
			}
		}
		out[i] = e
	}
	return out
}

// Describe completes entries with what a schema says of the columns, where people wrote nothing yet.
func Describe(entries []Entry, s *schema.Schema) {
	if s == nil {
		return
	}
	for i := range entries {
		e := &entries[i]
		f, ok := s.Field(e.Name)
		if !ok {
			continue
		}
		if f.Title != "" && e.Label == Label(e.Name) {
			e.Label = f.Title
		}
		if e.Description == "" {
			e.Description = f.Description
		}
		if e.Personal == PrivacyNone && e.Example == "" {
			e.Example = schema.ExampleOf(f)
		}
	}
}

// Facts are what the metadata record of a table can be filled with, without asking anybody.
type Facts struct {
	File        string      `json:"file"`
	Rows        int64       `json:"rows"`
	Columns     []Entry     `json:"columns"`
	Dates       *DateExtent `json:"dates,omitempty"`
	Box         *Box        `json:"box,omitempty"`
	Territories []Territory `json:"territories,omitempty"`
	Schema      string      `json:"schema,omitempty"`   // label of the schema checked
	Conforms    bool        `json:"conforms,omitempty"` // to that schema: no error
	Personal    bool        `json:"personal,omitempty"` // some column tells about persons
	Words       []string    `json:"words,omitempty"`    // texts that come often, for keywords
}

// FactsOf gathers the facts of a table. entries is its dictionary.
func FactsOf(file string, r Report, entries []Entry) Facts {
	f := Facts{File: file, Rows: r.Rows, Columns: entries, Dates: r.Profile.Dates, Box: r.Profile.Box, Territories: r.Profile.Territories,
		Schema: r.Schema, Conforms: r.Conforms()}
	for _, e := range entries {
		f.Personal = f.Personal || e.Personal != PrivacyNone
	}
	for _, c := range r.Profile.Columns {
		if c.Privacy != PrivacyNone || c.Type != TypeText || c.Distinct > 12 || c.Distinct < 2 || c.Lengths.Mean < 4 || c.Lengths.Mean > 30 {
			continue
		}
		for _, v := range c.Top[:min(len(c.Top), 4)] {
			if _, err := strconv.Atoi(v.Value); err != nil && len(f.Words) < 12 {
				f.Words = append(f.Words, v.Value)
			}
		}
	}
	return f
}
