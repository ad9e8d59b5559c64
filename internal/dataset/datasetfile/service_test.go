package datasetfile_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"cultured/internal/actor"
	"cultured/internal/blob"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetdb"
	"cultured/internal/dataset/datasetfile"
	"cultured/internal/db"
	"cultured/internal/duck"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

var (
	ada    = actor.Actor{ID: "ada", Organisation: "o", Service: "parks", Name: "Ada"}
	nobody actor.Actor
)

// A house is the room on real files: a database, a folder of blobs, the engine.
type house struct {
	*dataset.Service
	db    *db.DB
	blobs *blob.Disk
	now   time.Time
}

func build(t testing.TB) *house {
	t.Helper()
	dir := t.TempDir()
	d, err := db.Open(t.Context(), filepath.Join(dir, "app.db"))
	ok(t, err)
	t.Cleanup(func() { _ = d.Close() })
	ok(t, d.Migrate(t.Context(), db.Migration{Room: "outbox", Files: outbox.Migrations}, db.Migration{Room: "dataset", Files: datasetdb.Migrations}))
	blobs, err := blob.OpenDisk(filepath.Join(dir, "files"))
	ok(t, err)
	engine, err := duck.Open(duck.Settings{MemoryMB: 128, TempDir: blobs.TempDir(), Dirs: []string{filepath.Join(dir, "files")}})
	ok(t, err)
	t.Cleanup(func() { _ = engine.Close() })
	h := &house{db: d, blobs: blobs, now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}
	store := &datasetdb.Store{DB: d, Now: h.clock, Enqueue: func(context.Context, *sql.Tx, dataset.CheckID) (string, error) { return "job", nil },
		EnqueueFetch: func(context.Context, *sql.Tx, dataset.CheckID) (string, error) { return "fetch", nil }}
	shelf := &datasetfile.Shelf{Blobs: blobs, Duck: engine, Temp: blobs.TempDir(), Limit: 256 << 20}
	h.Service = &dataset.Service{Checks: store, Packages: store, Datasets: datasetdb.Datasets{Store: store}, Graves: datasetdb.Datasets{Store: store}, Shelf: shelf, Tables: shelf,
		Subscriptions: datasetdb.Subscriptions{Store: store}, Mappings: datasetdb.Mappings{Store: store},
		Schema: func(string) (*schema.Schema, error) { return nil, fault.New(fault.NotFound, "schema.unknown") },
		Shared: func(context.Context, actor.Actor, dataset.ID) bool { return false },
		Now:    h.clock, KeepFor: 24 * time.Hour, ReadTime: time.Minute}
	return h
}

func (h *house) clock() time.Time { return h.now }

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func quiet(int64, int64, string) {}

// held lists the blobs in the store, and checks that nothing unfinished lies about.
func (h *house) held(t testing.TB) (hashes []string) {
	t.Helper()
	for b, err := range h.blobs.List(t.Context()) {
		ok(t, err)
		hashes = append(hashes, b.Hash)
	}
	if left, err := filepath.Glob(filepath.Join(h.blobs.TempDir(), "*")); err != nil || len(left) > 0 {
		t.Errorf("unfinished files %v, %v", left, err)
	}
	return hashes
}

func (h *house) count(t testing.TB, table string) (n int) {
	t.Helper()
	ok(t, h.db.QueryRow(`SELECT COUNT(*) FROM `+table).Scan(&n))
	return n
}

// examined submits a file and runs its examination.
func (h *house) examined(t testing.TB, by actor.Actor, content, name string) dataset.Check {
	t.Helper()
	c, err := h.Submit(t.Context(), by, dataset.SubmitForm{Body: strings.NewReader(content), Name: name})
	ok(t, err)
	return h.ran(t, by, c.ID)
}

func (h *house) ran(t testing.TB, by actor.Actor, id dataset.CheckID) dataset.Check {
	t.Helper()
	ok(t, h.Run(t.Context(), id, quiet))
	c, err := h.Check(t.Context(), by, id)
	ok(t, err)
	return c
}

// rows reads a whole table as text, the number of each row first.
func (h *house) rows(t testing.TB, o dataset.Outcome) (out [][]any) {
	t.Helper()
	q := dataset.Query{Limit: 2} // pages of two, to turn them
	for {
		page, err := h.Rows(t.Context(), o, q)
		ok(t, err)
		for _, r := range page.Rows {
			out = append(out, append([]any{r.Number}, r.Cells...))
		}
		if page.Next == "" {
			return out
		}
		q.After = page.Next
	}
}

