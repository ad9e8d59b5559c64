package trainingweb_test

import (
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/training"
	"cultured/internal/training/trainingdb"
	"cultured/internal/training/trainingweb"
	"cultured/internal/ui/uitest"
)

var (
	noon   = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	people = uitest.People{
		"ada": {ID: "ada", Organisation: "o", Name: "Ada", Roles: []actor.Role{actor.Facilitator}},
		"bob": {ID: "bob", Organisation: "o", Name: "Bob"},
		"eve": {ID: "eve", Organisation: "elsewhere", Name: "Eve", Roles: []actor.Role{actor.Steward}},
	}
)

type house struct {
	uitest.House
	*training.Service
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func shipped() training.Resource {
	return training.Resource{ID: "jeu", Title: training.Words{FR: "Le jeu des codes", EN: "The game of codes"}, Summary: training.Words{FR: "On joue.", EN: "One plays."}, Address: "https://jeu.example/", Publisher: "Un éditeur",
		Kind: "game", Format: "interactive", Minutes: 15, Level: 1, Audience: "everyone", Languages: []string{"fr"}, Competences: []string{"D4.1"}, State: training.Accepted}
}

// each opens the pages over both databases, with one resource that ships.
func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	rooms := []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "training", Files: trainingdb.Migrations}}
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		now := func() time.Time { return noon }
		store := &trainingdb.Store{DB: d, Now: now, Check: func(context.Context, *sql.Tx, string) error { return nil }}
		h := &house{Service: &training.Service{Shipped: []training.Resource{shipped()}, Resources: store, Follows: store, Links: store, Paths: store, Cohorts: store, Now: now,
			Known: func(_ context.Context, _, person string) (training.Facts, error) {
				return training.Facts{Done: map[string]time.Time{"mission:M01": noon}, Levels: map[string]int{"D4.1": 1}}, nil
			},
			Colleague: func(_ context.Context, _ actor.Actor, field, email string) (string, error) {
				person, ok := strings.CutSuffix(email, "@o.example")
				if !ok {
					return "", fault.Field(field, "training.bad_pair", 1)
				}
				return person, nil
			}}}
		h.Site = uitest.NewSite(t, people, now, training.Text, trainingweb.Text)
		trainingweb.Routes(h.Site, trainingweb.Desk{Training: h.Service, Outgoing: true,
			Competences: func(context.Context, actor.Actor, string) (map[string]trainingweb.Competence, error) {
				return map[string]trainingweb.Competence{"D4": {Label: "Fiabiliser", Mark: 4}, "D4.1": {Label: "Diagnostiquer", Href: "/competences/x", Mark: 4}}, nil
			},
			Things: func(context.Context, actor.Actor, string) ([]trainingweb.Thing, error) {
				return []trainingweb.Thing{{Key: "mission:M01", Title: "La ligne qui ment", Href: "/missions/M01", Minutes: 15}, {Key: "mission:M02", Title: "La fiche", Href: "/missions/M02"}, {Key: "event:s", Title: "Atelier de mai", Href: "/workshops/s"}}, nil
			},
			Names: func(context.Context, actor.Actor, ...string) (map[string]string, error) {
				return map[string]string{"ada": "Ada", "bob": "Bob"}, nil
			}})
		fn(t, h)
	})
}

