package situationweb_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/situation"
	"cultured/internal/situation/situationdb"
	"cultured/internal/situation/situationweb"
	"cultured/internal/ui/uitest"
	"cultured/internal/workshop"
)

var (
	noon   = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	people = uitest.People{
		"ada": {ID: "ada", Organisation: "o", Name: "Ada", Roles: []actor.Role{actor.Facilitator}},
		"bob": {ID: "bob", Organisation: "o", Name: "Bob"},
		"eve": {ID: "eve", Organisation: "elsewhere", Name: "Eve", Roles: []actor.Role{actor.Facilitator}},
	}
)

type house struct {
	uitest.House
	*situation.Service
	report workshop.Report
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// each opens the pages over both databases, with one framework and one finished workshop.
func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	rooms := []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "situation", Files: situationdb.Migrations}}
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		now := func() time.Time { return noon }
		h := &house{Service: testService(d, now), report: workshop.Report{Title: "Atelier", Closed: true, Phases: []workshop.ReportPhase{{Name: "p", Title: "Situations", Themes: []workshop.ReportTheme{
			{Name: "Suivi", Cards: []workshop.ReportCard{{ID: 3, Text: "Suivre les impayés"}, {ID: 5, Text: "Relancer", Links: []workshop.ReportLink{{ID: "c"}, {ID: "d", How: "peers"}}}, {ID: 8, Text: "Relancer"}}}}}}}}
		h.Site = uitest.NewSite(t, people, now, situation.Text, situationweb.Text)
		situationweb.Routes(h.Site, situationweb.Desk{Situation: h.Service, Frameworks: frameworks,
			Report: func(_ context.Context, by actor.Actor, session string) (workshop.Report, error) {
				if by.Organisation != "o" || session != "s" {
					return workshop.Report{}, fault.New(fault.NotFound, "web.not_found")
				}
				return h.report, nil
			},
			Names: func(context.Context, actor.Actor, ...string) (map[string]string, error) {
				return map[string]string{"ada": "Ada"}, nil
			}})
		fn(t, h)
	})
}

func frameworks(context.Context, actor.Actor) ([]competency.View, error) {
	return []competency.View{{Framework: competency.Framework{Languages: []string{"fr"}, Items: []competency.Item{
		{ID: "f", Kind: competency.Family, Code: "D1", Label: competency.Text{"fr": "Comprendre"}},
		{ID: "c", Kind: competency.Competence, Parent: "f", Code: "D1.1", Label: competency.Text{"fr": "Distinguer"}},
		{ID: "d", Kind: competency.Competence, Parent: "f", Code: "D1.2", Label: competency.Text{"fr": "Trouver"}}}}}}, nil
}

func TestARecordFromFormToExport(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.Page(t, "bob", "/situations", 200, "Aucune situation")
		h.Page(t, "bob", "/situations/new", 403)
		h.Page(t, "ada", "/situations/new", 200, "D1.2 Trouver")
		w := h.Post(t, "ada", "/situations/new", 422, url.Values{"kind": {"situation"}, "text": {"Je garde <ceci>"}, "competence-1": {"d"}, "standing-1": {"held"}})
		if body := w.Body.String(); !strings.Contains(body, "Je garde &lt;ceci&gt;") || !strings.Contains(body, `value="d" selected`) {
			t.Error("what was typed is lost")
		}
		at := h.Post(t, "ada", "/situations/new", 303, url.Values{"kind": {"situation"}, "title": {"=Suivre les impayés"}, "service": {"Cantine"}, "competence-1": {"d"}, "standing-1": {"held"}, "due": {"2026-05-01"}}).Header().Get("Location")
		h.Page(t, "bob", at, 200, "=Suivre les impayés", "D1.2 Trouver", "Maîtrisée", "Cantine", "01/05/2026", "Ada")
		h.Page(t, "eve", at, 404)
		h.Post(t, "bob", at+"/retire", 403, url.Values{})
		h.Page(t, "bob", "/situations?q=impayes", 200, "Suivre les impayés")
		h.Page(t, "bob", "/situations?service=Voirie", 200, "Rien ne correspond")
		rows, err := csv.NewReader(strings.NewReader(h.Page(t, "bob", "/situations/export/situations.csv?service=Cantine", 200))).ReadAll()
		ok(t, err)
		if len(rows) != 2 || rows[1][2] != "'=Suivre les impayés" || rows[1][12] != "D1.2 Trouver" {
			t.Errorf("got %q", rows)
		}
		var list []situation.Situation
		ok(t, json.Unmarshal([]byte(h.Page(t, "bob", "/situations/export/situations.json", 200)), &list))
		if len(list) != 1 || list[0].Links[0].Standing != situation.Held {
			t.Errorf("got %+v", list)
		}
		h.Page(t, "bob", "/situations/export/situations.exe", 404)
		change := url.Values{"kind": {"situation"}, "title": {"Suivre"}, "revision": {"1"}}
		h.Post(t, "ada", at+"/edit", 303, change)
		change.Set("title", "Mon autre texte")
		if w := h.Post(t, "ada", at+"/edit", 422, change); !strings.Contains(w.Body.String(), "Mon autre texte") || !strings.Contains(w.Body.String(), `name="revision" value="2"`) {
			t.Error("who saves second loses what was typed")
		}
		h.Post(t, "ada", at+"/undo", 303, url.Values{"revision": {"2"}})
		h.Page(t, "bob", at, 200, "=Suivre les impayés", "Dernier changement annulé")
		h.Post(t, "ada", at+"/retire", 303, url.Values{})
		h.Page(t, "bob", "/situations?state=retired", 200, "Suivre")
	})
}

