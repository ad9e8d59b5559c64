package accountdb

import (
	"context"
	"database/sql"
	"time"

	"cultured/internal/account"
	"cultured/internal/db"
	"cultured/internal/fault"
)

// Take implements [account.AttemptStore]. The upsert takes each row before it is read, so that tries at once are all counted.
func (s *Store) Take(ctx context.Context, now time.Time, tries ...account.Try) (wait time.Duration, last bool, err error) {
	defer fault.Wrap(&err, "accountdb.Take")
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		wait, last = 0, false
		counts := make([]account.Attempts, len(tries))
		for i, try := range tries {
			var since, until string
			err := tx.QueryRowContext(ctx, `INSERT INTO account_attempt (key, tries, since_at, until_at) VALUES ($1, 0, '', '')
				ON CONFLICT (key) DO UPDATE SET tries = account_attempt.tries
				RETURNING tries, since_at, until_at`, try.Key).Scan(&counts[i].Count, &since, &until)
			if err != nil {
				return err
			}
			counts[i].Since, counts[i].Until = db.Time(since), db.Time(until)
			wait = max(wait, counts[i].Until.Sub(now))
		}
		if wait > 0 {
			return nil
		}
		for i, try := range tries {
			try.Limit.Take(&counts[i], now)
			last = last || counts[i].Until.After(now)
			_, err := tx.ExecContext(ctx, `UPDATE account_attempt SET tries = $1, since_at = $2, until_at = $3 WHERE key = $4`,
				counts[i].Count, db.Stamp(counts[i].Since), db.Stamp(counts[i].Until), try.Key)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return wait, last, err
}

// Forget implements [account.AttemptStore].
func (s *Store) Forget(ctx context.Context, tries ...account.Try) (err error) {
	defer fault.Wrap(&err, "accountdb.Forget")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		for _, try := range tries {
			if _, err := tx.ExecContext(ctx, `DELETE FROM account_attempt WHERE key = $1`, try.Key); err != nil {
				return err
			}
		}
		return nil
	})
}

// Sweep implements [account.AttemptStore]. Counters are kept for a day after their window began.
func (s *Store) Sweep(ctx context.Context, now time.Time) (rows int64, err error) {
	defer fault.Wrap(&err, "accountdb.Sweep")
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		rows = 0
		for _, one := range []struct {
			statement string
			before    time.Time
		}{
			{`DELETE FROM account_session WHERE expires_at <= $1`, now},
			{`DELETE FROM account_session WHERE last_seen_at <= $1`, now.Add(-account.SessionIdle)},
			{`DELETE FROM account_link WHERE expires_at <= $1`, now},
			{`DELETE FROM account_attempt WHERE since_at <= $1`, now.Add(-24 * time.Hour)},
		} {
			res, err := tx.ExecContext(ctx, one.statement, db.Stamp(one.before))
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return err
			}
			rows += n
		}
		return nil
	})
	return rows, err
}