func TestAProposalFromFormToExport(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.Page(t, "bob", "/resources", 200, "Le jeu des codes", "D4.1 Diagnostiquer")
		h.Page(t, "bob", "/resources?kind=course", 200, "Aucune ressource")
		h.Page(t, "bob", "/resources/new", 200, "D4.1 Diagnostiquer")
		typed := url.Values{"address": {"guide.example"}, "title": {"=Guide <b>"}, "summary": {"Je garde ceci"}, "kind": {"guide"}, "format": {"page"}, "audience": {"agents"}, "level": {"2"}, "language": {"fr", "en"}, "minutes": {"une heure"}, "competence-1": {"D4.1"}}
		w := h.Post(t, "bob", "/resources/new", 422, typed)
		for _, part := range []string{"commence par https://", "Je garde ceci", "une heure", "en chiffres", `value="D4.1" selected`, "=Guide &lt;b&gt;"} {
			if !strings.Contains(w.Body.String(), part) {
				t.Errorf("the form shown again has no %q", part)
			}
		}
		typed.Set("address", "https://guide.example/")
		typed.Set("minutes", "150")
		at := h.Post(t, "bob", "/resources/new", 303, typed).Header().Get("Location")
		h.Page(t, "bob", at, 200, "attend une relecture", "3 h", "À vérifier sur le site")
		h.Page(t, "eve", at, 404)
		h.Post(t, "bob", at+"/decide", 403, url.Values{"state": {"accepted"}, "revision": {"1"}})
		h.Page(t, "ada", "/resources?state=proposed", 200, "=Guide &lt;b&gt;")
		if w := h.Post(t, "ada", at+"/decide", 422, url.Values{"state": {"refused"}, "revision": {"1"}}); !strings.Contains(w.Body.String(), "Dites pourquoi") {
			t.Error("a refusal without a reason says nothing")
		}
		h.Post(t, "ada", at+"/decide", 303, url.Values{"state": {"accepted"}, "revision": {"1"}})
		h.Page(t, "bob", at, 200, "par Ada")
		rows, err := csv.NewReader(strings.NewReader(h.Page(t, "bob", "/resources/export/resources.csv?kind=guide", 200))).ReadAll()
		ok(t, err)
		if len(rows) != 2 || rows[1][1] != "'=Guide <b>" || rows[1][9] != "150" || rows[1][13] != "fr en" || rows[1][15] != "Diagnostiquer" {
			t.Errorf("got %q", rows)
		}
		raw := h.Page(t, "bob", "/resources/export/resources.json", 200)
		var list []training.Resource
		ok(t, json.Unmarshal([]byte(raw), &list))
		if len(list) != 2 || strings.Contains(raw, `"ada"`) {
			t.Errorf("got %s", raw)
		}
		h.Page(t, "bob", "/resources/export/resources.exe", 404)
		h.Page(t, "bob", at+"/edit", 403)
		typed.Set("title", "Mon autre texte")
		typed.Set("revision", "1")
		if w := h.Post(t, "ada", at+"/edit", 422, typed); !strings.Contains(w.Body.String(), "Mon autre texte") || !strings.Contains(w.Body.String(), `name="revision" value="2"`) {
			t.Error("who saves second loses what was typed")
		}
		typed.Set("revision", "2")
		h.Post(t, "ada", at+"/edit", 303, typed)
		h.Page(t, "bob", at, 200, "Mon autre texte")
		h.Page(t, "", "/resources", 303)
	})
}

func TestFollowing_isSeenByOthersOnlyOnceShared(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := "/resources/items/jeu"
		h.Page(t, "bob", at, 200, "Vous l’avez suivie", "pas encore relue", "pas encore vérifié")
		if w := h.Post(t, "bob", at+"/follow", 422, url.Values{"shared": {"on"}}); !strings.Contains(w.Body.String(), "Écrivez la phrase") {
			t.Error("nothing to share is shared")
		}
		h.Post(t, "bob", at+"/follow", 303, url.Values{"changed": {"Je vérifie les codes."}})
		h.Page(t, "bob", at, 200, "Vous l’avez suivie le 27/11/2026", "Je vérifie les codes.")
		if strings.Contains(h.Page(t, "ada", at, 200), "Je vérifie les codes.") {
			t.Error("what is private is shown")
		}
		h.Page(t, "bob", "/resources?followed=yes", 200, "Le jeu des codes")
		h.Page(t, "ada", "/resources?followed=yes", 200, "Aucune ressource")
		h.Post(t, "bob", at+"/follow", 303, url.Values{"changed": {"Je vérifie les codes."}, "shared": {"on"}})
		h.Page(t, "ada", at, 200, "Je vérifie les codes.", "Bob")
		h.Post(t, "bob", at+"/unfollow", 303, nil)
		if strings.Contains(h.Page(t, "ada", at, 200), "Je vérifie les codes.") {
			t.Error("what was taken back is shown")
		}
	})
}

