package contactweb_test

import (
	"bytes"
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/contact"
	"cultured/internal/contact/contactdb"
	"cultured/internal/contact/contactweb"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/outbox"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

var people = map[string]actor.Actor{
	"bob": {ID: "bob", Organisation: "o", Name: "Bob", Roles: []actor.Role{actor.Steward}},
	"ann": {ID: "ann", Organisation: "o", Name: "Ann"},
}

type who struct{}

func (who) Identify(_ context.Context, session string) (actor.Actor, error) {
	return people[session], nil
}

const rows = "nom;courriel;telephone;age\nAna;ana@exemple.fr;0299000001;31\nBéa;bea@exemple.fr;;44\n=1+1;carl@exemple.fr;;50\n"

type data struct{}

func (data) Set(_ context.Context, by actor.Actor, id string) (contact.Set, error) {
	if id != "d" || by.Organisation != "o" {
		return contact.Set{}, fault.New(fault.NotFound, "web.not_found")
	}
	return contact.Set{ID: "d", Title: "Abonnés", May: by.ID == "bob", Columns: []string{"nom", "courriel", "telephone", "age"}, Personal: map[string]bool{"nom": true, "courriel": true, "telephone": true, "age": true}}, nil
}

func (data) Table(context.Context, actor.Actor, string) (tabular.Table, error) {
	return tabular.Open(strings.NewReader(rows), int64(len(rows)), "d.csv", tabular.Options{})
}

// each runs a test with the pages on both engines.
func each(t *testing.T, test func(t *testing.T, h http.Handler)) {
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "contact", Files: contactdb.Migrations}}, func(t *testing.T, d *db.DB) {
		words, err := i18n.Load(web.Text, ui.Text, contact.Text, contactweb.Text)
		if err != nil {
			t.Fatal(err)
		}
		if err := ui.Prepare(words); err != nil {
			t.Fatal(err)
		}
		now := func() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }
		site := &web.Site{Catalogue: words, Identify: who{}, ShowError: ui.ShowError, Log: slog.New(slog.DiscardHandler), Now: now, BaseURL: "https://d.example",
			Brand: func(context.Context, actor.Actor) web.Brand { return web.Brand{Name: "Test"} }}
		store := &contactdb.Store{DB: d, Now: now}
		contactweb.Routes(site, contactweb.Desk{Contact: &contact.Service{Store: store, Trails: store, Data: data{}, Secret: []byte("s"), Now: now},
			Datasets: func(_ context.Context, by actor.Actor) (named []contactweb.Named, err error) {
				if by.ID == "bob" {
					named = append(named, contactweb.Named{ID: "d", Title: "Abonnés"})
				}
				return named, nil
			},
			Names: func(context.Context, actor.Actor, ...string) (map[string]string, error) {
				return map[string]string{"bob": "Bob"}, nil
			}})
		test(t, site)
	})
}

