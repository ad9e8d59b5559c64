package datasetdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/db"
	"cultured/internal/fault"
)

// A Store implements the stores of the dataset room. Enqueue queues a job in the transaction of the change it follows
// from, and returns its id.
type Store struct {
	DB      *db.DB
	Enqueue func(ctx context.Context, tx *sql.Tx, check dataset.CheckID) (job string, err error)
	// EnqueueFetch does so for a check whose file has yet to be fetched.
	EnqueueFetch func(ctx context.Context, tx *sql.Tx, check dataset.CheckID) (job string, err error)
	Now          func() time.Time
}

const checkColumns = `id, at, expires, organisation, person, person_name, source, previous, state, job, fault, outcome, for_dataset, base, why, package, place`

func scanCheck(row func(...any) error) (c dataset.Check, err error) {
	var at, expires, source, previous, failure, outcome string
	err = row(&c.ID, &at, &expires, &c.Organisation, &c.By, &c.ByName, &source, &previous, &c.State, &c.Job, &failure, &outcome, &c.For, &c.Base, &c.Why, &c.Package, &c.Place)
	if err != nil {
		return c, err
	}
	c.At, c.Expires = db.Time(at), db.Time(expires)
	c.Fault, err = readFault(failure)
	return c, errors.Join(err, json.Unmarshal([]byte(source), &c.Source), json.Unmarshal([]byte(previous), &c.Previous), json.Unmarshal([]byte(outcome), &c.Outcome))
}

// Add implements [dataset.Checks].
func (s *Store) Add(ctx context.Context, all ...dataset.Check) (job string, err error) {
	defer fault.Wrap(&err, "datasetdb.Add(%d)", len(all))
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) (err error) {
		job, err = s.add(ctx, tx, all)
		return err
	})
	return job, err
}

// add stores checks with their jobs, and returns that of the first.
func (s *Store) add(ctx context.Context, tx *sql.Tx, all []dataset.Check) (first string, err error) {
	for i, c := range all {
		src, prev, out, err := encode(c)
		if err != nil {
			return "", err
		}
		job, err := s.queue(ctx, tx, c.ID, c.Source.Blob)
		if err != nil {
			return "", err
		}
		if i == 0 {
			first = job
		}
		if _, err = tx.ExecContext(ctx, `INSERT INTO dataset_check (`+checkColumns+`, source_blob, table_blob, finding_blob, bytes)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, $12, $13, $14, $15, $16, $17, '', '', $18)`,
			c.ID, db.Stamp(c.At), db.Stamp(c.Expires), c.Organisation, c.By, c.ByName, src, prev, dataset.Running, job, out,
			c.For, c.Base, c.Why, c.Package, c.Place, c.Source.Blob, c.Source.Bytes); err != nil {
			return "", err
		}
	}
	return first, nil
}

// Tables implements [dataset.Packages].
func (s *Store) Tables(ctx context.Context, of dataset.CheckID) (_ []dataset.Check, err error) {
	defer fault.Wrap(&err, "datasetdb.Tables(%s)", of)
	return db.Rows(ctx, s.DB, scanCheck, `SELECT `+checkColumns+` FROM dataset_check WHERE package = $1 AND package <> '' ORDER BY place, id`, of)
}

// queue adds the job a check waits for: its file, when that is not here, or its examination.
func (s *Store) queue(ctx context.Context, tx *sql.Tx, id dataset.CheckID, blob string) (string, error) {
	if blob == "" {
		return s.EnqueueFetch(ctx, tx, id)
	}
	return s.Enqueue(ctx, tx, id)
}

func encode(c dataset.Check) (source, previous, outcome string, err error) {
	a, err1 := json.Marshal(c.Source)
	b, err2 := json.Marshal(c.Previous)
	o, err3 := json.Marshal(c.Outcome)
	return string(a), string(b), string(o), errors.Join(err1, err2, err3)
}

