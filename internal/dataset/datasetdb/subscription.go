package datasetdb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
)

// Subscriptions is the part of the store that keeps the addresses of datasets: it implements [dataset.Subscriptions].
type Subscriptions struct{ *Store }

const subscriptionColumns = `dataset, organisation, address, etag, modified, fetched, known_blob, looked, every, due, fault`

func scanSubscription(row func(...any) error) (s dataset.Subscription, err error) {
	var fetched, looked, due, failure string
	err = row(&s.Dataset, &s.Organisation, &s.Origin.Address, &s.Origin.ETag, &s.Origin.Modified, &fetched, &s.Blob, &looked, &s.Every, &due, &failure)
	if err != nil {
		return s, err
	}
	s.Origin.At, s.Looked, s.Due = db.Time(fetched), db.Time(looked), db.Time(due)
	s.Fault, err = readFault(failure)
	return s, err
}

// Arrived implements [dataset.Subscriptions].
func (s Subscriptions) Arrived(ctx context.Context, c dataset.Check, others ...dataset.Check) (job string, err error) {
	defer fault.Wrap(&err, "datasetdb.Arrived(%s)", c.ID)
	src, _, _, err := encode(c)
	if err != nil {
		return "", err
	}
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) (err error) {
		if job, err = s.Enqueue(ctx, tx, c.ID); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE dataset_check SET source = $1, source_blob = $2, bytes = $3, job = $4, package = $5, place = $6
			WHERE id = $7 AND state = $8 AND source_blob = ''`, src, c.Source.Blob, c.Source.Bytes, job, c.Package, c.Place, c.ID, dataset.Running)
		if err := db.Touched(res, err, fault.New(fault.NotFound, "dataset.check_gone")); err != nil {
			return err
		}
		_, err = s.add(ctx, tx, others)
		return err
	})
	return job, err
}

// Subscription implements [dataset.Subscriptions].
func (s Subscriptions) Subscription(ctx context.Context, of dataset.ID) (sub dataset.Subscription, err error) {
	defer fault.Wrap(&err, "datasetdb.Subscription(%s)", of)
	sub, err = scanSubscription(s.DB.QueryRowContext(ctx, `SELECT `+subscriptionColumns+` FROM dataset_subscription WHERE dataset = $1`, of).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return dataset.Subscription{}, nil
	}
	return sub, err
}

// Subscribe implements [dataset.Subscriptions].
func (s Subscriptions) Subscribe(ctx context.Context, by actor.Actor, sub dataset.Subscription) (err error) {
	defer fault.Wrap(&err, "datasetdb.Subscribe(%s)", sub.Dataset)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if _, err := findDataset(ctx, tx, by.Organisation, sub.Dataset); err != nil {
			return err
		}
		if err := saveSubscription(ctx, tx, sub, `address = excluded.address, etag = excluded.etag, modified = excluded.modified,
			fetched = excluded.fetched, known_blob = excluded.known_blob, looked = excluded.looked, every = excluded.every,
			due = excluded.due, fault = excluded.fault`); err != nil {
			return err
		}
		return outbox.Write(ctx, tx, Datasets(s).said(by, "dataset.subscribed", sub.Dataset, map[string]any{"address": sub.Origin.Address, "every": sub.Every}))
	})
}

// Looked implements [dataset.Subscriptions].
func (s Subscriptions) Looked(ctx context.Context, sub dataset.Subscription) (err error) {
	defer fault.Wrap(&err, "datasetdb.Looked(%s)", sub.Dataset)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		return saveSubscription(ctx, tx, sub, `etag = excluded.etag, modified = excluded.modified, fetched = excluded.fetched,
			known_blob = excluded.known_blob, looked = excluded.looked, fault = excluded.fault
			WHERE dataset_subscription.address = excluded.address`)
	})
}

// saveSubscription stores a row; again says what changes in one that is there.
func saveSubscription(ctx context.Context, tx *sql.Tx, sub dataset.Subscription, again string) error {
	failure, err := writeFault(sub.Fault)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO dataset_subscription (`+subscriptionColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (dataset) DO UPDATE SET `+again,
		sub.Dataset, sub.Organisation, sub.Origin.Address, sub.Origin.ETag, sub.Origin.Modified, db.Stamp(sub.Origin.At), sub.Blob,
		db.Stamp(sub.Looked), sub.Every, db.Stamp(sub.Due), failure)
	return err
}

// Due implements [dataset.Subscriptions].
func (s Subscriptions) Due(ctx context.Context, now time.Time, limit int) (subs []dataset.Subscription, err error) {
	defer fault.Wrap(&err, "datasetdb.Due")
	return db.Rows(ctx, s.DB, scanSubscription, `SELECT `+subscriptionColumns+` FROM dataset_subscription
		WHERE due <> '' AND due <= $1 ORDER BY due, dataset LIMIT $2`, db.Stamp(now), limit)
}

// Claim implements [dataset.Subscriptions].
func (s Subscriptions) Claim(ctx context.Context, sub dataset.Subscription, next time.Time) (mine bool, err error) {
	defer fault.Wrap(&err, "datasetdb.Claim(%s)", sub.Dataset)
	res, err := s.DB.ExecContext(ctx, `UPDATE dataset_subscription SET due = $1 WHERE dataset = $2 AND due = $3`, db.Stamp(next), sub.Dataset, db.Stamp(sub.Due))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}
