package recognitionweb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	badgefiles "cultured/content/badges"
	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/outbox"
	"cultured/internal/recognition"
	"cultured/internal/recognition/recognitiondb"
	"cultured/internal/recognition/recognitionweb"
	"cultured/internal/ui"
	"cultured/internal/web"
)

var (
	noon   = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	people = map[string]actor.Actor{
		"ada":   {ID: "ada", Organisation: "o", Name: "Ada", Email: "ada@valmoret.example"},
		"nadia": {ID: "nadia", Organisation: "o", Name: "Nadia", Email: "nadia@valmoret.example", Roles: []actor.Role{actor.Steward}},
		"grace": {ID: "grace", Organisation: "o", Name: "Grace", Email: "grace@valmoret.example", Roles: []actor.Role{actor.Admin}},
	}
)

type who struct{}

func (who) Identify(_ context.Context, session string) (actor.Actor, error) {
	return people[session], nil
}

// deleted are the sites where Ada deleted what she had shown.
var deleted sync.Map

// each opens the pages over both databases; Ada has shown what the first badge asks for.
func each(t *testing.T, fn func(t *testing.T, s *web.Site)) {
	t.Helper()
	rooms := []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "recognition", Files: recognitiondb.Migrations}}
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		now := func() time.Time { return noon }
		desk := desk(recognition.Nothing{}, false, now)
		store := &recognitiondb.Store{DB: d, Now: now}
		offers, err := recognition.LoadOffers(badgefiles.Files)
		if err != nil {
			t.Fatal(err)
		}
		desk.Keys, desk.Badges, desk.Requests, desk.Endorsements, desk.Offers = store, store, store, store, offers
		s := &web.Site{}
		desk.Proven = func(_ context.Context, _, person, _ string) (map[string]recognition.Proven, error) {
			out := map[string]recognition.Proven{}
			if _, gone := deleted.Load(s); gone {
				return out, nil
			}
			for key, code := range map[string]string{"M01": "D4.1", "M04": "D4.3"} {
				if person == "ada" {
					out[code] = recognition.Proven{Level: 1, Proofs: []recognition.Proof{{Key: key, At: noon, Evidence: recognition.Evidence{Name: "Mission <" + key + ">"}}}}
				}
			}
			return out, nil
		}
		desk.Items = func(context.Context, string, string) (map[string]recognition.Item, error) {
			return map[string]recognition.Item{"D4.1": {Name: "Diagnostiquer la qualité", URL: "/competences/x"}}, nil
		}
		desk.Ways = func(code string, level int, lang string) []recognitionweb.Way {
			return []recognitionweb.Way{{Title: "Work <" + code + "> " + lang, Path: "/missions/M17", Minutes: 15}}
		}
		desk.Holder = func(_ context.Context, _, person string) (recognition.Holder, error) {
			p := people[person]
			return recognition.Holder{Person: p.ID, Name: p.Name, Email: p.Email}, nil
		}
		desk.ByEmail = func(_ context.Context, _, email string) (recognition.Holder, error) {
			for _, p := range people {
				if p.Email == email {
					return recognition.Holder{Person: p.ID, Name: p.Name, Email: p.Email, Lang: "en"}, nil
				}
			}
			return recognition.Holder{}, fault.Field("email", "recognition.no_such_person")
		}
		desk.Names = func(_ context.Context, _ actor.Actor, ids ...string) (map[string]string, error) {
			out := map[string]string{}
			for _, id := range ids {
				out[id] = people[id].Name
			}
			return out, nil
		}
		words, err := i18n.Load(web.Text, ui.Text, recognition.Text, recognitionweb.Text)
		if err == nil {
			err = ui.Prepare(words)
		}
		if err != nil {
			t.Fatal(err)
		}
		*s = web.Site{Catalogue: words, Identify: who{}, ShowError: ui.ShowError, Log: slog.New(slog.DiscardHandler), Now: now, BaseURL: "https://donnees.example",
			Brand: func(context.Context, actor.Actor) web.Brand { return web.Brand{Name: "Valmoret"} }}
		recognitionweb.Routes(s, desk)
		fn(t, s)
	})
}

