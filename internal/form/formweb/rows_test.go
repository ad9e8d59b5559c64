package formweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestAGroup_growsWithoutScripts(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := h.send(t, "ada", "/forms/new", url.Values{"from": {"blank"}, "title": {"Budget"}}, http.StatusSeeOther)
		h.add(t, at, "repeat", "label", "Dépense", "max", "2")
		h.add(t, at, "number", "label", "Prix", "required", "on", "within", "depense", "after", "depense")
		h.add(t, at, "computed", "label", "Avec TVA", "formula", "[Prix]*1,2", "within", "depense", "after", "prix")
		h.add(t, at, "computed", "label", "Total", "formula", "[Avec TVA]", "after", "avec_tva")
		page := h.page(t, "ada", at+"/blocks/new?kind=computed", http.StatusOK, "entre crochets", `name="within"`)
		h.send(t, "ada", at+"/blocks/new", with(page, "kind", "computed", "label", "x", "formula", "[Taille]", "after", "total"), http.StatusUnprocessableEntity, "ne s’appelle « Taille »", `href="#formula"`)
		h.page(t, "ada", at, http.StatusOK, "Dans le groupe « Dépense »", "[prix]*1,2")
		h.send(t, "ada", at+"/publish", with(h.page(t, "ada", at, http.StatusOK)), http.StatusSeeOther)
		public := "/f/" + strings.TrimPrefix(at, "/forms/")

		page = h.page(t, "", public, http.StatusOK, `name="q-depense.1.prix"`, `<template><fieldset class="p-row"><legend>Dépense 0`, "form-rows")
		h.now = h.now.Add(time.Minute)
		page = h.send(t, "", public, with(page, "q-depense", "1", "q-depense.1.prix", "10", "row", "depense"), http.StatusOK, `value="10"`, `name="q-depense.2.prix"`, ">12<", `value="depense" formnovalidate hidden`, "!c-errors")
		page = h.send(t, "", public, with(page, "q-depense", "2", "q-depense.1.prix", "10", "q-depense.2.prix", "dix", "compute", "1"), http.StatusOK, `value="dix"`, ">12<")
		page = h.send(t, "", public, with(page, "q-depense", "2", "q-depense.1.prix", "10", "q-depense.2.prix", "dix"), http.StatusUnprocessableEntity, `href="#q-depense.2.prix"`)
		body := h.send(t, "", public+"/computed", with(page, "q-depense", "2", "q-depense.1.prix", "10", "q-depense.2.prix", "1,5"), http.StatusOK)
		if body != `{"q-depense.1.avec_tva":"12","q-depense.2.avec_tva":"1,8","q-total":"13,8"}`+"\n" {
			t.Errorf("got %s", body)
		}
		h.send(t, "", public, with(page, "q-depense", "2", "q-depense.1.prix", "10", "q-depense.2.prix", "1,5", "q-total", "999999"), http.StatusSeeOther)
		h.page(t, "ada", at+"/answers/export/answers.csv", http.StatusOK, "depense,depense_1_prix,depense_1_avec_tva,depense_2_prix,depense_2_avec_tva,total", ",2,10,12,1.5,1.8,13.8")
		list := h.page(t, "ada", at+"/answers", http.StatusOK)
		_, rest, _ := strings.Cut(list, at+"/answers/0")
		answer, _, _ := strings.Cut(rest, `"`)
		h.page(t, "ada", at+"/answers/0"+answer, http.StatusOK, "<h2>Dépense 2</h2>", "1,8", "13,8")
	})
}

