package fetch

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"cultured/internal/fault"
)

// open makes a client that reaches this machine, as tests must.
func open(t *testing.T, change func(*Settings)) *Client {
	t.Helper()
	set := Settings{Allowed: true, Trust: netip.Addr.IsLoopback}
	if change != nil {
		change(&set)
	}
	c, err := New(set)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// serve answers on loopback.
func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// read fetches a file whole, and says what it holds or the key of the fault.
func read(c *Client, q Request) (string, *Answer, error) {
	a, err := c.Open(context.Background(), q)
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = a.Body.Close() }()
	b, err := io.ReadAll(a.Body)
	return string(b), a, err
}

func key(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Key
	}
	return fmt.Sprint(err)
}

func TestReachable_isThePublicInternetOnly(t *testing.T) {
	c := &Client{}
	for text, want := range map[string]bool{
		"8.8.8.8": true, "185.199.108.153": true, "2a01:cb00::1": true, "2001:4860:4860::8888": true,
		"127.0.0.1": false, "127.9.9.9": false, "0.0.0.0": false, "10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "100.127.255.255": false, "192.0.0.8": false,
		"192.0.2.1": false, "198.18.0.1": false, "198.51.100.7": false, "203.0.113.7": false, "224.0.0.1": false, "239.1.1.1": false,
		"240.0.0.1": false, "255.255.255.255": false, "::": false, "::1": false, "::7f00:1": false, "::ffff:127.0.0.1": false,
		"::ffff:10.0.0.1": false, "64:ff9b::7f00:1": false, "64:ff9b:1::1": false, "fc00::1": false, "fd00:ec2::254": false,
		"fe80::1": false, "fec0::1": false, "ff02::1": false, "2001:db8::1": false, "2001::1": false, "2002:7f00:1::": false,
		"3fff::1": false, "100::1": false,
	} {
		if got := c.reachable(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

func TestReadNetworks_neverOpensThisMachineNorItsNeighbours(t *testing.T) {
	for list, want := range map[string]bool{"10.4.0.0/16": true, "10.4.0.0/16, fd12::/32": true, "": true, "10.4.0.1": false,
		"127.0.0.0/8": false, "0.0.0.0/0": false, "::/0": false, "169.254.169.254/32": false, "::1/128": false, "fd00::/8": false} {
		if _, ok := ReadNetworks(list); ok != want {
			t.Errorf("%q: got %v, want %v", list, ok, want)
		}
	}
	nets, _ := ReadNetworks("10.4.0.0/16")
	c := &Client{set: Settings{Networks: nets}}
	if !c.reachable(netip.MustParseAddr("10.4.1.1")) || c.reachable(netip.MustParseAddr("10.5.1.1")) {
		t.Error("an opened network must be reached, and no other")
	}
}

func TestReadAddress(t *testing.T) {
	for typed, want := range map[string]string{
		"https://exemple.fr/a.csv":             "https://exemple.fr/a.csv",
		"  exemple.fr/a b.csv#haut ":           "https://exemple.fr/a%20b.csv",
		"http://exemple.fr:8080/a?x=1":         "http://exemple.fr:8080/a?x=1",
		"":                                     "fetch.no_address",
		"file:///etc/passwd":                   "fetch.bad_scheme",
		"javascript:alert(1)":                  "fetch.bad_scheme",
		"gopher://exemple.fr/":                 "fetch.bad_scheme",
		"https://ada:secret@exemple.fr/":       "fetch.password",
		"https://exemple.fr:22/":               "fetch.bad_port",
		"https://exemple.fr:99999/":            "fetch.bad_port",
		"https://":                             "fetch.bad_address",
		"https://exemple.fr/a\nb":              "fetch.bad_address",
		"https://e.fr/" + long(longestAddress): "fetch.bad_address",
	} {
		u, err := ReadAddress(typed)
		got := key(err)
		if err == nil {
			got = u.String()
		}
		if got != want {
			t.Errorf("%.60q: got %s, want %s", typed, got, want)
		}
	}
}

func long(n int) string { return strings.Repeat("a", n) }

func TestOpen_refusesWhereItMayNotGo(t *testing.T) {
	trusting := open(t, nil)
	production := open(t, func(s *Settings) { s.Trust = func(netip.Addr) bool { return false } })
	listing := open(t, func(s *Settings) { s.Only = []string{"exemple.fr"} })
	refusing := open(t, func(s *Settings) { s.Never = []string{"127.0.0.1"} })
	closed := open(t, func(s *Settings) { s.Allowed = false })
	url := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the server was reached") })
	port := url[strings.LastIndex(url, ":")+1:]
	for _, tc := range []struct {
		name, address, want string
		c                   *Client
	}{
		{"when nothing may go out", url, "fetch.off", closed},
		{"loopback", url, "fetch.refused", production},
		{"loopback in IPv6", "http://[::1]:" + port, "fetch.refused", production},
		{"a name that resolves to loopback", "http://localhost:" + port, "fetch.refused", production},
		{"loopback written as one number", "http://2130706433:" + port, "", production},
		{"metadata of clouds", "http://169.254.169.254/latest/meta-data", "fetch.refused", production},
		{"IPv4 inside IPv6, even trusted", "http://[::ffff:127.0.0.1]:" + port, "fetch.refused", trusting},
		{"a zone", "http://[fe80::1%25eth0]/", "fetch.refused", trusting},
		{"names that lead inside", "http://imprimante.local/", "fetch.refused", production},
		{"what is not listed", url, "fetch.not_listed", listing},
		{"what is refused by name", url, "fetch.not_listed", refusing},
	} {
		_, _, err := read(tc.c, Request{Address: tc.address})
		if err == nil || tc.want != "" && key(err) != tc.want {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
	}
}

// A name may lead to a public address when it is looked at and to a private one when it is connected to: only the
// address of the connection counts.
func TestGuard_isAskedAboutTheAddressOfTheConnection(t *testing.T) {
	asked := []string{}
	c := open(t, func(s *Settings) {
		s.Trust = func(a netip.Addr) bool { asked = append(asked, a.String()); return false }
	})
	url := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the server was reached") })
	_, _, err := read(c, Request{Address: strings.Replace(url, "127.0.0.1", "localhost", 1)})
	if key(err) != "fetch.refused" || len(asked) == 0 {
		t.Errorf("got %v after being asked about %v", err, asked)
	}
}

func TestOpen_decidesAboutEachRedirect(t *testing.T) {
	c := open(t, nil)
	for to, want := range map[string]string{"http://10.0.0.1/": "fetch.refused", "http://169.254.169.254/": "fetch.refused",
		"file:///etc/passwd": "fetch.bad_scheme", "http://ada:x@exemple.fr/": "fetch.password", "/again": "fetch.redirects"} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
		})
		if _, _, err := read(c, Request{Address: url}); key(err) != want {
			t.Errorf("to %s: got %v, want %s", to, err, want)
		}
	}
}

func TestOpen_saysWhatWentWrong(t *testing.T) {
	c := open(t, nil)
	for _, tc := range []struct {
		name, want string
		answer     http.HandlerFunc
	}{
		{"404", "fetch.missing", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }},
		{"403", "fetch.forbidden", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }},
		{"500", "fetch.broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }},
		{"429", "fetch.crowded", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }},
		{"418", "fetch.answer", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }},
		{"304 nobody asked for", "fetch.answer", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }},
		{"206 nobody asked for", "fetch.answer", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(206) }},
		{"a web page", "fetch.page", file("\ufeff\n<!-- x -->\n<!DOCTYPE html><title>Écoles</title>")},
		{"too large as announced", "fetch.too_large", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "2000")
			w.WriteHeader(200)
		}},
		{"too large as sent", "fetch.too_large", func(w http.ResponseWriter, _ *http.Request) {
			for range 5 {
				_, _ = io.WriteString(w, long(300))
				_ = http.NewResponseController(w).Flush()
			}
		}},
		{"too large once unpacked", "fetch.too_large", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.WriteString(z, long(100_000))
			_ = z.Close()
		}},
		{"an unknown packing", "fetch.encoding", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			_, _ = io.WriteString(w, "x")
		}},
		{"a cut transfer", "fetch.cut", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "900")
			_, _ = io.WriteString(w, long(500))
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}},
	} {
		if _, _, err := read(c, Request{Address: serve(t, tc.answer), Limit: 1000}); key(err) != tc.want {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := "http://" + l.Addr().String()
	_ = l.Close()
	if _, _, err := read(c, Request{Address: gone}); key(err) != "fetch.unreachable" {
		t.Errorf("nobody there: got %v", err)
	}
	if _, _, err := read(c, Request{Address: "http://nulle-part.invalid/"}); key(err) != "fetch.no_name" && key(err) != "fetch.slow" && key(err) != "fetch.unreachable" {
		t.Errorf("no such name: got %v", err)
	}
}

func TestExplain_tellsAMissingNameFromASlowOne(t *testing.T) {
	for want, err := range map[string]error{
		"fetch.no_name":     &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", IsNotFound: true}},
		"fetch.slow":        &net.OpError{Op: "dial", Err: &net.DNSError{Err: "timeout", IsTimeout: true}},
		"fetch.unreachable": errors.New("connection refused"),
	} {
		if got := key(explain(t.Context(), err, "exemple.fr")); got != want {
			t.Errorf("%v: got %s, want %s", err, got, want)
		}
	}
}

func file(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, s) }
}

