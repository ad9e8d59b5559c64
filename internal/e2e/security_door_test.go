package e2e

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestOtherSitesCannotAct(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo")
	demonstrated(t, s)
	session := "session=" + s.signIn(t, "agent").session(t)
	for _, tc := range []struct {
		name   string
		header map[string]string
		want   int
	}{
		{"our own page", map[string]string{"Origin": s.url, "Sec-Fetch-Site": "same-origin"}, http.StatusSeeOther},
		{"our own page in an old browser", map[string]string{"Origin": s.url}, http.StatusSeeOther},
		{"another site", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://ailleurs.example"}, http.StatusForbidden},
		{"another site in an old browser", map[string]string{"Origin": "https://ailleurs.example"}, http.StatusForbidden},
		{"a neighbour of the same domain", map[string]string{"Sec-Fetch-Site": "same-site"}, http.StatusForbidden},
		{"a page in a box", map[string]string{"Origin": "null"}, http.StatusForbidden},
		{"another port", map[string]string{"Origin": "http://127.0.0.1:9"}, http.StatusForbidden},
		{"a form of plain text", map[string]string{"Origin": "https://ailleurs.example", "Content-Type": "text/plain"}, http.StatusForbidden},
	} {
		tc.header["Cookie"] = session
		if a := s.raw(t, http.MethodPost, "/account", tc.header, url.Values{"name": {"Camille Fauvel"}}); a.StatusCode != tc.want {
			t.Errorf("%s: got %d, want %d", tc.name, a.StatusCode, tc.want)
		}
	}
}

// session is the secret of the visitor's session, "" without one.
func (v *visitor) session(t *testing.T) string {
	t.Helper()
	u, err := url.Parse(v.base)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range v.client.Jar.Cookies(u) {
		if c.Name == "session" {
			return c.Value
		}
	}
	return ""
}

func TestRedirectsNeverLeaveTheSite(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo")
	demonstrated(t, s)
	for _, to := range []string{"//ailleurs.example", `/\ailleurs.example`, "https://ailleurs.example", "/\t/ailleurs.example", "/.//ailleurs.example", `\\ailleurs.example`, "javascript:alert(1)", "/\n/ailleurs.example", " //ailleurs.example"} {
		for _, a := range []*http.Response{
			s.raw(t, http.MethodPost, "/language", nil, url.Values{"lang": {"en"}, "back": {to}}),
			s.raw(t, http.MethodPost, "/theme", nil, url.Values{"theme": {"dark"}, "back": {to}}),
			s.raw(t, http.MethodPost, "/sign-in", nil, url.Values{"email": {"agent@demo.example"}, "password": {"demonstration-2026"}, "next": {to}}),
		} {
			if got := a.Header.Get("Location"); a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\t\n") {
				t.Errorf("%q: got %d to %q", to, a.StatusCode, got)
			}
		}
	}
	for _, path := range []string{"//ailleurs.example", "//ailleurs.example/%2e%2e", "/%5cailleurs.example", "/sign-in//../..//ailleurs.example"} {
		if got := s.raw(t, http.MethodGet, path, nil, nil).Header.Get("Location"); strings.HasPrefix(got, "//") || strings.Contains(got, "://") {
			t.Errorf("%s: got to %q", path, got)
		}
	}
}

func TestSessionsAreMadeAnewAndEnd(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo")
	demonstrated(t, s)
	credentials := url.Values{"email": {"agent@demo.example"}, "password": {"demonstration-2026"}}
	known := func(secret string) bool {
		return s.raw(t, http.MethodGet, "/account", map[string]string{"Cookie": "session=" + secret}, nil).StatusCode == http.StatusOK
	}
	v := s.signIn(t, "agent")
	first := v.session(t)
	v.post(t, "/sign-in", credentials)
	second := v.session(t)
	if first == second || known(first) || !known(second) {
		t.Errorf("signing in again: same %v, the old one works %v, the new one %v", first == second, known(first), known(second))
	}
	planted := s.raw(t, http.MethodPost, "/sign-in", map[string]string{"Cookie": "session=planted"}, credentials)
	if known("planted") || strings.Contains(planted.Header.Get("Set-Cookie"), "planted") {
		t.Error("a session chosen by somebody else works")
	}
	other := s.signIn(t, "agent").session(t)
	change := url.Values{"current": {"demonstration-2026"}, "password": {"un autre chat sur le mur"}}
	if a := v.post(t, "/account/password", change); a.status != http.StatusOK || known(other) || !known(v.session(t)) {
		t.Errorf("a new password: got %d, another session works %v, this one %v", a.status, known(other), known(v.session(t)))
	}
	last := v.session(t)
	v.post(t, "/sign-out", nil)
	if known(last) || v.session(t) != "" {
		t.Error("the session goes on after signing out")
	}
}