func TestCardsBecomeRecords(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.Page(t, "bob", "/situations/promote/s", 403)
		h.Page(t, "eve", "/situations/promote/s", 404)
		h.report.Closed = false
		h.Page(t, "ada", "/situations/promote/s", 409, "n’est pas terminé")
		h.report.Closed = true
		h.Page(t, "ada", "/situations/promote/s", 200, "Relancer", "Suivi")
		h.Post(t, "ada", "/situations/promote/s", 422, url.Values{"kind": {"situation"}})
		w := h.Post(t, "ada", "/situations/promote/s", 303, url.Values{"kind": {"situation"}, "card": {"3", "5", "8", "99"}})
		if w.Header().Get("Location") != "/situations?session=s" {
			t.Errorf("leads to %s", w.Header().Get("Location"))
		}
		list, err := h.All(t.Context(), people["bob"])
		ok(t, err)
		if len(list) != 2 || list[0].Mentions()+list[1].Mentions() != 3 {
			t.Fatalf("same words should be one record with two mentions: got %+v", list)
		}
		h.Page(t, "ada", "/situations/promote/s", 200, "Déjà reprise")
		body := h.Page(t, "ada", "/situations?session=s&theme=Suivi", 200)
		if n := len(regexp.MustCompile(`href="/situations/items/[0-9a-f-]{36}"`).FindAllString(body, -1)); n != 2 {
			t.Errorf("the list has %d records, want 2", n)
		}
		h.Post(t, "eve", "/situations/withdraw", 404, url.Values{"ids": {string(list[0].ID)}})
		h.Post(t, "ada", "/situations/withdraw", 303, url.Values{"ids": {string(list[0].ID) + " " + string(list[1].ID)}})
		h.Page(t, "ada", "/situations?session=s", 200, "Rien ne correspond")
		h.Post(t, "ada", "/situations/promote/s", 303, url.Values{"kind": {"need"}, "title": {"Suivre et relancer"}, "card": {"3", "5", "8"}})
		list, err = h.All(t.Context(), people["bob"])
		ok(t, err)
		list = situation.Filter{}.Keep(list, strings.ToLower) // those in force
		if len(list) != 1 || list[0].Title != "Suivre et relancer" || list[0].Mentions() != 3 || list[0].Kind != situation.Need ||
			!slices.Equal(list[0].Links, []situation.Link{{Competence: "c", Standing: situation.Develop}, {Competence: "d", Standing: situation.Held}}) {
			t.Errorf("got %+v", list)
		}
	})
}

