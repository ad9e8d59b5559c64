package competency

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"cultured/internal/id"
	"cultured/internal/tabular"

	shipped "cultured/content/framework"
)

var (
	here = Address{Base: "https://donnees.example"}
	noon = time.Date(2026, 3, 2, 12, 0, 0, 123456789, time.UTC)
)

// awkward are words that formats like to lose.
var awkward = []string{"é œ ß", "=1+1", "'=1+1", "'", "\"cité\"", "a;b,c\td", "deux\nlignes", "+33 1", "-12,5", "@x", "001", "1e5", "true", "2026-03-02", "a: b", "<b>&amp;</b>",
	"«\u00a0oui\u00a0»", "مرحبا", "𝔘", "\\n", "{\"@id\":1}", "a|b", "//", "#", "%41", "N1", "0", " ", "a  b"}

// invented makes a framework of every shape there is: the same for the same seed.
func invented(seed uint64) Framework {
	r := rand.New(rand.NewPCG(seed, 7))
	uuid := func(n int) string { return id.NamedUUID("test", fmt.Sprint(seed, " ", n)) }
	words := func() string {
		s := awkward[r.IntN(len(awkward))]
		if r.IntN(2) == 0 {
			s += " " + awkward[r.IntN(len(awkward))]
		}
		return s
	}
	languages := []string{"fr", "en", "oc"}[:1+r.IntN(3)]
	text := func(must bool) Text {
		t := Text{}
		for i, l := range languages {
			if must && i == 0 || r.IntN(3) > 0 {
				t[l] = words()
			}
		}
		if t = t.Clean(); must && t["fr"] == "" {
			t = t.With("fr", "mot")
		}
		return t
	}
	maybe := func(s string) string {
		if r.IntN(2) == 0 {
			return ""
		}
		return s
	}
	f := Framework{ID: ID(uuid(0)), Title: text(true), Description: text(false), Languages: languages, Creator: maybe(line(words())), Edition: maybe("0.1"),
		Licence: maybe("Licence Ouverte 2.0"), Source: maybe([]string{"https://exemple.fr/référentiel", "Un livre"}[r.IntN(2)]), URI: maybe("https://ailleurs.example/f")}
	for i := range r.IntN(5) {
		f.Levels = append(f.Levels, Level{Code: fmt.Sprint("N", i+1), Label: text(true), Description: text(false)})
	}
	for i := range r.IntN(12) {
		it := Item{ID: ItemID(uuid(i + 1)), Kind: Competence, Label: text(true), Description: text(false), Modified: noon.Add(time.Duration(i) * time.Second), Revision: i,
			Code: maybe(fmt.Sprint("C.", i)), URI: maybe("https://ailleurs.example/" + fmt.Sprint(i))}
		if r.IntN(4) == 0 {
			it.Kind, it.Mark = Family, r.IntN(MarksMost+1)
		} else if n := len(f.Items); n > 0 && r.IntN(5) > 0 {
			it.Parent = f.Items[r.IntN(n)].ID
		}
		for _, l := range f.Levels {
			if it.Kind == Competence && r.IntN(2) == 0 {
				it.SetLevel(l.Code, text(true))
			}
		}
		for j := range r.IntN(3) {
			it.Alignments = append(it.Alignments, Alignment{Scheme: []string{"pix", "esco", "Un cadre à nous"}[r.IntN(3)], Code: fmt.Sprint(j, ".", r.IntN(9)), Match: Matches()[r.IntN(5)],
				URI: maybe("http://data.europa.eu/esco/skill/" + uuid(100*i+j)), Label: text(false), Source: maybe(line(words())), Checked: maybe("2026-02-01"), Note: maybe(clean(words()))})
		}
		f.Items = append(f.Items, it)
	}
	for i := range f.Items {
		if it := f.Items[i]; r.IntN(6) == 0 && len(f.Under(it.ID)) == 0 {
			f.Items[i].Retired = true
			for _, o := range f.Items {
				if o.Kind == it.Kind && !o.Retired && o.ID != it.ID && r.IntN(3) == 0 {
					f.Items[i].Successors = append(f.Items[i].Successors, o.ID)
				}
			}
		}
	}
	f.Settle()
	return f
}

