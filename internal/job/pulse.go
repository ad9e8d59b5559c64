package job

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"hash/fnv"
	"time"

	"cultured/internal/fault"
)

// On PostgreSQL each process holds a lock for as long as its connection lives. PostgreSQL lets it go within moments when the process is killed, so
// that the jobs of the dead are taken up long before their leases lapse; leases remain for machines that vanish without closing anything.

const (
	missedBeats = 2 * beatEvery // a lease not renewed for so long, by a process that holds no lock, is a dead process's
	pulseRetry  = 500 * time.Millisecond
)

// pulseKey is the number of a process's lock.
func pulseKey(node string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("cultured job " + node)) // never fails
	return int64(h.Sum64())
}

// takePulse takes this process's lock; the connection holds it.
func (q *Queue) takePulse(ctx context.Context) (_ *sql.Conn, err error) {
	defer fault.Wrap(&err, "job.takePulse")
	conn, err := q.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, pulseKey(q.node)); err != nil {
		drop(conn)
		return nil, err
	}
	return conn, nil
}

// startPulse takes the lock for as long as loop lasts, before any job runs, and takes up the jobs of the dead.
func (q *Queue) startPulse(ctx, loop context.Context) error {
	conn, err := q.takePulse(ctx)
	if err != nil {
		return err
	}
	q.reaper.Go(func() { q.keepPulse(loop, conn) })
	return q.reapDead(ctx)
}

// keepPulse holds the lock until ctx ends, on a new connection when the one it had is lost.
func (q *Queue) keepPulse(ctx context.Context, conn *sql.Conn) {
	for {
		for conn != nil && ctx.Err() == nil {
			if err := conn.PingContext(ctx); err != nil {
				break
			}
			pause(ctx, beatEvery)
		}
		if conn != nil {
			drop(conn)
		}
		if pause(ctx, pulseRetry); ctx.Err() != nil {
			return
		}
		conn, _ = q.takePulse(ctx) // until then leases alone tell who lives
	}
}

// drop closes a connection for good: in the pool it would go on holding the lock.
func drop(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // closes it
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// reapDead puts back the jobs that processes without a lock were running.
func (q *Queue) reapDead(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "job.reapDead")
	now := time.Now()
	cutoff := now.Add(-missedBeats)
	return q.inTx(ctx, func(tx *sql.Tx) error {
		found, err := findSilent(ctx, tx, cutoff)
		if err != nil {
			return err
		}
		dead := map[string]bool{"": false, q.node: false}
		for _, each := range found {
			if _, known := dead[each.node]; !known {
				var free bool
				if err := tx.QueryRowContext(ctx, `SELECT pg_try_advisory_xact_lock($1)`, pulseKey(each.node)).Scan(&free); err != nil {
					return err
				}
				dead[each.node] = free
			}
			if !dead[each.node] {
				continue
			}
			if err := release(ctx, tx, each, now, cutoff); err != nil {
				return err
			}
			q.log.WarnContext(ctx, "job taken up from a process that died", "job", each.jobID, "attempt", each.attempt)
		}
		return nil
	})
}

// findSilent lists, on PostgreSQL, the jobs being run or handed out whose lease was not renewed since the cutoff, with the process that has them.
func findSilent(ctx context.Context, tx *sql.Tx, cutoff time.Time) ([]abandoned, error) {
	rows, err := tx.QueryContext(ctx, `SELECT p.id, p.river_id, p.state, r.attempt, r.max_attempts, p.cancel,
		CASE WHEN p.node <> '' THEN p.node ELSE COALESCE(r.attempted_by[array_upper(r.attempted_by, 1)], '') END
		FROM river_job r JOIN job_progress p ON p.river_id = r.id
		WHERE r.state = 'running' AND p.beat_at < $1 ORDER BY p.id`, cutoff.UnixMilli())
	if err != nil {
		return nil, err
	}
	return scanAbandoned(rows)
}
