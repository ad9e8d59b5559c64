package datasetweb_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"strings"
	"testing"
)

const cantines = `{"name": "cantines", "resources": [
	{"name": "repas", "path": "repas.csv", "dialect": {"delimiter": "^", "commentChar": "#"}, "schema": {"title": "Les repas", "fields": [{"name": "cantine"}, {"name": "couverts", "type": "integer"}],
		"foreignKeys": [{"fields": "cantine", "reference": {"resource": "cantines", "fields": "code"}}]}},
	{"name": "cantines", "path": "d/cantines.csv", "schema": {"fields": [{"name": "code"}, {"name": "nom"}]}}]}`

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
	first := api("/api/v1/checks?format=csv")
	for _, want := range []string{"schema.foreign_key", "C9", "schema.type_integer", "(Les repas)"} {
		if !strings.Contains(first, want) {
			t.Errorf("got no %q in\n%s", want, first)
		}
	}
	for _, second := range []string{api("/api/v1/checks?member=cantines"), api("/api/v1/checks", "member", "p/d/cantines.csv")} {
		if !strings.Contains(second, `"findings":[`+"\n]") || !strings.Contains(second, `"checked":true`) {
			t.Errorf("got\n%.900s", second)
		}
	}
	if other := api("/api/v1/checks?member=notes.csv"); !strings.Contains(other, `"checked":false`) {
		t.Errorf("a file the package does not name: got\n%.900s", other)
	}
	if w := b.send("/api/v1/checks?member=nothing", "cantines.zip", archive(t, cantines)); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no such table: got %d", w.Code)
	}
}

func TestAPackageOnThePage(t *testing.T) {
	b := open(t).browser("")
	check := b.send("/check", "cantines.zip", archive(t, cantines)).Header().Get("Location")
	if page := b.get(check).Body.String(); !strings.Contains(page, "Data Package de 2 tables") || !strings.Contains(page, "repas") {
		t.Errorf("the reading says nothing of the package:\n%s", page)
	}
	if page := b.get(check).Body.String(); !strings.Contains(page, "Les repas") || !strings.Contains(page, "C9") {
		t.Errorf("the schema is not that of the package:\n%s", page)
	}
	b.post(check+"/reading", "member", "p/d/cantines.csv")
	if page := b.get(check).Body.String(); !strings.Contains(page, "cantines") || strings.Contains(page, "C9") {
		t.Errorf("the other table:\n%s", page)
	}

	broken := b.send("/check", "cantines.zip", archive(t, `{"resources": [{"path": "../x.csv"}]}`)).Header().Get("Location")
	if page := b.get(broken).Body.String(); !strings.Contains(page, "un fichier hors de son dossier") {
		t.Errorf("a bad descriptor is not told:\n%s", page)
	}
	alone := b.send("/check", "datapackage.json", cantines).Header().Get("Location")
	if page := b.get(alone).Body.String(); !strings.Contains(page, "Mettez-le dans une archive .zip") {
		t.Errorf("a descriptor without its data:\n%s", page)
	}
}
