package recipe

import (
	"slices"
	"testing"
)

func TestCommune(t *testing.T) {
	for _, tc := range []struct{ named, where, code, name, department string }{
		{"31555", "", "31555", "Toulouse", "31"},
		{"1004", "", "01004", "Ambérieu-en-Bugey", "01"}, // its zero was lost
		{"TOULOUSE", "", "31555", "Toulouse", "31"},
		{"Lyon 03", "", "69123", "Lyon", "69"},
		{"69383", "", "69123", "Lyon", "69"}, // a district
		{"Saint-Denis", "", "", "", ""},      // of several departments
		{"Saint-Denis", "93", "93066", "Saint-Denis", "93"},
		{"St Denis", "97400", "97411", "Saint-Denis", "974"},
		{"Ajaccio", "20000", "2A004", "Ajaccio", "2A"},
		{"2a004", "", "2A004", "Ajaccio", "2A"},
		{"Bourg-en-Bresse", "1", "01053", "Bourg-en-Bresse", "01"},
		{"Toulouse", "75", "", "", ""},
		{"Nulle-Part-sur-Mer", "", "", "", ""},
		{"", "", "", "", ""},
	} {
		got := place(tc.named, tc.where)
		if tc.code == "" {
			if got != nil {
				t.Errorf("%q in %q: got %q", tc.named, tc.where, got)
			}
			continue
		}
		if got == nil || !slices.Equal(got[:3], []string{tc.code, tc.name, tc.department}) || got[3] == "" || got[4] == "" {
			t.Errorf("%q in %q: got %q, want %s %s %s and a place", tc.named, tc.where, got, tc.code, tc.name, tc.department)
		}
	}
}

func TestCommune_listsWhatIsNotFoundAndTakesNoName(t *testing.T) {
	got, tallies, err := cook(table("ville;latitude|Toulouse;x|Nulle-Part;y|;z"), read(t, `[{"do":"commune","column":"ville"}]`), Kitchen{})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"ville", "latitude", "code_commune", "nom_commune", "code_departement", "latitude_2", "longitude"}; !slices.Equal(got[0], want) {
		t.Errorf("got %q", got[0])
	}
	if got[1][1] != "x" || got[1][2] != "31555" || got[2][2] != "" || tallies[0].Left != 1 || !slices.Equal(tallies[0].Unpaired, []string{"Nulle-Part"}) {
		t.Errorf("got %q, %+v", got, tallies[0])
	}
}
