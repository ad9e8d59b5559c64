package datasetdb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetdb"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/outbox"
	"cultured/internal/tabular"
)

var (
	ada  = actor.Actor{ID: "ada", Organisation: "o", Name: "Ada", Service: "parks"}
	eve  = actor.Actor{ID: "eve", Organisation: "elsewhere", Name: "Eve"}
	noon = time.Date(2026, 3, 2, 12, 0, 0, 5e6, time.UTC)
)

// rooms adds a table for the jobs of these tests.
var rooms = []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "dataset", Files: datasetdb.Migrations}}

// A house is the stores under test and what they queue.
type house struct {
	datasetdb.Datasets
	db      *db.DB
	jobs    atomic.Int64
	fetches atomic.Int64 // of which fetch a file
	refuse  error        // of Enqueue
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		if _, err := d.Exec(`CREATE TABLE test_job (id TEXT PRIMARY KEY, of_check TEXT NOT NULL)`); err != nil {
			t.Fatal(err)
		}
		h := &house{db: d}
		h.Datasets = datasetdb.Datasets{Store: &datasetdb.Store{DB: d, Now: func() time.Time { return noon }, Enqueue: h.enqueue, EnqueueFetch: h.enqueueFetch}}
		fn(t, h)
	})
}

func (h *house) enqueue(ctx context.Context, tx *sql.Tx, check dataset.CheckID) (string, error) {
	if h.refuse != nil {
		return "", h.refuse
	}
	id := "job" + strconv.FormatInt(h.jobs.Add(1), 10)
	_, err := tx.ExecContext(ctx, `INSERT INTO test_job (id, of_check) VALUES ($1, $2)`, id, check)
	return id, err
}

func (h *house) enqueueFetch(ctx context.Context, tx *sql.Tx, check dataset.CheckID) (string, error) {
	h.fetches.Add(1)
	return h.enqueue(ctx, tx, check)
}

