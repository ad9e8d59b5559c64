// Package uitest stands in, in tests of pages, for the house around them: a site with the words of a room, visitors who have sessions,
// requests as browsers send them. A room adds its own pages and judges the answers.
package uitest

import (
	"bytes"
	"context"
	"html"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// Base is the address of a site of [NewSite].
const Base = "https://donnees.example"

// People are who may visit, by the text of their session. Any other session is nobody's.
type People map[string]actor.Actor

// Identify implements [web.Identifier].
func (p People) Identify(_ context.Context, session string) (actor.Actor, error) {
	return p[session], nil
}

// NewSite makes a site without pages, with the words of the house and of the rooms given. The errors it logs are shown
// when the test fails.
func NewSite(t testing.TB, who web.Identifier, now func() time.Time, rooms ...fs.FS) *web.Site {
	t.Helper()
	words, err := i18n.Load(append([]fs.FS{web.Text, ui.Text}, rooms...)...)
	if err != nil {
		t.Fatal(err)
	}
	if err := ui.Prepare(words); err != nil {
		t.Fatal(err)
	}
	return &web.Site{Catalogue: words, Identify: who, ShowError: ui.ShowError, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})), Now: now, BaseURL: Base,
		Brand: func(context.Context, actor.Actor) web.Brand { return web.Brand{Name: "Valmoret", BaseURL: Base} }}
}

// A House is a site that tests visit.
type House struct{ *web.Site }

// Ask is [Ask] of this site.
func (h House) Ask(session, method, path string, form url.Values) *httptest.ResponseRecorder {
	return Ask(h, session, method, path, form)
}

// Page has somebody open a page, which must answer with a status and hold parts of HTML as they are. It returns what came.
func (h House) Page(t testing.TB, session, path string, status int, parts ...string) string {
	t.Helper()
	w := Ask(h, session, http.MethodGet, path, nil)
	if w.Code != status {
		t.Fatalf("%s %s: got %d, want %d: %s", session, path, w.Code, status, Words(w.Body.String()))
	}
	for _, part := range parts {
		if !strings.Contains(w.Body.String(), part) {
			t.Errorf("%s %s: no %q", session, path, part)
		}
	}
	return w.Body.String()
}

// Post has somebody send a form, which must be answered with a status.
func (h House) Post(t testing.TB, session, path string, status int, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	w := Ask(h, session, http.MethodPost, path, form)
	if w.Code != status {
		t.Fatalf("%s POST %s: got %d, want %d: %s", session, path, w.Code, status, Words(w.Body.String()))
	}
	return w
}

// Ask sends a request as the page of a French browser would: form is what a POST carries. session is "" for a visitor nobody knows.
func Ask(h http.Handler, session, method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, Base+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return Send(h, session, r)
}

// Send sends a request that is ready but for its visitor, as from a page of the site.
func Send(h http.Handler, session string, r *http.Request) *httptest.ResponseRecorder {
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Accept-Language", "fr")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if session != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-session", Value: session})
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// In is a site as browsers in another language ask it, as Accept-Language has it.
func In(lang string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Accept-Language", lang)
		h.ServeHTTP(w, r)
	})
}

var (
	tags   = regexp.MustCompile(`<[^>]*>`)
	spaces = regexp.MustCompile(`[\s\x{a0}\x{202f}]+`)
)

// Words are what a page says, without its tags, any run of spaces as one.
func Words(page string) string {
	return spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(page, " ")), " ")
}

// Says judges an answer by its status and its [Words]: each of words must stand there, but for those after a "!", which must not. It
// returns the page as it came.
func Says(t testing.TB, w *httptest.ResponseRecorder, status int, words ...string) string {
	t.Helper()
	body := Words(w.Body.String())
	if w.Code != status {
		t.Fatalf("got %d, want %d: %s", w.Code, status, body)
	}
	for _, word := range words {
		if want, not := strings.CutPrefix(word, "!"); strings.Contains(body, want) == not {
			t.Errorf("%q in the page: %t\n%s", want, !not, body)
		}
	}
	return w.Body.String()
}

// A File is one that a form carries.
type File struct{ Field, Name, Content string }

// Upload makes a request that carries fields and files, for [Send].
func Upload(t testing.TB, path string, fields url.Values, files ...File) *http.Request {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, values := range fields {
		for _, v := range values {
			if err := form.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, f := range files {
		part, err := form.CreateFormFile(f.Field, f.Name)
		if err == nil {
			_, err = part.Write([]byte(f.Content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, Base+path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return r
}
