package cleaningweb_test

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"cultured/internal/dataset"
)

var recipeHref = regexp.MustCompile(`href="(/recipes/[0-9a-z-]{20,})"`)

func TestRecipes_areKeptListedAndDoneAgain(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.page(t, "ada", "/recipes", 200, "Aucune recette")
		h.step(t, url.Values{"kind": {"trim"}, "columns": {"Commune"}})
		holds(t, h.post(t, "ada", "save", url.Values{"called": {" "}}), "no name", 422, "Donnez un nom")
		holds(t, h.post(t, "ada", "save", url.Values{"called": {"Communes propres"}}), "save", 303)
		h.step(t, url.Values{"kind": {"totals"}})
		holds(t, h.post(t, "ada", "save", url.Values{"called": {"communes PROPRES"}}), "next version", 303)
		page := h.page(t, "bob", "/recipes", 200, "communes PROPRES", "2 étapes")
		href := recipeHref.FindStringSubmatch(page)
		if href == nil {
			t.Fatal("the list links to no recipe")
		}
		h.page(t, "bob", href[1], 200, "Version 2, par Ada", "Version 1, par Ada", "Retirer les lignes de total")
		h.page(t, "bob", href[1]+"?version=1", 200, "1 étape")
		h.page(t, "bob", href[1]+"?version=9", 404)
		h.page(t, "eve", href[1], 404)
		if w := h.as(t, "eve", "GET", href[1]+"/recipe.json", nil); w.Code != 404 {
			t.Errorf("another organisation reads it: %d", w.Code)
		}
		holds(t, h.as(t, "ada", "POST", href[1]+"/use", url.Values{"version": {"1"}}), "no dataset", 422, "Choisissez un jeu de données")
		w := h.as(t, "ada", "POST", href[1]+"/use", url.Values{"dataset": {"d"}, "version": {"1"}})
		if holds(t, w, "use", 303); w.Header().Get("Location") != "/datasets/d/clean" {
			t.Errorf("leads to %s", w.Header().Get("Location"))
		}
		h.page(t, "ada", "/datasets/d/clean", 200, "3 étapes") // two were there
		id := strings.TrimPrefix(href[1], "/recipes/")
		holds(t, h.post(t, "bob", "load", url.Values{"recipe": {id}}), "Bob tries it", 303)
		h.page(t, "bob", "/datasets/d/clean", 200, "2 étapes")
		holds(t, h.post(t, "bob", "save", url.Values{"called": {"Communes propres"}}), "her name", 422, "Choisissez-en un autre", `value="Communes propres"`)
		holds(t, h.as(t, "bob", "POST", href[1]+"/drop", nil), "Bob drops", 403)
		holds(t, h.as(t, "ada", "POST", href[1]+"/drop", nil), "Ada drops", 303)
		h.page(t, "ada", href[1], 404)
	})
}

func TestRecipes_onATableTheyDoNotFitNameTheColumn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.step(t, url.Values{"kind": {"number"}, "columns": {"Montant"}})
		holds(t, h.post(t, "ada", "apply", url.Values{}), "apply", 303)
		h.past = []dataset.Version{{Dataset: "d", Number: 2, Source: dataset.Source{Plan: h.plan}}}
		h.text, h.plan, h.current = "Commune;Montants;Date\nParis;1 200,50;2024\n", nil, 3 // next month's file, of another header
		h.page(t, "ada", "/datasets/d/clean", 200, "La version 2 avait été nettoyée avec une recette (1 étape)")
		holds(t, h.post(t, "ada", "load", url.Values{"earlier": {"1"}}), "again", 303)
		h.page(t, "ada", "/datasets/d/clean", 200, "Étape 1 : la colonne « Montant » manque. Le tableau a « Montants »")
		holds(t, h.post(t, "ada", "apply", url.Values{}), "apply", 422, "la colonne « Montant » manque")
	})
}

