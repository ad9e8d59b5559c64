package job_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/job"
)

var rooms = []db.Migration{{Room: "job", Files: job.Migrations}}

// open gives a queue on the database, not started.
func open(t testing.TB, d *db.DB) *job.Queue {
	t.Helper()
	settings := job.Settings{Driver: "sqlite", DSN: db.SQLiteDSN(d.URL)}
	if d.Engine == db.Postgres {
		settings = job.Settings{Driver: "pgx", DSN: d.URL}
	}
	q, err := job.Open(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func start(t testing.TB, q *job.Queue) {
	t.Helper()
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := q.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

func enqueue(t testing.TB, q *job.Queue, kind string, payload any) string {
	t.Helper()
	jobID, err := q.Enqueue(t.Context(), nil, kind, payload)
	if err != nil {
		t.Fatal(err)
	}
	return jobID
}

// wait waits for the end of a job and checks its state.
func wait(t testing.TB, q *job.Queue, jobID string, want job.State) job.Status {
	t.Helper()
	got, err := q.Wait(t.Context(), jobID, 20*time.Second)
	if err != nil || got.State != want {
		t.Fatalf("got %+v, %v, want %s", got, err, want)
	}
	return got
}

func TestAJobRunsAndTellsItsProgress(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		q := open(t, d)
		half := make(chan struct{})
		q.Register("t.count", job.Light, func(ctx context.Context, task job.Task) error {
			var n int64
			if err := task.Decode(&n); err != nil {
				return err
			}
			task.Progress(n/2, n, "t.counting")
			<-half
			task.Progress(n, n, "t.ending")
			return nil
		})
		start(t, q)
		asked := time.Now()
		jobID := enqueue(t, q, "t.count", 10)
		for {
			s, err := q.Status(t.Context(), jobID)
			if err != nil || time.Since(asked) > 10*time.Second {
				t.Fatalf("got %+v, %v", s, err)
			}
			if s.Done == 5 {
				if s.State != job.Running || s.Total != 10 || s.Note != "t.counting" || s.Kind != "t.count" {
					t.Errorf("got %+v", s)
				}
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		close(half)
		s := wait(t, q, jobID, job.Done)
		if s.Done != 10 || s.Note != "t.ending" || s.Started.Before(s.Created) || s.Finished.Before(s.Started) || s.Fault != nil {
			t.Errorf("got %+v", s)
		}
		if took := s.Started.Sub(s.Created); took > time.Second {
			t.Errorf("taken up after %v", took)
		}
	})
}

func TestAJobExistsOnlyIfItsTransactionCommits(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		q := open(t, d)
		var ran atomic.Int32
		q.Register("t.run", job.Light, func(context.Context, job.Task) error { ran.Add(1); return nil })
		start(t, q)
		in := func(end func(*sql.Tx) error) string {
			tx, err := d.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			jobID, err := q.Enqueue(t.Context(), tx, "t.run", nil)
			if err := errors.Join(err, end(tx)); err != nil {
				t.Fatal(err)
			}
			return jobID
		}
		lost := in((*sql.Tx).Rollback)
		kept := in((*sql.Tx).Commit)
		wait(t, q, kept, job.Done)
		if _, err := q.Status(t.Context(), lost); !fault.Is(err, "job.missing") || ran.Load() != 1 {
			t.Errorf("got %v and %d runs, want job.missing and 1", err, ran.Load())
		}
	})
}

func TestHowAJobEndsDependsOnItsError(t *testing.T) {
	var attempts atomic.Int32
	errFlaky := errors.New("flaky")
	for _, test := range []struct {
		name     string
		run      job.Func
		state    job.State
		attempts int32
		key      string
	}{
		{"a fault to mend is not tried again", func(context.Context, job.Task) error {
			return errors.Join(errors.New("import"), fault.New(fault.Invalid, "t.bad", "colonne", 12, 1.5))
		}, job.Failed, 1, "t.bad"},
		{"an error that goes away is forgotten", func(_ context.Context, task job.Task) error {
			if task.Attempt == 1 {
				return errFlaky
			}
			return nil
		}, job.Done, 2, ""},
		{"a panic that stays fails the third time", func(context.Context, job.Task) error { panic("bug") }, job.Failed, 3, "job.failed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
				attempts.Store(0)
				q := open(t, d)
				q.Register("t.end", job.Light, func(ctx context.Context, task job.Task) error {
					attempts.Add(1)
					return test.run(ctx, task)
				})
				start(t, q)
				s := wait(t, q, enqueue(t, q, "t.end", nil), test.state)
				if attempts.Load() != test.attempts {
					t.Errorf("got %d attempts, want %d", attempts.Load(), test.attempts)
				}
				if test.key == "" {
					return
				}
				if s.Fault == nil || s.Fault.Key != test.key {
					t.Fatalf("got %v, want %s", s.Fault, test.key)
				}
				if want := []any{"colonne", int64(12), 1.5}; test.key == "t.bad" && !slices.Equal(s.Fault.Args, want) {
					t.Errorf("got %v, want %v", s.Fault.Args, want)
				}
			})
		})
	}
}

