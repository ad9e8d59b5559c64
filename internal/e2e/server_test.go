package e2e

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cultured/internal/db/dbtest"
)

const (
	// stopTime is how long a server may take to stop once asked.
	stopTime = 10 * time.Second
	// patience is how long a story waits for what must come, on a machine busy with other tests.
	patience = time.Minute
)

// eachEngine tells a story on both databases; database is the value of --database, "" for SQLite.
func eachEngine(t *testing.T, tell func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) { tell(t, "") })
	t.Run("postgres", func(t *testing.T) { tell(t, dbtest.Postgres(t)) })
}

// output is what a process has said so far.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return typed.Replace(o.b.String())
}

// A server is the program serving a folder.
type server struct {
	cmd      *exec.Cmd
	data     string // folder
	database string
	url      string // without a final slash
	out, log *output
	ended    chan struct{} // closed once the process is gone
}

// freePort is a port of loopback nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// serve starts the program on a folder and a database ("" for SQLite), and returns once it is ready.
// It is killed at the end of the test if the story has not stopped it.
func serve(t *testing.T, data, database string, args ...string) *server {
	t.Helper()
	address := "127.0.0.1:" + freePort(t)
	s := &server{data: data, database: database, url: "http://" + address, out: &output{}, log: &output{}, ended: make(chan struct{})}
	s.cmd = exec.Command(binary, append([]string{"serve", "--data", data, "--listen", address, "--base-url", s.url}, args...)...)
	s.cmd.Env, s.cmd.Stdout, s.cmd.Stderr = environment("CULTURED_DATABASE="+database), s.out, s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = s.cmd.Wait() // the exit code is read from ProcessState
		close(s.ended)
	}()
	t.Cleanup(func() {
		s.kill()
		if t.Failed() {
			t.Logf("the server said:\n%s%s", s.out, requests.ReplaceAllString(s.log.String(), ""))
		}
	})
	eventually(t, "the server is ready", func() bool {
		select {
		case <-s.ended:
			t.Fatalf("the server ended by itself with %d:\n%s%s", s.cmd.ProcessState.ExitCode(), s.out, s.log)
		default:
		}
		r, err := http.Get(s.url + "/readyz")
		if err != nil {
			return false
		}
		_ = r.Body.Close()
		return r.StatusCode == http.StatusOK
	})
	return s
}

// again starts the program once more where s served.
func (s *server) again(t *testing.T, args ...string) *server {
	t.Helper()
	return serve(t, s.data, s.database, args...)
}

// kill ends the process as a power cut would.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // it may be gone already
	<-s.ended
}

// cuts is how often a story cuts the power, on each database: a few times, or as CULTURED_KILLS says.
func cuts(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv("CULTURED_KILLS"), "10"))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// stop asks the server to end, which it must do in time and with exit code 0.
func (s *server) stop(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.ended:
	case <-time.After(stopTime + 2*time.Second):
		t.Fatalf("the server has not stopped %v after SIGTERM", stopTime)
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		t.Fatalf("got exit code %d after SIGTERM, want 0\n%s", code, s.log)
	}
}

// requests are the lines of the log that tell an ordinary request: too many to read after a failure.
var requests = regexp.MustCompile(`(?m)^.*level=INFO msg=request .*\n`)

var setupLink = regexp.MustCompile(`https?://\S+(/setup/\S+)`)

// firstLink is the path of the link that makes the first administrator, "" if the server printed none.
func (s *server) firstLink(t *testing.T) string {
	t.Helper()
	eventually(t, "the server says where it is", func() bool { return strings.Contains(s.out.String(), s.url) })
	time.Sleep(200 * time.Millisecond) // the link is printed just after
	if m := setupLink.FindStringSubmatch(s.out.String()); m != nil {
		return m[1]
	}
	return ""
}

// leftovers lists the unfinished files of the server's store.
func (s *server) leftovers(t *testing.T) (names []string) {
	t.Helper()
	for _, name := range filesIn(t, filepath.Join(s.data, "files", "tmp")) {
		if !strings.HasSuffix(name, ".lock") { // who works in which folder
			names = append(names, name)
		}
	}
	return names
}

// blobs lists the finished ones.
func (s *server) blobs(t *testing.T) (names []string) {
	t.Helper()
	for _, name := range filesIn(t, filepath.Join(s.data, "files")) {
		if !strings.HasPrefix(name, "tmp") {
			names = append(names, name)
		}
	}
	return names
}

func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for began := time.Now(); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Since(began) > patience {
			t.Fatalf("not after %v: %s", patience, what)
		}
	}
}

// A visitor is one browser without JavaScript: it keeps cookies and follows redirects.
type visitor struct {
	client http.Client
	base   string
}

