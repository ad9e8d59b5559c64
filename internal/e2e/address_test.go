package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// outward is the program as these tests need it: it also fetches files from this machine, which the product never does.
// Only a build tag says so.
var outward = sync.OnceValues(func() (string, error) {
	path := filepath.Join(filepath.Dir(binary), "cultured-loopback")
	out, err := exec.Command("go", "build", "-tags", "loopback", "-o", path, "cultured/cmd/cultured").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// goOutward has the tests run that program until their end.
func goOutward(t *testing.T) {
	t.Helper()
	path, err := outward()
	if err != nil {
		t.Fatal(err)
	}
	usual := binary
	binary = path
	t.Cleanup(func() { binary = usual })
}

// A portal serves one file, slowly when asked to.
type portal struct {
	*httptest.Server
	file  atomic.Value // string
	asked atomic.Int64
	gate  chan struct{} // closed: the second half of the file may go
}

func openPortal(t *testing.T) *portal {
	p := &portal{gate: make(chan struct{})}
	close(p.gate)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.asked.Add(1)
		file, _ := p.file.Load().(string)
		tag := fmt.Sprintf(`"%d"`, len(file))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(file)))
		_, _ = w.Write([]byte(file[:len(file)/2])) // whoever asked may be gone
		_ = http.NewResponseController(w).Flush()
		select {
		case <-p.gate:
		case <-r.Context().Done():
			return
		}
		_, _ = w.Write([]byte(file[len(file)/2:]))
	}))
	t.Cleanup(p.Close)
	p.file.Store("nom;age\nAda;36\nGrace;85\nHedy;41\n")
	return p
}

// A file is fetched by its address, kept, and fetched again: only changed bytes make a version.
func TestAFileIsFetchedByItsAddress(t *testing.T) {
	goOutward(t)
	p := openPortal(t)
	eachEngine(t, func(t *testing.T, database string) {
		p.file.Store("nom;age\nAda;36\nGrace;85\nHedy;41\n")
		s := serve(t, t.TempDir(), database, "--outgoing")
		v := s.visitor(t)
		v.post(t, s.firstLink(t), firstAdministrator)
		a := v.post(t, "/check/address", url.Values{"address": {p.URL + "/personnes.csv"}})
		var page string
		eventually(t, "the verdict", func() bool { page = v.want(t, a.path); return judged(page) })
		if !strings.Contains(page, "personnes.csv") {
			t.Errorf("the page does not name the file:\n%s", words(page))
		}
		kept := v.post(t, a.path+"/keep", nil).path
		if got := v.post(t, kept+"/refresh", nil); !strings.Contains(got.body, "pas de nouvelle version") {
			t.Errorf("unchanged: got %s\n%s", got.path, words(got.body))
		}
		p.file.Store("nom;age\nAda;36\nGrace;85\nHedy;41\nKatherine;101\n")
		v.post(t, kept+"/refresh", nil)
		eventually(t, "the new version", func() bool { return strings.Contains(v.want(t, kept+"/history"), "version-2") })
		s.stop(t)
	})
}

// A transfer that a power failure cuts leaves nothing, and is taken up again at the next start.
func TestATransferSurvivesTheEndOfTheProcess(t *testing.T) {
	goOutward(t)
	eachEngine(t, func(t *testing.T, database string) {
		p := openPortal(t)
		p.gate = make(chan struct{})
		p.file.Store("nom;age\n" + strings.Repeat("Ada;36\nGrace;85\n", 20_000))
		s := serve(t, t.TempDir(), database, "--outgoing")
		v := s.visitor(t)
		a := v.post(t, "/check/address", url.Values{"address": {p.URL + "/personnes.csv"}})
		eventually(t, "half of the file is there", func() bool { return p.asked.Load() > 0 && len(s.leftovers(t)) > 0 })
		if page := v.want(t, a.path); judged(page) || !strings.Contains(page, "Transfert") {
			t.Errorf("while it comes: %s", words(page))
		}
		s.kill()
		close(p.gate)
		s = s.again(t, "--outgoing")
		v = v.at(t, s)
		eventually(t, "the verdict", func() bool { return judged(v.want(t, a.path)) })
		if got := s.leftovers(t); len(got) > 0 {
			t.Errorf("unfinished files remain: %v", got)
		}
		s.stop(t)
	})
}

// The product itself never goes to this machine, whatever it is told, and goes nowhere until it may.
func TestTheProductFetchesNothingFromItsOwnNetwork(t *testing.T) {
	p := openPortal(t)
	s := serve(t, t.TempDir(), "", "--outgoing", "--outgoing-networks", "10.0.0.0/8")
	v := s.visitor(t)
	for _, address := range []string{p.URL, strings.Replace(p.URL, "127.0.0.1", "localhost", 1), "http://[::1]:" + p.URL[strings.LastIndex(p.URL, ":")+1:], "http://169.254.169.254/latest"} {
		a := v.post(t, "/check/address", url.Values{"address": {address}})
		eventually(t, "a refusal of "+address, func() bool { return strings.Contains(v.want(t, a.path), "réseau privé") })
	}
	s.stop(t)
	s = s.again(t)
	if a := s.visitor(t).post(t, "/check/address", url.Values{"address": {p.URL}}); !strings.Contains(a.body, "--outgoing") {
		t.Errorf("where nothing may go out: %s", words(a.body))
	}
	s.stop(t)
	f := cultured(t, 2, "check", p.URL+"/personnes.csv")
	if !strings.Contains(f.stderr, "réseau privé") {
		t.Errorf("at the command line: %s", f.stderr)
	}
	if n := p.asked.Load(); n > 0 {
		t.Errorf("this machine was asked %d times", n)
	}
}

// At the command line an address stands for a file.
func TestAnAddressAtTheCommandLine(t *testing.T) {
	goOutward(t)
	p := openPortal(t)
	if f := cultured(t, 0, "check", p.URL+"/personnes.csv"); !strings.Contains(f.stdout, "3 lignes, 2 colonnes") {
		t.Errorf("got %s", f.stdout)
	}
	if f := cultured(t, 0, "check", "--format", "sarif", p.URL+"/personnes.csv"); !strings.Contains(f.stdout, "personnes.csv") {
		t.Errorf("got %s", f.stdout)
	}
}
