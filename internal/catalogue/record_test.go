package catalogue

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// complete is a record that may be published and has all nine points on today.
func complete() Record {
	return Record{ID: "complete", Organisation: "org", Service: "parks", Author: "ada", Title: "Arbres 2024", Slug: "arbres",
		Description: strings.Repeat("é", 101), Purpose: "Suivre", Limits: "Aucune", Origin: "Relevé", Owner: "Ada Personne",
		Contact: "parcs@exemple.fr", Licence: "etalab-2.0", Confidentiality: Open, Frequency: "ANNUAL", Temporal: Temporal{Start: "2024"},
		Spatial: Spatial{Name: "Villeneuve"}, LastUpdate: today.AddDate(0, -1, 0), State: StateInternal, Shared: true,
		Resources: []Resource{{ID: "1", Type: Main, Format: "csv", Description: "Le fichier", URL: "/f.csv", Available: true}}}
}

func TestScore_isThatOfDataGouv(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Record)
		lost   []CriterionKey
	}{
		{"a complete record has nine points", func(*Record) {}, nil},
		{"no licence", func(r *Record) { r.Licence = "" }, []CriterionKey{HasLicence}},
		{"no period", func(r *Record) { r.Temporal = Temporal{} }, []CriterionKey{HasTemporal}},
		{"no territory", func(r *Record) { r.Spatial = Spatial{} }, []CriterionKey{HasSpatial}},
		{"a rectangle is a territory", func(r *Record) { r.Spatial = Spatial{BBox: &BBox{}} }, nil},
		{"no frequency costs two points", func(r *Record) { r.Frequency = "" }, []CriterionKey{HasFrequency, UpdatedInTime}},
		{"an unknown frequency is no frequency", func(r *Record) { r.Frequency = "UNKNOWN" }, []CriterionKey{HasFrequency, UpdatedInTime}},
		{"never has no period: always in time", func(r *Record) { r.Frequency, r.LastUpdate = "NEVER", time.Time{} }, nil},
		{"continuous has no period", func(r *Record) { r.Frequency = "UPDATE_CONT" }, nil},
		{"daily, one day late is forgiven", func(r *Record) { r.Frequency, r.LastUpdate = "DAILY", today.Add(-48*time.Hour) }, nil},
		{"daily, a second more is late", func(r *Record) { r.Frequency, r.LastUpdate = "DAILY", today.Add(-48*time.Hour-time.Second) }, []CriterionKey{UpdatedInTime}},
		{"annual, 366 days ago is forgiven", func(r *Record) { r.LastUpdate = today.AddDate(0, 0, -366) }, nil},
		{"annual, 367 days ago is late", func(r *Record) { r.LastUpdate = today.AddDate(0, 0, -367) }, []CriterionKey{UpdatedInTime}},
		{"three times a week is due after a week", func(r *Record) { r.Frequency, r.LastUpdate = "WEEKLY_3", today.AddDate(0, 0, -8) }, nil},
		{"without a date of update, the resource's counts", func(r *Record) { r.LastUpdate, r.Resources[0].Modified = time.Time{}, today.AddDate(-2, 0, 0) }, []CriterionKey{UpdatedInTime}},
		{"100 characters are too few", func(r *Record) { r.Description = strings.Repeat("é", 100) }, []CriterionKey{IsDescribed}},
		{"only a PDF", func(r *Record) { r.Resources[0].Format = "PDF" }, []CriterionKey{HasOpenFormat}},
		{"only an Excel workbook", func(r *Record) { r.Resources[0].Format = "xlsx" }, []CriterionKey{HasOpenFormat}},
		{"a resource without a format", func(r *Record) { r.Resources[0].Format = " " }, []CriterionKey{HasOpenFormat}},
		{"one resource of two out of reach", func(r *Record) { r.Resources = append(r.Resources, Resource{Format: "json"}) }, []CriterionKey{AllReachable}},
		{"nothing described", func(r *Record) { r.Resources[0].Description = "" }, []CriterionKey{HasExplanation}},
		{"a documentation explains", func(r *Record) {
			r.Resources[0].Description = ""
			r.Resources = append(r.Resources, Resource{Type: Documentation, Format: "pdf", Available: true})
		}, nil},
		{"no resource costs three points", func(r *Record) { r.Resources = nil }, []CriterionKey{HasOpenFormat, AllReachable, HasExplanation}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := complete()
			c.change(&r)
			s := ScoreOf(r, today)
			var lost []CriterionKey
			for _, x := range s.Criteria {
				if !x.Met {
					lost = append(lost, x.Key)
				}
			}
			if !slices.Equal(lost, c.lost) || s.Met != 9-len(c.lost) || s.Value != float64(s.Met)/9 || len(s.Missing()) != len(lost) {
				t.Errorf("lost %v (%d points), want %v", lost, s.Met, c.lost)
			}
		})
	}
	if b := ScoreOf(complete(), today).Band(); b != BandFull {
		t.Errorf("nine points: got %q, want %q", b, BandFull)
	}
	if s := ScoreOf(Record{}, today); s.Met != 0 || s.Band() != BandLow || !s.Missing()[0].Counts || s.Missing()[8].Counts {
		t.Errorf("an empty record has %d points, advice %v", s.Met, s.Missing())
	}
}

