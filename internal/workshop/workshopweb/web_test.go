package workshopweb_test

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	workshops "cultured/content/workshops"
	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/live"
	"cultured/internal/ui/uitest"
	"cultured/internal/web"
	"cultured/internal/workshop"
	"cultured/internal/workshop/workshopdb"
	"cultured/internal/workshop/workshopweb"
)

var rooms = []db.Migration{{Room: "workshop", Files: workshopdb.Migrations}}

func site(t *testing.T, d *db.DB) *web.Site {
	t.Helper()
	templates, err := workshop.LoadTemplates(workshops.Files)
	if err != nil {
		t.Fatal(err)
	}
	store := &workshopdb.Store{DB: d}
	known := uitest.People{"grace": {ID: "grace", Organisation: "valmoret", Name: "Grace", Roles: []actor.Role{actor.Facilitator}}, "agent": {ID: "agent", Organisation: "valmoret", Name: "Agent"},
		"colleague": {ID: "colleague", Organisation: "valmoret", Name: "Colleague", Roles: []actor.Role{actor.Facilitator}},
		"other":     {ID: "other", Organisation: "elsewhere", Name: "Other", Roles: []actor.Role{actor.Facilitator}}}
	s := uitest.NewSite(t, known, time.Now, db.Text, workshop.Text, workshopweb.Text)
	hub := live.New(s.Log)
	t.Cleanup(hub.Close)
	service := &workshop.Service{Sessions: store, Log: store, Templates: templates, Frameworks: shipped{}, Attended: &attended{}, Now: time.Now, Wake: func(id workshop.ID) { hub.Wake(string(id)) }}
	workshopweb.Routes(s, workshopweb.Desk{Workshop: service, Hub: hub, Address: func(r *http.Request) string { return r.RemoteAddr }, Shelf: &shelf{},
		Names: func(context.Context, actor.Actor, ...string) (map[string]string, error) {
			return map[string]string{"grace": "Grace"}, nil
		}})
	return s
}

// A browser keeps its cookies and the page it is on, and has no scripts.
type browser struct {
	t       *testing.T
	site    *web.Site
	cookies map[string]string
	page    string
	at      string
	status  int
}

func open(t *testing.T, s *web.Site, session string) *browser {
	b := &browser{t: t, site: s, cookies: map[string]string{}}
	if session != "" {
		b.cookies["__Host-session"] = session
	}
	return b
}

