package situationweb

import "testing"

func TestCut(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"short enough", "Rédiger une fiche", "Rédiger une fiche"},
		{"after a whole word", "Connecter les outils métiers et les outils pour éviter les doubles saisies", "Connecter les outils métiers et les outils pour…"},
		{"outside brackets", "Maîtriser le logiciel d’extraction (ex : Business Object)", "Maîtriser le logiciel d’extraction…"},
		{"one long word", "Anticonstitutionnellementanticonstitutionnellementanticonstitutionnellement", "Anticonstitutionnellementanticonstitutionnellementant…"},
	} {
		if got := cut(c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
