package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cultured/internal/account/accountdb"
	"cultured/internal/actor"
	"cultured/internal/backup"
	"cultured/internal/blob"
	"cultured/internal/catalogue/cataloguedb"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetdb"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/id"
	"cultured/internal/outbox"
)

var rooms = []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "account", Files: accountdb.Migrations},
	{Room: "dataset", Files: datasetdb.Migrations}, {Room: "catalogue", Files: cataloguedb.Migrations}}

var ada = actor.Actor{ID: "ada", Organisation: "o", Name: "Ada"}

// open opens an instance; twice the same folder and address are two processes.
func open(t *testing.T, dir, address string) backup.Instance {
	t.Helper()
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(t.Context(), rooms...); err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.OpenDisk(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	return backup.Instance{DB: d, Blobs: blobs, Temp: blobs.TempDir()}
}

func lite(t *testing.T) backup.Instance {
	dir := t.TempDir()
	return open(t, dir, filepath.Join(dir, "app.db"))
}

func datasets(i backup.Instance) datasetdb.Datasets {
	return datasetdb.Datasets{Store: &datasetdb.Store{DB: i.DB, Now: time.Now, Enqueue: func(context.Context, *sql.Tx, dataset.CheckID) (string, error) { return "job", nil }}}
}

// version stores two blobs and says they are a version.
func version(ctx context.Context, i backup.Instance, of dataset.ID, number int) (v dataset.Version, err error) {
	v = dataset.Version{Dataset: of, Number: number, At: time.Now(), By: "ada", Why: dataset.WhyKept}
	for _, name := range []*string{&v.Source.Blob, &v.Outcome.Table} {
		b, putErr := i.Blobs.Put(ctx, strings.NewReader(id.Secret()), 0)
		*name, err = b.Hash, errors.Join(err, putErr)
	}
	return v, err
}

// work is what people do meanwhile: keep, replace, and delete at once, the file with the row.
func work(ctx context.Context, i backup.Instance, round int) error {
	s := datasets(i)
	d := dataset.Dataset{ID: dataset.ID(id.New(time.Now())), Organisation: "o", Owner: "ada", Title: "t", Created: time.Now(), Modified: time.Now(), Current: 1, Revision: 1}
	first, err := version(ctx, i, d.ID, 1)
	if err != nil {
		return err
	}
	if err := s.Create(ctx, ada, d, first, ""); err != nil {
		return err
	}
	second, err := version(ctx, i, d.ID, 2)
	if err != nil {
		return err
	}
	if err := s.AddVersion(ctx, ada, second, 1, ""); err != nil || round%3 != 0 {
		return err
	}
	free, err := s.Delete(ctx, ada, d.ID, nil) // nothing to free when it is undone, by the end of ctx for one
	for _, hash := range free {
		err = errors.Join(err, i.Blobs.Delete(hash))
	}
	return err
}

// sound checks that an instance is whole: every row's parent and every row's file are there.
func sound(t *testing.T, i backup.Instance) (versions int) {
	t.Helper()
	all, err := datasets(i).List(t.Context(), "o")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		vs, err := datasets(i).Versions(t.Context(), "o", d.ID)
		if err != nil || len(vs) != d.Current {
			t.Errorf("%s: got %d versions (%v), want %d", d.ID, len(vs), err, d.Current)
		}
		for _, v := range vs {
			versions++
			for _, hash := range []string{v.Source.Blob, v.Outcome.Table} {
				if !i.Blobs.Has(hash) {
					t.Errorf("version %d of %s names %s, which is not here", v.Number, d.ID, hash)
				}
			}
		}
	}
	var rows, events, counter int
	err = i.DB.QueryRow(`SELECT (SELECT COUNT(*) FROM dataset_version), (SELECT COUNT(*) FROM outbox_event), (SELECT n FROM outbox_counter)`).
		Scan(&rows, &events, &counter)
	if err != nil || rows != versions || events != counter {
		t.Errorf("got %d versions in rows for %d in datasets; %d events counted as %d; %v", rows, versions, events, counter, err)
	}
	if i.DB.Engine == db.SQLite {
		var broken int
		if err := i.DB.QueryRow(`SELECT COUNT(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil || broken > 0 {
			t.Errorf("got %d broken foreign keys, %v", broken, err)
		}
	}
	return versions
}

func TestWrite_whilePeopleWorkGivesAWholeInstance(t *testing.T) {
	dir := t.TempDir()
	address := filepath.Join(dir, "app.db")
	server := open(t, dir, address)
	ctx, stop := context.WithCancel(t.Context())
	var workers sync.WaitGroup
	var done atomic.Int64 // pieces of work
	for range 4 {
		workers.Go(func() {
			for round := 0; ctx.Err() == nil; round++ {
				if err := work(ctx, server, round); err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	command := open(t, dir, address) // as cultured backup does, beside the server
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	var files []bytes.Buffer
	for range 3 {
		for seen, waited := done.Load(), 0; done.Load() < seen+4 && waited < 3000; waited++ {
			time.Sleep(10 * time.Millisecond) // a busy machine takes its time; each backup finds more than the one before
		}
		var file bytes.Buffer
		if err := command.Write(t.Context(), &file, backup.Manifest{At: at, Version: "1.2"}); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	stop()
	workers.Wait()
	sound(t, server)
	before := 0
	for n := range files {
		restored := lite(t)
		m, err := restored.Read(t.Context(), bytes.NewReader(files[n].Bytes()))
		if err != nil || m.Version != "1.2" || !m.At.Equal(at) {
			t.Fatalf("got %+v, %v", m, err)
		}
		versions := sound(t, restored)
		if versions <= before {
			t.Errorf("backup %d: got %d versions, want more than %d: nothing happened meanwhile", n+1, versions, before)
		}
		before = versions
		if err := work(t.Context(), restored, 0); err != nil {
			t.Errorf("the restored instance does not work: %v", err)
		}
	}
	t.Logf("%d versions in the last backup of %d kB", before, files[2].Len()>>10)
	t.Run("on PostgreSQL", func(t *testing.T) {
		other := open(t, t.TempDir(), dbtest.Postgres(t))
		if _, err := other.Read(t.Context(), bytes.NewReader(files[2].Bytes())); err != nil {
			t.Fatal(err)
		}
		if got := sound(t, other); got != before {
			t.Errorf("got %d versions, want %d", got, before)
		}
	})
}

// sample is a backup of a small instance.
func sample(t *testing.T) []byte {
	t.Helper()
	i := lite(t)
	for round := range 3 {
		if err := work(t.Context(), i, round+1); err != nil {
			t.Fatal(err)
		}
	}
	var file bytes.Buffer
	if err := i.Write(t.Context(), &file, backup.Manifest{At: time.Now(), Version: "1.2"}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// rewritten unpacks a backup and packs what change makes of its entries.
func rewritten(t *testing.T, file []byte, change func(name string, content []byte) (string, []byte)) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	packed := gzip.NewWriter(&out)
	to := tar.NewWriter(packed)
	for from := tar.NewReader(z); ; {
		h, err := from.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		name, content := change(h.Name, content)
		if name == "" {
			continue
		}
		if err := to.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(to.Close(), packed.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRead_refusesWhatIsNotAWholeBackupAndLeavesNothing(t *testing.T) {
	good := sample(t)
	flipped := bytes.Clone(good)
	flipped[len(flipped)-6] ^= 1 // in the checksum, behind the last byte of content
	type file struct {
		name, want string
		content    []byte
	}
	files := []file{
		{"nothing", "backup.broken", nil},
		{"a text", "backup.broken", []byte("commune;population\n")},
		{"a wrong checksum", "backup.broken", flipped},
		{"something behind it", "backup.broken", append(bytes.Clone(good), "more"...)},
		{"without tables", "backup.broken", rewritten(t, good, func(name string, c []byte) (string, []byte) {
			return strings.TrimSuffix(name, "tables.ndjson"), c
		})},
		{"without a manifest", "backup.broken", rewritten(t, good, func(name string, c []byte) (string, []byte) {
			return strings.TrimSuffix(name, "manifest.json"), c
		})},
		{"a changed blob", "backup.broken", rewritten(t, good, func(name string, c []byte) (string, []byte) {
			if strings.HasPrefix(name, "blobs/") {
				c[0] ^= 1
			}
			return name, c
		})},
		{"a path that leaves the folder", "backup.broken", rewritten(t, good, func(name string, c []byte) (string, []byte) {
			return strings.Replace(name, "blobs/", "blobs/../../", 1), c
		})},
		{"tables cut in a line", "backup.broken", rewritten(t, good, func(name string, c []byte) (string, []byte) {
			if name == "tables.ndjson" {
				c = c[:len(c)-9]
			}
			return name, c
		})},
		{"a newer layout", "backup.newer", rewritten(t, good, func(name string, c []byte) (string, []byte) {
			return name, bytes.Replace(c, []byte(`"format":1`), []byte(`"format":2`), 1)
		})},
		{"tables of a newer version", "backup.newer", rewritten(t, good, func(name string, c []byte) (string, []byte) {
			if name == "tables.ndjson" {
				c = append(c, `{"table":"workshop_card","columns":["id"]}`...)
			}
			return name, c
		})},
	}
	for cut := 1; cut < len(good); cut += max(1, len(good)/12) {
		files = append(files, file{fmt.Sprintf("cut after %d of %d bytes", cut, len(good)), "backup.broken", good[:cut]})
	}
	files = append(files, file{"without its last byte", "backup.broken", good[:len(good)-1]})
	i := lite(t)
	for _, f := range files {
		_, err := i.Read(t.Context(), bytes.NewReader(f.content))
		if !fault.Is(err, f.want) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: got %v, want %s", f.name, err, f.want)
		}
		if got := sound(t, i); got != 0 {
			t.Errorf("%s: got %d versions in the tables, want none", f.name, got)
		}
		for b, err := range i.Blobs.List(t.Context()) {
			t.Errorf("%s: %s is left (%v)", f.name, b.Hash, err)
		}
	}
	if _, err := i.Read(t.Context(), bytes.NewReader(good)); err != nil { // refusals did no harm
		t.Fatal(err)
	}
	if got := sound(t, i); got != 4 {
		t.Errorf("got %d versions, want 4", got)
	}
}

func TestWrite_leavesNoFileBehindAndSaysWhatIsInside(t *testing.T) {
	i := lite(t)
	if err := work(t.Context(), i, 1); err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	if err := i.Write(t.Context(), failing{full}, backup.Manifest{}); !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
	var file bytes.Buffer
	if err := i.Write(t.Context(), &file, backup.Manifest{Version: "1.2"}); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(i.Temp, "*")); err != nil || len(left) > 0 {
		t.Errorf("got %v, %v left in the temporary folder", left, err)
	}
	var names []string
	rewritten(t, file.Bytes(), func(name string, c []byte) (string, []byte) {
		names = append(names, name)
		var m backup.Manifest
		if name == "manifest.json" && (json.Unmarshal(c, &m) != nil || m.Format != 1 || m.Version != "1.2") {
			t.Errorf("got %s", c)
		}
		return name, c
	})
	if len(names) != 6 || names[0] != "manifest.json" || names[5] != "tables.ndjson" {
		t.Errorf("got %v, want the manifest, four blobs, the tables", names)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := i.Write(ctx, io.Discard, backup.Manifest{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want cancelled", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
