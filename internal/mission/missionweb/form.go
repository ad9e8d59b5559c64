package missionweb

import (
	"net/http"

	"cultured/internal/finding"
	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
)

// fieldPrefix begins the names of a form's fields, so that none is mistaken for another of the page.
const fieldPrefix = "field-"

// A formField is one field of a form: exactly one of its parts is there.
type formField struct {
	Line   *ui.Field
	Text   *ui.Textarea
	Choice *ui.Choice
}

// askFields makes the fields of a form, with what was last written in them.
func (page *benchPage) askFields(p *i18n.Printer, work mission.Desk, r *http.Request, errs ui.FormErrors) {
	if work.Answer != mission.AnswerFields {
		return
	}
	lang := string(p.Lang())
	page.Subject = work.Mission.Subjects[work.Variant.Subject].Text.In(lang)
	given, _ := lastGiven(work)
	for _, f := range work.Mission.Fields {
		name := fieldPrefix + f.Name
		value := given.Fields[f.Name]
		if r.Method == http.MethodPost {
			value = r.PostFormValue(name)
		}
		page.Fields = append(page.Fields, newFormField(f, name, value, lang, errs))
	}
}

func newFormField(f mission.Field, name, value, lang string, errs ui.FormErrors) formField {
	label, hint := f.Label.In(lang), f.Hint.In(lang)
	switch f.Kind {
	case "text":
		return formField{Text: &ui.Textarea{Name: name, Label: label, Hint: hint, Value: value, Error: errs.For(name), MaxLength: mission.MostWritten}}
	case "choice":
		c := ui.Choice{Name: name, Label: label, Hint: hint, Error: errs.For(name), Options: []ui.Option{{}}}
		for _, o := range f.Options {
			c.Options = append(c.Options, ui.Option{Value: o.Value, Label: o.Label.In(lang), Selected: o.Value == value})
		}
		return formField{Choice: &c}
	}
	line := ui.Field{Name: name, Label: label, Hint: hint, Value: value, Error: errs.For(name), Autocomplete: "off", MaxLength: 300}
	if f.Kind == "date" {
		line.Type, line.Size, line.MaxLength = "date", "short", 0 // a date has no length
	}
	return formField{Line: &line}
}

// lastGiven is what was last answered with the data of now.
func lastGiven(work mission.Desk) (mission.Answer, bool) {
	if len(work.Tries) == 0 || work.Tries[0].Number() != work.Number || work.Tries[0].Version != work.Version {
		return mission.Answer{}, false
	}
	return work.Tries[0].Given, true
}

// labelOf is what the form calls a field.
func labelOf(p *i18n.Printer, work mission.Desk, name string) string {
	for _, f := range work.Mission.Fields {
		if f.Name == name {
			return f.Label.In(string(p.Lang()))
		}
	}
	for i, q := range work.Mission.Queries {
		if q.Name == name {
			return p.T("missionweb.query_number", i+1)
		}
	}
	return name
}

// points are what a record lacks, each as a sentence.
func points(p *i18n.Printer, found []finding.Finding) (out []string) {
	for _, f := range found {
		out = append(out, p.T(f.Reason))
	}
	return out
}

// cut keeps what fits of a text, whole characters only.
func cut(s string) string {
	if chars := []rune(s); len(chars) > mission.MostWritten {
		return string(chars[:mission.MostWritten])
	}
	return s
}

// asked are the questions of a form to look at again, each with why.
func asked(p *i18n.Printer, work mission.Desk, found []finding.Finding) (out []ui.Fact) {
	for _, f := range found {
		label := f.Field
		for _, a := range work.Case(work.Mission).Asks {
			if a.Label.FR == f.Field {
				label = a.Label.In(string(p.Lang()))
			}
		}
		out = append(out, ui.Fact{Label: label, Value: p.T(f.Reason)})
	}
	return out
}