func (s *server) visitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{client: http.Client{Jar: jar, Timeout: patience}, base: s.url}
}

// at is the same browser, session included, before another server.
func (v *visitor) at(t *testing.T, s *server) *visitor {
	t.Helper()
	other := s.visitor(t)
	from, err := url.Parse(v.base)
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	other.client.Jar.SetCookies(to, v.client.Jar.Cookies(from))
	return other
}

// An answer is a page, after its redirects.
type answer struct {
	status int
	path   string // where the redirects ended
	body   string
	header http.Header
}

// try asks, and gives back what went wrong: for browsers before a server that is being stopped.
func (v *visitor) try(method, path, kind string, body io.Reader) (answer, error) {
	if !strings.HasPrefix(path, "http") {
		path = v.base + path
	}
	r, err := http.NewRequest(method, path, body)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Accept", "text/html,*/*")
	r.Header.Set("Accept-Language", "fr")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	resp, err := v.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Request.URL.Path, string(b), resp.Header}, err
}

func (v *visitor) ask(t *testing.T, method, path, kind string, body io.Reader) answer {
	t.Helper()
	a, err := v.try(method, path, kind, body)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (v *visitor) get(t *testing.T, path string) answer {
	t.Helper()
	return v.ask(t, http.MethodGet, path, "", nil)
}

// want gets a page that must be there.
func (v *visitor) want(t *testing.T, path string) string {
	t.Helper()
	a := v.get(t, path)
	if a.status != http.StatusOK {
		t.Fatalf("GET %s: got %d, want 200\n%s", path, a.status, words(a.body))
	}
	return a.body
}

func (v *visitor) post(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	return v.ask(t, http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// send uploads a file as the form of a page does, without holding it in memory.
func (v *visitor) send(path, name string, content io.Reader) (answer, error) {
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() {
		part, err := form.CreateFormFile("file", name)
		if err == nil {
			_, err = io.Copy(part, content)
		}
		if err == nil {
			err = form.Close()
		}
		_ = w.CloseWithError(err) // never fails
	}()
	return v.try(http.MethodPost, path, form.FormDataContentType(), r)
}

// check has a file checked and returns the path of the check, which may still run.
func (v *visitor) check(t *testing.T, name string, content io.Reader) string {
	t.Helper()
	a, err := v.send("/check", name, content)
	if err != nil {
		t.Fatal(err)
	}
	if a.status != http.StatusOK || !strings.HasPrefix(a.path, "/check/") {
		t.Fatalf("got %d at %s, want 200 at /check/…\n%s", a.status, a.path, words(a.body))
	}
	return a.path
}

var tags = regexp.MustCompile(`(?s)<svg.*?</svg>|<[^>]*>|\s*\n\s*`)

// words are what the main part of a page says.
func words(page string) string {
	if _, main, ok := strings.Cut(page, "<main"); ok {
		page, _, _ = strings.Cut("<main"+main, "</main>")
	}
	return strings.TrimSpace(tags.ReplaceAllString(typed.Replace(page), " "))
}

// settled waits for the end of a check, and returns its page.
func (v *visitor) settled(t *testing.T, path string) string {
	t.Helper()
	eventually(t, "the check has ended", func() bool { return !strings.Contains(v.want(t, path+"/progress"), `"running"`) })
	return v.want(t, path)
}

// judged reports whether a page shows the verdict of a check.
func judged(page string) bool { return strings.Contains(page, `id="verdict"`) }

// signIn signs a person of the demonstration in.
func (s *server) signIn(t *testing.T, who string) *visitor {
	t.Helper()
	v := s.visitor(t)
	a := v.post(t, "/sign-in", url.Values{"email": {who + "@demo.example"}, "password": {"demonstration-2026"}})
	if a.status != http.StatusOK || a.path == "/sign-in" {
		t.Fatalf("signing %s in: got %d at %s\n%s", who, a.status, a.path, words(a.body))
	}
	return v
}

// firstAdministrator is who a story makes with the first link.
var firstAdministrator = url.Values{"organisation": {"Ville d’Exemple"}, "siren": {""}, "territory": {""}, "name": {"Ada Lovelace"},
	"email": {"ada@exemple.fr"}, "password": {"le chat dort sur le radiateur"}}

// table writes a CSV of so many rows.
func table(w io.Writer, rows int) error {
	var b bytes.Buffer
	b.WriteString("identifiant;commune;jour;visiteurs;note\n")
	for i := range rows {
		fmt.Fprintf(&b, "M%07d;Commune n° %d;2026-01-%02d;%d;relevé du service n° %d\n", i, i%997, 1+i%28, i%613, i%41)
		if b.Len() > 1<<20 || i == rows-1 {
			if _, err := b.WriteTo(w); err != nil {
				return err
			}
		}
	}
	return nil
}
