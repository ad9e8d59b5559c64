package workshop

import "testing"

func TestCompare_findsWhatComesBack(t *testing.T) {
	report := func(texts ...string) Report {
		theme := ReportTheme{Name: "T"}
		for _, text := range texts {
			theme.Cards = append(theme.Cards, ReportCard{Text: text})
		}
		return Report{Phases: []ReportPhase{{Title: "P", Themes: []ReportTheme{theme}}}}
	}
	before := report("Suivre les impayés de la cantine", "Tenir le registre des associations", "Publier les menus")
	after := report("Compter les vélos du pont", "Le suivi des impayés de cantine", "Suivre les impayés de la cantine")
	got := Compare(before, after)
	if len(got.Recur) != 1 || got.Recur[0].Near != 1 || got.Recur[0].After.Text != "Suivre les impayés de la cantine" {
		t.Errorf("got %+v, want the nearest of two, once", got.Recur)
	}
	if len(got.New) != 2 || got.New[0].Text != "Compter les vélos du pont" || len(got.Gone) != 2 {
		t.Errorf("got new %+v, gone %+v", got.New, got.Gone)
	}
	if none := Compare(Report{}, Report{}); len(none.Recur)+len(none.New)+len(none.Gone) != 0 {
		t.Errorf("of nothing: got %+v", none)
	}
}
