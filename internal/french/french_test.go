package french

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "abc": "abc", "ABC 1": "abc 1", "Éàçôïÿ": "eacoiy", "Œuvre": "oeuvre", "ÆTHER": "aether", "Straße": "strasse",
		"e\u0301": "e", "l’été": "l'ete", "12\u00a0000": "12 000", "12\u202f000": "12 000", "a–b": "a-b", "ŁÓDŹ": "lodz",
		" Việt": " viet", "Ñ": "n", "ΑΒ": "αβ", "ﬁn": "fin", "co\u00adop": "coop", "Ǆ": "dz",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q): got %q, want %q", in, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"": "", " ; ": "", "L’école d'été": "ecole ete", "Saint-Denis (93)": "saint denis 93", "qu’une": "une",
		"aujourd’hui": "aujourdhui", "Données_2024": "donnees 2024", "O'Connor": "oconnor", "d'l'x": "x", "l'": "l",
		"3,5 km²": "3 5 km", "jusqu'à l'aube": "a aube", "T12b": "t12b",
	} {
		if got := strings.Join(Words(in), " "); got != want {
			t.Errorf("Words(%q): got %q, want %q", in, got, want)
		}
	}
}

func TestStem_bringsNumberAndGenderTogether(t *testing.T) {
	for _, same := range []string{
		"commune communes communs", "régional régionale régionales régionaux", "bateau bateaux", "école écoles",
		"subvention subventions", "travail travaux", "heureux heureuse heureuses", "directeur directrice directrices",
		"actif active actives actifs", "donnée données", "ancien ancienne anciennes", "premier première premières",
		"lieu lieux", "tuyau tuyaux", "culturel culturelle culturelles culturels", "genou genoux", "élu élue élus élues",
		"cheval chevaux", "journal journaux", "équipement équipements", "musée musées", "lycée lycées",
	} {
		words := strings.Fields(same)
		for _, w := range words[1:] {
			if got, want := Stem(w), Stem(words[0]); got != want {
				t.Errorf("Stem(%s): got %q, want %q as %s", w, got, want, words[0])
			}
		}
	}
	for _, apart := range [][2]string{{"Paris", "pari"}, {"prix", "pris"}, {"don", "donnée"}, {"temps", "tempête"},
		{"taux", "tas"}, {"cours", "cour"}, {"port", "portail"}, {"commune", "communication"}} {
		if Stem(apart[0]) == Stem(apart[1]) {
			t.Errorf("%s and %s: got the same stem %q", apart[0], apart[1], Stem(apart[0]))
		}
	}
}

func TestStop(t *testing.T) {
	if !Stop("de") || !Stop("pour") || Stop("eau") || Stop("") {
		t.Error("got the wrong stop words")
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b       string
		most, want int
	}{
		{"", "", 0, 0}, {"abc", "abc", 0, 0}, {"abc", "abd", 2, 1}, {"abc", "acb", 2, 1}, {"abc", "", 5, 3}, {"", "ab", 1, 2},
		{"kitten", "sitting", 5, 3}, {"kitten", "sitting", 2, 3}, {"été", "ete", 3, 2}, {"ca", "abc", 5, 3},
		{strings.Repeat("a", 80), strings.Repeat("a", 79) + "b", 3, 1}, {"abcdef", "x", 2, 3},
	} {
		if got := Distance(c.a, c.b, c.most); got != c.want {
			t.Errorf("Distance(%q, %q, %d): got %d, want %d", c.a, c.b, c.most, got, c.want)
		}
	}
}

func TestCompare_ordersAsAFrenchList(t *testing.T) {
	want := []string{"", "  x", "(b)", "1", "10", "2", "a", "A", "à", "À", "Ain", "aînée", "cote", "Cote", "coté", "côte",
		"côté", "eau", "école", "Édile", "efface", "œil", "oeuf", "Œuf", "Île", "zéro", "Ω"}
	slices.SortFunc(want, Compare)
	expect := []string{"", "  x", "(b)", "1", "10", "2", "a", "A", "à", "À", "Ain", "aînée", "cote", "Cote", "coté", "côte",
		"côté", "eau", "école", "Édile", "efface", "Île", "œil", "oeuf", "Œuf", "zéro", "Ω"}
	if !slices.Equal(want, expect) {
		t.Errorf("got %q, want %q", want, expect)
	}
	for _, a := range expect {
		for _, b := range expect {
			if Compare(a, b) != -Compare(b, a) || (Compare(a, b) == 0) != (a == b) {
				t.Errorf("%q and %q: got no order", a, b)
			}
		}
	}
}

