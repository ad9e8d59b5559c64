package dataset

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
)

// printedProfileOf profiles lines whose cells are apart by "|", and prints them.
func printedProfileOf(t *testing.T, format string, lines ...string) string {
	t.Helper()
	p := profileOf(lines[0], lines[1:]...)
	r := Report{Rows: p.Rows, Profile: p}
	var out bytes.Buffer
	if err := PrintProfile(&out, r, format, inFrench(t)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestProfileTellsEachFactOfAColumn(t *testing.T) {
	lines := []string{"code insee|prix|jour|vide|n"}
	for i := range 40 {
		lines = append(lines, fmt.Sprintf("%05d|%d,50 €|%02d/03/2024|n/d|%d", 1001+i%8, i%4, 1+i%20, i))
	}
	got := strings.ReplaceAll(printedProfileOf(t, PrintText, lines...), "\u00a0", " ")
	for _, want := range []string{
		"Type : texte, sens : code de commune 96 %", "Absentes : 0 (0 %)\n", "Valeurs différentes : 8, répétitions : 32", "Commencent par un zéro : 40", "Formes : 99999 (40)", "Longueur : 5\n",
		"De 0,5 € à 3,5 €", "Moyenne 2 €, médiane 2 €, écart-type 1,11803 €", "Quantiles : 5 % 0,5 €, 25 % 1 €, 75 % 3 €, 95 % 3,5 €", "Répartition : █", "Formes : 9,99 € (40)",
		"De 2024-03-01 à 2024-03-20", "Dates écrites comme 31/12/2024", "Absentes : 40 (100 %), dont marques comme « n/d » : 40", "Valeurs différentes : 40, aucune deux fois",
		"Longueur : de 1 à 2 caractères, 1,75 en moyenne",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("not told: %s", want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

// TestProfileTellsNobodysValue prints a column about persons: neither its values nor its ends, which are somebody's.
func TestProfileTellsNobodysValue(t *testing.T) {
	lines := []string{"nom|prénom|date de naissance|courriel"}
	for i := range 30 {
		lines = append(lines, fmt.Sprintf("MARTIN%c|Camille|%d-03-%02d|camille%c@exemple.fr", 'A'+i%26, 1950+i, 1+i%28, 'a'+i%26))
	}
	for _, format := range []string{PrintText, PrintCSV} {
		got := printedProfileOf(t, format, lines...)
		for _, secret := range []string{"MARTIN", "Camille", "1950-03-01", "1979-03-02", "@exemple"} {
			if strings.Contains(got, secret) {
				t.Errorf("%s: %s is told:\n%s", format, secret, got)
			}
		}
		if !strings.Contains(got, "1964-09-14") {
			t.Errorf("%s: the median, which is the middle of all, is not told:\n%s", format, got)
		}
	}
}

func TestProfileAsCSVIsATable(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(printedProfileOf(t, PrintCSV, "a|b", "1|x", "2|y", "4|yy"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]string{}
	for i, name := range rows[0] {
		at[name] = rows[1][i]
	}
	for name, want := range map[string]string{"min": "1", "max": "4", "median": "2", "mean": "2.33333", "shortest": "1", "leading_zeros": "0"} {
		if at[name] != want {
			t.Errorf("%s: got %q, want %q", name, at[name], want)
		}
	}
}

func TestSparks(t *testing.T) {
	if got := sparks([]Bin{{Count: 0}, {Count: 1}, {Count: 1000}, {Count: 500}}); got != ".▁█▄" {
		t.Errorf("got %q", got)
	}
}

func TestShortNumbers(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 1e-7: "0.0000001", -0.000012345678: "-0.0000123457", 0.5: "0.5", 2.333333333: "2.33333", 123456.7: "123457",
		1e15: "1000000000000000", 1e-20: "1e-20"} {
		if got := shortNumber(v); got != want {
			t.Errorf("%v: got %s, want %s", v, got, want)
		}
	}
}
