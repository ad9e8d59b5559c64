package learningdb_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/blob"
	"cultured/internal/learning"
	"cultured/internal/learning/learningdb"
)

// A bytesFile is a file in memory.
type bytesFile struct{ *bytes.Reader }

func (bytesFile) Close() error { return nil }

var pdf = []byte("%PDF-1.7 compte rendu")

// filed is work shown by a file.
func filed(title, name string, body []byte) learning.Draft {
	d := draft
	d.Title, d.Address = title, ""
	d.File = &learning.Upload{Name: name, Bytes: int64(len(body)), Body: bytesFile{bytes.NewReader(body)}}
	return d
}

// stored counts the files on disk.
func stored(t *testing.T, s *learning.Service) (n int) {
	t.Helper()
	for _, err := range s.Shelf.(blob.Private).List(t.Context()) {
		ok(t, err)
		n++
	}
	return n
}

func TestFile_isReadByItsPersonAndThoseItIsSharedWith(t *testing.T) {
	each(t, func(t *testing.T, s *learning.Service, now *time.Time) {
		ctx := t.Context()
		of, err := s.Add(ctx, ada, filed("Compte rendu", `C:\Mes documents\compte rendu.pdf`, pdf))
		ok(t, err)
		sum := sha256.Sum256(pdf)
		reads := func(by actor.Actor) bool {
			t.Helper()
			e, body, err := s.Download(ctx, by, of)
			if err != nil {
				want(t, err, "learning.no_evidence")
				return false
			}
			got, err := io.ReadAll(body)
			ok(t, err)
			ok(t, body.Close())
			a := e.Artefact
			if !bytes.Equal(got, pdf) || a.Hash != hex.EncodeToString(sum[:]) || a.Name != "compte rendu.pdf" || a.Media != "application/pdf" || a.Bytes != int64(len(pdf)) {
				t.Errorf("got %q of %+v", got, a)
			}
			return true
		}
		if !reads(ada) || reads(bob) || reads(rh) || reads(eve) {
			t.Error("a file nobody was shown is its person's alone")
		}
		ok(t, s.AskReview(ctx, ada, of, learning.Request{Email: "bob@org", As: learning.Peer}))
		if !reads(bob) {
			t.Error("who is asked to review cannot open the file")
		}
		ok(t, s.Decline(ctx, bob, of, ""))
		if reads(bob) {
			t.Error("having answered, the reviewer still opens it")
		}
		ok(t, s.Share(ctx, ada, of, "bob@org", noon.Add(time.Hour)))
		*now = noon.Add(time.Hour)
		if reads(bob) {
			t.Error("a share that is over still opens it")
		}
		of, err = s.Add(ctx, ada, draft)
		ok(t, err)
		_, _, err = s.Download(ctx, ada, of)
		want(t, err, "learning.no_file")
	})
}

func TestDelete_leavesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *learning.Service, _ *time.Time) {
		ctx := t.Context()
		level := func() int {
			levels, err := s.Levels(ctx, "org", "ada")
			ok(t, err)
			return levels["D4.1"].Level
		}
		of, err := s.Add(ctx, ada, filed("L’état des écoles", "ecoles.pdf", pdf))
		ok(t, err)
		same, err := s.Add(ctx, bob, filed("Le mien", "ecoles.pdf", pdf)) // the same bytes, another's
		ok(t, err)
		ok(t, s.AskReview(ctx, ada, of, learning.Request{Email: "bob@org", As: learning.Peer}))
		e, err := s.Look(ctx, bob, of)
		ok(t, err)
		ok(t, s.Review(ctx, bob, of, learning.Verdict{Accept: true, Met: e.Grid()}))
		ok(t, s.Share(ctx, ada, of, learning.HR, time.Time{}))
		if level() != 2 || stored(t, s) != 2 {
			t.Fatalf("level %d, %d files", level(), stored(t, s))
		}
		for _, by := range []actor.Actor{bob, rh, eve} {
			want(t, s.Delete(ctx, by, of, "L’état des écoles"), "learning.no_evidence")
		}
		want(t, s.Delete(ctx, ada, of, "L’état"), "learning.delete_title")
		if level() != 2 || stored(t, s) != 2 {
			t.Error("what was refused took something away")
		}
		ok(t, s.Delete(ctx, ada, of, " l'état  des ÉCOLES "))
		_, err = s.Look(ctx, ada, of)
		want(t, err, "learning.no_evidence")
		want(t, s.Delete(ctx, ada, of, "L’état des écoles"), "learning.no_evidence")
		if shown, err := s.Shown(ctx, rh); err != nil || len(shown) != 0 || level() != 0 || stored(t, s) != 1 {
			t.Errorf("after it was deleted: HR reads %v, %v, level %d, %d files", shown, err, level(), stored(t, s))
		}
		_, body, err := s.Download(ctx, bob, same)
		ok(t, err)
		ok(t, body.Close())

		ok(t, s.Forget(ctx, "elsewhere", "bob"))
		ok(t, s.Forget(ctx, "org", "bob"))
		if n := stored(t, s); n != 0 {
			t.Errorf("after its person was erased %d files are left", n)
		}
	})
}

