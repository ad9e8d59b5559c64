package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/i18n"
)

type people map[string]actor.Actor

func (p people) Identify(_ context.Context, s string) (actor.Actor, error) { return p[s], nil }

func site(t *testing.T) *Site {
	t.Helper()
	c, err := i18n.Load(Text)
	if err != nil {
		t.Fatal(err)
	}
	s := &Site{Catalogue: c, Identify: people{"ada": {ID: "1", Name: "Ada"}}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now,
		Brand: func(context.Context, actor.Actor) Brand { return Brand{Name: "Test"} },
		ShowError: func(w http.ResponseWriter, _ *http.Request, p Problem) {
			w.WriteHeader(p.Status)
			_, _ = io.WriteString(w, p.Text)
		},
	}
	s.Handle("GET /hello", func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Content-Type", "text/html")
		_, err := io.WriteString(w, "hello "+Actor(r).Name+" "+string(VisitOf(r).Lang))
		return err
	})
	s.Handle("GET /fail/{kind}", func(_ http.ResponseWriter, r *http.Request) error {
		switch r.PathValue("kind") {
		case "bug":
			return errors.New("secret cause")
		case "panic":
			panic("secret cause")
		case "sign-in":
			return fault.New(fault.SignIn, "web.title_sign_in")
		}
		return fault.New(fault.NotFound, "web.not_found")
	})
	s.Handle("POST /write", func(w http.ResponseWriter, r *http.Request) error {
		if _, err := io.ReadAll(r.Body); err != nil {
			return err
		}
		return Redirect(w, r, "/hello", Said{Kind: "success", Key: "web.not_found"})
	})
	s.HandleAPI("GET /api/fail", func(http.ResponseWriter, *http.Request) error { return fault.New(fault.Invalid, "web.method") })
	return s
}

func ask(t *testing.T, s *Site, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestServe(t *testing.T) {
	s := site(t)
	for _, tc := range []struct {
		name, method, path string
		header             map[string]string
		status             int
		body               string
	}{
		{"a visitor in French by default", "GET", "/hello", nil, 200, "hello  fr"},
		{"the browser's language", "GET", "/hello", map[string]string{"Accept-Language": "en-GB,fr;q=0.5"}, 200, "hello  en"},
		{"the cookie beats the browser", "GET", "/hello", map[string]string{"Accept-Language": "en", "Cookie": "lang=fr"}, 200, "hello  fr"},
		{"somebody signed in", "GET", "/hello", map[string]string{"Cookie": "session=ada"}, 200, "hello Ada fr"},
		{"an unknown session is nobody", "GET", "/hello", map[string]string{"Cookie": "session=eve"}, 200, "hello  fr"},
		{"no such page", "GET", "/none", nil, 404, "n’existe pas"},
		{"a fault says its sentence", "GET", "/fail/x", nil, 404, "n’existe pas"},
		{"a bug keeps its cause", "GET", "/fail/bug", nil, 500, "vient de nous"},
		{"so does a panic", "GET", "/fail/panic", nil, 500, "vient de nous"},
		{"sign in first", "GET", "/fail/sign-in", nil, 303, ""},
		{"wrong method", "DELETE", "/hello", nil, 405, "existe"},
		{"another site's form", "POST", "/write", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403, "autre site"},
		{"our own form", "POST", "/write", map[string]string{"Sec-Fetch-Site": "same-origin"}, 303, ""},
		{"an API fault is a problem document", "GET", "/api/fail", nil, 422, `"status":422`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := httptest.NewRequest(tc.method, tc.path, nil)
			for k, v := range tc.header {
				r.Header.Set(k, v)
			}
			w := ask(t, s, r)
			if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.body) {
				t.Errorf("got %d %q, want %d %q", w.Code, w.Body, tc.status, tc.body)
			}
			if strings.Contains(w.Body.String(), "secret cause") {
				t.Error("the cause leaks")
			}
			if !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
				t.Error("no content security policy")
			}
		})
	}
}

func TestServe_refusesALargeBody(t *testing.T) {
	r := httptest.NewRequest("POST", "/write", strings.NewReader(strings.Repeat("x", formBytes+1)))
	if w := ask(t, site(t), r); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d, want 413", w.Code)
	}
}

func TestLocalPath(t *testing.T) {
	for in, want := range map[string]string{"/a?b=c": "/a?b=c", "//evil": "/", "https://evil": "/", "": "/", "/\\evil": "/", "/a\nb": "/"} {
		if got := LocalPath(in); got != want {
			t.Errorf("LocalPath(%q): got %q, want %q", in, got, want)
		}
	}
}

func TestRedirect_tellsAScriptWhereToGo(t *testing.T) {
	r := httptest.NewRequest("POST", "https://donnees.example/write", strings.NewReader("a=b"))
	r.Header.Set("X-Unfollowed", "1")
	w := ask(t, site(t), r)
	if w.Code != http.StatusNoContent || w.Header().Get("X-Unfollowed") != "/hello" || len(w.Result().Cookies()) == 0 {
		t.Errorf("%d to %q with %v", w.Code, w.Header().Get("X-Unfollowed"), w.Result().Cookies())
	}
}

func TestFlash_isSaidOnceAndTranslated(t *testing.T) {
	s := site(t)
	var got *Flash
	s.Handle("GET /flash", func(_ http.ResponseWriter, r *http.Request) error { got = VisitOf(r).Flash; return nil })
	w := ask(t, s, httptest.NewRequest("POST", "/write", nil))
	r := httptest.NewRequest("GET", "/flash", nil)
	r.Header.Set("Accept", "text/html")
	r.AddCookie(w.Result().Cookies()[0])
	w = ask(t, s, r)
	if got == nil || !strings.Contains(got.Text, "n’existe pas") {
		t.Fatalf("got %v", got)
	}
	if c := w.Result().Cookies(); len(c) != 1 || c[0].MaxAge >= 0 {
		t.Errorf("the flash is not forgotten: %v", c)
	}
}
