package missionweb

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
)

// How many options and situations to decide the form has.
const (
	optionLines = 4
	caseLines   = 12
)

// A casesPart is what an author writes for decisions: the options, what is written beside each choice, and the situations.
type casesPart struct {
	There       bool
	Options     [][2]ui.Field
	Because     []ui.Field
	Cases, More []caseLine
}

// A caseLine is one situation to decide. What follows Lead is never shown to who decides, but English.
type caseLine struct {
	Text, TextEN ui.Textarea
	Right        ui.Choice
	Lead, LeadEN ui.Field
	Tells        ui.Field
	Good         ui.Textarea
}

// optionName is what the option of a line is called in the mission.
func optionName(i int) string { return fmt.Sprintf("o%d", i+1) }

// lineField is a field of one line of the form.
func lineField(p *i18n.Printer, name, label string, i int, value string) ui.Field {
	return ui.Field{Name: name, Label: p.T("missionweb."+label, i+1), Value: value, Optional: true, MaxLength: 300, Autocomplete: "off"}
}

func lineText(p *i18n.Printer, name, label string, i int, value string) ui.Textarea {
	return ui.Textarea{Name: name, Label: p.T("missionweb."+label, i+1), Value: value, Optional: true, Rows: 2, MaxLength: mission.MostWritten}
}

func newCasesPart(p *i18n.Printer, m mission.Mission) casesPart {
	part := casesPart{There: m.Answer == mission.AnswerChoices}
	var chosen []ui.Option
	for i := range optionLines {
		var one mission.Option
		if i < len(m.Options) {
			one = m.Options[i]
		}
		name := func(lang string) string { return lineName("option", i, lang) }
		part.Options = append(part.Options, [2]ui.Field{lineField(p, name("fr"), "write_option", i, one.Label.FR), lineField(p, name("en"), "write_option_en", i, one.Label.EN)})
		label := p.T("missionweb.write_option", i+1)
		if one.Label.FR != "" {
			label += " – " + one.Label.In(string(p.Lang()))
		}
		chosen = append(chosen, ui.Option{Value: optionName(i), Label: label})
	}
	b := mission.Because{}
	if m.Because != nil {
		b = *m.Because
	}
	one := func(name, label, value string) ui.Field {
		return ui.Field{Name: name, Label: p.T("missionweb." + label), Value: value, Optional: true, MaxLength: 300, Autocomplete: "off"}
	}
	part.Because = []ui.Field{one("because_fr", "write_because", b.Label.FR), one("because_hint_fr", "write_because_hint", b.Hint.FR), one("because_length", "write_because_length", positive(b.Length)),
		one("because_en", "write_because_en", b.Label.EN), one("because_hint_en", "write_because_hint_en", b.Hint.EN)}
	part.Because[2].Mode, part.Because[2].Size = "numeric", "short"
	for i := range caseLines {
		var c mission.Case
		if i < len(m.Cases) {
			c = m.Cases[i]
		}
		name := func(what string) string { return lineName("case", i, what) }
		part.Cases = append(part.Cases, caseLine{
			Text: lineText(p, name("text_fr"), "write_case", i, c.Text.FR), TextEN: lineText(p, name("text_en"), "write_case_en", i, c.Text.EN),
			Right: ui.Choice{Name: name("right"), Label: p.T("missionweb.write_case_right", i+1), Options: chosenOf(chosen, c.Right)},
			Lead:  lineField(p, name("lead_fr"), "write_case_lead", i, c.Lead.FR), LeadEN: lineField(p, name("lead_en"), "write_case_lead_en", i, c.Lead.EN),
			Tells: lineField(p, name("tells"), "write_case_tells", i, strings.Join(c.Tells, ", ")), Good: lineText(p, name("good"), "write_case_good", i, c.Good)})
	}
	shown := min(max(len(m.Cases)+1, 4), caseLines)
	part.Cases, part.More = part.Cases[:shown], part.Cases[shown:]
	return part
}

// readCases reads what is to be decided; lines left blank count for nothing.
func readCases(r *http.Request, m *mission.Mission) {
	v := func(name string) string { return strings.TrimSpace(cut(r.PostFormValue(name))) }
	for i := range optionLines {
		label := mission.Words{FR: v(lineName("option", i, "fr")), EN: v(lineName("option", i, "en"))}
		if label.FR != "" {
			m.Options = append(m.Options, mission.Option{Value: optionName(i), Label: label})
		}
	}
	if label := v("because_fr"); label != "" {
		n, _ := strconv.Atoi(v("because_length")) // no number is none
		m.Because = &mission.Because{Label: mission.Words{FR: label, EN: v("because_en")}, Hint: mission.Words{FR: v("because_hint_fr"), EN: v("because_hint_en")}, Length: min(max(0, n), mission.MostWritten)}
	}
	for i := range caseLines {
		at := func(what string) string { return v(lineName("case", i, what)) }
		c := mission.Case{Text: mission.Words{FR: at("text_fr"), EN: at("text_en")}, Right: at("right"), Lead: mission.Words{FR: at("lead_fr"), EN: at("lead_en")}}
		if m.Because != nil {
			c.Tells, c.Good = listed(at("tells")), at("good")
		}
		if c.Text.FR != "" {
			m.Cases = append(m.Cases, c)
		}
	}
	if m.Rows == 0 || m.Rows > len(m.Cases) {
		m.Rows = len(m.Cases)
	}
}

// casesFit reports whether the form holds all there is to decide in a mission.
func casesFit(m mission.Mission) bool {
	for i, o := range m.Options {
		if o.Value != optionName(i) {
			return false
		}
	}
	return m.Source.File == "" && len(m.Options) <= optionLines && len(m.Cases) <= caseLines && (m.Because == nil || !m.Because.Figure) &&
		!slices.ContainsFunc(m.Cases, func(c mission.Case) bool {
			return c.Question != nil || m.Because == nil && (c.Good != "" || len(c.Tells) > 0) || slices.ContainsFunc(c.Tells, func(w string) bool { return strings.ContainsAny(w, ",;\n") })
		})
}
