package ui

import "strings"

// Field is a labelled one-line input. Name and Label are required; Label, Hint, Error and Unit are already translated.
type Field struct {
	Name, Label  string
	ID           string // Name when empty
	Type         string // "text" when empty
	Value        string
	Hint, Error  string
	Unit         string // shown after the input: "€", "km²"
	Autocomplete string // of the HTML list, such as "email"
	Mode         string // inputmode: "numeric", "decimal", "search"…
	Min, Max     string
	Step         string
	MaxLength    int      // characters; 0 is no limit
	Suggestions  []string // offered while typing
	Size         string   // "short" (codes, dates), "medium", "" for the whole column
	Required     bool
	Optional     bool // says « facultatif »
	ReadOnly     bool
}

// Key is the field's id in the page.
func (f Field) Key() string { return key(f.ID, f.Name) }

// DescribedBy lists the ids of the hint and the error.
func (f Field) DescribedBy() string { return describedBy(f.Key(), f.Hint, f.Error) }

// Kind is the input's type.
func (f Field) Kind() string { return key(f.Type, "text") }

func newField(name, label string) Field { return Field{Name: name, Label: label} }

// WithValue, WithHint, WithType, WithError, From, Must, May, Sized, Filled, In and Of return a changed copy, for use in templates.
func (f Field) WithValue(v string) Field { f.Value = v; return f }

// WithHint adds a sentence under the label.
func (f Field) WithHint(hint string) Field { f.Hint = hint; return f }

// WithType sets the input's type: "email", "password", "date", "number", "url", "search".
func (f Field) WithType(kind string) Field { f.Type = kind; return f }

// WithError shows what is wrong.
func (f Field) WithError(text string) Field { f.Error = text; return f }

// From takes the field's own error from those of the form.
func (f Field) From(errors FormErrors) Field { f.Error = errors.For(f.Name); return f }

// Must makes the field required; May says it is optional.
func (f Field) Must() Field { f.Required = true; return f }

// May says that the field may stay empty.
func (f Field) May() Field { f.Optional = true; return f }

// Sized sets the width: "short" or "medium".
func (f Field) Sized(size string) Field { f.Size = size; return f }

// Filled sets autocomplete.
func (f Field) Filled(autocomplete string) Field { f.Autocomplete = autocomplete; return f }

// In sets the unit shown after the input.
func (f Field) In(unit string) Field { f.Unit = unit; return f }

// Of sets the id, for a page with two fields of one name.
func (f Field) Of(id string) Field { f.ID = id; return f }

// Textarea is a labelled input of several lines.
type Textarea struct {
	Name, Label, ID, Value, Hint, Error string
	Rows                                int // 5 when 0
	MaxLength                           int
	Form                                string // id of a form elsewhere in the page
	Autocomplete                        string // of the HTML list, such as "street-address"
	Required, Optional, Fixed           bool   // Fixed: a code or file excerpt, in fixed-width letters
}

// Key is the field's id in the page.
func (f Textarea) Key() string { return key(f.ID, f.Name) }

// DescribedBy lists the ids of the hint and the error.
func (f Textarea) DescribedBy() string { return describedBy(f.Key(), f.Hint, f.Error) }

// Height is the number of lines shown.
func (f Textarea) Height() int {
	if f.Rows > 0 {
		return f.Rows
	}
	return 5
}

func newTextarea(name, label string) Textarea { return Textarea{Name: name, Label: label} }

// WithValue sets the text.
func (f Textarea) WithValue(v string) Textarea { f.Value = v; return f }

// WithHint adds a sentence under the label.
func (f Textarea) WithHint(hint string) Textarea { f.Hint = hint; return f }

// From takes the field's own error from those of the form.
func (f Textarea) From(errors FormErrors) Textarea { f.Error = errors.For(f.Name); return f }

// Must makes the field required.
func (f Textarea) Must() Textarea { f.Required = true; return f }

// May says that the field may stay empty.
func (f Textarea) May() Textarea { f.Optional = true; return f }

// Tall sets the number of lines shown.
func (f Textarea) Tall(rows int) Textarea { f.Rows = rows; return f }

// An Option is one answer of a [Choice], [Radios] or [Checkboxes].
type Option struct {
	Value, Label string
	Hint         string // under the label; not shown in a Choice
	Group        string // heading in a Choice: options of one group follow each other
	Selected     bool
	Disabled     bool
}

// Options makes options from value, label pairs.
func Options(pairs ...string) []Option {
	var out []Option
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, Option{Value: pairs[i], Label: pairs[i+1]})
	}
	return out
}

// choose returns a copy of options where exactly those with a chosen value are selected.
func choose(options []Option, chosen ...string) []Option {
	out := make([]Option, len(options))
	for i, o := range options {
		o.Selected = false
		for _, v := range chosen {
			o.Selected = o.Selected || v == o.Value
		}
		out[i] = o
	}
	return out
}

// OptionGroup is a heading and its options, for a [Choice].
type OptionGroup struct {
	Label   string
	Options []Option
}

// Choice is a labelled <select>.
type Choice struct {
	Name, Label, ID, Hint, Error string
	Empty                        string // first line with an empty value, such as « Choisissez »; none when empty
	Options                      []Option
	Required, Optional           bool
}

// Key is the field's id in the page.
func (f Choice) Key() string { return key(f.ID, f.Name) }

// DescribedBy lists the ids of the hint and the error.
func (f Choice) DescribedBy() string { return describedBy(f.Key(), f.Hint, f.Error) }

// Groups gives the options by group, in order; options without a group stand under "".
func (f Choice) Groups() []OptionGroup {
	var out []OptionGroup
	for _, o := range f.Options {
		if n := len(out); n == 0 || out[n-1].Label != o.Group {
			out = append(out, OptionGroup{Label: o.Group})
		}
		out[len(out)-1].Options = append(out[len(out)-1].Options, o)
	}
	return out
}

func newChoice(name, label string, options []Option) Choice {
	return Choice{Name: name, Label: label, Options: options}
}

// WithValue selects the option of that value.
func (f Choice) WithValue(v string) Choice { f.Options = choose(f.Options, v); return f }

// WithHint adds a sentence under the label.
func (f Choice) WithHint(hint string) Choice { f.Hint = hint; return f }

// OrNone adds a first line with an empty value.
func (f Choice) OrNone(label string) Choice { f.Empty = label; return f }

// From takes the field's own error from those of the form.
func (f Choice) From(errors FormErrors) Choice { f.Error = errors.For(f.Name); return f }

// Must makes the field required.
func (f Choice) Must() Choice { f.Required = true; return f }

// May says that the field may stay empty.
func (f Choice) May() Choice { f.Optional = true; return f }

// Of sets the id, for a page with two fields of one name.
func (f Choice) Of(id string) Choice { f.ID = id; return f }

func key(id, name string) string {
	if id != "" {
		return id
	}
	return name
}

func describedBy(id, hint, err string) string {
	var ids []string
	if hint != "" {
		ids = append(ids, id+"-hint")
	}
	if err != "" {
		ids = append(ids, id+"-error")
	}
	return strings.Join(ids, " ")
}
