package form

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/fault"
	"cultured/internal/french"
)

// A Kind is what a block asks for, or says.
type Kind string

// The kinds of block.
const (
	Line        Kind = "line"        // a text of one line
	LongText    Kind = "long_text"   // a text of several lines
	Number      Kind = "number"      // written as in France or with a point
	Date        Kind = "date"        // a day
	One         Kind = "one"         // one of the options
	Many        Kind = "many"        // some of the options
	Email       Kind = "email"       // one address
	Phone       Kind = "phone"       // a French number, or one with its country code
	Address     Kind = "address"     // a postal address, as people write it
	Commune     Kind = "commune"     // a name or a code of the Code officiel géographique
	Point       Kind = "point"       // latitude and longitude, in degrees
	File        Kind = "file"        // a document, whose type its content says
	Photo       Kind = "photo"       // a picture
	Repeat      Kind = "repeat"      // opens a group asked for as many times as there is to say
	Computed    Kind = "computed"    // asks nothing of people: what a formula says of the answers before
	Heading     Kind = "heading"     // asks nothing: opens a part
	Explanation Kind = "explanation" // asks nothing: a paragraph
)

// Kinds lists every kind, in the order builders offer them.
func Kinds() []Kind {
	return []Kind{Line, LongText, Number, Date, One, Many, Email, Phone, Address, Commune, Point, File, Photo, Repeat, Computed, Heading, Explanation}
}

// Word is the catalogue key that names the kind.
func (k Kind) Word() string { return "form.kind_" + string(k) }

// Asks reports whether a block of the kind expects an answer.
func (k Kind) Asks() bool { return k != Heading && k != Explanation }

// Chooses reports whether the kind has options.
func (k Kind) Chooses() bool { return k == One || k == Many }

// Attaches reports whether answers of the kind are files.
func (k Kind) Attaches() bool { return k == File || k == Photo }

// Limited reports whether Min and Max mean something: characters of texts, values of numbers, days of dates, options of Many, rows of
// Repeat; the Max of File and Photo is how many are taken.
func (k Kind) Limited() bool {
	return slices.Contains([]Kind{Line, LongText, Number, Date, Many, Repeat}, k) || k.Attaches()
}

// Personal reports whether an answer of the kind always concerns a person: nobody knows beforehand what a file holds.
func (k Kind) Personal() bool { return k == Email || k == Phone || k == Address || k.Attaches() }

// The bounds of a form and of what is typed into it.
const (
	BlocksMost   = 150   // blocks of a form
	OptionsMost  = 200   // options of a block
	LabelMost    = 300   // characters of a label, an option, a purpose
	HintMost     = 2000  // characters of a hint, an explanation, an introduction
	LineMost     = 500   // characters of an answer of one line
	LongTextMost = 10000 // characters of an answer of several lines
	DaysMost     = 730   // days to answer a request: two years
	MonthsMost   = 600   // months of a retention: fifty years
)

// A Block is one thing of a form.
type Block struct {
	Name      string     `json:"name"` // column of the answers: [a-z0-9_], unique in the form, the same in every version
	Kind      Kind       `json:"kind"`
	Label     string     `json:"label"`
	Hint      string     `json:"hint,omitempty"` // under the label; the paragraph of an Explanation
	Required  bool       `json:"required,omitempty"`
	Min       string     `json:"min,omitempty"` // see [Kind.Limited]; "" is no limit
	Max       string     `json:"max,omitempty"`
	Options   []string   `json:"options,omitempty"`
	Initial   []string   `json:"initial,omitempty"`  // stands in the field before anybody types; a Date may say [Today]
	Narrow    *Narrowing `json:"narrow,omitempty"`   // nil: every option is always offered
	About     bool       `json:"personal,omitempty"` // the answer concerns a person who can be recognised
	Purpose   string     `json:"purpose,omitempty"`
	Retention int        `json:"retention,omitempty"` // months an answer is kept, from the day it came
	When      *Condition `json:"when,omitempty"`      // nil: always shown
	Within    string     `json:"within,omitempty"`    // name of the Repeat whose group it stands in
	Formula   string     `json:"formula,omitempty"`   // of Computed
	Area      Area       `json:"area,omitempty"`      // of Point
	Common    bool       `json:"common,omitempty"`    // comes from the model the form follows, see [Form.Follow]

	Column string            `json:"column,omitempty"` // what its owner's files call it; "" is the name
	Codes  map[string]string `json:"codes,omitempty"`  // what its owner's files write for an option; the option itself where none is said
}

// Field is the name and the id of the block's field in a page, and of the faults of its answer.
func (b Block) Field() string { return "q-" + b.Name }

// Personal reports whether the answer concerns a person: its kind says so, whoever builds the form says so, or its label does.
func (b Block) Personal() bool {
	return b.Kind.Asks() && b.Kind != Repeat && (b.About || b.Kind.Personal() || tells(b.Label))
}

// telling are the words of labels that leave no doubt. "nom" is not one of them: streets and clubs have names.
var telling = [][]string{{"prenom"}, {"naissance"}, {"securite", "sociale"}, {"iban"}, {"courriel"}, {"nationalite"}, {"nir"}, {"foyer", "fiscal"}}

