package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"cultured/internal/fault"
)

const (
	leaseLength   = 20 * time.Second       // longer than any pause of a healthy process
	beatEvery     = 2 * time.Second        // also how soon another process's wish to cancel is seen
	progressEvery = 250 * time.Millisecond // how often changed progress is written
	reapEvery     = leaseLength / 2
	keepEnded     = 30 * 24 * time.Hour // how long the status of an ended job can be read
	endTimeout    = 10 * time.Second    // for writing the end of an attempt whose context has ended
)

// Why an attempt's context ended.
var (
	errCancelled = errors.New("job cancelled")
	errLeaseLost = errors.New("job lease lost to another process")
	errStopping  = errors.New("process stopping")
)

// order is what River stores of a job: one kind for River, ours inside.
type order struct {
	Job     string          `json:"job"`
	Name    string          `json:"kind"`
	Payload json.RawMessage `json:"payload"`
}

// Kind implements river.JobArgs.
func (order) Kind() string { return "cultured" }

// retries waits 1 s, then 4 s: faults that mend themselves are short, and somebody is watching the progress bar.
type retries struct{}

// NextRetry implements river.ClientRetryPolicy.
func (retries) NextRetry(job *rivertype.JobRow) time.Time {
	n := len(job.Errors) + 1
	return time.Now().Add(time.Duration(n*n) * time.Second)
}

type progress struct {
	done, total int64
	note        string
}

// outcome is how an attempt ended.
type outcome struct {
	state     State
	progress  progress
	faultKind int
	faultKey  string
	faultArgs string
}

// attempt is a job being run by this process.
type attempt struct {
	jobID  string
	cancel context.CancelCauseFunc
	mu     sync.Mutex
	now    progress
	dirty  bool
}

func (a *attempt) report(done, total int64, note string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	next := progress{max(done, 0), max(total, 0), note}
	a.dirty = a.dirty || next != a.now
	a.now = next
}

// take gives the progress and whether it changed since the last take.
func (a *attempt) take() (progress, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	dirty := a.dirty
	a.dirty = false
	return a.now, dirty
}

// worker runs every kind for River.
type worker struct {
	river.WorkerDefaults[order]
	queue *Queue
}

// Work runs one attempt: lease, function, end. What it returns only tells River whether to try again.
func (w *worker) Work(ctx context.Context, job *river.Job[order]) error {
	q, jobID := w.queue, job.Args.Job
	held, found, err := markRunning(ctx, q.db, lease{jobID, q.node}, time.Now())
	switch {
	case err != nil:
		return err
	case !held && found.Final():
		return nil // it ended, and the process died before River knew; or it was cancelled since the hand-out
	case !held:
		return river.JobSnooze(leaseLength) // its lease still runs: look again when it has lapsed
	}
	run, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	defer context.AfterFunc(q.stopping, func() { stop(errStopping) })()
	a := &attempt{jobID: jobID, cancel: stop}
	q.mu.Lock()
	q.running[jobID] = a
	q.mu.Unlock()
	var keeper sync.WaitGroup
	kept, release := context.WithCancel(context.WithoutCancel(ctx))
	keeper.Go(func() { q.keepLease(kept, a) })
	task := Task{ID: jobID, Payload: job.Args.Payload, Attempt: job.Attempt, report: a.report}
	workErr := q.call(run, job.Args.Name, task)
	release()
	keeper.Wait()
	q.mu.Lock()
	delete(q.running, jobID)
	q.mu.Unlock()
	return q.end(ctx, run, a, job.JobRow, workErr)
}

// call runs the registered function; a panic becomes an error with its stack.
func (q *Queue) call(ctx context.Context, kind string, task Task) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	registered, known := q.kinds[kind]
	if !known {
		return fmt.Errorf("kind %q is not registered in this version", kind)
	}
	return registered.run(ctx, task)
}

