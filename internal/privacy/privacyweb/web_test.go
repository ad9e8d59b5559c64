package privacyweb_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/privacy"
	"cultured/internal/privacy/privacyweb"
	"cultured/internal/recipe"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// staff is the table of these tests: forty people of two sites and two trades, one of whom stands out.
type staff struct{ rows [][]string }

func newStaff() staff {
	s := staff{}
	for i := range 40 {
		s.rows = append(s.rows, []string{fmt.Sprintf("Nom %d", i), []string{"Nord", "Sud"}[i%2], []string{"Accueil", "Voirie"}[i/20], fmt.Sprint(20 + i)})
	}
	s.rows = append(s.rows, []string{"Seule", "Nord", "Juriste", "99"})
	return s
}

func (staff) Current(_ context.Context, by actor.Actor, id dataset.ID) (ds dataset.Dataset, v dataset.Version, err error) {
	if id != "d" || by.Organisation != "o" {
		return ds, v, fault.New(fault.NotFound, "web.not_found")
	}
	ds = dataset.Dataset{ID: "d", Title: "Agents"}
	for i, name := range []string{"nom", "site", "métier", "heures"} {
		c := dataset.ColumnProfile{Name: name, Source: name, Storage: dataset.TypeText}
		switch i {
		case 0:
			c.Privacy, c.Traces = dataset.PrivacyPersonal, []dataset.Trace{{Kind: "health", Cells: 7, Confidence: .8}, {Kind: "name", Cells: 2, Confidence: .3}}
		case 3:
			c.Storage = dataset.TypeInteger
		}
		v.Outcome.Report.Profile.Columns = append(v.Outcome.Report.Profile.Columns, c)
	}
	return ds, v, nil
}

func (s staff) Crowds(_ context.Context, _ dataset.Outcome, ask dataset.CrowdAsk) (out []dataset.Crowd, _ error) {
	at := map[string]int{"nom": 0, "site": 1, "métier": 2, "heures": 3}
	rows, values := map[string]int64{}, map[string]map[string]bool{}
	for _, row := range s.rows {
		key := ""
		for _, c := range ask.Alike {
			key += row[at[c]] + "|"
		}
		rows[key]++
		if values[key] == nil {
			values[key] = map[string]bool{}
		}
		if ask.Of != "" {
			values[key][row[at[ask.Of]]] = true
		}
	}
	for key, n := range rows {
		out = append(out, dataset.Crowd{Rows: n, Values: min(int64(len(values[key])), ask.Most), Groups: 1})
	}
	return out, nil
}

func (s staff) Aggregate(_ context.Context, _ dataset.Outcome, a dataset.Aggregation) (page dataset.Page, err error) {
	at := map[string]int{"nom": 0, "site": 1, "métier": 2, "heures": 3}
	byKey := map[string]int{}
	for _, row := range s.rows {
		one, other := row[at[a.Group[0]]], row[at[a.Group[1]]]
		i, ok := byKey[one+"|"+other]
		if !ok {
			i = len(page.Rows)
			byKey[one+"|"+other] = i
			page.Rows = append(page.Rows, dataset.PageRow{Cells: []any{one, other, int64(0), int64(0), int64(0)}})
		}
		var hours int64
		_, _ = fmt.Sscan(row[3], &hours)
		cells := page.Rows[i].Cells
		cells[2], cells[3], cells[4] = cells[2].(int64)+1, cells[3].(int64)+hours, max(cells[4].(int64), hours)
	}
	return page, nil
}