func (b *browser) send(method, path string, form url.Values) {
	b.t.Helper()
	for range 5 {
		r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Accept", "text/html")
		r.Header.Set("Accept-Language", "fr")
		if method == http.MethodPost {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		for name, value := range b.cookies {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		w := httptest.NewRecorder()
		b.site.ServeHTTP(w, r)
		for _, c := range w.Result().Cookies() {
			b.cookies[c.Name] = c.Value
		}
		b.page, b.at, b.status = html.UnescapeString(w.Body.String()), path, w.Code
		if w.Code != http.StatusSeeOther {
			break
		}
		method, path, form = http.MethodGet, w.Header().Get("Location"), nil
		path, _, _ = strings.Cut(path, "#")
	}
	if strings.Contains(b.page, "⟦") {
		b.t.Errorf("%s: a sentence is missing", b.at)
	}
}

func (b *browser) get(path string) { b.t.Helper(); b.send(http.MethodGet, path, nil) }

var keyed = regexp.MustCompile(`name="key" value="([^"]+)"`)

// do posts a form of the page, with its key.
func (b *browser) do(path string, pairs ...string) {
	b.t.Helper()
	form := url.Values{}
	if m := keyed.FindStringSubmatch(b.page); m != nil {
		form.Set("key", m[1])
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	b.send(http.MethodPost, path, form)
}

func (b *browser) sees(status int, texts ...string) {
	b.t.Helper()
	if b.status != status {
		b.t.Errorf("%s: got status %d, want %d", b.at, b.status, status)
	}
	for _, text := range texts {
		if !strings.Contains(b.page, text) {
			b.t.Errorf("%s: %q is not on the page", b.at, text)
		}
	}
}

func (b *browser) seesNot(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		if strings.Contains(b.page, text) {
			b.t.Errorf("%s: %q is on the page", b.at, text)
		}
	}
}

// card finds the number of a card by its text.
func (b *browser) card(text string) string {
	b.t.Helper()
	m := regexp.MustCompile(`id="card-(\d+)">\s*<p class="p-shop__text">` + regexp.QuoteMeta(text)).FindStringSubmatch(b.page)
	if m == nil {
		b.t.Fatalf("%s: no card %q", b.at, text)
	}
	return m[1]
}

// A workshop from its template to its results, by people whose browsers have no scripts.
func TestWorkshop_wholeStoryWithoutScripts(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		grace, ada, bob := open(t, s, "grace"), open(t, s, ""), open(t, s, "")
		grace.get("/workshops")
		grace.sees(200, "Métiers & Données", "Aucun atelier pour l’instant")
		grace.do("/workshops", "template", "simple", "title", "Mardi <b>matin</b>")
		grace.sees(200, "Mardi", "L’atelier n’a pas commencé", "L’atelier est prêt")
		console := grace.at
		code := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(grace.page)

		ada.get("/join?code=zzzz")
		ada.sees(422, "Aucun atelier n’a ce code")
		ada.get("/join?code=" + strings.ToLower(strings.ReplaceAll(code, "-", "%20")))
		ada.sees(200, "Cet atelier est anonyme")
		door := ada.at
		ada.do(door, "text", "  ")
		ada.sees(422, "Indiquez un prénom")
		ada.do(door, "text", "Ada")
		ada.sees(200, "L’atelier va commencer", "1 personne")
		seat := ada.at
		bob.get(seat)
		bob.sees(200, "Votre prénom ou un pseudonyme")
		bob.do(door, "text", "Bob")

		step := func(from, to string) {
			t.Helper()
			grace.get(console)
			grace.do(console, "kind", "phase", "phase", from, "to", to)
			grace.sees(200)
		}
		step("", "accueil")
		step("accueil", "cartes")
		ada.get(seat)
		ada.sees(200, "Vos idées", "Ajouter la carte")
		page := ada.page
		ada.do(seat, "kind", "card", "phase", "cartes", "text", "Publier les <script>arbres</script>")
		ada.sees(200, "Votre carte est ajoutée", "Publier les <script>arbres</script>")
		now := ada.page
		ada.page = page // the button pressed twice
		ada.do(seat, "kind", "card", "phase", "cartes", "text", "Publier les <script>arbres</script>")
		ada.sees(200, "1 carte, encore cachée")
		ada.page = now
		long := strings.Repeat("à", 10_000)
		ada.do(seat, "kind", "card", "phase", "cartes", "text", long)
		ada.sees(422, "Cette carte compte 10", long)
		bob.get(seat)
		bob.sees(200, "1 carte, encore cachée")
		bob.seesNot("arbres")
		bob.do(seat, "kind", "card", "phase", "cartes", "text", "Compter les vélos")
		grace.get(console)
		grace.seesNot("arbres", "vélos")
		grace.do(console, "kind", "reveal", "phase", "cartes", "value", "1")
		grace.sees(200, "arbres", "vélos")
		bob.do(console, "kind", "close")
		if bob.status == 200 && strings.Contains(bob.page, "terminé") {
			t.Error("a participant closed the workshop")
		}
		bob.get(seat)
		bob.do(seat, "kind", "close")
		bob.sees(403)

		step("cartes", "themes")
		bob.get(seat)
		trees := bob.card("Publier les <script>")
		bob.do(seat, "kind", "move", "card", trees, "new_theme", "Nature")
		bob.sees(200, "Nature", "La carte est rangée")
		step("themes", "vote")
		bob.get(seat)
		bob.sees(200, "Il vous reste 3 points")
		bob.do(seat, "kind", "dots", "phase", "vote", "card", trees, "value", "2")
		bob.sees(200, "Il vous reste 1 point")
		bob.do(seat, "kind", "dots", "phase", "vote", "card", trees, "value", "9")
		bob.sees(422, "Vous avez donné tout")
		ada.get(seat)
		ada.seesNot("2 points</strong>")
		step("vote", "restitution")
		ada.get(seat)
		ada.sees(200, "2 points", "Nature")
		grace.do(console, "kind", "minute", "phase", "restitution", "text", "Jeanne s’en charge en mars.")
		grace.do(console, "kind", "close")
		grace.sees(200, "L’atelier est terminé", code, console+"/results")
		grace.seesNot("c-qr")
		ada.do(seat, "kind", "card", "phase", "cartes", "text", "Trop tard")
		ada.sees(422, "L’atelier est terminé", "Trop tard")
		grace.get(console + "/results")
		grace.sees(200, "Nature", "2 points", "vélos", "Jeanne s’en charge en mars.")
		grace.seesNot("<form method=\"post\" action=\"" + console)
		for _, path := range []string{"/wall", "/sheet"} {
			grace.get(console + path)
			grace.sees(200, code, "https://donnees.example/join")
		}
	})
}

