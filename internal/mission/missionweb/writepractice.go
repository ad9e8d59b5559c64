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

// needLines is how many columns the form asks of such a dataset.
const needLines = 2

// practiceLines is how many checks of a dataset of one's own the form has.
const practiceLines = 3

// A practiceLine is one check of a dataset of one's own.
type practiceLine struct {
	Kind                 ui.Choice
	Number, Hint, HintEN ui.Field
}

// practice are the checks of a dataset of one's own: lines left blank count for nothing.
func (page *writePage) practice(p *i18n.Printer, m mission.Mission, needs []mission.NamedNeed) {
	for i := range needLines {
		c := ui.Choice{Name: lineName("practice", i, "need"), Label: p.T("missionweb.write_need", i+1), Empty: p.T("missionweb.write_need_none")}
		for _, one := range needs {
			chosen := m.Practice != nil && i < len(m.Practice.Needs) && reflect.DeepEqual(m.Practice.Needs[i], one.Need)
			c.Options = append(c.Options, ui.Option{Value: one.Name, Label: one.Say.In(string(p.Lang())), Selected: chosen})
		}
		page.Needs = append(page.Needs, c)
	}
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
func readPractice(r *http.Request, competences []mission.Competence, needs []mission.NamedNeed) *mission.Practice {
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
	out := &mission.Practice{Checks: checks, Competences: slices.Clone(competences)}
	for i := range needLines {
		at := slices.IndexFunc(needs, func(n mission.NamedNeed) bool { return n.Name == r.PostFormValue(lineName("practice", i, "need")) })
		if at >= 0 && !slices.ContainsFunc(out.Needs, func(n mission.Need) bool { return reflect.DeepEqual(n, needs[at].Need) }) {
			out.Needs = append(out.Needs, needs[at].Need)
		}
	}
	return out
}

// practiceFits reports whether the form holds all there is of it.
func practiceFits(m mission.Mission, needs []mission.NamedNeed) bool {
	o := m.Practice
	return o == nil || len(o.Needs) <= needLines && !slices.ContainsFunc(o.Needs, func(n mission.Need) bool {
		return !slices.ContainsFunc(needs, func(one mission.NamedNeed) bool { return reflect.DeepEqual(n, one.Need) })
	}) && len(o.Checks) <= practiceLines && reflect.DeepEqual(o.Competences, m.Competences) &&
		!slices.ContainsFunc(o.Checks, func(c mission.Check) bool { return !slices.Contains(mission.WrittenPracticeKinds(), c.Kind) })
}
