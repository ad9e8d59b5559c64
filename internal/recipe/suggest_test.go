package recipe

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestSuggest_seesSeveralValuesInACell(t *testing.T) {
	for _, tc := range []struct {
		cells []string
		want  string
	}{
		{[]string{"sport ; culture", "jeunesse", "sport"}, `[{"do":"explode","column":"v","by":";"}]`},
		{[]string{"sport|culture", "jeunesse|sport|autre"}, `[{"do":"explode","column":"v","by":"|"}]`},
		{[]string{"un texte ; une suite qui est bien trop longue pour être une seule valeur", "sport"}, ""},
		{[]string{"https://data.example/?a;b", "x;"}, ""},
		{[]string{"a;b", "c", "d", "e", "f"}, ""},
	} {
		rows := [][]string{{"v"}}
		for _, c := range tc.cells {
			rows = append(rows, []string{c})
		}
		all, err := Suggest(&lines{rows: rows})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, s := range all {
			raw, err := json.Marshal(Recipe{s.Step})
			if err != nil {
				t.Fatal(err)
			}
			got += string(raw)
		}
		if got != tc.want {
			t.Errorf("%q: got %s, want %s", tc.cells, got, tc.want)
		}
	}
}

func TestSuggest_proposesWhatRowsShowAndNothingElse(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"nothing to say", "c;n|Caen;1|Paris;2", ""},
		{"spaces of several columns are one step", "a;b| x;y|x; y", `{"do":"trim","columns":["a","b"]} 2`},
		{"dates of which some are written otherwise", "d|25/12/2024|2024-12-26|1er mars 2024", `{"do":"date","columns":["d"]} 2`},
		{"years are dates that stay", "an|2023|2024", ""},
		{"amounts", "m|1 200,50|30|12 €", `{"do":"number","columns":["m"]} 2`},
		{"codes are no amounts", "code;siren;tel|01004;213 105 554;01 99 00 12 34|75056;217 500 016;02 99 00 12 35", ""},
		{"a text among numbers leaves them", "m|1,5|deux|trois", ""},
		{"capitals among names", "nom|DURAND|Martin|PETIT|Moreau", `{"do":"case","columns":["nom"],"to":"title"} 2`},
		{"all in capitals is a habit", "nom|DURAND|MARTIN", ""},
		{"values that differ by case, accents and signs", "v;n|Saint-Denis;1|Saint-Denis;2|saint denis;3|Caen;4", `{"do":"cluster","column":"v","values":null} 1`},
		{"totals, which then are no duplicates", "c;n|A;1|Total;1|Total;1", `{"do":"totals"} 2`},
		{"rows twice", "c;n|A;1|A;1|B;2", `{"do":"deduplicate","columns":[],"keep":"first"} 1`},
		{"a column without anything", "c;n;x|A;1;|B;2; ", `{"do":"trim","columns":["x"]} 1, {"do":"drop","columns":["x"]} 1`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			src := lines{rows: table(tc.in)}
			got, err := Suggest(&src)
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, s := range got {
				raw, err := json.Marshal(Recipe{s.Step})
				if err != nil {
					t.Fatal(err)
				}
				said = append(said, fmt.Sprintf("%s %d", raw[1:len(raw)-1], s.Count))
			}
			if all := strings.Join(said, ", "); all != tc.want {
				t.Errorf("got %s, want %s", all, tc.want)
			}
		})
	}
}
