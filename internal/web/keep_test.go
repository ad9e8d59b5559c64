package web

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cultured/internal/fault"
)

// counting is a site with a kept page that says how often it was made, and what its shelf goes by.
func counting(t *testing.T) (s *Site, shelf *Shelf, mark *string) {
	t.Helper()
	word, made := "1", 0
	shelf = &Shelf{Mark: func(context.Context) (string, error) { return word, nil }}
	s = site(t)
	s.Handle("GET /kept", shelf.Keep(func(w http.ResponseWriter, r *http.Request) error {
		made++
		if r.URL.Query().Has("bad") {
			return fault.New(fault.NotFound, "web.not_found")
		}
		w.Header().Set("Content-Type", "text/html")
		if r.URL.Query().Has("cookie") {
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		}
		Public(w)
		_, err := fmt.Fprintf(w, "made %d in %s for %q", made, VisitOf(r).Lang, Actor(r).Name)
		return err
	}))
	return s, shelf, &word
}

func kepts(t *testing.T, s *Site, path string, header ...string) string {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := ask(t, s, r)
	if w.Header().Get("Content-Encoding") != "gzip" {
		return w.Body.String()
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestKeep(t *testing.T) {
	s, _, mark := counting(t)
	for _, tc := range []struct {
		name, path string
		header     []string
		mark, want string
	}{
		{"the first visitor has it made", "/kept", nil, "1", `made 1 in fr for ""`},
		{"the second is given the same", "/kept", nil, "1", `made 1 in fr for ""`},
		{"another language is another answer", "/kept", []string{"Cookie", "lang=en"}, "1", `made 2 in en for ""`},
		{"so is another theme", "/kept", []string{"Cookie", "theme=dark"}, "1", `made 3 in fr for ""`},
		{"and another query", "/kept?q=1", nil, "1", `made 4 in fr for ""`},
		{"somebody signed in has a page of their own", "/kept", []string{"Cookie", "session=ada"}, "1", `made 5 in fr for "Ada"`},
		{"which nobody else sees", "/kept", nil, "1", `made 1 in fr for ""`},
		{"a browser that cannot unpack has it made", "/kept", []string{"Accept-Encoding", "identity"}, "1", `made 6 in fr for ""`},
		{"a change has it made again", "/kept", nil, "2", `made 7 in fr for ""`},
		{"an answer with a cookie is given", "/kept?cookie", nil, "2", `made 8 in fr for ""`},
		{"but not kept", "/kept?cookie", nil, "2", `made 9 in fr for ""`},
		{"neither is one to a long query", "/kept?" + strings.Repeat("x", 400), nil, "2", `made 10 in fr for ""`},
		{"which is made each time", "/kept?" + strings.Repeat("x", 400), nil, "2", `made 11 in fr for ""`},
	} {
		*mark = tc.mark
		if got := kepts(t, s, tc.path, tc.header...); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestKeep_failuresAreAnsweredEachTime(t *testing.T) {
	s, shelf, _ := counting(t)
	for range 2 {
		if got := kepts(t, s, "/kept?bad"); !strings.Contains(got, "n’existe pas") {
			t.Errorf("got %q, want the fault's sentence", got)
		}
	}
	if n := shelf.kept().Len(); n != 0 {
		t.Errorf("got %d answers kept, want none", n)
	}
}

func TestKeep_givesTheSameHeader(t *testing.T) {
	s, _, _ := counting(t)
	var got [2]http.Header
	for i := range got {
		r := httptest.NewRequest("GET", "/kept", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		got[i] = ask(t, s, r).Header()
		if got[i].Get("X-Request-Id") == "" || got[i].Get("Cache-Control") != "public, max-age=60" || got[i].Get("Content-Length") == "" {
			t.Errorf("got %v", got[i])
		}
	}
	if got[0].Get("X-Request-Id") == got[1].Get("X-Request-Id") {
		t.Error("two answers have the same request id")
	}
}

func TestShelf_isBounded(t *testing.T) {
	s := &Shelf{}
	k := &kept{body: make([]byte, 100<<10)}
	for i := range 1000 {
		s.kept().Put(shelved{path: fmt.Sprint(i)}, k)
	}
	if got := s.kept().Len() * len(k.body); got > shelfBytes || got < shelfBytes/3 {
		t.Errorf("got %d bytes kept, want at most %d and not much less", got, shelfBytes)
	}
}