func TestPublish_needsEverythingAndKeepsTheSnapshotOtherwise(t *testing.T) {
	for _, c := range []struct {
		name   string
		who    string
		change func(*Record)
		review Review
		want   string
	}{
		{"a steward publishes a complete record", "steward", func(*Record) {}, Review{}, ""},
		{"an author does not", "author", func(*Record) {}, Review{}, "catalogue.steward_only"},
		{"a steward of elsewhere sees nothing", "stranger", func(*Record) {}, Review{}, "catalogue.not_found"},
		{"nobody sees nothing", "public", func(*Record) {}, Review{}, "catalogue.not_found"},
		{"no licence", "steward", func(r *Record) { r.Licence = "" }, Review{}, "catalogue.publish_licence_missing"},
		{"not open", "steward", func(r *Record) { r.Confidentiality = Internal }, Review{}, "catalogue.publish_not_open"},
		{"confidentiality not said", "steward", func(r *Record) { r.Confidentiality = "" }, Review{}, "catalogue.publish_confidentiality_missing"},
		{"only a documentation", "steward", func(r *Record) { r.Resources[0].Type = Documentation }, Review{}, "catalogue.publish_no_resource"},
		{"a malformed contact", "steward", func(r *Record) { r.Contact = "Parcs <a@b.fr>" }, Review{}, "catalogue.contact_invalid"},
		{"personal data suspected", "steward", func(*Record) {}, Review{PersonalData: []string{"nom"}}, "catalogue.publish_personal_data"},
		{"with too short a reason", "steward", func(*Record) {}, Review{[]string{"nom"}, "ok"}, "catalogue.publish_override_short"},
		{"with a reason", "steward", func(*Record) {}, Review{[]string{"nom"}, "Élus : L2121-1 du CGCT, noms publics"}, ""},
		{"a low score is no blocker", "steward", func(r *Record) { r.Temporal, r.Spatial, r.Description = Temporal{}, Spatial{}, "Court." }, Review{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := complete()
			c.change(&r)
			before := fmt.Sprintf("%+v", r)
			err := r.Publish(eyes[c.who], c.review, today)
			if c.want == "" {
				if err != nil || r.State != StatePublished || r.Published.Number != 1 || r.Published.Override != c.review.Override {
					t.Fatalf("Publish = %v, state %s", err, r.State)
				}
				return
			}
			if !has(err, c.want) {
				t.Errorf("Publish = %v, want %s", err, c.want)
			}
			if after := fmt.Sprintf("%+v", r); after != before {
				t.Errorf("a failed publication changed the record:\n%s\n%s", before, after)
			}
		})
	}
}

func has(err error, key string) bool {
	if l, ok := err.(fault.List); ok {
		return slices.ContainsFunc(l, func(f *fault.Error) bool { return f.Key == key })
	}
	return fault.Is(err, key)
}

func TestRecord_lifeOfAPublication(t *testing.T) {
	r, steward, ada := complete(), eyes["steward"], eyes["author"]
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(r.Apply(Submit, ada, today))
	must(r.Apply(SendBack, steward, today))
	if r.State != StateInternal {
		t.Errorf("sent back: %s, want internal, as it is shared", r.State)
	}
	must(r.Apply(Submit, ada, today))
	must(r.Publish(steward, Review{}, today))
	must(r.Apply(Edit, ada, today))
	r.Title, r.Licence = "Titre nouveau", ""
	if p, ok := r.Public(); !ok || p.Title != "Arbres 2024" || p.Owner != "" || r.State != StateInternal {
		t.Errorf("while edited, the public sees %q by %q, state %s", p.Title, p.Owner, r.State)
	}
	if err := r.Publish(steward, Review{}, today); !has(err, "catalogue.publish_licence_missing") {
		t.Errorf("Publish = %v", err)
	}
	if p, _ := r.Public(); p.Title != "Arbres 2024" {
		t.Errorf("after a failed publication the public sees %q", p.Title)
	}
	r.Licence = "odbl-1.0"
	must(r.Publish(steward, Review{}, today.AddDate(0, 1, 0)))
	if r.Published.Number != 2 || !r.Published.First.Equal(today) {
		t.Errorf("second publication: number %d, first %s", r.Published.Number, r.Published.First)
	}
	r.Reach("1", false)
	if p, _ := r.Public(); p.Resources[0].Available || r.Resources[0].Available || r.State != StatePublished {
		t.Error("a resource out of reach is not noted everywhere")
	}
	if err := r.Apply(Withdraw, ada, today); !has(err, "catalogue.steward_only") {
		t.Errorf("Withdraw by the author = %v", err)
	}
	must(r.Apply(Withdraw, steward, today))
	if _, ok := r.Public(); ok || r.State != StateWithdrawn {
		t.Error("withdrawn, yet public")
	}
	if got := r.May(eyes["colleague"]); len(got) != 0 {
		t.Errorf("a colleague of another service may %v", got)
	}
	if again, ok := published("x", "X", nil).Public(); !ok || func() bool { twice, ok := again.Public(); return !ok || twice.Title != "X" }() {
		t.Error("the public view of a public view is empty")
	}
}