func TestAPathFromFormToItsEnd(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.Page(t, "bob", "/paths", 200, "Apprendre à plusieurs")
		h.Page(t, "bob", "/paths/new", 403)
		h.Page(t, "ada", "/paths/new", 200, "La ligne qui ment", "Le jeu des codes", "Atelier de mai", "Une autre rencontre")
		typed := url.Values{"title": {"Mon parcours"}, "count": {"5"}, "step-1": {"mission:M02"}, "order-1": {"3"}, "when-1": {"level"}, "step-2": {"mission:M01"}, "order-2": {"1"}, "note-2": {"Pour <commencer>"},
			"step-3": {"event:"}, "order-3": {"1,5"}, "step-5": {"event:s"}, "order-5": {"9"}}
		w := h.Post(t, "ada", "/paths/new", 422, typed)
		for _, part := range []string{"Dites pour qui", "Complétez la condition", "Donnez le titre de la rencontre", "Pour &lt;commencer&gt;", `value="mission:M01" selected`} {
			if !strings.Contains(w.Body.String(), part) {
				t.Errorf("the form shown again has no %q", part)
			}
		}
		typed.Set("summary", "Pour qui commence.")
		typed.Set("event-3", "Un café")
		typed.Set("code-1", "D4.1")
		typed.Set("level-1", "2")
		at := h.Post(t, "ada", "/paths/new", 303, typed).Header().Get("Location")
		body := h.Page(t, "bob", at, 200, "Suivre ce parcours", "Étapes faites", "1 sur 4", "Fait le 27/11/2026", "S’ouvre au niveau N2", "Atelier de mai", "Pour &lt;commencer&gt;")
		if strings.Index(body, "La ligne qui ment") > strings.Index(body, "Un café") || strings.Index(body, "Un café") > strings.Index(body, "La fiche") {
			t.Error("the steps are not in the order of their numbers")
		}
		if strings.Contains(body, "J’y ai participé") {
			t.Error("who does not follow a path says what they took part in")
		}
		h.Post(t, "bob", at+"/walk", 303, nil)
		h.Page(t, "bob", at, 200, "J’y ai participé")
		h.Post(t, "bob", at+"/say", 303, url.Values{"step": {"event:s"}, "took": {"yes"}})
		h.Page(t, "bob", at, 200, "2 sur 4", "dit par vous")
		h.Page(t, "bob", "/paths", 200, "Ceux que vous suivez", "Mon parcours")
		h.Page(t, "eve", at, 404)
		typed.Set("title", "Autre titre")
		typed.Set("revision", "0")
		if w := h.Post(t, "ada", at+"/edit", 422, typed); !strings.Contains(w.Body.String(), "Autre titre") || !strings.Contains(w.Body.String(), `name="revision" value="1"`) {
			t.Error("who saves second loses what was typed")
		}
		h.Post(t, "bob", at+"/retire", 403, url.Values{"retired": {"yes"}})
		h.Post(t, "ada", at+"/retire", 303, url.Values{"retired": {"yes"}})
		h.Page(t, "bob", at, 200, "n’est plus proposé")
	})
}

func TestACohortShowsItsLeadWhatMembersShare(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		path, err := h.MakePath(t.Context(), people["ada"], training.Path{Title: training.Words{FR: "Parcours"}, Summary: training.Words{FR: "Pour."}, Steps: []training.Step{{Kind: training.MissionStep, Ref: "M01"}, {Kind: training.MissionStep, Ref: "M02"}}})
		ok(t, err)
		h.Page(t, "bob", "/cohorts/new", 403)
		h.Page(t, "ada", "/cohorts/new", 200, `value="8"`, "2026-11-27")
		typed := url.Values{"title": {"Énergie"}, "path": {string(path)}, "start": {"2026-11-02"}, "weeks": {"huit"}}
		if w := h.Post(t, "ada", "/cohorts/new", 422, typed); !strings.Contains(w.Body.String(), "huit") || !strings.Contains(w.Body.String(), "usage concret") {
			t.Error("what was typed is lost")
		}
		typed.Set("weeks", "8")
		typed.Set("use", "Savoir ce qui consomme.")
		at := h.Post(t, "ada", "/cohorts/new", 303, typed).Header().Get("Location")
		if w := h.Post(t, "ada", at+"/members", 422, url.Values{"email": {"<nobody>"}, "side": {"trade"}, "pair": {"2"}}); !strings.Contains(w.Body.String(), "&lt;nobody&gt;") {
			t.Error("what was typed is lost")
		}
		h.Post(t, "ada", at+"/members", 303, url.Values{"email": {"bob@o.example"}, "side": {"trade"}, "pair": {"1"}})
		h.Page(t, "bob", "/cohorts", 200, "Vous êtes invité")
		h.Page(t, "bob", at, 200, "J’accepte")
		h.Post(t, "bob", at+"/join", 303, url.Values{"yes": {"yes"}})
		h.Page(t, "ada", at, 200, "Non partagé", "Semaine 4 sur 8")
		h.Page(t, "bob", at, 200, "Partager mon avancement", "Voulez-vous que Ada")
		h.Post(t, "bob", at+"/consent", 303, url.Values{"shares": {"yes"}})
		h.Page(t, "ada", at, 200, "1 sur 2")
		h.Post(t, "bob", at+"/notes", 303, url.Values{"note": {"Je <bloque>."}, "help": {"on"}, "private": {"on"}})
		h.Page(t, "ada", at, 200, "Je &lt;bloque&gt;.", "Demande de l’aide", "C’est réglé")
		h.Post(t, "bob", at+"/consent", 303, url.Values{"shares": {"no"}})
		h.Page(t, "ada", at, 200, "Non partagé")
		h.Page(t, "eve", at, 404)
		h.Post(t, "bob", at+"/close", 404, url.Values{"closed": {"yes"}})
		h.Post(t, "ada", at+"/close", 303, url.Values{"closed": {"yes"}})
		h.Page(t, "bob", at, 200, "Cette cohorte est terminée")
		h.Post(t, "bob", at+"/join", 303, url.Values{"yes": {"no"}})
		h.Page(t, "bob", at, 404)
	})
}
