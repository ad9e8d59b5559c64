package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"cultured/internal/fault"
	"cultured/internal/id"
)

const (
	maxAttempts    = 3
	lightWorkers   = 4
	heavyWorkers   = 1
	distantWorkers = 3
	fetchCooldown  = 10 * time.Millisecond // River's 100 ms would hold 4 workers to 40 jobs a second
	sqlitePoll     = time.Second           // only a safety net: the notifications table wakes it within 50 ms
	postgresPoll   = 250 * time.Millisecond
	riverRescue    = 7 * 24 * time.Hour // our leases do this work; River's rescuer must never be first
	waitPoll       = 250 * time.Millisecond
	stopAfterGrace = 5 * time.Second
	kindLength     = 100
)

// Settings says where the queue lives.
type Settings struct {
	// Driver is the name of a database/sql driver the program has registered: "sqlite" or "pgx".
	Driver string
	// DSN is what that driver opens: the same database as the rest. On SQLite it must set a busy timeout and
	// _txlock=immediate.
	DSN string
	// Log receives failed attempts and the queue's own warnings; nil discards them.
	Log *slog.Logger
}

// Queue runs jobs. Register every kind, then Start; Enqueue, Cancel, Status and Wait work before Start too.
type Queue struct {
	db     *sql.DB
	sqlite bool
	driver riverdriver.Driver[*sql.Tx]
	client *river.Client[*sql.Tx]
	log    *slog.Logger
	node   string // this process, for leases
	kinds  map[string]registration

	mu      sync.Mutex
	running map[string]*attempt // by job ID
	ended   chan struct{}       // closed and replaced each time a job here ends

	stopping context.Context // cancelled when Stop gives up waiting
	abort    context.CancelFunc
	reaper   sync.WaitGroup
	quit     context.CancelFunc // ends the reaper
}

type registration struct {
	weight Weight
	run    Func
}

// Open connects to the database and brings the queue's own tables up to date. The table of Migrations must be there
// before the first Enqueue. Close it with Stop.
func Open(ctx context.Context, settings Settings) (_ *Queue, err error) {
	defer fault.Wrap(&err, "job.Open")
	db, err := sql.Open(settings.Driver, settings.DSN)
	if err != nil {
		return nil, err
	}
	q := &Queue{db: db, log: settings.Log, node: id.New(time.Now()), kinds: map[string]registration{},
		running: map[string]*attempt{}, ended: make(chan struct{})}
	if q.log == nil {
		q.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	q.stopping, q.abort = context.WithCancel(context.Background())
	switch settings.Driver {
	case "sqlite":
		// River's documentation asks for one connection: SQLite has one writer, and waiting here is better than
		// failing there.
		db.SetMaxOpenConns(1)
		q.sqlite, q.driver = true, riversqlite.New(db)
	case "pgx":
		db.SetMaxOpenConns(lightWorkers + heavyWorkers + distantWorkers + 4) // one holds the pulse
		q.driver = riverdatabasesql.New(db)
	default:
		return nil, errors.Join(fmt.Errorf("driver %q is neither sqlite nor pgx", settings.Driver), db.Close())
	}
	if err := q.prepare(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return q, nil
}

// prepare migrates River's tables and makes its client.
func (q *Queue) prepare(ctx context.Context) error {
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	migrator, err := rivermigrate.New(q.driver, &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{queue: q})
	poll := postgresPoll
	if q.sqlite {
		poll = sqlitePoll
	}
	q.client, err = river.NewClient(q.driver, &river.Config{
		ID:                   q.node,
		Workers:              workers,
		Logger:               slog.New(quieter{q.log.Handler()}),
		MaxAttempts:          maxAttempts,
		FetchCooldown:        fetchCooldown,
		FetchPollInterval:    poll,
		JobTimeout:           -1, // a job ends, fails or is cancelled; a big import has no time limit
		RescueStuckJobsAfter: riverRescue,
		RetryPolicy:          retries{},
		Queues: map[string]river.QueueConfig{
			string(Light):   {MaxWorkers: lightWorkers},
			string(Heavy):   {MaxWorkers: heavyWorkers},
			string(Distant): {MaxWorkers: distantWorkers},
		},
	})
	return err
}

// Register says what does the jobs of a kind ("dataset.import"). Before Start only; a kind registered twice is our bug.
func (q *Queue) Register(kind string, weight Weight, run Func) {
	if _, twice := q.kinds[kind]; twice || kind == "" || len(kind) > kindLength || (weight != Light && weight != Heavy && weight != Distant) {
		panic("job: kind " + kind + " registered twice, or badly")
	}
	q.kinds[kind] = registration{weight, run}
}

// Start begins to run jobs. Those a dead process was running are taken up first, on PostgreSQL as soon as they have missed their beats. It returns at
// once.
func (q *Queue) Start(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "job.Start")
	if q.sqlite {
		if err := q.reap(ctx, time.Now().Add(leaseLength)); err != nil { // every lease: no other process holds the file
			return err
		}
	}
	// The caller's context is that of start-up; jobs end with Stop.
	loop, quit := context.WithCancel(context.WithoutCancel(ctx))
	q.quit = quit
	if !q.sqlite {
		if err := q.startPulse(ctx, loop); err != nil {
			quit()
			return err
		}
	}
	if err := q.client.Start(loop); err != nil {
		quit()
		return err
	}
	q.reaper.Go(func() { q.reapForever(loop) })
	return nil
}

// Stop takes no more jobs, waits for the running ones until ctx ends, then cancels them and puts them back in the queue
// for the next start. It closes the database. A queue never started may be stopped.
func (q *Queue) Stop(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "job.Stop")
	if q.quit != nil {
		if q.client.Stop(ctx) != nil {
			q.abort()
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopAfterGrace)
			err = q.client.StopAndCancel(last)
			cancel()
		}
		q.quit()
		q.reaper.Wait()
	}
	q.abort()
	return errors.Join(err, q.db.Close())
}