// Data spoilt on purpose is neither shared nor published, whoever asks.
func TestRecord_ofAnExerciseStaysWithItsOwner(t *testing.T) {
	r, steward, ada := complete(), eyes["steward"], eyes["author"]
	r.Exercise, r.Shared = true, false
	for _, a := range []Action{Share, Submit} {
		if err := r.Apply(a, ada, today); !has(err, "catalogue.is_exercise") {
			t.Errorf("%s = %v", a, err)
		}
	}
	if err := r.Publish(steward, Review{}, today); !has(err, "catalogue.is_exercise") || r.Published != nil {
		t.Errorf("Publish = %v", err)
	}
	if err := r.Apply(Edit, ada, today); err != nil {
		t.Errorf("it cannot be described: %v", err)
	}
	if may := r.May(steward); len(may) != 1 || may[0] != Edit || r.Warnings()[0] != "catalogue.is_exercise" {
		t.Errorf("a steward may %v, and is told %v", may, r.Warnings())
	}
}

func TestValidate_namesTheField(t *testing.T) {
	for _, c := range []struct {
		change func(*Record)
		field  string
		key    string
	}{
		{func(r *Record) { r.Title = " " }, "title", "catalogue.title_missing"},
		{func(r *Record) { r.Title = strings.Repeat("a", 351) }, "title", "catalogue.text_too_long"},
		{func(r *Record) { r.Temporal = Temporal{"2024-13", ""} }, "temporal_start", "catalogue.date_invalid"},
		{func(r *Record) { r.Temporal = Temporal{"2024", "2023"} }, "temporal_end", "catalogue.dates_reversed"},
		{func(r *Record) { r.Temporal = Temporal{"2024-03", "2024"} }, "", ""},
		{func(r *Record) { r.Spatial.BBox = &BBox{West: 181} }, "spatial_bbox", "catalogue.bbox_invalid"},
		{func(r *Record) { r.Spatial.Code = "2A004" }, "", ""},
		{func(r *Record) { r.Spatial.Code = "5900" }, "spatial_code", "catalogue.territory_invalid"},
		{func(r *Record) { r.Frequency = "annual" }, "frequency", "catalogue.frequency_invalid"},
		{func(r *Record) { r.Licence = "mit" }, "licence", "catalogue.licence_invalid"},
		{func(r *Record) { r.Themes = []Theme{"XXXX"} }, "themes", "catalogue.theme_unknown"},
		{func(r *Record) { r.HVD = "c_0" }, "hvd", "catalogue.hvd_invalid"},
		{func(r *Record) { r.Resources[0].URL = "javascript:alert(1)" }, "resources", "catalogue.resource_address_invalid"},
		{func(r *Record) { r.Resources[0].URL = "//evil.example/x" }, "resources", "catalogue.resource_address_invalid"},
		{func(r *Record) { r.Resources[0].Bytes = -1 }, "resources", "catalogue.resource_size_invalid"},
		{func(r *Record) { r.Language = "klingon" }, "language", "catalogue.language_invalid"},
	} {
		r := complete()
		c.change(&r)
		l := r.Validate()
		if c.key == "" && len(l) > 0 || c.key != "" && (len(l) != 1 || l[0].Key != c.key || l[0].Field != c.field) {
			t.Errorf("Validate = %v, want %s on %s", l, c.key, c.field)
		}
	}
}

