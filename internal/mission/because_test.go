package mission_test

import (
	"slices"
	"strings"
	"testing"

	"cultured/internal/french"
	"cultured/internal/mission"
)

func reasons(t *testing.T, id mission.ID, change func(m mission.Mission, v mission.Variant, a *mission.Answer)) mission.Result {
	t.Helper()
	m := find(t, id)
	v, err := m.Draw(source(t, m), 3)
	if err != nil {
		t.Fatal(err)
	}
	a, err := m.Good(v)
	if err != nil {
		t.Fatal(err)
	}
	change(m, v, &a)
	verdict, err := m.Judge(v, a, bench)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range verdict.Results {
		if r.Kind == "reasons" {
			return r
		}
	}
	t.Fatalf("%s: no check of reasons", id)
	return mission.Result{}
}

func TestAReasonIsSaidInOnesOwnWordsAndToThePoint(t *testing.T) {
	for lead, written := range map[string]func(m mission.Mission, c mission.Case, first string) string{
		"mission.lead_reason_short":    func(mission.Mission, mission.Case, string) string { return "parce que" },
		"mission.lead_reason_repeated": func(_ mission.Mission, _ mission.Case, first string) string { return first },
		"mission.lead_reason_copied":   func(_ mission.Mission, c mission.Case, _ string) string { return c.Text.FR + " " + c.Lead.EN },
		"mission.lead_reason_beside": func(mission.Mission, mission.Case, string) string {
			return "Le chef m’a soufflé cette réponse hier midi au café."
		},
	} {
		r := reasons(t, "M19", func(m mission.Mission, v mission.Variant, a *mission.Answer) {
			a.Reasons[1] = written(m, m.Cases[v.Cases[1]], a.Reasons[0])
		})
		if len(r.Findings) != 1 || r.Findings[0].Reason != lead || !r.Passed {
			t.Errorf("%s: %+v", lead, r)
		}
	}
	if r := reasons(t, "M19", func(_ mission.Mission, _ mission.Variant, a *mission.Answer) { a.Reasons = nil }); r.Passed {
		t.Error("decisions without a reason passed")
	}
}

func TestAFigureBesideAClaimIsThatOfTheData(t *testing.T) {
	if r := reasons(t, "M44", func(m mission.Mission, v mission.Variant, a *mission.Answer) {
		a.Reasons[0] = strings.Replace(a.Reasons[0], ".", ",", 1) + " " // as people write it
	}); !r.Passed || len(r.Findings) > 0 {
		t.Errorf("the figure written with a comma: %+v", r)
	}
	if r := reasons(t, "M44", func(m mission.Mission, v mission.Variant, a *mission.Answer) {
		for i, at := range v.Cases { // what the sentences say, believed
			a.Reasons[i] = strings.NewReplacer(m.Cases[at].Text.FR, "").Replace(m.Text(v, at, "fr", func(n any) string { return "0" }))
		}
	}); r.Passed || r.Findings[0].Reason != "mission.lead_figure" {
		t.Errorf("the sentences believed: %+v", r)
	}
}

// Nobody passes by copying the page, in either language, nor with a choice alone.
func TestWhatShipsAsksForWorkNotForChoicesAlone(t *testing.T) {
	for _, m := range shipped(t) {
		if m.Answer != mission.AnswerChoices {
			continue
		}
		if m.Because == nil || !slices.ContainsFunc(m.Checks, func(c mission.Check) bool { return c.Kind == "reasons" }) {
			t.Errorf("%s asks for choices alone", m.ID)
			continue
		}
		for i, c := range m.Cases {
			page := french.Fold(strings.Join([]string{c.Text.FR, c.Text.EN, c.Lead.FR, c.Lead.EN}, " ")) + " "
			for _, w := range c.Tells {
				if strings.Contains(page, french.Fold(w)) {
					t.Errorf("%s, case %d: the page says %q already", m.ID, i+1, w)
				}
			}
			if !m.Because.Figure && (len(c.Tells) == 0 || c.Good == "") {
				t.Errorf("%s, case %d: nothing says what a reason is", m.ID, i+1)
			}
		}
	}
}