func TestOpen_saysWhatIsWrongWithEncryption(t *testing.T) {
	s := httptest.NewUnstartedServer(file("x"))
	s.Config.ErrorLog = nil
	s.TLS = &tls.Config{}
	s.StartTLS()
	t.Cleanup(s.Close)
	c := open(t, nil)
	if _, _, err := read(c, Request{Address: s.URL}); key(err) != "fetch.tls_issuer" {
		t.Errorf("an unknown authority: got %v", err)
	}
	if _, _, err := read(c, Request{Address: strings.Replace(serve(t, file("x")), "http:", "https:", 1)}); !strings.HasPrefix(key(err), "fetch.") {
		t.Errorf("a server without encryption: got %v", err)
	}
}

func TestOpen_givesUpInTime(t *testing.T) {
	hold := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "a;b\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	c := open(t, func(s *Settings) { s.Time = 50 * time.Millisecond })
	if _, _, err := read(c, Request{Address: serve(t, hold)}); key(err) != "fetch.slow" {
		t.Errorf("an endless transfer: got %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	a, err := open(t, nil).Open(ctx, Request{Address: serve(t, hold)})
	if err == nil {
		_, err = io.ReadAll(a.Body)
		_ = a.Body.Close()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("whoever asked has gone: got %v", err)
	}
}

func TestOpen_asksWhetherItHasChanged(t *testing.T) {
	agent := ""
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		agent = r.UserAgent()
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Content-Disposition", `attachment; filename*=UTF-8''%C3%A9coles.csv`)
		http.ServeContent(w, r, "", time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC), strings.NewReader("a;b\n1;2\n"))
	})
	c := open(t, func(s *Settings) { s.Agent = "Culture-D/1 (+https://donnees.exemple.fr)" })
	text, a, err := read(c, Request{Address: url})
	if err != nil || text != "a;b\n1;2\n" || a.Name != "écoles.csv" || a.Mark.ETag != `"v1"` || a.Bytes != 8 || agent != c.set.Agent {
		t.Fatalf("got %q %+v %v, agent %q", text, a, err, agent)
	}
	text, again, err := read(c, Request{Address: url, Known: a.Mark})
	if err != nil || !again.Unchanged || text != "" || again.Mark.ETag != `"v1"` {
		t.Errorf("the same file: got %q %+v %v", text, again, err)
	}
	if _, changed, err := read(c, Request{Address: url, Known: Mark{ETag: `"v0"`}}); err != nil || changed.Unchanged {
		t.Errorf("another file: got %+v %v", changed, err)
	}
}

