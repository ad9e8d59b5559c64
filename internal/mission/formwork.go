package mission

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cultured/internal/finding"
	"cultured/internal/form"
	"cultured/internal/french"
)

// A FormCase is a form to put right: what it serves, what it asks at first, and what it should ask.
type FormCase struct {
	Text  Words `json:"text"` // whose form it is, and what the service does with it
	Title Words `json:"title"`
	Asks  []Ask `json:"asks"`
}

// An Ask is one question of a form to put right.
type Ask struct {
	Label    Words     `json:"label"`
	Kind     form.Kind `json:"kind"`            // at first
	Right    form.Kind `json:"right,omitempty"` // as it should be; "" for the same
	Options  []Words   `json:"options,omitempty"`
	Required bool      `json:"required,omitempty"` // at first
	Must     bool      `json:"must,omitempty"`     // nobody can answer the request without it
	Needless bool      `json:"needless,omitempty"` // it serves nothing
	Says     Words     `json:"says,omitzero"`      // the label it should have; none for the same
	Hint     Words     `json:"hint,omitzero"`      // it should have
	Part     Words     `json:"part,omitzero"`      // heading it should open
	Purpose  Words     `json:"purpose,omitzero"`   // for one about persons
	Months   int       `json:"months,omitempty"`
}

// right is the kind the question should have.
func (a Ask) right() form.Kind {
	if a.Right != "" {
		return a.Right
	}
	return a.Kind
}

// block is the question as a block of a form, as it is at first or as it should be.
func (a Ask) block(lang string, good bool) form.Block {
	b := form.Block{Kind: a.Kind, Label: a.Label.In(lang), Required: a.Required, About: a.Months > 0}
	if good {
		b.Kind, b.Required, b.Purpose, b.Retention = a.right(), a.Must, a.Purpose.In(lang), a.Months
	}
	if good && a.Says.FR != "" {
		b.Label = a.Says.In(lang)
	}
	if good {
		b.Hint = a.Hint.In(lang)
	}
	for _, o := range a.Options {
		b.Options = append(b.Options, o.In(lang))
	}
	b.Name = form.Slug(a.Label.In(lang)) // it keeps it when it is worded otherwise
	return b
}

// is reports whether a block of a form is the question: the same label, or the name that was made of it.
func (a Ask) is(b form.Block) bool {
	for _, label := range []string{a.Label.FR, a.Label.EN} {
		if label != "" && (b.Name == form.Slug(label) || french.Fold(b.Label) == french.Fold(label)) {
			return true
		}
	}
	return false
}

// Begun is the form as it is at first, in a language: it has no purpose and no retention yet, which nobody may publish.
func (fc FormCase) Begun(lang string) form.Form { return fc.form(lang, false) }

func (fc FormCase) form(lang string, good bool) form.Form {
	f := form.New(fc.Title.In(lang))
	if good {
		f.Intro, f.Contact = fc.Text.In(lang), "donnees@valmoret.example"
	}
	for _, a := range fc.Asks {
		if good && a.Needless {
			continue
		}
		b := a.block(lang, good)
		b.Tidy()
		if good && a.Part.FR != "" {
			f.Blocks = append(f.Blocks, form.Block{Name: "part_" + b.Name, Kind: form.Heading, Label: a.Part.In(lang)})
		}
		f.Blocks = append(f.Blocks, b)
	}
	return f
}

// Case is the form to put right that was drawn.
func (v Variant) Case(m Mission) FormCase { return m.Forms[v.Subject] }

// formFound finds, in the form handed in, the block of each question: -1 where there is none.
func (c *answered) formFound() (fc FormCase, f form.Form, at []int) {
	fc, f = c.Variant.Case(c.Mission), *c.answer.Form
	for _, a := range fc.Asks {
		at = append(at, slices.IndexFunc(f.Blocks, a.is))
	}
	return fc, f, at
}

// formLead points at a question of a form.
func formLead(label, reason string) finding.Finding {
	return finding.Finding{Column: -1, Field: label, Reason: reason, Severity: finding.Error}
}

