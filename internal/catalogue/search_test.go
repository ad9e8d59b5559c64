package catalogue

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
)

var today = time.Date(2026, 5, 20, 10, 0, 0, 0, time.UTC)

// published makes a published record of organisation "org".
func published(id, title string, change func(*Record)) Record {
	r := Record{ID: ID(id), Organisation: "org", Slug: id, Title: title, State: StatePublished, Created: today.AddDate(0, 0, -30)}
	if change != nil {
		change(&r)
	}
	snapshot := r.Clone()
	r.Published = &Snapshot{Record: snapshot, First: today, At: today, Number: 1}
	return r
}

func ids(r Result) string {
	var out []string
	for _, h := range r.Hits {
		out = append(out, string(h.Record.ID))
	}
	return strings.Join(out, " ")
}

func TestSearch_findsWhatPeopleMean(t *testing.T) {
	x := NewIndex([]Record{
		published("trees", "Arbres remarquables de Villeneuve", func(r *Record) { r.Keywords = []string{"espaces verts"} }),
		published("schools", "Écoles publiques", func(r *Record) { r.Description = "Liste des écoles et des bibliothèques scolaires." }),
		published("libraries", "Bibliothèques municipales", nil),
		published("budget", "Budget primitif 2024", func(r *Record) { r.Columns = []Column{{Name: "montant_voté"}} }),
		published("water", "Qualité de l’eau potable", nil),
	}, today)
	for _, c := range []struct{ name, text, want string }{
		{"a word without its accent", "ecoles", "schools"},
		{"a singular finds the plural", "école", "schools"},
		{"an elision with a straight apostrophe", "qualité de l'eau", "water"},
		{"an elision with a curly one", "l’arbre", "trees"},
		{"one typo: a letter missing", "bibliotheqes ", "libraries schools"},
		{"one typo: two letters swapped", "bibliohtèques ", "libraries schools"},
		{"the title before the description", "bibliothèques", "libraries schools"},
		{"the beginning of the last word", "biblio", "libraries schools"},
		{"the beginning is for the last word only", "biblio municipales", "libraries"},
		{"a keyword", "espaces verts", "trees"},
		{"a column name", "montant vote", "budget"},
		{"a year", "budget 2024", "budget"},
		{"a year has no typo", "2025 ", ""},
		{"two typos are too many", "bibbliotheqes ", ""},
		{"some of the words when none has all", "écoles municipales xyzzy", "schools libraries"},
		{"nothing but small words asks for everything", "de la", "budget libraries schools trees water"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := x.Search(Query{Text: c.text}, actor.Actor{})
			if got := ids(r); got != c.want {
				t.Errorf("Search(%q) = %q, want %q", c.text, got, c.want)
			}
		})
	}
	r := x.Search(Query{Text: "bibliotheqes "}, actor.Actor{})
	if want := []Correction{{"bibliotheqes", "bibliotheques"}}; !reflect.DeepEqual(r.Corrected, want) {
		t.Errorf("Corrected = %v, want %v", r.Corrected, want)
	}
	if r := x.Search(Query{Text: "écoles municipales xyzzy"}, actor.Actor{}); !r.Relaxed {
		t.Error("Relaxed = false, want true: no record has all the words")
	}
}

// eyes are viewers, by name.
var eyes = map[string]actor.Actor{
	"public":    {},
	"colleague": {ID: "bob", Organisation: "org", Service: "culture"},
	"author":    {ID: "ada", Organisation: "org", Service: "parks"},
	"same room": {ID: "eve", Organisation: "org", Service: "parks"},
	"steward":   {ID: "sam", Organisation: "org", Service: "dsi", Roles: []actor.Role{actor.Steward}},
	"stranger":  {ID: "zoe", Organisation: "elsewhere", Roles: []actor.Role{actor.Steward, actor.Admin}},
}

// secrets are one record in each state, all by ada of the parks.
func secrets() []Record {
	mine := func(r *Record) { r.Author, r.Service, r.Owner = "ada", "parks", "Ada Personne" }
	draft := Record{ID: "draft", Organisation: "org", Title: "Brouillon secret", State: StateDraft}
	review := Record{ID: "review", Organisation: "org", Title: "Relecture secrète", State: StateInReview}
	internal := Record{ID: "internal", Organisation: "org", Title: "Interne", State: StateInternal, Shared: true}
	for _, r := range []*Record{&draft, &review, &internal} {
		mine(r)
	}
	edited := published("edited", "Titre public", mine)
	edited.Title, edited.State = "Titre retravaillé", StateDraft
	return []Record{draft, review, internal, published("open", "Ouvert", mine), edited}
}

