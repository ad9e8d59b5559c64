package accountweb_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"cultured/internal/account"
	"cultured/internal/account/accountdb"
	"cultured/internal/account/accountweb"
	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/i18n"
	"cultured/internal/outbox"
	"cultured/internal/ui"
	"cultured/internal/web"
)

const pass = "un soir de pluie à Guise"

// plain is a hasher for tests: argon's own test measures the real one.
type plain struct{}

func (plain) Hash(_ context.Context, p string) (string, error) { return "plain:" + p, nil }
func (plain) Check(_ context.Context, p, hash string) (bool, error) {
	return hash != "" && hash == "plain:"+p, nil
}

// box keeps the mails.
type box struct{ mails []string }

func (b *box) Send(_ context.Context, to, subject, body string) error {
	b.mails = append(b.mails, to+"\n"+subject+"\n"+body)
	return nil
}

// house is a site with this room alone, on an empty SQLite database.
type house struct {
	t       *testing.T
	site    *web.Site
	service *account.Service
	post    *box
	log     *strings.Builder
}

func open(t *testing.T) *house {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, filepath.Join(t.TempDir(), "app.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(ctx, db.Migration{Room: "outbox", Files: outbox.Migrations}, db.Migration{Room: "account", Files: accountdb.Migrations}); err != nil {
		t.Fatal(err)
	}
	words, err := i18n.Load(web.Text, ui.Text, account.Text, accountweb.Text)
	if err != nil {
		t.Fatal(err)
	}
	if err := ui.Prepare(words); err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, post: &box{}, log: &strings.Builder{}}
	h.service = &account.Service{Stores: accountdb.Stores(d), Hasher: plain{}, Now: time.Now, BaseURL: "http://d.test", Words: accountweb.Words{Catalogue: words}}
	h.site = &web.Site{Catalogue: words, Identify: h.service, Log: slog.New(slog.NewTextHandler(h.log, nil)), Now: time.Now, BaseURL: "http://d.test", ShowError: ui.ShowError,
		Brand: func(ctx context.Context, who actor.Actor) web.Brand {
			o, err := h.service.House(ctx, who)
			if err != nil {
				t.Error(err)
			}
			return web.Brand{Name: o.Name, Accent: o.Accent}
		}}
	accountweb.Routes(h.site, h.service, accountweb.Options{Overview: func(*http.Request) []accountweb.Panel {
		return []accountweb.Panel{{Title: "Santé", Facts: []ui.Fact{{Label: "Base", Value: "saine"}}}}
	}})
	return h
}

// seed makes an organisation with an administrator and an agent.
func (h *house) seed() {
	h.t.Helper()
	_, err := h.service.Seed(context.Background(), account.Planting{Organisation: account.OrganisationEdit{Name: "Ville de Valbourg"}, Departments: []string{"Voirie", "Culture"},
		People: []account.PlantedPerson{{Name: "Ada Morel", Email: "ada@valbourg.test", Password: pass, Department: "Voirie", Roles: []actor.Role{actor.Admin}},
			{Name: "=Élie Roux", Email: "elie@valbourg.test", Password: pass}}})
	if err != nil {
		h.t.Fatal(err)
	}
}

// A browser keeps cookies.
type browser struct {
	*house
	cookies map[string]string
}

func (h *house) browser() *browser { return &browser{house: h, cookies: map[string]string{}} }

// signedIn is a browser with a session.
func (h *house) signedIn(email string) *browser {
	h.t.Helper()
	b := h.browser()
	if w := b.post("/sign-in", "email", email, "password", pass); w.Code != http.StatusSeeOther {
		h.t.Fatalf("sign-in: got %d %s", w.Code, w.Body)
	}
	return b
}

func (b *browser) do(r *http.Request) *httptest.ResponseRecorder {
	b.t.Helper()
	r.Header.Set("Accept", "text/html")
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.site.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	if strings.Contains(w.Body.String(), "⟦") {
		b.t.Errorf("%s %s: a word is missing: %s", r.Method, r.URL, regexp.MustCompile(`⟦[^⟧]*⟧`).FindString(w.Body.String()))
	}
	return w
}

func (b *browser) get(path string) *httptest.ResponseRecorder {
	b.t.Helper()
	return b.do(httptest.NewRequest("GET", path, nil))
}

