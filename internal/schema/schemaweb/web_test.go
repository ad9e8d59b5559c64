package schemaweb_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	schemafiles "cultured/content/schemas"
	"cultured/internal/french"
	"cultured/internal/schema"
	"cultured/internal/schema/schemaweb"
	"cultured/internal/tabular"
	"cultured/internal/ui/uitest"
	"cultured/internal/web"
)

func site(t *testing.T) (*web.Site, *schema.Pack) {
	t.Helper()
	pack, err := schema.LoadPack(schemafiles.Files)
	if err != nil {
		t.Fatal(err)
	}
	s := uitest.NewSite(t, uitest.People{}, time.Now, schema.Text, schemaweb.Text)
	schemaweb.Routes(s, pack)
	return s, pack
}

func get(s *web.Site, path, lang string) *httptest.ResponseRecorder {
	return uitest.Ask(uitest.In(lang, s), "", http.MethodGet, path, nil)
}

func TestPages(t *testing.T) {
	s, _ := site(t)
	for _, tc := range []struct {
		name, path, lang string
		status           int
		has, hasNot      []string
	}{
		{"the list, in French", "/schemas", "fr", 200, []string{"74 schémas", "Délibérations", "août 2026", `href="/schemas/scdl/deliberations"`, "Télécharger cette liste"}, []string{"Aucun schéma"}},
		{"the list, in English", "/schemas", "en", 200, []string{"74 schemas", "Délibérations", "August 2026", "Download this list"}, nil},
		{"without accents, plural or singular", "/schemas?q=deliberation", "fr", 200, []string{"Délibérations", "Schémas pour «\u00a0deliberation\u00a0»", "/schemas.csv?q=deliberation"}, []string{"Stations de taxi"}},
		{"by the name of a column", "/schemas?q=COLL_SIRET", "fr", 200, []string{"Délibérations"}, []string{"Stations de taxi"}},
		{"a slip of the keyboard is forgiven and said", "/schemas?q=delibertaions", "fr", 200, []string{"Délibérations", "les plus proches"}, nil},
		{"the common core only", "/schemas?scdl=1", "fr", 200, []string{"13 schémas", "Délibérations", "checked"}, []string{"Stations de taxi"}},
		{"both at once", "/schemas?scdl=1&q=menus", "fr", 200, []string{"2 schémas"}, nil},
		{"nothing found teaches what to do", "/schemas?q=zzzzzz", "fr", 200, []string{"0 schéma", "Aucun schéma ne correspond", "Voir tous les schémas"}, []string{"Télécharger cette liste"}},
		{"what somebody typed is never HTML", "/schemas?q=%3Cscript%3Ex", "fr", 200, nil, []string{"<script>x"}},
		{"one schema, in French", "/schemas/scdl/deliberations", "fr", 200, []string{"Délibérations", "COLL_SIRET", "obligatoire", "14 chiffres exactement", "numéro SIRET valide", "21860194600013",
			`href="/check?schema=scdl/deliberations"`, "VOTE_REEL est la somme de", "Licence Ouverte 2.0", "gitlab.com", `href="/schemas/scdl/deliberations/template.csv"`, "Socle commun des données locales", "28/08/2023"}, []string{"⟦", "]("}},
		{"one schema, in English", "/schemas/scdl/deliberations", "en", 200, []string{"exactly 14 digits", "required", "Check a file with this schema", `lang="fr"`}, []string{"⟦"}},
		{"a JSON Schema", "/schemas/139bercy/format-commande-publique", "fr", 200, []string{"marchés publics", "/check?schema=139bercy/format-commande-publique"}, []string{"template.csv", "⟦"}},
		{"a package leads to its tables", "/schemas/etalab/schema-irve", "fr", 200, []string{"Tableaux", `href="/schemas/etalab/schema-irve-statique"`}, []string{"template.csv", "/check?schema", "⟦"}},
		{"earlier versions", "/schemas/scdl/subventions", "fr", 200, []string{"Versions précédentes", `href="/schemas/scdl/subventions@2.0.0"`}, nil},
		{"an earlier version", "/schemas/scdl/subventions@2.0.0", "fr", 200, []string{"2.0.0"}, []string{"Versions précédentes", "⟦"}},
		{"a package has no template", "/schemas/etalab/schema-irve/template.xlsx", "fr", 404, []string{"modèle"}, []string{"⟦"}},
		{"an unknown schema", "/schemas/scdl/nothing", "fr", 404, []string{"scdl/nothing"}, []string{"⟦"}},
		{"an unknown schema’s template", "/schemas/x/y/template.csv", "en", 404, nil, []string{"⟦"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := get(s, tc.path, tc.lang)
			body := w.Body.String()
			if w.Code != tc.status {
				t.Fatalf("got status %d, want %d", w.Code, tc.status)
			}
			if got := strings.Count(body, "<h1"); got != 1 {
				t.Errorf("got %d h1, want 1", got)
			}
			for _, want := range tc.has {
				if !strings.Contains(body, want) {
					t.Errorf("%q is not on the page", want)
				}
			}
			for _, no := range tc.hasNot {
				if strings.Contains(body, no) {
					t.Errorf("%q is on the page", no)
				}
			}
		})
	}
}

