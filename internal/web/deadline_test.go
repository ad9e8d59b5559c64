package web

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// dial opens a connection to a server whose clock is behind: its patience ends that much sooner.
func dial(t *testing.T, behind time.Duration) net.Conn {
	t.Helper()
	s := site(t)
	s.Now = func() time.Time { return time.Now().Add(-behind) }
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(10 * time.Second)) // a test that waits longer has failed
	return c
}

func TestABodyThatNeverComesIsGivenUp(t *testing.T) {
	c := dial(t, silence-200*time.Millisecond)
	fmt.Fprintf(c, "POST /write HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nxx")
	start := time.Now()
	b, err := io.ReadAll(c)
	if err != nil || !strings.HasPrefix(string(b), "HTTP/1.1 400") {
		t.Errorf("got %q, %v; want an answer and the end of the connection", b, err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestABodyThatComesTooSlowlyIsGivenUp(t *testing.T) {
	r := httptest.NewRequest("POST", "/write", io.MultiReader(strings.NewReader("x"), strings.NewReader("y")))
	now := time.Unix(1000, 0)
	s := site(t)
	s.Now = func() time.Time { return now }
	body := s.patient(&deadlines{ResponseRecorder: httptest.NewRecorder()}, r, now).(*patientBody)
	for _, tc := range []struct {
		name  string
		after time.Duration
		read  int64
		want  time.Duration // from the beginning
	}{
		{"at once", 0, 0, silence},
		{"in its first minute", 20 * time.Second, 10, 20*time.Second + silence},
		{"a trickle after it", 59 * time.Second, 100, grace},
		{"a slow line", 5 * time.Minute, 10 << 20, 5*time.Minute + silence},
	} {
		w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
		body.conn, body.read, now = http.NewResponseController(w), tc.read, body.start.Add(tc.after)
		_, _ = body.Read(make([]byte, 1))
		if got := w.first.Sub(body.start); got != tc.want {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
}

// deadlines notes the first deadline that is set.
type deadlines struct {
	*httptest.ResponseRecorder
	first time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error {
	if d.first.IsZero() {
		d.first = t
	}
	return nil
}

func TestAConnectionServesOneRequestAfterAnother(t *testing.T) {
	c := dial(t, silence-300*time.Millisecond)
	answers := bufio.NewReader(c)
	for range 2 {
		fmt.Fprintf(c, "POST /write HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
		r, err := http.ReadResponse(answers, nil)
		if err != nil || r.StatusCode != http.StatusSeeOther {
			t.Fatalf("got %v, %v", r, err)
		}
		_, _ = io.Copy(io.Discard, r.Body)
		time.Sleep(400 * time.Millisecond) // past the deadline of the body just read
	}
}

func TestTheLogHidesWhatOpensSomething(t *testing.T) {
	for path, want := range map[string]string{
		"/setup/abc": "/setup/…", "/sign-in/link/abc": "/sign-in/link/…", "/invitation/abc": "/invitation/…", "/passport/abc": "/passport/…", "/check/abc": "/check/…",
		"/check/abc/rows": "/check/…/rows", "/api/v1/checks/abc": "/api/v1/checks/…", "/join/abc/seat": "/join/…/seat", "/join": "/join", "/check/abc/findings.csv": "/check/…/findings.csv", "/check": "/check", "/datasets/abc": "/datasets/abc",
	} {
		if got := quiet(path); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

func TestTheLogNamesNobodyInAWorkshop(t *testing.T) {
	s := site(t)
	var log strings.Builder
	s.Log = slog.New(slog.NewTextHandler(&log, nil))
	s.Handle("GET /join/{code}", func(w http.ResponseWriter, _ *http.Request) error { return nil })
	for path, want := range map[string]bool{"/hello": true, "/join/ABCD": false} {
		log.Reset()
		r := httptest.NewRequest("GET", path, nil)
		r.AddCookie(&http.Cookie{Name: "session", Value: "ada"})
		ask(t, s, r)
		if got := strings.Contains(log.String(), "actor=1"); got != want || !strings.Contains(log.String(), "status=200") {
			t.Errorf("%s: names who asks: %t, want %t in %s", path, got, want, &log)
		}
	}
}

func TestWhatSomebodySignedInSeesIsNotStored(t *testing.T) {
	for cookie, want := range map[string]string{"session=ada": "private, no-store", "session=eve": "private, no-cache"} {
		r := httptest.NewRequest("GET", "/hello", nil)
		r.Header.Set("Cookie", cookie)
		if got := ask(t, site(t), r).Header().Get("Cache-Control"); got != want {
			t.Errorf("%s: got %q, want %q", cookie, got, want)
		}
	}
}
