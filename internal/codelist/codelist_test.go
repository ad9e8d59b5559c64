package codelist

import (
	"encoding/csv"
	"math"
	"os"
	"strings"
	"testing"
)

func TestLists(t *testing.T) {
	for _, c := range []struct {
		name  string
		is    func(string) bool
		true  string
		false string
	}{
		{"activities", IsActivity, "84.11Z|8411Z|0111Z|6201Z", "84.12|8499Z|00.00Z|8411z||84.11Z2"},
		{"professions", IsProfession, "372f|621a|111b|7100", "991a|372F|3725|37|7101|1 2a|"},
		{"countries in two letters", IsCountry, "FR|DE|YT", "fr|XX|FRA|"},
		{"countries in three letters", IsCountry3, "FRA|DEU", "FR|XXX|fra|"},
		{"names of countries", IsCountryName, "France|ALLEMAGNE|algerie|Le Royaume-Uni", "Occitanie|FR|"},
		{"first names", IsGivenName, "Zoé|JEAN|jean-pierre|Marie Thérèse|Éloïse", "Toulouse|Mairie|Jean Mairie|A|"},
		{"codes of communes", IsCommune, "31555|2A004|75101|01015|01003|97501", "31999|00000|3155|"},
		{"names of communes", IsCommuneName, "Toulouse|MANS (LE)|le mans|ST DENIS|Lyon 03|Nantes CEDEX 2|L'Abergement-Clémenciat|Évry", "Toulousse|12||Zone industrielle"},
		{"names of intercommunal bodies", IsEPCIName, "Toulouse Métropole|CC Faucigny - Glières|Communauté de communes Faucigny-Glières", "Toulouse|Communauté|"},
	} {
		for v := range strings.SplitSeq(c.true, "|") {
			if !c.is(v) {
				t.Errorf("%s: got false for %q", c.name, v)
			}
		}
		for v := range strings.SplitSeq(c.false, "|") {
			if c.is(v) {
				t.Errorf("%s: got true for %q", c.name, v)
			}
		}
	}
}

func TestMergedCommunes(t *testing.T) {
	got := Communes("01003")
	if len(got) != 1 || got[0].Into != "01165" {
		t.Errorf("got %+v, want a commune now in 01165", got)
	}
	if got := Communes("01015"); len(got) != 2 || got[0].Into != "" || got[0].Name != "Arboys en Bugey" {
		t.Errorf("got %+v, want Arboys en Bugey first", got)
	}
	if got := EPCIName("200069193"); !strings.Contains(got, "Dombes") {
		t.Errorf("got %q", got)
	}
	if EPCIName("200069194") != "" {
		t.Error("got a name for a SIREN that is none")
	}
}

func TestAgree(t *testing.T) {
	for _, c := range []struct {
		code, name string
		want       bool
	}{
		{"31555", "Toulouse", true}, {"31555", "TOULOUSE CEDEX 9", true}, {"31555", "Blagnac", false}, {"31555", "Toulousse", true},
		{"75056", "Paris 12e Arrondissement", true}, {"75112", "Paris", true}, {"01015", "Arbignieu", true}, {"01015", "Saint-Bois", true},
		{"31999", "Blagnac", true}, {"01003", "Blagnac", true}, {"72181", "MANS (LE)", true},
	} {
		if got := Agree(c.code, c.name); got != c.want {
			t.Errorf("%s %s: got %v", c.code, c.name, got)
		}
	}
}

// TestAgree_onEveryCommune reads the same list through another way.
func TestAgree_onEveryCommune(t *testing.T) {
	f, err := os.Open("../../../shared/data/tables/territoires/communes_2026.csv")
	if err != nil {
		t.Skip("shared data not here")
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records[1:] {
		if !IsCommune(r[0]) || !IsCommuneName(r[1]) || !Agree(r[0], r[1]) || !Agree(r[0], strings.ToUpper(r[1])) {
			t.Errorf("%s %s: not known, or in disagreement", r[0], r[1])
		}
		if r[4] != "" && (EPCIName(r[4]) == "" || Communes(r[0])[0].EPCI != r[4]) {
			t.Errorf("%s: not in the body %s", r[0], r[4])
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for range b.N {
		lines("communes")
	}
}

func BenchmarkIsCommuneName(b *testing.B) {
	IsCommuneName("Toulouse")
	b.ResetTimer()
	for range b.N {
		IsCommuneName("Saint-Étienne-du-Rouvray")
	}
}

func FuzzKey(f *testing.F) {
	f.Add("MANS (LE)")
	f.Add("l’Île-d’Yeu")
	f.Fuzz(func(t *testing.T, name string) {
		if named := CommunesNamed(name); IsCommuneName(name) && len(named) == 0 {
			t.Errorf("%q is a name without a commune", name)
		} else if len(named) > 0 && !Agree(named[0].Code, name) {
			t.Errorf("%q disagrees with %s", name, named[0].Code)
		}
		IsGivenName(name)
		IsCountryName(name)
		IsEPCIName(name)
	})
}

func TestCentre(t *testing.T) {
	for code, want := range map[string][2]float64{"31555": {43.60, 1.44}, "75056": {48.86, 2.35}, "97411": {-20.9, 55.45}, "2A004": {41.93, 8.74}} {
		latitude, longitude, ok := Centre(code)
		if !ok || math.Abs(latitude-want[0]) > 0.06 || math.Abs(longitude-want[1]) > 0.06 {
			t.Errorf("%s: got %v, %v, %v, want about %v", code, latitude, longitude, ok, want)
		}
	}
	if _, _, ok := Centre("99999"); ok {
		t.Error("99999 is nowhere")
	}
	known := 0
	for _, line := range lines("centres") {
		code, _, _ := strings.Cut(line, "\t")
		if list := Communes(code); len(list) > 0 && list[0].Into == "" {
			known++
		}
	}
	if known < 34_800 {
		t.Errorf("only %d of the places are communes of today", known)
	}
}
