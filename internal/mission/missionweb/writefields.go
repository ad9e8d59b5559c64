package missionweb

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
)

// How many fields to fill in, and subjects they may be about, the form has.
const (
	fieldLines   = 6
	subjectLines = 3
)

// roles are the names of fields that the record of a dataset is made of: the check "score" reads them.
var roles = []string{"title", "description", "licence", "frequency", "spatial", "start", "documentation"}

// A fieldsPart is what an author writes for a sheet to fill in: its fields, and what it may be about.
type fieldsPart struct {
	There    bool
	Fields   []fieldLine
	Subjects []subjectLine
}

type fieldLine struct {
	Label, LabelEN, Hint, HintEN ui.Field
	Kind, Role                   ui.Choice
	Options                      ui.Field
	Good                         ui.Textarea
}

// A subjectLine is what a sheet is about: what the person is told, and what is true of each field.
type subjectLine struct {
	Text, TextEN ui.Textarea
	Facts        []ui.Field
}

// writtenName is what the field of a line is called in the mission, when it has no part in a record.
func writtenName(i int) string { return fmt.Sprintf("f%d", i+1) }

func newFieldsPart(p *i18n.Printer, m mission.Mission) fieldsPart {
	part := fieldsPart{There: m.Answer == mission.AnswerFields}
	names := make([]string, fieldLines)
	for i := range fieldLines {
		var f mission.Field
		if i < len(m.Fields) {
			f = m.Fields[i]
			names[i] = f.Name
		}
		name := func(what string) string { return lineName("field", i, what) }
		var values []string
		for _, o := range f.Options {
			values = append(values, o.Value)
		}
		role := ""
		if slices.Contains(roles, f.Name) {
			role = f.Name
		}
		part.Fields = append(part.Fields, fieldLine{
			Label: lineField(p, name("label_fr"), "write_field", i, f.Label.FR), LabelEN: lineField(p, name("label_en"), "write_field_en", i, f.Label.EN),
			Hint: lineField(p, name("hint_fr"), "write_field_hint", i, f.Hint.FR), HintEN: lineField(p, name("hint_en"), "write_field_hint_en", i, f.Hint.EN),
			Kind:    ui.Choice{Name: name("kind"), Label: p.T("missionweb.write_field_kind", i+1), Options: options([]string{"line", "text", "date", "choice"}, said(p, "missionweb.write_field_kind_"), f.Kind)[1:]},
			Role:    ui.Choice{Name: name("role"), Label: p.T("missionweb.write_field_role", i+1), Options: options(roles, said(p, "missionweb.write_field_role_"), role)},
			Options: lineField(p, name("options"), "write_field_options", i, strings.Join(values, "; ")),
			Good:    lineText(p, name("good"), "write_field_good", i, f.Good.FR)})
	}
	for i := range subjectLines {
		var s mission.Subject
		if i < len(m.Subjects) {
			s = m.Subjects[i]
		}
		line := subjectLine{Text: lineText(p, lineName("subject", i, "text_fr"), "write_subject", i, s.Text.FR), TextEN: lineText(p, lineName("subject", i, "text_en"), "write_subject_en", i, s.Text.EN)}
		for j := range fieldLines {
			value := ""
			if names[j] != "" {
				value = s.Facts[names[j]]
			}
			line.Facts = append(line.Facts, ui.Field{Name: factName(i, j), Label: p.T("missionweb.write_fact", i+1, j+1), Value: value, Optional: true, MaxLength: 300, Autocomplete: "off"})
		}
		part.Subjects = append(part.Subjects, line)
	}
	return part
}

// factName is the field of what is true of a subject for a field, by their lines.
func factName(subject, field int) string {
	return lineName("subject", subject, "fact-"+writtenName(field))
}

