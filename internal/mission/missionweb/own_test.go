package missionweb_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"cultured/content/demo"
	"cultured/content/missions"
	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/mission/missiondb"
	"cultured/internal/mission/missionweb"
	"cultured/internal/outbox"
	"cultured/internal/ui"
	"cultured/internal/web"
)

var people = map[string]actor.Actor{
	"ada": {ID: "ada", Organisation: "o", Name: "Ada"},
	"lea": {ID: "lea", Organisation: "o", Name: "Léa", Roles: []actor.Role{actor.Facilitator}},
}

type who struct{}

func (who) Identify(_ context.Context, session string) (actor.Actor, error) {
	return people[session], nil
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// opened is the pages of a house whose missions are one that ships, M05.
func opened(t *testing.T, d *db.DB) *web.Site {
	t.Helper()
	words, err := i18n.Load(web.Text, ui.Text, mission.Text, missionweb.Text)
	ok(t, err)
	ok(t, ui.Prepare(words))
	now := func() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }
	store := &missiondb.Store{DB: d}
	s := &web.Site{Catalogue: words, Identify: who{}, ShowError: ui.ShowError, Log: slog.New(slog.DiscardHandler), Now: now, BaseURL: "https://donnees.example",
		Brand: func(context.Context, actor.Actor) web.Brand {
			return web.Brand{Name: "Valmoret", BaseURL: "https://donnees.example"}
		}}
	needs, err := mission.ReadNeeds(missions.Needs)
	ok(t, err)
	missionweb.Routes(s, missionweb.Desk{Service: &mission.Service{Works: store, Owns: store, Needs: needs, Now: now},
		Competences: func(context.Context, actor.Actor, string) (map[string]missionweb.Competence, error) { return nil, nil }})
	return s
}

// send asks as somebody does; a file makes it a form that sends one.
func send(t *testing.T, s *web.Site, name, lang, method, path string, file []byte) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if file != nil {
		part, err := form.CreateFormFile("file", "paquet.zip")
		ok(t, err)
		_, err = part.Write(file)
		ok(t, err)
	}
	ok(t, form.Close())
	r := httptest.NewRequest(method, "https://donnees.example"+path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Accept-Language", lang)
	r.Header.Set("Accept", "text/html")
	r.AddCookie(&http.Cookie{Name: "__Host-session", Value: name})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestOwn_packsComeInArePublishedAndGoOut(t *testing.T) {
	all, err := mission.Load(missions.Files)
	ok(t, err)
	p := mission.Pack{Title: "Roches <b>", Sheets: map[string]mission.Table{}}
	for _, m := range all {
		if m.ID == "M05" {
			raw, err := fs.ReadFile(demo.Files, "files/"+m.Source.File)
			ok(t, err)
			p.Sheets[m.Source.File], err = mission.ReadSheet(raw, m.Source.File)
			ok(t, err)
			m.Title.FR = "Nos stations <script>"
			p.Missions = append(p.Missions, m)
		}
	}
	var good, bad bytes.Buffer
	ok(t, p.Write(&good))
	z := zip.NewWriter(&bad)
	_, err = z.Create("missions/../run.sh")
	ok(t, err)
	ok(t, z.Close())

	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s := opened(t, d)
		says := func(w *httptest.ResponseRecorder, status int, parts ...string) {
			t.Helper()
			for _, part := range parts {
				if w.Code != status || !strings.Contains(w.Body.String(), part) {
					t.Errorf("%d without %q", w.Code, part)
				}
			}
		}
		says(send(t, s, "ada", "fr", "GET", "/missions/own", nil), http.StatusOK, "Mes missions") // any agent writes, and brings nothing in
		if w := send(t, s, "ada", "fr", "GET", "/missions/own", nil); strings.Contains(w.Body.String(), "/missions/own/import") {
			t.Error("somebody without the role is asked for a pack")
		}
		if w := send(t, s, "ada", "fr", "POST", "/missions/own/import", good.Bytes()); w.Code != http.StatusForbidden {
			t.Errorf("somebody without the role: %d", w.Code)
		}
		says(send(t, s, "lea", "fr", "GET", "/missions", nil), http.StatusOK, "/missions/own")
		says(send(t, s, "lea", "en", "GET", "/missions/own", nil), http.StatusOK, "No mission of your own")
		says(send(t, s, "lea", "fr", "POST", "/missions/own/import", nil), http.StatusUnprocessableEntity, "Choisissez le paquet")
		says(send(t, s, "lea", "fr", "POST", "/missions/own/import", bad.Bytes()), http.StatusUnprocessableEntity, "sort de son dossier", "run.sh")
		says(send(t, s, "lea", "en", "POST", "/missions/own/import", []byte("text")), http.StatusUnprocessableEntity, "not a pack of missions")
		if w := send(t, s, "lea", "fr", "POST", "/missions/own/import", good.Bytes()); w.Code != http.StatusSeeOther {
			t.Fatalf("the pack: %d %s", w.Code, w.Body)
		}
		page := send(t, s, "lea", "fr", "GET", "/missions/own", nil)
		says(page, http.StatusOK, "Nos stations &lt;script&gt;", "Roches &lt;b&gt;", "Pas encore publiée", "Licence Ouverte 2.0")
		at := regexp.MustCompile(`/missions/own/([a-z0-9]+)/publish`).FindStringSubmatch(page.Body.String())
		if at == nil {
			t.Fatal("nothing to publish")
		}
		if w := send(t, s, "ada", "fr", "GET", "/missions/"+at[1], nil); w.Code != http.StatusNotFound {
			t.Errorf("met before it is published: %d", w.Code)
		}
		if w := send(t, s, "lea", "fr", "POST", at[0], nil); w.Code != http.StatusSeeOther {
			t.Fatalf("published: %d", w.Code)
		}
		says(send(t, s, "ada", "fr", "GET", "/missions/"+at[1], nil), http.StatusOK, "Nos stations &lt;script&gt;")
		for _, file := range []string{"missions.zip", at[1] + ".zip"} {
			w := send(t, s, "lea", "fr", "GET", "/missions/own/export/"+file, nil)
			raw, err := io.ReadAll(w.Body)
			ok(t, err)
			if got, err := mission.ReadPack(raw); err != nil || got.Title != "Valmoret" || len(got.Missions) != 1 {
				t.Errorf("%s: %+v, %v", file, got.Title, err)
			}
		}
		if w := send(t, s, "lea", "fr", "POST", "/missions/own/"+at[1]+"/withdraw", nil); w.Code != http.StatusSeeOther {
			t.Errorf("withdrawn: %d", w.Code)
		}
		says(send(t, s, "lea", "fr", "GET", "/missions/own", nil), http.StatusOK, "Publier à nouveau")
	})
}

