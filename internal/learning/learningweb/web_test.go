package learningweb_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/blob"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/filetype"
	"cultured/internal/i18n"
	"cultured/internal/learning"
	"cultured/internal/learning/learningdb"
	"cultured/internal/learning/learningweb"
	"cultured/internal/ui"
	"cultured/internal/web"
)

var (
	noon   = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	people = map[string]actor.Actor{
		"ada":   {ID: "ada", Organisation: "o", Name: "Ada", Email: "ada@valmoret.example"},
		"bob":   {ID: "bob", Organisation: "o", Name: "Bob", Email: "bob@valmoret.example"},
		"helen": {ID: "helen", Organisation: "o", Name: "Helen", Email: "helen@valmoret.example", Roles: []actor.Role{actor.HR}},
		"eve":   {ID: "eve", Organisation: "elsewhere", Name: "Eve"},
	}
)

type who struct{}

func (who) Identify(_ context.Context, session string) (actor.Actor, error) {
	return people[session], nil
}

type house struct {
	*web.Site
	*learning.Service
	now time.Time
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
	dbtest.Each(t, []db.Migration{{Room: "learning", Files: learningdb.Migrations}}, func(t *testing.T, d *db.DB) {
		words, err := i18n.Load(web.Text, ui.Text, filetype.Text, learning.Text, learningweb.Text)
		ok(t, err)
		ok(t, ui.Prepare(words))
		h := &house{now: noon}
		now := func() time.Time { return h.now }
		store := &learningdb.Store{DB: d}
		disk, err := blob.OpenDisk(t.TempDir())
		ok(t, err)
		h.Service = &learning.Service{Store: store, Links: store, Files: store, Shelf: blob.Private{Store: disk}, Now: now, Colleague: func(_ context.Context, by actor.Actor, field, email string) (string, error) {
			for _, p := range people {
				if p.Email == email && p.Organisation == by.Organisation {
					return p.ID, nil
				}
			}
			return "", fault.Field(field, "learning.no_colleague")
		}}
		h.Site = &web.Site{Catalogue: words, Identify: who{}, ShowError: ui.ShowError, Log: slog.New(slog.DiscardHandler), Now: now, BaseURL: "https://donnees.example",
			Brand: func(context.Context, actor.Actor) web.Brand {
				return web.Brand{Name: "Valmoret", BaseURL: "https://donnees.example"}
			}}
		learningweb.Routes(h.Site, h.desk())
		fn(t, h)
	})
}

// desk has a framework of one family and two competences; Ada has one dataset.
func (h *house) desk() learningweb.Desk {
	return learningweb.Desk{Service: h.Service,
		Framework: func(_ context.Context, _ actor.Actor, lang string) (learningweb.Framework, error) {
			levels := map[string][]string{"fr": {"Découvre", "Applique", "Maîtrise", "Transmet"}, "en": {"Discovers", "Applies", "Masters", "Passes on"}}
			return learningweb.Framework{Levels: levels[lang], Competences: []learningweb.Competence{
				{Code: "D4.1", Label: "Diagnostiquer", Href: "/competences/c", Family: "D4 Qualité", Mark: 4}, {Code: "D4.2", Label: "Nettoyer", Href: "/competences/d", Family: "D4 Qualité", Mark: 4}}}, nil
		},
		Names: func(_ context.Context, _ actor.Actor, ids ...string) (map[string]string, error) {
			out := map[string]string{}
			for _, id := range ids {
				if p, known := people[id]; known {
					out[id] = p.Name
				}
			}
			return out, nil
		},
		Datasets: func(_ context.Context, by actor.Actor) ([]learningweb.Dataset, error) {
			if by.ID != "ada" {
				return nil, nil
			}
			return []learningweb.Dataset{{ID: "ds", Title: "Équipements"}}, nil
		},
		Dataset: func(_ context.Context, by actor.Actor, id string) (learningweb.Dataset, error) {
			if by.ID != "ada" || id != "ds" {
				return learningweb.Dataset{}, fault.Field("dataset", "learning.no_dataset")
			}
			return learningweb.Dataset{ID: "ds", Title: "Équipements", Version: "7", Hash: strings.Repeat("ab", 32)}, nil
		},
		Holder: func(_ context.Context, _, person string) (learningweb.Holder, error) {
			return learningweb.Holder{Name: people[person].Name + " Lovelace", Organisation: "Communauté de Valmoret"}, nil
		},
		Badges: func(_ context.Context, _, person, _ string) ([]learningweb.Badge, error) {
			if person != "ada" {
				return nil, nil
			}
			return []learningweb.Badge{{Name: "Premiers pas", Text: "Un premier fichier.", Href: "/credentials/b1", Picture: "/badges/b/picture.svg", At: noon}}, nil
		},
		Address: "https://donnees.example"}
}