func TestTheMapShowsTheSameInItsPicturesTablesAndFiles(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.Page(t, "bob", "/situations/map", 200, "Aucune situation")
		_, err := h.Create(t.Context(), people["ada"],
			situation.Situation{Kind: situation.Usage, Title: "Suivre <les> impayés", Service: "Cantine", Datasets: []string{"d1", "d2"}, Links: []situation.Link{{Competence: "c", Standing: situation.Needed}, {Competence: "d", Standing: situation.Held}},
				Origin: situation.Origin{Session: "s", Title: "Atelier", Theme: "Suivi", Cards: []situation.Card{{Number: 1, Text: "x"}, {Number: 2, Text: "y"}}}},
			situation.Situation{Kind: situation.Need, Title: "=Publier", Service: "Voirie", Links: []situation.Link{{Competence: "gone", Standing: situation.Develop}}})
		ok(t, err)
		body := h.Page(t, "bob", "/situations/map", 200, "D1.1 Distinguer", "Écarts par service", "Compétence que vous ne pouvez pas lire", "Suivre &lt;les&gt; impayés")
		for who, want := range map[string]struct{ nodes, ends int }{"bob": {2 + 3 + 2 + 1, 2 * (3 + 2 + 1)}, "ada": {2 + 3 + 2 + 2, 2 * (3 + 2 + 2)}} { // Bob sees one of the datasets
			body := h.Page(t, who, "/situations/map", 200, `href="/situations/map?service=Cantine"`, `href="/datasets/d1" aria-label="Impayés"`)
			if got := strings.Count(body, `class="p-needmap__node"`); got != want.nodes {
				t.Errorf("%s sees %d situations, competences, services and datasets in the picture of links, want %d", who, got, want.nodes)
			}
			if got := strings.Count(body, `class="p-needmap__over"`); got != want.ends {
				t.Errorf("%s sees %d ends of links, want %d", who, got, want.ends)
			}
		}
		if strings.Contains(body, "Paie") || !strings.Contains(body, "Impayés · Jeu de données que vous ne pouvez pas voir") {
			t.Error("the table names a dataset Bob may not see, or does not say that there is one")
		}
		if strings.Contains(h.Page(t, "bob", "/situations/map?service=Voirie&group=theme", 200, "Sans thème"), "D1.1") {
			t.Error("the filter lets another service's competence through")
		}
		h.Page(t, "bob", "/situations/map?session=none", 200, "Aucune compétence n’est liée")
		h.Page(t, "eve", "/situations/map", 200, "Aucune situation")
		rows, err := csv.NewReader(strings.NewReader(h.Page(t, "bob", "/situations/map/map.csv", 200))).ReadAll()
		ok(t, err)
		if len(rows) != 4 || rows[3][2] != "'=Publier" || rows[1][9] != "D1 Comprendre" || rows[1][6] != "2" {
			t.Errorf("got %q", rows)
		}
		rows, err = csv.NewReader(strings.NewReader(h.Page(t, "bob", "/situations/map/gaps.csv?session=s", 200))).ReadAll()
		ok(t, err)
		if len(rows) != 3 || strings.Join(rows[1][1:], ",") != "D1.1 Distinguer,D1 Comprendre,Cantine,2,0,0,2" {
			t.Errorf("got %q", rows)
		}
		var table struct {
			Situations  []situation.Situation
			Competences []struct{ Gap int }
		}
		ok(t, json.Unmarshal([]byte(h.Page(t, "bob", "/situations/map/map.json", 200)), &table))
		if len(table.Situations) != 2 || len(table.Competences) != 3 {
			t.Errorf("got %+v", table)
		}
		read := xml.NewDecoder(strings.NewReader(h.Page(t, "bob", "/situations/map/map.svg", 200, "Suivre &lt;les&gt; impayés")))
		for {
			if _, err := read.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("the picture is no XML: %v", err)
			}
		}
		h.Page(t, "bob", "/situations/map/map.exe", 404)
	})
}

// testService is the room over a database, in an organisation with two services and two datasets of which Bob sees one.
func testService(d *db.DB, now func() time.Time) *situation.Service {
	store := &situationdb.Store{DB: d, Now: now}
	return &situation.Service{Store: store, Actions: store, Now: now,
		Services: func(_ context.Context, by actor.Actor) ([]situation.Named, error) {
			if by.Organisation != "o" {
				return nil, nil
			}
			return []situation.Named{{ID: "u1", Name: "Voirie"}, {ID: "u2", Name: "Cantines"}}, nil
		},
		Datasets: func(_ context.Context, by actor.Actor) ([]situation.Named, error) {
			switch {
			case by.Organisation != "o":
				return nil, nil
			case by.ID == "bob":
				return []situation.Named{{ID: "d1", Name: "Impayés"}}, nil
			}
			return []situation.Named{{ID: "d1", Name: "Impayés"}, {ID: "d2", Name: "Paie"}}, nil
		}}
}

