package assets

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHandler_servesEachBuiltFileForAYear(t *testing.T) {
	for _, name := range Names() {
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, httptest.NewRequest("GET", URL(name), nil))
		if got, want := w.Code, http.StatusOK; got != want {
			t.Errorf("%s: got status %d, want %d", name, got, want)
		}
		if got := w.Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("%s: got Cache-Control %q, want immutable", name, got)
		}
		if w.Header().Get("Content-Type") == "" {
			t.Errorf("%s: got no media type", name)
		}
	}
}

func TestHandler_gzipsForThoseWhoTakeIt(t *testing.T) {
	r := httptest.NewRequest("GET", URL("app.css"), nil)
	r.Header.Set("Accept-Encoding", "gzip, br")
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	if got, want := w.Header().Get("Content-Encoding"), "gzip"; got != want {
		t.Fatalf("got encoding %q, want %q", got, want)
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	want, err := Read("app.css")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("the gzipped style sheet is not the plain one")
	}
}

func TestHandler_refusesUnknownNames(t *testing.T) {
	for _, path := range []string{"/assets/", "/assets/app.css", "/assets/../assets.go", "/assets/manifest.json"} {
		r := httptest.NewRequest("GET", "/assets/x", nil)
		r.URL.Path = path
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, r)
		if got, want := w.Code, http.StatusNotFound; got != want {
			t.Errorf("%s: got status %d, want %d", path, got, want)
		}
	}
}
