package training_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"cultured/internal/training"
)

func good() training.Resource {
	return training.Resource{ID: "x", Title: training.Words{FR: "Guide"}, Summary: training.Words{FR: "On y apprend."}, Address: "https://guide.example/", Kind: "guide", Format: "page",
		Level: 1, Audience: "everyone", Languages: []string{"fr"}, Competences: []string{"D4.1"}, State: training.Accepted}
}

func TestValidate_saysWhatIsWrongAndWhere(t *testing.T) {
	if err := good().Validate().Err(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, field, key string
		spoil            func(*training.Resource)
	}{
		{"no title in either language", "title", "training.title_missing", func(r *training.Resource) { r.Title = training.Words{} }},
		{"nothing said of it", "summary", "training.summary_missing", func(r *training.Resource) { r.Summary = training.Words{} }},
		{"a script for an address", "address", "training.bad_address", func(r *training.Resource) { r.Address = "javascript:alert(1)" }},
		{"an address with a password", "address", "training.bad_address", func(r *training.Resource) { r.Address = "https://me:secret@guide.example/" }},
		{"a path for an address", "address", "training.bad_address", func(r *training.Resource) { r.Address = "/missions" }},
		{"a kind of nowhere", "kind", "training.choose_one", func(r *training.Resource) { r.Kind = "podcast" }},
		{"a level too high", "level", "training.choose_one", func(r *training.Resource) { r.Level = 5 }},
		{"minutes that are none", "minutes", "training.bad_minutes", func(r *training.Resource) { r.Minutes = -1 }},
		{"no language", "language", "training.language_missing", func(r *training.Resource) { r.Languages = nil }},
		{"no competence", "competence-1", "training.competence_missing", func(r *training.Resource) { r.Competences = nil }},
		{"a competence of nowhere", "competence-1", "training.bad_competence", func(r *training.Resource) { r.Competences = []string{"x'"} }},
		{"a novel for a summary", "summary", "training.too_long", func(r *training.Resource) { r.Summary.FR = strings.Repeat("é", training.SummaryMost+1) }},
	} {
		r := good()
		c.spoil(&r)
		faults := r.Validate()
		if len(faults) != 1 || faults[0].Field != c.field || faults[0].Key != c.key {
			t.Errorf("%s: got %v", c.name, faults)
		}
	}
}

func TestLoadResources_shipsAnInventoryAboutEveryFamily(t *testing.T) {
	raw, err := os.ReadFile("../../content/resources/resources.json")
	if err != nil {
		t.Fatal(err)
	}
	list, err := training.LoadResources(raw)
	if err != nil {
		t.Fatal(err)
	}
	families, ids, addresses := map[string]int{}, map[training.ResourceID]bool{}, map[string]bool{}
	for _, r := range list {
		for _, f := range (training.Entry{Resource: r}).Values("family") {
			families[f]++
		}
		if ids[r.ID] || addresses[r.Address] {
			t.Errorf("%s is there twice", r.ID)
		}
		ids[r.ID], addresses[r.Address] = true, true
		if r.Title.FR == "" || r.Title.EN == "" || r.Summary.FR == "" || r.Summary.EN == "" || r.Publisher == "" {
			t.Errorf("%s is not said in both languages, or nobody's", r.ID)
		}
	}
	for _, f := range []string{"D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9"} {
		if families[f] < 3 {
			t.Errorf("%d resources about %s", families[f], f)
		}
	}
	if _, err := training.LoadResources([]byte(`[{"id":"x"}]`)); err == nil {
		t.Error("a resource of nothing is loaded")
	}
}

func TestFilter_anEntryHasOneOfTheValuesOfEachFacet(t *testing.T) {
	game, course, waits := good(), good(), good()
	game.ID, game.Kind, game.Minutes, game.Competences = "game", "game", 15, []string{"D6.3", "D4.1"}
	course.ID, course.Kind, course.Title.FR, course.Languages = "course", "course", "Données propres", []string{"en", "fr"}
	waits.ID, waits.State = "waits", training.Proposed
	all := []training.Entry{{Resource: game}, {Resource: course, Link: training.Link{Address: "https://old.example", Outcome: training.Dead}}, {Resource: waits}}
	fold := strings.ToLower
	for _, c := range []struct {
		name string
		f    training.Filter
		want string
	}{
		{"all of the inventory", training.Filter{}, "game course"},
		{"one of two kinds", training.Filter{Chosen: map[string][]string{"kind": {"game", "video"}}}, "game"},
		{"two facets", training.Filter{Chosen: map[string][]string{"family": {"D4"}, "language": {"en"}}}, "course"},
		{"by time", training.Filter{Chosen: map[string][]string{"time": {"any"}}}, "course"},
		{"what an old address gave says nothing of the new", training.Filter{Chosen: map[string][]string{"link": {"dead"}}}, ""},
		{"by words", training.Filter{Words: "PROPRES données"}, "course"},
		{"what waits", training.Filter{State: training.Proposed}, "waits"},
		{"a value of nowhere", training.Filter{Chosen: map[string][]string{"licence": {"x"}}}, ""},
	} {
		var got []string
		for _, e := range c.f.Keep(all, fold) {
			got = append(got, string(e.ID))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, want %s", c.name, got, c.want)
		}
	}
	count := training.Filter{Chosen: map[string][]string{"kind": {"game"}}}.Count(all, fold, "kind")
	if count["game"] != 1 || count["course"] != 1 {
		t.Errorf("a facet counts what its other values would give: got %v", count)
	}
}

func TestCrowd_isOfFiveOrMoreInFives(t *testing.T) {
	for n := range 30 {
		c := training.Crowd(n)
		if c > n || n-c >= training.CrowdLeast || c != 0 && c < training.CrowdLeast || c%training.CrowdLeast != 0 {
			t.Errorf("%d people are told of as %d", n, c)
		}
	}
}

func TestLink_isDueWhenItsAddressChangedOrTimeHasPassed(t *testing.T) {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	l := training.Link{Address: "a", At: now.Add(-48 * time.Hour), Outcome: training.Reached}
	if l.Due("a", now) || !l.Due("b", now) || !l.Due("a", now.Add(training.LinkFresh)) {
		t.Error("one that answered")
	}
	l.Outcome = training.Unsure
	if !l.Due("a", now) || (training.Link{Address: "a", At: now, Outcome: training.Dead}).Due("a", now) {
		t.Error("one that did not")
	}
}