// Who goes back to the page a card was sent from and writes another one on it has written two; the same one sent again is one.
func TestAPageGoneBackTo(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		grace, ada := open(t, s, "grace"), open(t, s, "")
		console, code := begin(grace, "simple")
		ada.get("/join/" + code)
		ada.do(ada.at, "text", "Ada")
		seat := ada.at
		advance(grace, console, "", "accueil")
		advance(grace, console, "accueil", "cartes")
		ada.get(seat)
		page := ada.page
		for _, text := range []string{"Compter les vélos", "Publier les arbres", "Compter les vélos"} {
			ada.page = page // as the browser kept it
			ada.do(seat, "kind", "card", "phase", "cartes", "text", text)
		}
		ada.sees(200, "Compter les vélos", "Publier les arbres", "2 cartes, encore cachées")
	})
}

func TestWorkshop_isOfItsOrganisation(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		grace := open(t, s, "grace")
		grace.get("/workshops")
		grace.do("/workshops", "template", "metiers-donnees", "title", "")
		console := grace.at
		grace.do("/workshops", "template", "missing")
		grace.sees(404)
		grace.get("/workshops")
		grace.do("/workshops", "template", "simple", "title", strings.Repeat("x", 200))
		grace.sees(422, "trop long")
		for _, tc := range []struct {
			session string
			status  int
		}{{"other", 404}, {"agent", 403}} {
			b := open(t, s, tc.session)
			for _, path := range []string{"", "/wall", "/sheet", "/results"} {
				b.get(console + path)
				b.sees(tc.status)
			}
		}
		stranger := open(t, s, "")
		stranger.get("/join/zzzzzzzz/seat")
		stranger.sees(404, "Aucun atelier")
	})
}

// Templates come in the reader's language, and in the other when people meet in it.
func TestTemplates_inBothLanguages(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		grace := open(t, site(t, d), "grace")
		grace.get("/workshops")
		grace.sees(200, "Un tour de cartes", "Les modèles en anglais")
		grace.seesNot("A round of cards")
		grace.get("/workshops?words=en")
		grace.sees(200, "A round of cards", "Les modèles en français")
		grace.seesNot("Un tour de cartes")
		grace.do("/workshops", "words", "en", "template", "simple-en", "title", strings.Repeat("x", 200))
		grace.sees(422, "trop long", "A round of cards", `value="simple-en" checked`)
		grace.do("/workshops", "words", "en", "template", "simple-en", "title", "")
		grace.sees(200, "A round of cards", "Welcome", "Your ideas")
	})
}

// Who tries codes is told plainly to wait; who is in the room goes on.
func TestGuesses_areToldToWait(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		grace, ada, eve := open(t, s, "grace"), open(t, s, ""), open(t, s, "")
		_, code := begin(grace, "simple")
		ada.get("/join/" + code)
		ada.do(ada.at, "text", "Ada")
		const heard = 100 // in a minute: a second one may have begun on a slow machine
		tries := 0
		for eve.get("/join?code=zzzzzzz0"); eve.status == 422; eve.get("/join?code=zzzzzzz0") {
			eve.sees(422, "Aucun atelier n’a ce code")
			if tries++; tries > 2*heard {
				t.Fatalf("%d guesses were heard", tries)
			}
		}
		if tries < heard {
			t.Errorf("only %d guesses were heard", tries)
		}
		eve.get("/join?code=zzzzzzz1")
		eve.sees(503, "Attendez une minute")
		eve.get("/join/" + code)
		eve.sees(503, "Attendez une minute")
		ada.get("/join/" + code + "/seat")
		ada.sees(200, "1 personne")
	})
}
