package recognitionweb_test

import (
	"bytes"
	"context"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/recognition"
	"cultured/internal/recognition/recognitionweb"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// desk is the room with keys in memory, on a server of its own name.
func desk(next recognition.Source, outgoing bool, now func() time.Time) recognitionweb.Desk {
	return recognitionweb.Desk{Outgoing: outgoing, Address: "https://donnees.example", Service: &recognition.Service{Keys: &keys{}, Secret: recognition.Secret("a secret of this test, long enough"),
		Base: "https://donnees.example", Next: next, Now: now, Name: func(_ context.Context, organisation string) (string, string, error) {
			if organisation != "" && organisation != "o" {
				return "", "", fault.New(fault.NotFound, "recognition.no_issuer")
			}
			return "o", "Valmoret", nil
		}}}
}

// keys keeps the keys of one organisation.
type keys struct{ list []recognition.Key }

func (k *keys) Keys(context.Context, string) ([]recognition.Key, error) { return k.list, nil }

func (k *keys) Turn(_ context.Context, _ actor.Actor, next recognition.Key, old string) error {
	if len(k.list) > 0 {
		if k.list[0].Public != old {
			return fault.New(fault.Conflict, "recognition.key_moved")
		}
		k.list[0].Until = next.Since
	}
	k.list = append([]recognition.Key{next}, k.list...)
	return nil
}

type nobody struct{}

func (nobody) Identify(context.Context, string) (actor.Actor, error) { return actor.Actor{}, nil }

func site(t *testing.T, d recognitionweb.Desk) *web.Site {
	t.Helper()
	words, err := i18n.Load(web.Text, ui.Text, recognition.Text, recognitionweb.Text)
	if err == nil {
		err = ui.Prepare(words)
	}
	if err != nil {
		t.Fatal(err)
	}
	s := &web.Site{Catalogue: words, Identify: nobody{}, ShowError: ui.ShowError, Log: slog.New(slog.DiscardHandler), Now: d.Service.Now, BaseURL: "https://donnees.example",
		Brand: func(context.Context, actor.Actor) web.Brand { return web.Brand{Name: "Valmoret"} }}
	recognitionweb.Routes(s, d)
	return s
}

// badge reads one of the badges of the stories, which recognition's own test holds against what it makes.
func badge(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "e2e", "testdata", "files", "badges", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// send posts the form; a field named "file" goes as a file.
func send(t *testing.T, s *web.Site, lang string, fields map[string][]byte) (int, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, v := range fields {
		w, err := m.CreateFormField(name)
		if name == "file" {
			w, err = m.CreateFormFile(name, "badge")
		}
		if err == nil {
			_, err = w.Write(v)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/verify", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Accept-Language", lang)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(w.Body.String())
}

func TestVerify(t *testing.T) {
	var known recognition.Known
	known.Next = recognition.Nothing{}
	for _, name := range []string{"issuer.json", "list-taken.json", "list-taken-why.json"} {
		if err := known.Add(badge(t, name)); err != nil {
			t.Fatal(err)
		}
	}
	s := site(t, desk(known, true, func() time.Time { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC) }))
	changed := bytes.Replace(badge(t, "valid.json"), []byte("Premiers pas"), []byte("Derniers <b>"), 1)
	for _, c := range []struct {
		name, lang string
		fields     map[string][]byte
		status     int
		want       []string
	}{
		{"a picture", "fr", map[string][]byte{"file": badge(t, "valid.png")}, 200, []string{"Valide : ", "Premiers pas avec un fichier", "rien ne prouve le nom"}},
		{"a drawing, in English", "en", map[string][]byte{"file": badge(t, "valid.svg")}, 200, []string{"Valid: ", "Premiers pas avec un fichier"}},
		{"a text, of the person", "fr", map[string][]byte{"badge": badge(t, "valid.jwt"), "email": []byte("ada@valmoret.example")}, 200, []string{"Valide : ", "bien le badge de cette adresse"}},
		{"a text, of somebody else", "fr", map[string][]byte{"badge": badge(t, "valid.json"), "email": []byte("eve@valmoret.example")}, 200, []string{"quelqu’un d’autre", "c-notice--warning"}},
		{"over", "en", map[string][]byte{"badge": badge(t, "over.json")}, 200, []string{"Expired: ", "c-notice--error"}},
		{"taken back", "fr", map[string][]byte{"badge": badge(t, "listed.json")}, 200, []string{"Retiré : ", "Un badge plus récent le remplace"}},
		{"changed", "fr", map[string][]byte{"badge": changed}, 200, []string{"Falsifié : ", "rien ne le confirme", "Derniers &lt;b&gt;"}},
		{"nothing", "fr", map[string][]byte{"file": nil, "badge": nil}, 422, []string{"Choisissez un fichier"}},
		{"a table", "fr", map[string][]byte{"file": []byte("a;b\n1;2\n")}, 422, []string{"n’est pas un badge"}},
		{"a text that is none", "en", map[string][]byte{"badge": []byte("hello <i>")}, 422, []string{"is no badge", "hello &lt;i&gt;"}},
		{"a huge file", "fr", map[string][]byte{"file": make([]byte, 9<<20)}, 413, []string{"trop gros"}},
		{"a huge text", "fr", map[string][]byte{"badge": make([]byte, 2<<20)}, 413, []string{"trop gros"}},
	} {
		status, body := send(t, s, c.lang, c.fields)
		if status != c.status {
			t.Errorf("%s: got status %d, want %d", c.name, status, c.status)
		}
		for _, want := range c.want {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, body)
			}
		}
	}
}