func (b *browser) post(path string, pairs ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

// sees checks the status and that every part is in the page.
func sees(t *testing.T, w *httptest.ResponseRecorder, status int, parts ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("got %d, want %d: %s", w.Code, status, w.Body)
	}
	body := strings.NewReplacer("&#39;", "'", "&#34;", `"`, "\u00a0", " ").Replace(w.Body.String())
	for _, part := range parts {
		if !strings.Contains(body, part) {
			t.Errorf("want %q in\n%s", part, main(body))
		}
	}
}

// main is the part of a page a test's reader wants to see.
func main(page string) string {
	_, rest, _ := strings.Cut(page, "<main")
	inner, _, _ := strings.Cut(rest, "</main>")
	return inner
}

func leads(t *testing.T, w *httptest.ResponseRecorder, path string) {
	t.Helper()
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != path {
		t.Errorf("got %d to %q, want 303 to %q: %s", w.Code, w.Header().Get("Location"), path, main(w.Body.String()))
	}
}

// secret finds the path of the one-time link in s.
func secret(t *testing.T, s string) string {
	t.Helper()
	m := regexp.MustCompile(`http://d\.test(/[a-z/-]+/[0-9a-z]{52})`).FindStringSubmatch(s)
	if m == nil {
		t.Fatalf("no link in %s", s)
	}
	return m[1]
}

func TestSetup(t *testing.T) {
	h := open(t)
	address, err := h.service.FirstLink(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	path, b := secret(t, address), h.browser()
	w := b.get(path)
	sees(t, w, 200, `autocomplete="new-password"`, `autocomplete="username"`, `autocomplete="organization"`)
	if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("a secret page may be kept: %v", w.Header())
	}
	w = b.post(path, "organisation", "Valbourg", "siren", "12", "name", "Ada", "email", "ada@valbourg.test", "password", "trop court")
	sees(t, w, 422, "2 points sont à corriger", `href="#siren"`, `href="#password"`, `value="Valbourg"`)
	if strings.Contains(w.Body.String(), "trop court") {
		t.Error("a password came back in the page")
	}
	leads(t, b.post(path, "organisation", "Valbourg", "name", "Ada", "email", "ada@valbourg.test", "password", pass), "/admin")
	sees(t, b.get("/admin"), 200, "Valbourg", "Tout est prêt", "Santé", "saine", "Aucun message ne part d’ici")
	sees(t, h.browser().get(path), 404, "Ce lien ne fonctionne plus")
	if strings.Contains(h.log.String(), path) {
		t.Error("the log holds the secret")
	}
}

func TestSignIn(t *testing.T) {
	h := open(t)
	h.seed()
	b := h.browser()
	leads(t, b.get("/account?x=1"), "/sign-in?next=%2Faccount%3Fx%3D1")
	sees(t, b.get("/sign-in?next=/account"), 200, `autocomplete="username"`, `autocomplete="current-password"`, `name="next" value="/account"`, "un administrateur de votre organisation")
	w := b.post("/sign-in", "email", "elie@valbourg.test", "password", "pas le bon", "next", "/account")
	sees(t, w, 422, "n’est pas le bon", `value="elie@valbourg.test"`, `value="/account"`)
	if strings.Contains(w.Body.String(), "pas le bon\"") {
		t.Error("a password came back in the page")
	}
	leads(t, b.post("/sign-in", "email", "elie@valbourg.test", "password", pass, "next", "//evil.test"), "/")
	leads(t, b.get("/sign-in?next=/account"), "/account")
	sees(t, b.get("/account"), 200, "=Élie Roux", "elie@valbourg.test")
	leads(t, b.post("/sign-out"), "/")
	leads(t, b.get("/account"), "/sign-in?next=%2Faccount")
}

