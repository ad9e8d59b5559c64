package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"cultured/internal/fault"
)

// abc is the SHA-256 of "abc", from FIPS 180-2.
const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

func store(t testing.TB) *Disk {
	t.Helper()
	d, err := OpenDisk(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// held gives the hashes in the store, and checks that nothing unfinished lies about.
func held(t testing.TB, s *Disk) []string {
	t.Helper()
	var hashes []string
	for b, err := range s.List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if age := time.Since(b.Modified); age < -time.Minute || age > time.Hour {
			t.Errorf("%s: got %v, want the time it was stored", b.Hash, b.Modified)
		}
		hashes = append(hashes, b.Hash)
	}
	left, err := os.ReadDir(s.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("unfinished files %v, %v", left, err)
	}
	return hashes
}

func TestAFileIsKeptByItsContent(t *testing.T) {
	s := store(t)
	for range 2 { // the second time costs nothing and changes nothing
		got, err := s.Put(t.Context(), iotest.OneByteReader(strings.NewReader("abc")), 3)
		if want := (Blob{Hash: abc, Bytes: 3}); err != nil || got != want {
			t.Fatalf("got %v, %v, want %v", got, err, want)
		}
	}
	if got := held(t, s); len(got) != 1 || got[0] != abc || !s.Has(abc) {
		t.Errorf("got %v", got)
	}
	file, size, err := s.Open(abc)
	if err != nil || size != 3 {
		t.Fatalf("got %d, %v", size, err)
	}
	defer file.Close()
	if err := s.Delete(abc); err != nil { // a reader keeps what it has open
		t.Fatal(err)
	}
	part := make([]byte, 2)
	if _, err := file.ReadAt(part, 1); err != nil || string(part) != "bc" {
		t.Errorf("got %q, %v", part, err)
	}
	whole, err := io.ReadAll(file)
	if err != nil || string(whole) != "abc" {
		t.Errorf("got %q, %v", whole, err)
	}
	if err := s.Delete(abc); err != nil || s.Has(abc) {
		t.Errorf("deleted twice: %v, has %v", err, s.Has(abc))
	}
}

func TestOnlyTheServerReadsTheFiles(t *testing.T) {
	s := store(t)
	b, err := s.Put(t.Context(), strings.NewReader("secret"), 0)
	if err != nil {
		t.Fatal(err)
	}
	path, err := s.Path(b.Hash)
	if err != nil || filepath.Base(filepath.Dir(path)) != b.Hash[2:4] {
		t.Fatalf("got %s, %v", path, err)
	}
	for each, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700, s.TempDir(): 0o700} {
		if info, err := os.Stat(each); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: got %v, %v, want %v", each, info.Mode().Perm(), err, want)
		}
	}
}

func TestACutOrTooLargeUploadLeavesNothing(t *testing.T) {
	s := store(t)
	broken := errors.New("cut")
	if _, err := s.Put(t.Context(), io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(broken)), 0); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	_, err := s.Put(t.Context(), strings.NewReader("abcd"), 3)
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.TooLarge || f.Key != "blob.too_large" || f.Args[0] != int64(3) {
		t.Errorf("got %v, want blob.too_large of 3", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Put(ctx, strings.NewReader("abc"), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want cancelled", err)
	}
	if got := held(t, s); len(got) > 0 {
		t.Errorf("got %v, want nothing", got)
	}
}

func TestWhatACrashLeftIsSweptAtStart(t *testing.T) {
	s := store(t)
	if err := os.WriteFile(filepath.Join(s.TempDir(), "put-1"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), strings.NewReader("abc"), 0); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "tmp", "put-0"), nil, 0o600); err != nil { // as older versions left them
		t.Fatal(err)
	}
	if err := s.lock.Close(); err != nil { // what the end of a process does
		t.Fatal(err)
	}
	again, err := OpenDisk(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := held(t, again); len(got) != 1 {
		t.Errorf("got %v, want the finished file only", got)
	}
	left, err := os.ReadDir(filepath.Join(s.dir, "tmp"))
	if err != nil || len(left) != 3 { // the turn, the new folder and its lock
		t.Errorf("got %v, %v", left, err)
	}
}