const trees = "code_insee;Essence ;hauteur;plantation;remarque;siret\n" +
	"01004; Tilleul ;12,5;25/12/2024;=1+1;12345678901234\n" +
	"14118;Chêne;9,0;01/02/2023;\"dit \"\"le gros\"\"; beau\";99999999999999\n" +
	"59009;Érable;;2022-06-30;  ;12345678901234\n" +
	"75056;Tilleul;7,25;14/07/2021;-5;12345678901234\n"

func TestAFileIsCheckedKeptAndReadBack(t *testing.T) {
	h := build(t)
	c := h.examined(t, nobody, trees, `C:\Bureau\arbres_2024.csv`)
	if c.State != dataset.Done || c.Source.Name != "arbres_2024.csv" || c.Outcome.Report.Rows != 4 || c.Outcome.Findings == "" {
		t.Fatalf("got %q of %q: %+v, fault %v", c.State, c.Source.Name, c.Outcome.Report, c.Fault)
	}
	if _, err := h.Keep(t.Context(), nobody, c.ID); fault.KindOf(err) != fault.SignIn {
		t.Errorf("got %v", err)
	}
	d, err := h.Keep(t.Context(), ada, c.ID)
	ok(t, err)
	if d.Title != "arbres 2024" || d.Rows != 4 || d.Columns != 6 || d.Current != 1 || len(d.Dictionary) != 6 {
		t.Errorf("got %+v", d)
	}
	if _, err := h.Keep(t.Context(), ada, c.ID); !fault.Is(err, "dataset.check_gone") {
		t.Errorf("kept twice: got %v", err)
	}
	_, v, err := h.Current(t.Context(), ada, d.ID)
	ok(t, err)
	file, err := h.Original(v.Source)
	ok(t, err)
	raw := make([]byte, file.Size())
	_, err = file.ReadAt(raw, 0)
	if ok(t, file.Close()); err != nil && !errors.Is(err, io.EOF) || string(raw) != trees {
		t.Errorf("the original is not what came: %q, %v", raw, err)
	}
	got := h.rows(t, v.Outcome)
	if len(got) != 4 || got[0][0] != int64(2) || got[0][1] != "01004" || got[3][6] == nil {
		t.Errorf("got %v", got)
	}
	if len(h.held(t)) != 3 || h.count(t, "dataset_check") != 0 {
		t.Errorf("got %v and %d checks; want the file, its table, its findings", h.held(t), h.count(t, "dataset_check"))
	}
	h.asks(t, v.Outcome)
	h.exports(t, v.Outcome)
}

