package registerweb_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/outbox"
	"cultured/internal/register"
	"cultured/internal/register/registerdb"
	"cultured/internal/register/registerweb"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

var (
	noon   = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	people = map[string]actor.Actor{
		"sue": {ID: "sue", Organisation: "o", Name: "Sue", Roles: []actor.Role{actor.Steward}},
		"dan": {ID: "dan", Organisation: "o", Name: "Dan", Roles: []actor.Role{actor.DPO}},
		"bob": {ID: "bob", Organisation: "o", Name: "Bob"},
		"ann": {ID: "ann", Organisation: "o", Name: "Ann"},
		"eve": {ID: "eve", Organisation: "elsewhere", Name: "Eve", Roles: []actor.Role{actor.Steward}},
	}
	bike = register.Subject{Key: register.Key{Kind: register.Form, ID: "f"}, Organisation: "o", Title: "Enquête vélo", Owner: "bob",
		Fields: []register.Field{{Name: "mail", Label: "Courriel", Data: "identity", Purpose: "Répondre aux demandes", Months: 12}}}
)

type who struct{}

func (who) Identify(_ context.Context, session string) (actor.Actor, error) {
	return people[session], nil
}

// estate is the other rooms: a dataset of bob's, and a form of his that loses three answers.
type estate struct{}

func (estate) Held(_ context.Context, by actor.Actor, id string) (register.Held, error) {
	if by.Organisation != "o" || id != "d" {
		return register.Held{}, fault.New(fault.NotFound, "web.not_found")
	}
	return register.Held{Title: "Partenaires", Owner: "bob", May: by.ID == "bob"}, nil
}
func (estate) Erase(context.Context, register.Retention) (bool, error) { return false, nil }
func (estate) Tell(context.Context, string, register.Coming) error     { return nil }
func (estate) Coming(context.Context, string, int) (map[string][]register.Coming, error) {
	return map[string][]register.Coming{"o": {{Key: bike.Key, Title: "Enquête vélo", Owner: "bob", Day: "2026-03-20", Months: 12, Count: 3}}}, nil
}

type house struct {
	*web.Site
	*register.Service
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// each opens the pages over both databases.
func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "register", Files: registerdb.Migrations}}, func(t *testing.T, d *db.DB) {
		words, err := i18n.Load(web.Text, ui.Text, register.Text, registerweb.Text)
		ok(t, err)
		ok(t, ui.Prepare(words))
		now := func() time.Time { return noon }
		store := &registerdb.Store{DB: d, Now: now}
		h := &house{Service: &register.Service{Store: store, Subjects: store, Retentions: store, Traces: store, Watch: store, Reaper: estate{}, Now: now}}
		h.Site = &web.Site{Catalogue: words, Identify: who{}, ShowError: ui.ShowError, Log: slog.New(slog.DiscardHandler), Now: now, BaseURL: "https://d.example",
			Brand: func(context.Context, actor.Actor) web.Brand { return web.Brand{Name: "Valmoret"} }}
		registerweb.Routes(h.Site, registerweb.Desk{Register: h.Service, Now: now,
			Tabs: func(_ *http.Request, id, title string) (dataset, protect ui.Tabs) {
				one := ui.Tabs{Label: title, Items: []ui.Tab{{Label: title, Href: "/datasets/" + id, Current: true}}}
				return one, one
			},
			Names: func(context.Context, actor.Actor, ...string) (map[string]string, error) {
				return map[string]string{"sue": "Sue", "dan": "Dan"}, nil
			},
			Organisation: func(context.Context, actor.Actor) (string, error) { return "Commune de Valmoret", nil }})
		fn(t, h)
	})
}

func (h *house) ask(t *testing.T, name, method, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Accept-Language", "fr")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "__Host-session", Value: name})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// says checks the status and the words of a page, "!" before those that are not to be there.
func (h *house) says(t *testing.T, w *httptest.ResponseRecorder, status int, words ...string) string {
	t.Helper()
	body := html.UnescapeString(regexp.MustCompile(`[\s\x{a0}]+`).ReplaceAllString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(w.Body.String(), " "), " "))
	if w.Code != status {
		t.Fatalf("got %d, want %d: %s", w.Code, status, body)
	}
	for _, word := range words {
		if want, not := strings.CutPrefix(word, "!"); strings.Contains(body, want) == not {
			t.Errorf("%q in the page: %t\n%s", want, !not, body)
		}
	}
	return w.Body.String()
}