// tells reports whether a label asks for something only people have.
func tells(label string) bool {
	words := strings.FieldsFunc(french.Fold(label), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return slices.ContainsFunc(telling, func(all []string) bool {
		return !slices.ContainsFunc(all, func(w string) bool { return !slices.Contains(words, w) })
	})
}

// Tidy trims what was typed and drops what the kind has no use for.
func (b *Block) Tidy() {
	b.Label, b.Hint, b.Purpose = strings.TrimSpace(b.Label), strings.TrimSpace(b.Hint), strings.TrimSpace(b.Purpose)
	b.Min, b.Max = strings.TrimSpace(b.Min), strings.TrimSpace(b.Max)
	var options []string
	for _, o := range b.Options {
		if o = strings.Join(strings.Fields(o), " "); o != "" {
			options = append(options, o)
		}
	}
	b.Options = options
	if !b.Kind.Chooses() {
		b.Options = nil
	}
	if !b.Kind.Limited() {
		b.Min, b.Max = "", ""
	}
	if b.Kind.Attaches() {
		b.Min = ""
	}
	b.tidyColumn()
	b.tidyInitial()
	b.tidyNarrow()
	b.Formula = strings.TrimSpace(b.Formula)
	if b.Kind != Computed {
		b.Formula = ""
	}
	if b.Kind != Point {
		b.Area = Anywhere
	}
	if !b.Kind.Asks() || b.Kind == Computed {
		b.Required = false
	}
	if !b.Kind.Asks() || b.Kind == Repeat {
		b.About = false
	}
	if b.Kind == Repeat {
		b.When = nil
	}
	if !b.Personal() {
		b.Purpose, b.Retention = "", 0
	}
}

// Validate says everything to mend in the block, which stands after the blocks before. Fields of the faults: kind, label, hint,
// options, min, max, initial, narrow, with, area, formula, purpose, retention, within, when, column, codes.
func (b Block) Validate(before []Block) (out fault.List) {
	if !slices.Contains(Kinds(), b.Kind) {
		out.Add("kind", "form.no_kind")
		return out
	}
	if b.Label == "" {
		out.Add("label", "form.no_label")
	}
	length(&out, "label", b.Label, LabelMost)
	length(&out, "hint", b.Hint, HintMost)
	if b.Kind.Chooses() {
		b.validateOptions(&out)
	}
	b.validateLimits(&out)
	if b.Area != Anywhere && b.Area != France {
		out.Add("area", "form.bad_area")
	}
	if b.Kind == Computed {
		b.validateFormula(&out, before)
	}
	b.validateGroup(&out, before)
	b.validateColumn(&out, before)
	b.validateInitial(&out)
	b.validateNarrow(&out, before)
	if b.Personal() {
		if b.Purpose == "" {
			out.Add("purpose", "form.no_purpose", b.Label)
		}
		length(&out, "purpose", b.Purpose, LabelMost)
		if b.Retention < 1 || b.Retention > MonthsMost {
			out.Add("retention", "form.no_retention", b.Label, MonthsMost)
		}
	}
	b.validateCondition(&out, before)
	return out
}

func length(out *fault.List, field, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		out.Add(field, "form.too_long", most)
	}
}

func (b Block) validateOptions(out *fault.List) {
	switch {
	case len(b.Options) < 2:
		out.Add("options", "form.few_options")
	case len(b.Options) > OptionsMost:
		out.Add("options", "form.many_options", OptionsMost)
	}
	seen := map[string]bool{}
	for _, o := range b.Options {
		if key := french.Fold(o); seen[key] {
			out.Add("options", "form.option_twice", o)
			return
		} else {
			seen[key] = true
		}
		length(out, "options", o, LabelMost)
	}
}

// measure reads a limit as a number that compares: a value, a count, a day since 1970.
func (b Block) measure(limit string) (float64, bool) {
	switch b.Kind {
	case Number:
		return french.Number(limit)
	case Date:
		day, err := time.Parse(time.DateOnly, limit)
		return float64(day.Unix()), err == nil
	}
	n, err := strconv.Atoi(limit)
	return float64(n), err == nil && n >= 0
}

func (b Block) validateLimits(out *fault.List) {
	wrong := map[Kind]string{Number: "form.limit_number", Date: "form.limit_date"}[b.Kind]
	if wrong == "" {
		wrong = "form.limit_count"
	}
	low, lowOK := b.measure(b.Min)
	high, highOK := b.measure(b.Max)
	if b.Min != "" && !lowOK {
		out.Add("min", wrong)
	}
	if b.Max != "" && !highOK {
		out.Add("max", wrong)
	}
	if b.Min != "" && b.Max != "" && lowOK && highOK && low > high {
		out.Add("max", "form.limits_crossed")
	}
	if b.Kind.Attaches() && highOK && (high < 1 || high > FilesMost) {
		out.Add("max", "form.limit_files", FilesMost)
	}
	if b.Kind == Repeat && highOK && (high < 1 || high > RowsMost) {
		out.Add("max", "form.limit_rows", RowsMost)
	}
	if b.Kind == Many && b.Min != "" && lowOK && int(low) > len(b.Options) {
		out.Add("min", "form.limit_options")
	}
}
