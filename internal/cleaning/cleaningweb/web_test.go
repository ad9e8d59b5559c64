package cleaningweb_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	schemafiles "cultured/content/schemas"
	"cultured/internal/actor"
	"cultured/internal/cleaning"
	"cultured/internal/cleaning/cleaningdb"
	"cultured/internal/cleaning/cleaningweb"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetdb"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/outbox"
	"cultured/internal/recipe"
	"cultured/internal/schema"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

var (
	noon   = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	people = map[string]actor.Actor{
		"ada": {ID: "ada", Organisation: "o", Name: "Ada"},
		"bob": {ID: "bob", Organisation: "o", Name: "Bob"},
		"eve": {ID: "eve", Organisation: "elsewhere", Name: "Eve"},
	}
)

type who struct{}

func (who) Identify(_ context.Context, session string) (actor.Actor, error) {
	return people[session], nil
}

// data is one dataset, d, of Ada; everybody in her organisation sees it.
type data struct {
	text    string
	plan    dataset.Plan
	current int
	pending *dataset.Pending
	fails   *fault.Error // the next change
	cut     bool         // the next change is made, and nobody hears of it
	past    []dataset.Version
}

func (d *data) Versions(ctx context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, []dataset.Version, error) {
	ds, v, err := d.Current(ctx, by, id)
	return ds, append([]dataset.Version{v}, d.past...), err
}

func (d *data) Current(_ context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, dataset.Version, error) {
	if by.Organisation != "o" || id != "d" {
		return dataset.Dataset{}, dataset.Version{}, fault.New(fault.NotFound, "dataset.not_found")
	}
	return dataset.Dataset{ID: "d", Organisation: "o", Owner: "ada", OwnerName: "Ada", Title: "Aides", Current: d.current, Pending: d.pending},
		dataset.Version{Dataset: "d", Number: d.current, Source: dataset.Source{Name: "aides.csv", Plan: d.plan}}, nil
}

func (d *data) ForChange(ctx context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, error) {
	ds, _, err := d.Current(ctx, by, id)
	if err == nil && !ds.MayChange(by) {
		err = fault.New(fault.Denied, "dataset.not_yours")
	}
	return ds, err
}

func (d *data) Reread(_ context.Context, _ string, v dataset.Version) (tabular.Table, error) {
	table, err := tabular.Reader{}.Open(strings.NewReader(d.text), int64(len(d.text)), v.Source.Name, tabular.Options{Limits: tabular.Limits{Bytes: 1 << 20, Expanded: 1 << 20, Cells: 1 << 20, Columns: 100, CellBytes: 1 << 16}})
	for _, f := range v.Source.Plan {
		if err == nil {
			table, err = recipe.Cook(table, f.Recipe, recipe.Kitchen{})
		}
	}
	return table, err
}

func (d *data) Revise(ctx context.Context, by actor.Actor, id dataset.ID, why string, change func(*dataset.Source) error) (dataset.Check, error) {
	_, v, err := d.Current(ctx, by, id)
	if err != nil || why != dataset.WhyCleaned {
		return dataset.Check{}, fmt.Errorf("%s: %w", why, err)
	}
	if err := change(&v.Source); err != nil {
		return dataset.Check{}, err
	}
	if d.fails != nil {
		d.pending = &dataset.Pending{Check: "c", State: dataset.Failed, Fault: d.fails}
		return dataset.Check{ID: "c"}, nil
	}
	d.plan, d.current = v.Source.Plan, d.current+1
	if d.cut {
		return dataset.Check{}, errors.New("the power is cut")
	}
	return dataset.Check{ID: "c"}, nil
}

func (d *data) Kitchen(context.Context, actor.Actor) recipe.Kitchen {
	return recipe.Kitchen{Ask: counts, Map: follow, Others: func(name string) (tabular.Table, error) {
		if name != "zones" {
			return nil, fault.New(fault.NotFound, "dataset.not_found")
		}
		text := "ville;zone;n\nParis;A;1\n"
		return tabular.Reader{}.Open(strings.NewReader(text), int64(len(text)), "zones.csv", tabular.Options{})
	}}
}