// readFields reads the sheet to fill in; lines left blank count for nothing.
func readFields(r *http.Request, m *mission.Mission) {
	v := func(name string) string { return strings.TrimSpace(cut(r.PostFormValue(name))) }
	names := map[int]string{}
	for i := range fieldLines {
		at := func(what string) string { return v(lineName("field", i, what)) }
		f := mission.Field{Name: writtenName(len(m.Fields)), Label: mission.Words{FR: at("label_fr"), EN: at("label_en")}, Hint: mission.Words{FR: at("hint_fr"), EN: at("hint_en")}, Kind: at("kind"), Good: mission.Words{FR: at("good")}}
		if f.Label.FR == "" {
			continue
		}
		if role := at("role"); slices.Contains(roles, role) && !slices.ContainsFunc(m.Fields, func(o mission.Field) bool { return o.Name == role }) {
			f.Name = role
		}
		if !slices.Contains([]string{"line", "text", "date", "choice"}, f.Kind) {
			f.Kind = "line"
		}
		if f.Kind == "choice" {
			for _, value := range listed(strings.ReplaceAll(at("options"), ",", " ")) {
				f.Options = append(f.Options, mission.Option{Value: value, Label: mission.Words{FR: value, EN: value}})
			}
		}
		names[i] = f.Name
		m.Fields = append(m.Fields, f)
	}
	for i := range subjectLines {
		s := mission.Subject{Text: mission.Words{FR: v(lineName("subject", i, "text_fr")), EN: v(lineName("subject", i, "text_en"))}}
		for j, name := range names {
			if fact := v(factName(i, j)); fact != "" {
				if s.Facts == nil {
					s.Facts = map[string]string{}
				}
				s.Facts[name] = fact
			}
		}
		if s.Text.FR != "" {
			m.Subjects = append(m.Subjects, s)
		}
	}
	for i := range m.Checks { // a check names the line of its field, which may have a part in a record
		m.Checks[i].Column, m.Checks[i].Is = fieldNamed(names, m.Checks[i].Column), fieldNamed(names, m.Checks[i].Is)
	}
}

// fieldNamed is the name of the field a line makes; any other name stays.
func fieldNamed(names map[int]string, line string) string {
	for i, name := range names {
		if line == writtenName(i) {
			return name
		}
	}
	return line
}

// fieldOptions are the fields of a mission to choose one from, by their lines.
func fieldOptions(p *i18n.Printer, m mission.Mission, chosen string) []ui.Option {
	list := []ui.Option{{}}
	for i := range fieldLines {
		o := ui.Option{Value: writtenName(i), Label: p.T("missionweb.write_field", i+1)}
		if i < len(m.Fields) {
			o.Value, o.Label = m.Fields[i].Name, o.Label+" – "+m.Fields[i].Label.In(string(p.Lang()))
		}
		o.Selected = o.Value == chosen
		list = append(list, o)
	}
	return list
}

// ofFields has the checks of a sheet to fill in look at its fields, not at columns.
func (page *writePage) ofFields(p *i18n.Printer, m mission.Mission) {
	if m.Answer != mission.AnswerFields {
		return
	}
	for i := range page.Checks {
		var one mission.Check
		if i < len(m.Checks) {
			one = m.Checks[i]
		}
		line := &page.Checks[i]
		line.Column.Label, line.Is.Label = p.T("missionweb.write_check_field", i+1), p.T("missionweb.write_check_other", i+1)
		line.Column.Options, line.Is.Options = fieldOptions(p, m, one.Column), fieldOptions(p, m, one.Is)
	}
}

// fieldsFit reports whether the form holds all there is of a sheet to fill in.
func fieldsFit(m mission.Mission) bool {
	return m.Source.File == "" && len(m.Fields) <= fieldLines && len(m.Subjects) <= subjectLines && !slices.ContainsFunc(m.Fields, func(f mission.Field) bool {
		return f.Good.EN != "" || !slices.Contains(roles, f.Name) && !slices.Contains([]string{"f1", "f2", "f3", "f4", "f5", "f6"}, f.Name) ||
			slices.ContainsFunc(f.Options, func(o mission.Option) bool {
				return o.Label.FR != o.Value || o.Label.EN != o.Value || strings.ContainsAny(o.Value, ",;\n")
			})
	}) && !slices.ContainsFunc(m.Checks, func(c mission.Check) bool {
		return slices.ContainsFunc(c.Columns, func(w string) bool { return strings.ContainsAny(w, ",;\n") })
	})
}
