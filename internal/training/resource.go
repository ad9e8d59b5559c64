package training

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/fault"
)

// Words is a text in each language.
type Words struct {
	FR string `json:"fr,omitempty"`
	EN string `json:"en,omitempty"`
}

// In returns the text in a language, "fr" or "en"; the other one when that is missing.
func (w Words) In(lang string) string {
	if lang == "en" && w.EN != "" || w.FR == "" {
		return w.EN
	}
	return w.FR
}

// A ResourceID names a resource in an organisation: a word for those that ship, a UUID for the others.
type ResourceID string

// Kinds lists what a resource may be.
func Kinds() []string {
	return []string{"guide", "kit", "video", "game", "course", "reference", "tool"}
}

// Formats lists the forms a resource may have.
func Formats() []string { return []string{"page", "document", "video", "interactive", "files"} }

// Audiences lists whom a resource may be meant for.
func Audiences() []string {
	return []string{"everyone", "agents", "stewards", "technicians", "trainers", "deciders"}
}

// Licences lists the licences people may choose from; "" is: not known.
func Licences() []string {
	return []string{"lo-2.0", "cc0", "cc-by", "cc-by-sa", "cc-nc", "open", "reserved"}
}

// Languages lists the languages a resource may be in.
func Languages() []string { return []string{"fr", "en", "other"} }

// A State says where a resource stands.
type State string

// The states of a resource.
const (
	Proposed State = "proposed" // waits to be reviewed
	Accepted State = "accepted" // in the inventory
	Refused  State = "refused"  // with a reason
	Retired  State = "retired"  // was in the inventory
)

// A Resource is something to learn from, made and kept elsewhere.
type Resource struct {
	ID           ResourceID `json:"id"`
	Organisation string     `json:"-"`
	Title        Words      `json:"title"`   // at most TitleMost characters each
	Summary      Words      `json:"summary"` // what one learns there; at most SummaryMost
	Address      string     `json:"address"` // http or https
	Publisher    string     `json:"publisher"`
	Kind         string     `json:"kind"`   // one of [Kinds]
	Format       string     `json:"format"` // one of [Formats]
	Minutes      int        `json:"minutes,omitempty"`
	Level        int        `json:"level"`    // of the framework, 1 to 4
	Audience     string     `json:"audience"` // one of [Audiences]
	Licence      string     `json:"licence,omitempty"`
	Languages    []string   `json:"languages"`
	Competences  []string   `json:"competences"` // codes of the framework: "D4.1"
	State        State      `json:"state"`
	By           string     `json:"by,omitempty"`       // who proposed it; "" for those that ship
	Reviewed     time.Time  `json:"reviewed,omitzero"`  // last
	Reviewer     string     `json:"reviewer,omitempty"` // person
	Reason       string     `json:"reason,omitempty"`   // why it was refused or retired
	Revision     int        `json:"revision"`           // from 1; 0 is as shipped
	Created      time.Time  `json:"created,omitzero"`
}

// What a resource may hold at most, in characters, minutes and competences.
const (
	TitleMost       = 200
	SummaryMost     = 1000
	AddressMost     = 500
	ReasonMost      = 500
	MinutesMost     = 60_000
	CompetencesMost = 6
	LevelMost       = 4
)

var codeShape = regexp.MustCompile(`^[A-Z][0-9]{1,2}\.[0-9]{1,2}$`)

// LoadResources reads the resources that ship, in a list of JSON. Faults: those of decoding and of [Resource.Validate].
func LoadResources(raw []byte) (list []Resource, err error) {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return nil, err
	}
	for i := range list {
		list[i].State = Accepted
		if err := list[i].Validate().Err(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Tidy trims the texts and keeps each language and competence once.
func (r *Resource) Tidy() {
	for _, text := range []*string{&r.Title.FR, &r.Title.EN, &r.Summary.FR, &r.Summary.EN, &r.Address, &r.Publisher} {
		*text = strings.TrimSpace(*text)
	}
	r.Languages, r.Competences = once(r.Languages), once(r.Competences)
}

func once(list []string) (out []string) {
	for _, v := range list {
		if v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// Validate says all that is wrong, by form field. Faults: Invalid "training.title_missing", "training.summary_missing", "training.bad_address",
// "training.too_long", "training.choose_one", "training.bad_minutes", "training.language_missing", "training.competence_missing",
// "training.bad_competence", "training.too_many_competences".
func (r Resource) Validate() (faults fault.List) {
	if !Addressable(r.Address) {
		faults.Add("address", "training.bad_address")
	}
	if r.Title.FR == "" && r.Title.EN == "" {
		faults.Add("title", "training.title_missing")
	}
	if r.Summary.FR == "" && r.Summary.EN == "" {
		faults.Add("summary", "training.summary_missing")
	}
	for _, one := range []struct {
		field, text string
		most        int
	}{{"title", r.Title.FR, TitleMost}, {"title_en", r.Title.EN, TitleMost}, {"publisher", r.Publisher, TitleMost}, {"summary", r.Summary.FR, SummaryMost}, {"summary_en", r.Summary.EN, SummaryMost}} {
		if utf8.RuneCountInString(one.text) > one.most {
			faults.Add(one.field, "training.too_long", one.most)
		}
	}
	for _, one := range []struct {
		field, value string
		among        []string
	}{{"kind", r.Kind, Kinds()}, {"format", r.Format, Formats()}, {"audience", r.Audience, Audiences()}, {"licence", r.Licence, append(Licences(), "")}} {
		if !slices.Contains(one.among, one.value) {
			faults.Add(one.field, "training.choose_one")
		}
	}
	if r.Level < 1 || r.Level > LevelMost {
		faults.Add("level", "training.choose_one")
	}
	if r.Minutes < 0 || r.Minutes > MinutesMost {
		faults.Add("minutes", "training.bad_minutes")
	}
	return append(faults, r.validateLists()...)
}

func (r Resource) validateLists() (faults fault.List) {
	if len(r.Languages) == 0 || slices.ContainsFunc(r.Languages, func(l string) bool { return !slices.Contains(Languages(), l) }) {
		faults.Add("language", "training.language_missing")
	}
	switch {
	case len(r.Competences) == 0:
		faults.Add("competence-1", "training.competence_missing")
	case len(r.Competences) > CompetencesMost:
		faults.Add("competence-1", "training.too_many_competences", CompetencesMost)
	case slices.ContainsFunc(r.Competences, func(c string) bool { return !codeShape.MatchString(c) }):
		faults.Add("competence-1", "training.bad_competence")
	}
	return faults
}

// Addressable says whether an address leads to a page of the web: http or https, with a host and no name or password in it.
func Addressable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && len(address) <= AddressMost && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}

// same says whether two addresses lead to one page: scheme, "www." and a last slash aside.
func same(a, b string) bool { return plain(a) == plain(b) }

func plain(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return address
	}
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimSuffix(u.EscapedPath(), "/") + "?" + u.RawQuery
}