// as asks for a page as somebody; a form makes it a POST.
func as(t *testing.T, s *web.Site, person, lang, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	r := httptest.NewRequest(method, "https://donnees.example"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Accept-Language", lang)
	r.Header.Set("Accept", "text/html")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if person != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-session", Value: person})
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// says fails unless the page answers so and says all that.
func says(t *testing.T, w *httptest.ResponseRecorder, status int, texts ...string) string {
	t.Helper()
	body := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(w.Body.String())
	if w.Code != status {
		t.Fatalf("got %d, want %d\n%s", w.Code, status, body)
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("no %q in\n%s", text, body)
		}
	}
	return body
}

var requestPath = regexp.MustCompile(`action="(/badge-requests/[^"]+)"`)

func TestBadges_areAskedForGivenAndVerifiedByAStranger(t *testing.T) {
	each(t, func(t *testing.T, s *web.Site) {
		says(t, as(t, s, "", "fr", "/badges", nil), 200, "Premiers pas avec un fichier", "picture.svg")
		says(t, as(t, s, "", "en", "/badges/premiers-pas", nil), 200, "First steps with a file", "Diagnostiquer", "Sign in to see")
		says(t, as(t, s, "ada", "fr", "/badges", nil), 200, "Vous pouvez le demander", "0 compétence sur")
		says(t, as(t, s, "ada", "fr", "/badges/donnee-fiable", nil), 200, "Il manque encore 1 preuve", "Pas encore", "Par où commencer", "Work &lt;D4.2&gt; fr (environ 15", `href="/missions/M17"`)
		page := says(t, as(t, s, "ada", "fr", "/badges/premiers-pas", nil), 200, "Mission &lt;M01&gt;", "Demander ce badge")
		if strings.Contains(page, "Délivrer ce badge") {
			t.Error("an agent is shown the form to give it")
		}
		if w := as(t, s, "", "fr", "/badges/premiers-pas/ask", url.Values{}); w.Code != http.StatusSeeOther || !strings.Contains(w.Header().Get("Location"), "/sign-in") {
			t.Errorf("a visitor asked: %d", w.Code)
		}
		says(t, as(t, s, "ada", "fr", "/badges/premiers-pas/ask", url.Values{"note": {"Merci <b>"}}), 303)
		says(t, as(t, s, "ada", "fr", "/badges/premiers-pas", nil), 200, "La réponse n’est pas encore venue", "Retirer ma demande")
		says(t, as(t, s, "ada", "fr", "/badge-requests", nil), 403)
		list := says(t, as(t, s, "nadia", "fr", "/badge-requests", nil), 200, "Ada, demandé le", "Merci &lt;b&gt;", "Mission &lt;M01&gt;")
		found := requestPath.FindStringSubmatch(list)
		if found == nil {
			t.Fatal(list)
		}
		says(t, as(t, s, "nadia", "fr", found[1], url.Values{"decision": {"decline"}}), 422, "Dites pourquoi vous refusez")
		given := as(t, s, "nadia", "fr", found[1], url.Values{"decision": {"grant"}})
		says(t, given, 303)
		at := given.Header().Get("Location")
		if page := says(t, as(t, s, "", "fr", at, nil), 200, "Valide : "); strings.Contains(page, "Depuis, ") {
			t.Error("a badge says that something is gone when nothing is")
		}
		deleted.Store(s, true)
		says(t, as(t, s, "", "fr", at, nil), 200, "Valide : ", "Depuis, 2 travaux sur lesquels ce badge repose")
		deleted.Delete(s)
		stranger(t, s, at)
	})
}

// stranger looks at a badge, downloads it in each form and verifies it, then sees it taken back.
func stranger(t *testing.T, s *web.Site, at string) {
	t.Helper()
	page := says(t, as(t, s, "", "en", at, nil), 200, "Valid: ", "Mission &lt;M01&gt;", "JWT token")
	if strings.Contains(page, "Ada") || strings.Contains(page, "ada@") || strings.Contains(page, "/standing") {
		t.Error("a stranger reads who holds it, or may take it back")
	}
	r := httptest.NewRequest(http.MethodGet, at, nil)
	r.Header.Set("Accept", "application/vc+ld+json")
	machine := httptest.NewRecorder()
	s.ServeHTTP(machine, r)
	if !json.Valid(machine.Body.Bytes()) {
		t.Errorf("software got %s", machine.Body)
	}
	for _, file := range []string{"badge.png", "badge.svg", "badge.json", "badge.jwt"} {
		w := as(t, s, "", "fr", at+"/"+file, nil)
		if w.Code != 200 || !strings.Contains(w.Header().Get("Content-Disposition"), "premiers-pas") {
			t.Fatalf("%s: got %d", file, w.Code)
		}
		status, body := send(t, s, "fr", map[string][]byte{"file": w.Body.Bytes(), "email": []byte("ada@valmoret.example")})
		if status != 200 || !strings.Contains(body, "Valide : ") || !strings.Contains(body, "bien le badge de cette adresse") {
			t.Errorf("%s: got %d %s", file, status, body)
		}
	}
	says(t, as(t, s, "", "fr", at+"/badge.exe", nil), 404)
	kept := as(t, s, "", "fr", at+"/badge.png", nil).Body.Bytes()
	says(t, as(t, s, "", "fr", at+"/endorsements", url.Values{"word": {"Je l’ai vue le faire, trois fois."}}), 303)
	says(t, as(t, s, "grace", "fr", at+"/endorsements", url.Values{"word": {"Court <b>"}}), 422, "20 caractères au moins", "Court &lt;b&gt;")
	says(t, as(t, s, "grace", "fr", at+"/endorsements", url.Values{"word": {"Je l’ai vue le <b>faire</b>, trois fois."}}), 303)
	says(t, as(t, s, "ada", "fr", at+"/endorsements", url.Values{"word": {"Je me recommande moi-même, vivement."}}), 403)
	says(t, as(t, s, "", "fr", at, nil), 200, "Je l’ai vue le &lt;b&gt;faire&lt;/b&gt;", "Grace, le 02/03/2026")
	if w := as(t, s, "", "fr", at+"/endorsements.json", nil); !json.Valid(w.Body.Bytes()) || !strings.Contains(w.Body.String(), "EndorsementCredential") {
		t.Errorf("got %s", w.Body)
	}
	taken := regexp.MustCompile(`action="([^"]+/endorsements/[^"]+)"`).FindStringSubmatch(says(t, as(t, s, "ada", "fr", at, nil), 200, "Retirer cette recommandation"))
	says(t, as(t, s, "nadia", "fr", taken[1], url.Values{}), 404)
	says(t, as(t, s, "ada", "fr", taken[1], url.Values{}), 303)
	if page := says(t, as(t, s, "", "fr", at, nil), 200); strings.Contains(page, "trois fois") {
		t.Error("what the holder took away is still read")
	}
	for why, want := range map[string]string{"6": "Suspendu : "} {
		says(t, as(t, s, "nadia", "fr", at+"/standing", url.Values{"why": {why}, "note": {"À voir"}}), 303)
		says(t, as(t, s, "", "fr", at, nil), 200, want)
		says(t, as(t, s, "ada", "fr", at, nil), 200, "À voir", "Rendre ce badge")
		says(t, as(t, s, "nadia", "fr", at, nil), 200, "Lever la suspension")
	}
	says(t, as(t, s, "grace", "fr", at+"/standing", url.Values{"why": {"1"}}), 403)
	says(t, as(t, s, "nadia", "fr", at+"/standing", url.Values{"why": {"1"}}), 303)
	if _, body := send(t, s, "en", map[string][]byte{"file": kept}); !strings.Contains(body, "Revoked: ") {
		t.Errorf("taken back: got %s", body)
	}
	if list := as(t, s, "", "fr", "/issuers/o/lists/1/reasons", nil); !json.Valid(bytes.TrimSpace(list.Body.Bytes())) {
		t.Errorf("got %s", list.Body)
	}
}

func TestGive_keepsWhatWasTyped(t *testing.T) {
	each(t, func(t *testing.T, s *web.Site) {
		form := url.Values{"email": {"personne@valmoret.example"}, "seen": {"A animé l’atelier du 3 mars."}, "link": {""}}
		says(t, as(t, s, "nadia", "fr", "/badges/passer-le-relais/give", form), 422, "Personne de votre organisation", "A animé l’atelier du 3 mars.")
		form.Set("email", "ada@valmoret.example")
		w := as(t, s, "nadia", "fr", "/badges/passer-le-relais/give", form)
		says(t, w, 303)
		says(t, as(t, s, "", "fr", w.Header().Get("Location"), nil), 200, "Passing it on") // in the holder's language
		says(t, as(t, s, "nadia", "fr", "/badges/passer-le-relais/give", form), 422, "déjà tenu")
		says(t, as(t, s, "nadia", "fr", "/badge-requests", nil), 200, "Passer le relais", "Ada", "Obtenu")
		says(t, as(t, s, "ada", "fr", "/badges/passer-le-relais/give", form), 403)
		says(t, as(t, s, "", "fr", "/credentials/none", nil), 404)
	})
}