// Enqueue adds a job of a registered kind, with a payload that becomes JSON (a few identifiers, not the data). With a tx
// the job exists when, and only if, that transaction commits. With nil it is added at once: never call it with nil
// inside a transaction of your own on SQLite, it would wait for yours. It returns the job's ID.
func (q *Queue) Enqueue(ctx context.Context, tx *sql.Tx, kind string, payload any) (_ string, err error) {
	defer fault.Wrap(&err, "job.Enqueue(%s)", kind)
	registered, known := q.kinds[kind]
	if !known {
		return "", errors.New("kind not registered")
	}
	encoded, err := json.Marshal(payload)
	if err != nil {
		return "", err
	}
	now := time.Now()
	order := order{Job: id.New(now), Name: kind, Payload: encoded}
	insert := func(tx *sql.Tx) error {
		row, err := q.client.InsertTx(ctx, tx, order, &river.InsertOpts{Queue: string(registered.weight)})
		if err != nil {
			return err
		}
		return insertProgress(ctx, tx, order, row.Job.ID, now)
	}
	if tx != nil {
		err = insert(tx)
	} else {
		err = q.inTx(ctx, insert)
	}
	if err != nil {
		return "", err
	}
	return order.Job, nil
}

// Status says where a job is. Faults: NotFound "job.missing".
func (q *Queue) Status(ctx context.Context, jobID string) (_ Status, err error) {
	defer fault.Wrap(&err, "job.Status(%s)", jobID)
	return readStatus(ctx, q.db, jobID)
}

// Wait returns the job's status as soon as it is final, or as it is after upTo. Faults: NotFound "job.missing".
func (q *Queue) Wait(ctx context.Context, jobID string, upTo time.Duration) (_ Status, err error) {
	defer fault.Wrap(&err, "job.Wait(%s)", jobID)
	limit := time.NewTimer(upTo)
	defer limit.Stop()
	tick := time.NewTicker(waitPoll) // for jobs another replica runs
	defer tick.Stop()
	for {
		q.mu.Lock()
		ended := q.ended // taken before the look, so that an end after the look is seen
		q.mu.Unlock()
		status, err := readStatus(ctx, q.db, jobID)
		if err != nil || status.State.Final() {
			return status, err
		}
		select {
		case <-ended:
		case <-tick.C:
		case <-limit.C:
			return status, nil
		case <-ctx.Done():
			return status, ctx.Err()
		}
	}
}

// Cancel asks a job to end. One that waits is cancelled at once; one that runs here sees its context end now, one that
// runs in another process within two seconds; one that has ended stays as it is. Faults: NotFound "job.missing".
func (q *Queue) Cancel(ctx context.Context, jobID string) (err error) {
	defer fault.Wrap(&err, "job.Cancel(%s)", jobID)
	err = q.inTx(ctx, func(tx *sql.Tx) error {
		riverID, queued, err := markCancelled(ctx, tx, jobID, time.Now())
		if err != nil || !queued {
			return err
		}
		_, err = q.client.JobCancelTx(ctx, tx, riverID)
		return err
	})
	if err != nil {
		return err
	}
	q.mu.Lock()
	here := q.running[jobID]
	q.mu.Unlock()
	if here != nil {
		here.cancel(errCancelled)
	}
	q.announce()
	return nil
}

// announce wakes those who Wait.
func (q *Queue) announce() {
	q.mu.Lock()
	defer q.mu.Unlock()
	close(q.ended)
	q.ended = make(chan struct{})
}

// inTx runs fn in a transaction of the queue's own database.
func (q *Queue) inTx(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := q.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return errors.Join(err, rolledBack(tx))
	}
	return tx.Commit()
}

func rolledBack(tx *sql.Tx) error {
	if err := tx.Rollback(); !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
}

// quieter keeps River's warnings and errors, without its repeated "job errored" lines: worker logs each failure once,
// with our identifiers.
type quieter struct{ slog.Handler }

// Enabled implements slog.Handler.
func (h quieter) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (h quieter) Handle(ctx context.Context, record slog.Record) error {
	if strings.HasPrefix(record.Message, "jobexecutor.JobExecutor: Job ") {
		return nil
	}
	return h.Handler.Handle(ctx, record)
}