func TestAGapLeadsToActions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.Page(t, "bob", "/situations/actions", 200, "Aucune action")
		_, err := h.Create(t.Context(), people["ada"], situation.Situation{Kind: situation.Usage, Title: "Suivre", Unit: "u1", Datasets: []string{"d2"}, Action: "Écrire un guide", Links: []situation.Link{{Competence: "c", Standing: situation.Needed}}},
			situation.Situation{Kind: situation.Usage, Title: "Relancer", Service: "Voirie", Links: []situation.Link{{Competence: "c", Standing: situation.Needed}}})
		ok(t, err)
		body := h.Page(t, "ada", "/situations/map", 200, `href="/situations/actions/new?competence=c&amp;service=u1"`, "Paie")
		if got := strings.Count(body, "?competence=c&amp;service="); got != 1 {
			t.Errorf("one place under two spellings has %d gaps", got)
		}
		if strings.Contains(h.Page(t, "bob", "/situations/map", 200), "actions/new") || strings.Contains(h.Page(t, "bob", "/situations/map", 200), "Paie") {
			t.Error("Bob may decide, or reads the name of a dataset he may not see")
		}
		h.Page(t, "bob", "/situations/actions/new", 403)
		h.Page(t, "ada", "/situations/actions/new?competence=c&service=u1", 200, `value="c" selected`, `value="u1" selected`)
		typed := url.Values{"competence": {"c"}, "service": {"u1"}, "what": {"=Former <tous>"}, "owner": {"Ada"}}
		if w := h.Post(t, "ada", "/situations/actions/new", 422, typed); !strings.Contains(w.Body.String(), "=Former &lt;tous&gt;") || !strings.Contains(w.Body.String(), "Donnez une échéance") {
			t.Error("what was typed is lost, or what is missing is not said")
		}
		typed.Set("due", "2026-03-01")
		h.Post(t, "bob", "/situations/actions/new", 403, typed)
		h.Post(t, "ada", "/situations/actions/new", 303, typed)
		h.Page(t, "ada", "/situations/map", 200, "1 en retard")
		h.Page(t, "eve", "/situations/actions", 200, "Aucune action")
		body = h.Page(t, "ada", "/situations/actions", 200, "En retard", "Voirie", "Écrire un guide", "2 actions, dont 1 en retard")
		at := regexp.MustCompile(`/situations/actions/items/[0-9a-f-]{36}`).FindString(body)
		h.Post(t, "ada", at, 422, url.Values{"competence": {"c"}, "what": {"Autre"}, "owner": {"Ada"}, "due": {"2026-03-01"}, "revision": {"9"}})
		h.Page(t, "ada", at, 200, "=Former &lt;tous&gt;")
		h.Post(t, "bob", at+"/progress", 403, url.Values{"progress": {"done"}})
		h.Post(t, "ada", at+"/progress", 303, url.Values{"progress": {"dropped"}})
		if strings.Contains(h.Page(t, "ada", "/situations/actions", 200), "Former") {
			t.Error("what was given up is listed")
		}
		h.Post(t, "ada", at+"/progress", 303, url.Values{"progress": {"done"}})
		h.Page(t, "ada", "/situations/actions?state=done", 200, "02/03/2026")
		rows, err := csv.NewReader(strings.NewReader(h.Page(t, "bob", "/situations/actions/export/actions.csv?owner=Ada", 200))).ReadAll()
		ok(t, err)
		if len(rows) != 2 || rows[1][1] != "'=Former <tous>" || rows[1][4] != "done" || rows[1][10] != "Voirie" {
			t.Errorf("got %q", rows)
		}
		var list []situation.Action
		ok(t, json.Unmarshal([]byte(h.Page(t, "bob", "/situations/actions/export/actions.json", 200)), &list))
		if len(list) != 2 {
			t.Errorf("got %+v", list)
		}
		h.Page(t, "bob", "/situations/actions/export/actions.exe", 404)
		rows, err = csv.NewReader(strings.NewReader(h.Page(t, "ada", "/situations/export/situations.csv?dataset=d2", 200))).ReadAll()
		ok(t, err)
		if len(rows) != 2 || rows[1][4] != "Voirie" || rows[1][18] != "d2" {
			t.Errorf("got %q", rows)
		}
	})
}
