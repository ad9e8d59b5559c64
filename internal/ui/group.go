package ui

import "strconv"

// Group is a set of radio buttons or checkboxes under one question. Name and Label are required.
type Group struct {
	Name, Label, ID, Hint, Error string
	Options                      []Option
	Many                         bool // checkboxes: several answers
	Inline                       bool // on one line where there is room: two or three short answers
	Required                     bool
}

// Key is the id of the first control, where links to the error lead.
func (g Group) Key() string { return key(g.ID, g.Name) }

// DescribedBy lists the ids of the hint and the error.
func (g Group) DescribedBy() string { return describedBy(g.Key(), g.Hint, g.Error) }

// Kind is the type of the inputs.
func (g Group) Kind() string {
	if g.Many {
		return "checkbox"
	}
	return "radio"
}

// OptionKey is the id of the option at index i.
func (g Group) OptionKey(i int) string {
	if i == 0 {
		return g.Key()
	}
	return g.Key() + "-" + strconv.Itoa(i+1)
}

func newRadios(name, label string, options []Option) Group {
	return Group{Name: name, Label: label, Options: options}
}

func newCheckboxes(name, label string, options []Option) Group {
	return Group{Name: name, Label: label, Options: options, Many: true}
}

// WithValue selects the options of those values.
func (g Group) WithValue(values ...string) Group { g.Options = choose(g.Options, values...); return g }

// WithHint adds a sentence under the question.
func (g Group) WithHint(hint string) Group { g.Hint = hint; return g }

// From takes the group's own error from those of the form.
func (g Group) From(errors FormErrors) Group { g.Error = errors.For(g.Name); return g }

// Must makes an answer required.
func (g Group) Must() Group { g.Required = true; return g }

// OnOneLine sets the answers side by side.
func (g Group) OnOneLine() Group { g.Inline = true; return g }

// Checkbox is one yes-or-no question. Name and Label are required; Value is "on" when empty.
type Checkbox struct {
	Name, Label, ID, Value, Hint, Error string
	Checked, Required                   bool
}

// Key is the field's id in the page.
func (f Checkbox) Key() string { return key(f.ID, f.Name) }

// Sent is the value sent when it is checked.
func (f Checkbox) Sent() string { return key(f.Value, "on") }

// DescribedBy lists the ids of the hint and the error.
func (f Checkbox) DescribedBy() string { return describedBy(f.Key(), f.Hint, f.Error) }

func newCheckbox(name, label string) Checkbox { return Checkbox{Name: name, Label: label} }

// If checks the box when yes.
func (f Checkbox) If(yes bool) Checkbox { f.Checked = yes; return f }

// WithValue sets the value sent when the box is checked.
func (f Checkbox) WithValue(v string) Checkbox { f.Value = v; return f }

// WithHint adds a sentence under the label.
func (f Checkbox) WithHint(hint string) Checkbox { f.Hint = hint; return f }

// From takes the field's own error from those of the form.
func (f Checkbox) From(errors FormErrors) Checkbox { f.Error = errors.For(f.Name); return f }

// Of sets the id, for a list of boxes of one name.
func (f Checkbox) Of(id string) Checkbox { f.ID = id; return f }

// FileDrop is a file input that is also a place to drop a file. It stands in a form with method post and enctype multipart/form-data.
// Name and Label are required.
type FileDrop struct {
	Name, Label, ID, Hint, Error string
	Accept                       string // of the HTML attribute: ".csv,.xlsx"
	Limit                        int64  // bytes, said beforehand and checked by the island; 0 says nothing
	Multiple, Required           bool
	Submit                       string // label of the button it brings along; none when empty
}

// Key is the field's id in the page.
func (f FileDrop) Key() string { return key(f.ID, f.Name) }

// DescribedBy lists the ids of the hint and the error.
func (f FileDrop) DescribedBy() string { return describedBy(f.Key(), f.Hint, f.Error) }

func newFileDrop(name, label string) FileDrop { return FileDrop{Name: name, Label: label} }

// WithHint says which files are taken.
func (f FileDrop) WithHint(hint string) FileDrop { f.Hint = hint; return f }

// Accepting limits what the file window shows.
func (f FileDrop) Accepting(accept string) FileDrop { f.Accept = accept; return f }

// Under says the largest size, in bytes.
func (f FileDrop) Under(limit int64) FileDrop { f.Limit = limit; return f }

// Then adds the button that sends the file.
func (f FileDrop) Then(submit string) FileDrop { f.Submit = submit; return f }

// From takes the field's own error from those of the form.
func (f FileDrop) From(errors FormErrors) FileDrop { f.Error = errors.For(f.Name); return f }

// Must makes a file required.
func (f FileDrop) Must() FileDrop { f.Required = true; return f }
