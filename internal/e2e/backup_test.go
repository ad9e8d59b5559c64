package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"cultured/internal/db/dbtest"
)

// A load keeps datasets on a server, without a pause, until it is told to stop.
type load struct {
	kept    atomic.Int64
	stop    chan struct{}
	writers sync.WaitGroup
}

// startLoad sets two agents to work.
func startLoad(t *testing.T, s *server) *load {
	t.Helper()
	l := &load{stop: make(chan struct{})}
	for _, who := range []string{"agent", "steward"} {
		v := s.signIn(t, who)
		l.writers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-l.stop:
					return
				default:
				}
				if err := v.keepOne(fmt.Sprintf("%s-%d", who, i)); err != nil {
					t.Errorf("%s, dataset %d: %v", who, i, err)
					return
				}
				l.kept.Add(1)
			}
		})
	}
	return l
}

// end stops the load, and lets what it began finish.
func (l *load) end() {
	close(l.stop)
	l.writers.Wait()
}

// keepOne has a small file checked and keeps it as a dataset.
func (v *visitor) keepOne(name string) error {
	a, err := v.send("/check", name+".csv", strings.NewReader("nom;valeur;jour\n"+name+";12;2026-01-05\nautre;7;2026-01-06\n"))
	if err != nil {
		return err
	}
	for range 600 {
		if judged(a.body) || a.status != http.StatusOK {
			break
		}
		if a, err = v.try(http.MethodGet, a.path, "", nil); err != nil {
			return err
		}
	}
	if !judged(a.body) {
		return fmt.Errorf("no verdict: %d at %s", a.status, a.path)
	}
	a, err = v.try(http.MethodPost, a.path+"/keep", "application/x-www-form-urlencoded", strings.NewReader(""))
	if err == nil && (a.status != http.StatusOK || !strings.HasPrefix(a.path, "/datasets/")) {
		err = fmt.Errorf("not kept: %d at %s", a.status, a.path)
	}
	return err
}

// census counts what the two agents of the load see of their datasets.
func census(t *testing.T, s *server) int {
	t.Helper()
	return s.signIn(t, "agent").mine(t) + s.signIn(t, "steward").mine(t)
}

func TestABackupTakenUnderLoadRestoresOnBothEngines(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		dir := t.TempDir()
		s := serve(t, filepath.Join(dir, "instance"), database, "--demo")
		want := demonstrated(t, s)
		l := startLoad(t, s)
		eventually(t, "the load runs", func() bool { return l.kept.Load() > 4 || t.Failed() })
		before := census(t, s)
		file := filepath.Join(dir, "sauvegarde.tar.gz")
		args := []string{"backup", "--data", s.data}
		if database != "" {
			args = append(args, "--database", database)
		}
		cultured(t, 0, append(args, file)...)
		after := census(t, s)
		eventually(t, "the load goes on after the backup", func() bool { return l.kept.Load() > int64(after-before)+6 || t.Failed() })
		l.end()
		// A second one, with nobody writing: exactly what is there.
		still := filepath.Join(dir, "calme.tar.gz")
		cultured(t, 0, append(args, still)...)
		exact := census(t, s)
		s.stop(t)
		if t.Failed() {
			return
		}
		t.Run("to sqlite", func(t *testing.T) {
			restored(t, file, "", want, before, after)
			restored(t, still, "", want, exact, exact)
		})
		t.Run("to postgres", func(t *testing.T) { restored(t, file, dbtest.Postgres(t), want, before, after) })
	})
}

