package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// importRows is how many rows the long import has: some 40 MB, several seconds of work.
const importRows = 600_000

// longCheck sends a file so long that its check still runs when the page comes back.
func longCheck(t *testing.T, v *visitor) (path string) {
	t.Helper()
	for rows := importRows; rows <= 8*importRows; rows *= 2 {
		r, w := io.Pipe()
		go func() { _ = w.CloseWithError(table(w, rows)) }() // never fails
		path = v.check(t, fmt.Sprintf("releves-%d.csv", rows), r)
		if page := v.want(t, path); !judged(page) {
			return path
		}
	}
	t.Fatal("no import is long enough to be interrupted on this machine")
	return ""
}

// An import that is cut by a power failure, or by a stop, is taken up again at the next start and ends as if nothing
// had happened.
func TestAnImportSurvivesTheEndOfTheProcess(t *testing.T) {
	for _, cut := range []struct {
		name string
		how  func(s *server, t *testing.T)
	}{
		{"kill -9", func(s *server, _ *testing.T) { s.kill() }},
		{"SIGTERM", func(s *server, t *testing.T) { s.stop(t) }},
	} {
		t.Run(cut.name, func(t *testing.T) {
			eachEngine(t, func(t *testing.T, database string) {
				s := serve(t, t.TempDir(), database)
				v := s.visitor(t)
				path := longCheck(t, v)
				cut.how(s, t)
				s = s.again(t)
				v = v.at(t, s)
				var page string
				eventually(t, "the verdict", func() bool {
					page = v.want(t, path)
					return judged(page)
				})
				rows := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(v.original(t, path)), "releves-"), ".csv")
				if got := words(page); !strings.Contains(strings.ReplaceAll(got, " ", ""), rows) {
					t.Errorf("got the page %q, want %s rows counted", got, rows)
				}
				if got := s.leftovers(t); len(got) > 0 {
					t.Errorf("unfinished files remain: %v", got)
				}
				s.stop(t)
			})
		})
	}
}

// original is the name of the file a check page is about.
func (v *visitor) original(t *testing.T, path string) string {
	t.Helper()
	page := v.want(t, path)
	_, rest, ok := strings.Cut(page, "releves-")
	name, _, end := strings.Cut(rest, ".csv")
	if !ok || !end {
		t.Fatalf("the page does not name its file:\n%s", page)
	}
	return "releves-" + name + ".csv"
}

// A connection that ends in the middle of an upload leaves nothing: no file, no check, no dataset.
func TestACutUploadLeavesNothing(t *testing.T) {
	s := serve(t, t.TempDir(), "")
	admin := s.visitor(t)
	admin.post(t, s.firstLink(t), firstAdministrator)
	if got := admin.mine(t); got != 0 {
		t.Fatalf("got %d datasets on an empty instance", got)
	}
	cutUpload(t, s)
	eventually(t, "the unfinished upload is gone", func() bool { return len(s.leftovers(t)) == 0 })
	if got := s.blobs(t); len(got) > 0 {
		t.Errorf("files remain: %v", got)
	}
	if got := admin.mine(t); got != 0 {
		t.Errorf("got %d datasets, want none", got)
	}

	// Killed in the middle of an upload: the next start sweeps.
	held := halfAnUpload(t, s)
	eventually(t, "half of the upload is there", func() bool { return len(s.leftovers(t)) > 0 })
	s.kill()
	_ = held.Close() // the other end is gone
	s = s.again(t)
	if got := append(s.leftovers(t), s.blobs(t)...); len(got) > 0 {
		t.Errorf("after a restart files remain: %v", got)
	}
	if got := admin.at(t, s).mine(t); got != 0 {
		t.Errorf("got %d datasets, want none", got)
	}
	// And the door is not jammed.
	v := s.visitor(t)
	path := v.check(t, "petit.csv", strings.NewReader("nom;age\nAda;36\nGrace;85\n"))
	eventually(t, "the verdict", func() bool { return judged(v.want(t, path)) })
	s.stop(t)
}

func cutUpload(t *testing.T, s *server) {
	t.Helper()
	c := halfAnUpload(t, s)
	eventually(t, "half of the upload is there", func() bool { return len(s.leftovers(t)) > 0 })
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// halfAnUpload sends the first half of a form that says it is 10 MB long, and holds the connection open.
func halfAnUpload(t *testing.T, s *server) net.Conn {
	t.Helper()
	c, err := net.DialTimeout("tcp", strings.TrimPrefix(s.url, "http://"), 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // closed already in most stories
	head := "--frontiere\r\nContent-Disposition: form-data; name=\"file\"; filename=\"moitie.csv\"\r\nContent-Type: text/csv\r\n\r\n"
	var half bytes.Buffer
	if err := table(&half, 80_000); err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(c, "POST /check HTTP/1.1\r\nHost: %s\r\nContent-Type: multipart/form-data; boundary=frontiere\r\nContent-Length: %d\r\n\r\n%s%s",
		strings.TrimPrefix(s.url, "http://"), 2*half.Len(), head, half.String())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Files that cannot be read get the same plain sentence on the page as at the terminal, and nothing of them is kept as
// a dataset.
func TestAFileThatCannotBeReadGetsASentence(t *testing.T) {
	s := serve(t, t.TempDir(), "")
	for kind, want := range map[string]string{
		"":             "Ce fichier est vide",
		"binary":       "Ce fichier n’est pas un tableau",
		"broken-zip":   "est abîmé ou incomplet",
		"bomb-of-text": "Ce fichier compressé devient trop gros",
		"cell":         "La cellule de la ligne 3, colonne 2, dépasse",
		"columns":      "La ligne 1 a 16 385 colonnes",
	} {
		t.Run(kind, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "fichier.csv")
			f, err := os.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if kind != "" {
				if err := awkward[kind](f); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := f.Seek(0, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			v := s.visitor(t)
			a, err := v.send("/check", "fichier.csv", f)
			if err != nil {
				t.Fatal(err)
			}
			page := a.body
			if strings.HasPrefix(a.path, "/check/") {
				page = v.settled(t, a.path)
			}
			if got := words(page); !strings.Contains(got, want) || judged(page) {
				t.Errorf("got the page %q, want %q in it and no verdict", got, want)
			}
		})
	}
	if memory := residentBytes(t, s.cmd.Process.Pid); memory > 2*mostMemory {
		t.Errorf("the server holds %d MiB", memory>>20)
	}
	s.stop(t)
}