// asks tries filters, order, groups and findings.
func (h *house) asks(t *testing.T, o dataset.Outcome) {
	t.Helper()
	name := o.Report.Profile.Columns[1].Name
	page, err := h.Rows(t.Context(), o, dataset.Query{Columns: []string{"code_insee", "hauteur"}, Where: []dataset.Filter{{Column: "hauteur", Op: dataset.Greater, Values: []string{"8"}}},
		Order: []dataset.Order{{Column: "hauteur", Descending: true}}, Count: true, Limit: 10})
	ok(t, err)
	want := []dataset.PageRow{{Number: 2, Cells: []any{"01004", 12.5}}, {Number: 3, Cells: []any{"14118", 9.0}}}
	if page.Total != 2 || !reflect.DeepEqual(page.Rows, want) {
		t.Errorf("got %+v of %d, want %+v", page.Rows, page.Total, want)
	}
	for _, c := range []struct {
		name string
		q    dataset.Query
		key  string
	}{
		{"no such column", dataset.Query{Columns: []string{"x"}}, "duck.unknown_column"},
		{"a word where a number is asked", dataset.Query{Where: []dataset.Filter{{Column: "hauteur", Op: dataset.Equal, Values: []string{"haut"}}}}, "duck.bad_value"},
		{"a cursor that is none", dataset.Query{After: "!"}, "dataset.bad_cursor"},
		{"a cursor of something else", dataset.Query{After: "eyJhIjoxfQ"}, "dataset.bad_cursor"},
	} {
		if _, err := h.Rows(t.Context(), o, c.q); !fault.Is(err, c.key) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: got %v, want %s", c.name, err, c.key)
		}
	}
	groups, err := h.Aggregate(t.Context(), o, dataset.Aggregation{Group: []string{"plantation"}, Measures: []dataset.Measure{{Fn: dataset.Count}, {Fn: dataset.Maximum, Column: "hauteur"}}, Limit: 10})
	if err != nil || len(groups.Rows) != 4 || len(groups.Columns) != 3 {
		t.Errorf("got %+v, %v", groups, err)
	}
	if page, err = h.Rows(t.Context(), o, dataset.Query{Where: []dataset.Filter{{Column: name, Op: dataset.Contains, Values: []string{"erable"}}}, From: 3}); err != nil || len(page.Rows) != 1 || page.Rows[0].Number != 4 {
		t.Errorf("got %+v, %v; want the maple, accents forgotten", page.Rows, err)
	}
	found, err := h.Findings(t.Context(), o, dataset.FindingQuery{})
	ok(t, err)
	counted := 0
	for _, g := range o.Report.Groups {
		counted += g.Count
		some, err := h.Findings(t.Context(), o, dataset.FindingQuery{Reason: g.Reason, Field: g.Field})
		if err != nil || len(some) != g.Count && g.Field != "" {
			t.Errorf("%s of %q: got %d findings, %v; the report says %d", g.Reason, g.Field, len(some), err, g.Count)
		}
	}
	if len(found) == 0 || len(found) != counted {
		t.Errorf("got %d findings, the report says %d", len(found), counted)
	}
	one, err := h.Findings(t.Context(), o, dataset.FindingQuery{Skip: 1, Limit: 1})
	if err != nil || len(one) != 1 || !reflect.DeepEqual(one[0], found[1]) {
		t.Errorf("got %+v, %v; want %+v", one, err, found[1])
	}
}

// exports writes a table in every format and reads it again.
func (h *house) exports(t *testing.T, o dataset.Outcome) {
	t.Helper()
	want := h.rows(t, o)
	for _, f := range dataset.Formats() {
		var out bytes.Buffer
		ok(t, h.Export(t.Context(), o, f, &out))
		var got [][]string
		switch f {
		case dataset.CSV, dataset.XLSX, dataset.ODS:
			table, err := tabular.Open(bytes.NewReader(out.Bytes()), int64(out.Len()), "t."+string(f), tabular.Options{})
			ok(t, err)
			for {
				row, err := table.Next()
				if err == io.EOF {
					break
				}
				ok(t, err)
				got = append(got, slices.Clone(row.Cells))
			}
		case dataset.JSON:
			var list []map[string]any
			ok(t, json.Unmarshal(out.Bytes(), &list))
			if len(list) != 4 || list[0]["code_insee"] != "01004" || list[0]["hauteur"] != 12.5 || list[2]["hauteur"] != nil {
				t.Errorf("json: got %v", list)
			}
			continue
		case dataset.Parquet:
			b, err := h.blobs.Put(t.Context(), &out, 0)
			ok(t, err)
			page, err := h.Rows(t.Context(), dataset.Outcome{Table: b.Hash}, dataset.Query{Limit: 10})
			if err == nil && len(page.Rows) != 4 {
				t.Errorf("parquet: got %d rows", len(page.Rows))
			}
			ok(t, h.blobs.Delete(b.Hash))
			continue
		}
		if len(got) != len(want) {
			t.Fatalf("%s: got %d rows, want %d", f, len(got), len(want))
		}
		for i := range got {
			for j, cell := range got[i] {
				plain := dataset.Plain(o.Report.Profile.Columns[j].Storage, want[i][j+1])
				if f == dataset.CSV {
					plain = strings.TrimSpace(tabular.CSVCell(plain)) // a formula is made harmless
				}
				if strings.TrimSpace(cell) != strings.TrimSpace(plain) && !(f == dataset.CSV && strings.Trim(cell, "' ") == strings.Trim(plain, "' ")) {
					t.Errorf("%s, row %d, column %d: got %q, want %q", f, i+1, j+1, cell, plain)
				}
			}
		}
		if f == dataset.CSV && strings.Contains(out.String(), ",=1+1") {
			t.Errorf("csv: a formula would run: %s", out.String())
		}
	}
}

