package formweb_test

import (
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	schemafiles "cultured/content/schemas"
	"cultured/internal/actor"
	"cultured/internal/blob"
	"cultured/internal/dataset"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/filetype"
	"cultured/internal/form"
	"cultured/internal/form/formdb"
	"cultured/internal/form/formweb"
	"cultured/internal/i18n"
	"cultured/internal/outbox"
	"cultured/internal/schema"
	"cultured/internal/ui"
	"cultured/internal/web"
)

var people = map[string]actor.Actor{
	"ada": {ID: "ada", Organisation: "o", Service: "culture", Name: "Ada", Email: "ada@o.example"},
	"bob": {ID: "bob", Organisation: "o", Name: "Bob", Email: "bob@o.example"},
	"eve": {ID: "eve", Organisation: "elsewhere", Name: "Eve", Email: "eve@e.example"},
}

type who struct{}

func (who) Identify(_ context.Context, session string) (actor.Actor, error) {
	return people[session], nil
}

type house struct {
	*web.Site
	*form.Service
	now time.Time
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var contacts = dataset.Dataset{ID: "d", Organisation: "o", Title: "Contacts", Dictionary: []dataset.Entry{{Name: "nom", Label: "Nom", Personal: "direct", Required: true}, {Name: "effectif", Label: "Effectif", Type: dataset.TypeInteger}}}

// each opens the pages over both databases.
func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	rooms := []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "form", Files: formdb.Migrations}}
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		words, err := i18n.Load(web.Text, ui.Text, filetype.Text, form.Text, formweb.Text)
		ok(t, err)
		ok(t, ui.Prepare(words))
		pack, err := schema.LoadPack(schemafiles.Files)
		ok(t, err)
		disk, err := blob.OpenDisk(t.TempDir())
		ok(t, err)
		h := &house{now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}
		now := func() time.Time { return h.now }
		store := &formdb.Store{DB: d, Now: now}
		h.Service = &form.Service{Store: store, Replies: store, Keeper: store, Feeder: store, Files: store, Shelf: blob.Private{Store: disk}, Key: []byte("0123456789abcdef0123456789abcdef"), Now: now}
		h.Site = &web.Site{Catalogue: words, Identify: who{}, ShowError: ui.ShowError, Log: slog.New(slog.DiscardHandler), Now: now, BaseURL: "https://donnees.example",
			Brand: func(context.Context, actor.Actor) web.Brand { return web.Brand{Name: "Valmoret"} }}
		formweb.Routes(h.Site, formweb.Desk{Form: h.Service, Schemas: pack, BaseURL: "https://donnees.example",
			Registered: func(context.Context, actor.Actor, form.ID) (formweb.Registered, error) {
				return formweb.Registered{Personal: true, Entries: []ui.LinkButton{{Label: "Lettre aux habitants", Href: "/register/entries/e"}}}, nil
			},
			Datasets: func(context.Context, actor.Actor) ([]dataset.Dataset, error) {
				return []dataset.Dataset{contacts}, nil
			},
			Dataset: func(context.Context, actor.Actor, dataset.ID) (dataset.Dataset, error) { return contacts, nil },
			Names: func(_ context.Context, _ actor.Actor, ids ...string) (map[string]string, error) {
				out := map[string]string{}
				for _, id := range ids {
					if p, ok := people[id]; ok {
						out[id] = p.Name
					}
				}
				return out, nil
			},
			Colleagues: func(context.Context, form.Form) ([]formweb.Colleague, error) {
				return []formweb.Colleague{{ID: "ada", Name: "Ada"}}, nil
			},
			Address: func(r *http.Request) string { return r.RemoteAddr }})
		fn(t, h)
	})
}

