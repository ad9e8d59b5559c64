package formweb_test

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"testing"
)

func TestXLSForm_importedAndExported(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		raw, err := os.ReadFile("../testdata/xlsform/survey.xlsx")
		ok(t, err)
		h.page(t, "ada", "/forms/import", http.StatusOK, "Déposez le classeur ici")
		h.page(t, "", "/forms/import", http.StatusSeeOther)
		read(t, h.sendFiles(t, "ada", "/forms/import", url.Values{}, sentFile{"file", "a.csv", "a,b\n1,2\n"}), "import", http.StatusUnprocessableEntity, "n’a pas de feuille « survey »")
		read(t, h.sendFiles(t, "ada", "/forms/import", url.Values{}), "import", http.StatusUnprocessableEntity, "Choisissez un classeur")
		page := read(t, h.sendFiles(t, "ada", "/forms/import", url.Values{}, sentFile{"file", "survey.xlsx", string(raw)}), "import", http.StatusOK, "« Enquête foyer » est importé",
			"11 choses", "Le type « barcode » n’existe pas ici", "« Taille du foyer » attendait un nombre entier")
		at := regexp.MustCompile(`/forms/[0-9a-z]{26}`).FindString(page)
		h.page(t, "ada", at, http.StatusOK, "Propriétaire ?", "Affiché si « Propriétaire ? » est « Oui »", "[income]/[size]", "Dans le groupe « Enfant »")
		w := h.as(t, "ada", "GET", at+"/xlsform.xlsx", nil)
		if w.Code != http.StatusOK {
			t.Fatalf("got %d", w.Code)
		}
		for _, who := range []string{"bob", "eve"} {
			h.page(t, who, at+"/xlsform.xlsx", http.StatusNotFound)
		}
		back := h.sendFiles(t, "bob", "/forms/import", url.Values{}, sentFile{"file", "enquete.xlsx", w.Body.String()})
		to := back.Header().Get("Location")
		if back.Code != http.StatusSeeOther {
			t.Fatalf("a form that left does not come back whole: %d\n%s", back.Code, back.Body)
		}
		h.page(t, "bob", to, http.StatusOK, "Enquête foyer", "[income]/[size]")
	})
}