func TestCookiesOverTLSAreBoundToTheHost(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo", "--base-url", "https://donnees.exemple.fr")
	eventually(t, "the demonstration is complete", func() bool { return strings.Contains(s.out.String(), "donnees.exemple.fr") })
	a := s.raw(t, http.MethodPost, "/sign-in", nil, url.Values{"email": {"agent@demo.example"}, "password": {"demonstration-2026"}})
	found := false
	for _, c := range a.Cookies() {
		if c.Name == "__Host-session" {
			found = c.Secure && c.HttpOnly && c.SameSite == http.SameSiteLaxMode && c.Path == "/" && c.Domain == ""
		}
		if c.Name == "session" {
			t.Error("the session has a second, unbound cookie")
		}
	}
	if !found || a.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("got %v and HSTS %q", a.Header["Set-Cookie"], a.Header.Get("Strict-Transport-Security"))
	}
}

var mailedLink = regexp.MustCompile(`/sign-in/link/([0-9a-z]{20,})`)

func TestALinkWorksOnceAndTheLogKeepsNoSecret(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo", "--dev")
	demonstrated(t, s)
	v := s.visitor(t)
	v.post(t, "/sign-in/link", url.Values{"email": {"agent@demo.example"}, "wish": {"sign_in"}})
	var link string
	eventually(t, "the mail is there", func() bool {
		link = mailedLink.FindString(v.want(t, "/dev/mails"))
		return link != ""
	})
	look := s.raw(t, http.MethodGet, link, nil, nil)
	if look.StatusCode != http.StatusOK || look.Header.Get("Referrer-Policy") != "no-referrer" || look.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("got %d, %q, %q", look.StatusCode, look.Header.Get("Referrer-Policy"), look.Header.Get("Cache-Control"))
	}
	if a := v.post(t, link, nil); a.status != http.StatusOK || v.session(t) == "" {
		t.Fatalf("the link: got %d", a.status)
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if a := s.raw(t, method, link, nil, nil); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s again: got %d, want 404", method, a.StatusCode)
		}
	}
	s.raw(t, http.MethodPost, "/sign-in", nil, url.Values{"email": {"inconnue@ailleurs.example"}, "password": {"motdepasse-faux"}})
	s.raw(t, http.MethodGet, "/catalogue?q=cherché-en-secret", nil, nil)
	log := s.log.String()
	for what, secret := range map[string]string{"a link": link, "a session": v.session(t), "an e-mail": "@demo.example", "a failed e-mail": "inconnue@", "a password": "motdepasse-faux",
		"a good password": "demonstration-2026", "a search": "en-secret"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log says %s", what)
		}
	}
}

func TestGuessesAreLimitedAndSayNothing(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo")
	demonstrated(t, s)
	v := s.visitor(t)
	said := map[string]string{}
	for _, email := range []string{"agent@demo.example", "personne@demo.example"} {
		a := v.post(t, "/sign-in", url.Values{"email": {email}, "password": {"faux mot de passe"}})
		said[email] = strings.ReplaceAll(words(a.body), email, "")
	}
	if said["agent@demo.example"] != said["personne@demo.example"] {
		t.Errorf("the page tells who exists:\n%s\n%s", said["agent@demo.example"], said["personne@demo.example"])
	}
	for range 5 {
		v.post(t, "/sign-in", url.Values{"email": {"agent@demo.example"}, "password": {"faux mot de passe"}})
	}
	v.post(t, "/sign-in", url.Values{"email": {"agent@demo.example"}, "password": {"demonstration-2026"}})
	if v.session(t) != "" {
		t.Error("after six wrong guesses the next one still counts")
	}
}

