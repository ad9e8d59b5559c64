package personal_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cultured/internal/identifier"
	"cultured/internal/personal"
)

// likely lists the kinds that should stop a publication.
func likely(v string) (out []string) {
	for _, f := range personal.Find(v) {
		if f.Confidence >= personal.Likely {
			out = append(out, string(f.Kind))
		}
	}
	slices.Sort(out)
	return out
}

// floors are the least precision and recall of each kind over texts.tsv, and of all.
var floors = map[string][2]float64{
	"nir": {1, 1}, "iban": {1, 1}, "email": {1, 1}, "phone": {1, 1}, "name": {.95, .94}, "birth": {.75, 1}, "address": {1, 1},
	"health": {.95, .95}, "religion": {.9, .9}, "union": {.9, .9}, "origin": {.8, .75}, "opinion": {1, 1}, "orientation": {1, 1}, "justice": {.9, .9}, "": {.97, .97},
}

// Precision is the share of what is told that is there, recall the share of what is there that is told.
func TestFind_onTextsReadByHand(t *testing.T) {
	b, err := os.ReadFile("testdata/texts.tsv")
	if err != nil {
		t.Fatal(err)
	}
	right, wrong, missed := map[string]float64{}, map[string]float64{}, map[string]float64{}
	texts := 0
	for line := range strings.Lines(string(b)) {
		text, kinds, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		texts++
		var want []string
		excused := strings.Contains(kinds, "!")
		if kinds = strings.ReplaceAll(kinds, "!", ""); kinds != "-" {
			want = strings.Split(kinds, ",")
		}
		slices.Sort(want)
		got := likely(text)
		if same := slices.Equal(got, want); !same && !excused {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
		for _, k := range got {
			if slices.Contains(want, k) {
				right[k]++
				right[""]++
			} else {
				wrong[k]++
				wrong[""]++
			}
		}
		for _, k := range want {
			if !slices.Contains(got, k) {
				missed[k]++
				missed[""]++
			}
		}
	}
	if texts < 150 {
		t.Errorf("%d texts", texts)
	}
	for _, k := range slices.Sorted(maps.Keys(floors)) {
		precision, recall := right[k]/max(right[k]+wrong[k], 1), right[k]/max(right[k]+missed[k], 1)
		t.Logf("%-12s precision %.2f, recall %.2f, of %.0f", k, precision, recall, right[k]+missed[k])
		if precision < floors[k][0] || recall < floors[k][1] {
			t.Errorf("%s: precision %.2f and recall %.2f, want at least %v", k, precision, recall, floors[k])
		}
	}
}

// No number whose checksum is right is missed, however it is spaced and whatever stands around it.
func TestIdentifiers_missNone(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	around := []string{"", " ", "n°", "NIR:", "(", "«\u00a0", "é", "; ", "2024 ", "12, ", "x", "le 3/4, "}
	after := []string{"", " ", ".", ")", ", reçu", "\u00a0»", " 12 h", "/", "é"}
	for range 20_000 {
		number, kind := drawNIR(r), personal.NIR
		if r.IntN(2) == 0 {
			number, kind = drawIBAN(r), personal.IBAN
		}
		text := around[r.IntN(len(around))] + spaced(r, number, kind) + after[r.IntN(len(after))]
		if kind == personal.IBAN && strings.HasPrefix(text, "x") {
			continue // letters that run into an IBAN make another word
		}
		if !slices.ContainsFunc(personal.Identifiers(text), func(f personal.Trace) bool { return f.Kind == kind }) {
			t.Fatalf("%q: %s missed", text, kind)
		}
	}
}

func drawNIR(r *rand.Rand) string {
	places := []string{"75056", "2A004", "2B033", "13055", "97411", "99352"}
	for {
		body := strconv.Itoa(1+r.IntN(2)) + two(r.IntN(100)) + two(1+r.IntN(12)) + places[r.IntN(len(places))] + two(r.IntN(10)) + strconv.Itoa(1+r.IntN(9))
		for key := range 98 {
			if s := body + two(key); identifier.IsNIR(s) {
				return s
			}
		}
	}
}

func drawIBAN(r *rand.Rand) string {
	body := ""
	for range 23 {
		body += strconv.Itoa(r.IntN(10))
	}
	for key := range 100 {
		if s := "FR" + two(key) + body; identifier.IsIBAN(s) {
			return s
		}
	}
	panic("no key fits")
}

func two(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }

// spaced writes a number as people do.
func spaced(r *rand.Rand, number string, kind personal.Kind) string {
	separator := []string{"", " ", "\u00a0", ".", "-", "\u202f"}[r.IntN(6)]
	cuts := []int{1, 3, 5, 7, 10, 13}
	if kind == personal.IBAN {
		cuts = []int{4, 8, 12, 16, 20, 24}
	}
	var b strings.Builder
	for i := range len(number) {
		if slices.Contains(cuts, i) {
			b.WriteString(separator)
		}
		b.WriteByte(number[i])
	}
	return b.String()
}

func TestIsOffice(t *testing.T) {
	for local, want := range map[string]bool{"mairie": true, "contact.rgpd": true, "prune.tibardpol": false, "accueil_sud": true, "": false} {
		if got := personal.IsOffice(local); got != want {
			t.Errorf("%q: got %v", local, got)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("Mme Guivel, née le 3 mars 1980, 2 85 05 78 006 084 41")
	f.Add("M. é@é.fr +33 (0) 0033 2A\xff")
	f.Fuzz(func(t *testing.T, v string) {
		for _, trace := range personal.Find(v) {
			if trace.Confidence <= 0 || trace.Confidence > 1 || !slices.Contains(personal.Kinds(), trace.Kind) {
				t.Errorf("%q: %v", v, trace)
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	text := "Appel de l’usager le 12 mars : il demande que le chemin soit nettoyé avant la fête, et rappelle que la rampe est glissante par temps de pluie."
	for b.Loop() {
		personal.Find(text)
	}
}
