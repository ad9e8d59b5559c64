package griddb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/grid"
)

// Channel is the PostgreSQL channel on which a dataset whose grid moved is named to the other replicas, once its operation is committed.
// The name is only a hint: the log is the truth.
const Channel = "grid"

// A Store implements [grid.Log].
type Store struct {
	DB *db.DB
}

const opColumns = `o.seq, o.sent, o.at, o.person, o.name, o.credit, o.credit_name, o.kind, o.body`

func scanOp(row func(...any) error) (op grid.Op, err error) {
	var at, kind, body string
	if err = row(&op.Seq, &op.Key, &at, &op.Person, &op.Name, &op.Credit, &op.CreditName, &kind, &body); err != nil {
		return op, err
	}
	op.At = db.Time(at)
	err = json.Unmarshal([]byte(body), &op)
	op.Kind = grid.Kind(kind)
	return op, err
}

// After implements [grid.Log].
func (s *Store) After(ctx context.Context, of grid.Place, seq int64, limit int) (_ []grid.Op, err error) {
	defer fault.Wrap(&err, "griddb.After(%s, %d)", of.Dataset, seq)
	return after(ctx, s.DB, of, seq, limit)
}

// all is more than any log holds.
const all = 1 << 40

func after(ctx context.Context, q db.Querier, of grid.Place, seq int64, limit int) ([]grid.Op, error) {
	most := int64(limit)
	if limit <= 0 {
		most = all
	}
	return db.Rows(ctx, q, scanOp, `SELECT `+opColumns+` FROM grid_op o JOIN grid_log l ON l.dataset = o.dataset
		WHERE l.organisation = $1 AND o.dataset = $2 AND o.seq > $3 ORDER BY o.seq LIMIT $4`, of.Organisation, of.Dataset, seq, most)
}

// errKept says that nothing is to be stored, and that the number taken is given back.
var errKept = errors.New("griddb: nothing to store")

// Append implements [grid.Log].
func (s *Store) Append(ctx context.Context, of grid.Place, seq int64, key string, decide func([]grid.Op) (grid.Op, error)) (op grid.Op, err error) {
	defer fault.Wrap(&err, "griddb.Append(%s)", of.Dataset)
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		next, _, err := s.turn(ctx, tx, of, 1)
		if err != nil {
			return err
		}
		op, err = scanOp(tx.QueryRowContext(ctx, `SELECT `+opColumns+` FROM grid_op o WHERE o.dataset = $1 AND o.sent = $2`, of.Dataset, key).Scan)
		if err == nil {
			return errKept
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		since, err := after(ctx, tx, of, seq, 0)
		if err != nil {
			return err
		}
		if op, err = decide(since); err != nil {
			return err
		}
		if !op.Stored() {
			return errKept
		}
		op.Seq, op.Key = next, key
		return s.insert(ctx, tx, of, op)
	})
	if errors.Is(err, errKept) {
		return op, nil
	}
	op.At = db.Time(db.Stamp(op.At)) // as everybody else will read it
	return op, err
}

// turn makes the log of a dataset of the organisation if there is none, holds it until the end of the transaction, and takes numbers.
func (s *Store) turn(ctx context.Context, tx *sql.Tx, of grid.Place, ops int) (seq, pulse int64, err error) {
	update := func() error {
		return tx.QueryRowContext(ctx, `UPDATE grid_log SET seq = seq + $1, pulse = pulse + 1 WHERE dataset = $2 AND organisation = $3 RETURNING seq, pulse`,
			ops, of.Dataset, of.Organisation).Scan(&seq, &pulse)
	}
	if err = update(); !errors.Is(err, sql.ErrNoRows) {
		return seq, pulse, err
	}
	if _, err = tx.ExecContext(ctx, `INSERT INTO grid_log (dataset, organisation, seq, pulse)
		SELECT d.id, d.organisation, 0, 0 FROM dataset_dataset d WHERE d.id = $1 AND d.organisation = $2 ON CONFLICT (dataset) DO NOTHING`, of.Dataset, of.Organisation); err != nil {
		return 0, 0, err
	}
	if err = update(); errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "dataset.not_found")
	}
	return seq, pulse, err
}

