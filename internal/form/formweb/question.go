package formweb

import (
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/ui"
)

// A question is one block on the page people answer: exactly one of its parts is there.
type question struct {
	Name    string
	Heading string
	Text    *paragraph
	Line    *ui.Field
	Area    *ui.Textarea
	Group   *ui.Group
	Choice  *ui.Choice
	Point   *point
	Attach  *attach
	Rows    *rows
	Result  *result
	When    *when   // nil: always shown
	Narrow  *narrow // nil: every option is always offered
	Mark    string  // what the page sends back to say that the question stood there
}

type paragraph struct{ Title, Text string }

// A point is two fields under one question.
type point struct {
	ID, Label, Hint, Error, Describes string
	Required                          bool
	Lat, Lon                          ui.Field
	Map                               *pinMap
}

// A when is what shows a question: the tests it waits for, as JSON. Hidden says the server did not find them met.
type when struct {
	Tests       string
	Any, Hidden bool
}

// selectFrom is how many options make a list that unfolds rather than buttons.
const selectFrom = 12

func ask(p *i18n.Printer, b form.Block, typed []string, wrong string) question {
	value := ""
	if len(typed) > 0 {
		value = typed[0]
	}
	hint := hintOf(p, b)
	line := ui.Field{Name: b.Field(), Label: b.Label, Hint: hint, Value: value, Error: wrong, Required: b.Required, Autocomplete: completes(b), MaxLength: form.LineMost}
	switch b.Kind {
	case form.Heading:
		return question{Heading: b.Label, Text: textOf("", b.Hint)}
	case form.Explanation:
		return question{Text: textOf(b.Label, b.Hint)}
	case form.LongText, form.Address:
		area := &ui.Textarea{Name: b.Field(), Label: b.Label, Hint: hint, Value: value, Error: wrong, Required: b.Required, Autocomplete: completes(b), MaxLength: form.LongTextMost}
		if b.Kind == form.Address {
			area.Rows = 3
		}
		return question{Area: area}
	case form.Date:
		line.Type, line.Size, line.Min, line.Max, line.MaxLength = "date", "short", b.Min, b.Max, 0
	case form.Number:
		line.Mode, line.Size = "decimal", "short"
	case form.Email:
		line.Type = "email"
	case form.Phone:
		line.Type, line.Size = "tel", "medium"
	case form.One, form.Many:
		return choices(b, hint, typed, wrong)
	case form.Computed:
		return question{Result: &result{ID: b.Field(), Label: b.Label, Hint: hint, Value: valueText(p, b.Kind, typed), Needs: strings.Join(b.Needs(), " ")}}
	case form.File, form.Photo:
		return question{Attach: attachOf(p, b, typed, wrong)}
	case form.Point:
		return question{Point: pointOf(p, b, typed, wrong)}
	}
	return question{Line: &line}
}

func textOf(title, text string) *paragraph {
	if title == "" && text == "" {
		return nil
	}
	return &paragraph{title, text}
}

func choices(b form.Block, hint string, typed []string, wrong string) question {
	var options []ui.Option
	for _, o := range b.Options {
		options = append(options, ui.Option{Value: o, Label: o, Selected: slices.Contains(typed, o)})
	}
	if b.Kind == form.One && len(options) >= selectFrom {
		return question{Choice: &ui.Choice{Name: b.Field(), Label: b.Label, Hint: hint, Error: wrong, Options: append([]ui.Option{{}}, options...), Required: b.Required}}
	}
	return question{Group: &ui.Group{Name: b.Field(), Label: b.Label, Hint: hint, Error: wrong, Options: options, Many: b.Kind == form.Many, Required: b.Required}}
}

func pointOf(p *i18n.Printer, b form.Block, typed []string, wrong string) *point {
	at := append(slices.Clone(typed), "", "")
	field := func(id, word, value string) ui.Field {
		return ui.Field{ID: id, Name: b.Field(), Label: p.T(word), Value: value, Required: b.Required, Mode: "decimal", Size: "short", Autocomplete: "off", MaxLength: form.LineMost}
	}
	out := &point{ID: b.Field(), Label: b.Label, Hint: hintOf(p, b), Error: wrong, Required: b.Required,
		Lat: field(b.Field(), "formweb.latitude", at[0]), Lon: field(b.Field()+"-lon", "formweb.longitude", at[1])}
	var ids []string
	if out.Hint != "" {
		ids = append(ids, b.Field()+"-more")
	}
	if wrong != "" {
		ids = append(ids, b.Field()+"-wrong")
	}
	out.Describes = strings.Join(ids, " ")
	return out
}

// hintOf is what helps to answer: the author's words, the form expected, and what a personal answer is for.
func hintOf(p *i18n.Printer, b form.Block) string {
	var parts []string
	if b.Hint != "" {
		parts = append(parts, b.Hint)
	}
	switch b.Kind {
	case form.Email, form.Phone, form.Commune, form.Point, form.Photo, form.Computed:
		parts = append(parts, p.T("formweb.expects_"+string(b.Kind)))
	}
	if b.Kind.Attaches() {
		parts = append(parts, p.T("formweb.expects_files", form.MostFiles(b), p.Bytes(form.FileMost)))
	}
	if b.Kind == form.File {
		parts = append(parts, p.T("formweb.expects_file"))
	}
	if b.Personal() && b.Purpose != "" {
		parts = append(parts, p.T("formweb.kept_short", b.Purpose, b.Retention))
	}
	return strings.Join(parts, " ")
}

// completions are what browsers may fill in for a person, by the words of a label. Source: HTML, "autofill detail tokens"; WCAG 1.3.5.
var completions = map[string]string{"prenom": "given-name", "prenoms": "given-name", "nom": "family-name", "nom de famille": "family-name", "nom de naissance": "family-name", "votre nom": "family-name",
	"nom d usage": "family-name", "votre prenom": "given-name", "nom et prenom": "name", "prenom et nom": "name", "nom complet": "name", "date de naissance": "bday", "code postal": "postal-code",
	"organisme": "organization", "association": "organization", "nom de l association": "organization", "pays": "country-name", "fonction": "organization-title", "ville": "address-level2"}

// completes is what the browser may fill in, "" where it should not guess.
func completes(b form.Block) string {
	switch b.Kind {
	case form.Email:
		return "email"
	case form.Phone:
		return "tel"
	case form.Address:
		return "street-address"
	case form.Commune:
		return "address-level2"
	}
	words := strings.FieldsFunc(french.Fold(b.Label), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return completions[strings.Join(words, " ")]
}

// errorsOf are the faults of an answer without those of some blocks.
func errorsOf(p *i18n.Printer, all fault.List, without []form.Block) ui.FormErrors {
	kept := slices.DeleteFunc(slices.Clone(all), func(one *fault.Error) bool {
		return slices.ContainsFunc(without, func(b form.Block) bool { return b.Field() == one.Field })
	})
	errs, _ := ui.FormErrorsOf(p, kept.Err())
	return errs
}
