package overviewweb_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cultured/content/demo"
	"cultured/internal/actor"
	"cultured/internal/catalogue"
	"cultured/internal/dataset"
	"cultured/internal/mail"
	"cultured/internal/overview/overviewweb"
	"cultured/internal/schema"
	"cultured/internal/ui"
	"cultured/internal/ui/uitest"
	"cultured/internal/web"
)

var today = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

var sessions = uitest.People{
	"camille": {ID: "camille", Name: "Camille Fauvel", Organisation: "full"},
	"nadia":   {ID: "nadia", Name: "Nadia Morvan", Organisation: "full", Roles: []actor.Role{actor.Steward}},
	"new":     {ID: "new", Name: "Hugo Tessier", Organisation: "empty"},
	"driss":   {ID: "driss", Name: "Driss Lambert", Organisation: "empty", Roles: []actor.Role{actor.Admin}},
}

// shelf keeps three datasets in one organisation and none elsewhere.
type shelf struct{ dataset.Datasets }

func (shelf) List(_ context.Context, organisation string) ([]dataset.Dataset, error) {
	if organisation != "full" {
		return nil, nil
	}
	one := func(id, title string, fixable int) dataset.Dataset {
		return dataset.Dataset{ID: dataset.ID(id), Organisation: "full", Owner: "camille", Title: title, Rows: 1240, Fixable: fixable, Modified: today}
	}
	return []dataset.Dataset{one("review", "Stations de mesure", 0), one("fix", "Équipements <culturels>", 2), one("ask", "Menus de la cantine", 0)}, nil
}

// records are theirs; the one under review is not published.
type records struct{ catalogue.Store }

func record(id, title string) catalogue.Record {
	r := catalogue.Record{ID: catalogue.ID(id), Dataset: id, Slug: id, Organisation: "full", Author: "camille", Title: title, State: catalogue.StateDraft, LastUpdate: today, Modified: today}
	switch id {
	case "review":
		r.State = catalogue.StateInReview
	case "public":
		snapshot := r
		r.State, r.Published = catalogue.StatePublished, &catalogue.Snapshot{Record: snapshot, First: today, At: today, Number: 1}
	}
	return r
}

func (records) OfDataset(_ context.Context, id string) (catalogue.Record, error) {
	return record(id, ""), nil
}

func (records) Since(context.Context, int64) ([]catalogue.Record, []catalogue.ID, int64, error) {
	return []catalogue.Record{record("review", "Stations de mesure"), record("public", "Subventions aux associations")}, nil, 1, nil
}

type facts struct{ catalogue.Desk }

func (facts) Facts(context.Context, actor.Actor, string) (catalogue.Holding, error) {
	return catalogue.Holding{Organisation: "full"}, nil
}

func desk() overviewweb.Desk {
	return overviewweb.Desk{Dataset: &dataset.Service{Datasets: shelf{}}, Version: "1.2.3", Now: func() time.Time { return today },
		Mission: func(r *http.Request) (*ui.Card, string, error) {
			if web.Actor(r).ID != "camille" {
				return nil, "", nil // all are passed
			}
			return &ui.Card{Title: "La ligne qui ment", Href: "/missions/M01", Level: 3}, "Parce que c’est la plus courte.", nil
		},
		Accepted: ".csv,.zip", Limit: 1 << 30, KeepFor: 2 * time.Hour,
		Catalogue: &catalogue.Service{Store: records{}, Desk: facts{}, Now: func() time.Time { return today }},
		Alerts:    func(context.Context, actor.Actor) (int, error) { return 0, nil },
		Ready:     func(context.Context) error { return nil }}
}

func site(t *testing.T, d overviewweb.Desk) *web.Site {
	t.Helper()
	s := uitest.NewSite(t, sessions, time.Now, overviewweb.Text, catalogue.Text, dataset.Text, schema.Text)
	overviewweb.Routes(s, d)
	return s
}

func get(s *web.Site, path, lang, session string) *httptest.ResponseRecorder {
	return uitest.Ask(uitest.In(lang, s), session, http.MethodGet, path, nil)
}