func TestSearch_showsOnlyWhatTheViewerMaySee(t *testing.T) {
	x := NewIndex(secrets(), today)
	for _, c := range []struct{ who, want string }{
		{"public", "edited open"},
		{"stranger", "edited open"},
		{"colleague", "edited internal open"},
		{"author", "draft edited internal open review"},
		{"same room", "draft edited internal open review"},
		{"steward", "draft edited internal open review"},
	} {
		t.Run(c.who, func(t *testing.T) {
			r := x.Search(Query{}, eyes[c.who])
			var got []string
			for _, h := range r.Hits {
				got = append(got, string(h.Record.ID))
				if c.who == "public" && (h.Record.Owner != "" || h.Record.Author != "") {
					t.Errorf("the public sees a person's name in %s", h.Record.ID)
				}
			}
			slices.Sort(got)
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	for who, title := range map[string]string{"public": "Titre public", "colleague": "Titre public", "author": "Titre retravaillé"} {
		for _, h := range x.Search(Query{}, eyes[who]).Hits {
			if h.Record.ID == "edited" && h.Record.Title != title {
				t.Errorf("%s sees %q, want %q", who, h.Record.Title, title)
			}
		}
	}
}

func TestSearch_neitherWordsNorFacetsNorCorrectionsLeak(t *testing.T) {
	x := NewIndex(secrets(), today)
	for _, text := range []string{"brouillon", "brouilon ", "brouil", "retravaillé", "relecture", "Personne"} {
		r := x.Search(Query{Text: text}, actor.Actor{})
		if r.Total != 0 || len(r.Corrected) != 0 || r.Relaxed {
			t.Errorf("Search(%q) by the public = %d hits, corrected %v, relaxed %v; want nothing", text, r.Total, r.Corrected, r.Relaxed)
		}
		for _, f := range r.Facets {
			if len(f.Values) != 0 {
				t.Errorf("Search(%q): facet %s = %v, want none", text, f.Name, f.Values)
			}
		}
	}
	for _, f := range x.Search(Query{}, actor.Actor{}).Facets {
		if f.Name == FacetState && (len(f.Values) != 1 || f.Values[0].Value != "published") {
			t.Errorf("the public counts states %v, want published only", f.Values)
		}
	}
}

func TestSearch_seenByIsMaySee(t *testing.T) {
	for _, r := range secrets() {
		for who, by := range eyes {
			for _, d := range documents(r, today) {
				want := d.public || r.MaySee(by)
				if got := d.seenBy(by, by.Is(actor.Steward)); d.working && got != want {
					t.Errorf("%s on %s: %v, want %v", who, r.ID, got, want)
				}
			}
		}
	}
}

func TestSearch_facetsCountTheOthersChoices(t *testing.T) {
	var records []Record
	for i := range 6 {
		records = append(records, published(fmt.Sprintf("r%d", i), "Fiche", func(r *Record) {
			r.Themes = []Theme{[]Theme{"ENVI", "TRAN"}[i%2]}
			r.Licence = []string{"etalab-2.0", "odbl-1.0", "cc0-1.0"}[i%3]
		}))
	}
	r := NewIndex(records, today).Search(Query{Facets: map[string][]string{"theme": {"ENVI"}}}, actor.Actor{})
	if r.Total != 3 {
		t.Fatalf("Total = %d, want 3", r.Total)
	}
	got := map[string]int{}
	for _, f := range r.Facets {
		for _, v := range f.Values {
			got[f.Name+"="+v.Value] = v.Count
		}
	}
	for value, want := range map[string]int{"theme=ENVI": 3, "theme=TRAN": 3, "licence=etalab-2.0": 1, "licence=odbl-1.0": 1} {
		if got[value] != want {
			t.Errorf("%s: %d, want %d", value, got[value], want)
		}
	}
}

func TestIndex_withIsTheSameAsNew(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	records := corpus(600)
	x := NewIndex(records, today)
	live := map[ID]Record{}
	for _, rec := range records {
		live[rec.ID] = rec
	}
	for round := range 60 {
		var changed []Record
		for range 1 + r.IntN(12) {
			rec := records[r.IntN(len(records))]
			rec.Title = fmt.Sprintf("%s %s", rec.Title, lexiconWords[r.IntN(len(lexiconWords))])
			rec.Published = nil
			if r.IntN(3) > 0 {
				rec = published(string(rec.ID), rec.Title, func(p *Record) { p.Themes, p.Licence = rec.Themes, rec.Licence })
			}
			changed = append(changed, rec)
			changed = slices.CompactFunc(changed, func(a, b Record) bool { return a.ID == b.ID })
		}
		seen := map[ID]bool{}
		changed = slices.DeleteFunc(changed, func(c Record) bool { dup := seen[c.ID]; seen[c.ID] = true; return dup })
		removed := []ID{records[r.IntN(len(records))].ID}
		before := x.Search(Query{Text: "écoles"}, actor.Actor{}).Total
		next := x.With(changed, removed)
		if after := x.Search(Query{Text: "écoles"}, actor.Actor{}).Total; after != before {
			t.Fatalf("round %d: the old index changed: %d, want %d", round, after, before)
		}
		for _, c := range changed {
			live[c.ID] = c
		}
		delete(live, removed[0])
		x = next
	}
	var all []Record
	for _, rec := range records {
		if l, ok := live[rec.ID]; ok {
			all = append(all, l)
		}
	}
	fresh := NewIndex(all, today)
	for _, text := range []string{"", "écoles", "arb", "bugdet", "budget communes", "eau 2023"} {
		for who, by := range eyes {
			got, want := x.Search(Query{Text: text, PerPage: 50}, by), fresh.Search(Query{Text: text, PerPage: 50}, by)
			if got.Total != want.Total || ids(got) != ids(want) || !reflect.DeepEqual(got.Facets, want.Facets) {
				t.Errorf("%q by %s: With says %d hits %.80q, NewIndex %d hits %.80q", text, who, got.Total, ids(got), want.Total, ids(want))
			}
		}
	}
}

// What is made of a hit is kept by its mark, so no two different hits may ever share one: not for two viewers, not after a change.
func TestSearch_aMarkIsOneHit(t *testing.T) {
	records := secrets()
	x := NewIndex(records, today)
	renamed := published("open", "Ouvert, puis renommé", nil)
	seen := map[uint64]Hit{}
	for _, index := range []*Index{x, x.With([]Record{renamed}, nil), NewIndex(records, today.AddDate(0, 0, 1))} {
		for range 2 {
			for who, by := range eyes {
				for _, h := range index.Search(Query{}, by).Hits {
					if before, known := seen[h.Mark]; known && !reflect.DeepEqual(before, h) {
						t.Errorf("%s sees %q, and mark %d was %q before", who, h.Record.Title, h.Mark, before.Record.Title)
					}
					seen[h.Mark] = h
				}
			}
		}
	}
	hits := x.Search(Query{}, eyes["author"]).Hits
	for _, again := range x.Search(Query{}, eyes["author"]).Hits {
		if !slices.ContainsFunc(hits, func(h Hit) bool { return h.Mark == again.Mark }) {
			t.Errorf("%q has another mark though nothing changed", again.Record.Title)
		}
	}
}

func TestSearch_pagesCoverEverythingOnce(t *testing.T) {
	x := NewIndex(corpus(333), today)
	for _, sort := range Sorts() {
		seen := map[ID]int{}
		q := Query{Sort: sort, PerPage: 10}
		for n := 1; ; n++ {
			r := x.Search(q.OnPage(n), actor.Actor{})
			for _, h := range r.Hits {
				seen[h.Record.ID]++
			}
			if n >= r.Pages {
				break
			}
		}
		if len(seen) != 333 {
			t.Errorf("%s: %d records over all pages, want 333", sort, len(seen))
		}
	}
	if r := x.Search(Query{Page: 9999}, actor.Actor{}); r.Page != r.Pages || len(r.Hits) == 0 {
		t.Errorf("a page beyond the last is page %d with %d hits, want the last page", r.Page, len(r.Hits))
	}
}

func TestQuery_goesThroughTheAddressBar(t *testing.T) {
	q := Query{Text: "l’eau & le « reste »", Facets: map[string][]string{"theme": {"ENVI", "TRAN"}, "territory": {"2A004"}},
		Sort: SortTitle, Page: 3, PerPage: 50, Organisation: "org"}
	back, err := url.ParseQuery(q.Values().Encode())
	if err != nil {
		t.Fatal(err)
	}
	if got := ParseQuery(back); !reflect.DeepEqual(got, q) {
		t.Errorf("got %+v, want %+v", got, q)
	}
	odd := ParseQuery(url.Values{"page": {"-3"}, "per_page": {"1000000"}, "sort": {"; DROP"}, "theme": {"", "A", "A"}, "q": {"\xff"}})
	if odd.Page != 1 || odd.PerPage != PerPageMost || odd.Sort != SortRelevance || len(odd.Facets["theme"]) != 1 || odd.Text != "" {
		t.Errorf("a wild address gives %+v", odd)
	}
	if on := q.Toggle("theme", "HEAL"); len(on.Facets["theme"]) != 3 || on.Page != 1 || len(q.Facets["theme"]) != 2 {
		t.Errorf("Toggle gives %+v and leaves %+v", on, q)
	}
}

var lexiconWords = strings.Fields(`arbres écoles budget voirie eau déchets collecte associations subventions marchés
délibérations équipements sportifs bibliothèques cantines menus prénoms naissances stationnement vélos aménagements
cyclables transports lignes arrêts qualité air logement permis construire urbanisme patrimoine monuments festivals
culture tourisme hébergements santé défibrillateurs pharmacies énergie consommation bâtiments éclairage public élections
bureaux vote résultats population communes quartiers accidents circulation chantiers espaces verts parcs jeux fontaines`)

// corpus makes n varied published records, always the same.
func corpus(n int) []Record {
	r := rand.New(rand.NewPCG(7, 11))
	pick := func(k int) []string {
		var out []string
		for range k {
			out = append(out, lexiconWords[r.IntN(len(lexiconWords))])
		}
		return out
	}
	records := make([]Record, n)
	for i := range records {
		records[i] = published(fmt.Sprintf("id%06d", i), strings.Join(pick(4), " ")+fmt.Sprintf(" %d", 2010+i%15), func(rec *Record) {
			rec.Description = strings.Join(pick(40), " ") + fmt.Sprintf(" ref%d", i)
			rec.Keywords = pick(5)
			for _, c := range pick(10) {
				rec.Columns = append(rec.Columns, Column{Name: c + "_id", Title: c})
			}
			rec.Themes = []Theme{Themes()[i%13]}
			rec.Licence = Licences()[i%5].ID
			rec.Frequency = frequencies[i%len(frequencies)].Code
			rec.Service, rec.ServiceName = fmt.Sprintf("s%d", i%25), fmt.Sprintf("Service %d", i%25)
			rec.Spatial = Spatial{Name: fmt.Sprintf("Commune %d", i%400), Code: fmt.Sprintf("%05d", i%400), Kind: "commune"}
			rec.Resources = []Resource{{ID: "1", Format: []string{"csv", "xlsx", "json"}[i%3], URL: "/d", Available: true}}
			rec.LastUpdate = today.AddDate(0, 0, -i%700)
		})
	}
	return records
}

func BenchmarkSearch(b *testing.B) {
	x := NewIndex(corpus(10_000), today)
	for _, c := range []struct {
		name string
		q    Query
		by   actor.Actor
	}{
		{"everything", Query{}, actor.Actor{}},
		{"one word", Query{Text: "écoles "}, actor.Actor{}},
		{"three words and a prefix", Query{Text: "écoles bibliothèques comm"}, actor.Actor{}},
		{"two-letter prefix", Query{Text: "co"}, actor.Actor{}},
		{"typo", Query{Text: "bibliotheqes "}, actor.Actor{}},
		{"facets chosen", Query{Text: "budget", Facets: map[string][]string{"theme": {"ENVI"}, "format": {"csv", "json"}}}, actor.Actor{}},
		{"by title", Query{Sort: SortTitle}, actor.Actor{}},
		{"signed in", Query{Text: "eau"}, actor.Actor{ID: "bob", Organisation: "org"}},
		{"last page", Query{Page: 500}, actor.Actor{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.Search(c.q, c.by)
			}
		})
	}
}

func BenchmarkIndex(b *testing.B) {
	records := corpus(10_000)
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			NewIndex(records, today)
		}
	})
	x := NewIndex(records, today)
	b.Run("with one", func(b *testing.B) {
		for b.Loop() {
			x.With(records[:1], nil)
		}
	})
}
