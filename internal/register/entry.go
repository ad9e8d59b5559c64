package register

import (
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// An ID names an entry: a UUID.
type ID string

// Bases lists the legal bases, in the order of article 6, paragraph 1.
func Bases() []string {
	return []string{"consent", "contract", "obligation", "vital", "mission", "interest"}
}

// Exceptions lists what allows sensitive data, in the order of article 9, paragraph 2.
func Exceptions() []string {
	return []string{"explicit", "employment", "vital_9", "members", "public", "claims", "public_interest", "care", "health", "archives"}
}

// Categories lists the categories of data of the CNIL's model.
func Categories() []string {
	return []string{"identity", "personal_life", "professional", "economic", "connection", "location", "internet", "image", "other"}
}

// Delicates lists the sensitive data: those of article 9, then offences (article 10) and the social security number.
func Delicates() []string {
	return []string{"origin", "politics", "belief", "union", "genetic", "biometric", "medical", "sexual", "offence", "nir"}
}

// exceptional reports whether a sensitive kind is one of article 9, which asks for an exception.
func exceptional(kind string) bool { return kind != "offence" && kind != "nir" }

// Guarantees lists what allows a transfer outside the European Union: articles 45, 46, 47 and 49.
func Guarantees() []string {
	return []string{"adequacy", "clauses", "rules", "certificate", "derogation"}
}

// Measures lists the security measures of the CNIL's model.
func Measures() []string {
	return []string{"access", "traces", "software", "backup", "encryption", "processors"}
}

// Impacts lists where an impact assessment (article 35) stands.
func Impacts() []string { return []string{"not_needed", "needed", "done"} }

// An Entry is one activity of the register. Days are AAAA-MM-JJ, "" for none; texts may have several lines.
type Entry struct {
	ID           ID        `json:"id"`
	Organisation string    `json:"-"`
	Reference    string    `json:"reference,omitempty"` // as the organisation numbers its activities
	Name         string    `json:"name"`
	Controller   string    `json:"controller,omitempty"`
	Joint        string    `json:"joint,omitempty"` // joint controllers
	DPO          string    `json:"dpo,omitempty"`
	Purposes     string    `json:"purposes"`
	Basis        string    `json:"basis,omitempty"`     // one of [Bases]
	BasisText    string    `json:"basisText,omitempty"` // the text it rests on
	People       string    `json:"people,omitempty"`    // categories of persons
	Data         []string  `json:"data,omitempty"`      // of [Categories]
	DataText     string    `json:"dataText,omitempty"`
	Delicate     []string  `json:"delicate,omitempty"`  // of [Delicates]
	Exception    string    `json:"exception,omitempty"` // one of [Exceptions], when Delicate has one of article 9
	Origin       string    `json:"origin,omitempty"`    // where the data comes from
	Recipients   string    `json:"recipients,omitempty"`
	Transfers    string    `json:"transfers,omitempty"` // who gets it outside the European Union, and where; "" for nobody
	Guarantee    string    `json:"guarantee,omitempty"` // one of [Guarantees], when there are transfers
	Retention    string    `json:"retention,omitempty"`
	Measures     []string  `json:"measures,omitempty"` // of [Measures]
	MeasureText  string    `json:"measureText,omitempty"`
	Rights       string    `json:"rights,omitempty"` // how people exercise them
	Impact       string    `json:"impact,omitempty"` // one of [Impacts]
	Started      string    `json:"started,omitempty"`
	Review       string    `json:"review,omitempty"`
	Sources      []Source  `json:"sources,omitempty"`
	Removed      bool      `json:"removed,omitempty"`
	Revision     int       `json:"revision"` // from 1
	Created      time.Time `json:"created"`
	Updated      time.Time `json:"updated"`
}

// What an entry may hold at most, in characters and sources.
const (
	LineMost    = 300
	TextMost    = 4000
	SourcesMost = 100
)

// MayEdit reports whether by may write the register: stewards, administrators and the data protection officer. Everybody of the organisation reads it.
func MayEdit(by actor.Actor) bool {
	return by.Is(actor.Steward) || by.Is(actor.Admin) || by.Is(actor.DPO)
}

// A text is a field that people write freely.
type text struct {
	field string
	value *string
	most  int
}

func (e *Entry) texts() []text {
	return []text{{"reference", &e.Reference, LineMost}, {"name", &e.Name, LineMost}, {"controller", &e.Controller, TextMost}, {"joint", &e.Joint, TextMost}, {"dpo", &e.DPO, TextMost},
		{"purposes", &e.Purposes, TextMost}, {"basis_text", &e.BasisText, TextMost}, {"people", &e.People, TextMost}, {"data_text", &e.DataText, TextMost}, {"origin", &e.Origin, TextMost},
		{"recipients", &e.Recipients, TextMost}, {"transfers", &e.Transfers, TextMost}, {"retention", &e.Retention, TextMost}, {"measure_text", &e.MeasureText, TextMost}, {"rights", &e.Rights, TextMost}}
}

// Tidy trims the texts, keeps each code once in the order of its list, and drops what no longer applies.
func (e *Entry) Tidy() {
	for _, t := range e.texts() {
		*t.value = strings.TrimSpace(strings.ReplaceAll(*t.value, "\r\n", "\n"))
	}
	e.Data, e.Delicate, e.Measures = ordered(e.Data, Categories()), ordered(e.Delicate, Delicates()), ordered(e.Measures, Measures())
	if !slices.ContainsFunc(e.Delicate, exceptional) {
		e.Exception = ""
	}
	if e.Transfers == "" {
		e.Guarantee = ""
	}
}

// ordered keeps what chosen has of a list, in its order, and what it lacks after that: [Entry.Validate] refuses it.
func ordered(chosen, list []string) (out []string) {
	for _, code := range list {
		if slices.Contains(chosen, code) {
			out = append(out, code)
		}
	}
	for _, code := range chosen {
		if !slices.Contains(list, code) && !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}

// Validate says all that keeps an entry from being stored, by form field. Faults: Invalid "register.no_name", "register.no_purpose",
// "register.too_long", "register.bad_choice", "register.bad_day", "register.no_exception", "register.no_guarantee", "register.many_sources".
func (e *Entry) Validate() (out fault.List) {
	if e.Name == "" {
		out.Add("name", "register.no_name")
	}
	if e.Purposes == "" {
		out.Add("purposes", "register.no_purpose")
	}
	for _, t := range e.texts() {
		if utf8.RuneCountInString(*t.value) > t.most {
			out.Add(t.field, "register.too_long", t.most)
		}
	}
	for _, c := range []struct {
		field  string
		chosen []string
		list   []string
	}{{"basis", []string{e.Basis}, Bases()}, {"data", e.Data, Categories()}, {"delicate", e.Delicate, Delicates()}, {"exception", []string{e.Exception}, Exceptions()},
		{"guarantee", []string{e.Guarantee}, Guarantees()}, {"measures", e.Measures, Measures()}, {"impact", []string{e.Impact}, Impacts()}} {
		if slices.ContainsFunc(c.chosen, func(code string) bool { return code != "" && !slices.Contains(c.list, code) }) {
			out.Add(c.field, "register.bad_choice")
		}
	}
	if slices.ContainsFunc(e.Delicate, exceptional) && e.Exception == "" {
		out.Add("exception", "register.no_exception")
	}
	if e.Transfers != "" && e.Guarantee == "" {
		out.Add("guarantee", "register.no_guarantee")
	}
	for _, d := range []struct{ field, day string }{{"started", e.Started}, {"review", e.Review}} {
		if _, err := time.Parse(time.DateOnly, d.day); d.day != "" && err != nil {
			out.Add(d.field, "register.bad_day")
		}
	}
	if len(e.Sources) > SourcesMost {
		out.Add("sources", "register.many_sources", SourcesMost)
	}
	return out
}

// Missing lists the fields that article 30 asks for and the entry does not fill, with the legal basis, by the names of [Entry.Changed].
func (e *Entry) Missing() (out []string) {
	for _, f := range []struct {
		field string
		there bool
	}{{"controller", e.Controller != ""}, {"dpo", e.DPO != ""}, {"basis", e.Basis != ""}, {"people", e.People != ""}, {"data", len(e.Data)+len(e.Delicate) > 0 || e.DataText != ""},
		{"recipients", e.Recipients != ""}, {"retention", e.Retention != ""}, {"measures", len(e.Measures) > 0 || e.MeasureText != ""}} {
		if !f.there {
			out = append(out, f.field)
		}
	}
	return out
}

// Due reports whether the day of review is over, on a day AAAA-MM-JJ.
func (e *Entry) Due(today string) bool { return e.Review != "" && e.Review < today }

// Changed lists the fields in which the entry differs from another state of it, as the form names them; "removed" when it was deleted or
// brought back.
func (e *Entry) Changed(before Entry) (out []string) {
	others := before.texts()
	for i, t := range e.texts() {
		if *t.value != *others[i].value {
			out = append(out, t.field)
		}
	}
	for _, c := range []struct {
		field string
		same  bool
	}{{"basis", e.Basis == before.Basis}, {"data", slices.Equal(e.Data, before.Data)}, {"delicate", slices.Equal(e.Delicate, before.Delicate)}, {"exception", e.Exception == before.Exception},
		{"guarantee", e.Guarantee == before.Guarantee}, {"measures", slices.Equal(e.Measures, before.Measures)}, {"impact", e.Impact == before.Impact},
		{"started", e.Started == before.Started}, {"review", e.Review == before.Review}, {"sources", reflect.DeepEqual(e.Sources, before.Sources)}, {"removed", e.Removed == before.Removed}} {
		if !c.same {
			out = append(out, c.field)
		}
	}
	return out
}