func (h *house) as(t *testing.T, name, method, path string, fields url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Accept-Language", "fr")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: "__Host-session", Value: name})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// page asks for a page, wants its status and its parts, and returns it.
func (h *house) page(t *testing.T, name, path string, status int, parts ...string) string {
	t.Helper()
	return read(t, h.as(t, name, "GET", path, nil), path, status, parts...)
}

func (h *house) send(t *testing.T, name, path string, fields url.Values, status int, parts ...string) string {
	t.Helper()
	w := h.as(t, name, "POST", path, fields)
	body := read(t, w, path, status, parts...)
	if status == http.StatusSeeOther {
		return w.Header().Get("Location")
	}
	return body
}

func read(t *testing.T, w *httptest.ResponseRecorder, path string, status int, parts ...string) string {
	t.Helper()
	body := strings.ReplaceAll(html.UnescapeString(w.Body.String()), "\u00a0", " ")
	if w.Code != status {
		t.Fatalf("%s: got %d, want %d\n%s", path, w.Code, status, body)
	}
	for _, part := range parts {
		if no, isNo := strings.CutPrefix(part, "!"); isNo && strings.Contains(body, no) {
			t.Errorf("%s: has %q", path, no)
		} else if !isNo && !strings.Contains(body, part) {
			t.Errorf("%s: lacks %q", path, part)
		}
	}
	if t.Failed() && os.Getenv("SHOW") != "" {
		t.Log(body)
	}
	return body
}

var hidden = regexp.MustCompile(`name="(ticket|revision)" value="([^"]*)"`)

// with is fields sent back with what the page hides.
func with(page string, pairs ...string) url.Values {
	v := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		v.Set(m[1], m[2])
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func (h *house) add(t *testing.T, at, kind string, pairs ...string) {
	t.Helper()
	page := h.page(t, "ada", at+"/blocks/new?kind="+kind, http.StatusOK)
	h.send(t, "ada", at+"/blocks/new", with(page, append([]string{"kind", kind}, pairs...)...), http.StatusSeeOther)
}

// survey makes a form through its pages, published: a choice, and a question that hangs on it.
func (h *house) survey(t *testing.T) (at, public string) {
	t.Helper()
	at = h.send(t, "ada", "/forms/new", url.Values{"from": {"blank"}, "title": {"Enquête"}}, http.StatusSeeOther)
	h.add(t, at, "one", "label", "Venez-vous en vélo ?", "options", "Oui\r\nNon", "required", "on")
	h.add(t, at, "line", "label", "Où le garez-vous ?", "required", "on", "when", "venez_vous_en_velo", "value", "Oui", "after", "venez_vous_en_velo")
	h.add(t, at, "email", "label", "Courriel", "purpose", "vous répondre", "retention", "12", "after", "ou_le_garez_vous")
	h.send(t, "ada", at+"/publish", with(h.page(t, "ada", at, http.StatusOK)), http.StatusSeeOther)
	return at, "/f/" + strings.TrimPrefix(at, "/forms/")
}

func TestForms_areMadeOfADictionaryAndOfASchema(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.page(t, "ada", "/forms", http.StatusOK, "Aucun formulaire")
		h.page(t, "ada", "/forms/new?dataset=d", http.StatusOK, `value="dataset" checked`, `<option value="d" selected>Contacts`)
		at := h.send(t, "ada", "/forms/new", url.Values{"from": {"dataset"}, "dataset": {"d"}}, http.StatusSeeOther)
		page := h.page(t, "ada", at, http.StatusOK, "Contacts", "Effectif", "« Nom » concerne une personne", "2 choses restent")
		h.send(t, "ada", at+"/publish", with(page), http.StatusUnprocessableEntity, `href="#q-nom"`)
		at = h.send(t, "ada", "/forms/new", url.Values{"from": {"schema"}, "schema": {"scdl/equipements"}, "title": {"Nos équipements"}}, http.StatusSeeOther)
		h.page(t, "ada", at, http.StatusOK, "Nos équipements", "p-block")
		h.send(t, "ada", "/forms/new", url.Values{"from": {"schema"}}, http.StatusUnprocessableEntity, "Choisissez un schéma")
		h.send(t, "ada", "/forms/new", url.Values{"from": {"blank"}}, http.StatusUnprocessableEntity, "Donnez un titre")
		h.page(t, "ada", "/forms", http.StatusOK, "Contacts", "Nos équipements", "Brouillon")
		h.page(t, "bob", "/forms", http.StatusOK, "Aucun formulaire")
		for _, name := range []string{"bob", "eve"} {
			for _, path := range []string{"", "/settings", "/preview", "/blocks/new", "/blocks/nom"} {
				h.page(t, name, at+path, http.StatusNotFound)
			}
		}
		h.page(t, "", at, http.StatusSeeOther)
	})
}

func TestABlock_isMovedTakenOutAndPutBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at, _ := h.survey(t)
		page := h.page(t, "ada", at, http.StatusOK, "Affiché si « Venez-vous en vélo ? » est « Oui »", "Sert à : vous répondre. Gardée 12 mois")
		h.send(t, "ada", at+"/blocks/courriel/move", with(page, "to", "up"), http.StatusSeeOther)
		h.send(t, "ada", at+"/blocks/courriel/move", with(page, "to", "up"), http.StatusUnprocessableEntity, "Quelqu’un a modifié ce formulaire")
		page = h.page(t, "ada", at, http.StatusOK, "Vos changements ne sont pas encore publiés")
		if strings.Index(page, "q-courriel") > strings.Index(page, "q-ou_le_garez_vous") {
			t.Error("the block did not move")
		}
		h.send(t, "ada", at+"/blocks/courriel/take", with(page), http.StatusSeeOther)
		h.page(t, "ada", at, http.StatusOK, "!q-courriel")
		h.send(t, "ada", at+"/blocks/back", url.Values{"block": {`{"At":1,"Block":{"name":"courriel","kind":"email","label":"Courriel","purpose":"x","retention":1}}`}}, http.StatusSeeOther)
		h.page(t, "ada", at, http.StatusOK, "q-courriel")
		page = h.page(t, "ada", at+"/blocks/courriel", http.StatusOK, `value="Courriel"`)
		h.send(t, "ada", at+"/blocks/courriel", with(page, "kind", "email", "label", "Votre courriel", "purpose", "", "retention", "douze"), http.StatusUnprocessableEntity,
			"dites à quoi cette réponse servira", `href="#retention"`, `value="douze"`, `value="Votre courriel"`)
	})
}

func TestAnAnswer_seesWhatItCallsFor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, public := h.survey(t)
		page := h.page(t, "", public, http.StatusOK, "Enquête", `autocomplete="email"`, "Sert à : vous répondre. Gardée 12 mois.", "Vos données", `"value":"Oui","not":false,"order":""}]" hidden><template>`)
		h.now = h.now.Add(time.Minute)
		page = h.send(t, "", public, with(page, "q-venez_vous_en_velo", "Oui", "q-courriel", "ada@o.example"), http.StatusUnprocessableEntity, "Vos réponses appellent une question de plus", `value="Oui" checked`,
			"!\"order\":\"\"}]\" hidden", "!attend une réponse", `value="ada@o.example"`)
		page = h.send(t, "", public, with(page, "q-venez_vous_en_velo", "Oui", "shown", "ou_le_garez_vous", "q-courriel", "ada@"), http.StatusUnprocessableEntity, `href="#q-ou_le_garez_vous"`, `href="#q-courriel"`, `value="ada@"`)
		to := h.send(t, "", public, with(page, "q-venez_vous_en_velo", "Oui", "shown", "ou_le_garez_vous", "q-ou_le_garez_vous", "Devant"), http.StatusSeeOther)
		again := h.send(t, "", public, with(page, "q-venez_vous_en_velo", "Oui", "shown", "ou_le_garez_vous", "q-ou_le_garez_vous", "Devant"), http.StatusSeeOther)
		if to != again || !regexp.MustCompile(`/sent/[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$`).MatchString(to) {
			t.Errorf("got %s then %s, want the same receipt", to, again)
		}
		h.page(t, "", to, http.StatusOK, "Votre réponse est enregistrée", to[len(to)-11:], "02/03/2026")
		h.page(t, "", public+"/sent/AAAAA-AAAAA", http.StatusNotFound, "Aucune réponse n’a ce numéro")
		page = h.page(t, "", public, http.StatusOK)
		h.now = h.now.Add(time.Minute)
		h.send(t, "", public, with(page, "q-venez_vous_en_velo", "Non", "website", "https://spam.example"), http.StatusUnprocessableEntity, "venu trop vite", `value="Non" checked`)
		h.send(t, "", public, with(page, "q-venez_vous_en_velo", "Non"), http.StatusSeeOther)
		h.page(t, "ada", "/forms", http.StatusOK, `Réponses</span>2</td>`)
	})
}

func TestAClosedForm_losesNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at, public := h.survey(t)
		page := h.page(t, "", public, http.StatusOK)
		h.now = h.now.Add(time.Minute)
		h.send(t, "ada", at+"/stop", url.Values{}, http.StatusSeeOther)
		h.send(t, "", public, with(page, "q-venez_vous_en_velo", "Non", "q-courriel", "ada@o.example"), http.StatusUnprocessableEntity, "Ce formulaire est fermé", `value="ada@o.example"`)
		h.page(t, "", public, http.StatusOK, "Ce formulaire est fermé", "!<form class=\"l-form")
		h.send(t, "ada", at+"/stop", url.Values{"stopped": {"no"}}, http.StatusSeeOther)
		h.send(t, "", public, with(page, "q-venez_vous_en_velo", "Non"), http.StatusSeeOther)
		page = h.page(t, "ada", at+"/settings", http.StatusOK)
		h.send(t, "ada", at+"/settings", with(page, "title", "Enquête", "door", "public", "limit", "beaucoup", "closes", "2026-03-01"), http.StatusUnprocessableEntity, "Écrivez un nombre de réponses", `value="beaucoup"`)
		h.send(t, "ada", at+"/settings", with(page, "title", "Enquête", "door", "public", "limit", "1", "thanks", "Merci"), http.StatusSeeOther)
		h.page(t, "", public, http.StatusOK, "a reçu toutes les réponses")
	})
}