func TestWrite_keepsTheFormAndSaysWhatIsLeftToSettle(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s := opened(t, d)
		write := func(name string, fields ...string) *httptest.ResponseRecorder {
			t.Helper()
			var body bytes.Buffer
			form := multipart.NewWriter(&body)
			for i := 0; i < len(fields); i += 2 {
				ok(t, form.WriteField(fields[i], fields[i+1]))
			}
			ok(t, form.Close())
			r := httptest.NewRequest("POST", "https://donnees.example/missions/own/new", &body)
			r.Header.Set("Content-Type", form.FormDataContentType())
			r.Header.Set("Accept-Language", "fr")
			r.Header.Set("Accept", "text/html")
			r.AddCookie(&http.Cookie{Name: "__Host-session", Value: name})
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			return w
		}
		hers := write("ada", "title_fr", "La mienne", "answer", "table")
		own := strings.TrimPrefix(strings.TrimSuffix(hers.Header().Get("Location"), "#proof"), "/missions/own/edit/")
		if hers.Code != http.StatusSeeOther || own == "" {
			t.Fatalf("any agent writes: %d %s", hers.Code, hers.Header().Get("Location"))
		}
		has := func(w *httptest.ResponseRecorder, parts ...string) {
			t.Helper()
			for _, part := range parts {
				if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), part) {
					t.Errorf("%d without %q", w.Code, part)
				}
			}
		}
		has(send(t, s, "ada", "fr", "GET", "/missions/own", nil), "La mienne", "Demander la publication", `name="asked" value="yes"`)
		if w := write("ada", "asked", "yes"); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("a mission without a title: %d", w.Code)
		}
		ask := httptest.NewRequest("POST", "https://donnees.example/missions/own/"+own+"/ask", strings.NewReader("asked=yes"))
		ask.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		ask.AddCookie(&http.Cookie{Name: "__Host-session", Value: "ada"})
		asked := httptest.NewRecorder()
		s.ServeHTTP(asked, ask)
		if asked.Code != http.StatusSeeOther {
			t.Errorf("asking: %d", asked.Code)
		}
		has(send(t, s, "ada", "en", "GET", "/missions/own", nil), "Publication asked for", "Take the request back")
		has(send(t, s, "lea", "fr", "GET", "/missions/own", nil), "La mienne", "Publication demandée")
		w := write("lea", "story_fr", "Une histoire <sans> titre", "answer", "rows", "check-2-kind", "flagged", "check-2-hint_fr", "Regardez bien.")
		for _, part := range []string{"Donnez un titre", "Une histoire &lt;sans&gt; titre", "Regardez bien."} {
			if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), part) {
				t.Errorf("%d without %q", w.Code, part)
			}
		}
		w = write("lea", "title_fr", "Une mission", "answer", "table", "minutes", "15")
		at := w.Header().Get("Location")
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(at, "/missions/own/edit/") {
			t.Fatalf("kept: %d %s", w.Code, at)
		}
		path, _, _ := strings.Cut(at, "#")
		page := send(t, s, "lea", "fr", "GET", path, nil)
		for _, part := range []string{"Une mission", "Il n’y a pas de données", `name="revision" value="1"`} {
			if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), part) {
				t.Errorf("%d without %q", page.Code, part)
			}
		}
		w = write("lea", "title_fr", "Une requête", "answer", "query", "minutes", "15", "query-0-ask_fr", "Combien <de> lignes ?", "query-0-sql", "SELECT count(*) FROM donnees", "query-0-hint_fr", "Comptez.")
		again, _, _ := strings.Cut(w.Header().Get("Location"), "#")
		page = send(t, s, "lea", "fr", "GET", again, nil)
		for _, part := range []string{"Combien &lt;de&gt; lignes ?", "SELECT count(*) FROM donnees", `value="Comptez."`} {
			if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), part) {
				t.Errorf("a question: %d without %q", page.Code, part)
			}
		}
		w = write("lea", "title_fr", "Une table", "answer", "table", "minutes", "15", "check-0-kind", "k", "check-0-columns", "direction ; âge", "check-0-number", "7", "check-1-kind", "schema", "check-1-schema", "scdl/subventions",
			"work-0-kind", "few", "work-0-columns", "direction", "work-0-number", "6")
		again, _, _ = strings.Cut(w.Header().Get("Location"), "#")
		page = send(t, s, "lea", "fr", "GET", again, nil)
		for _, part := range []string{`value="direction, âge"`, `value="7"`, `value="scdl/subventions" selected`, `value="few" selected`, `value="6"`} {
			if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), part) {
				t.Errorf("settings: %d without %q", page.Code, part)
			}
		}
		w = write("lea", "title_fr", "Chez vous", "answer", "table", "practice-0-kind", "record", "practice-0-number", "7", "practice-0-need", "date", "practice-1-need", "commune")
		again, _, _ = strings.Cut(w.Header().Get("Location"), "#")
		has(send(t, s, "lea", "fr", "GET", again, nil), `value="date" selected`, `value="commune" selected`, "une colonne de dates", `value="record" selected`)
		w = write("lea", "title_fr", "Une notice", "answer", "fields", "field-1-label_fr", "Limite <dite>", "field-1-kind", "choice", "field-1-options", "oui; non", "field-1-good", "oui", "field-2-label_fr", "Titre", "field-2-role", "title",
			"subject-0-text_fr", "La carte des bancs", "subject-0-fact-f3", "Bancs", "check-0-kind", "tells", "check-0-column", "f2", "check-0-columns", "limite, manque", "check-1-kind", "differs", "check-1-column", "f3", "check-1-is", "f2")
		again, _, _ = strings.Cut(w.Header().Get("Location"), "#")
		has(send(t, s, "lea", "fr", "GET", again, nil), `name="field-0-label_fr" type="text" value="Limite &lt;dite&gt;"`, `value="oui; non"`, `value="title" selected`, "La carte des bancs", `value="Bancs"`, `value="limite, manque"`,
			`value="tells" selected`, `value="f1" selected`, `<option value="title" selected>Champ 2`)
		w = write("lea", "title_fr", "Un tri", "answer", "choices", "rows", "9", "option-0-fr", "Oui", "option-1-fr", "Non", "because_fr", "La raison", "because_length", "12", "case-3-text_fr", "Une demande <rare>", "case-3-right", "o2", "case-3-lead_fr", "Lisez.", "case-3-tells", "règle; article", "case-3-good", "La règle le veut")
		again, _, _ = strings.Cut(w.Header().Get("Location"), "#")
		has(send(t, s, "lea", "fr", "GET", again, nil), "Une demande &lt;rare&gt;", `<option value="o2" selected>Option 2 – Non`, `value="règle, article"`, "La règle le veut", `value="12"`, "au moins deux options et deux situations")
		own = strings.TrimPrefix(path, "/missions/own/edit/")
		if w = write("lea", "own", own, "revision", "7", "title_fr", "D’une autre fenêtre", "answer", "table"); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "D’une autre fenêtre") {
			t.Errorf("two windows: %d", w.Code)
		}
	})
}

// Who may not publish yet is told in the words of the form, not in the names of the program.
func TestUnproved_namesChecksAsTheFormDoes(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s := opened(t, d)
		all, err := mission.Load(missions.Files)
		ok(t, err)
		desk := &mission.Service{Works: &missiondb.Store{DB: d}, Owns: &missiondb.Store{DB: d}, Now: time.Now}
		for _, m := range all {
			if m.ID != "M12" {
				continue
			}
			m.ID, m.Bad = "", nil
			for i := range m.Forms[0].Asks { // nothing is needless any more
				m.Forms[0].Asks[i].Needless = false
			}
			id, err := desk.Write(t.Context(), people["lea"], mission.Writing{Mission: m})
			ok(t, err)
			w := send(t, s, "lea", "fr", "POST", "/missions/own/"+string(id)+"/publish", nil)
			if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "Rien d’inutile n’est demandé") || strings.Contains(body, "form_few") {
				t.Errorf("%d: the check is not named in words", w.Code)
			}
		}
	})
}
