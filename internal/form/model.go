package form

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"cultured/internal/fault"
)

// An Origin says which model a form follows, and which state of it.
type Origin struct {
	Line    ID     `json:"line"`              // what all its editions share
	Form    ID     `json:"form"`              // the edition
	Version int    `json:"version"`           // published, of the edition
	Edition string `json:"edition,omitempty"` // as its author calls it
	From    string `json:"from"`              // the organisation that wrote it
	Title   string `json:"title"`
}

// A Model is a form that several organisations ask alike: what they ask, without who may answer, when, or to whom. It travels between
// installations as JSON.
type Model struct {
	Format string `json:"format"`
	Origin
	Intro  string  `json:"intro,omitempty"`
	Blocks []Block `json:"blocks"`
}

// modelFormat names the file and its edition.
const modelFormat = "cultured-form/1"

// ModelBytes is the size of a model's file at most.
const ModelBytes = 2_000_000

// ownPrefix begins the names of questions added to a form that follows a model: the model's next version never has such a one.
const ownPrefix = "own_"

// Line names the questions that editions of a form, and the forms that follow it, have in common.
func (f *Form) Line() ID {
	switch {
	case f.Model != nil:
		return f.Model.Line
	case f.Root != "":
		return f.Root
	}
	return f.ID
}

// NewModel is what a published form gives to others; from is its organisation's name.
func NewModel(f Form, from string) Model {
	m := Model{Format: modelFormat, Intro: f.Intro, Origin: Origin{Line: f.Line(), Form: f.ID, Version: f.Version, Edition: f.Edition, From: from, Title: f.Title}}
	for _, b := range f.Blocks {
		b = b.unmapped()
		b.Common = false
		m.Blocks = append(m.Blocks, b)
	}
	return m
}

// Write writes the model's file. Faults: errors of w.
func (m Model) Write(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", " ")
	out.SetEscapeHTML(false)
	return out.Encode(m)
}

// ReadModel reads a model's file. Faults, of the field "file", all Invalid: "form.model_format" of any other file, "form.model_name" of
// questions without a name of their own, those of [Block.Validate] but for purposes and retentions, which each owner says.
func ReadModel(r io.Reader) (m Model, err error) {
	if err := json.NewDecoder(io.LimitReader(r, ModelBytes)).Decode(&m); err != nil || m.Format != modelFormat || !plainName(string(m.Line)) || !plainName(string(m.Form)) || m.Version < 1 {
		return m, fault.Field("file", "form.model_format")
	}
	m.Title, m.Intro, m.From, m.Edition = cut(strings.TrimSpace(m.Title), LabelMost), cut(m.Intro, HintMost), cut(m.From, LabelMost), cut(m.Edition, EditionMost)
	if m.Title == "" || len(m.Blocks) > BlocksMost {
		return m, fault.Field("file", "form.model_format")
	}
	for i := range m.Blocks {
		b := &m.Blocks[i]
		b.Common, b.Column, b.Codes = false, "", nil
		b.Tidy()
		if !plainName(b.Name) || slices.ContainsFunc(m.Blocks[:i], func(o Block) bool { return o.Name == b.Name }) {
			return m, fault.Field("file", "form.model_name", b.Label)
		}
		for _, one := range b.Validate(m.Blocks[:i]) {
			if one.Field != "purpose" && one.Field != "retention" {
				return m, fault.Field("file", one.Key, one.Args...)
			}
		}
	}
	return m, nil
}

// plainName reports whether a text can be an identifier or a block's name.
func plainName(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// Follow makes f ask what a model asks, as its common questions. What f already says of them stays (columns, codes, purposes,
// retentions); its own questions stay where they stood, and what the model no longer asks becomes its own. Faults: Conflict
// "form.other_model" of another model than the one it follows; Conflict "form.model_clash" of a question of its own that is called as
// one of the model's; Conflict "form.many_blocks".
func (f *Form) Follow(m Model) error {
	if f.Model != nil && f.Model.Line != m.Line {
		return fault.New(fault.Conflict, "form.other_model", f.Model.Title, m.Title)
	}
	out := Form{}
	for _, b := range m.Blocks {
		b.Common = true
		if at := f.Find(b.Name); at >= 0 {
			was := f.Blocks[at]
			if !was.Common {
				return fault.New(fault.Conflict, "form.model_clash", was.Label, b.Label)
			}
			b.keepOwn(was)
		}
		out.Blocks = append(out.Blocks, b)
	}
	before := ""
	for _, b := range f.Blocks {
		if out.Find(b.Name) < 0 {
			b.Common = false
			out.Blocks = append(out.Blocks, b)
			if err := out.Place(b.Name, before); err != nil {
				return err
			}
		}
		before = b.Name
	}
	if len(out.Blocks) > BlocksMost {
		return fault.New(fault.Conflict, "form.many_blocks", BlocksMost)
	}
	f.Blocks = out.Blocks
	if f.Model == nil {
		f.Title, f.Intro, f.Edition = m.Title, m.Intro, m.Edition
	}
	origin := m.Origin
	f.Model = &origin
	return nil
}

// keepOwn takes over what an owner said of a question.
func (b *Block) keepOwn(was Block) {
	b.Column = was.Column
	if was.Purpose != "" {
		b.Purpose = was.Purpose
	}
	if was.Retention > 0 {
		b.Retention = was.Retention
	}
	for option, code := range was.Codes {
		if slices.Contains(b.Options, option) {
			if b.Codes == nil {
				b.Codes = map[string]string{}
			}
			b.Codes[option] = code
		}
	}
	b.Tidy()
}

// Detach makes the common questions the form's own: nothing is lost, and its answers are no longer compared with others'.
func (f *Form) Detach() {
	f.Blocks = slices.Clone(f.Blocks)
	for i := range f.Blocks {
		f.Blocks[i].Common = false
	}
	f.Model, f.Shares = nil, false
}

// keepsCommon says whether the common questions are as they were.
func (f *Form) keepsCommon(was Form) error {
	for _, b := range was.Blocks {
		if !b.Common {
			continue
		}
		if at := f.Find(b.Name); at < 0 || !sameQuestion(b, f.Blocks[at]) {
			return fault.New(fault.Conflict, "form.common_stays", b.Label)
		}
	}
	return nil
}