type house struct {
	*web.Site
	*data
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// each opens the pages over both databases and one small table.
func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	pack, err := schema.LoadPack(schemafiles.Files)
	ok(t, err)
	rooms := []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "dataset", Files: datasetdb.Migrations}, {Room: "cleaning", Files: cleaningdb.Migrations}}
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		words, err := i18n.Load(web.Text, ui.Text, recipe.Text, dataset.Text, cleaning.Text, cleaningweb.Text)
		ok(t, err)
		ok(t, ui.Prepare(words))
		_, err = d.Exec(`INSERT INTO dataset_dataset (id, organisation, service, owner, owner_name, title, created, modified, current, row_count, column_count, problems, fixable, dictionary, revision)
			VALUES ('d', 'o', '', 'ada', 'Ada', 'Aides', '', '', 1, 3, 3, 0, 0, '[]', 1)`)
		ok(t, err)
		h := &house{data: &data{text: "Commune;Montant;Date\nPARIS ;1 200,50;25/12/2024\nCaen;30;hier\nTotal;1 230,50;\n", current: 1}}
		h.Site = &web.Site{Catalogue: words, Identify: who{}, ShowError: ui.ShowError, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }, BaseURL: "https://donnees.example",
			Brand: func(context.Context, actor.Actor) web.Brand {
				return web.Brand{Name: "Valmoret", BaseURL: "https://donnees.example"}
			}}
		cleaningweb.Routes(h.Site, cleaningweb.Desk{Cleaning: &cleaning.Service{Drafts: &cleaningdb.Store{DB: d}, Book: &cleaningdb.Book{DB: d, Now: func() time.Time { return noon }}, Data: h.data, Now: func() time.Time { return noon }},
			Tabs: func(_ *http.Request, _, title string) ui.Tabs {
				return ui.Tabs{Label: title, Items: []ui.Tab{{Label: "x", Href: "/", Icon: "table"}}}
			}, Datasets: func(ctx context.Context, by actor.Actor) ([]dataset.Dataset, error) {
				ds, err := h.ForChange(ctx, by, "d")
				if err != nil {
					return nil, nil
				}
				return []dataset.Dataset{ds, {ID: "zones", Title: "Zones de la métropole"}}, nil
			}, Schemas: pack, Wait: func(context.Context, string, time.Duration) error { return nil }})
		fn(t, h)
	})
}

func (h *house) as(t *testing.T, name, method, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Accept-Language", "fr")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: "__Host-session", Value: name})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func (h *house) page(t *testing.T, name, path string, status int, parts ...string) string {
	t.Helper()
	w := h.as(t, name, "GET", path, nil)
	return holds(t, w, path, status, parts...)
}

func holds(t *testing.T, w *httptest.ResponseRecorder, path string, status int, parts ...string) string {
	t.Helper()
	if w.Code != status {
		t.Fatalf("%s: got %d, want %d\n%s", path, w.Code, status, w.Body)
	}
	body := strings.ReplaceAll(w.Body.String(), "\u00a0", " ")
	for _, part := range parts {
		if !strings.Contains(body, part) {
			t.Errorf("%s: no %q", path, part)
		}
	}
	return body
}

var revision = regexp.MustCompile(`name="revision" value="(\d+)"`)

// post sends a form made from the page as it is now.
func (h *house) post(t *testing.T, name, to string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	if m := revision.FindStringSubmatch(h.page(t, name, "/datasets/d/clean?add=totals", 200)); m != nil && !form.Has("revision") {
		form.Set("revision", m[1])
	}
	return h.as(t, name, "POST", "/datasets/d/clean/"+to, form)
}

func (h *house) step(t *testing.T, form url.Values) {
	t.Helper()
	holds(t, h.post(t, "ada", "step", form), "step", 303)
}