// typed reads a form as a browser would send it back.
func typed(page string) url.Values {
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input[^>]*>`).FindAllString(page, -1) {
		attr := func(name string) string {
			if m := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(m); m != nil {
				return html.UnescapeString(m[1])
			}
			return ""
		}
		if kind := attr("type"); (kind == "checkbox" || kind == "radio") && !strings.Contains(m, " checked") || kind == "search" || attr("name") == "theme" {
			continue
		}
		form.Add(attr("name"), attr("value"))
	}
	for _, m := range regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>`).FindAllStringSubmatch(page, -1) {
		form.Add(m[1], strings.TrimPrefix(html.UnescapeString(m[2]), "\n")) // as browsers do
	}
	for _, m := range regexp.MustCompile(`(?s)<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>`).FindAllStringSubmatch(page, -1) {
		if o := regexp.MustCompile(`<option value="([^"]*)" selected`).FindStringSubmatch(m[2]); o != nil {
			form.Add(m[1], o[1])
		}
	}
	return form
}

// entered makes an entry from the form of the tests and returns its page.
func (h *house) entered(t *testing.T) string {
	t.Helper()
	ok(t, h.Hear(t.Context(), bike))
	page := h.says(t, h.ask(t, "sue", "GET", "/register/new?from=form:f", nil), 200, "Fiche remplie à partir de « Enquête vélo »")
	form := typed(page)
	if form.Get("purposes") != "Répondre aux demandes" || form.Get("retention") != "Courriel : 12 mois" || form.Get("controller") != "Commune de Valmoret" || form.Get("review") != "2027-03-02" ||
		!slices.Equal(form["data"], []string{"identity"}) || !slices.Equal(form["sources"], []string{"form:f"}) {
		t.Errorf("the form is filled with %v", form)
	}
	form.Set("people", "Cyclistes")
	w := h.ask(t, "sue", "POST", "/register/new", form)
	h.says(t, w, 303)
	return w.Header().Get("Location")
}

func TestTheEmptyRegisterSaysWhatItIs(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.says(t, h.ask(t, "bob", "GET", "/register", nil), 200, "Le registre est vide", "L’article 30 du RGPD", "!Nouvelle fiche", "!À inscrire")
		h.says(t, h.ask(t, "sue", "GET", "/register", nil), 200, "Nouvelle fiche")
		h.says(t, h.ask(t, "", "GET", "/register", nil), 303)
		h.says(t, h.ask(t, "bob", "GET", "/register/new", nil), 403, "Dites-leur ce qui manque")
		h.says(t, h.ask(t, "sue", "GET", "/register/entries/none", nil), 404)
	})
}

func TestAnEntryIsFilledFromAForm(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := h.entered(t)
		h.says(t, h.ask(t, "ann", "GET", at, nil), 200, "Répondre aux demandes", "Cyclistes", "À remplir pour que la fiche soit complète", "Destinataires", "!Supprimer la fiche", "!Modifier")
		page := h.says(t, h.ask(t, "sue", "GET", "/register", nil), 200, "1 fiche", "4 rubriques à remplir", "!À inscrire")
		if !strings.Contains(page, at) {
			t.Errorf("the list does not lead to %s", at)
		}
		h.says(t, h.ask(t, "ann", "GET", "/register/print", nil), 200, "Commune de Valmoret", "1 fiche, au 02/03/2026", "non renseigné")
		h.says(t, h.ask(t, "eve", "GET", at, nil), 404)
	})
}

func TestWhoOwnsAFormIsToldItIsToBeEntered(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ok(t, h.Hear(t.Context(), bike))
		h.says(t, h.ask(t, "bob", "GET", "/register", nil), 200, "À inscrire", "Enquête vélo", "Courriel", "!Inscrire Enquête")
		h.says(t, h.ask(t, "ann", "GET", "/register", nil), 200, "!Enquête vélo")
		if page := h.says(t, h.ask(t, "sue", "GET", "/register", nil), 200, "1 formulaire ou jeu de données contient"); !strings.Contains(page, "/register/new?from=form:f") {
			t.Error("nothing leads to the entry of the form")
		}
	})
}

func TestBadInputKeepsWhatWasTyped(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		form := url.Values{"name": {""}, "purposes": {"Servir\nles repas"}, "delicate": {"medical"}, "transfers": {"Hébergeur"}, "review": {"demain"}}
		page := h.says(t, h.ask(t, "sue", "POST", "/register/new", form), 422, "Donnez un nom à l’activité", "dites ce qui autorise à les traiter", "dites ce qui le garantit", "Écrivez une date")
		if !strings.Contains(page, "Servir\nles repas") || !regexp.MustCompile(`value="medical"[^>]*checked`).MatchString(page) {
			t.Error("what was typed is lost")
		}
	})
}