// Versions gives two: in the first, every name was there and heights were whole; the second generalised them.
func (s staff) Versions(ctx context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, []dataset.Version, error) {
	ds, now, err := s.Current(ctx, by, id)
	ds.OwnerName, now.Number, now.At = "Ada", 2, time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	first := dataset.Version{Number: 1}
	first.Outcome.Report.Profile.Rows = 50
	for _, c := range append(now.Outcome.Report.Profile.Columns, dataset.ColumnProfile{Name: "nir", Source: "NIR"}) {
		c.Distinct = 40
		first.Outcome.Report.Profile.Columns = append(first.Outcome.Report.Profile.Columns, c)
	}
	now.Source.Plan = dataset.Plan{dataset.RecipeFix(recipe.Recipe{&recipe.Mask{Columns: []string{"nom"}, Keep: 1}, &recipe.Replace{Columns: []string{"site"}, Find: "Dupont", With: ""}, &recipe.Drop{Columns: []string{"NIR"}}})}
	return ds, []dataset.Version{now, first}, err
}

func dossier(context.Context, actor.Actor, dataset.ID) (privacyweb.Dossier, error) {
	return privacyweb.Dossier{Published: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC), Blocked: []string{"nom"}, Reason: "Le nom est celui d’élus.", Entries: []ui.LinkButton{{Label: "Paie", Href: "/register/entries/e"}},
		Until: "2030-12-31", Why: "Tableau de gestion"}, nil
}

type everybody struct{}

func (everybody) Identify(context.Context, string) (actor.Actor, error) {
	return actor.Actor{ID: "a", Organisation: "o"}, nil
}

func get(t *testing.T, lang, path string) *httptest.ResponseRecorder {
	t.Helper()
	return visit(t, site(t, newStaff()), lang, path)
}

func site(t *testing.T, of privacyweb.Data) *web.Site {
	t.Helper()
	words, err := i18n.Load(web.Text, ui.Text, recipe.Text, dataset.Text, privacy.Text, privacyweb.Text)
	if err != nil {
		t.Fatal(err)
	}
	if err := ui.Prepare(words); err != nil {
		t.Fatal(err)
	}
	s := &web.Site{Catalogue: words, Identify: everybody{}, ShowError: ui.ShowError, Log: slog.New(slog.DiscardHandler), Now: time.Now, BaseURL: "http://x",
		Brand: func(context.Context, actor.Actor) web.Brand { return web.Brand{Name: "V", BaseURL: "http://x"} }}
	privacyweb.Routes(s, privacyweb.Desk{Data: of, Dossier: dossier, Now: func() time.Time { return time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC) }, Tabs: func(*http.Request, string, string) ui.Tabs {
		return ui.Tabs{Label: "Agents", Items: []ui.Tab{{Label: "x", Href: "/x", Current: true}}}
	}})
	return s
}