func TestMerge_letsTheSecondChoose(t *testing.T) {
	base := complete()
	mine, theirs := base.Clone(), base.Clone()
	mine.Title, mine.Purpose, mine.Keywords = "Titre à moi", "But à moi", []string{"a", "b"}
	theirs.Title, theirs.Limits, theirs.Version = "Titre à eux", "Limites à eux", 7
	diffs := Compare(base, mine, theirs)
	if len(diffs) != 4 || !diffs[0].Conflict || diffs[0].Mine != "Titre à moi" || diffs[0].Theirs != "Titre à eux" || diffs[1].Conflict {
		t.Fatalf("Compare = %+v", diffs)
	}
	if _, err := Merge(base, mine, theirs, nil); !has(err, "catalogue.choose_text") || fault.KindOf(err) != fault.Conflict {
		t.Errorf("Merge without a choice = %v", err)
	}
	got, err := Merge(base, mine, theirs, map[string]Side{"title": Mine})
	if err != nil || got.Title != "Titre à moi" || got.Purpose != "But à moi" || got.Limits != "Limites à eux" || got.Version != 7 || len(got.Keywords) != 2 {
		t.Errorf("Merge = %+v, %v", got, err)
	}
	if _, err := Merge(base, mine, theirs, map[string]Side{"title": "both"}); !has(err, "catalogue.choice_invalid") {
		t.Errorf("Merge with an odd choice = %v", err)
	}
	if err := CheckVersion(1, 2); !has(err, "catalogue.changed_meanwhile") || CheckVersion(2, 2) != nil {
		t.Error("CheckVersion lets an old version through")
	}
}

func TestText_sameKeysAndPlaceholdersInBothLanguages(t *testing.T) {
	place := regexp.MustCompile(`\{\d\}`)
	read := func(lang string) map[string]string {
		raw, err := Text.ReadFile("text/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]string
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	fr, en := read("fr"), read("en")
	for key, s := range fr {
		a, b := place.FindAllString(s, -1), place.FindAllString(en[key], -1)
		slices.Sort(a)
		slices.Sort(b)
		if en[key] == "" || !slices.Equal(a, b) {
			t.Errorf("%s: %q and %q differ", key, s, en[key])
		}
		if regexp.MustCompile(` [:;?!»]|« |'`).MatchString(s) && key != "catalogue.colon" {
			t.Errorf("%s: French typography in %q", key, s)
		}
	}
	for key := range en {
		if fr[key] == "" {
			t.Errorf("%s is missing in French", key)
		}
	}
	for _, key := range keysUsed(t) {
		if fr[key] == "" {
			t.Errorf("%s is used and has no words", key)
		}
	}
}

// keysUsed lists every key this package may say: those written in its code, and those its vocabularies build.
func keysUsed(t *testing.T) []string {
	t.Helper()
	var keys []string
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s := strings.Trim(lit.Value, `"`); regexp.MustCompile(`^catalogue\.[a-z_0-9]*[a-z0-9]$`).MatchString(s) {
					keys = append(keys, s)
				}
			}
			return true
		})
	}
	add := func(k ...string) { keys = append(keys, k...) }
	for _, x := range Themes() {
		add(x.Key())
	}
	for _, x := range Frequencies() {
		add(x.Key())
	}
	for _, x := range Licences() {
		add(x.Key())
	}
	for _, x := range Confidentialities() {
		add(x.Key())
	}
	for _, x := range ResourceTypes() {
		add(x.Key())
	}
	for _, x := range HVDs() {
		add(x.Key())
	}
	for _, x := range States() {
		add(x.Key())
	}
	for _, x := range Actions() {
		add(x.Key(), "catalogue.done_"+string(x))
	}
	for _, x := range append(ScoreOf(Record{}, today).Criteria, ScoreOf(complete(), today).Criteria...) {
		add(x.Label(), x.Advice())
	}
	for _, x := range []Band{BandFull, BandGood, BandMiddle, BandLow} {
		add(x.Key())
	}
	for _, x := range Languages() {
		add("catalogue.language_" + x)
	}
	for _, x := range FacetNames() {
		add(Facet{Name: x}.Label())
	}
	for _, x := range Sorts() {
		add(SortKey(x))
	}
	for _, x := range Questions(Record{}) {
		add(x.Key, x.Hint())
	}
	for _, f := range fields {
		add("catalogue.field_" + f.name)
	}
	for _, f := range []string{"description", "purpose", "owner", "contact", "licence", "frequency"} {
		add("catalogue.publish_" + f + "_missing")
	}
	return keys
}

func TestActor_nobodyMayDoAnything(t *testing.T) {
	for _, r := range secrets() {
		if got := r.May(actor.Actor{}); len(got) != 0 {
			t.Errorf("nobody may %v on %s", got, r.ID)
		}
	}
}
