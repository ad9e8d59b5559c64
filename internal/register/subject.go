package register

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// The kinds of subject.
const (
	Form    = "form"
	Dataset = "dataset"
)

// A Key names a subject: its kind and its identifier.
type Key struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Text is the key in a form: "form:…".
func (k Key) Text() string { return k.Kind + ":" + k.ID }

// KeyOf reads what [Key.Text] wrote; anything else is the key of nothing.
func KeyOf(s string) Key {
	kind, id, _ := strings.Cut(s, ":")
	return Key{kind, id}
}

// A Field is a question of a form or a column of a dataset that concerns persons.
type Field struct {
	Name     string `json:"name"` // the same as long as it is the same field
	Label    string `json:"label"`
	Data     string `json:"data"`               // of [Categories]
	Delicate string `json:"delicate,omitempty"` // of [Delicates]
	Purpose  string `json:"purpose,omitempty"`
	Months   int    `json:"months,omitempty"` // it is kept; 0 when that is not said
}

// A Subject is a form or a dataset as its room last told of it. Without a field it has no personal data.
type Subject struct {
	Key
	Organisation string  `json:"-"`
	Title        string  `json:"title"`
	Owner        string  `json:"owner"` // person
	Fields       []Field `json:"fields"`
}

// Mark changes whenever the fields do: who writes an entry says with it which fields they saw.
func (s Subject) Mark() string {
	raw, err := json.Marshal(s.Fields)
	if err != nil {
		return "" // texts and numbers are always written
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8])
}

// A Source is a subject that an entry covers.
type Source struct {
	Key
	Title string  `json:"title"`
	Seen  []Field `json:"seen"` // the fields when the entry was written
}

// The kinds of a [Move].
const (
	Added      = "added"
	Gone       = "gone"
	Repurposed = "purpose"
	Kept       = "months"
	Nature     = "nature"
)

// A Move is what became of a field since an entry was written.
type Move struct {
	Kind          string
	Label         string
	Before, After string // purposes
	From, To      int    // months
}

// Since lists what changed in the fields of a source, in the order of the fields, what is gone last.
func (s Source) Since(now []Field) (out []Move) {
	for _, f := range now {
		i := slices.IndexFunc(s.Seen, func(o Field) bool { return o.Name == f.Name })
		if i < 0 {
			out = append(out, Move{Kind: Added, Label: f.Label})
			continue
		}
		before := s.Seen[i]
		if before.Data != f.Data || before.Delicate != f.Delicate {
			out = append(out, Move{Kind: Nature, Label: f.Label})
		}
		if before.Purpose != f.Purpose {
			out = append(out, Move{Kind: Repurposed, Label: f.Label, Before: before.Purpose, After: f.Purpose})
		}
		if before.Months != f.Months {
			out = append(out, Move{Kind: Kept, Label: f.Label, From: before.Months, To: f.Months})
		}
	}
	for _, f := range s.Seen {
		if !slices.ContainsFunc(now, func(o Field) bool { return o.Name == f.Name }) {
			out = append(out, Move{Kind: Gone, Label: f.Label})
		}
	}
	return out
}

// Fill proposes an entry for a subject: what its fields say of purposes and data. months says a retention in words, for the longest to be told.
func (e *Entry) Fill(s Subject, months func(int) string) {
	if e.Name == "" {
		e.Name = s.Title
	}
	e.Sources = append(e.Sources, Source{Key: s.Key, Title: s.Title, Seen: s.Fields})
	purposes, labels := lines(e.Purposes), lines(e.DataText)
	kept := lines(e.Retention)
	for _, f := range s.Fields {
		if f.Data != "" && !slices.Contains(e.Data, f.Data) {
			e.Data = append(e.Data, f.Data)
		}
		if f.Delicate != "" && !slices.Contains(e.Delicate, f.Delicate) {
			e.Delicate = append(e.Delicate, f.Delicate)
		}
		purposes, labels = once(purposes, f.Purpose), once(labels, f.Label)
		if f.Months > 0 {
			kept = once(kept, f.Label+" : "+months(f.Months))
		}
	}
	e.Purposes, e.DataText, e.Retention = strings.Join(purposes, "\n"), strings.Join(labels, "\n"), strings.Join(kept, "\n")
	e.Data, e.Delicate = ordered(e.Data, Categories()), ordered(e.Delicate, Delicates())
}

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func once(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
