package mission_test

import (
	"testing"

	"cultured/internal/form"
	"cultured/internal/mission"
)

func putRight(t *testing.T, seed uint64) (mission.Mission, mission.Variant, form.Form) {
	t.Helper()
	m := find(t, "M12")
	v, err := m.Draw(mission.Table{}, seed)
	if err != nil {
		t.Fatal(err)
	}
	good, err := m.Good(v)
	if err != nil {
		t.Fatal(err)
	}
	return m, v, *good.Form
}

func formJudged(t *testing.T, m mission.Mission, v mission.Variant, f form.Form) map[string]mission.Result {
	t.Helper()
	verdict, err := m.Judge(v, mission.Answer{Form: &f}, bench)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]mission.Result{}
	for _, r := range verdict.Results {
		by[r.Kind] = r
	}
	return by
}

// Every form that ships can be put right in the product: the good one may be published as it stands.
func TestForms_theGoodOneMayBePublished(t *testing.T) {
	for _, id := range []mission.ID{"M12", "M13"} {
		theGoodOneMayBePublished(t, find(t, id))
	}
}

func theGoodOneMayBePublished(t *testing.T, m mission.Mission) {
	t.Helper()
	seen := map[string]bool{}
	for seed := range uint64(20) {
		v, err := m.Draw(mission.Table{}, seed)
		if err != nil {
			t.Fatal(err)
		}
		good, err := m.Good(v)
		if err != nil {
			t.Fatal(err)
		}
		f := *good.Form
		seen[f.Title] = true
		for _, one := range f.Validate() {
			t.Errorf("seed %d: %q is refused: %v", seed, f.Title, one)
		}
		for _, lang := range []string{"fr", "en"} {
			begun := v.Case(m).Begun(lang)
			for _, one := range begun.Settle() {
				t.Errorf("%q cannot be begun: %v", begun.Title, one)
			}
		}
	}
	if len(seen) != len(m.Forms) {
		t.Errorf("%d forms are drawn of %d", len(seen), len(m.Forms))
	}
}

func TestForms_leadToTheQuestionAndNeverNameTheNeedless(t *testing.T) {
	m, v, f := putRight(t, 1)
	begun := v.Case(m).Begun("en") // the same form in English
	by := formJudged(t, m, v, begun)
	if !by["form_asks"].Passed {
		t.Errorf("the questions in English are not known: %+v", by["form_asks"])
	}
	for _, kind := range []string{"form_few", "form_purpose", "form_kinds", "form_required", "form_told"} {
		if by[kind].Passed {
			t.Errorf("%s passes on the form as it is at first", kind)
		}
	}
	if len(by["form_few"].Findings) > 0 {
		t.Errorf("the needless questions are named: %+v", by["form_few"].Findings)
	}
	f.Blocks[0].Label += " (comme sur la pièce)" // another wording under the same name is the same question
	f.Blocks[0].Retention = 25
	by = formJudged(t, m, v, f)
	if r := by["form_purpose"]; r.Passed || len(r.Findings) != 1 || r.Findings[0].Field != f.Blocks[0].Label || r.Findings[0].Reason != "mission.lead_form_long" {
		t.Errorf("kept a month too long: %+v", r)
	}
	if !by["form_asks"].Passed {
		t.Errorf("a question worded otherwise is lost: %+v", by["form_asks"])
	}
}

// Two forms somebody built make a form to put right.
func TestCaseOf_takesWhatTheGoodFormChanges(t *testing.T) {
	m, v, good := putRight(t, 0)
	m.Forms = []mission.FormCase{mission.CaseOf(v.Case(m).Begun("fr"), good)}
	var err error
	if m.Bad, err = m.Suggest(mission.Table{}, 2, bench); err != nil {
		t.Fatal(err)
	}
	for _, problem := range m.Prove(mission.Table{}, 2, bench) {
		t.Error(problem)
	}
}

func TestFormLabels_areReadAlone(t *testing.T) {
	m := find(t, "M13")
	v, err := m.Draw(mission.Table{}, 2)
	if err != nil {
		t.Fatal(err)
	}
	good, err := m.Good(v)
	if err != nil {
		t.Fatal(err)
	}
	for label, reason := range map[string]string{"NOM DU DEMANDEUR": "mission.lead_form_capitals", "Nom": "mission.lead_form_short", "N. de téléphone": "mission.lead_form_abbreviation", "Adresse électronique": "mission.lead_form_twice",
		"IBAN du compte": "", "Où passer ?": "", "Rue, etc. et numéro du lieu": "mission.lead_form_abbreviation"} {
		f := *good.Form
		f.Blocks = append([]form.Block{}, f.Blocks...)
		at := len(f.Blocks) - 1
		f.Blocks[at].Label = label
		r := formJudged(t, m, v, f)["form_labels"]
		if r.Passed != (reason == "") || reason != "" && (len(r.Findings) != 1 || r.Findings[0].Reason != reason || r.Findings[0].Field != label) {
			t.Errorf("%q: %+v, want %q", label, r, reason)
		}
	}
}
