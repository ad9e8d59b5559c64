package missionweb

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
)

// practiceLines is how many checks of a dataset of one's own the form has.
const practiceLines = 3

// A practiceLine is one check of a dataset of one's own.
type practiceLine struct {
	Kind                 ui.Choice
	Number, Hint, HintEN ui.Field
}

// practice are the checks of a dataset of one's own: lines left blank count for nothing.
func (page *writePage) practice(p *i18n.Printer, m mission.Mission) {
	for i := range practiceLines {
		var one mission.Check
		if m.Practice != nil && i < len(m.Practice.Checks) {
			one, page.Practised = m.Practice.Checks[i], true
		}
		text := func(part, label, value string) ui.Field {
			return ui.Field{Name: lineName("practice", i, part), Label: p.T("missionweb."+label, i+1), Value: value, Optional: true, MaxLength: 300, Autocomplete: "off"}
		}
		line := practiceLine{Kind: ui.Choice{Name: lineName("practice", i, "kind"), Label: p.T("missionweb.write_practice_check", i+1), Options: options(mission.WrittenPracticeKinds(), said(p, "missionweb.check_"), one.Kind)},
			Number: text("number", "write_practice_number", positive(max(one.Points, one.Length))), Hint: text("hint_fr", "write_practice_hint", one.Hint.FR), HintEN: text("hint_en", "write_practice_hint_en", one.Hint.EN)}
		line.Number.Mode, line.Number.Size = "numeric", "short"
		page.Practice = append(page.Practice, line)
	}
}

// readPractice reads the checks of a dataset of one's own; nil for none. Doing it shows what the mission shows.
func readPractice(r *http.Request, competences []mission.Competence) *mission.Practice {
	var checks []mission.Check
	for i := range practiceLines {
		v := func(part string) string { return strings.TrimSpace(r.PostFormValue(lineName("practice", i, part))) }
		kind := v("kind")
		if !slices.Contains(mission.WrittenPracticeKinds(), kind) {
			continue
		}
		n, _ := strconv.Atoi(v("number")) // no number is none: the proof says what it lacks
		c := mission.Check{Kind: kind, Hint: mission.Words{FR: v("hint_fr"), EN: v("hint_en")}}
		switch kind {
		case "record":
			c.Points = min(max(0, n), 9)
		case "described":
			c.Length = min(max(0, n), mission.MostWritten)
		}
		checks = append(checks, c)
	}
	if len(checks) == 0 {
		return nil
	}
	return &mission.Practice{Checks: checks, Competences: slices.Clone(competences)}
}

// practiceFits reports whether the form holds all there is of it.
func practiceFits(m mission.Mission) bool {
	o := m.Practice
	return o == nil || len(o.Needs) == 0 && len(o.Checks) <= practiceLines && reflect.DeepEqual(o.Competences, m.Competences) &&
		!slices.ContainsFunc(o.Checks, func(c mission.Check) bool { return !slices.Contains(mission.WrittenPracticeKinds(), c.Kind) })
}