func mend(c dataset.Outcome) func(*dataset.Source) error {
	return func(s *dataset.Source) error { s.Plan = c.Report.SafeFixes(); return nil }
}

func TestSafeFixesAreUndoneToTheVeryFirstTable(t *testing.T) {
	h := build(t)
	c := h.examined(t, ada, trees, "arbres.csv")
	before, first := h.rows(t, c.Outcome), c.Outcome
	_, err := h.Change(t.Context(), ada, c.ID, mend(c.Outcome))
	ok(t, err)
	if _, err := h.Change(t.Context(), ada, c.ID, mend(c.Outcome)); !fault.Is(err, "dataset.check_running") {
		t.Errorf("while it runs: got %v", err)
	}
	mended := h.ran(t, ada, c.ID)
	after := h.rows(t, mended.Outcome)
	if mended.Outcome.Report.Problems() >= first.Report.Problems() || reflect.DeepEqual(after, before) {
		t.Errorf("got %d problems after %d, rows %v", mended.Outcome.Report.Problems(), first.Report.Problems(), after)
	}
	if len(h.held(t)) > 3 {
		t.Errorf("the first table is kept for nothing: %v", h.held(t))
	}
	_, err = h.Undo(t.Context(), ada, c.ID)
	ok(t, err)
	undone := h.ran(t, ada, c.ID)
	if got := h.rows(t, undone.Outcome); !reflect.DeepEqual(got, before) || !reflect.DeepEqual(undone.Outcome.Report, first.Report) {
		t.Errorf("got\n%v\nwant\n%v", got, before)
	}
	if _, err := h.Undo(t.Context(), ada, c.ID); !fault.Is(err, "dataset.nothing_to_undo") {
		t.Errorf("got %v", err)
	}
	ok(t, h.Forget(t.Context(), ada, c.ID))
	if got := h.held(t); len(got) > 0 {
		t.Errorf("got %v after it was forgotten", got)
	}
}

func TestADatasetIsMendedReplacedRestoredAndDeleted(t *testing.T) {
	h := build(t)
	d, err := h.Keep(t.Context(), ada, h.examined(t, ada, trees, "arbres.csv").ID)
	ok(t, err)
	_, v1, err := h.Current(t.Context(), ada, d.ID)
	ok(t, err)
	before := h.rows(t, v1.Outcome)
	c, err := h.Revise(t.Context(), ada, d.ID, dataset.WhyFixed, mend(v1.Outcome))
	ok(t, err)
	if _, err := h.Revise(t.Context(), ada, d.ID, dataset.WhyFixed, mend(v1.Outcome)); !fault.Is(err, "dataset.change_pending") {
		t.Errorf("a second change: got %v", err)
	}
	if _, err := h.Submit(t.Context(), ada, dataset.SubmitForm{Body: strings.NewReader("a;b\n1;2\n"), Name: "x.csv", Of: d.ID}); !fault.Is(err, "dataset.change_pending") {
		t.Errorf("another file: got %v", err)
	}
	ok(t, h.Run(t.Context(), c.ID, quiet))
	c, err = h.Submit(t.Context(), ada, dataset.SubmitForm{Body: strings.NewReader("code_insee;hauteur\n01004;1\n"), Name: "court.csv", Of: d.ID})
	ok(t, err)
	ok(t, h.Run(t.Context(), c.ID, quiet))
	ok(t, h.Restore(t.Context(), ada, d.ID, 1))
	d, vs, err := h.Versions(t.Context(), ada, d.ID)
	ok(t, err)
	var why []string
	for _, v := range vs {
		why = append(why, v.Why)
	}
	if want := []string{dataset.WhyRestored, dataset.WhyUploaded, dataset.WhyFixed, dataset.WhyKept}; !slices.Equal(why, want) || d.Current != 4 || d.Rows != 4 {
		t.Errorf("got %v at %d, want %v", why, d.Current, want)
	}
	for i, rows := range map[int]int{0: 4, 1: 1, 2: 4, 3: 4} {
		if got := h.rows(t, vs[i].Outcome); len(got) != rows || i != 1 && i != 2 && !reflect.DeepEqual(got, before) {
			t.Errorf("version %d: got %v", vs[i].Number, got)
		}
	}
	for range 2 { // the second is given from memory
		for _, want := range vs {
			if got, err := h.Version(t.Context(), d.ID, want.Number); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("version %d: got %+v, %v", want.Number, got, err)
			}
		}
	}
	c, err = h.Submit(t.Context(), ada, dataset.SubmitForm{Body: strings.NewReader("\x00\x01\x02\x03binary"), Name: "faux.csv", Of: d.ID})
	ok(t, err)
	ok(t, h.Run(t.Context(), c.ID, quiet))
	if d, err = h.Find(t.Context(), ada, d.ID); err != nil || d.Current != 4 || d.Pending == nil || d.Pending.Fault == nil {
		t.Errorf("a bad file: got %+v, %v; want version 4 and why there is no fifth", d, err)
	}
	if err := h.Delete(t.Context(), ada, d.ID, "something else"); !fault.Is(err, "dataset.delete_title") {
		t.Errorf("got %v", err)
	}
	ok(t, h.Delete(t.Context(), ada, d.ID, " "+d.Title))
	if _, err := h.Version(t.Context(), d.ID, 1); !fault.Is(err, "dataset.not_found") {
		t.Errorf("a version of what was deleted: got %v", err)
	}
	if got := h.held(t); len(got) > 0 || h.count(t, "dataset_check")+h.count(t, "dataset_version") > 0 {
		t.Errorf("got %v left", got)
	}
}

