package datasetweb_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"cultured/internal/dataset"
)

const cantines = `{"name": "cantines", "resources": [
	{"name": "repas", "path": "repas.csv", "dialect": {"delimiter": "^", "commentChar": "#"}, "schema": {"title": "Les repas", "fields": [{"name": "cantine"}, {"name": "couverts", "type": "integer"}],
		"foreignKeys": [{"fields": "cantine", "reference": {"resource": "cantines", "fields": "code"}}]}},
	{"name": "cantines", "path": "d/cantines.csv", "schema": {"fields": [{"name": "code"}, {"name": "nom"}]}},
	{"name": "perdu", "path": "perdu.csv"}]}`

// archive is a Data Package and a file it does not name.
func archive(t *testing.T, descriptor string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range map[string]string{"p/datapackage.json": descriptor, "p/repas.csv": "cantine^couverts\n# lundi\nC1^12\nC9^beaucoup\n",
		"p/d/cantines.csv": "code;nom\nC1;Pasteur\n", "notes.csv": "a;b\n1;x\n2;y\n"} {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAPackageIsReadAsItsDescriptorSays(t *testing.T) {
	b := open(t).browser("")
	api := func(path string, fields ...string) string {
		w := b.send(path, "cantines.zip", archive(t, cantines), fields...)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: got %d\n%s", path, w.Code, w.Body)
		}
		return w.Body.String()
	}
	all := api("/api/v1/checks?format=csv")
	for _, want := range []string{"schema.foreign_key", "C9", "schema.type_integer", "(Les repas)", ",repas.csv,"} {
		if !strings.Contains(all, want) {
			t.Errorf("got no %q in\n%s", want, all)
		}
	}
	var report struct {
		Package string
		Tables  []struct {
			Name, File, Fault string
			Findings          []any
			Report            struct{ Rows int }
		}
		Totals dataset.Totals
	}
	if err := json.Unmarshal([]byte(api("/api/v1/checks")), &report); err != nil {
		t.Fatal(err)
	}
	if want := (dataset.Totals{Tables: 3, Faulty: 1, Refused: 1, Rows: 3, Errors: 2}); report.Totals.Errors != want.Errors || report.Totals.Tables != want.Tables ||
		report.Totals.Faulty != 1 || report.Totals.Refused != 1 || report.Totals.Rows != 3 {
		t.Errorf("got %+v, want %+v", report.Totals, want)
	}
	if len(report.Tables) != 3 || report.Tables[0].Name != "repas" || report.Tables[1].File != "d/cantines.csv" || !strings.Contains(report.Tables[2].Fault, "nomme un fichier absent\u00a0: perdu.csv") {
		t.Errorf("got %+v", report.Tables)
	}
	if sarif := api("/api/v1/checks?format=sarif"); strings.Count(sarif, `"executionSuccessful":true`) != 2 || strings.Count(sarif, `"executionSuccessful":false`) != 1 {
		t.Errorf("got\n%s", sarif)
	}
	for _, second := range []string{api("/api/v1/checks?member=cantines"), api("/api/v1/checks", "member", "p/d/cantines.csv")} {
		if !strings.Contains(second, `"findings":[`+"\n]") || !strings.Contains(second, `"checked":true`) {
			t.Errorf("got\n%.900s", second)
		}
	}
	if other := api("/api/v1/checks?member=notes.csv"); !strings.Contains(other, `"checked":false`) {
		t.Errorf("a file the package does not name: got\n%.900s", other)
	}
	if lost := b.send("/api/v1/checks?member=perdu", "cantines.zip", archive(t, cantines)); lost.Code != http.StatusUnprocessableEntity || !strings.Contains(lost.Body.String(), "nomme un fichier absent\u00a0: perdu.csv") {
		t.Errorf("a table that cannot be opened: got %d\n%s", lost.Code, lost.Body)
	}
	if w := b.send("/api/v1/checks?member=nothing", "cantines.zip", archive(t, cantines)); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no such table: got %d", w.Code)
	}
}