func TestWhatChangedSinceIsSaidUntilItIsTakenIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := h.entered(t)
		longer := bike
		longer.Fields = []register.Field{{Name: "mail", Label: "Courriel", Data: "identity", Purpose: "Répondre aux demandes", Months: 24}, {Name: "tel", Label: "Téléphone", Data: "identity"}}
		ok(t, h.Hear(t.Context(), longer))
		h.says(t, h.ask(t, "ann", "GET", "/register", nil), 200, "A changé depuis")
		h.says(t, h.ask(t, "ann", "GET", at, nil), 200, "Ce qui a changé depuis", "Conservation de Courriel : de « 12 mois » à « 24 mois »", "Nouveau champ : Téléphone", "!Mettre la fiche à jour")
		form := typed(h.says(t, h.ask(t, "sue", "GET", at+"/edit", nil), 200, "En l’enregistrant, vous dites que ces changements sont pris en compte"))
		form.Set("retention", "Courriel : 24 mois")
		h.says(t, h.ask(t, "sue", "POST", at+"/edit", form), 303)
		h.says(t, h.ask(t, "sue", "GET", at, nil), 200, "!Ce qui a changé depuis", "A changé : Durées de conservation, Formulaires et jeux de données couverts")
		if w := h.ask(t, "sue", "POST", at+"/edit", form); w.Code != 422 { // from another window, opened before
			t.Errorf("got %d", w.Code)
		} else {
			h.says(t, w, 422, "Quelqu’un a modifié cette fiche entre-temps")
		}
	})
}

func TestAnEntryIsDeletedAndComesBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := h.entered(t)
		h.says(t, h.ask(t, "bob", "POST", at+"/remove", nil), 403)
		h.says(t, h.ask(t, "sue", "POST", at+"/remove", url.Values{"removed": {"yes"}}), 303)
		h.says(t, h.ask(t, "sue", "GET", "/register", nil), 200, "Le registre est vide", "Fiches supprimées", "À inscrire")
		h.says(t, h.ask(t, "bob", "GET", "/register", nil), 200, "!Fiches supprimées")
		h.says(t, h.ask(t, "sue", "POST", at+"/remove", url.Values{"removed": {"no"}}), 303)
		form := typed(h.says(t, h.ask(t, "sue", "GET", at+"/edit", nil), 200))
		form.Set("name", "Vélos et trottinettes")
		h.says(t, h.ask(t, "sue", "POST", at+"/edit", form), 303)
		h.says(t, h.ask(t, "sue", "POST", at+"/restore", url.Values{"revision": {"1"}}), 303)
		h.says(t, h.ask(t, "sue", "GET", at, nil), 200, "Enquête vélo", "Retour à un état précédent", "Fiche rétablie", "Fiche supprimée")
	})
}

func TestTheRegisterLeavesAsFiles(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := h.entered(t)
		form := typed(h.says(t, h.ask(t, "sue", "GET", at+"/edit", nil), 200))
		form.Set("recipients", "=SOMME(A1)")
		form.Set("people", "Cyclistes\nPiétons")
		h.says(t, h.ask(t, "sue", "POST", at+"/edit", form), 303)
		rows, err := csv.NewReader(bytes.NewReader(h.ask(t, "ann", "GET", "/register/export/register.csv", nil).Body.Bytes())).ReadAll()
		ok(t, err)
		cell := func(rows [][]string, column string) string { return rows[1][slices.Index(rows[0], column)] }
		if len(rows) != 2 || cell(rows, "Destinataires") != "'=SOMME(A1)" || cell(rows, "Catégories de personnes") != "Cyclistes\nPiétons" {
			t.Errorf("got %q", rows)
		}
		for _, format := range []string{"ods", "xlsx"} {
			w := h.ask(t, "ann", "GET", "/register/export/register."+format, nil)
			if w.Header().Get("Content-Type") != tabular.SheetType(format) {
				t.Errorf("%s: got %v", format, w.Header())
			}
			table, err := tabular.Open(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()), "r."+format, tabular.Options{})
			ok(t, err)
			row, err := table.Next()
			if err != nil || row.Cells[slices.Index(table.Columns(), "Catégories de personnes")] != "Cyclistes\nPiétons" || row.Cells[slices.Index(table.Columns(), "Destinataires")] != "=SOMME(A1)" {
				t.Errorf("%s: got %q, %v", format, row.Cells, err)
			}
			if _, err := table.Next(); err != io.EOF {
				t.Errorf("%s: more than a row: %v", format, err)
			}
			ok(t, table.Close())
		}
		if w := h.ask(t, "ann", "GET", "/register/export/register.odt", nil); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "PK") {
			t.Errorf("got %d", w.Code)
		}
		h.says(t, h.ask(t, "ann", "GET", "/register/export/register.exe", nil), 404)
		h.says(t, h.ask(t, "", "GET", "/register/export/register.csv", nil), 303)
	})
}

