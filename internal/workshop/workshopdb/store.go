package workshopdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/workshop"
)

// Channel is the PostgreSQL channel on which a session that moved is named to the other replicas, once its operation is
// committed. The name is only a hint: the log is the truth.
const Channel = "workshop"

// A Store implements [workshop.Sessions] and [workshop.Log].
type Store struct {
	DB *db.DB
}

const columns = `id, organisation, owner, title, code, template, created`

func scan(row func(...any) error) (s workshop.Session, err error) {
	var template, created string
	if err = row(&s.ID, &s.Organisation, &s.Owner, &s.Title, &s.Code, &template, &created); err != nil {
		return s, err
	}
	s.Created = db.Time(created)
	return s, json.Unmarshal([]byte(template), &s.Template)
}

// Add implements [workshop.Sessions].
func (s *Store) Add(ctx context.Context, sess workshop.Session) (err error) {
	defer fault.Wrap(&err, "workshopdb.Add(%s)", sess.ID)
	template, err := json.Marshal(sess.Template)
	if err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `INSERT INTO workshop_session (id, organisation, owner, title, code, template, created, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
		sess.ID, sess.Organisation, sess.Owner, sess.Title, sess.Code, string(template), db.Stamp(sess.Created))
	if db.Duplicate(err) {
		return fault.New(fault.Conflict, "workshop.code_taken").Because(err)
	}
	return err
}

func one(row *sql.Row, key string) (workshop.Session, error) {
	sess, err := scan(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return sess, fault.New(fault.NotFound, key)
	}
	return sess, err
}

// Find implements [workshop.Sessions].
func (s *Store) Find(ctx context.Context, id workshop.ID) (_ workshop.Session, err error) {
	defer fault.Wrap(&err, "workshopdb.Find(%s)", id)
	return one(s.DB.QueryRowContext(ctx, `SELECT `+columns+` FROM workshop_session WHERE id = $1`, id), "workshop.not_found")
}

// ByCode implements [workshop.Sessions].
func (s *Store) ByCode(ctx context.Context, code string) (_ workshop.Session, err error) {
	defer fault.Wrap(&err, "workshopdb.ByCode")
	return one(s.DB.QueryRowContext(ctx, `SELECT `+columns+` FROM workshop_session WHERE code = $1`, code), "workshop.no_such_code")
}

// Of implements [workshop.Sessions].
func (s *Store) Of(ctx context.Context, organisation string) (_ []workshop.Session, err error) {
	defer fault.Wrap(&err, "workshopdb.Of(%s)", organisation)
	return db.Rows(ctx, s.DB, scan, `SELECT `+columns+` FROM workshop_session WHERE organisation = $1 ORDER BY created DESC, id DESC`, organisation)
}

// Replan implements [workshop.Sessions]. The number of the next operation is what tells a session in which something happened, and
// whoever appends one waits for this row: neither can come in between.
func (s *Store) Replan(ctx context.Context, id workshop.ID, title string, t workshop.Template) (err error) {
	defer fault.Wrap(&err, "workshopdb.Replan(%s)", id)
	template, err := json.Marshal(t)
	if err != nil {
		return err
	}
	if _, err := s.Find(ctx, id); err != nil {
		return err
	}
	res, err := s.DB.ExecContext(ctx, `UPDATE workshop_session SET title = $1, template = $2 WHERE id = $3 AND seq = 0`, title, string(template), id)
	return db.Touched(res, err, fault.New(fault.Conflict, "workshop.begun_already"))
}

func scanOp(row func(...any) error) (op workshop.Op, err error) {
	var at, body string
	if err = row(&op.Seq, &op.Key, &at, &body); err != nil {
		return op, err
	}
	op.At = db.Time(at)
	return op, json.Unmarshal([]byte(body), &op)
}

// After implements [workshop.Log].
func (s *Store) After(ctx context.Context, id workshop.ID, seq int64) (_ []workshop.Op, err error) {
	defer fault.Wrap(&err, "workshopdb.After(%s, %d)", id, seq)
	return after(ctx, s.DB, id, seq)
}

func after(ctx context.Context, q db.Querier, id workshop.ID, seq int64) ([]workshop.Op, error) {
	return db.Rows(ctx, q, scanOp, `SELECT seq, sent, at, body FROM workshop_op WHERE session = $1 AND seq > $2 ORDER BY seq`, id, seq)
}

// errSent says that the operation was stored before: the number taken for it is given back.
var errSent = errors.New("workshopdb: sent before")

// Append implements [workshop.Log].
func (s *Store) Append(ctx context.Context, id workshop.ID, seq int64, key string, decide func([]workshop.Op) (workshop.Op, error)) (op workshop.Op, err error) {
	defer fault.Wrap(&err, "workshopdb.Append(%s)", id)
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		var next int64
		err := tx.QueryRowContext(ctx, `UPDATE workshop_session SET seq = seq + 1 WHERE id = $1 RETURNING seq`, id).Scan(&next)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "workshop.not_found")
		}
		if err != nil {
			return err
		}
		op, err = scanOp(tx.QueryRowContext(ctx, `SELECT seq, sent, at, body FROM workshop_op WHERE session = $1 AND sent = $2`, id, key).Scan)
		if err == nil {
			return errSent
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		since, err := after(ctx, tx, id, seq)
		if err != nil {
			return err
		}
		if op, err = decide(since); err != nil {
			return err
		}
		op.Seq, op.Key = next, key
		switch op.Kind {
		case workshop.Forget:
			err = forget(ctx, tx, id, op)
		case workshop.Close:
			err = closing(ctx, tx, id, op)
		}
		if err != nil {
			return err
		}
		return s.insert(ctx, tx, id, op)
	})
	if errors.Is(err, errSent) {
		return op, nil
	}
	op.At = db.Time(db.Stamp(op.At)) // as everybody else will read it
	return op, err
}

func (s *Store) insert(ctx context.Context, tx *sql.Tx, id workshop.ID, op workshop.Op) error {
	body, err := json.Marshal(op)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO workshop_op (session, seq, sent, at, body) VALUES ($1, $2, $3, $4, $5)`,
		id, op.Seq, op.Key, db.Stamp(op.At), string(body))
	if err != nil || s.DB.Engine != db.Postgres {
		return err
	}
	_, err = tx.ExecContext(ctx, `SELECT pg_notify($1, $2)`, Channel, string(id)) // delivered with the commit, or never
	return err
}