func TestExpire_leavesWhatThePublicSees(t *testing.T) {
	h := build(t)
	c := h.examined(t, ada, trees, "arbres.csv")
	d, err := h.Keep(t.Context(), ada, c.ID)
	ok(t, err)
	public := true
	h.Public = func(context.Context, dataset.ID) bool { return public }
	if done, err := h.Expire(t.Context(), "o", d.ID, "2026-03-01", "règle"); done || err != nil {
		t.Errorf("what the public sees: got %t, %v", done, err)
	}
	public = false
	if _, err := h.Expire(t.Context(), "elsewhere", d.ID, "2026-03-01", "règle"); !fault.Is(err, "dataset.not_found") {
		t.Errorf("another organisation: got %v", err)
	}
	if done, err := h.Expire(t.Context(), "o", d.ID, "2026-03-01", "règle"); !done || err != nil {
		t.Errorf("got %t, %v", done, err)
	}
	var detail string
	ok(t, h.db.QueryRow(`SELECT detail FROM outbox_event WHERE verb = 'dataset.deleted'`).Scan(&detail))
	if !strings.Contains(detail, `"until":"2026-03-01"`) || !strings.Contains(detail, `"rows":4`) || strings.Contains(detail, "01004") {
		t.Errorf("its trace is %s", detail)
	}
	if got := h.held(t); len(got) > 0 {
		t.Errorf("got %v left", got)
	}
}

func TestACutUploadLeavesNothing(t *testing.T) {
	h := build(t)
	cut := errors.New("the connection was closed")
	if _, err := h.Submit(t.Context(), ada, dataset.SubmitForm{Body: io.MultiReader(strings.NewReader(trees), iotest.ErrReader(cut)), Name: "a.csv"}); !errors.Is(err, cut) {
		t.Errorf("got %v", err)
	}
	if _, err := h.Submit(t.Context(), ada, dataset.SubmitForm{Body: strings.NewReader(trees), Name: ""}); !fault.Is(err, "dataset.no_file") {
		t.Errorf("got %v", err)
	}
	h.Shelf.(*datasetfile.Shelf).Limit = 10
	if _, err := h.Submit(t.Context(), ada, dataset.SubmitForm{Body: strings.NewReader(trees), Name: "a.csv"}); !fault.Is(err, "blob.too_large") {
		t.Errorf("got %v", err)
	}
	h.Shelf.(*datasetfile.Shelf).Limit = 0
	h.Checks.(*datasetdb.Store).Enqueue = func(context.Context, *sql.Tx, dataset.CheckID) (string, error) { return "", cut }
	if _, err := h.Submit(t.Context(), ada, dataset.SubmitForm{Body: strings.NewReader(trees), Name: "a.csv"}); !errors.Is(err, cut) {
		t.Errorf("no queue: got %v", err)
	}
	if got := h.held(t); len(got) > 0 || h.count(t, "dataset_check") > 0 {
		t.Errorf("got %v and %d checks", got, h.count(t, "dataset_check"))
	}
}