func TestALastDayIsSetAndTakenAway(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		const at = "/datasets/d/protect/retention"
		h.says(t, h.ask(t, "ann", "GET", at, nil), 200, "Aucune date n’est fixée", "!Fixer la date")
		h.says(t, h.ask(t, "ann", "POST", at, url.Values{"until": {"2026-12-31"}, "why": {"règle"}}), 403)
		h.says(t, h.ask(t, "eve", "GET", at, nil), 404)
		h.says(t, h.ask(t, "bob", "POST", at, url.Values{"until": {""}, "why": {"Délibération"}}), 422, "Écrivez une date")
		if page := h.says(t, h.ask(t, "bob", "POST", at, url.Values{"until": {"2026-03-03"}, "why": {""}}), 422, "dans 7 jours au moins", "Dites sur quelle règle"); !strings.Contains(page, `value="2026-03-03"`) {
			t.Error("what was typed is lost")
		}
		h.says(t, h.ask(t, "bob", "POST", at, url.Values{"until": {"2026-04-15"}, "why": {"Délibération du 1er mars"}}), 303)
		h.says(t, h.ask(t, "ann", "GET", at, nil), 200, "gardé jusqu’au 15/04/2026 inclus", "Délibération du 1er mars", "!Garder sans limite")
		h.says(t, h.ask(t, "bob", "GET", "/register/ends", nil), 200, "Partenaires", "15/04/2026", "Enquête vélo", "12 mois après la réponse", "réponses personnelles de 3 personnes", "Rien n’a encore été effacé")
		h.says(t, h.ask(t, "ann", "GET", "/register/ends", nil), 200, "Rien n’est à effacer", "!Partenaires", "!Enquête vélo")
		ok(t, h.Traces.Note(t.Context(), register.Erasure{Organisation: "o", Event: 7, Day: "2026-03-01", Key: register.Key{Kind: register.Dataset, ID: "x"}, Title: "Vieux partenaires", Until: "2026-02-28", Why: "Tableau de gestion", Count: 420}))
		h.says(t, h.ask(t, "ann", "GET", "/register/ends", nil), 200, "Vieux partenaires", "Gardé jusqu’au 28/02/2026. Tableau de gestion", "tout le jeu de données, 420 lignes")
		h.says(t, h.ask(t, "bob", "POST", at, url.Values{"do": {"release"}}), 303)
		h.says(t, h.ask(t, "bob", "GET", at, nil), 200, "Aucune date n’est fixée")
	})
}