// restored makes an instance of a backup and visits it: it has the public catalogue it must have, whole, and a number of
// datasets from least to most.
func restored(t *testing.T, file, database string, want []publishedDataset, least, most int) {
	t.Helper()
	data := filepath.Join(t.TempDir(), "restauree")
	args := []string{"restore", "--data", data}
	if database != "" {
		args = append(args, "--database", database)
	}
	if f := cultured(t, 0, append(args, file)...); !strings.Contains(f.stdout, "restaurée") {
		t.Errorf("restoring says %q", f.stdout)
	}
	if f := cultured(t, 2, append(args, file)...); !strings.Contains(f.stderr, "contient déjà des données") {
		t.Errorf("restoring twice says %q", f.stderr)
	}
	s := serve(t, data, database)
	if link := s.firstLink(t); link != "" {
		t.Error("a restored instance prints a first link")
	}
	got := published(t, s)
	if !slices.EqualFunc(got, want, func(a, b publishedDataset) bool { return a.ID == b.ID && a.Title == b.Title }) {
		t.Fatalf("got the catalogue %v, want %v", got, want)
	}
	v := s.visitor(t)
	for _, d := range got {
		v.want(t, d.Page)
		v.want(t, d.Downloads["original"])
		v.want(t, d.Downloads["csv"])
	}
	if n := census(t, s); n < least || n > most {
		t.Errorf("got %d datasets, want %d to %d", n, least, most)
	}
	// Every dataset kept during the load is whole: its page, its rows and its file.
	agent := s.signIn(t, "agent")
	for _, path := range datasetLinks(agent.want(t, "/datasets")) {
		agent.want(t, path)
		agent.want(t, path+"/rows")
		agent.want(t, path+"/versions/1/original")
	}
	s.stop(t)
}

// datasetLinks finds the addresses of the datasets a list shows.
func datasetLinks(page string) (paths []string) {
	for _, part := range strings.Split(page, `href="/datasets/`)[1:] {
		id, _, _ := strings.Cut(part, `"`)
		if path := "/datasets/" + id; !strings.ContainsAny(id, "/?#.") && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
}

func TestABackupThatIsNotWholeIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, filepath.Join(dir, "instance"), "", "--demo")
	want := demonstrated(t, s)
	file := filepath.Join(dir, "sauvegarde.tar.gz")
	cultured(t, 0, "backup", "--data", s.data, file)
	s.stop(t)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "restauree")
	for name, size := range map[string]int{"nothing": 0, "a few bytes": 100, "half": len(whole) / 2, "all but the end": len(whole) - 9} {
		cut := filepath.Join(dir, "coupee.tar.gz")
		if err := os.WriteFile(cut, whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		if f := cultured(t, 2, "restore", "--data", data, cut); !strings.Contains(f.stderr, "sauvegarde") || strings.Contains(f.stderr, "EOF") {
			t.Errorf("%s: got %q, want a sentence", name, f.stderr)
		}
	}
	cultured(t, 2, "restore", "--data", data, filepath.Join("testdata", "files", "subventions-valide.csv"))
	// What was refused left nothing in the way.
	cultured(t, 0, "restore", "--data", data, file)
	s = serve(t, data, "")
	if got := published(t, s); len(got) != len(want) {
		t.Errorf("got %d published datasets, want %d", len(got), len(want))
	}
	s.stop(t)
	if f := cultured(t, 2, "restore", "--data", filepath.Join(dir, "instance"), file); !strings.Contains(f.stderr, "contient déjà des données") {
		t.Errorf("restoring over an instance says %q", f.stderr)
	}
}

// A backup of a running instance takes nothing from it: neither an upload on its way nor an import.
func TestABackupDisturbsNothing(t *testing.T) {
	s := serve(t, t.TempDir(), "")
	v := s.visitor(t)
	held := halfAnUpload(t, s)
	path := longCheck(t, v)
	eventually(t, "the server works", func() bool { return len(s.leftovers(t)) > 0 })
	working := s.leftovers(t)
	dir := t.TempDir()
	file, copied := filepath.Join(dir, "sauvegarde.tar.gz"), filepath.Join(dir, "restauree")
	cultured(t, 0, "backup", "--data", s.data, file)
	if got := s.leftovers(t); len(got) == 0 {
		t.Errorf("the backup swept the working files of the server: %v", working)
	}
	eventually(t, "the verdict", func() bool { return judged(v.want(t, path)) })
	_ = held.Close() // the story is over
	s.stop(t)

	// In the restored copy the import that ran is taken up again: nobody waits for ever.
	cultured(t, 0, "restore", "--data", copied, file)
	s = serve(t, copied, "")
	if page := s.visitor(t).settled(t, path); !judged(page) {
		t.Errorf("got the page %q, want the verdict", words(page))
	}
	s.stop(t)
}