func TestACrashLeavesTheCheckRunningAndNoHalfVersion(t *testing.T) {
	h := build(t)
	d, err := h.Keep(t.Context(), ada, h.examined(t, ada, trees, "arbres.csv").ID)
	ok(t, err)
	before := h.held(t)
	long := "n;texte;date\n" + strings.Repeat("1; été ;25/12/2024\n", 30_000)
	c, err := h.Submit(t.Context(), ada, dataset.SubmitForm{Body: strings.NewReader(long), Name: "long.csv", Of: d.ID})
	ok(t, err)
	for _, step := range []string{"dataset.step_examine", "dataset.step_write"} {
		ctx, crash := context.WithCancel(t.Context())
		err := h.Run(ctx, c.ID, func(_, _ int64, note string) {
			if note == step {
				crash()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", step, err)
		}
		now, findErr := h.Find(t.Context(), ada, d.ID)
		if findErr != nil || now.Current != 1 || now.Pending == nil || now.Pending.State != dataset.Running || h.count(t, "dataset_version") != 1 {
			t.Errorf("%s: got %+v, %v", step, now, findErr)
		}
		if got := h.held(t); len(got) != len(before)+1 {
			t.Errorf("%s: got %v, want what was there and the upload", step, got)
		}
	}
	ok(t, h.Run(t.Context(), c.ID, quiet)) // the queue takes it up again
	ok(t, h.Run(t.Context(), c.ID, quiet)) // and once too often
	if d, err = h.Find(t.Context(), ada, d.ID); err != nil || d.Current != 2 || d.Rows != 30_000 || d.Pending != nil {
		t.Errorf("got %+v, %v", d, err)
	}
}

func TestWhatIsStoppedOrForgottenWhileItRunsLeavesNothing(t *testing.T) {
	h := build(t)
	for name, end := range map[string]func(dataset.CheckID) error{
		"stopped":   func(id dataset.CheckID) error { return h.Stop(t.Context(), ada, id) },
		"forgotten": func(id dataset.CheckID) error { return h.Forget(t.Context(), ada, id) },
	} {
		c, err := h.Submit(t.Context(), ada, dataset.SubmitForm{Body: strings.NewReader(trees), Name: "a.csv"})
		ok(t, err)
		ended := false
		err = h.Run(t.Context(), c.ID, func(_, _ int64, note string) { // the answer to cancel comes too late
			if note == "dataset.step_write" && !ended {
				ended = true
				ok(t, end(c.ID))
			}
		})
		if name == "stopped" {
			ok(t, err)
			got, err := h.Check(t.Context(), ada, c.ID)
			if err != nil || got.State != dataset.Failed || got.Fault.Key != "dataset.cancelled" || got.Outcome.Table != "" {
				t.Errorf("got %+v, %v", got, err)
			}
			ok(t, h.Forget(t.Context(), ada, c.ID))
		}
		if got := h.held(t); len(got) > 0 || h.count(t, "dataset_check") > 0 {
			t.Errorf("%s: got %v and %d checks", name, got, h.count(t, "dataset_check"))
		}
	}
}

func TestSweepForgetsWhatIsPastItsTimeAndNothingElse(t *testing.T) {
	h := build(t)
	d, err := h.Keep(t.Context(), ada, h.examined(t, ada, trees, "arbres.csv").ID)
	ok(t, err)
	kept := h.held(t)
	same := h.examined(t, nobody, trees, "les_memes.csv") // the same bytes as the version's
	h.examined(t, nobody, "a;b\n 1 ;2\n", "autre.csv")
	h.now = h.now.Add(12 * time.Hour)
	young := h.examined(t, nobody, "x;y\n3;4\n", "recent.csv")
	h.now = h.now.Add(13 * time.Hour)
	if _, err := h.Check(t.Context(), nobody, same.ID); !fault.Is(err, "dataset.check_gone") {
		t.Errorf("past its time: got %v", err)
	}
	ok(t, h.Sweep(t.Context()))
	if n := h.count(t, "dataset_check"); n != 1 {
		t.Errorf("got %d checks, want the young one", n)
	}
	left := h.held(t)
	for _, hash := range append(kept, young.Source.Blob, young.Outcome.Table) {
		if !slices.Contains(left, hash) {
			t.Errorf("%s was deleted, and is in use", hash)
		}
	}
	if len(left) != len(kept)+2 {
		t.Errorf("got %v, want %v and the young check's", left, kept)
	}
	if _, v, err := h.Current(t.Context(), ada, d.ID); err != nil || len(h.rows(t, v.Outcome)) != 4 {
		t.Errorf("the dataset is harmed: %v", err)
	}
	if _, err := os.Stat(h.blobs.TempDir()); err != nil {
		t.Error(err)
	}
}

func TestCollectDiscardsWhatACrashLeftAndNothingElse(t *testing.T) {
	h := build(t)
	d, err := h.Keep(t.Context(), ada, h.examined(t, ada, trees, "arbres.csv").ID)
	ok(t, err)
	h.examined(t, nobody, "a;b\n 1 ;2\n", "autre.csv")
	inUse := h.held(t)
	left, err := h.blobs.Put(t.Context(), strings.NewReader("received, and never named"), 0)
	ok(t, err)
	young, err := h.blobs.Put(t.Context(), strings.NewReader("about to be named"), 0)
	ok(t, err)
	for _, hash := range append(h.held(t), young.Hash) {
		path, err := h.blobs.Path(hash)
		ok(t, err)
		stored := h.now.Add(-25 * time.Hour)
		if hash == young.Hash {
			stored = h.now.Add(-23 * time.Hour)
		}
		ok(t, os.Chtimes(path, stored, stored))
	}
	ok(t, h.Collect(t.Context()))
	if got, want := h.held(t), append(inUse, young.Hash); h.blobs.Has(left.Hash) || !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, v, err := h.Current(t.Context(), ada, d.ID); err != nil || len(h.rows(t, v.Outcome)) != 4 {
		t.Errorf("the dataset is harmed: %v", err)
	}
	h.now = h.now.Add(2 * time.Hour)
	ok(t, h.Collect(t.Context()))
	if h.blobs.Has(young.Hash) {
		t.Error("what nothing named for a day is still there")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.Collect(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestAFileIsHandedInWithItsSchema(t *testing.T) {
	h := build(t)
	form := dataset.SubmitForm{Body: strings.NewReader(trees), Name: "arbres.csv", Schema: "nobody/none"}
	_, err := h.Submit(t.Context(), ada, form)
	if f, is := errors.AsType[*fault.Error](err); !is || f.Key != "schema.unknown" || f.Field != "schema" || len(h.held(t)) != 0 {
		t.Errorf("got %v and %v, want a fault of the field and nothing kept", err, h.held(t))
	}
	arbres, _, err := schema.Parse([]byte(`{"name": "arbres", "fields": [{"name": "code_insee", "type": "string"}, {"name": "absente", "type": "string"}]}`))
	ok(t, err)
	h.Schema = func(string) (*schema.Schema, error) { return &arbres, nil }
	form.Schema = "arbres"
	c, err := h.Submit(t.Context(), ada, form)
	ok(t, err)
	if c = h.ran(t, ada, c.ID); !c.Outcome.Report.Checked || c.Source.Schema != "arbres" || len(c.Previous) != 0 {
		t.Errorf("got %+v, want it examined with its schema, once", c)
	}
}

func TestVisitorsShareABoundedRoom(t *testing.T) {
	h := build(t)
	ctx := context.Background()
	h.Room = 10
	form := func() dataset.SubmitForm {
		return dataset.SubmitForm{Body: strings.NewReader("a;b\n1;2\n3;4\n"), Name: "a.csv"}
	}
	first, err := h.Submit(ctx, actor.Actor{}, form())
	ok(t, err)
	if _, err := h.Submit(ctx, actor.Actor{}, form()); !fault.Is(err, "dataset.no_room") {
		t.Errorf("a second visitor: got %v, want dataset.no_room", err)
	}
	if _, err := h.Submit(ctx, actor.Actor{ID: "ada", Organisation: "o"}, form()); err != nil {
		t.Errorf("somebody signed in: got %v", err)
	}
	ok(t, h.Forget(ctx, actor.Actor{}, first.ID))
	if _, err := h.Submit(ctx, actor.Actor{}, form()); err != nil {
		t.Errorf("once there is room again: got %v", err)
	}
}