// passed is evidence as a mission writes it.
func passed(person, source string, level int) learning.Evidence {
	return learning.Evidence{ID: learning.ID(person + source), Organisation: "o", Person: person, At: noon, Source: "mission:" + source,
		Artefact: learning.Artefact{Kind: learning.Answer, Title: learning.Words{"fr": "Mission <" + source + ">", "en": "Mission in English <" + source + ">"}, Hash: strings.Repeat("cd", 32), Version: "k3jih", Address: "/missions/" + source},
		Shows:    []learning.Level{{Code: "D4.1", Level: level}}, Checks: []learning.Check{{How: learning.Automatic, By: "mission:" + source, Version: "3", Result: "4/4", At: noon}}}
}

func (h *house) as(t *testing.T, name, lang, method, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, "https://donnees.example"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Accept-Language", lang)
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if name != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-session", Value: name})
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// page fails unless the page answers so and says all that, no-break spaces as spaces.
func (h *house) page(t *testing.T, name, path string, status int, parts ...string) string {
	t.Helper()
	return says(t, name+" "+path, h.as(t, name, "fr", "GET", path, nil), status, parts)
}

func says(t *testing.T, what string, w *httptest.ResponseRecorder, status int, parts []string) string {
	t.Helper()
	body := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(w.Body.String())
	if w.Code != status {
		_, shown, _ := strings.Cut(body, "<main")
		t.Fatalf("%s: got %d, want %d\n%s", what, w.Code, status, shown)
	}
	for _, part := range parts {
		if !strings.Contains(body, part) {
			t.Errorf("%s: no %q", what, part)
		}
	}
	return body
}

func (h *house) send(t *testing.T, name, path string, form url.Values, status int, parts ...string) *httptest.ResponseRecorder {
	t.Helper()
	w := h.as(t, name, "fr", "POST", path, form)
	says(t, name+" POST "+path, w, status, parts)
	return w
}

func TestMine_saysTheLevelAndWhatIsMissing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.page(t, "ada", "/learning", 200, "Vous n’avez pas encore de preuve", `href="/missions"`, "Comment un niveau se compte")
		if w := h.as(t, "", "fr", "GET", "/learning", nil); w.Code != http.StatusSeeOther || !strings.Contains(w.Header().Get("Location"), "/sign-in") {
			t.Errorf("a visitor got %d", w.Code)
		}
		ok(t, h.Store.Add(t.Context(), passed("ada", "M01", 3)))
		body := h.page(t, "ada", "/learning", 200, "D4.1 Diagnostiquer", "Niveau atteint : N2 Applique", "sur 1 preuve", "Pour N3 Maîtrise, il manque 1 travail vérifié de ce niveau, et le regard d’un collègue sur 1 des travaux.",
			"Mission &lt;M01&gt;", "automatique, 4/4", "02/03/2026")
		if strings.Count(body, "p-stand__step--reached") != 2 {
			t.Error("the picture does not show two levels")
		}
		says(t, "in English", h.as(t, "ada", "en", "GET", "/learning", nil), 200, []string{"Level reached: N2 Applies", "Mission in English"})
		if strings.Contains(h.page(t, "bob", "/learning", 200), "M01") {
			t.Error("a colleague reads it")
		}
		h.page(t, "bob", "/learning/evidence/adaM01", 404)
		h.page(t, "helen", "/learning/evidence/adaM01", 404)
		h.page(t, "ada", "/learning/evidence/adaM01", 200, strings.Repeat("cd", 32), "Vérification automatique, édition 3 de la mission", "Règles respectées : 4/4", "D4.1 Diagnostiquer, N3 Maîtrise")
	})
}

