package datasetweb_test

import (
	"bytes"
	"context"
	"database/sql"
	"html"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	schemafiles "cultured/content/schemas"
	"cultured/internal/actor"
	"cultured/internal/blob"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetdb"
	"cultured/internal/dataset/datasetweb"
	"cultured/internal/db"
	"cultured/internal/fetch"
	"cultured/internal/i18n"
	"cultured/internal/outbox"
	"cultured/internal/schema"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

var people = map[string]actor.Actor{
	"ada":  {ID: "p-ada", Organisation: "o1", Service: "voirie", Name: "Ada Morel"},
	"elie": {ID: "p-elie", Organisation: "o1", Service: "voirie", Name: "Élie Roux"},
	"zoe":  {ID: "p-zoe", Organisation: "o2", Name: "Zoé Petit"},
}

type identifier struct{}

func (identifier) Identify(_ context.Context, s string) (actor.Actor, error) { return people[s], nil }

// house is a site with this room alone.
type house struct {
	t       *testing.T
	site    *web.Site
	service *dataset.Service
	queue   *queue
	shelf   *shelf
	away    *away
	log     *strings.Builder
}

const limit = 200_000

func open(t *testing.T) *house {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, filepath.Join(t.TempDir(), "app.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(ctx, db.Migration{Room: "outbox", Files: outbox.Migrations}, db.Migration{Room: "dataset", Files: datasetdb.Migrations}); err != nil {
		t.Fatal(err)
	}
	words, err := i18n.Load(web.Text, ui.Text, blob.Text, fetch.Text, tabular.Text, schema.Text, dataset.Text, datasetweb.Text)
	if err != nil {
		t.Fatal(err)
	}
	if err := ui.Prepare(words); err != nil {
		t.Fatal(err)
	}
	pack, err := schema.LoadPack(schemafiles.Files)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, shelf: newShelf(limit), away: &away{}, log: &strings.Builder{}}
	enqueue := func(kind string) func(context.Context, *sql.Tx, dataset.CheckID) (string, error) {
		return func(_ context.Context, _ *sql.Tx, check dataset.CheckID) (string, error) {
			delete(h.queue.ended, kind+string(check))
			return kind + string(check), nil
		}
	}
	store := &datasetdb.Store{DB: d, Now: time.Now, Enqueue: enqueue(""), EnqueueFetch: enqueue(fetching)}
	h.service = &dataset.Service{Checks: store, Packages: store, Datasets: datasetdb.Datasets{Store: store}, Graves: datasetdb.Datasets{Store: store}, Shelf: h.shelf, Tables: h.shelf,
		Subscriptions: datasetdb.Subscriptions{Store: store}, Mappings: datasetdb.Mappings{Store: store}, Fetcher: h.away,
		Schema: func(ref string) (*schema.Schema, error) {
			e, err := pack.Find(ref)
			if err != nil {
				return nil, err
			}
			s, _, err := e.Schema()
			return &s, err
		},
		Shared: func(context.Context, actor.Actor, dataset.ID) bool { return false },
		Now:    time.Now, KeepFor: 24 * time.Hour, ReadTime: time.Minute}
	h.queue = &queue{t: t, service: h.service, ended: map[string]bool{}}
	h.site = &web.Site{Catalogue: words, Identify: identifier{}, Log: slog.New(slog.NewTextHandler(h.log, nil)), Now: time.Now, BaseURL: "http://d.test", ShowError: ui.ShowError,
		Brand: func(context.Context, actor.Actor) web.Brand {
			return web.Brand{Name: "Valbourg", BaseURL: "http://d.test"}
		}}
	datasetweb.Routes(h.site, datasetweb.Desk{Dataset: h.service, Jobs: h.queue, Schemas: pack, Outgoing: true, Limit: limit, KeepFor: 24 * time.Hour,
		Public: func(context.Context, string) string { return "/catalogue/parkings" }})
	return h
}

// A browser keeps cookies.
type browser struct {
	*house
	cookies map[string]string
}

