package register_test

import (
	"reflect"
	"strings"
	"testing"

	"cultured/internal/register"
)

func complete() register.Entry {
	return register.Entry{Name: "Cantine", Purposes: "Inscrire", Controller: "Commune", DPO: "dpo@valmoret.example", Basis: "mission", People: "Élèves", Data: []string{"identity"}, Recipients: "Régie", Retention: "1 an", Measures: []string{"access"}}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*register.Entry)
		want   string // field and key, "" for a good one
	}{
		{"a whole entry", func(*register.Entry) {}, ""},
		{"a name and a purpose are enough", func(e *register.Entry) { *e = register.Entry{Name: "a", Purposes: "b"} }, ""},
		{"without a name", func(e *register.Entry) { e.Name = "  " }, "name register.no_name"},
		{"without a purpose", func(e *register.Entry) { e.Purposes = "" }, "purposes register.no_purpose"},
		{"a text too long", func(e *register.Entry) { e.Rights = strings.Repeat("é", register.TextMost+1) }, "rights register.too_long"},
		{"an unknown basis", func(e *register.Entry) { e.Basis = "because" }, "basis register.bad_choice"},
		{"an unknown category", func(e *register.Entry) { e.Data = []string{"identity", "soul"} }, "data register.bad_choice"},
		{"sensitive data without an exception", func(e *register.Entry) { e.Delicate = []string{"medical"} }, "exception register.no_exception"},
		{"with one", func(e *register.Entry) { e.Delicate, e.Exception = []string{"medical"}, "care" }, ""},
		{"the social security number is not of article 9", func(e *register.Entry) { e.Delicate = []string{"nir"} }, ""},
		{"a transfer without a safeguard", func(e *register.Entry) { e.Transfers = "Hébergeur, États-Unis" }, "guarantee register.no_guarantee"},
		{"a day that is none", func(e *register.Entry) { e.Review = "2026-02-30" }, "review register.bad_day"},
		{"too many sources", func(e *register.Entry) { e.Sources = make([]register.Source, register.SourcesMost+1) }, "sources register.many_sources"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := complete()
			c.change(&e)
			e.Tidy()
			got := ""
			for _, f := range e.Validate() {
				got += f.Field + " " + f.Key
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTidy_dropsWhatNoLongerApplies(t *testing.T) {
	e := complete()
	e.Data, e.Exception, e.Guarantee, e.People = []string{"image", "identity", "image"}, "care", "clauses", " Élèves \r\nparents "
	e.Tidy()
	if !reflect.DeepEqual(e.Data, []string{"identity", "image"}) || e.Exception != "" || e.Guarantee != "" || e.People != "Élèves \nparents" {
		t.Errorf("got %+v", e)
	}
}

func TestMissing(t *testing.T) {
	e := complete()
	if got := e.Missing(); len(got) > 0 {
		t.Errorf("a whole entry lacks %v", got)
	}
	e.Basis, e.Data, e.Measures = "", nil, nil
	if got := e.Missing(); !reflect.DeepEqual(got, []string{"basis", "data", "measures"}) {
		t.Errorf("got %v", got)
	}
	if e.Review = "2026-03-01"; !e.Due("2026-03-02") || e.Due("2026-03-01") {
		t.Error("an entry is due the day after its review")
	}
}

func TestSince(t *testing.T) {
	seen := []register.Field{{Name: "nom", Label: "Nom", Data: "identity", Purpose: "Écrire", Months: 12}, {Name: "tel", Label: "Téléphone", Data: "identity"}}
	for _, c := range []struct {
		name string
		now  []register.Field
		want []register.Move
	}{
		{"nothing", seen, nil},
		{"a new label only", []register.Field{{Name: "nom", Label: "Votre nom", Data: "identity", Purpose: "Écrire", Months: 12}, seen[1]}, nil},
		{"a field more", append([]register.Field{{Name: "nir", Label: "NIR", Delicate: "nir"}}, seen...), []register.Move{{Kind: register.Added, Label: "NIR"}}},
		{"a field less", seen[:1], []register.Move{{Kind: register.Gone, Label: "Téléphone"}}},
		{"all gone", nil, []register.Move{{Kind: register.Gone, Label: "Nom"}, {Kind: register.Gone, Label: "Téléphone"}}},
		{"another purpose, kept longer", []register.Field{{Name: "nom", Label: "Nom", Data: "identity", Purpose: "Relancer", Months: 24}, seen[1]},
			[]register.Move{{Kind: register.Repurposed, Label: "Nom", Before: "Écrire", After: "Relancer"}, {Kind: register.Kept, Label: "Nom", From: 12, To: 24}}},
		{"another nature", []register.Field{seen[0], {Name: "tel", Label: "Téléphone", Data: "other"}}, []register.Move{{Kind: register.Nature, Label: "Téléphone"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := (register.Source{Seen: seen}).Since(c.now); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestFill(t *testing.T) {
	var e register.Entry
	e.Fill(register.Subject{Key: register.Key{Kind: register.Form, ID: "f"}, Title: "Vélo", Fields: []register.Field{{Name: "mail", Label: "Courriel", Data: "identity", Purpose: "Répondre", Months: 12},
		{Name: "photo", Label: "Photo", Data: "image", Purpose: "Répondre"}, {Name: "nir", Label: "NIR", Data: "identity", Delicate: "nir", Purpose: "Payer"}}}, func(n int) string { return strings.Repeat("m", n/12) })
	if e.Name != "Vélo" || e.Purposes != "Répondre\nPayer" || e.Retention != "Courriel : m" || e.DataText != "Courriel\nPhoto\nNIR" ||
		!reflect.DeepEqual(e.Data, []string{"identity", "image"}) || !reflect.DeepEqual(e.Delicate, []string{"nir"}) || len(e.Sources) != 1 || len(e.Sources[0].Seen) != 3 {
		t.Errorf("got %+v", e)
	}
}