func TestClean_stepByStepUntilANewVersion(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.page(t, "ada", "/datasets/d/clean", 200, "Aucune étape", "Supprimer les espaces en trop", "PARIS")
		h.page(t, "ada", "/datasets/d/clean?add=trim", 200, `value="Commune"`, "Ajouter cette étape")
		h.step(t, url.Values{"kind": {"trim"}, "columns": {"Commune"}})
		h.step(t, url.Values{"kind": {"case"}, "columns": {"Commune"}, "to": {"title"}})
		h.step(t, url.Values{"kind": {"number"}, "columns": {"Montant"}})
		h.step(t, url.Values{"kind": {"date"}, "columns": {"Date"}})
		h.step(t, url.Values{"kind": {"totals"}})
		h.page(t, "ada", "/datasets/d/clean", 200, "5 étapes", "<ins>1200.50</ins>", "1 valeur laissée", "1 ligne retirée", "en sort : 2 lignes, 3 colonnes", "Appliquer au jeu de données")
		h.page(t, "ada", "/datasets/d/clean?see=1", 200, "Aperçu après l’étape 1", "<ins>PARIS</ins>", "5 étapes")
		w := h.post(t, "ada", "apply", url.Values{})
		if holds(t, w, "apply", 303); w.Header().Get("Location") != "/datasets/d" || h.current != 2 {
			t.Errorf("leads to %s, version %d", w.Header().Get("Location"), h.current)
		}
		if got := len(h.plan); got != 1 || len(h.plan[0].Recipe) != 5 {
			t.Fatalf("the plan has %d fixes", got)
		}
		h.page(t, "ada", "/datasets/d/clean", 200, "Aucune étape", "1200.50") // the next draft starts on what the last made
	})
}

func TestClean_undoesMovesAndRemoves(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.step(t, url.Values{"kind": {"rename"}, "columns": {"Commune"}, "to": {"ville"}})
		h.step(t, url.Values{"kind": {"trim"}, "columns": {"ville"}})
		h.page(t, "ada", "/datasets/d/clean?edit=0", 200, "Enregistrer l’étape", `<option value="Commune" selected>`, `value="ville"`)
		holds(t, h.post(t, "ada", "change", url.Values{"do": {"up"}, "at": {"1"}}), "up", 303)
		page := h.page(t, "ada", "/datasets/d/clean", 200, "Étape 1 : la colonne « ville » manque", "attend que celle d’avant")
		if strings.Contains(page, "Appliquer au jeu") {
			t.Error("a draft that does not fit is offered to be applied")
		}
		holds(t, h.post(t, "ada", "apply", url.Values{}), "apply", 422, "la colonne « ville » manque")
		holds(t, h.post(t, "ada", "change", url.Values{"do": {"undo"}}), "undo", 303)
		h.page(t, "ada", "/datasets/d/clean", 200, "Appliquer au jeu")
		h.step(t, url.Values{"kind": {"rename"}, "at": {"0"}, "columns": {"Commune"}, "to": {"commune"}})
		h.page(t, "ada", "/datasets/d/clean", 200, "Renommer « Commune » en « commune »", "Étape 2")
		holds(t, h.post(t, "ada", "change", url.Values{"do": {"remove"}, "at": {"1"}}), "remove", 303)
		h.page(t, "ada", "/datasets/d/clean", 200, "1 étape", "Appliquer au jeu")
	})
}

func TestClean_saysWhatIsWrongAndKeepsWhatWasTyped(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		holds(t, h.post(t, "ada", "step", url.Values{"kind": {"replace"}, "find": {"abc"}}), "no column", 422, "Choisissez une colonne", `value="abc"`)
		holds(t, h.post(t, "ada", "step", url.Values{"kind": {"replace"}, "columns": {"Commune"}, "find": {"("}, "regexp": {"on"}}), "bad expression", 422, "ne se lit pas", `value="("`)
		holds(t, h.post(t, "ada", "step", url.Values{"kind": {"aggregate"}, "by": {"Commune"}, "measures.fn": {"sum"}, "measures.column": {""}, "measures.into": {"total"}}), "no measure", 422, `value="total"`)
		holds(t, h.post(t, "ada", "step", url.Values{"kind": {"trim"}, "columns": {"Commune"}, "revision": {"41"}}), "other window", 409, "autre fenêtre")
		h.page(t, "ada", "/datasets/d/clean?add=nothing", 404)
	})
}