func TestDoors(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at, public := h.survey(t)
		page := h.page(t, "ada", at+"/settings", http.StatusOK)
		h.send(t, "ada", at+"/settings", with(page, "title", "Enquête", "door", "coded", "code", "abc"), http.StatusUnprocessableEntity, `href="#code"`)
		h.send(t, "ada", at+"/settings", with(page, "title", "Enquête", "door", "coded", "code", "tilleul"), http.StatusSeeOther)
		page = h.page(t, "", public, http.StatusOK, "Code d’accès")
		h.now = h.now.Add(time.Minute)
		for range form.TriesFrom {
			h.send(t, "", public, with(page, "q-venez_vous_en_velo", "Non", "code", "chêne"), http.StatusUnprocessableEntity, "Ce n’est pas le code", `value="chêne"`)
		}
		h.send(t, "", public, with(page, "q-venez_vous_en_velo", "Non", "code", "tilleul"), http.StatusUnprocessableEntity, "Trop de codes inexacts", `value="Non" checked`)
		h.now = h.now.Add(form.TriesRest)
		h.send(t, "", public, with(page, "q-venez_vous_en_velo", "Non", "code", " tilleul "), http.StatusSeeOther)
		page = h.page(t, "ada", at+"/settings", http.StatusOK)
		h.send(t, "ada", at+"/settings", with(page, "title", "Enquête", "door", "agents", "named", "BOB@o.example"), http.StatusSeeOther)
		h.page(t, "", public, http.StatusSeeOther)
		h.page(t, "eve", public, http.StatusNotFound)
		h.page(t, "bob", public, http.StatusOK, "Venez-vous")
	})
}

func TestAPreview_keepsNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at, _ := h.survey(t)
		h.page(t, "ada", at+"/preview", http.StatusOK, "Rien n’est envoyé ni gardé", "Où le garez-vous")
		h.send(t, "ada", at+"/preview", url.Values{"q-courriel": {"ada@"}}, http.StatusUnprocessableEntity, `href="#q-venez_vous_en_velo"`, `value="ada@"`)
		h.send(t, "ada", at+"/preview", url.Values{"q-venez_vous_en_velo": {"Oui"}}, http.StatusUnprocessableEntity, "une question de plus")
		h.send(t, "ada", at+"/preview", url.Values{"q-venez_vous_en_velo": {"Non"}}, http.StatusOK, "seraient acceptées")
		h.page(t, "ada", "/forms", http.StatusOK, `Réponses</span>0</td>`)
	})
}

func TestAnAnswer_maySendItselfLater(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at, public := h.survey(t)
		h.page(t, "", public, http.StatusOK, `rel="manifest" href="`+public+`/app.webmanifest"`, `<c-offline`, "form-offline")
		h.page(t, "ada", public, http.StatusOK, "!<c-offline", "!rel=\"manifest\"")
		h.page(t, "", public+"/app.webmanifest", http.StatusOK, `"scope":"`+public+`"`, `"name":"Enquête"`)
		w := h.as(t, "", "GET", public+"/worker.js", nil)
		if w.Code != http.StatusOK || w.Header().Get("Service-Worker-Allowed") != public || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/javascript") {
			t.Errorf("got %d, %v", w.Code, w.Header())
		}
		seen := map[string]bool{}
		for range 2 {
			body := h.page(t, "", public+"/ticket", http.StatusOK)
			_, rest, _ := strings.Cut(body, `"ticket":"`)
			ticket, _, _ := strings.Cut(rest, `"`)
			h.now = h.now.Add(time.Minute)
			seen[h.send(t, "", public, url.Values{"ticket": {ticket}, "q-venez_vous_en_velo": {"Non"}}, http.StatusSeeOther)] = true
		}
		if len(seen) != 2 {
			t.Errorf("two answers under two tickets are %d", len(seen))
		}
		h.send(t, "ada", at+"/stop", url.Values{}, http.StatusSeeOther)
		h.page(t, "", public+"/ticket", http.StatusConflict)
	})
}