// What a crash cuts short between the row and the bytes is finished by the next sweep, and until then no other room takes the file for a leftover.
func TestSweep_finishesWhatWasCutShort(t *testing.T) {
	each(t, func(t *testing.T, s *learning.Service, _ *time.Time) {
		ctx := t.Context()
		of, err := s.Add(ctx, ada, filed("Compte rendu", "a.pdf", pdf))
		ok(t, err)
		store := s.Files.(*learningdb.Store)
		hash, err := store.Stored(ctx, "org", of)
		ok(t, err)
		_, err = store.Stored(ctx, "elsewhere", of)
		want(t, err, "learning.no_file")
		ok(t, store.Delete(ctx, "org", of))
		if named, err := store.Names(ctx, hash); err != nil || !named || stored(t, s) != 1 {
			t.Fatalf("the bytes went before the sweep, or nobody names them: %v", err)
		}
		ok(t, s.Sweep(ctx))
		ok(t, s.Sweep(ctx))
		if named, err := store.Names(ctx, hash); err != nil || named || stored(t, s) != 0 {
			t.Errorf("after the sweep: named %v, %v, %d files", named, err, stored(t, s))
		}
	})
}

func TestAdd_refusesFilesInPlainWordsAndKeepsNone(t *testing.T) {
	each(t, func(t *testing.T, s *learning.Service, _ *time.Time) {
		ctx := t.Context()
		large := filed("x", "a.pdf", pdf)
		large.File.Bytes = learning.FileMost + 1
		noTitle := filed("", "a.pdf", pdf)
		for _, c := range []struct {
			name  string
			draft learning.Draft
			want  string
		}{
			{"nothing in it", filed("x", "a.pdf", nil), "learning.file_empty"},
			{"too large", large, "learning.file_large"},
			{"a program", filed("x", "a.pdf", []byte("MZ\x90\x00")), "learning.file_unknown"},
			{"a page", filed("x", "a.txt", []byte("<html><script>1</script>")), "learning.file_unknown"},
			{"a PDF that says it is a picture", filed("x", "a.png", pdf), "learning.file_lies"},
			{"a good file, and no title", noTitle, "learning.title_missing"},
		} {
			_, err := s.Add(ctx, ada, c.draft)
			if want(t, err, c.want); stored(t, s) != 0 {
				t.Fatalf("%s: a file was kept", c.name)
			}
		}
		of, err := s.Add(ctx, ada, filed("Deux", "a.txt", []byte("Bonjour")))
		ok(t, err)
		again, err := s.Add(ctx, ada, filed("Deux fois", "b.txt", []byte("Bonjour")))
		ok(t, err)
		one, err := s.Look(ctx, ada, of)
		ok(t, err)
		two, err := s.Look(ctx, ada, again)
		ok(t, err)
		if one.Source != two.Source || !strings.HasPrefix(one.Source, "work:sha256:") {
			t.Errorf("the same file twice is two works: %q and %q", one.Source, two.Source)
		}
		if weight, err := s.Files.Weight(ctx, "org", "ada"); err != nil || weight != 14 {
			t.Errorf("the files weigh %d, %v", weight, err)
		}
	})
}

// What one person keeps here is bounded.
func TestAdd_saysWhenAPersonsFilesAreTooMany(t *testing.T) {
	each(t, func(t *testing.T, s *learning.Service, _ *time.Time) {
		ctx := t.Context()
		heavy := learning.Evidence{ID: "heavy", Organisation: "org", Person: "ada", At: noon, Source: "work:x", Artefact: learning.Artefact{Kind: learning.Work, Bytes: learning.FilesMost - 10}}
		ok(t, s.Files.AddWith(ctx, heavy, strings.Repeat("a", 64)))
		_, err := s.Add(ctx, ada, filed("x", "a.pdf", pdf))
		want(t, err, "learning.files_full")
		_, err = s.Add(ctx, bob, filed("x", "a.pdf", pdf))
		ok(t, err)
	})
}