func TestAJobIsCancelledWaitingOrRunning(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		q := open(t, d)
		started := make(chan struct{}, 1)
		q.Register("t.long", job.Heavy, func(ctx context.Context, task job.Task) error {
			started <- struct{}{}
			<-ctx.Done()
			return ctx.Err()
		})
		start(t, q)
		running := enqueue(t, q, "t.long", nil)
		<-started
		waiting := enqueue(t, q, "t.long", nil) // heavy jobs run one at a time
		for _, jobID := range []string{waiting, running, running} {
			if err := q.Cancel(t.Context(), jobID); err != nil {
				t.Fatal(err)
			}
			wait(t, q, jobID, job.Cancelled)
		}
		if err := q.Cancel(t.Context(), "none"); !fault.Is(err, "job.missing") {
			t.Errorf("got %v, want job.missing", err)
		}
	})
}

func TestAnotherProcessCanCancel(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		started := make(chan struct{})
		runs := func(ctx context.Context, task job.Task) error {
			close(started)
			<-ctx.Done()
			return ctx.Err()
		}
		q, other := open(t, d), open(t, d)
		q.Register("t.long", job.Light, runs)
		start(t, q)
		jobID := enqueue(t, q, "t.long", nil)
		<-started
		if err := other.Cancel(t.Context(), jobID); err != nil {
			t.Fatal(err)
		}
		wait(t, other, jobID, job.Cancelled)
		if err := other.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestAStopPutsLongJobsBackForTheNextStart(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		q := open(t, d)
		started := make(chan struct{})
		q.Register("t.long", job.Heavy, func(ctx context.Context, task job.Task) error {
			close(started)
			<-ctx.Done()
			return ctx.Err()
		})
		if err := q.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		jobID := enqueue(t, q, "t.long", nil)
		<-started
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := q.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		next := open(t, d)
		next.Register("t.long", job.Heavy, func(context.Context, job.Task) error { return nil })
		if s, err := next.Status(t.Context(), jobID); err != nil || s.State != job.Queued {
			t.Fatalf("got %+v, %v, want queued", s, err)
		}
		start(t, next)
		wait(t, next, jobID, job.Done)
	})
}

// TestMain doubles as the process that TestAJobSurvivesKill9 kills.
func TestMain(m *testing.M) {
	if address := os.Getenv("JOB_TEST_CHILD"); address != "" {
		child(address, os.Getenv("JOB_TEST_MARK"))
		return
	}
	os.Exit(m.Run())
}