func (h *house) browser(who string) *browser {
	b := &browser{house: h, cookies: map[string]string{}}
	if who != "" {
		b.cookies["session"] = who
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
	if w.Code >= 500 {
		b.t.Errorf("%s %s: got %d\n%s", r.Method, r.URL, w.Code, b.log)
	}
	return w
}

func (b *browser) get(path string) *httptest.ResponseRecorder {
	b.t.Helper()
	path, _, _ = strings.Cut(path, "#")
	return b.do(httptest.NewRequest("GET", path, nil))
}

// page gets a page that must be there, with its entities resolved and the typographic spaces made plain.
func (b *browser) page(path string) string {
	b.t.Helper()
	w := b.get(path)
	if w.Code != http.StatusOK {
		b.t.Fatalf("GET %s: got %d, want 200\n%s", path, w.Code, plain(w.Body.String()))
	}
	checkHTML(b.t, path, w.Body.String())
	return plain(w.Body.String())
}

func plain(s string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(html.UnescapeString(s))
}

var ids = regexp.MustCompile(` id="([^"]+)"`)

// checkHTML holds what every page must be: one h1, no id twice.
func checkHTML(t *testing.T, path, body string) {
	t.Helper()
	if !strings.HasPrefix(body, "<!") {
		return
	}
	if n := strings.Count(body, "<h1"); n != 1 {
		t.Errorf("%s: got %d h1, want 1", path, n)
	}
	seen := map[string]bool{}
	for _, m := range ids.FindAllStringSubmatch(body, -1) {
		if seen[m[1]] {
			t.Errorf("%s: id %q stands twice", path, m[1])
		}
		seen[m[1]] = true
	}
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

// follow posts a form that must succeed and returns where it leads.
func (b *browser) follow(path string, pairs ...string) string {
	b.t.Helper()
	w := b.post(path, pairs...)
	if w.Code != http.StatusSeeOther {
		b.t.Fatalf("POST %s: got %d, want 303\n%s", path, w.Code, plain(w.Body.String()))
	}
	return w.Header().Get("Location")
}

// send posts a file as a browser does; fields come before it.
func (b *browser) send(path, name, content string, fields ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		_ = form.WriteField(fields[i], fields[i+1])
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = part.Write([]byte(content))
	_ = form.Close()
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.do(r)
}

// check sends a file and returns the address of its check.
func (b *browser) check(name, content string, fields ...string) string {
	b.t.Helper()
	w := b.send("/check", name, content, fields...)
	if w.Code != http.StatusSeeOther {
		b.t.Fatalf("POST /check: got %d, want 303\n%s", w.Code, plain(w.Body.String()))
	}
	return w.Header().Get("Location")
}

func has(t *testing.T, body string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(body, want) {
			t.Errorf("want %q in\n%s", want, main(body))
		}
	}
}

func hasNot(t *testing.T, body string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if strings.Contains(body, want) {
			t.Errorf("want no %q in\n%s", want, main(body))
		}
	}
}

var pictures = regexp.MustCompile(`(?s)<svg.*?</svg>|\n\s*\n`)

// main cuts the layout and the pictures away, for messages one can read.
func main(body string) string {
	body = pictures.ReplaceAllString(body, "")
	if i := strings.Index(body, "<main"); i >= 0 {
		body = body[i:]
	}
	if i := strings.Index(body, "</main>"); i >= 0 {
		body = body[:i]
	}
	return body
}

// parkings has spaces to trim, a total at its end, a broken SIRET and a column of names.
const parkings = "nom;capacite;siret;ouverture\n" +
	" Parking du Marché ;120;21310555400017;2019-03-01\n" +
	"Parking de la Gare;80;21310555400017;2020-04-02\n" +
	"Parking des Halles ;65;21310555400018;2021-05-03\n" +
	"Parking Nord;30;21310555400017;2022-06-04\n" +
	"Parking Sud;45;21310555400017;2023-07-05\n" +
	"Parking Est;55;21310555400017;2024-08-06\n"

// long has rows enough for several pages.
func long() string {
	var b strings.Builder
	b.WriteString("numero;valeur\n")
	for i := range 180 {
		b.WriteString(strconv.Itoa(i+1) + ";v" + strconv.Itoa(1000-i) + "\n")
	}
	return b.String()
}
