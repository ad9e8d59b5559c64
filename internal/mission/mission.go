package mission

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"cultured/internal/recipe"
)

// ID names a mission: "M04". It is unique among those of an organisation and those that ship.
type ID string

// Words is a sentence in each language.
type Words struct {
	FR string `json:"fr"`
	EN string `json:"en"`
}

// In returns the sentence in a language, "fr" or "en"; French when the other is missing.
func (w Words) In(lang string) string {
	if lang == "en" && w.EN != "" {
		return w.EN
	}
	return w.FR
}

// A Competence is what a mission proves: the code of an item of the framework and a level, 1 to 4.
type Competence struct {
	Code  string `json:"code"`
	Level int    `json:"level"`
}

// A Source is the real table a mission is made of, with what its licence asks to be said.
type Source struct {
	File     string `json:"file"` // beside the missions
	Title    Words  `json:"title"`
	Producer string `json:"producer"`
	Licence  string `json:"licence"` // its name, as people know it
	URL      string `json:"url"`     // where it was taken, "" for data written for the exercise
}

// AnswerKind is the shape of an answer.
type AnswerKind string

// The kinds of answers.
const (
	AnswerTable   AnswerKind = "table"   // a file handed in
	AnswerRows    AnswerKind = "rows"    // numbers of rows, as the spreadsheet shows them
	AnswerNumber  AnswerKind = "number"  // one number
	AnswerChoices AnswerKind = "choices" // one option for each case drawn
	AnswerFields  AnswerKind = "fields"  // a form filled in: a record, an entry of a register
	AnswerQuery   AnswerKind = "query"   // questions written in SQL
	AnswerRecipe  AnswerKind = "recipe"  // steps of cleaning, to be done again on other tables
	AnswerChart   AnswerKind = "chart"   // a drawing of the data, ordered
	AnswerForm    AnswerKind = "form"    // a form built in this product
)

// A Mission is a piece of work and how it is checked. It never changes: another edition has another Version.
type Mission struct {
	ID          ID            `json:"id"`
	Version     int           `json:"version"`
	Title       Words         `json:"title"`
	Story       Words         `json:"story"`    // two sentences: whose work it is, and why
	Expected    Words         `json:"expected"` // what to hand in
	Gain        Words         `json:"gain"`     // what it brings once done
	Minutes     int           `json:"minutes"`  // about, 5 to 40
	Competences []Competence  `json:"competences"`
	Source      Source        `json:"source"`
	Keep        []string      `json:"keep,omitempty"` // columns taken of the source, in order; all when empty
	Key         string        `json:"key"`            // column that tells rows apart
	Rows        int           `json:"rows"`           // drawn of the source; 0 takes all
	Disturb     []Disturbance `json:"disturb,omitempty"`
	Work        []Step        `json:"work,omitempty"` // what makes the good answer of the truth; the truth is the answer without
	Answer      AnswerKind    `json:"answer"`
	Question    *Question     `json:"question,omitempty"` // for a number
	Options     []Option      `json:"options,omitempty"`  // for choices
	Cases       []Case        `json:"cases,omitempty"`    // those to choose for; Rows of them are drawn
	Because     *Because      `json:"because,omitempty"`  // what is written beside each choice
	Fields      []Field       `json:"fields,omitempty"`   // of a form
	Subjects    []Subject     `json:"subjects,omitempty"` // what the form is about: one is drawn
	Queries     []Query       `json:"queries,omitempty"`  // for questions in SQL
	Recipe      recipe.Recipe `json:"recipe,omitempty"`   // for steps: those somebody who knows would write
	Chart       *Chart        `json:"chart,omitempty"`    // for a chart: the one somebody who knows would order
	Forms       []FormCase    `json:"forms,omitempty"`    // for a form: those to put right, one is drawn
	Checks      []Check       `json:"checks"`
	Bad         []Bad         `json:"bad"` // answers that must fail, and why
	Practice    *Practice     `json:"practice,omitempty"`
}

// An Option is one of the answers to every case.
type Option struct {
	Value string `json:"value"`
	Label Words  `json:"label"`
}

// A Case is a situation to decide. Lead is what to think of, shown after a wrong choice: the rule, not the option.
type Case struct {
	Text  Words  `json:"text"`
	Right string `json:"right,omitempty"` // value of the option
	Lead  Words  `json:"lead"`
	// Good is the reason somebody who knows would write; Tells are words, or parts of words, one of which is in a reason that is to the point. Neither is shown.
	Good  string   `json:"good,omitempty"`
	Tells []string `json:"tells,omitempty"`
	// Question makes the case a claim about the data: its answer, or a false one, stands in place of {0}, and "true" or "false" is right.
	Question *Question `json:"question,omitempty"`
}

// A Disturbance plants anomalies. Kind is one of [DisturbanceKinds].
type Disturbance struct {
	Kind   string `json:"kind"`
	Column string `json:"column,omitempty"` // for those that plant in cells
	Text   string `json:"text,omitempty"`   // for those that stand around the table: what their first cell says
	Count  int    `json:"count"`
}

// A Question asks for one number of the truth: "count", "sum", "mean" or "distinct" of a column, of the rows where another column has a
// value.
type Question struct {
	Of     string `json:"of"`
	Column string `json:"column,omitempty"`
	Where  string `json:"where,omitempty"`
	Is     string `json:"is,omitempty"`
}

// A Check is one rule an answer must pass. Kind is one of [CheckKinds].
type Check struct {
	Kind    string   `json:"kind"`
	Column  string   `json:"column,omitempty"`
	Is      string   `json:"is,omitempty"`     // for "format": "date", "integer", "number", "point" (a number with a decimal point) or "code"; for "differs": the other field
	Length  int      `json:"length,omitempty"` // characters, for "format" of a code and "filled"
	Points  int      `json:"points,omitempty"` // for "score": of the nine; for "k": rows that must resemble each other
	Least   float64  `json:"least,omitempty"`  // share, in (0, 1]
	Schema  string   `json:"schema,omitempty"`
	Columns []string `json:"columns,omitempty"` // for "identifiers", "k" and "kept"; for "tells": words, one of which is there
	Hint    Words    `json:"hint"`              // shown when it fails: where to look, never the answer
}

// A Bad answer is made from the good one by a [Mistake] and must fail the check named: otherwise the mission is refused.
type Bad struct {
	Mistake Mistake `json:"mistake"`
	Column  string  `json:"column,omitempty"` // where, or the option always chosen
	Text    string  `json:"text,omitempty"`   // what is written, for "written"; the kind of step, for "without step" and "by hand"; what the setting is, for "drawn"
	Fails   string  `json:"fails"`            // kind of the check
}

// Load reads the missions in files: one *.json each, sorted by ID. Faults: those of decoding, with the file's name; two missions of one ID.
func Load(files fs.FS) ([]Mission, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	var list []Mission
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var m Mission
		d := json.NewDecoder(strings.NewReader(string(raw)))
		d.DisallowUnknownFields()
		if err := d.Decode(&m); err != nil {
			return nil, fmt.Errorf("mission: %s: %w", name, err)
		}
		if slices.ContainsFunc(list, func(o Mission) bool { return o.ID == m.ID }) {
			return nil, fmt.Errorf("mission: %s: a second mission %s", name, m.ID)
		}
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b Mission) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return list, nil
}
