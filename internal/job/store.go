package job

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"cultured/internal/fault"
)

// lease is a node's hold on a job.
type lease struct{ job, node string }

// insertProgress writes the row of a new job.
func insertProgress(ctx context.Context, tx *sql.Tx, order order, riverID int64, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO job_progress (id, river_id, kind, state, created_at)
		VALUES ($1, $2, $3, 'queued', $4)`, order.Job, riverID, order.Name, now.UnixMilli())
	return err
}

// readStatus reads one job.
func readStatus(ctx context.Context, db *sql.DB, jobID string) (Status, error) {
	var (
		s                          = Status{ID: jobID}
		created, started, finished int64
		faultKind                  int
		faultKey, faultArgs        string
	)
	err := db.QueryRowContext(ctx, `SELECT kind, state, done, total, note, fault_kind, fault_key, fault_args,
		created_at, started_at, finished_at FROM job_progress WHERE id = $1`, jobID).
		Scan(&s.Kind, &s.State, &s.Done, &s.Total, &s.Note, &faultKind, &faultKey, &faultArgs,
			&created, &started, &finished)
	if errors.Is(err, sql.ErrNoRows) {
		return Status{}, fault.New(fault.NotFound, "job.missing")
	}
	if err != nil {
		return Status{}, err
	}
	s.Created, s.Started, s.Finished = instant(created), instant(started), instant(finished)
	if s.State == Failed {
		args, err := decodeArgs(faultArgs)
		if err != nil {
			return Status{}, err
		}
		s.Fault = fault.New(fault.Kind(faultKind), faultKey, args...)
	}
	return s, nil
}

// markCancelled cancels a queued job, or leaves the wish to a running one. It gives River's number for the job and
// whether it was queued.
func markCancelled(ctx context.Context, tx *sql.Tx, jobID string, now time.Time) (riverID int64, queued bool, err error) {
	var state State
	err = tx.QueryRowContext(ctx, `UPDATE job_progress SET cancel = 1 WHERE id = $1 RETURNING state, river_id`, jobID).
		Scan(&state, &riverID)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, fault.New(fault.NotFound, "job.missing")
	}
	if err != nil || state != Queued {
		return riverID, false, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE job_progress SET state = 'cancelled', finished_at = $2
		WHERE id = $1 AND state = 'queued'`, jobID, now.UnixMilli())
	return riverID, true, err
}

// markRunning takes the lease of a job for the node. It gives the state found: Running is the only one to act upon when
// held is true; when it is false the job is final, or another node holds a lease that has not lapsed.
func markRunning(ctx context.Context, db *sql.DB, on lease, now time.Time) (held bool, found State, err error) {
	held, err = changed(db.ExecContext(ctx, `UPDATE job_progress SET state = 'running', node = $2, beat_at = $3,
		done = 0, total = 0, note = '',
		started_at = CASE WHEN started_at = 0 THEN $3 ELSE started_at END
		WHERE id = $1 AND (state = 'queued' OR (state = 'running' AND beat_at < $4))`,
		on.job, on.node, now.UnixMilli(), now.Add(-leaseLength).UnixMilli()))
	if err != nil || held {
		return held, Running, err
	}
	status, err := readStatus(ctx, db, on.job)
	if fault.Is(err, "job.missing") {
		return false, Cancelled, nil // forgotten since: nobody waits for it
	}
	return false, status.State, err
}

// beat renews a lease and stores the progress; held is false if the lease is lost.
func beat(ctx context.Context, db *sql.DB, on lease, now time.Time, p progress) (held, cancel bool, err error) {
	var wish int
	err = db.QueryRowContext(ctx, `UPDATE job_progress SET beat_at = $3, done = $4, total = $5, note = $6
		WHERE id = $1 AND node = $2 AND state = 'running' RETURNING cancel`,
		on.job, on.node, now.UnixMilli(), p.done, p.total, p.note).Scan(&wish)
	if errors.Is(err, sql.ErrNoRows) {
		return false, false, nil
	}
	return err == nil, wish != 0, err
}

// markEnded gives the lease back and writes how the attempt ended: a final state, or Queued to be run again.
func markEnded(ctx context.Context, db *sql.DB, on lease, now time.Time, o outcome) (bool, error) {
	finished, beatAt := int64(0), int64(0)
	if o.state.Final() {
		finished, beatAt = now.UnixMilli(), now.UnixMilli()
	}
	return changed(db.ExecContext(ctx, `UPDATE job_progress SET state = $3, finished_at = $4, beat_at = $5,
		done = $6, total = $7, note = $8, fault_kind = $9, fault_key = $10, fault_args = $11, node = ''
		WHERE id = $1 AND node = $2 AND state = 'running'`, on.job, on.node, string(o.state), finished, beatAt,
		o.progress.done, o.progress.total, o.progress.note, o.faultKind, o.faultKey, o.faultArgs))
}