func TestPages(t *testing.T) {
	s := site(t, desk())
	for _, tc := range []struct {
		name, path, lang, session string
		has, hasNot               []string
	}{
		{"a visitor sees what the product does and what is published", "/", "fr", "", []string{"Vos données, vérifiées", `action="/check"`, `enctype="multipart/form-data"`, "supprimé après 2 heures", "1,1 Go au plus", `accept=".csv,.zip"`,
			"Subventions aux associations", "1 jeu de données", "23/11/2026", `href="/join"`, `next=%2Fmissions`}, []string{"demonstration-2026", "Stations de mesure"}},
		{"so does an English one", "/", "en", "", []string{"Your data, checked", "deleted after 2 hours", "1 dataset"}, []string{"Vos données"}},
		{"an agent is told what to continue, the one waiting apart", "/", "fr", "camille", []string{"Bonjour Camille Fauvel", "Continuer", `href="/datasets/fix/quality"`, "un clic les applique", "Ensuite",
			"Répondre aux 6 questions", `href="/datasets/ask/record"`, "En attente de relecture", "1\u202f240", "Une mission pour vous", "Parce que c’est la plus courte.", `href="/missions/M01"`}, []string{"attend votre relecture", "<culturels>", "demonstration-2026"}},
		{"a steward is told what waits for a review", "/", "fr", "nadia", []string{"1 fiche attend votre relecture", `href="/reviews"`}, []string{"Une mission pour vous"}},
		{"a steward, in English", "/", "en", "nadia", []string{"Hello Nadia Morvan", "1 record is waiting for your review", "Answer the 6 questions"}, nil},
		{"somebody new is shown where to begin", "/", "fr", "new", []string{"Commencez par un fichier", `href="/check"`}, []string{"Ensuite", "<table"}},
		{"the accessibility statement tells the truth", "/accessibilite", "fr", "", []string{"non conforme, faute d’audit", "RGAA 4.1.2", "106 critères", "axe-core", "Défenseur des droits", "formulaire.defenseurdesdroits.fr", "Valmoret", "1.2.3"}, nil},
		{"in English too", "/accessibilite", "en", "", []string{"not compliant, for want of an audit", "WCAG 2.2", "ombudsman"}, nil},
		{"the legal notice says who, what is kept, and the software", "/legal", "fr", "", []string{"Éditeur\u00a0: Valmoret", "argon2id", "30 jours au plus", "Aucune mesure d’audience", "licence MIT", "1.2.3", `id="source"`, "OpenDataFrance", "ne l’approuvent"}, nil},
		{"in English as well", "/legal", "en", "", []string{"Publisher: Valmoret", "no tracker", "MIT licence", "endorse it"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := get(s, tc.path, tc.lang, tc.session)
			body := w.Body.String()
			if w.Code != http.StatusOK {
				t.Fatalf("got status %d, want 200", w.Code)
			}
			if got := strings.Count(body, "<h1"); got != 1 {
				t.Errorf("got %d h1, want 1", got)
			}
			for _, want := range tc.has {
				if !strings.Contains(body, want) {
					t.Errorf("%q is not on the page", want)
				}
			}
			for _, no := range append(tc.hasNot, "⟦", "{0}", "{1}") {
				if strings.Contains(body, no) {
					t.Errorf("%q is on the page", no)
				}
			}
		})
	}
}

// The notice of the demonstration must name the accounts that content/demo really makes.
func TestWelcome_demonstrationNamesEveryAccount(t *testing.T) {
	made, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := desk()
	d.Demo = true
	s := site(t, d)
	for _, lang := range []string{"fr", "en"} {
		body := get(s, "/", lang, "").Body.String()
		if !strings.Contains(body, "demonstration-2026") {
			t.Errorf("%s: no password", lang)
		}
		for _, p := range made.People {
			if !strings.Contains(body, p.Email) || !strings.Contains(body, p.FirstName) {
				t.Errorf("%s: %s, %s is not named", lang, p.FirstName, p.Email)
			}
		}
		if got, want := strings.Count(body, "@demo.example"), len(made.People); got != want {
			t.Errorf("%s: got %d addresses, want %d", lang, got, want)
		}
	}
}

func TestMachinePages(t *testing.T) {
	broken := desk()
	broken.Ready = func(context.Context) error { return errors.New("secret cause") }
	whole, sick := site(t, desk()), site(t, broken)
	for _, tc := range []struct {
		name, path, session string
		site                *web.Site
		status              int
		body                string
	}{
		{"alive", "/healthz", "", whole, 200, "ok\n"},
		{"alive even when its database is not", "/healthz", "", sick, 200, "ok\n"},
		{"ready", "/readyz", "", whole, 200, "ready\n"},
		{"not ready", "/readyz", "", sick, 503, "Réessayez dans un instant"},
		{"robots keep to the public pages", "/robots.txt", "", whole, 200, "Disallow: /datasets\nSitemap: https://donnees.example/sitemap.xml\n"},
		{"the gallery is no page for a visitor", "/ui", "", whole, 404, "introuvable"},
		{"nor for an agent", "/ui", "camille", whole, 404, "introuvable"},
		{"it is one for an administrator", "/ui", "driss", whole, 200, "Composants de l’interface"},
		{"no mails outside development", "/dev/mails", "driss", whole, 404, "introuvable"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := get(tc.site, tc.path, "fr", tc.session)
			if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.body) {
				t.Errorf("got %d %q, want %d with %q", w.Code, w.Body, tc.status, tc.body)
			}
			if strings.Contains(w.Body.String(), "secret cause") {
				t.Error("the cause leaks")
			}
		})
	}
}

func TestMails_inDevelopment(t *testing.T) {
	box := mail.NewOutbox()
	d := desk()
	d.Mails = box.Mails
	s := site(t, d)
	if body := get(s, "/dev/mails", "fr", "").Body.String(); !strings.Contains(body, "Aucun message") {
		t.Error("the empty page says nothing")
	}
	err := box.Send(t.Context(), mail.Message{To: "hugo@demo.example", Subject: "Votre lien", Body: "Bonjour <Hugo>,\n\nOuvrez http://donnees.example/sign-in/abc?x=1 vite.\n"})
	if err != nil {
		t.Fatal(err)
	}
	for lang, to := range map[string]string{"fr": "À\u00a0: hugo@demo.example", "en": "To: hugo@demo.example"} {
		body := get(s, "/dev/mails", lang, "").Body.String()
		for _, want := range []string{"Votre lien", to, "Bonjour &lt;Hugo&gt;,", `<a href="http://donnees.example/sign-in/abc?x=1">http://donnees.example/sign-in/abc?x=1</a> vite.`, `content="noindex"`} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: %q is not on the page", lang, want)
			}
		}
	}
}