// Find implements [dataset.Checks].
func (s *Store) Find(ctx context.Context, id dataset.CheckID) (c dataset.Check, err error) {
	defer fault.Wrap(&err, "datasetdb.Find(%s)", id)
	c, err = scanCheck(s.DB.QueryRowContext(ctx, `SELECT `+checkColumns+` FROM dataset_check WHERE id = $1`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return c, fault.New(fault.NotFound, "dataset.check_gone")
	}
	return c, err
}

// Again implements [dataset.Checks].
func (s *Store) Again(ctx context.Context, c dataset.Check) (job string, err error) {
	defer fault.Wrap(&err, "datasetdb.Again(%s)", c.ID)
	src, prev, _, err := encode(c)
	if err != nil {
		return "", err
	}
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) (err error) {
		if job, err = s.queue(ctx, tx, c.ID, c.Source.Blob); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE dataset_check
			SET source = $1, previous = $2, state = $3, job = $4, fault = '', expires = $5, source_blob = $6
			WHERE id = $7 AND state <> $3`,
			src, prev, dataset.Running, job, db.Stamp(c.Expires), c.Source.Blob, c.ID)
		return db.Touched(res, err, fault.New(fault.Conflict, "dataset.check_running"))
	})
	return job, err
}

// Finish implements [dataset.Checks].
func (s *Store) Finish(ctx context.Context, c dataset.Check) (err error) {
	defer fault.Wrap(&err, "datasetdb.Finish(%s)", c.ID)
	_, _, out, err := encode(c)
	if err != nil {
		return err
	}
	failure, err := writeFault(c.Fault)
	if err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `UPDATE dataset_check
		SET state = $1, fault = $2, outcome = $3, table_blob = $4, finding_blob = $5
		WHERE id = $6 AND state = $7`,
		c.State, failure, out, c.Outcome.Table, c.Outcome.Findings, c.ID, dataset.Running)
	return err
}

// Drop implements [dataset.Checks].
func (s *Store) Drop(ctx context.Context, id dataset.CheckID) (err error) {
	defer fault.Wrap(&err, "datasetdb.Drop(%s)", id)
	_, err = s.DB.ExecContext(ctx, `DELETE FROM dataset_check WHERE id = $1`, id)
	return err
}

// grace is how long past its time a check may still run: its job will end it, unless the job itself was lost.
const grace = 24 * time.Hour

// Expired implements [dataset.Checks].
func (s *Store) Expired(ctx context.Context, now time.Time, limit int) (ids []dataset.CheckID, err error) {
	defer fault.Wrap(&err, "datasetdb.Expired")
	return db.Rows(ctx, s.DB, func(row func(...any) error) (id dataset.CheckID, err error) { return id, row(&id) },
		`SELECT id FROM dataset_check WHERE expires < $1 AND (state <> $2 OR expires < $3) ORDER BY expires, id LIMIT $4`,
		db.Stamp(now), dataset.Running, db.Stamp(now.Add(-grace)), limit)
}

// Revive implements [dataset.Checks].
func (s *Store) Revive(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "datasetdb.Revive")
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		type waiting struct {
			id   dataset.CheckID
			blob string
		}
		all, err := db.Rows(ctx, tx, func(row func(...any) error) (w waiting, err error) { return w, row(&w.id, &w.blob) },
			`SELECT id, source_blob FROM dataset_check WHERE state = $1 ORDER BY id`, dataset.Running)
		if err != nil {
			return err
		}
		for _, w := range all {
			job, err := s.queue(ctx, tx, w.id, w.blob)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE dataset_check SET job = $1 WHERE id = $2`, job, w.id); err != nil {
				return err
			}
		}
		n = len(all)
		return nil
	})
	return n, err
}

// storedFault is a fault without its cause, which stays in the log.
type storedFault struct {
	Kind  fault.Kind `json:"kind"`
	Key   string     `json:"key"`
	Field string     `json:"field,omitempty"`
	Args  []any      `json:"args,omitempty"`
}

func writeFault(f *fault.Error) (string, error) {
	if f == nil {
		return "", nil
	}
	b, err := json.Marshal(stored(f))
	return string(b), err
}

// stored is a fault as it is kept; those among its arguments likewise.
func stored(f *fault.Error) storedFault {
	out := storedFault{f.Kind, f.Key, f.Field, slices.Clone(f.Args)}
	for i, a := range out.Args {
		if inner, ok := a.(*fault.Error); ok {
			out.Args[i] = stored(inner)
		}
	}
	return out
}

// readFault gives whole numbers back as int64, so that plurals still work, and faults among the arguments as such.
func readFault(s string) (*fault.Error, error) {
	if s == "" {
		return nil, nil
	}
	var f storedFault
	if err := json.Unmarshal([]byte(s), &f); err != nil {
		return nil, err
	}
	for i, a := range f.Args {
		switch a := a.(type) {
		case float64:
			if a == float64(int64(a)) {
				f.Args[i] = int64(a)
			}
		case map[string]any:
			raw, err := json.Marshal(a)
			if err != nil {
				return nil, err
			}
			if f.Args[i], err = readFault(string(raw)); err != nil {
				return nil, err
			}
		}
	}
	return &fault.Error{Kind: f.Kind, Key: f.Key, Field: f.Field, Args: f.Args}, nil
}