// queued lists the jobs whose transaction was committed.
func (h *house) queued(t *testing.T) []string {
	t.Helper()
	list, err := db.Rows(t.Context(), h.db, func(row func(...any) error) (s string, err error) { return s, row(&s) }, `SELECT of_check FROM test_job ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func (h *house) verbs(t *testing.T) (verbs []string) {
	t.Helper()
	events, err := outbox.After(t.Context(), h.db, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		verbs = append(verbs, e.Verb)
	}
	return verbs
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func running(id dataset.CheckID) dataset.Check {
	return dataset.Check{ID: id, At: noon, Expires: noon.Add(time.Hour), Organisation: "o", By: "ada", ByName: "Ada", State: dataset.Running,
		Source: dataset.Source{Blob: "source-" + string(id), Name: "é «a».csv", Bytes: 7, Schema: "scdl/x", Options: tabular.Options{Separator: ";"},
			Plan: dataset.Plan{{Kind: "trim", Column: "a"}}}}
}

func outcome(id string) dataset.Outcome {
	return dataset.Outcome{Table: "table-" + id, TableBytes: 9, Findings: "findings-" + id,
		Report: dataset.Report{Rows: 3, Errors: 1, Warnings: 2, Groups: []dataset.Group{{Reason: "r", Severity: finding.Error, Column: -1}},
			Profile: dataset.Profile{Rows: 3, Columns: []dataset.ColumnProfile{{Name: "a"}}}}}
}

func first(id dataset.ID) (dataset.Dataset, dataset.Version) {
	d := dataset.Dataset{ID: id, Organisation: "o", Service: "parks", Owner: "ada", OwnerName: "Ada", Title: "Arbres", Created: noon, Modified: noon,
		Current: 1, Rows: 3, Columns: 1, Problems: 3, Dictionary: []dataset.Entry{{Name: "a", Label: "A"}}, Revision: 1}
	return d, next(id, 1)
}

func next(id dataset.ID, number int) dataset.Version {
	return dataset.Version{Dataset: id, Number: number, At: noon, By: "ada", ByName: "Ada", Why: dataset.WhyUploaded,
		Source: running("v").Source, Outcome: outcome("v" + strconv.Itoa(number))}
}

func (h *house) create(t *testing.T, id dataset.ID) {
	t.Helper()
	d, v := first(id)
	ok(t, h.Create(t.Context(), ada, d, v, ""))
}

func TestAdd_storesTheCheckAndItsJobTogether(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := running("c1")
		c.Previous = []dataset.Source{{Blob: "before", Name: "x"}}
		c.For, c.Base, c.Why = "d1", 2, dataset.WhyFixed
		job, err := h.Add(t.Context(), c)
		ok(t, err)
		got, err := h.Store.Find(t.Context(), "c1")
		ok(t, err)
		c.Job = job
		if !reflect.DeepEqual(got, c) {
			t.Errorf("got\n%+v\nwant\n%+v", got, c)
		}
		if _, err := h.Add(t.Context(), c); !db.Duplicate(err) {
			t.Errorf("the same id again: got %v", err)
		}
		h.refuse = errors.New("no queue")
		if _, err := h.Add(t.Context(), running("c2")); !errors.Is(err, h.refuse) {
			t.Errorf("got %v, want %v", err, h.refuse)
		}
		if _, err := h.Store.Find(t.Context(), "c2"); !fault.Is(err, "dataset.check_gone") || fault.KindOf(err) != fault.NotFound {
			t.Errorf("a check without a job was stored: %v", err)
		}
		if got := h.queued(t); !slices.Equal(got, []string{"c1"}) {
			t.Errorf("got jobs for %v, want c1 only", got)
		}
	})
}

func TestAgain_runsACheckAnewUnlessItRuns(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := running("c1")
		_, err := h.Add(t.Context(), c)
		ok(t, err)
		if _, err := h.Again(t.Context(), c); !fault.Is(err, "dataset.check_running") || fault.KindOf(err) != fault.Conflict {
			t.Errorf("got %v", err)
		}
		if got := h.queued(t); len(got) != 1 {
			t.Errorf("got %v queued after a refusal, want one", got)
		}
		c.State, c.Outcome = dataset.Done, outcome("1")
		ok(t, h.Finish(t.Context(), c))
		done, err := h.Store.Find(t.Context(), "c1")
		ok(t, err)
		if done.State != dataset.Done || !reflect.DeepEqual(done.Outcome, c.Outcome) || done.Fault != nil {
			t.Errorf("got %+v", done)
		}
		done.Previous, done.Source.Plan, done.Expires = []dataset.Source{done.Source}, nil, noon.Add(2*time.Hour)
		wins := atomic.Int64{}
		var wg sync.WaitGroup
		for range 8 { // somebody clicks eight times
			wg.Go(func() {
				if _, err := h.Again(t.Context(), done); err == nil {
					wins.Add(1)
				} else if !fault.Is(err, "dataset.check_running") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := h.queued(t); wins.Load() != 1 || len(got) != 2 {
			t.Errorf("got %d wins and %v queued, want one more", wins.Load(), got)
		}
		again, err := h.Store.Find(t.Context(), "c1")
		ok(t, err)
		if again.State != dataset.Running || len(again.Previous) != 1 || again.Source.Plan != nil || !again.Expires.Equal(done.Expires) || again.Outcome.Table != "table-1" {
			t.Errorf("got %+v", again)
		}
	})
}

func TestFinish_endsOnlyWhatRuns(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := running("c1")
		_, err := h.Add(t.Context(), c)
		ok(t, err)
		stopped := c
		stopped.State, stopped.Fault = dataset.Failed, fault.New(fault.Conflict, "dataset.cancelled")
		ok(t, h.Finish(t.Context(), stopped))
		late := c
		late.State, late.Outcome = dataset.Done, outcome("late")
		ok(t, h.Finish(t.Context(), late))
		ok(t, h.Finish(t.Context(), running("nobody's")))
		got, err := h.Store.Find(t.Context(), "c1")
		if err != nil || got.State != dataset.Failed || got.Outcome.Table != "" || got.Fault.Key != "dataset.cancelled" {
			t.Errorf("got %+v, %v; want it to stay stopped", got, err)
		}
	})
}

func TestFinish_keepsAFaultAsItIsSaid(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i, c := range []struct {
			in   []any
			want []any
		}{
			{nil, nil},
			{[]any{3, int64(1) << 40, uint8(2)}, []any{int64(3), int64(1) << 40, int64(2)}},
			{[]any{1.5, "3", true, ""}, []any{1.5, "3", true, ""}},
			{[]any{"ligne « 3 »\n", noon}, []any{"ligne « 3 »\n", "2026-03-02T12:00:00.005Z"}},
		} {
			check := running(dataset.CheckID(fmt.Sprint("c", i)))
			_, err := h.Add(t.Context(), check)
			ok(t, err)
			check.State = dataset.Failed
			check.Fault = &fault.Error{Kind: fault.TooLarge, Key: "tabular.x", Field: "file", Args: c.in, Err: errors.New("for the log")}
			ok(t, h.Finish(t.Context(), check))
			got, err := h.Store.Find(t.Context(), check.ID)
			want := &fault.Error{Kind: fault.TooLarge, Key: "tabular.x", Field: "file", Args: c.want}
			if err != nil || !reflect.DeepEqual(got.Fault, want) {
				t.Errorf("got %#v, %v; want %#v", got.Fault, err, want)
			}
		}
	})
}

func TestExpired_listsTheOldestAndSparesWhatRuns(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i, after := range []time.Duration{3, 1, 2, 48, -48, -2} {
			c := running(dataset.CheckID(fmt.Sprint("c", i)))
			c.Expires = noon.Add(after * time.Hour)
			_, err := h.Add(t.Context(), c)
			ok(t, err)
			if after > 0 {
				c.State = dataset.Done
				ok(t, h.Finish(t.Context(), c))
			}
		}
		for _, c := range []struct {
			name  string
			now   time.Time
			limit int
			want  []dataset.CheckID
		}{
			{"only what ran two days past its time", noon, 9, []dataset.CheckID{"c4"}},
			{"the oldest first", noon.Add(4 * time.Hour), 9, []dataset.CheckID{"c4", "c1", "c2", "c0"}},
			{"up to the limit", noon.Add(4 * time.Hour), 2, []dataset.CheckID{"c4", "c1"}},
			{"not at its very time", noon.Add(time.Hour), 9, []dataset.CheckID{"c4"}},
		} {
			got, err := h.Expired(t.Context(), c.now, c.limit)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s: got %v, %v; want %v", c.name, got, err, c.want)
			}
		}
		ok(t, h.Drop(t.Context(), "c1"))
		ok(t, h.Drop(t.Context(), "c1"))
		if _, err := h.Store.Find(t.Context(), "c1"); !fault.Is(err, "dataset.check_gone") {
			t.Errorf("got %v", err)
		}
	})
}

func TestRevive_queuesWhatWasRunning(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, id := range []dataset.CheckID{"c1", "c2", "c3"} {
			_, err := h.Add(t.Context(), running(id))
			ok(t, err)
		}
		c := running("c2")
		c.State = dataset.Done
		ok(t, h.Finish(t.Context(), c))
		if _, err := h.db.Exec(`DELETE FROM test_job`); err != nil { // as a restore leaves it
			t.Fatal(err)
		}
		n, err := h.Revive(t.Context())
		if err != nil || n != 2 || !slices.Equal(h.queued(t), []string{"c1", "c3"}) {
			t.Errorf("got %d, %v with jobs for %v", n, err, h.queued(t))
		}
		got, err := h.Store.Find(t.Context(), "c3")
		if err != nil || got.Job != "job5" {
			t.Errorf("got %q, %v; want the new job", got.Job, err)
		}
	})
}

func TestCreate_aDoubleClickMakesOneDataset(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := running("c1")
		_, err := h.Add(t.Context(), c)
		ok(t, err)
		var made, gone atomic.Int64
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				d, v := first(dataset.ID(fmt.Sprint("d", i)))
				switch err := h.Create(t.Context(), ada, d, v, "c1"); {
				case err == nil:
					made.Add(1)
				case fault.Is(err, "dataset.check_gone"):
					gone.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		all, err := h.List(t.Context(), "o")
		if err != nil || made.Load() != 1 || gone.Load() != 7 || len(all) != 1 {
			t.Errorf("got %d made, %d told so, %d in the list, %v; want 1, 7, 1", made.Load(), gone.Load(), len(all), err)
		}
		if got := h.verbs(t); !slices.Equal(got, []string{"dataset.kept"}) {
			t.Errorf("got events %v", got)
		}
		d, v := first(all[0].ID)
		if !reflect.DeepEqual(all[0], d) {
			t.Errorf("got\n%+v\nwant\n%+v", all[0], d)
		}
		got, err := h.Version(t.Context(), d.ID, 1)
		if err != nil || !reflect.DeepEqual(got, v) {
			t.Errorf("got\n%+v, %v\nwant\n%+v", got, err, v)
		}
	})
}

// What a mission gave stays an exercise whatever becomes of it.
func TestCreate_keepsWhatItIsAnExerciseOf(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		d, v := first("d1")
		d.Lesson = "/missions/M05"
		ok(t, h.Create(t.Context(), ada, d, v, ""))
		ok(t, h.AddVersion(t.Context(), ada, next("d1", 2), 1, ""))
		_, err := h.Change(t.Context(), ada, "d1", "dataset.renamed", func(d *dataset.Dataset) error { d.Title = "Vrai"; return nil })
		ok(t, err)
		if d, err = h.Find(t.Context(), "o", "d1"); err != nil || d.Lesson != "/missions/M05" || d.Current != 2 {
			t.Errorf("got %+v, %v", d, err)
		}
	})
}

func TestAddVersion_oneOfManyFromTheSameBaseWins(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.create(t, "d1")
		var won, lost atomic.Int64
		var wg sync.WaitGroup
		for i := range 8 {
			id := dataset.CheckID(fmt.Sprint("c", i))
			c := running(id)
			c.For, c.Base = "d1", 1
			_, err := h.Add(t.Context(), c)
			ok(t, err)
			wg.Go(func() {
				switch err := h.AddVersion(t.Context(), ada, next("d1", 2), 1, id); {
				case err == nil:
					won.Add(1)
				case fault.Is(err, "dataset.changed_meanwhile") && fault.KindOf(err) == fault.Conflict:
					lost.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		vs, err := h.Versions(t.Context(), "o", "d1")
		if err != nil || won.Load() != 1 || lost.Load() != 7 || len(vs) != 2 || vs[0].Number != 2 {
			t.Errorf("got %d won, %d lost, %d versions, %v", won.Load(), lost.Load(), len(vs), err)
		}
		if got := h.verbs(t); !slices.Equal(got, []string{"dataset.kept", "dataset.version_added"}) {
			t.Errorf("got events %v", got)
		}
		var left int
		if err := h.db.QueryRow(`SELECT COUNT(*) FROM dataset_check`).Scan(&left); err != nil || left != 7 {
			t.Errorf("got %d checks left (%v), want those that lost", left, err)
		}
	})
}

func TestAddVersion_keepsWhatPeopleWriteMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.create(t, "d1")
		var wg sync.WaitGroup
		for number := 2; number <= 5; number++ { // each version against one word of the dictionary
			wg.Go(func() {
				_, err := h.Change(t.Context(), ada, "d1", "dataset.described", func(d *dataset.Dataset) error {
					d.Dictionary = slices.Clone(d.Dictionary)
					d.Dictionary[0].Description += strconv.Itoa(number)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
			ok(t, h.AddVersion(t.Context(), ada, next("d1", number), number-1, ""))
		}
		wg.Wait()
		d, err := h.Find(t.Context(), "o", "d1")
		if err != nil || d.Current != 5 || len(d.Dictionary) != 1 || len(d.Dictionary[0].Description) != 4 || d.Dictionary[0].Label != "A" || d.Revision != 9 {
			t.Errorf("got %+v, %v; want four words, the label, revision 9", d, err)
		}
	})
}

func TestAddVersion_ofAStoppedCheckIsNoVersion(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.create(t, "d1")
		c := running("c1")
		c.For, c.Base = "d1", 1
		_, err := h.Add(t.Context(), c)
		ok(t, err)
		d, err := h.Find(t.Context(), "o", "d1")
		if err != nil || d.Pending == nil || d.Pending.Check != "c1" || d.Pending.State != dataset.Running || d.Pending.Job == "" {
			t.Errorf("got %+v, %v; want what is pending", d.Pending, err)
		}
		c.State, c.Fault = dataset.Failed, fault.New(fault.Conflict, "dataset.cancelled")
		ok(t, h.Finish(t.Context(), c))
		for _, from := range []dataset.CheckID{"c1", "forgotten"} {
			if err := h.AddVersion(t.Context(), ada, next("d1", 2), 1, from); !fault.Is(err, "dataset.cancelled") {
				t.Errorf("%s: got %v", from, err)
			}
		}
		d, err = h.Find(t.Context(), "o", "d1")
		if err != nil || d.Current != 1 || d.Pending.Fault.Key != "dataset.cancelled" {
			t.Errorf("got %+v, %v; want version 1 and why there is no other", d, err)
		}
		ok(t, h.AddVersion(t.Context(), ada, next("d1", 2), 1, ""))
		if d, err = h.Find(t.Context(), "o", "d1"); err != nil || d.Pending != nil {
			t.Errorf("got %+v, %v; want nothing pending on the new version", d.Pending, err)
		}
	})
}