func TestSignIn_byLink(t *testing.T) {
	h := open(t)
	h.seed()
	sees(t, h.browser().get("/sign-in/link"), 200, "n’envoie pas de messages")
	h.service.Post = h.post
	b := h.browser()
	sees(t, b.get("/sign-in/link?wish=reset"), 200, "Que voulez-vous faire")
	sees(t, b.post("/sign-in/link", "email", "elie"), 422, `href="#email"`)
	leads(t, b.post("/sign-in/link", "email", "nobody@valbourg.test"), "/sign-in")
	leads(t, b.post("/sign-in/link", "email", "elie@valbourg.test"), "/sign-in")
	if len(h.post.mails) != 1 || !strings.Contains(h.post.mails[0], "Votre lien de connexion\nBonjour =Élie Roux,") {
		t.Fatalf("got %q, want one mail", h.post.mails)
	}
	path := secret(t, h.post.mails[0])
	for range 3 { // a mail scanner follows links
		sees(t, h.browser().get(path), 200, "Me connecter")
	}
	leads(t, b.post(path), "/")
	sees(t, b.get("/account"), 200, "=Élie Roux")
	sees(t, h.browser().post(path), 404, "Ce lien ne fonctionne plus")
	leads(t, b.post("/sign-in/link", "email", "elie@valbourg.test", "wish", "reset"), "/sign-in")
	path = secret(t, h.post.mails[1])
	sees(t, b.get(path), 200, `autocomplete="new-password"`)
	sees(t, b.post(path, "password", "azertyuiop123"), 422, "parmi les plus utilisés")
	leads(t, b.post(path, "password", "la rivière déborde en mars"), "/")
}

func TestInvitation(t *testing.T) {
	h := open(t)
	h.seed()
	admin, guest := h.signedIn("ada@valbourg.test"), h.browser()
	sees(t, admin.get("/admin/people/new"), 200, "lien à transmettre vous-même", "Référent données", "Voirie")
	w := admin.post("/admin/people", "name", "", "email", "ada@valbourg.test", "roles", "steward")
	sees(t, w, 422, `href="#name"`, `value="ada@valbourg.test"`)
	if !regexp.MustCompile(`value="steward" checked`).MatchString(w.Body.String()) {
		t.Error("the chosen role is lost")
	}
	w = admin.post("/admin/people", "name", "Noé Petit", "email", "noe@valbourg.test", "roles", "steward")
	sees(t, w, 200, "Noé Petit", "par un moyen sûr")
	path := secret(t, w.Body.String())
	sees(t, guest.get(path), 200, "Ville de Valbourg", "noe@valbourg.test", `value="Noé Petit"`, `autocomplete="new-password"`)
	sees(t, guest.post(path, "name", "Noé Petit", "password", "noe"), 422, `href="#password"`)
	leads(t, guest.post(path, "name", "Noé Petit", "password", pass), "/")
	sees(t, guest.get("/account"), 200, "Bienvenue", "Agent, Référent données")
	sees(t, guest.get("/admin"), 403, "réservée aux administrateurs")
}

func TestPeople(t *testing.T) {
	h := open(t)
	h.seed()
	b := h.signedIn("ada@valbourg.test")
	w := b.get("/admin/people?q=elie")
	sees(t, w, 200, "1 personne", "=Élie Roux", `/admin/people.csv?q=elie`)
	person := regexp.MustCompile(`/admin/people/[0-9a-z]{26}`).FindString(w.Body.String())
	sees(t, b.get("/admin/people?q=personne"), 200, "Personne ne correspond")
	w = b.get("/admin/people.csv")
	sees(t, w, 200, "\ufeffid;name;email", ";'=Élie Roux;", ";agent admin;active;")
	if got := w.Header().Get("Content-Type"); got != "text/csv; charset=utf-8" {
		t.Errorf("got %q", got)
	}
	sees(t, b.get(person), 200, `name="version" value="1"`, "Suspendre")
	sees(t, b.post(person, "name", "Élie", "email", "ada@valbourg.test", "version", "1"), 422, `href="#email"`, `value="Élie"`)
	leads(t, b.post(person, "name", "Élie Roux", "email", "elie@valbourg.test", "version", "1", "roles", "hr"), person)
	sees(t, b.post(person, "name", "Trop tard", "email", "elie@valbourg.test", "version", "1"), 422, "pendant que vous remplissiez", `value="Trop tard"`)
	leads(t, b.post(person+"/suspend"), person)
	sees(t, b.get(person), 200, "ne peut plus se connecter", `action="`+person+`/restore"`)
	sees(t, h.browser().post("/sign-in", "email", "elie@valbourg.test", "password", pass), 422, "suspendu")
	sees(t, b.post(person+"/link"), 422, "n’est pas actif")
	leads(t, b.post(person+"/restore"), person)
	sees(t, b.post(person+"/link"), 200, "/sign-in/link/")
	sees(t, b.post(person+"/erase", "confirm", "x"), 422, `href="#confirm"`, "<details", "open")
	leads(t, b.post(person+"/erase", "confirm", "elie@valbourg.test"), "/admin/people")
	sees(t, b.get(person), 200, "Compte effacé", "plus rien à modifier")
	sees(t, b.get("/admin/people/none"), 404, "n’existe pas")
}

