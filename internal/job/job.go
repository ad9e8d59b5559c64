package job

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cultured/internal/fault"
)

// State is where a job is in its life.
type State string

// The states of a job. Done, Failed and Cancelled are final.
const (
	Queued    State = "queued" // waiting its turn, for the first time or after a failed attempt
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Final reports whether the job will not change any more.
func (s State) Final() bool { return s == Done || s == Failed || s == Cancelled }

// Status is what a page shows of a job.
type Status struct {
	ID    string
	Kind  string // as registered
	State State
	Done  int64  // units of work done, in the unit the job chose; ≥ 0
	Total int64  // units of work in all; 0 means not known
	Note  string // catalogue key of what it is doing now; "" for nothing to say
	// Fault is why it failed: nil unless State is Failed. Numbers among its Args come back as int64 or float64.
	Fault    *fault.Error
	Created  time.Time // UTC, to the millisecond, like the two below
	Started  time.Time // first attempt; zero before
	Finished time.Time // zero before the final state
}

// Task is one attempt at a job, as its function sees it. A Task made by hand, in a test, reports to nobody.
type Task struct {
	ID      string
	Payload json.RawMessage // what Enqueue was given, as JSON
	Attempt int             // 1 for the first
	report  func(done, total int64, note string)
}

// Decode reads the payload into v, a pointer to the type given to Enqueue.
func (t Task) Decode(v any) error {
	if err := json.Unmarshal(t.Payload, v); err != nil {
		return fmt.Errorf("job.Decode: %w", err)
	}
	return nil
}

// Progress says how far the job is: done of total units (total 0: not known) and the catalogue key of what it is doing.
// It is cheap and may be called for every row; what is stored is written four times a second at most.
func (t Task) Progress(done, total int64, note string) {
	if t.report != nil {
		t.report(done, total, note)
	}
}

// Func does one kind of job. It must return soon after ctx is cancelled, and bear being run again after a crash.
type Func func(ctx context.Context, task Task) error

// Weight says which queue a kind waits in.
type Weight string

// The weights. Light jobs run several at a time; Heavy ones, which fill memory or processors, one at a time a process,
// so that a big import never delays a mail. Distant ones wait for other machines: their slowness delays nobody else.
const (
	Distant Weight = "distant"
	Light   Weight = "light"
	Heavy   Weight = "heavy"
)