func TestNumber(t *testing.T) {
	for in, want := range map[string]float64{
		"0": 0, "12": 12, "-3,5": -3.5, "1 234,50": 1234.5, "1\u00a0234": 1234, "1\u202f234\u202f567,8": 1234567.8, "1234.5": 1234.5,
		"1,234": 1.234, "1.234,56": 1234.56, "1,234.56": 1234.56, "1,234,567": 1234567, "1.234.567": 1234567, "12 %": 12,
		"40 000,00 €": 40000, "8,911819e+01": 89.11819, "1E3": 1000, "+7": 7, "−7": -7, " 5 ": 5, ",5": 0.5, "12,": 12,
		"1'000": 1000, "0.1": 0.1, "123456789012345678901": 123456789012345678901, "01004": 1004, "€ 5"[4:]: 5,
		"3.141592653589793": 3.141592653589793, "1e-7": 1e-7, "10 EUR": 10,
	} {
		if got, ok := Number(in); !ok || got != want {
			t.Errorf("Number(%q): got %v %v, want %v", in, got, ok, want)
		}
	}
	for _, in := range []string{"", " ", "-", "a", "1a", "1 2", "12 34", "1 2345", "1,2,3", "1.2.3", "NaN", "Inf", "0x10", "1_000",
		"1e", "e5", "--1", "01/02/2024", "12h", "%", "€", "1 234 56", "1e9999", ",", ".", "1,234,56", "1234 567"} {
		if got, ok := Number(in); ok {
			t.Errorf("Number(%q): got %v, want none", in, got)
		}
	}
	for in, want := range map[string]string{"1 234,50 €": "1234.50", "-0,10": "-0.10", "12": "12", "1,5e3": "1.5e3", ",5": "0.5"} {
		if got, ok := Decimal(in); !ok || got != want {
			t.Errorf("Decimal(%q): got %q %v, want %q", in, got, ok, want)
		}
	}
}

func TestDate(t *testing.T) {
	for _, c := range []struct{ in, want, layout string }{
		{"2024-03-01", "2024-03-01T00:00:00Z", "2006-01-02"}, {"2024/03/01", "2024-03-01T00:00:00Z", "2006/01/02"},
		{"01/03/2024", "2024-03-01T00:00:00Z", "02/01/2006"}, {"1/3/24", "2024-03-01T00:00:00Z", "2/1/06"},
		{"01-03-2024", "2024-03-01T00:00:00Z", "02-01-2006"}, {"01.03.70", "1970-03-01T00:00:00Z", "02.01.06"},
		{"01/03/2024 10:30", "2024-03-01T10:30:00Z", "02/01/2006 15:04"}, {"01/03/2024 10h30", "2024-03-01T10:30:00Z", "02/01/2006 15h04"},
		{"2024-03-01T10:30:05.25+01:00", "2024-03-01T09:30:05.25Z", "2006-01-02T15:04:05.00Z07:00"},
		{"2024-03-01T10:30:05+0100", "2024-03-01T09:30:05Z", "2006-01-02T15:04:05Z07:00"},
		{"2024-03-01 10:30:05", "2024-03-01T10:30:05Z", "2006-01-02 15:04:05"}, {"2024-03-01T10:30:05Z", "2024-03-01T10:30:05Z", "2006-01-02T15:04:05Z07:00"},
		{"1er janvier 2024", "2024-01-01T00:00:00Z", "2 January 2006"}, {"vendredi 1 mars 2024", "2024-03-01T00:00:00Z", "2 January 2006"},
		{"Août 2023", "2023-08-01T00:00:00Z", "January 2006"}, {"15 févr. 2024", "2024-02-15T00:00:00Z", "2 January 2006"},
		{"2024-03", "2024-03-01T00:00:00Z", "2006-01"}, {"03/2024", "2024-03-01T00:00:00Z", "01/2006"}, {"2024", "2024-01-01T00:00:00Z", "2006"},
		{" 29/02/2024 ", "2024-02-29T00:00:00Z", "02/01/2006"},
	} {
		got, layout, ok := Date(c.in)
		if !ok || got.Format(time.RFC3339Nano) != c.want || layout != c.layout {
			t.Errorf("Date(%q): got %s %q %v, want %s %q", c.in, got.Format(time.RFC3339Nano), layout, ok, c.want, c.layout)
		}
	}
	for _, in := range []string{"", "12", "31/02/2024", "2024-13-01", "00/01/2024", "20240301", "1234", "12345", "9999", "a mars 2024",
		"1er", "2er mars 2024", "mars", "01/03/202", "2024-03-01T", "2024-03-01T25:00", "01/03/2024 x", "1.5.3", "192.168.1.1",
		"01-02-03-04", "2024-03-01T10:30:05+", "2024-03-01T10:30:05+1", "2024-03-01T10:30:05.", "2024-03-01 10:30:05+01:"} {
		if got, layout, ok := Date(in); ok && in != "1234" {
			t.Errorf("Date(%q): got %s %q, want none", in, got, layout)
		}
	}
	if got, ok := CompactDate("20240301"); !ok || got.Day() != 1 {
		t.Errorf("CompactDate: got %v %v", got, ok)
	}
	if _, ok := CompactDate("20241301"); ok {
		t.Error("CompactDate: got a month 13")
	}
}