func TestAdminPages_areForAdministrators(t *testing.T) {
	h := open(t)
	h.seed()
	agent, nobody := h.signedIn("elie@valbourg.test"), h.browser()
	for _, route := range h.site.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if !strings.HasPrefix(path, "/admin") {
			continue
		}
		path = strings.ReplaceAll(path, "{id}", "x")
		do := func(b *browser) int {
			if method == "GET" {
				return b.get(path).Code
			}
			return b.post(path, "name", "x", "email", "x@valbourg.test", "organisation", "x", "confirm", "x").Code
		}
		if got := do(agent); got != 403 {
			t.Errorf("%s as an agent: got %d, want 403", route, got)
		}
		if got := do(nobody); got != 303 {
			t.Errorf("%s as nobody: got %d, want to sign in", route, got)
		}
	}
}

func TestServices(t *testing.T) {
	h := open(t)
	h.seed()
	b := h.signedIn("ada@valbourg.test")
	sees(t, b.get("/admin/services"), 200, "Culture", "Voirie")
	sees(t, b.post("/admin/services", "name", "culture"), 422, "porte déjà ce nom", `value="culture"`)
	leads(t, b.post("/admin/services", "name", "Eau"), "/admin/services")
	page := b.get("/admin/services").Body.String()
	id := map[string]string{}
	for _, m := range regexp.MustCompile(`/admin/services/([0-9a-z]{26})">([^<]+)`).FindAllStringSubmatch(page, -1) {
		id[m[2]] = m[1]
	}
	roads := "/admin/services/" + id["Voirie"]
	sees(t, b.get(roads), 200, "1 personne", "Déplacer les personnes vers")
	sees(t, b.post(roads, "name", ""), 422, `href="#name"`)
	sees(t, b.post(roads+"/remove"), 422, "encore dans ce service")
	leads(t, b.post(roads+"/remove", "into", id["Eau"]), "/admin/services")
	sees(t, b.get(roads), 404)
	leads(t, b.post("/admin/services/"+id["Culture"]+"/remove"), "/admin/services")
}

func TestOrganisation(t *testing.T) {
	h := open(t)
	h.seed()
	b := h.signedIn("ada@valbourg.test")
	sees(t, b.get("/admin/organisation"), 200, `value="Ville de Valbourg"`)
	sees(t, b.post("/admin/organisation", "organisation", "Valbourg", "accent", "#ffcc00", "version", "1"), 422, "trop claire", `href="#accent"`, "Contraste avec le blanc")
	leads(t, b.post("/admin/organisation", "organisation", "Valbourg", "accent", "#005A9C", "territory", "R32", "version", "1"), "/admin/organisation")
	sees(t, b.get("/admin/organisation"), 200, "Région (Hauts-de-France)", "/brand.css?accent=%23005a9c")
	sees(t, b.post("/admin/organisation", "organisation", "Trop tard", "version", "1"), 422, "pendant que vous remplissiez")
}

func TestAccount(t *testing.T) {
	h := open(t)
	h.seed()
	b, other := h.signedIn("elie@valbourg.test"), h.signedIn("elie@valbourg.test")
	sees(t, b.post("/account", "name", " "), 422, `href="#name"`)
	leads(t, b.post("/account", "name", "Élie R."), "/account")
	sees(t, b.get("/account/sessions"), 200, "Cet appareil", "Déconnecter tous les autres appareils")
	sees(t, b.post("/account/password", "current", "faux", "password", "la rivière déborde en mars"), 422, `href="#current"`)
	leads(t, b.post("/account/password", "current", pass, "password", "la rivière déborde en mars"), "/account/password")
	sees(t, b.get("/account/password"), 200, "Solidité : excellente")
	leads(t, other.get("/account"), "/sign-in?next=%2Faccount")
	sees(t, b.post("/account/email", "email", "ada@valbourg.test", "current", "la rivière déborde en mars"), 422, "déjà un compte", `value="ada@valbourg.test"`)
	leads(t, b.post("/account/email", "email", "roux@valbourg.test", "current", "la rivière déborde en mars"), "/account/email")
	sees(t, b.get("/account/data"), 200, "roux@valbourg.test", "recopiez")
	w := b.post("/account/data/export")
	sees(t, w, 200, `"email": "roux@valbourg.test"`, `"verb": "account.password_changed"`)
	if !strings.Contains(w.Header().Get("Content-Disposition"), "mes-donnees.json") {
		t.Errorf("got %q", w.Header().Get("Content-Disposition"))
	}
	sees(t, b.post("/account/erase", "confirm", "elie@valbourg.test"), 422, `href="#confirm"`)
	leads(t, b.post("/account/erase", "confirm", "roux@valbourg.test"), "/")
	leads(t, b.get("/account"), "/sign-in?next=%2Faccount")
	sees(t, h.signedIn("ada@valbourg.test").post("/account/erase", "confirm", "ada@valbourg.test"), 422, "dernier administrateur")
}