// end writes how the attempt ended, then tells River.
func (q *Queue) end(ctx, run context.Context, a *attempt, row *rivertype.JobRow, workErr error) error {
	outcome, answer := judge(context.Cause(run), row, workErr)
	if answer != nil && !errors.Is(workErr, context.Canceled) {
		q.log.LogAttrs(ctx, slog.LevelError, "job attempt failed", slog.String("job", a.jobID),
			slog.Int("attempt", row.Attempt), slog.String("state", string(outcome.state)), slog.Any("error", workErr))
	}
	outcome.progress, _ = a.take()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	held, err := markEnded(ctx, q.db, lease{a.jobID, q.node}, time.Now(), outcome)
	if err != nil {
		return errors.Join(workErr, err) // the lease lapses, and the job is taken up again
	}
	q.announce()
	if !held {
		return nil // another process took the job over and will end it
	}
	return answer
}

// judge turns the end of a job function into a state for people and an answer for River.
func judge(cause error, row *rivertype.JobRow, workErr error) (outcome, error) {
	o := outcome{faultArgs: "[]"}
	switch {
	case workErr == nil:
		o.state = Done
		return o, nil
	case errors.Is(cause, errCancelled):
		o.state = Cancelled
		return o, river.JobCancel(errCancelled)
	case cause != nil:
		// The process is stopping: the attempt does not count, and the job waits for the next start.
		o.state = Queued
		return o, river.JobSnooze(0)
	}
	kind := fault.KindOf(workErr)
	mendable := kind != fault.Internal && kind != fault.Busy
	if !mendable && row.Attempt < row.MaxAttempts {
		o.state = Queued
		return o, workErr
	}
	o.state, o.faultKey = Failed, "job.failed"
	if f, ok := errors.AsType[*fault.Error](workErr); ok {
		o.faultKind, o.faultKey, o.faultArgs = int(f.Kind), f.Key, encodeArgs(f.Args)
	}
	if mendable {
		return o, river.JobCancel(workErr)
	}
	return o, workErr
}

// keepLease renews an attempt's lease, stores its progress and watches for its cancellation, until ctx ends.
func (q *Queue) keepLease(ctx context.Context, a *attempt) {
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			current, dirty := a.take()
			if !dirty && now.Sub(last) < beatEvery {
				continue
			}
			held, cancel, err := beat(ctx, q.db, lease{a.jobID, q.node}, now, current)
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				q.log.WarnContext(ctx, "job lease not renewed", "job", a.jobID, "error", err)
				if now.Sub(last) > leaseLength {
					a.cancel(errLeaseLost)
				}
			case !held:
				a.cancel(errLeaseLost)
			default:
				last = now
				if cancel {
					a.cancel(errCancelled)
				}
			}
		}
	}
}

// reapForever takes up jobs whose process died, and forgets old ones.
func (q *Queue) reapForever(ctx context.Context) {
	tick := time.NewTicker(reapEvery)
	defer tick.Stop()
	var dead <-chan time.Time
	if !q.sqlite {
		often := time.NewTicker(beatEvery)
		defer often.Stop()
		dead = often.C
	}
	var cleaned time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-dead:
			if err := q.reapDead(ctx); err != nil && ctx.Err() == nil {
				q.log.WarnContext(ctx, "jobs of dead processes not taken up", "error", err)
			}
		case now := <-tick.C:
			err := q.reap(ctx, now.Add(-leaseLength))
			if err == nil && now.Sub(cleaned) > time.Hour {
				cleaned = now
				err = forget(ctx, q.db, now.Add(-keepEnded))
			}
			if err != nil && ctx.Err() == nil {
				q.log.WarnContext(ctx, "abandoned jobs not taken up", "error", err)
			}
		}
	}
}

// runsHere reports whether this process runs the job.
func (q *Queue) runsHere(jobID string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.running[jobID] != nil
}

// reap puts back the jobs whose lease lapsed before the cutoff.
func (q *Queue) reap(ctx context.Context, cutoff time.Time) (err error) {
	defer fault.Wrap(&err, "job.reap")
	now := time.Now()
	return q.inTx(ctx, func(tx *sql.Tx) error {
		found, err := findAbandoned(ctx, tx, now, cutoff)
		if err != nil {
			return err
		}
		for _, each := range found {
			if q.runsHere(each.jobID) {
				continue // the machine slept: the lease lapsed, the attempt lives on
			}
			if err := release(ctx, tx, each, now, cutoff); err != nil {
				return err
			}
			q.log.WarnContext(ctx, "job taken up from a process that died", "job", each.jobID, "attempt", each.attempt)
		}
		return nil
	})
}