func ask(h http.Handler, person, method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "__Host-session", Value: person})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// says checks the status and the words of an answer, "!" before those that are not to be there.
func says(t *testing.T, w *httptest.ResponseRecorder, status int, words ...string) string {
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

func TestAListIsMadeRefusedAndDownloaded(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler) {
		const at = "/contacts/lists/d"
		says(t, ask(h, "bob", "GET", "/contacts", nil), 200, "Aucune liste de contacts", "Abonnés", "0 adresse")
		says(t, ask(h, "ann", "GET", "/contacts", nil), 200, "!Faire une liste de", "!Annuler un refus")
		says(t, ask(h, "", "GET", "/contacts", nil), 303)
		if page := says(t, ask(h, "bob", "GET", at, nil), 200, "En faire une liste de contacts", "!Télécharger"); !strings.Contains(page, `<option value="courriel" selected>`) {
			t.Error("the column of addresses is not proposed")
		}
		says(t, ask(h, "bob", "POST", at, url.Values{"name": {"nom"}}), 422, "Choisissez au moins une colonne")
		says(t, ask(h, "ann", "POST", at, url.Values{"email": {"courriel"}}), 403)
		says(t, ask(h, "bob", "POST", at, url.Values{"email": {"courriel"}, "phone": {"telephone"}, "name": {"nom"}}), 303)
		says(t, ask(h, "bob", "GET", at, nil), 200, "3 colonnes suffisent ; le jeu de données en a 4", "1 autre colonne parle des personnes", "Télécharger")
		says(t, ask(h, "bob", "GET", "/contacts", nil), 200, "rien d’écrit")
		if page := says(t, ask(h, "ann", "POST", "/contacts/object", url.Values{"ways": {"ana@exemple.fr\nDupont"}, "how": {"appel"}}), 422, "Ligne 2", "Rien n’a été enregistré"); !strings.Contains(page, "Dupont") {
			t.Error("what was typed is lost")
		}
		says(t, ask(h, "ann", "POST", "/contacts/object", url.Values{"ways": {"02 99 00 00 01"}, "how": {"appel"}}), 303)
		says(t, ask(h, "ann", "GET", "/contacts", nil), 200, "1 adresse ou numéro est refusé")
		w := ask(h, "bob", "GET", at+"/export/contacts?format=csv&column=nom&column=courriel&once=on", nil)
		if got, want := w.Body.String(), "nom,courriel\nBéa,bea@exemple.fr\n'=1+1,carl@exemple.fr\n"; w.Code != 200 || got != want {
			t.Errorf("got %d %q, want %q", w.Code, got, want)
		}
		book := ask(h, "bob", "GET", at+"/export/contacts?format=ods&column=telephone&column=nom", nil).Body.Bytes()
		table, err := tabular.Open(bytes.NewReader(book), int64(len(book)), "c.ods", tabular.Options{HeaderRow: 1})
		if err != nil || strings.Join(table.Columns(), ",") != "nom,telephone" {
			t.Errorf("got %v", err)
		}
		says(t, ask(h, "bob", "GET", at+"/export/contacts?format=csv", nil), 422, "Cochez au moins une colonne")
		says(t, ask(h, "bob", "GET", at+"/export/contacts?format=exe&column=nom", nil), 404)
		says(t, ask(h, "ann", "GET", at+"/export/contacts?format=csv&column=nom", nil), 403)
		says(t, ask(h, "ann", "POST", "/contacts/withdraw", url.Values{"back": {"0299000001"}}), 403)
		says(t, ask(h, "bob", "POST", "/contacts/withdraw", url.Values{"back": {"Ana"}}), 422, "Ligne 1")
		says(t, ask(h, "bob", "POST", "/contacts/withdraw", url.Values{"back": {"0299000001"}}), 303)
		says(t, ask(h, "bob", "GET", "/contacts", nil), 200, "0 adresse")
	})
}

func TestTheTrailOfConsentStays(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler) {
		const at = "/contacts/lists/d"
		says(t, ask(h, "bob", "POST", at, url.Values{"email": {"courriel"}}), 303)
		if page := says(t, ask(h, "bob", "POST", at+"/agree", url.Values{"day": {"2027-01-01"}, "how": {""}, "text": {"J’accepte."}}), 422, "ne peut pas être d’un jour à venir", "Dites comment"); !strings.Contains(page, "J’accepte.") {
			t.Error("what was typed is lost")
		}
		says(t, ask(h, "bob", "POST", at+"/agree", url.Values{"day": {"2026-02-01"}, "how": {"Feuille d’émargement"}, "text": {"J’accepte de recevoir la lettre."}}), 303)
		says(t, ask(h, "ann", "GET", at, nil), 200, "J’accepte de recevoir la lettre.", "01/02/2026", "Bob", "!Télécharger")
		says(t, ask(h, "bob", "POST", at+"/turn", url.Values{"off": {"yes"}}), 303)
		says(t, ask(h, "bob", "GET", "/contacts", nil), 200, "Aucune liste de contacts")
		says(t, ask(h, "bob", "GET", at, nil), 200, "C’était une liste de contacts", "!Télécharger")
		says(t, ask(h, "bob", "POST", at+"/turn", url.Values{"off": {"no"}}), 303)
		says(t, ask(h, "bob", "GET", "/contacts", nil), 200, "le 01/02/2026")
		says(t, ask(h, "bob", "GET", "/contacts/open?dataset=d", nil), 303)
		says(t, ask(h, "bob", "GET", "/contacts/open", nil), 303)
	})
}