func visit(t *testing.T, s *web.Site, lang, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Language", lang)
	r.AddCookie(&http.Cookie{Name: "session", Value: "x"})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestPages(t *testing.T) {
	for _, tc := range []struct {
		name, lang, path string
		status           int
		has, hasNot      []string
	}{
		{"before anything is asked", "fr", "/datasets/d/protect", 200, []string{"Cochez les colonnes, puis mesurez", "«\u00a0nom\u00a0»"}, []string{"k du tableau"}},
		{"one who stands out", "fr", "/datasets/d/protect?known=site&known=m%C3%A9tier&k=5", 200, []string{"1 ligne sur 41 a moins de 5 semblables", `<td class="u-numeric">1</td>`, "Et sans cette colonne", `/datasets/d/clean?add=generalise`}, []string{"Valeurs secrètes"}},
		{"well hidden", "en", "/datasets/d/protect?known=site&k=5", 200, []string{"at least 20 alike"}, []string{"And without this column"}},
		{"a secret that everybody shares", "fr", "/datasets/d/protect?known=m%C3%A9tier&secret=site&k=2", 200, []string{"1 ligne sur 41", "la même valeur de «\u00a0site\u00a0»"}, nil},
		{"nothing ticked", "fr", "/datasets/d/protect?k=5", 422, []string{"Choisissez au moins une colonne"}, []string{"k du tableau"}},
		{"a k that is none", "fr", "/datasets/d/protect?known=site&k=beaucoup", 422, []string{"nombre entier de 2", `value="beaucoup"`}, nil},
		{"a column that is not there", "fr", "/datasets/d/protect?known=x&k=5", 422, []string{"n’est pas dans le tableau"}, nil},
		{"known and secret", "fr", "/datasets/d/protect?known=site&secret=site&k=5", 422, []string{"à la fois connue et secrète"}, nil},
		{"somebody else’s dataset", "fr", "/datasets/e/protect", 404, nil, nil},
		{"a table, before", "fr", "/datasets/d/protect/table", 200, []string{"Choisissez deux colonnes"}, []string{"Télécharger"}},
		{"a table with one small cell", "fr", "/datasets/d/protect/table?row=site&column=m%C3%A9tier&rule=people", 200, []string{`<td class="u-numeric">s</td>`, "Nombre de lignes par site et métier", "10"}, []string{"Aucune case"}},
		{"a table of hours", "en", "/datasets/d/protect/table?row=site&column=m%C3%A9tier&sum=heures&rule=enterprises", 200, []string{"Total of “heures” by site and métier"}, nil},
		{"the report, nothing measured", "fr", "/datasets/d/protect/report", 200, []string{"Rapport pour le délégué", "2, du 02/03/2026", "Rien n’a été mesuré", "publié le 04/03/2026", "Le nom est celui d’élus.", `<a href="/register/entries/e">Paie</a>`, "31/12/2030",
			"Tableau de gestion", "colonne retirée"}, []string{"Dupont"}},
		{"the report with a measure", "fr", "/datasets/d/protect/report?known=site&known=m%C3%A9tier&secret=heures&k=5", 200, []string{"1 ligne sur 41 a moins de 5 semblables", "métier, site", "/report/export/report.odt?known=site&amp;known=m%C3%A9tier"}, []string{"Rien n’a été mesuré"}},
		{"the report with a column that is gone", "fr", "/datasets/d/protect/report?known=gone&k=5", 200, []string{"n’est pas dans le tableau", "31/12/2030"}, []string{"k du tableau"}},
		{"the report of somebody else’s dataset", "fr", "/datasets/e/protect/report", 404, nil, nil},
		{"twice the same column", "fr", "/datasets/d/protect/table?row=site&column=site", 422, []string{"deux colonnes différentes"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := get(t, tc.lang, tc.path)
			body := w.Body.String()
			if w.Code != tc.status {
				t.Fatalf("got status %d, want %d", w.Code, tc.status)
			}
			for _, want := range tc.has {
				if !strings.Contains(body, want) {
					t.Errorf("%q is not on the page", want)
				}
			}
			for _, no := range append(tc.hasNot, "⟦", "{0}") {
				if strings.Contains(body, no) {
					t.Errorf("%q is on the page", no)
				}
			}
		})
	}
}

// What leaves never holds a hidden value, and never says why it is hidden.
func TestTableFile(t *testing.T) {
	rows, err := csv.NewReader(get(t, "fr", "/datasets/d/protect/table.csv?row=site&column=m%C3%A9tier&rule=people").Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], ","); got != "site,métier,value,status" || len(rows) != 1+3*4 {
		t.Fatalf("%d rows under %s", len(rows), got)
	}
	secret := 0
	for _, row := range rows[1:] {
		switch {
		case row[3] == "secret" && row[2] == "":
			secret++
		case row[3] != "shown" || row[2] == "":
			t.Errorf("row %v", row)
		}
		if row[0] == "Nord" && row[1] == "Juriste" && row[3] != "secret" {
			t.Errorf("the one lawyer is told: %v", row)
		}
	}
	if secret < 2 {
		t.Errorf("%d cells are secret: the total gives one away", secret)
	}
}