func TestTheOfficerSaysWhatTheyThink(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := h.entered(t)
		page := h.says(t, h.ask(t, "dan", "GET", at, nil), 200, "n’a pas encore donné d’avis", "Donner cet avis", "Modifier")
		form := typed(page)
		h.says(t, h.ask(t, "dan", "POST", at+"/advise", url.Values{"revision": form["revision"], "verdict": {"reserved"}}), 422, "Dites ce qu’il faut changer")
		h.says(t, h.ask(t, "dan", "POST", at+"/advise", url.Values{"revision": form["revision"], "text": {"x"}}), 422, "Choisissez dans la liste")
		h.says(t, h.ask(t, "sue", "POST", at+"/advise", url.Values{"revision": {"1"}, "verdict": {"approved"}}), 403, "Seul le délégué")
		h.says(t, h.ask(t, "dan", "POST", at+"/advise", url.Values{"revision": {"1"}, "verdict": {"reserved"}, "text": {"Gardez le courriel six mois."}}), 303)
		h.says(t, h.ask(t, "ann", "GET", at, nil), 200, "Avec réserves", "Gardez le courriel six mois.", "Dan", "!Donner cet avis", "!a changé depuis cet avis")
		edit := typed(h.says(t, h.ask(t, "sue", "GET", at+"/edit", nil), 200))
		edit.Set("retention", "Courriel : 6 mois")
		h.says(t, h.ask(t, "sue", "POST", at+"/edit", edit), 303)
		h.says(t, h.ask(t, "ann", "GET", "/register", nil), 200, "La fiche a changé depuis cet avis")
		if page := h.says(t, h.ask(t, "dan", "POST", at+"/advise", url.Values{"revision": {"1"}, "verdict": {"approved"}, "text": {"Relue."}}), 409, "pendant que vous la lisiez"); !strings.Contains(page, "Relue.") {
			t.Error("what was typed is lost")
		}
		h.says(t, h.ask(t, "dan", "POST", at+"/advise", url.Values{"revision": {"2"}, "verdict": {"approved"}}), 303)
		h.says(t, h.ask(t, "ann", "GET", "/register", nil), 200, "Favorable", "!a changé depuis cet avis")
		rows, err := csv.NewReader(bytes.NewReader(h.ask(t, "ann", "GET", "/register/export/register.csv", nil).Body.Bytes())).ReadAll()
		ok(t, err)
		if got := rows[1][slices.Index(rows[0], "Avis du délégué à la protection des données")]; got != "Favorable, le 02/03/2026" {
			t.Errorf("got %q", got)
		}
		h.says(t, h.ask(t, "eve", "POST", at+"/advise", url.Values{"revision": {"2"}, "verdict": {"approved"}}), 403)
	})
}

func TestTheOfficerIsToldOfPublications(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		blocked := register.Alert{Organisation: "o", Event: 7, At: noon, Kind: register.Blocked, Dataset: "d", Title: "Partenaires", Columns: "nom, tel", Person: "sue"}
		for i, want := range []bool{true, false, false} {
			if i == 2 {
				blocked.Event = 8 // tried again before anybody looked
			}
			if fresh, err := h.Alarm(t.Context(), blocked); err != nil || fresh != want {
				t.Errorf("alarm %d: got %v, %v", i, fresh, err)
			}
		}
		forced := blocked
		forced.Event, forced.Kind, forced.Reason = 9, register.Forced, "Ce sont des lieux d’accueil du public."
		if fresh, err := h.Alarm(t.Context(), forced); err != nil || !fresh {
			t.Errorf("got %v, %v", fresh, err)
		}
		h.says(t, h.ask(t, "dan", "GET", "/register", nil), 200, "2 publications bloquées ou forcées attendent")
		h.says(t, h.ask(t, "sue", "GET", "/register", nil), 200, "!attendent votre regard", "Publications bloquées ou forcées")
		h.says(t, h.ask(t, "ann", "GET", "/register", nil), 200, "!Publications bloquées")
		h.says(t, h.ask(t, "ann", "GET", "/register/alerts", nil), 403)
		page := h.says(t, h.ask(t, "dan", "GET", "/register/alerts", nil), 200, "Publication bloquée", "nom, tel", "Publié malgré l’alerte", "lieux d’accueil du public", "Sue", "J’ai regardé")
		if !strings.Contains(page, `href="/datasets/d/protect/report"`) {
			t.Error("nothing leads to the report")
		}
		h.says(t, h.ask(t, "sue", "GET", "/register/alerts", nil), 200, "Publié malgré l’alerte", "!J’ai regardé")
		h.says(t, h.ask(t, "sue", "POST", "/register/alerts/see", url.Values{"event": {"7"}}), 403)
		h.says(t, h.ask(t, "dan", "POST", "/register/alerts/see", url.Values{"event": {"12"}}), 404)
		h.says(t, h.ask(t, "dan", "POST", "/register/alerts/see", url.Values{"event": {"7"}}), 303)
		h.says(t, h.ask(t, "dan", "POST", "/register/alerts/see", url.Values{"event": {"9"}}), 303)
		h.says(t, h.ask(t, "dan", "GET", "/register", nil), 200, "!attendent votre regard")
		h.says(t, h.ask(t, "sue", "GET", "/register/alerts", nil), 200, "Regardée par Dan")
		h.says(t, h.ask(t, "eve", "GET", "/register/alerts", nil), 200, "Aucune publication bloquée")
		blocked.Event = 10
		if fresh, err := h.Alarm(t.Context(), blocked); err != nil || !fresh {
			t.Errorf("what comes back after it was looked into: %v, %v", fresh, err)
		}
	})
}