func TestAPackageOnThePage(t *testing.T) {
	h := open(t)
	b := h.browser("")
	says := func(page string, want ...string) {
		t.Helper()
		text := b.get(page).Body.String()
		for _, w := range want {
			if not, ok := strings.CutPrefix(w, "!"); ok == strings.Contains(text, strings.TrimPrefix(w, "!")) {
				t.Errorf("%s: %q, present where it must not or absent\n%s", page, not, text)
			}
		}
	}
	tables := b.send("/check", "cantines.zip", archive(t, cantines)).Header().Get("Location")
	if !strings.HasSuffix(tables, "/tables") {
		t.Fatalf("got %q, want the page of all tables", tables)
	}
	says(tables, "Data Package «\u00a0cantines\u00a0»\u00a0: 3 tables", "2 anomalies à corriger, dans une table sur 3.", "1 table n’a pas pu être lue.", "nomme un fichier absent\u00a0: perdu.csv",
		"Des erreurs", "Rien à corriger", "d/cantines.csv", "/tables.sarif")
	check := strings.TrimSuffix(tables, "/tables")
	says(check, "Les repas", "C9", "Table 1 sur 3 de cantines.zip", tables, "!name=\"member\"")
	var others []string
	for _, m := range regexp.MustCompile(`href="(/check/[^"/#]+)"`).FindAllStringSubmatch(b.get(tables).Body.String(), -1) {
		others = append(others, m[1])
	}
	if len(others) != 3 || others[0] != check {
		t.Fatalf("got %q, want a page for each table", others)
	}
	says(others[1], "Table 2 sur 3 de cantines.zip", ">code</a>", "!C9")
	says(others[1]+"/rows", "Pasteur")
	says(others[2], "nomme un fichier absent", "Toutes les tables")
	says(others[1]+"/tables", "2 anomalies")
	if w := b.post(others[1]+"/reading", "member", "repas", "separator", "semicolon"); w.Code >= 400 {
		t.Errorf("got %d", w.Code)
	}
	says(others[1]+"/rows", "Pasteur")
	for format, want := range map[string]string{"csv": "repas.csv", "json": `"totals":{"tables":3,`, "sarif": `"version":"2.1.0"`} {
		says(tables+"."+format, want)
	}
	says(check+"/findings", "C9", "beaucoup")

	stranger := h.browser("ada")
	if w := stranger.get(tables); w.Code != http.StatusOK {
		t.Errorf("whoever holds the address of a visitor's file sees it: got %d", w.Code)
	}
	mine := h.browser("ada")
	own := mine.send("/check", "cantines.zip", archive(t, cantines)).Header().Get("Location")
	for _, path := range []string{own, own + ".json"} {
		if w := b.get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s is another's: got %d", path, w.Code)
		}
	}
	kept := mine.post(strings.TrimSuffix(own, "/tables") + "/keep").Header().Get("Location")
	if page := mine.get(kept).Body.String(); !strings.Contains(page, "<h1") || !strings.Contains(page, "repas") || strings.Contains(page, "cantines.zip") {
		t.Errorf("a table that is kept is called by its name:\n%s", page)
	}
	b.post(others[2] + "/forget")
	for _, path := range append(others, tables) {
		if w := b.get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: got %d, want the whole archive forgotten", path, w.Code)
		}
	}

	broken := b.send("/check", "cantines.zip", archive(t, `{"resources": [{"path": "../x.csv"}]}`)).Header().Get("Location")
	says(broken, "un fichier hors de son dossier")
	alone := b.send("/check", "datapackage.json", cantines).Header().Get("Location")
	says(alone, "Mettez-le dans une archive .zip")
}

func TestTheTablesOfAnArchiveAreFollowedWhileTheyAreRead(t *testing.T) {
	h := open(t)
	b := h.browser("")
	h.queue.hold = true
	tables := b.send("/check", "cantines.zip", archive(t, cantines)).Header().Get("Location")
	page := b.get(tables).Body.String()
	for _, want := range []string{"Encore 3 tables à lire", "En cours de lecture", `http-equiv="refresh"`} {
		if !strings.Contains(page, want) {
			t.Errorf("got no %q in\n%s", want, page)
		}
	}
	if strings.Contains(page, "rien à corriger") {
		t.Error("tables that are not read yet are said to be clean")
	}
	if w := b.get(tables + ".json"); w.Header().Get("Location") != tables {
		t.Errorf("a report that is not there yet: got %d", w.Code)
	}
	w := b.send("/api/v1/checks", "cantines.zip", archive(t, cantines))
	if w.Code != http.StatusAccepted || !strings.Contains(w.Body.String(), "Encore 3 tables à lire") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	h.queue.hold = false
	if w := b.get(strings.TrimPrefix(w.Header().Get("Location"), "http://d.test")); !strings.Contains(w.Body.String(), `"totals":{"tables":3,`) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestAnArchiveOfTablesWithoutADescriptor(t *testing.T) {
	b := open(t).browser("")
	var raw bytes.Buffer
	w := zip.NewWriter(&raw)
	for _, f := range [][2]string{{"2023/repas.csv", "cantine;couverts\nC1;12\nC2;12\n"}, {"LISEZMOI.txt", "Bonjour\n"}, {"2024/repas.csv", "cantine;couverts\n\n\nC1;13\n"}} {
		part, err := w.Create(f[0])
		if err == nil {
			_, err = part.Write([]byte(f[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	tables := b.send("/check", "repas.zip", raw.String()).Header().Get("Location")
	page := b.get(tables).Body.String()
	for _, want := range []string{"Cette archive contient 2 tables", "2023/repas.csv", "2024/repas.csv"} {
		if !strings.Contains(page, want) {
			t.Errorf("got no %q in\n%s", want, page)
		}
	}
	if strings.Contains(page, "LISEZMOI") {
		t.Errorf("a notice is no table:\n%s", page)
	}
	one := b.send("/api/v1/checks?member=2024/repas.csv", "repas.zip", raw.String()).Body.String()
	if !strings.Contains(one, `"member":"2024/repas.csv"`) || strings.Contains(one, `"tables"`) {
		t.Errorf("got\n%s", one)
	}
}

func TestAnArchiveOfAnAddressIsCheckedTableByTable(t *testing.T) {
	h := open(t)
	b := h.browser("ada")
	b.away.file = archive(t, cantines)
	tables := b.post("/check/address", "address", "https://exemple.fr/cantines.zip").Header().Get("Location")
	if page := b.get(tables).Body.String(); !strings.HasSuffix(tables, "/tables") || !strings.Contains(page, "2 anomalies à corriger") {
		t.Errorf("got %q\n%s", tables, page)
	}

	kept := b.follow(regexp.MustCompile(`<a href="(/check/[^"/#]+)">cantines</a>`).FindStringSubmatch(b.page(tables))[1] + "/keep")
	if page := b.page(kept); !strings.Contains(page, "Pasteur") {
		t.Fatalf("the second table is not kept:\n%s", page)
	}
	if w := b.send(kept+"/upload", "cantines.zip", archive(t, strings.Replace(cantines, `"d/cantines.csv"`, `["d/cantines.csv", "d/cantines.csv"]`, 1))); w.Code >= 400 {
		t.Fatalf("got %d", w.Code)
	}
	if page := b.page(kept); !strings.Contains(page, "Pasteur") || !strings.Contains(page, "2 lignes") {
		t.Errorf("the next file of a dataset that is a table of a package gives another table:\n%s", page)
	}
}