func TestReportFiles(t *testing.T) {
	in := csv.NewReader(get(t, "fr", "/datasets/d/protect/report/export/report.csv?known=site&k=5").Body)
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]int{}
	for _, row := range rows {
		said[row[0]]++
	}
	for _, part := range []string{"Rapport pour le délégué (DPO)", "Ce qui a été reconnu", "Ce qui a été mesuré", "Ce qui a été fait", "Utilité perdue depuis la première version", "Publication", "Registre des activités de traitement", "Conservation"} {
		if said[part] == 0 {
			t.Errorf("nothing is said of %q: %v", part, said)
		}
	}
	if w := get(t, "en", "/datasets/d/protect/report/export/report.odt"); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "PK") {
		t.Errorf("got %d", w.Code)
	}
}

// crowded is a staff so large that its first measure waits for a go, and may fail.
type crowded struct {
	staff
	started, goes chan struct{}
	fails         error
	breaks        bool // panics
}

func (c crowded) Crowds(ctx context.Context, o dataset.Outcome, ask dataset.CrowdAsk) ([]dataset.Crowd, error) {
	select {
	case c.started <- struct{}{}:
	default:
	}
	<-c.goes
	if c.breaks {
		panic("a measure")
	}
	if c.fails != nil {
		return nil, c.fails
	}
	return c.staff.Crowds(ctx, o, ask)
}

func TestALongMeasureSaysHowFarItIs(t *testing.T) {
	const ask = "?known=site&known=m%C3%A9tier&k=5"
	c := crowded{staff: newStaff(), started: make(chan struct{}, 1), goes: make(chan struct{})}
	s := site(t, c)
	has := func(path string, want ...string) {
		t.Helper()
		body := visit(t, s, "fr", path).Body.String()
		for _, one := range want {
			if !strings.Contains(body, one) {
				t.Errorf("%s: no %q in\n%s", path, one, body)
			}
		}
	}
	has("/datasets/d/protect"+ask, `http-equiv="refresh"`, "0 regroupement fait sur 3", "/datasets/d/protect/progress?k=5", "Vous pouvez quitter cette page")
	<-c.started
	c.goes <- struct{}{}
	<-c.started // the second question is asked: the first is answered
	has("/datasets/d/protect/progress"+ask, `"state":"running"`, `"percent":33`, "1 regroupement fait sur 3")
	has("/datasets/d/protect/progress?known=site&k=5", `"state":"done"`) // nobody asked that
	close(c.goes)
	has("/datasets/d/protect"+ask, "1 ligne sur 41 a moins de 5 semblables", "Et sans cette colonne")
	has("/datasets/d/protect/progress"+ask, `"state":"done"`)
	if w := visit(t, s, "fr", "/datasets/e/protect/progress"+ask); w.Code != 404 {
		t.Errorf("got status %d of somebody else's measure, want 404", w.Code)
	}
}

func TestALongMeasureThatFailsSaysWhy(t *testing.T) {
	c := crowded{staff: newStaff(), started: make(chan struct{}, 1), goes: make(chan struct{}), fails: fault.New(fault.Invalid, "privacy.no_column", "site")}
	s := site(t, c)
	const path = "/datasets/d/protect?known=site&k=5"
	if w := visit(t, s, "fr", path); w.Code != 200 || !strings.Contains(w.Body.String(), "Les lignes semblables sont regroupées") {
		t.Fatalf("got %d, want a page that waits", w.Code)
	}
	close(c.goes)
	if w := visit(t, s, "fr", path); w.Code != 422 || !strings.Contains(w.Body.String(), "n’est pas dans le tableau") {
		t.Errorf("got %d, want the reason", w.Code)
	}
}

// A measure outlives the request that asked for it: what breaks in it must not end the server, and is said to who comes back.
func TestALongMeasureThatBreaksEndsNothingElse(t *testing.T) {
	c := crowded{staff: newStaff(), started: make(chan struct{}, 1), goes: make(chan struct{}), breaks: true}
	close(c.goes)
	if w := visit(t, site(t, c), "fr", "/datasets/d/protect?known=site&k=5"); w.Code != 500 {
		t.Errorf("got %d, want an error of ours", w.Code)
	}
}