func (s *Store) insert(ctx context.Context, tx *sql.Tx, of grid.Place, op grid.Op) error {
	body, err := json.Marshal(op)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO grid_op (dataset, seq, sent, at, person, name, credit, credit_name, kind, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		of.Dataset, op.Seq, op.Key, db.Stamp(op.At), op.Person, op.Name, op.Credit, op.CreditName, string(op.Kind), string(body))
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, of.Dataset)
}

// tell names the dataset to the other replicas: delivered with the commit, or never.
func (s *Store) tell(ctx context.Context, tx *sql.Tx, id grid.ID) error {
	if s.DB.Engine != db.Postgres {
		return nil
	}
	_, err := tx.ExecContext(ctx, `SELECT pg_notify($1, $2)`, Channel, string(id))
	return err
}

// Stand implements [grid.Log].
func (s *Store) Stand(ctx context.Context, of grid.Place, p grid.Presence) (err error) {
	defer fault.Wrap(&err, "griddb.Stand(%s)", of.Dataset)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if _, _, err := s.turn(ctx, tx, of, 0); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO grid_presence (dataset, person, name, place_row, place_column, at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (dataset, person) DO UPDATE SET name = excluded.name, place_row = excluded.place_row, place_column = excluded.place_column, at = excluded.at`,
			of.Dataset, p.Person, p.Name, p.Row, p.Column, db.Stamp(p.At)); err != nil {
			return err
		}
		return s.tell(ctx, tx, of.Dataset)
	})
}

// Leave implements [grid.Log].
func (s *Store) Leave(ctx context.Context, of grid.Place, person string, before time.Time) (err error) {
	defer fault.Wrap(&err, "griddb.Leave(%s)", of.Dataset)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if _, _, err := s.turn(ctx, tx, of, 0); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM grid_presence WHERE dataset = $1 AND (person = $2 OR at < $3)`, of.Dataset, person, db.Stamp(before)); err != nil {
			return err
		}
		return s.tell(ctx, tx, of.Dataset)
	})
}

// Here implements [grid.Log].
func (s *Store) Here(ctx context.Context, of grid.Place, since time.Time) (pulse int64, here []grid.Presence, err error) {
	defer fault.Wrap(&err, "griddb.Here(%s)", of.Dataset)
	err = s.DB.QueryRowContext(ctx, `SELECT pulse FROM grid_log WHERE dataset = $1 AND organisation = $2`, of.Dataset, of.Organisation).Scan(&pulse)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, err
	}
	here, err = db.Rows(ctx, s.DB, scanPresence, `SELECT p.person, p.name, p.place_row, p.place_column, p.at FROM grid_presence p JOIN grid_log l ON l.dataset = p.dataset
		WHERE l.organisation = $1 AND p.dataset = $2 AND p.at >= $3 ORDER BY p.name, p.person`, of.Organisation, of.Dataset, db.Stamp(since))
	return pulse, here, err
}

func scanPresence(row func(...any) error) (p grid.Presence, err error) {
	var at string
	err = row(&p.Person, &p.Name, &p.Row, &p.Column, &at)
	p.At = db.Time(at)
	return p, err
}

// Forget implements [grid.Log].
func (s *Store) Forget(ctx context.Context, organisation, person string) (err error) {
	defer fault.Wrap(&err, "griddb.Forget")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		for _, q := range []string{
			`UPDATE grid_op SET person = '', name = '' WHERE person = $2 AND dataset IN (SELECT dataset FROM grid_log WHERE organisation = $1)`,
			`UPDATE grid_op SET credit = '', credit_name = '' WHERE credit = $2 AND dataset IN (SELECT dataset FROM grid_log WHERE organisation = $1)`,
			`DELETE FROM grid_presence WHERE person = $2 AND dataset IN (SELECT dataset FROM grid_log WHERE organisation = $1)`,
		} {
			if _, err := tx.ExecContext(ctx, q, organisation, person); err != nil {
				return err
			}
		}
		return nil
	})
}
