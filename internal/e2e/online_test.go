package e2e

import (
	"bytes"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cultured/internal/recognition"
)

// A foreign issuer is another server, which publishes its keys and its lists under https.
type foreign struct {
	*httptest.Server
	issuer recognition.Issuer
	signer recognition.Signer

	mu    sync.Mutex
	taken recognition.Revocations
	asked []string
	away  string // where its documents are said to be instead
}

func openForeign(t *testing.T) *foreign {
	t.Helper()
	f := &foreign{taken: recognition.Revocations{}}
	f.Server = httptest.NewTLSServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.Close)
	secret := recognition.Secret("the secret of another server, long enough")
	key, err := secret.NewKey("o", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	f.issuer = recognition.Issuer{Organisation: "o", Name: "Ailleurs", Base: f.URL, Keys: []recognition.Key{key}}
	private, err := secret.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	f.signer = recognition.Signer{Key: private, Method: f.issuer.ID() + "#" + key.Public}
	return f
}

// list is the address of its status list.
func (f *foreign) list() string { return f.issuer.Page() + "/revocations" }

func (f *foreign) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, r.URL.Path)
	if f.away != "" {
		http.Redirect(w, r, f.away, http.StatusFound)
		return
	}
	var raw []byte
	var err error
	switch r.URL.Path {
	case "/issuers/o/did.json":
		raw, err = f.issuer.Document(false)
	case "/issuers/o/revocations", "/issuers/o/reasons":
		if raw, err = f.taken.List(f.issuer.ID(), f.list(), strings.HasSuffix(r.URL.Path, "reasons"), time.Now().Add(-time.Minute)); err == nil {
			raw, err = f.signer.Sign(raw, time.Now())
		}
	default:
		http.NotFound(w, r)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(raw) // whoever asked may be gone
}

// badge writes a badge of the issuer into a file.
func (f *foreign) badge(t *testing.T) string {
	t.Helper()
	raw, err := recognition.Award{ID: f.URL + "/b/1", Issuer: f.issuer.Party(), From: time.Now().Add(-time.Hour), Recipient: recognition.Recipient{ID: "https://ada.example"}, StatusList: f.list(), Place: 71_204,
		Class: recognition.Class{ID: f.URL + "/c/1", Name: "Données ouvertes", Description: "Publie.", Criteria: "A publié."}}.Credential()
	if err == nil {
		raw, err = f.signer.Sign(raw, time.Now())
	}
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "badge.json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// A stranger's badge is verified by what its issuer publishes, through the client that guards what goes out.
func TestVerify_asksTheIssuerOnlyWhenTold(t *testing.T) {
	goOutward(t)
	f := openForeign(t)
	trusted := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: f.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	file := f.badge(t)
	for _, c := range []struct {
		name, root string
		args       []string
		before     func()
		code       int
		want       string
		asked      int
	}{
		{"not told", trusted, nil, nil, 1, "Unknown issuer", 0},
		{"told", trusted, []string{"--online"}, nil, 0, "Valid", 2},
		{"a certificate nobody knows", "/dev/null", []string{"--online"}, nil, 1, "Unknown issuer", 0},
		{"suspended", trusted, []string{"--online"}, func() { f.taken = recognition.Revocations{71_204: recognition.Paused} }, 1, "Suspended", 3},
		{"revoked, and why", trusted, []string{"--online"}, func() { f.taken = recognition.Revocations{71_204: recognition.Withdrawn} }, 1, "evidence no longer", 3},
		{"another's place", trusted, []string{"--online"}, func() { f.taken = recognition.Revocations{71_205: recognition.Withdrawn} }, 0, "Valid", 2},
		{"sent to a document without https", trusted, []string{"--online"}, func() { f.away = "http" + strings.TrimPrefix(f.URL, "https") }, 1, "Unknown issuer", 1},
	} {
		f.mu.Lock()
		f.asked = nil
		if c.before != nil {
			c.before()
		}
		f.mu.Unlock()
		cmd := exec.Command(binary, append([]string{"verify", file}, c.args...)...)
		cmd.Env = append(os.Environ(), "LANG=en_GB.UTF-8", "SSL_CERT_FILE="+c.root, "SSL_CERT_DIR=/nonexistent", "HTTPS_PROXY=", "https_proxy=", "HTTP_PROXY=", "http_proxy=")
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		_ = cmd.Run() // the exit code below says how it ended
		if code := cmd.ProcessState.ExitCode(); code != c.code || !strings.Contains(out.String(), c.want) || len(f.asked) != c.asked {
			t.Errorf("%s: got %d after asking %v\n%s", c.name, code, f.asked, &out)
		}
	}
}