func TestWhatIsForOperatorsIsNotServed(t *testing.T) {
	data := filepath.Join(t.TempDir(), "instance")
	s := serve(t, data, "", "--demo")
	demonstrated(t, s)
	v := s.visitor(t)
	for _, path := range []string{"/dev/mails", "/ui", "/metrics", "/debug/pprof/", "/assets/../manifest.json", "/assets/..%2fmanifest.json", "/schemas/..%2f..%2fetc/passwd",
		"/schemas/scdl/..%2fpack.json", "/catalogue/x/data/..%2f..%2fcultured.db", "/.git/config", "/files/"} {
		if a := v.get(t, path); a.status != http.StatusNotFound || strings.Contains(a.body, s.data) {
			t.Errorf("%s: got %d, want 404", path, a.status)
		}
	}
	for path, open := range map[string]bool{"/api/v1/datasets": true, "/openapi.json": true, "/catalogue": false, "/account": false, "/catalogue.csv": false} {
		a := s.raw(t, http.MethodGet, path, map[string]string{"Origin": "https://ailleurs.example"}, nil)
		if got := a.Header.Get("Access-Control-Allow-Origin"); (got == "*") != open || got != "*" && got != "" || a.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: other sites may read: %q", path, got)
		}
	}
	if a := s.signIn(t, "agent").get(t, "/datasets"); a.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("a page of somebody signed in: got %q", a.header.Get("Cache-Control"))
	}
	err := filepath.WalkDir(data, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return nil // gone meanwhile
		}
		if i, err := e.Info(); err == nil && i.Mode().Perm()&0o077 != 0 && filepath.Dir(path) == data {
			t.Errorf("%s is open to others: %v", e.Name(), i.Mode())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestQuestionsThatCostTooMuchAreRefused(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo")
	public := demonstrated(t, s)
	v := s.visitor(t)
	rows := "/api/v1/datasets/" + public[0].ID + "/rows?"
	column := regexp.MustCompile(`"name":"([a-z_]+)"`).FindStringSubmatch(v.want(t, "/api/v1/datasets/"+public[0].ID))[1]
	for name, question := range map[string]string{
		"a column very often":     "columns=" + strings.TrimSuffix(strings.Repeat(column+",", 20_000), ","),
		"an order very often":     strings.Repeat(column+"__sort=asc&", 2_000),
		"a filter very often":     strings.Repeat(column+"__contains=a&", 5_000),
		"a value with a zero":     column + "__exact=%00",
		"a name that is SQL":      url.QueryEscape(column+`") FROM read_csv('/etc/passwd')--`) + "__exact=1",
		"an order that is SQL":    column + "__sort=" + url.QueryEscape("asc;drop"),
		"a cursor of nothing":     "after=" + url.QueryEscape("'; --"),
		"a page that is too long": "page_size=100000",
	} {
		began := time.Now()
		a := v.get(t, rows+question)
		if a.status != http.StatusUnprocessableEntity || strings.Contains(a.body, s.data) || strings.Contains(a.body, "read_parquet") {
			t.Errorf("%s: got %d\n%.300s", name, a.status, a.body)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

func TestARequestIsNeitherTooLargeNorTwo(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo")
	demonstrated(t, s)
	host := strings.TrimPrefix(s.url, "http://")
	for name, request := range map[string]string{
		"two lengths":           "POST /theme HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\na=bcd",
		"pieces of another way": "POST /theme HTTP/1.1\r\nHost: " + host + "\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"a header broken apart": "GET / HTTP/1.1\r\nHost: " + host + "\r\nX-A : b\r\n\r\n",
	} {
		c, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetDeadline(time.Now().Add(20 * time.Second)) // a connection that hangs has failed
		fmt.Fprint(c, request)
		b, err := io.ReadAll(c)
		_ = c.Close()
		if answers := strings.Count(string(b), "HTTP/1.1 "); err != nil || answers != 1 {
			t.Errorf("%s: got %d answers, %v\n%.200s", name, answers, err, b)
		}
	}
	v := s.visitor(t)
	v.post(t, "/sign-in", url.Values{"email": {"agent@demo.example"}, "password": {"demonstration-2026"}, "more": {strings.Repeat("x", 2<<20)}})
	if v.session(t) != "" {
		t.Error("a form of 2 MiB is read")
	}
}
