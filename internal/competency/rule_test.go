package competency

import (
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/id"
)

func uuidFor(name string) ItemID { return ItemID(id.NamedUUID("rule", name)) }

// small is a framework of one family with competences a, b, c, and d under nothing.
func small() Framework {
	f := Framework{ID: ID(id.NamedUUID("rule", "f")), Languages: []string{"fr"}, Title: Text{"fr": "Essai"}}
	f.Items = append(f.Items, Item{ID: uuidFor("F"), Kind: Family, Code: "F", Label: Text{"fr": "Famille"}})
	for _, name := range []string{"a", "b", "c"} {
		f.Items = append(f.Items, Item{ID: uuidFor(name), Kind: Competence, Code: name, Parent: uuidFor("F"), Label: Text{"fr": "Savoir " + name}})
	}
	f.Items = append(f.Items, Item{ID: uuidFor("d"), Kind: Competence, Code: "d", Label: Text{"fr": "Savoir d"}})
	return f
}

func codes(f Framework) (out []string) {
	for _, it := range f.Items {
		out = append(out, it.Code)
	}
	return out
}

func TestSuccessors_followEveryTurn(t *testing.T) {
	f := small()
	part := func(name string) Item {
		return Item{ID: uuidFor(name), Label: Text{"fr": "Partie " + name}}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(f.Split(uuidFor("a"), []Item{part("a1"), part("a2")}))
	must(f.Replace(uuidFor("a1"), []ItemID{uuidFor("b")})) // merged since
	must(f.Replace(uuidFor("c"), nil))
	for _, tc := range []struct {
		name string
		want []ItemID
	}{
		{"b", []ItemID{uuidFor("b")}},
		{"a", []ItemID{uuidFor("b"), uuidFor("a2")}},
		{"a1", []ItemID{uuidFor("b")}},
		{"c", nil},
		{"unknown", nil},
	} {
		if got := f.Successors(uuidFor(tc.name)); !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
	if got := f.Predecessors(uuidFor("b")); len(got) != 1 || got[0].ID != uuidFor("a1") {
		t.Errorf("predecessors of b: %v", got)
	}
	loop := small() // a loop a file might bring: never followed twice
	loop.Items[1].Retired, loop.Items[1].Successors = true, []ItemID{uuidFor("b")}
	loop.Items[2].Retired, loop.Items[2].Successors = true, []ItemID{uuidFor("a"), uuidFor("c")}
	if got := loop.Successors(uuidFor("a")); !slices.Equal(got, []ItemID{uuidFor("c")}) {
		t.Errorf("a loop: got %v", got)
	}
}

func TestReplace_saysWhyNot(t *testing.T) {
	for _, tc := range []struct {
		name string
		id   string
		into []ItemID
		want string
	}{
		{"a family with competences", "F", nil, "competency.has_children"},
		{"into itself", "a", []ItemID{uuidFor("a")}, "competency.successor_wrong"},
		{"into a family", "a", []ItemID{uuidFor("F")}, "competency.successor_wrong"},
		{"into nothing known", "a", []ItemID{uuidFor("z")}, "competency.successor_wrong"},
		{"something unknown", "z", nil, "competency.item_not_found"},
		{"without successor", "a", nil, ""},
	} {
		f := small()
		err := f.Replace(uuidFor(tc.id), tc.into)
		if tc.want == "" && err != nil || tc.want != "" && !fault.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %q", tc.name, err, tc.want)
		}
		if tc.want == "" && !fault.Is(f.Replace(uuidFor(tc.id), tc.into), "competency.already_retired") {
			t.Errorf("%s: retired twice", tc.name)
		}
	}
	f := small()
	if err := f.Split(uuidFor("a"), []Item{{ID: uuidFor("a1")}}); !fault.Is(err, "competency.split_short") {
		t.Errorf("split in one: got %v", err)
	}
}

func TestMove_keepsEverybodyUnderTheirParent(t *testing.T) {
	f := small()
	for _, tc := range []struct {
		item string
		up   bool
		want []string
	}{
		{"a", false, []string{"F", "b", "a", "c", "d"}},
		{"c", true, []string{"F", "b", "c", "a", "d"}},
		{"b", true, []string{"F", "b", "c", "a", "d"}}, // the first stays
		{"d", true, []string{"d", "F", "b", "c", "a"}},
		{"F", true, []string{"F", "b", "c", "a", "d"}},
	} {
		if err := f.Move(uuidFor(tc.item), tc.up); err != nil {
			t.Fatal(err)
		}
		if got := codes(f); !slices.Equal(got, tc.want) {
			t.Errorf("%s up=%v: got %v, want %v", tc.item, tc.up, got, tc.want)
		}
	}
}

func TestValidateItem(t *testing.T) {
	f := small()
	for _, tc := range []struct {
		name   string
		change func(*Item)
		want   string
	}{
		{"as it is", func(*Item) {}, ""},
		{"without a label", func(it *Item) { it.Label = Text{"en": "only English"} }, ""},
		{"without any label", func(it *Item) { it.Label = nil }, "competency.label_missing"},
		{"a code taken, in capitals", func(it *Item) { it.Code = "B" }, "competency.code_taken"},
		{"a code taken by what is retired", func(it *Item) { it.Code, it.Retired = "b", true }, ""},
		{"under itself", func(it *Item) { it.Parent = it.ID }, "competency.parent_loop"},
		{"under nothing known", func(it *Item) { it.Parent = uuidFor("z") }, "competency.parent_unknown"},
		{"a family under another", func(it *Item) { it.Kind = Family }, "competency.family_on_top"},
		{"a mark too many", func(it *Item) { it.Mark = 10 }, "competency.mark_unknown"},
		{"an alignment with nothing", func(it *Item) { it.Alignments = []Alignment{{Scheme: "pix", Match: Exact}} }, "competency.alignment_empty"},
		{"an alignment twice", func(it *Item) {
			it.Alignments = []Alignment{{Scheme: "pix", Code: "1", Match: Exact}, {Scheme: "pix", Code: "1", Match: Close}}
		}, "competency.alignment_twice"},
		{"an alignment to a script", func(it *Item) { it.Alignments = []Alignment{{Scheme: "pix", URI: "javascript:alert(1)", Match: Exact}} }, "competency.alignment_address"},
		{"an alignment checked on no day", func(it *Item) {
			it.Alignments = []Alignment{{Scheme: "pix", Code: "1", Match: Exact, Checked: "31/02/2026"}}
		}, "competency.alignment_day"},
	} {
		it := f.Items[1]
		tc.change(&it)
		got := f.ValidateItem(it)
		if tc.want == "" && len(got) > 0 || tc.want != "" && (len(got) == 0 || got[0].Key != tc.want) {
			t.Errorf("%s: got %v, want %q", tc.name, got, tc.want)
		}
	}
}

func TestMerge_keepsWhatOnlyOneChanged(t *testing.T) {
	base := Item{ID: uuidFor("a"), Label: Text{"fr": "un", "en": "one"}, Levels: map[string]Text{"N1": {"fr": "voit"}}}
	mine, theirs := base, base
	mine.Label = Text{"fr": "deux", "en": "one"}
	mine.Levels = map[string]Text{"N1": {"fr": "regarde"}, "N2": {"fr": "fait"}}
	theirs.Label = Text{"fr": "un", "en": "uno"}
	theirs.Levels = map[string]Text{"N1": {"fr": "observe"}}
	if _, err := Merge(base, mine, theirs, nil); !fault.Is(err, "competency.choose_text") {
		t.Fatalf("got %v, want a choice", err)
	}
	got, err := Merge(base, mine, theirs, map[string]Side{"levels.N1.fr": Theirs})
	if err != nil {
		t.Fatal(err)
	}
	want := Item{ID: base.ID, Label: Text{"fr": "deux", "en": "uno"}, Levels: map[string]Text{"N1": {"fr": "observe"}, "N2": {"fr": "fait"}}}
	if !got.Same(want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if _, err := Merge(base, mine, theirs, map[string]Side{"levels.N1.fr": "both"}); !fault.Is(err, "competency.choice_invalid") {
		t.Errorf("got %v", err)
	}
}

func TestSearch(t *testing.T) {
	f := shippedFramework(t)
	for _, tc := range []struct {
		text  string
		first string // code of the best hit
		near  bool
	}{
		{"datavisualisation", "D8.1", false},
		{"métadonnées", "D3.1", false},
		{"metadonnee", "D1.1", false},    // accents; the singular it is written in
		{"formulaires", "D2.1", false},   // a plural
		{"anonymi", "D5.3", false},       // still typing
		{"licance", "D5.4", true},        // a slip
		{"D6.4", "D6.4", false},          // its code
		{"personal data", "D5.2", false}, // English
		{"SCDL moissonnable", "", false},
		{"xyzzy", "", false},
		{"", "", false},
		{"k et inférence", "D5.3", false}, // a level's description
	} {
		hits, near := f.Search(tc.text)
		got := ""
		if len(hits) > 0 {
			got = hits[0].Item.Code
		}
		if got != tc.first || near != tc.near {
			t.Errorf("%q: got %q near %v, want %q near %v", tc.text, got, near, tc.first, tc.near)
		}
	}
	if hits, _ := f.Search("inférence"); len(hits) == 0 || hits[0].Level != "N3" {
		t.Errorf("the level that has the word is not named: %+v", hits)
	}
}

func TestMarkOf(t *testing.T) {
	f := small()
	if got := f.MarkOf(uuidFor("b")); got != 1 {
		t.Errorf("while no family has a mark: got %d, want its place", got)
	}
	f.Items[0].Mark = 7
	if got := f.MarkOf(uuidFor("b")); got != 7 {
		t.Errorf("got %d, want the family’s", got)
	}
	if got := f.MarkOf(uuidFor("d")); got != 0 {
		t.Errorf("without family: got %d", got)
	}
}

// Whoever types a code, in whatever case, gets that competence first.
func TestSearch_everyCodeFindsItsCompetence(t *testing.T) {
	f := shippedFramework(t)
	for _, it := range f.Items {
		if it.Kind != Competence {
			continue
		}
		for _, asked := range []string{it.Code, strings.ToLower(it.Code), " " + it.Code + " "} {
			hits, near := f.Search(asked)
			if len(hits) == 0 || hits[0].Item.ID != it.ID || near {
				t.Errorf("%q: got %d hits, near %v; want %s first", asked, len(hits), near, it.Code)
			}
		}
	}
}