func TestASecondProcessTakesNothingFromTheFirst(t *testing.T) {
	s := store(t)
	upload, pipe := io.Pipe()
	kept := make(chan error)
	go func() {
		_, err := s.Put(t.Context(), upload, 0)
		kept <- err
	}()
	if _, err := pipe.Write([]byte("ab")); err != nil {
		t.Fatal(err)
	}
	second, err := OpenDisk(s.dir) // in the middle of the upload
	if err != nil {
		t.Fatal(err)
	}
	if second.TempDir() == s.TempDir() {
		t.Error("both write in one folder")
	}
	if _, err := pipe.Write([]byte("c")); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(pipe.Close(), <-kept); err != nil {
		t.Fatal(err)
	}
	if !second.Has(abc) {
		t.Error("the second does not see the upload")
	}
	hold, err := os.MkdirTemp(second.TempDir(), HoldPrefix)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(abc); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(filepath.Join(hold, abc)); err != nil || string(content) != "abc" || s.Has(abc) {
		t.Errorf("got %q, %v; want what was deleted, held", content, err)
	}
}

func TestAFinishedFileIsAdopted(t *testing.T) {
	s := store(t)
	for _, path := range []string{filepath.Join(s.TempDir(), "made"), filepath.Join(t.TempDir(), "elsewhere")} {
		if err := os.WriteFile(path, []byte("abc"), 0o644); err != nil {
			t.Fatal(err)
		}
		if b, err := s.Adopt(t.Context(), path); err != nil || b != (Blob{Hash: abc, Bytes: 3}) {
			t.Fatalf("got %v, %v", b, err)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there: %v", path, err)
		}
		kept, err := s.Path(abc)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(kept); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("got %v, %v, want mode 0600", info.Mode(), err)
		}
		if got := held(t, s); len(got) != 1 {
			t.Errorf("got %v", got)
		}
		if err := s.Delete(abc); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOnlyAHashNamesAFile(t *testing.T) {
	s := store(t)
	for _, name := range []string{"", "../../etc/passwd", strings.ToUpper(abc), abc[:63], abc + "0", strings.Repeat("/", 64), strings.Repeat(".", 64), abc} {
		if _, _, err := s.Open(name); !fault.Is(err, "blob.missing") {
			t.Errorf("%q: got %v, want blob.missing", name, err)
		}
		if s.Has(name) {
			t.Errorf("has %q", name)
		}
		if err := s.Delete(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestADamagedFileIsReplacedByAGoodCopy(t *testing.T) {
	s := store(t)
	if _, err := s.Put(t.Context(), strings.NewReader("abc"), 0); err != nil {
		t.Fatal(err)
	}
	path, err := s.Path(abc)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), strings.NewReader("abc"), 0); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(path); err != nil || string(content) != "abc" {
		t.Errorf("got %q, %v", content, err)
	}
}

func TestManyPutTheSameFileAtOnce(t *testing.T) {
	s := store(t)
	content := bytes.Repeat([]byte("0123456789"), 100_000)
	var writers sync.WaitGroup
	for range 16 {
		writers.Go(func() {
			if _, err := s.Put(t.Context(), bytes.NewReader(content), 0); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	if got := held(t, s); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

func FuzzNothingTypedBecomesAPath(f *testing.F) {
	for _, seed := range []string{abc, "..", "/etc/passwd", strings.Repeat("a", 64)} {
		f.Add(seed)
	}
	s := store(f)
	f.Fuzz(func(t *testing.T, name string) {
		if !ValidHash(name) {
			return
		}
		if inside, err := filepath.Rel(s.dir, s.pathOf(name)); err != nil || inside != filepath.Join(name[:2], name[2:4], name) {
			t.Errorf("got %q, %v", inside, err)
		}
	})
}