// Each schema of the pack makes a whole page in both languages, with one row a column and unique identifiers.
func TestShow_everySchemaOfThePack(t *testing.T) {
	s, pack := site(t)
	for _, e := range pack.All() {
		parsed, _, err := e.Schema()
		if err != nil && e.Kind != schema.KindPackage {
			t.Fatal(err)
		}
		for _, lang := range []string{"fr", "en"} {
			w := get(s, "/schemas/"+e.Name, lang)
			body := w.Body.String()
			if w.Code != http.StatusOK || strings.Count(body, "<h1") != 1 || strings.Contains(body, "⟦") || strings.Contains(body, "{0}") {
				t.Errorf("%s, %s: got status %d, or a broken sentence", e.Name, lang, w.Code)
			}
			if got := strings.Count(body, `<tr id="column-`); got != len(parsed.Fields) {
				t.Errorf("%s: got %d rows, want %d", e.Name, got, len(parsed.Fields))
			}
			if twice := repeated(body); twice != "" {
				t.Errorf("%s: the id %s stands twice", e.Name, twice)
			}
		}
	}
}

// repeated finds an id that stands twice, "" when none does.
func repeated(body string) string {
	seen := map[string]bool{}
	for _, part := range strings.Split(body, ` id="`)[1:] {
		id, _, _ := strings.Cut(part, `"`)
		if seen[id] || strings.ContainsAny(id, " \t") {
			return id
		}
		seen[id] = true
	}
	return ""
}

func TestList_isInTheOrderOfAFrenchList(t *testing.T) {
	s, pack := site(t)
	w := get(s, "/schemas.csv", "fr")
	rows, err := csv.NewReader(w.Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(rows)-1, len(pack.All()); got != want {
		t.Fatalf("got %d rows, want %d", got, want)
	}
	if !slices.IsSortedFunc(rows[1:], func(a, b []string) int { return french.Compare(a[1], b[1]) }) {
		t.Error("the titles are not in order")
	}
	if got := rows[1][10]; !strings.HasPrefix(got, "https://donnees.example/schemas/") {
		t.Errorf("got page %q", got)
	}
}

func TestDownloads(t *testing.T) {
	s, pack := site(t)
	e, err := pack.Find("scdl/deliberations")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("the CSV template holds the columns and nothing else", func(t *testing.T) {
		w := get(s, "/schemas/scdl/deliberations/template.csv", "fr")
		if want := "\ufeff" + strings.Join(e.Columns, ",") + "\r\n"; w.Body.String() != want {
			t.Errorf("got %q, want %q", w.Body, want)
		}
		if got := w.Header().Get("Content-Disposition"); !strings.Contains(got, "deliberations.csv") {
			t.Errorf("got %q", got)
		}
	})
	t.Run("the workbook holds the same, read by our own reader", func(t *testing.T) {
		w := get(s, "/schemas/scdl/deliberations/template.xlsx", "fr")
		raw := w.Body.Bytes()
		if !bytes.HasPrefix(raw, []byte("PK")) || w.Header().Get("Content-Type") != "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" {
			t.Fatalf("not a workbook: %q", w.Header())
		}
		table, err := tabular.Open(bytes.NewReader(raw), int64(len(raw)), "deliberations.xlsx", tabular.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = table.Close() }()
		if got := table.Columns(); !slices.Equal(got, e.Columns) {
			t.Errorf("got %q, want %q", got, e.Columns)
		}
	})
	t.Run("the schema is what its owner published", func(t *testing.T) {
		w := get(s, "/schemas/scdl/deliberations/schema.json", "fr")
		want, err := schemafiles.Files.ReadFile("scdl/deliberations/schema.json")
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := io.ReadAll(w.Body); !bytes.Equal(got, want) {
			t.Error("the file differs")
		}
	})
	t.Run("another case leads to the true address", func(t *testing.T) {
		w := get(s, "/schemas/SCDL/Deliberations/schema.json", "fr")
		if got := w.Header().Get("Location"); w.Code != http.StatusMovedPermanently || got != "/schemas/scdl/deliberations/schema.json" {
			t.Errorf("got %d %q", w.Code, got)
		}
	})
}
