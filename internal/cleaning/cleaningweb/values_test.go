package cleaningweb_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestSuggestions_areAddedInOneGoAndThenGone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		page := h.page(t, "ada", "/datasets/d/clean", 200, "Suggestions", "1 ligne additionne les autres", "1 cellule commence, finit")
		form := url.Values{}
		start := strings.Index(page, `id="suggest-title"`)
		one := page[start:]
		one = one[:strings.Index(one, "</form>")]
		for _, m := range regexp.MustCompile(`name="(\w+)" value="([^"]*)"`).FindAllStringSubmatch(one, -1) {
			form.Add(m[1], m[2])
		}
		if form.Get("kind") != "totals" {
			t.Fatalf("the first suggestion is %v", form)
		}
		holds(t, h.as(t, "ada", "POST", "/datasets/d/clean/step", form), "add", 303)
		if page := h.page(t, "ada", "/datasets/d/clean", 200, "1 étape"); strings.Contains(page, "additionne les autres") {
			t.Error("a suggestion that was followed is made again")
		}
	})
}

func TestValues_areMergedAsChosen(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.text = "Ville;n\nSaint-Denis;1\nSaint-Denis;2\nSAINT DENIS;3\nDupont;4\nDupond;5\n"
		h.page(t, "ada", "/datasets/d/clean", 200, "/datasets/d/clean/values?column=Ville")
		h.page(t, "ada", "/datasets/d/clean/values", 200, "Quelle colonne")
		h.page(t, "ada", "/datasets/d/clean/values?column=Ville", 200, "Groupe 1", `value="SAINT DENIS" checked`, "Saint-Denis — 2 cellules", `name="to-1"`)
		page := h.page(t, "ada", "/datasets/d/clean/values?column=Ville&method=phonetic", 200, `value="Dupond"`)
		if strings.Contains(page, `value="Dupond" checked`) {
			t.Error("what merely sounds alike is ticked")
		}
		h.page(t, "ada", "/datasets/d/clean/values?column=n", 200, "Aucune valeur proche")
		h.page(t, "ada", "/datasets/d/clean/values?column=x", 404)
		h.page(t, "ada", "/datasets/d/clean/values?column=Ville&method=magic", 422, "n’existe pas")
		none := url.Values{"column": {"Ville"}, "method": {"phonetic"}, "to-1": {"Chez Dupont"}}
		holds(t, h.post(t, "ada", "values", none), "nothing ticked", 422, "Choisissez au moins une valeur", `value="Chez Dupont"`)
		holds(t, h.post(t, "ada", "values", url.Values{"column": {"Ville"}, "from-1": {"Saint-Denis", "SAINT DENIS"}, "to-1": {"Saint-Denis"}}), "merge", 303)
		h.page(t, "ada", "/datasets/d/clean", 200, "<ins>Saint-Denis</ins>", "(1 remplacées)")
		h.page(t, "ada", "/datasets/d/clean?edit=0", 200, "Écrire à la place de « SAINT DENIS »")
		h.step(t, url.Values{"kind": {"cluster"}, "at": {"0"}, "column": {"Ville"}, "values.from": {"SAINT DENIS"}, "values.to": {"St-Denis"}})
		h.page(t, "ada", "/datasets/d/clean", 200, "<ins>St-Denis</ins>")
	})
}