func TestImport_takesWhatWasDownloadedAndTellsWhatItCouldNot(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.step(t, url.Values{"kind": {"trim"}, "columns": {"Commune"}})
		h.step(t, url.Values{"kind": {"filter"}, "column": {"Montant"}, "is": {"equal"}, "value": {" 3"}})
		file := h.as(t, "ada", "GET", "/datasets/d/clean/recipe.json", nil).Body.String()
		holds(t, h.post(t, "bob", "import", url.Values{"text": {file}}), "import", 303)
		again := h.as(t, "bob", "GET", "/datasets/d/clean/recipe.json", nil).Body.String()
		if again != file {
			t.Errorf("got %s\nwant %s", again, file)
		}
		for _, bad := range []string{"", "{", "[]", `[{"do":"dance"}]`} {
			holds(t, h.post(t, "ada", "import", url.Values{"text": {bad}}), "import "+bad, 422, `id="text"`)
		}
		refine := `[{"op":"core/column-rename","oldColumnName":"Date","newColumnName":"jour"},{"op":"core/row-star"}]`
		holds(t, h.post(t, "ada", "import", url.Values{"text": {refine}}), "history", 200, "1 étape importée, mais pas tout", "Opération 2 (core/row-star)", "3 étapes")
	})
}

func TestImport_learnsWhatRowsTell(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.text = "Commune;Mesure;Valeur\nParis;h;1\nParis;f;2\nCaen;h;3\n"
		holds(t, h.post(t, "ada", "import", url.Values{"text": {`[{"op":"core/key-value-columnize","keyColumnName":"Mesure","valueColumnName":"Valeur"}]`}}), "history", 200, "Opération 1 (core/key-value-columnize)")
		if got := h.as(t, "ada", "GET", "/datasets/d/clean/recipe.json", nil).Body.String(); !strings.Contains(got, `"h"`) || !strings.Contains(got, `"f"`) {
			t.Errorf("the columns were not learned: %s", got)
		}
	})
}

func TestImport_readsAFile(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		page := h.page(t, "ada", "/datasets/d/clean", 200)
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		ok(t, form.WriteField("revision", revision.FindStringSubmatch(page)[1]))
		part, err := form.CreateFormFile("file", "recipe.json")
		ok(t, err)
		_, err = part.Write([]byte(`[{"do":"totals"}]`))
		ok(t, err)
		ok(t, form.Close())
		r := httptest.NewRequest("POST", "/datasets/d/clean/import", &body)
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.Header.Set("Cookie", "__Host-session=ada")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		holds(t, w, "import", 303)
		h.page(t, "ada", "/datasets/d/clean", 200, "Retirer les lignes de total")
	})
}

func TestJoin_bringsColumnsOfAnotherDatasetAndSaysWhatFoundNoPartner(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.page(t, "ada", "/datasets/d/clean?add=join", 200, `<option value="zones">Zones de la métropole</option>`, "Continuer", "liste de référence")
		holds(t, h.post(t, "ada", "step", url.Values{"kind": {"join"}, "with": {""}}), "no table", 422, "Choisissez un jeu de données", `href="#with"`)
		chosen := h.post(t, "ada", "step", url.Values{"kind": {"join"}, "with": {"zones"}})
		if to := chosen.Header().Get("Location"); chosen.Code != 303 || to != "/datasets/d/clean?add=join&with=zones#step-title" {
			t.Fatalf("got %d to %q, want the form with the columns of the table", chosen.Code, to)
		}
		h.page(t, "ada", "/datasets/d/clean?add=join&with=zones", 200, `<option value="zones" selected>`, `<option value="ville">ville</option>`, `value="zone"`, `type="checkbox"`, "Le même nom qu’ici")
		h.page(t, "ada", "/datasets/d/clean?add=join&with=gone", 200, `<textarea`, `name="take"`)
		join := url.Values{"kind": {"join"}, "with": {"zones"}, "on": {"Commune"}, "their": {"ville"}, "take": {"zone"}, "loose": {"on"}}
		h.step(t, join)
		h.page(t, "ada", "/datasets/d/clean", 200, "depuis « Zones de la métropole »", "2 lignes sans correspondance", "par exemple : Caen, Total", "<td>A</td>")
		h.page(t, "ada", "/datasets/d/clean?edit=0", 200, `<option value="zones" selected>`, `<option value="ville" selected>`, `value="zone" checked`)
		holds(t, h.post(t, "ada", "step", url.Values{"kind": {"join"}, "with": {"gone"}, "on": {"Commune"}, "take": {"zone"}}), "gone", 422, "introuvable", `<option value="gone" selected>`)
		holds(t, h.post(t, "ada", "step", url.Values{"kind": {"join"}, "with": {"zones"}, "on": {"Commune"}, "their": {"ville"}, "take": {"x"}}), "no column", 422, "la colonne « x » manque")
	})
}
