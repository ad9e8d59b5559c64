package e2e

import (
	"maps"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestTheFirstStartMakesTheFirstAdministrator(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, filepath.Join(t.TempDir(), "instance"), database)
		v := s.visitor(t)
		if got := v.want(t, "/healthz"); got != "ok\n" {
			t.Errorf("/healthz says %q, want ok", got)
		}
		v.want(t, "/readyz")
		v.want(t, "/")
		link := s.firstLink(t)
		if link == "" {
			t.Fatalf("got no link on an empty folder\n%s", s.out)
		}
		if want := "Culture D est ouvert : " + s.url; !strings.Contains(s.out.String(), want) {
			t.Errorf("got %q, want %q in it", s.out, want)
		}
		for range 2 { // a link that previews itself in a chat must still serve
			if page := v.want(t, link); !strings.Contains(page, `name="password"`) || !strings.Contains(page, `method="post"`) {
				t.Fatalf("the link shows no form: %s", words(page))
			}
		}
		short := maps.Clone(firstAdministrator)
		short.Set("password", "court")
		if a := v.post(t, link, short); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Ada Lovelace") {
			t.Errorf("a bad password: got %d, want 422 and what was written", a.status)
		}
		if a := v.post(t, link, firstAdministrator); a.status != http.StatusOK || a.path != "/admin" {
			t.Fatalf("the first administrator: got %d at %s, want 200 at /admin\n%s", a.status, a.path, words(a.body))
		}
		theLinkIsDead(t, s, link)
		s.stop(t)

		s = s.again(t)
		if again := s.firstLink(t); again != "" {
			t.Errorf("a second start prints a link again: %s", again)
		}
		theLinkIsDead(t, s, link)
		v.at(t, s).want(t, "/admin") // signed in still
		newcomer := s.visitor(t)
		a := newcomer.post(t, "/sign-in", url.Values{"email": firstAdministrator["email"], "password": firstAdministrator["password"]})
		if a.status != http.StatusOK || a.path == "/sign-in" {
			t.Errorf("signing in after a restart: got %d at %s", a.status, a.path)
		}
		s.stop(t)
	})
}

func theLinkIsDead(t *testing.T, s *server, link string) {
	t.Helper()
	stranger := s.visitor(t)
	if a := stranger.get(t, link); a.status != http.StatusNotFound {
		t.Errorf("GET of a used link: got %d, want 404", a.status)
	}
	form := maps.Clone(firstAdministrator)
	form.Set("email", "mallory@exemple.fr")
	if a := stranger.post(t, link, form); a.status != http.StatusNotFound {
		t.Errorf("POST of a used link: got %d, want 404", a.status)
	}
	if a := stranger.get(t, "/admin"); a.status == http.StatusOK && a.path == "/admin" {
		t.Error("a stranger is an administrator")
	}
}

func TestALinkNobodyUsedIsReplacedAtTheNextStart(t *testing.T) {
	s := serve(t, t.TempDir(), "")
	first := s.firstLink(t)
	s.stop(t)
	s = s.again(t)
	second := s.firstLink(t)
	if first == "" || second == "" || first == second {
		t.Fatalf("got the links %q and %q, want two", first, second)
	}
	v := s.visitor(t)
	v.want(t, second)
	if a := v.get(t, first); a.status != http.StatusNotFound {
		t.Errorf("the first link: got %d, want 404", a.status)
	}
	s.stop(t)
}

func TestOneFolderOneAddress(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f := cultured(t, 2, "serve", "--data", t.TempDir(), "--listen", l.Addr().String())
	sentence, cause, _ := strings.Cut(f.stderr, "\n")
	if !strings.HasPrefix(sentence, "L’adresse "+l.Addr().String()+" ne peut pas servir") || !strings.HasPrefix(cause, "listen tcp ") || strings.Count(f.stderr, "\n") != 2 {
		t.Errorf("an address already taken: got %q, want a sentence with the address, then the cause", f.stderr)
	}
}

func TestMetricsHaveTheirOwnDoor(t *testing.T) {
	s := serve(t, t.TempDir(), "")
	if a := s.visitor(t).get(t, "/metrics"); a.status != http.StatusNotFound {
		t.Errorf("/metrics without the setting: got %d, want 404", a.status)
	}
	s.stop(t)
	side := "127.0.0.1:" + freePort(t)
	s = s.again(t, "--metrics", side)
	v := s.visitor(t)
	if a := v.get(t, "/metrics"); a.status != http.StatusNotFound {
		t.Errorf("/metrics on the public port: got %d, want 404", a.status)
	}
	v.want(t, "/")
	if got := v.want(t, "http://"+side+"/metrics"); !strings.Contains(got, "# TYPE ") || !strings.Contains(got, "http") {
		t.Errorf("the metrics are\n%s", got)
	}
	s.stop(t)
}

// formats a published table comes in, with how each begins.
var formats = map[string]string{"csv": "", "json": "[", "ods": "PK", "parquet": "PAR1", "xlsx": "PK"}

func TestTheDemonstrationIsAPublicCatalogue(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, t.TempDir(), database, "--demo")
		published := demonstrated(t, s)
		want := 0
		for _, d := range demonstration(t) {
			if d.State == "published" {
				want++
			}
		}
		if len(published) != want || want == 0 {
			t.Fatalf("got %d published datasets, want %d", len(published), want)
		}
		v := s.visitor(t)
		graph := v.want(t, "/dcat.ttl")
		for _, d := range published {
			if page := v.want(t, d.Page); !strings.Contains(page, d.ID) {
				t.Errorf("%s: its page does not name it", d.ID)
			}
			if !strings.Contains(graph, "/catalogue/"+d.ID) {
				t.Errorf("%s is not in /dcat.ttl", d.ID)
			}
			for format, start := range formats {
				if got := v.want(t, d.Downloads[format]); len(got) < 20 || !strings.HasPrefix(strings.TrimSpace(got), start) {
					t.Errorf("%s as %s: got %d bytes that start with %q", d.ID, format, len(got), got[:min(len(got), 8)])
				}
			}
			if got := v.want(t, d.Downloads["original"]); len(got) < 20 {
				t.Errorf("%s: the original has %d bytes", d.ID, len(got))
			}
			if !strings.Contains(v.want(t, d.Rows+"?page_size=1"), `"data":`) {
				t.Errorf("%s has no rows in the API", d.ID)
			}
		}
		s.stop(t)
		again := demonstrated(t, s.again(t, "--demo"))
		if !slices.EqualFunc(published, again, func(a, b publishedDataset) bool { return a.ID == b.ID }) {
			t.Errorf("a second start with --demo changed the catalogue: got %v, want %v", again, published)
		}
	})
}