func TestOpen_unpacksWhatWasPackedForTheWay(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, "a;b\n")
		_ = z.Close()
	})
	if text, _, err := read(open(t, nil), Request{Address: url}); err != nil || text != "a;b\n" {
		t.Errorf("got %q %v", text, err)
	}
}

func TestFileName(t *testing.T) {
	for _, tc := range []struct{ path, disposition, kind, want string }{
		{"/export/ecoles.csv?x=1", "", "", "ecoles.csv"},
		{"/export/%C3%A9coles.csv", "", "", "écoles.csv"},
		{"/r/0f3a", "", "text/csv; charset=utf-8", "0f3a.csv"},
		{"/", "", "application/json", "127-0-0-1.json"},
		{"/x", `attachment; filename="../../etc/passwd.csv"`, "", "passwd.csv"},
		{"/x", `attachment; filename="C:\\dossier\\a.xlsx"`, "", "a.xlsx"},
		{"/x.ods", `inline`, "text/csv", "x.ods"},
	} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if tc.disposition != "" {
				w.Header().Set("Content-Disposition", tc.disposition)
			}
			w.Header().Set("Content-Type", tc.kind)
			_, _ = io.WriteString(w, "a;b\n")
		})
		if _, a, err := read(open(t, nil), Request{Address: url + tc.path}); err != nil || a.Name != tc.want {
			t.Errorf("%+v: got %+v %v", tc, a, err)
		}
	}
}

func TestOpen_goesThroughTheProxyAndStillRefusesWhatIsPrivate(t *testing.T) {
	var through []string
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		through = append(through, r.URL.String())
		_, _ = io.WriteString(w, "a;b\n")
	})
	c := open(t, func(s *Settings) { s.Proxy, s.Trust = proxy, func(netip.Addr) bool { return false } })
	if text, _, err := read(c, Request{Address: "http://8.8.8.8/a.csv"}); err != nil || text != "a;b\n" {
		t.Errorf("got %q %v", text, err)
	}
	for _, private := range []string{"http://10.0.0.1/", "http://localhost/", "http://127.0.0.1/"} {
		if _, _, err := read(c, Request{Address: private}); key(err) != "fetch.refused" {
			t.Errorf("%s: got %v", private, err)
		}
	}
	if len(through) != 1 {
		t.Errorf("the proxy saw %v", through)
	}
	if _, err := New(Settings{Proxy: "ftp://x"}); key(err) != "fetch.bad_proxy" {
		t.Errorf("a proxy that is none: got %v", err)
	}
}

func FuzzReadAddress(f *testing.F) {
	for _, s := range []string{"https://exemple.fr/a.csv", "exemple.fr", "http://[::1]:80", "//x", "http://%zz", "a:b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		u, err := ReadAddress(typed)
		if err != nil {
			return
		}
		if err := proper(u); err != nil || u.Fragment != "" {
			t.Errorf("%q gave %q, which is refused: %v", typed, u, err)
		}
		if again, err := ReadAddress(u.String()); err != nil || again.String() != u.String() {
			t.Errorf("%q gave %q, then %v %v", typed, u, again, err)
		}
	})
}