// judgeFormAsks wants each question nobody can do without.
func judgeFormAsks(c *answered, _ Check) (r Result, _ error) {
	fc, _, at := c.formFound()
	all := 0
	for i, a := range fc.Asks {
		if a.Needless {
			continue
		}
		all++
		if at[i] < 0 {
			r.Findings = append(r.Findings, formLead(a.Label.FR, "mission.lead_form_gone"))
		}
	}
	r.Passed, r.Args = len(r.Findings) == 0, []any{all - len(r.Findings), all}
	return r, nil
}

// judgeFormFew counts the questions that serve nothing, or were not there before: which ones, nobody is told.
func judgeFormFew(c *answered, check Check) (r Result, _ error) {
	fc, f, at := c.formFound()
	asked, needless := 0, 0
	for i, b := range f.Blocks {
		if !b.Kind.Asks() {
			continue
		}
		asked++
		of := slices.Index(at, i)
		if of < 0 || fc.Asks[of].Needless {
			needless++
		}
	}
	most := int(math.Floor((1 - check.Least) * float64(len(fc.Asks))))
	r.Passed, r.Args = asked > 0 && needless == 0 && asked <= most, []any{asked, len(fc.Asks), most, needless}
	return r, nil
}

// judgeFormPurpose wants, of each question about a person, why it is asked and how long it is kept, Points months at most.
func judgeFormPurpose(c *answered, check Check) (r Result, _ error) {
	personal := 0
	for _, b := range c.answer.Form.Blocks {
		if !b.Personal() {
			continue
		}
		personal++
		switch {
		case len(french.Words(b.Purpose)) < 3: // one word is no reason
			r.Findings = append(r.Findings, formLead(b.Label, "mission.lead_form_purpose"))
		case b.Retention < 1:
			r.Findings = append(r.Findings, formLead(b.Label, "mission.lead_form_retention"))
		case check.Points > 0 && b.Retention > check.Points:
			r.Findings = append(r.Findings, formLead(b.Label, "mission.lead_form_long"))
		}
	}
	r.Passed, r.Args = len(r.Findings) == 0 && len(c.answer.Form.Blocks) > 0, []any{personal - len(r.Findings), personal}
	return r, nil
}

// judgeFormKinds wants each question to expect the kind of answer it is about.
func judgeFormKinds(c *answered, _ Check) (r Result, _ error) {
	fc, f, at := c.formFound()
	there := 0
	for i, a := range fc.Asks {
		if a.Needless || at[i] < 0 {
			continue
		}
		if there++; f.Blocks[at[i]].Kind != a.right() {
			r.Findings = append(r.Findings, formLead(f.Blocks[at[i]].Label, "mission.lead_form_kind"))
		}
	}
	r.Passed, r.Args = there > 0 && len(r.Findings) == 0, []any{there - len(r.Findings), there}
	return r, nil
}

// judgeFormRequired wants what nobody can do without to be compulsory, and nothing else.
func judgeFormRequired(c *answered, _ Check) (r Result, _ error) {
	fc, f, at := c.formFound()
	there := 0
	for i, a := range fc.Asks {
		if a.Needless || at[i] < 0 {
			continue
		}
		if there++; f.Blocks[at[i]].Required != a.Must {
			r.Findings = append(r.Findings, formLead(f.Blocks[at[i]].Label, "mission.lead_form_required"))
		}
	}
	r.Passed, r.Args = there > 0 && len(r.Findings) == 0, []any{there - len(r.Findings), there}
	return r, nil
}

// judgeFormTold wants people to be told what the form is for and whom to write to.
func judgeFormTold(c *answered, check Check) (r Result, _ error) {
	f := *c.answer.Form
	if n := len([]rune(strings.TrimSpace(f.Intro))); n < max(1, check.Length) {
		r.where = "_intro"
		r.Args = []any{n, max(1, check.Length)}
		return r, nil
	}
	if f.Contact == "" {
		r.where = "_contact"
		return r, nil
	}
	r.Passed = true
	return r, nil
}