func TestAccount_emailIsConfirmedByLink(t *testing.T) {
	h := open(t)
	h.seed()
	h.service.Post = h.post
	b := h.signedIn("elie@valbourg.test")
	leads(t, b.post("/account/email", "email", "roux@valbourg.test", "current", pass), "/account/email")
	sees(t, b.get("/account/email"), 200, "Nous avons envoyé un lien à roux@valbourg.test")
	path := secret(t, h.post.mails[0])
	sees(t, b.get(path), 200, "Votre adresse deviendra roux@valbourg.test")
	leads(t, b.post(path), "/account/email")
	sees(t, b.get("/account"), 200, "roux@valbourg.test")
}

func TestAudit(t *testing.T) {
	h := open(t)
	h.seed()
	for range 60 {
		if err := h.service.Journal.Note(context.Background(), account.Act{At: time.Now(), Verb: "account.exported", Subject: "account:x", Detail: map[string]string{"n": "=1"}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, detail := range []map[string]string{{"title": "Menus", "record": "record-nobody-asked-for"}, nil} {
		if err := h.service.Journal.Note(context.Background(), account.Act{At: time.Now(), Verb: "account.exported", Subject: "dataset:d1", Detail: detail}); err != nil {
			t.Fatal(err)
		}
	}
	b := h.signedIn("ada@valbourg.test")
	w := b.get("/admin/audit")
	if got := strings.Count(w.Body.String(), `<a href="/datasets/d1">Menus</a>`); got != 2 {
		t.Errorf("got %d lines that name the dataset and lead to it, want 2", got)
	}
	sees(t, w, 200, "par mot de passe")
	if strings.Contains(main(w.Body.String()), "record-nobody-asked-for") {
		t.Error("a code is shown beside the title")
	}
	sees(t, w, 200, "connexion", "Ada Morel", "/admin/audit.csv", "before=")
	next := regexp.MustCompile(`/admin/audit\?before=\d+`).FindString(w.Body.String())
	sees(t, b.get(next), 200, "organisation créée")
	w = b.get("/admin/audit?verb=account.signed_in")
	sees(t, w, 200, "connexion")
	if strings.Contains(main(w.Body.String()), "n: =1") {
		t.Error("the filter lets other lines pass")
	}
	w = b.get("/admin/audit.csv")
	if got := strings.Count(w.Body.String(), "\r\n"); got != 65 {
		t.Errorf("got %d lines, want the header and 64", got)
	}
}

func TestPreferences(t *testing.T) {
	h := open(t)
	h.seed()
	b := h.signedIn("elie@valbourg.test")
	leads(t, b.post("/language", "lang", "en", "back", "/account"), "/account")
	sees(t, b.get("/account"), 200, `lang="en"`, "My account")
	leads(t, b.post("/theme", "theme", "dark", "back", "https://evil.test"), "/")
	sees(t, b.get("/account"), 200, `data-theme="dark"`)
	b.post("/theme", "theme", "auto")
	if _, kept := b.cookies["theme"]; kept {
		t.Error("auto must forget the theme")
	}
	again := h.signedIn("elie@valbourg.test")
	sees(t, again.get("/account"), 200, "My account") // the language follows the person
	b.post("/language", "lang", "xx")
	sees(t, b.get("/account"), 200, `lang="en"`)
}

// TestPages_inEnglish opens every page a signed-in administrator can GET, for a missing word or a broken template.
func TestPages_inEnglish(t *testing.T) {
	h := open(t)
	h.seed()
	h.service.Post = h.post
	b := h.signedIn("ada@valbourg.test")
	b.cookies["lang"] = "en"
	for _, route := range h.site.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if method != "GET" || strings.Contains(path, "{") {
			continue
		}
		if w := b.get(path); w.Code != 200 && path != "/sign-in" {
			t.Errorf("%s: got %d", path, w.Code)
		}
	}
}