// abandoned is a job believed to be running, and that nobody runs.
type abandoned struct {
	jobID       string
	riverID     int64
	state       State
	attempt     int
	maxAttempts int
	cancel      bool
	node        string // the process that had it
}

// findAbandoned lists jobs whose lease lapsed before the cutoff: those River believes running, and those we do (the end
// of an attempt could not be written, and River gave the job up). A job River has handed out but that no node has marked
// yet has no lease: it is given one here, to be found lapsed later if that node died in between.
func findAbandoned(ctx context.Context, tx *sql.Tx, now, cutoff time.Time) ([]abandoned, error) {
	_, err := tx.ExecContext(ctx, `UPDATE job_progress SET beat_at = $1 WHERE state = 'queued' AND beat_at = 0
		AND river_id IN (SELECT id FROM river_job WHERE state = 'running')`, now.UnixMilli())
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT p.id, p.river_id, p.state, r.attempt, r.max_attempts, p.cancel, p.node
		FROM river_job r JOIN job_progress p ON p.river_id = r.id
		WHERE (r.state = 'running' OR p.state = 'running') AND p.beat_at < $1 ORDER BY p.id`, cutoff.UnixMilli())
	if err != nil {
		return nil, err
	}
	return scanAbandoned(rows)
}

// scanAbandoned reads and closes rows.
func scanAbandoned(rows *sql.Rows) ([]abandoned, error) {
	defer rows.Close()
	var found []abandoned
	for rows.Next() {
		var a abandoned
		var cancel int
		if err := rows.Scan(&a.jobID, &a.riverID, &a.state, &a.attempt, &a.maxAttempts, &cancel, &a.node); err != nil {
			return nil, err
		}
		a.cancel = cancel != 0
		found = append(found, a)
	}
	return found, rows.Err()
}

// release puts an abandoned job back in the queue, or gives it up when it was to be cancelled or has killed its process
// too often. A job already final goes back too: its worker sees that it is, and closes it in River.
func release(ctx context.Context, tx *sql.Tx, a abandoned, now, cutoff time.Time) error {
	state, finished, kind, key := Queued, int64(0), fault.Internal, ""
	switch {
	case a.cancel:
		state, finished = Cancelled, now.UnixMilli()
	case a.attempt >= a.maxAttempts:
		state, finished, key = Failed, now.UnixMilli(), "job.crashed"
	}
	if !a.state.Final() {
		ours, err := changed(tx.ExecContext(ctx, `UPDATE job_progress SET state = $2, finished_at = $3, fault_kind = $4,
			fault_key = $5, node = '', beat_at = 0 WHERE id = $1 AND state = $6 AND beat_at < $7`, a.jobID, string(state),
			finished, int(kind), key, string(a.state), cutoff.UnixMilli()))
		if err != nil || !ours {
			return err // its node came back to life
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE id = $1 AND state = 'running'`, a.riverID)
	return err
}

// forget removes the rows of jobs that ended before the time.
func forget(ctx context.Context, db *sql.DB, before time.Time) error {
	_, err := db.ExecContext(ctx, `DELETE FROM job_progress WHERE finished_at > 0 AND finished_at < $1
		AND river_id NOT IN (SELECT id FROM river_job WHERE state = 'running')`, before.UnixMilli())
	return err
}

// encodeArgs and decodeArgs keep a fault's arguments: strings and numbers.
func encodeArgs(args []any) string {
	if len(args) == 0 {
		return "[]"
	}
	encoded, err := json.Marshal(args)
	if err != nil { // an argument JSON cannot hold is shown as nothing rather than losing the fault
		return "[]"
	}
	return string(encoded)
}

func decodeArgs(encoded string) ([]any, error) {
	decoder := json.NewDecoder(bytes.NewReader([]byte(encoded)))
	decoder.UseNumber()
	var args []any
	if err := decoder.Decode(&args); err != nil {
		return nil, err
	}
	for i, arg := range args {
		number, ok := arg.(json.Number)
		if !ok {
			continue
		}
		if whole, err := number.Int64(); err == nil {
			args[i] = whole
		} else if args[i], err = number.Float64(); err != nil {
			return nil, err
		}
	}
	return args, nil
}

func changed(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// instant reads a column of milliseconds; 0 is "not yet".
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