func TestVerify_saysWhetherItAsksAnybody(t *testing.T) {
	for outgoing, want := range map[bool]string{false: "ne demande rien", true: "nous demandons"} {
		s := site(t, desk(recognition.Nothing{}, outgoing, time.Now))
		r := httptest.NewRequest(http.MethodGet, "/verify", nil)
		r.Header.Set("Accept-Language", "fr")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("got %d, no %q", w.Code, want)
		}
	}
}

// reach asks for a page as somebody, nobody when they have no roles.
func reach(t *testing.T, s *web.Site, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Accept-Language", "fr")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestIssuer_publishesWhatOthersNeed(t *testing.T) {
	d := desk(recognition.Nothing{}, false, time.Now)
	s := site(t, d)
	page := reach(t, s, http.MethodGet, "/issuers/o", "")
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "did:web:donnees.example:issuers:o") || strings.Contains(page.Body.String(), "/issuers/o/key") {
		t.Errorf("got %d\n%s", page.Code, page.Body)
	}
	if w := reach(t, s, http.MethodGet, "/issuers/elsewhere/did.json", ""); w.Code != http.StatusNotFound {
		t.Errorf("got %d for an organisation that is none", w.Code)
	}
	if w := reach(t, s, http.MethodPost, "/issuers/o/key", "shown=x"); w.Code == http.StatusOK || len(mustKeys(t, d)) != 1 {
		t.Errorf("a visitor turned the key: %d", w.Code)
	}
	public := mustKeys(t, d)[0].Public
	for path, id := range map[string]string{"/.well-known/did.json": "did:web:donnees.example", "/issuers/o/did.json": "did:web:donnees.example:issuers:o", "/issuers/o/profile.json": ""} {
		w := reach(t, s, http.MethodGet, path, "")
		body := w.Body.String()
		if w.Code != http.StatusOK || w.Header().Get("Access-Control-Allow-Origin") != "*" || id != "" && !strings.Contains(body, id+"#"+public) || !strings.Contains(body, "did:web:donnees.example:issuers:o") {
			t.Errorf("%s: got %d %s", path, w.Code, body)
		}
	}
}

func mustKeys(t *testing.T, d recognitionweb.Desk) []recognition.Key {
	t.Helper()
	list, err := d.Keys.Keys(t.Context(), "o")
	if err != nil {
		t.Fatal(err)
	}
	return list
}