func TestWhatOnePersonSaidIsKept(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler) {
		const at, person = "/contacts/lists/d", "/contacts/person"
		says(t, ask(h, "", "GET", person, nil), 303)
		says(t, ask(h, "bob", "POST", at, url.Values{"email": {"courriel"}, "phone": {"telephone"}, "name": {"nom"}}), 303)
		says(t, ask(h, "ann", "GET", person, nil), 200, "Ce qu’une personne a dit", "!Ce qui est écrit")
		says(t, ask(h, "ann", "POST", person, url.Values{"way": {"Dupont"}}), 422, "adresse électronique ou un numéro de téléphone entier")
		if page := says(t, ask(h, "ann", "POST", person+"/agree", url.Values{"ways": {"ana@exemple.fr\nx"}, "purpose": {"La lettre"}}), 422, "Ligne 2"); !strings.Contains(page, "La lettre") {
			t.Error("what was typed is lost")
		}
		says(t, ask(h, "ann", "POST", person+"/agree", url.Values{"ways": {"ana@exemple.fr"}, "day": {"2026-02-01"}, "how": {"feuille"}, "text": {"J’accepte."}}), 422, "Dites pour quoi")
		says(t, ask(h, "bob", "POST", person+"/agree", url.Values{"ways": {"ANA@exemple.fr\nbea@exemple.fr"}, "purpose": {"La  lettre"}, "day": {"2026-02-01"}, "how": {"Feuille d’émargement"}, "text": {"J’accepte la lettre."}}), 303)
		page := says(t, ask(h, "bob", "POST", person, url.Values{"way": {"ana@Exemple.fr"}}), 200, "Aucun refus", "Abonnés", "La lettre", "01/02/2026", "Feuille d’émargement", "J’accepte la lettre.", "Bob", "En vigueur")
		says(t, ask(h, "ann", "POST", person, url.Values{"way": {"ana@exemple.fr"}}), 200, "En vigueur", "!Abonnés") // a list that ann may not change
		got := func(purpose string) string {
			return ask(h, "bob", "GET", at+"/export/contacts?format=csv&column=courriel&purpose="+url.QueryEscape(purpose), nil).Body.String()
		}
		if want := "courriel\nana@exemple.fr\nbea@exemple.fr\n"; got("La lettre") != want || got("Autre chose") != "courriel\n" {
			t.Errorf("got %q and %q", got("La lettre"), got("Autre chose"))
		}
		agreement := regexp.MustCompile(`name="agreement" value="([^"]+)"`).FindStringSubmatch(page)[1]
		if page := says(t, ask(h, "ann", "POST", person+"/end", url.Values{"way": {"ana@exemple.fr"}, "agreement": {agreement}, "end": {""}}), 422, "Dites comment"); !strings.Contains(page, `href="#end-`+agreement) {
			t.Error("the error does not lead to its field")
		}
		says(t, ask(h, "ann", "POST", person+"/end", url.Values{"way": {"ana@exemple.fr"}, "agreement": {"none"}, "end": {"appel"}}), 404)
		for range 2 { // sent again, it stays as it was
			says(t, ask(h, "ann", "POST", person+"/end", url.Values{"way": {"ana@exemple.fr"}, "agreement": {agreement}, "end": {"Appel au standard"}}), 200, "Le retrait est noté", "Retiré le 02/03/2026", "Appel au standard", "J’accepte la lettre.", "!En vigueur")
		}
		if want := "courriel\nbea@exemple.fr\n"; got("La lettre") != want {
			t.Errorf("got %q, want %q", got("La lettre"), want)
		}
		says(t, ask(h, "ann", "POST", "/contacts/object", url.Values{"ways": {"bea@exemple.fr"}, "how": {"courriel du 2 mars"}}), 303)
		says(t, ask(h, "bob", "POST", person, url.Values{"way": {"bea@exemple.fr"}}), 200, "a refusé d’être contactée le 02/03/2026", "courriel du 2 mars")
		if want := "courriel\n"; got("La lettre") != want {
			t.Errorf("a refusal is over a consent: got %q", got("La lettre"))
		}
	})
}