// Mistakes of forms.
const (
	keptNeedless    Mistake = "needless kept"
	withoutQuestion Mistake = "without question" // the first nobody can do without
	withoutPurpose  Mistake = "without purpose"
	keptForever     Mistake = "kept forever"
	wrongKind       Mistake = "wrong kind" // as at first
	allRequired     Mistake = "all required"
	saysNothing     Mistake = "says nothing" // of what it is for
	unhinted        Mistake = "no hint"
	shouted         Mistake = "shouted"   // labels in capitals
	oneBlock        Mistake = "one block" // no headings
)

// formMistakes lists them.
func formMistakes() []Mistake {
	return []Mistake{keptNeedless, withoutQuestion, withoutPurpose, keptForever, wrongKind, allRequired, saysNothing, unhinted, shouted, oneBlock}
}

// badForm is the good form with a mistake.
func (m Mission) badForm(v Variant, good Answer, b Bad) (Answer, error) {
	if !slices.Contains(formMistakes(), b.Mistake) {
		return good, fmt.Errorf("no mistake %q of a form", b.Mistake)
	}
	f, fc := *good.Form, v.Case(m)
	f.Blocks = slices.Clone(f.Blocks)
	switch b.Mistake {
	case withoutQuestion:
		at := slices.IndexFunc(f.Blocks, func(b form.Block) bool { return b.Kind.Asks() })
		f.Blocks = slices.Delete(f.Blocks, at, at+1)
	case saysNothing:
		f.Intro, f.Contact = "", ""
	case keptNeedless:
		for _, a := range fc.Asks {
			if a.Needless {
				f.Blocks = append(f.Blocks, a.block("fr", true))
				break
			}
		}
	}
	if b.Mistake == oneBlock {
		f.Blocks = slices.DeleteFunc(f.Blocks, func(b form.Block) bool { return b.Kind == form.Heading })
	}
	for i := range f.Blocks {
		one := &f.Blocks[i]
		switch b.Mistake {
		case withoutPurpose:
			one.Purpose = ""
		case keptForever:
			if one.Personal() {
				one.Retention = form.MonthsMost
			}
		case allRequired:
			one.Required = true
		case unhinted:
			one.Hint = ""
		case shouted:
			one.Label = strings.ToUpper(one.Label)
		case wrongKind:
			if at := slices.IndexFunc(fc.Asks, func(a Ask) bool { return a.is(*one) }); at >= 0 {
				one.Kind = fc.Asks[at].Kind
			}
		}
	}
	good.Form = &f
	return good, nil
}

// formsTooLong reports forms to put right that are too many, or ask too much.
func (m Mission) formsTooLong() bool {
	return len(m.Forms) > thingMost || slices.ContainsFunc(m.Forms, func(fc FormCase) bool { return len(fc.Asks) > thingMost })
}

// CaseOf makes a form to put right of two somebody built: as it is at first, and as it should be. What the good one does not ask is needless.
func CaseOf(first, good form.Form) FormCase {
	fc := FormCase{Text: Words{FR: good.Intro}, Title: Words{FR: first.Title}}
	for _, b := range first.Blocks {
		if !b.Kind.Asks() {
			continue
		}
		a := Ask{Label: Words{FR: b.Label}, Kind: b.Kind, Required: b.Required, Needless: true}
		if i := slices.IndexFunc(good.Blocks, a.is); i >= 0 {
			b = good.Blocks[i]
			if b.Label != a.Label.FR {
				a.Says = Words{FR: b.Label}
			}
			a.Hint = Words{FR: b.Hint}
			if i > 0 && good.Blocks[i-1].Kind == form.Heading {
				a.Part = Words{FR: good.Blocks[i-1].Label}
			}
			a.Right, a.Must, a.Needless, a.Purpose, a.Months = b.Kind, b.Required, false, Words{FR: b.Purpose}, b.Retention
		}
		for _, o := range b.Options {
			a.Options = append(a.Options, Words{FR: o})
		}
		fc.Asks = append(fc.Asks, a)
	}
	return fc
}