func TestWhatIsProposed_standsUntilSomebodyChangesIt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := h.send(t, "ada", "/forms/new", url.Values{"from": {"blank"}, "title": {"Adhésion"}}, http.StatusSeeOther)
		h.add(t, at, "line", "label", "Pays", "initial", "France")
		h.add(t, at, "date", "label", "Reçu", "initial-today", "on", "after", "pays")
		h.add(t, at, "many", "label", "Jours", "options", "Lundi\nMardi", "initial", "Mardi", "after", "recu")
		h.add(t, at, "one", "label", "Visite", "options", "Oui\nNon", "after", "jours")
		h.add(t, at, "line", "label", "Langue", "initial", "français", "when", "visite", "value", "Oui", "after", "visite")
		page := h.page(t, "ada", at+"/blocks/new?kind=one", http.StatusOK, `name="initial"`)
		h.send(t, "ada", at+"/blocks/new", with(page, "kind", "one", "label", "Rythme", "options", "Un\nDeux", "initial", "Trois"), http.StatusUnprocessableEntity, `href="#initial"`, "« Trois » n’est pas une des réponses possibles")
		h.page(t, "ada", at, http.StatusOK, "Proposé d’avance : la date du jour", "Proposé d’avance : Mardi")
		h.page(t, "ada", at+"/preview", http.StatusOK, `value="France"`, `value="2026-03-02"`)
		h.send(t, "ada", at+"/publish", with(h.page(t, "ada", at, http.StatusOK)), http.StatusSeeOther)
		public := "/f/" + strings.TrimPrefix(at, "/forms/")

		page = h.page(t, "", public, http.StatusOK, `value="France"`, `value="2026-03-02"`, `data-today="q-recu"`, `value="Mardi" checked`)
		h.now = h.now.Add(time.Minute)
		page = h.send(t, "", public, with(page, "q-pays", "", "q-visite", "Oui"), http.StatusUnprocessableEntity, `value="français"`, "!value=\"France\"", "!value=\"Mardi\" checked", "!data-today")
		h.send(t, "", public, with(page, "q-visite", "Oui", "q-langue", "", "shown", "langue"), http.StatusSeeOther)
		h.page(t, "ada", at+"/answers/export/answers.csv", http.StatusOK, "pays,recu,jours,visite,langue", ",,,,Oui,")
	})
}

func TestChoices_dependOnAnAnswerWithoutScripts(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := h.send(t, "ada", "/forms/new", url.Values{"from": {"blank"}, "title": {"Enquête"}}, http.StatusSeeOther)
		h.add(t, at, "one", "label", "Ville", "options", "Bordeaux\nLyon")
		page := h.page(t, "ada", at+"/blocks/new?kind=one", http.StatusOK, "Les choix dépendent de la réponse à")
		fields := []string{"kind", "one", "label", "Quartier", "options", "Bastide\nBellecour", "required", "on", "narrow", "ville", "after", "ville"}
		h.send(t, "ada", at+"/blocks/new", with(page, append(fields, "with", "Bastide = Brest")...), http.StatusUnprocessableEntity, `href="#with"`, "« Brest » n’est pas une réponse possible à « Ville »", "Bastide = Brest")
		h.send(t, "ada", at+"/blocks/new", with(page, "kind", "one", "label", "Quartier", "options", "Bastide\nBellecour", "after", "ville", "with", "Bastide = Bordeaux"), http.StatusUnprocessableEntity, `href="#narrow"`, "Bastide = Bordeaux")
		h.send(t, "ada", at+"/blocks/new", with(page, append(fields, "with", "Bastide = Bordeaux\nBellecour = Lyon")...), http.StatusSeeOther)
		h.page(t, "ada", at, http.StatusOK, "Les choix dépendent de la réponse à « Ville »")
		h.page(t, "ada", at+"/blocks/quartier", http.StatusOK, "Bellecour = Lyon", `value="ville" selected`)
		h.send(t, "ada", at+"/preview", with(h.page(t, "ada", at+"/preview", http.StatusOK), "q-ville", "Lyon"), http.StatusUnprocessableEntity, `value="quartier=Lyon"`)
		h.send(t, "ada", at+"/publish", with(h.page(t, "ada", at, http.StatusOK)), http.StatusSeeOther)
		public := "/f/" + strings.TrimPrefix(at, "/forms/")

		page = h.page(t, "", public, http.StatusOK, `data-field="q-ville"`, ` hidden><template>`, "!quartier=")
		h.now = h.now.Add(time.Minute)
		page = h.send(t, "", public, with(page, "q-ville", "Lyon"), http.StatusUnprocessableEntity, `value="quartier=Lyon"`, `href="#q-quartier"`, "!c-errors")
		page = h.send(t, "", public, with(page, "q-ville", "Bordeaux", "q-quartier", "Bellecour", "shown", "quartier=Lyon"), http.StatusUnprocessableEntity, `value="quartier=Bordeaux"`)
		page = h.send(t, "", public, with(page, "q-ville", "Bordeaux", "q-quartier", "Bellecour", "shown", "quartier=Bordeaux"), http.StatusUnprocessableEntity, "« Bellecour » ne va pas avec la réponse « Bordeaux » à « Ville »")
		h.send(t, "", public, with(page, "q-ville", "Bordeaux", "q-quartier", "Bastide", "shown", "quartier=Bordeaux"), http.StatusSeeOther)
		h.page(t, "ada", at+"/answers/export/answers.csv", http.StatusOK, "ville,quartier", ",Bordeaux,Bastide")
	})
}