func TestClean_learnsTheColumnsThatRowsMake(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.text = "x;y;z\nCommune;2023;2024\nCaen;1;2\n"
		h.step(t, url.Values{"kind": {"header"}, "rows": {"1"}})
		h.step(t, url.Values{"kind": {"unpivot"}, "columns": {"2023", "2024"}, "name": {"an"}, "value": {"n"}})
		h.page(t, "ada", "/datasets/d/clean", 200, "1 ligne ajoutée", "<td>2024</td>")
		h.step(t, url.Values{"kind": {"pivot"}, "name": {"an"}, "value": {"n"}})
		h.page(t, "ada", "/datasets/d/clean", 200, "« 2023 », « 2024 »", "en sort : 1 ligne, 3 colonnes")
	})
}

func TestApply_thatFailsKeepsTheSteps(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.step(t, url.Values{"kind": {"totals"}})
		h.fails = fault.New(fault.TooLarge, "recipe.too_much_held", 1, 256)
		w := h.post(t, "ada", "apply", url.Values{})
		if holds(t, w, "apply", 303); w.Header().Get("Location") != "/datasets/d/clean" {
			t.Errorf("leads to %s", w.Header().Get("Location"))
		}
		h.page(t, "ada", "/datasets/d/clean", 200, "n’a pas abouti", "garder trop de lignes", "1 étape")
		h.fails, h.pending = nil, nil
		h.page(t, "ada", "/datasets/d/clean", 200, "1 étape", "Appliquer au jeu")
	})
}

func TestClean_isTriedByWhoSeesAndAppliedByWhoMay(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.step(t, url.Values{"kind": {"totals"}})
		page := h.page(t, "bob", "/datasets/d/clean", 200, "mais pas les appliquer", "Aucune étape") // hers is hers
		if strings.Contains(page, "Appliquer au jeu") {
			t.Error("Bob may not apply")
		}
		holds(t, h.post(t, "bob", "step", url.Values{"kind": {"totals"}}), "Bob tries", 303)
		holds(t, h.post(t, "bob", "apply", url.Values{}), "Bob applies", 403)
		h.page(t, "eve", "/datasets/d/clean", 404)
		if h.current != 1 {
			t.Error("something changed")
		}
	})
}

// A draft whose version came is applied, even when the power was cut before that was written down; one whose version did not come stays, though the
// version before ends with the same steps.
func TestADraft_isAppliedOnceWhateverIsCut(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		draft := func() string {
			return strings.TrimSpace(h.as(t, "ada", "GET", "/datasets/d/clean/recipe.json", nil).Body.String())
		}
		drop := url.Values{"kind": {"drop"}, "columns": {"Date"}, "at": {"-1"}}
		holds(t, h.post(t, "ada", "step", drop), "step", 303)
		h.cut = true
		holds(t, h.post(t, "ada", "apply", url.Values{}), "apply", 500)
		if got := draft(); h.current != 2 || strings.Contains(got, "drop") {
			t.Errorf("version %d came, and %s still waits", h.current, got)
		}
		upper := func() url.Values {
			return url.Values{"kind": {"case"}, "columns": {"Commune"}, "to": {"upper"}, "at": {"-1"}}
		}
		for i := range 2 { // the same step again
			holds(t, h.post(t, "ada", "step", upper()), "step", 303)
			if h.cut = false; i == 0 {
				holds(t, h.post(t, "ada", "apply", url.Values{}), "apply", 303)
			}
		}
		h.fails = fault.New(fault.Invalid, "recipe.no_column", "x") // nothing of it is made
		h.post(t, "ada", "apply", url.Values{})
		h.pending = nil
		if got := draft(); h.current != 3 || !strings.Contains(got, "upper") {
			t.Errorf("version %d is there, and of the draft %s", h.current, got)
		}
	})
}
