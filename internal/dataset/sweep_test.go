package dataset

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cultured/internal/finding"
	"cultured/internal/i18n"
	"cultured/internal/tabular"
)

// french says sentences in French.
func inFrench(t testing.TB) Say { return in(t, i18n.French) }

func in(t testing.TB, lang i18n.Lang) Say {
	t.Helper()
	c, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c.For(lang).T
}

// catalogue is read once for all tests.
var catalogue = sync.OnceValues(func() (*i18n.Catalogue, error) { return i18n.Load(Text) })

// bytesOpener opens a file held in memory.
func bytesOpener(b []byte, name string) Opener {
	return func() (tabular.Table, error) {
		return tabular.Open(bytes.NewReader(b), int64(len(b)), name, tabular.Options{})
	}
}

func examine(t testing.TB, open Opener, plan Plan) (Report, []finding.Finding) {
	t.Helper()
	var found []finding.Finding
	r, err := Examine(context.Background(), open, Examination{Plan: plan, Sink: func(f finding.Finding) { found = append(found, f) }})
	if err != nil {
		t.Fatal(err)
	}
	return r, found
}

// sweptBytes are those of the largest file that is held in memory by a test.
const sweptBytes = 3 << 20

// swept says whether TestSharedFiles looks at a file, of that many bytes.
func swept(path string, size int64) bool {
	return (strings.HasSuffix(path, ".csv") || strings.HasSuffix(path, ".xlsx")) && size <= sweptBytes
}

// TestSharedFiles looks at each real table: nothing crashes, what is said is said in words, the safe fixes mend what
// they say, and applying them twice gives the same.
func TestSharedFiles(t *testing.T) {
	root := "../../../shared/data"
	if _, err := os.Stat(root); err != nil {
		t.Skip("shared data not here")
	}
	say := inFrench(t)
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil || !swept(path, info.Size()) {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		open := bytesOpener(b, filepath.Base(path))
		table, err := open()
		if err != nil {
			return nil
		}
		table.Close()
		t.Run(filepath.Base(path), func(t *testing.T) {
			known := examineReal(t, path)
			if known.err != nil {
				t.Fatal(known.err)
			}
			r := known.report
			for _, words := range known.plain {
				t.Errorf("no sentence: %q", words)
			}
			if _, err := json.Marshal(r); err != nil {
				t.Error(err)
			}
			if plan := r.SafeFixes(); len(plan) > 0 { // without any, it is the same look again
				after, _ := examine(t, heldOpener(open), plan)
				if got, want := after.Problems(), r.Problems()-r.Fixable; got > want {
					t.Errorf("after the safe fixes: got %d problems, want at most %d", got, want)
				}
			}
			if os.Getenv("SHOW") != "" {
				var out bytes.Buffer
				p := NewPrinter(&out, PrintText, say)
				if err := p.Close(r); err != nil {
					t.Error(err)
				}
				if err := PrintProfile(&out, r, PrintText, say); err != nil {
					t.Error(err)
				}
				t.Logf("%s\n%s", path, out.String())
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