func TestWithdraw_isTakenBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ok(t, h.Store.Add(t.Context(), passed("ada", "M01", 2)))
		h.send(t, "bob", "/learning/evidence/adaM01/withdraw", url.Values{"withdrawn": {"yes"}}, 404)
		h.send(t, "ada", "/learning/evidence/adaM01/withdraw", url.Values{"withdrawn": {"yes"}}, 303)
		h.page(t, "ada", "/learning/evidence/adaM01", 200, "Retirée le 02/03/2026", "Remettre")
		if body := h.page(t, "ada", "/learning", 200, "1 preuve retirée"); strings.Contains(body, "Niveau atteint") {
			t.Error("what is withdrawn still counts")
		}
		h.send(t, "ada", "/learning/evidence/adaM01/withdraw", url.Values{"withdrawn": {"no"}}, 303)
		h.page(t, "ada", "/learning", 200, "Niveau atteint : N2 Applique")
	})
}

func TestAdd_keepsWhatWasTyped(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		form := url.Values{"kind": {"work"}, "title": {"Fiabiliser <la> liste"}, "competence": {"D4.2"}, "level": {"3"}, "dataset": {"ds"}, "note": {""}, "until": {"2026-12-31"}}
		h.page(t, "ada", "/learning/new?competence=D4.1", 200, `value="D4.1" selected`, "Équipements")
		if strings.Contains(h.page(t, "bob", "/learning/new", 200), `name="dataset"`) {
			t.Error("who has no dataset is asked for one")
		}
		h.send(t, "ada", "/learning/new", form, 422, "Fiabiliser &lt;la&gt; liste", `value="D4.2" selected`, `value="ds" selected`, `value="2026-12-31"`, "Dites en quelques mots")
		form.Set("note", "J’ai repris la liste.")
		stolen := url.Values{"kind": {"work"}, "dataset": {"ds"}, "title": {"x"}, "competence": {"D4.2"}, "level": {"1"}, "note": {"x"}}
		h.send(t, "bob", "/learning/new", stolen, 422, "un de vos jeux de données")
		for field, bad := range map[string]string{"until": "hier", "level": "9", "competence": "D9.9", "title": " ", "kind": "event"} {
			broken := url.Values{}
			for k, v := range form {
				broken[k] = v
			}
			broken.Set(field, bad)
			h.send(t, "ada", "/learning/new", broken, 422, "J’ai repris la liste.")
		}
		at := h.send(t, "ada", "/learning/new", form, 303).Header().Get("Location")
		h.page(t, "ada", at, 200, "Fiabiliser &lt;la&gt; liste", "Pas encore vérifiée", "J’ai repris la liste.", `href="/datasets/ds"`, strings.Repeat("ab", 32), "31/12/2026")
		all, err := h.Mine(t.Context(), people["ada"])
		ok(t, err)
		if len(all) != 1 || all[0].Artefact.Version != "7" || all[0].Until.Format(time.DateOnly) != "2027-01-01" {
			t.Errorf("got %+v", all)
		}
		h.now = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		h.page(t, "ada", at, 200, "Terme dépassé", "jusqu’au 31/12/2026")
	})
}

// tell keeps what somebody is told.
func tell(list *[]learning.News) func(context.Context, learning.News) {
	return func(_ context.Context, n learning.News) { *list = append(*list, n) }
}
