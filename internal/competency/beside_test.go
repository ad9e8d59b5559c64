package competency

import (
	"slices"
	"testing"
)

func one(id, code, label string, links ...Alignment) Item {
	return Item{ID: ItemID(id), Code: code, Kind: Competence, Label: Text{"fr": label}, Alignments: links}
}

func TestBeside(t *testing.T) {
	a := Address{Base: "https://ici.example"}
	left := Framework{ID: "l", Title: Text{"fr": "Culture D"}, Items: []Item{
		{ID: "f", Kind: Family, Label: Text{"fr": "Famille"}},
		one("1", "D1", "Trouver des données", Alignment{Scheme: "digcomp", Code: "1.1", Match: Close}),
		one("2", "D2", "Nettoyer un tableau", Alignment{Scheme: "x", URI: "https://ici.example/competencies/r/items/b", Match: Exact}),
		one("3", "D3", "Publier des données ouvertes"),
		one("4", "D4", "Lire une carte"),
		{ID: "5", Code: "D5", Kind: Competence, Retired: true, Label: Text{"fr": "Faire une carte"}},
		one("6", "D6", "Protéger les personnes"),
		one("7", "D7", "Publier les données ouvertes"),
	}}
	right := Framework{ID: "r", Title: Text{"fr": "DigComp"}, Items: []Item{
		one("a", "1.1", "Rechercher l’information"),
		one("b", "1.2", "Gérer"),
		one("c", "2.1", "Publication de données ouvertes"),
		one("d", "2.2", "Publier ses données ouvertes"),
		one("e", "3.1", "Protéger", Alignment{Scheme: "culture d", Code: "D6", Match: Broad}),
		one("g", "3.2", "Vendre une carte"),
	}}
	type line struct {
		left, right ItemID
		match       Match
		near        bool
	}
	var got []line
	for _, p := range a.Beside(left, right) {
		got = append(got, line{p.Left.ID, p.Right.ID, p.Link.Match, p.Near > 0})
	}
	want := []line{
		{"1", "a", Close, false},  // by scheme and code
		{"2", "b", Exact, false},  // by address
		{"3", "d", "", true},      // by words: the first of two that are as near
		{"4", "", "", false},      // alone
		{"6", "e", Narrow, false}, // drawn on the right, seen from the left
		{"7", "", "", false},      // its best partner has a partner
		{"", "c", "", false},
		{"", "g", "", false}, // what is retired stands beside nothing
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestBeside_aFrameworkAndItsCopy(t *testing.T) {
	f := Framework{ID: "l", Items: []Item{one("1", "a", "Lire"), one("2", "b", "Lire"), one("3", "c", "")}}
	pairs := Address{}.Beside(f, f)
	both := 0
	for _, p := range pairs {
		if p.Both() {
			both++
		}
	}
	if both == 0 || len(pairs) < len(f.Items) {
		t.Errorf("%d lines, %d with both sides", len(pairs), both)
	}
	seen := map[ItemID]int{}
	for _, p := range pairs {
		seen[p.Left.ID]++
	}
	if seen["1"] != 1 || seen["2"] != 1 || seen["3"] != 1 {
		t.Errorf("each stands once: %v", seen)
	}
}