// child enqueues a job, starts it, tells by a file that it runs, and waits to be killed.
func child(address, mark string) {
	ctx := context.Background()
	settings := job.Settings{Driver: "sqlite", DSN: db.SQLiteDSN(address)}
	if strings.HasPrefix(address, "postgres") {
		settings = job.Settings{Driver: "pgx", DSN: address}
	}
	q, err := job.Open(ctx, settings)
	if err != nil {
		panic(err)
	}
	q.Register("t.long", job.Heavy, func(_ context.Context, task job.Task) error {
		task.Progress(1, 2, "")
		if err := os.WriteFile(mark+".new", []byte(task.ID), 0o600); err != nil {
			return err
		}
		if err := os.Rename(mark+".new", mark); err != nil {
			return err
		}
		select {}
	})
	if _, err := q.Enqueue(ctx, nil, "t.long", nil); err != nil {
		panic(err)
	}
	if err := q.Start(ctx); err != nil {
		panic(err)
	}
	time.Sleep(time.Minute)
}

func TestAJobSurvivesKill9(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		mark := filepath.Join(t.TempDir(), "running")
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "JOB_TEST_CHILD="+d.URL, "JOB_TEST_MARK="+mark)
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var jobID []byte
		for deadline := time.Now().Add(30 * time.Second); len(jobID) == 0; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the child never ran its job")
			}
			if content, err := os.ReadFile(mark); err == nil {
				jobID = content
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // "signal: killed" is what we asked for
		q := open(t, d)
		second := make(chan int, 1)
		q.Register("t.long", job.Heavy, func(_ context.Context, task job.Task) error { second <- task.Attempt; return nil })
		restarted := time.Now()
		start(t, q)
		limit := 5 * time.Second // one process owns the file: at once
		if d.Engine == db.Postgres {
			limit = 15 * time.Second // the beats it missed and the next look, long before its lease has lapsed
		}
		if s, err := q.Wait(t.Context(), string(jobID), limit); err != nil || s.State != job.Done {
			t.Fatalf("got %+v, %v after %v", s, err, time.Since(restarted))
		}
		if got := <-second; got != 2 {
			t.Errorf("got attempt %d, want 2", got)
		}
		t.Logf("run again %v after the restart", time.Since(restarted))
	})
}

// A process that lives and is slow to renew a lease keeps its job: only one that holds no lock any more is dead.
func TestASlowProcessKeepsItsJob(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		if d.Engine != db.Postgres {
			t.Skip("on SQLite one process owns the file")
		}
		slow, other := open(t, d), open(t, d)
		running, done := make(chan struct{}), make(chan struct{})
		slow.Register("t.slow", job.Heavy, func(context.Context, job.Task) error {
			close(running)
			<-done
			return nil
		})
		var taken atomic.Int32
		other.Register("t.slow", job.Heavy, func(context.Context, job.Task) error { taken.Add(1); return nil })
		jobID := enqueue(t, slow, "t.slow", nil)
		start(t, slow)
		<-running
		start(t, other)
		for until := time.Now().Add(5 * time.Second); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
			if _, err := d.ExecContext(t.Context(), `UPDATE job_progress SET beat_at = $1 WHERE id = $2`, time.Now().Add(-10*time.Second).UnixMilli(), jobID); err != nil {
				t.Fatal(err)
			}
		}
		close(done)
		wait(t, slow, jobID, job.Done)
		if n := taken.Load(); n > 0 {
			t.Errorf("another process ran the job %d times", n)
		}
	})
}

func TestUnregisteredKindsAreRefused(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		q := open(t, d)
		if _, err := q.Enqueue(t.Context(), nil, "t.none", nil); err == nil {
			t.Error("enqueued a kind nobody runs")
		}
		if err := q.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func BenchmarkAJobFromEnqueueToDone(b *testing.B) {
	d, err := db.Open(b.Context(), filepath.Join(b.TempDir(), "app.db"))
	if err == nil {
		err = d.Migrate(b.Context(), rooms...)
	}
	if err != nil {
		b.Fatal(err)
	}
	q := open(b, d)
	q.Register("t.run", job.Light, func(context.Context, job.Task) error { return nil })
	start(b, q)
	for b.Loop() {
		wait(b, q, enqueue(b, q, "t.run", nil), job.Done)
	}
}