// shippedFramework is the one in content/framework.
func shippedFramework(t testing.TB) Framework {
	t.Helper()
	raw, err := shipped.Files.ReadFile("framework.json")
	if err != nil {
		t.Fatal(err)
	}
	var f Framework
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	for i := range f.Items {
		f.Items[i].Modified = noon
	}
	return f
}

// told is a framework as JSON, without the revisions, which no file carries.
func told(f Framework) string {
	f = f.Clone()
	for i := range f.Items {
		f.Items[i].Revision = 0
		f.Items[i].Modified = f.Items[i].Modified.UTC()
	}
	raw, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// firstDifference cuts two texts to where they part.
func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			from := max(0, i-6)
			return "got\n" + strings.Join(x[from:min(len(x), i+3)], "\n") + "\nwant\n" + strings.Join(y[from:min(len(y), i+3)], "\n")
		}
	}
	return fmt.Sprintf("got %d lines, want %d", len(x), len(y))
}

// roundTrip leaves and comes back many times, and must bring back the very same.
func roundTrip(t *testing.T, there func(Framework) ([]byte, error), back func([]byte) (Framework, []Remark, error)) {
	t.Helper()
	all := []Framework{shippedFramework(t)}
	for seed := range uint64(300) {
		if f := invented(seed); len(f.Items) > 0 {
			all = append(all, f)
		}
	}
	for n, f := range all {
		raw, err := there(f)
		if err != nil {
			t.Fatal(n, err)
		}
		got, remarks, err := back(raw)
		if err != nil {
			t.Fatalf("%d: %v\n%s", n, err, raw)
		}
		if told(got) != told(f) {
			t.Fatalf("framework %d came back changed: %s\n%v", n, firstDifference(told(got), told(f)), remarks)
		}
		if len(remarks) > 0 {
			t.Fatalf("framework %d is ours, and something is said of it: %v", n, remarks)
		}
		again, err := there(got)
		if err != nil || string(again) != string(raw) {
			t.Fatalf("framework %d leaves otherwise the second time: %v %s", n, err, firstDifference(string(again), string(raw)))
		}
	}
}

func TestInvented_isValid(t *testing.T) {
	for seed := range uint64(300) {
		f := invented(seed)
		if wrong := append(f.Validate(), f.ValidateItems()...); len(wrong) > 0 {
			t.Fatalf("seed %d: %v", seed, wrong)
		}
	}
	f := shippedFramework(t)
	if wrong := append(f.Validate(), f.ValidateItems()...); len(wrong) > 0 {
		t.Fatalf("the shipped framework: %v", wrong)
	}
}

func TestCASE_comesBackAsItLeft(t *testing.T) {
	roundTrip(t, func(f Framework) ([]byte, error) { return here.CASE(f, "Commune d’Essai", noon) },
		func(raw []byte) (Framework, []Remark, error) { return here.ReadCASE(raw, noon) })
}

func TestSKOS_comesBackAsItLeft(t *testing.T) {
	roundTrip(t, func(f Framework) ([]byte, error) { return here.SKOS(f, noon) },
		func(raw []byte) (Framework, []Remark, error) { return here.ReadSKOS(raw, noon) })
}

func TestSheets_comeBackAsTheyLeft(t *testing.T) {
	roundTrip(t, func(f Framework) ([]byte, error) {
		var b bytes.Buffer
		err := Pack(&b, here.Sheets(f), noon)
		return b.Bytes(), err
	}, func(raw []byte) (Framework, []Remark, error) {
		return here.readTables(raw, "referentiel.zip", noon, tabular.Reader{})
	})
}