func TestBool(t *testing.T) {
	for in, want := range map[string]bool{"oui": true, "NON": false, " Vrai ": true, "faux": false, "1": true, "0": false, "Yes": true, "n": false} {
		if got, ok := Bool(in); !ok || got != want {
			t.Errorf("Bool(%q): got %v %v, want %v", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "x", "2", "ouii", "peut-être"} {
		if _, ok := Bool(in); ok {
			t.Errorf("Bool(%q): got a truth", in)
		}
	}
}

func TestMissing(t *testing.T) {
	for _, in := range []string{"", " \u00a0", "n/d", "NC", "-", "NA", "#N/A", "null", "Non renseigné", "N.C.", "…", "Néant", "#DIV/0!"} {
		if !Missing(in) {
			t.Errorf("Missing(%q): got false", in)
		}
	}
	for _, in := range []string{"0", "non", "<11", "s", "Nancy", "aucun problème connu à ce jour"} {
		if Missing(in) {
			t.Errorf("Missing(%q): got true", in)
		}
	}
}

func TestCellReading_doesNotAllocate(t *testing.T) {
	for name, f := range map[string]func(){
		"Number": func() { Number("1\u00a0234,50 €") }, "Date": func() { Date("01/03/2024") }, "monthDate": func() { Date("1er août 2024") },
		"Bool": func() { Bool("Oui") }, "Missing": func() { Missing("Non renseigné") }, "Compare": func() { Compare("École", "ecole") },
		"Distance": func() { Distance("commune", "comune", 2) }, "Fold": func() { Fold("deja plie") },
	} {
		if n := testing.AllocsPerRun(100, f); n > 0 {
			t.Errorf("%s: got %v allocations", name, n)
		}
	}
}

func FuzzCell(f *testing.F) {
	for _, s := range []string{"1 234,50 €", "1er janvier 2024", "2024-03-01T10:30:05+01:00", "n/d", "L’Œuvre", "\xff", "e\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if plain, ok := Decimal(s); ok {
			a, okA := Number(s)
			if b, okB := Number(plain); okA && (!okB || a != b) {
				t.Fatalf("Number(%q) = %v, of its plain text %q = %v", s, a, plain, b)
			}
		}
		Date(s)
		Bool(s)
		Missing(s)
		Stem(s)
		for _, w := range Words(s) {
			if w == "" {
				t.Fatal("an empty word")
			}
		}
		if Compare(s, s) != 0 || Distance(s, s, 1) != 0 {
			t.Fatal("different from itself")
		}
	})
}

func BenchmarkNumber(b *testing.B) {
	for b.Loop() {
		Number("1 234,50")
	}
}

func BenchmarkDate(b *testing.B) {
	for b.Loop() {
		Date("01/03/2024")
	}
}
