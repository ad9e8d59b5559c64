package formdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/outbox"
)

func unreferenced(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "form.no_reference")
	}
	return err
}

func answer(ctx context.Context, q db.Querier, organisation string, of form.ID, id form.AnswerID) (form.Answer, error) {
	a, err := scanAnswer(q.QueryRowContext(ctx, answerColumns+`WHERE organisation = $1 AND form = $2 AND id = $3`, organisation, of, id).Scan)
	return a, unreferenced(err)
}

// Answer implements [form.Replies].
func (s *Store) Answer(ctx context.Context, organisation string, of form.ID, id form.AnswerID) (_ form.Answer, err error) {
	defer fault.Wrap(&err, "formdb.Answer(%s)", of)
	return answer(ctx, s.DB, organisation, of, id)
}

func scanStep(row func(...any) error) (one form.Step, err error) {
	var at string
	err = row(&one.Number, &at, &one.Person, &one.Kind, &one.Text)
	one.At = db.Time(at)
	return one, err
}

func steps(ctx context.Context, q db.Querier, of form.ID, id form.AnswerID) ([]form.Step, error) {
	return db.Rows(ctx, q, scanStep, `SELECT number, at, person, kind, body FROM form_step WHERE form = $1 AND answer = $2 ORDER BY number`, of, id)
}

// Steps implements [form.Replies].
func (s *Store) Steps(ctx context.Context, of form.ID, id form.AnswerID) (_ []form.Step, err error) {
	defer fault.Wrap(&err, "formdb.Steps(%s)", of)
	return steps(ctx, s.DB, of, id)
}

// Treat implements [form.Replies].
func (s *Store) Treat(ctx context.Context, by actor.Actor, of form.ID, id form.AnswerID, fn func(*form.Answer, []form.Step) ([]form.Step, error)) (a form.Answer, err error) {
	defer fault.Wrap(&err, "formdb.Treat(%s)", of)
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		before, err := answer(ctx, tx, by.Organisation, of, id)
		if err != nil {
			return err
		}
		past, err := steps(ctx, tx, of, id)
		if err != nil {
			return err
		}
		a = before
		made, err := fn(&a, past)
		if err != nil || len(made) == 0 {
			return err
		}
		a.Revision = before.Revision + 1
		res, err := tx.ExecContext(ctx, `UPDATE form_answer SET state = $1, assignee = $2, due = $3, revision = $4 WHERE form = $5 AND id = $6 AND revision = $7`,
			a.State, a.Assignee, a.Due, a.Revision, of, id, before.Revision)
		if err := db.Touched(res, err, db.Stale); err != nil {
			return err
		}
		now := s.Now()
		var numbers []int
		for i, one := range made {
			numbers = append(numbers, len(past)+i+1)
			_, err := tx.ExecContext(ctx, `INSERT INTO form_step (form, answer, number, at, person, kind, body) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				of, id, numbers[i], db.Stamp(now), by.ID, one.Kind, one.Text)
			if err != nil {
				return err
			}
		}
		verb := "form.log_treated"
		if by.ID == "" {
			verb = "form.log_written"
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: now, By: by, Verb: verb, Subject: "form:" + string(of), Detail: map[string]any{"reference": a.Reference, "state": a.State, "answer": id, "steps": numbers}})
	})
	return a, err
}

// Versions implements [form.Keeper].
func (s *Store) Versions(ctx context.Context) (_ []form.Form, err error) {
	defer fault.Wrap(&err, "formdb.Versions")
	return db.Rows(ctx, s.DB, scan, `SELECT i.id, i.organisation, v.body FROM form_version v JOIN form_item i ON i.id = v.form ORDER BY v.form, v.number`)
}

// Erase implements [form.Keeper].
func (s *Store) Erase(ctx context.Context, f form.Form, names []string, before time.Time) (n int, err error) {
	defer fault.Wrap(&err, "formdb.Erase(%s)", f.ID)
	old, err := db.Rows(ctx, s.DB, scanAnswer, answerColumns+`WHERE form = $1 AND version = $2 AND at <= $3 ORDER BY at, id`, f.ID, f.Version, db.Stamp(before))
	if err != nil {
		return 0, err
	}
	for _, a := range old {
		if !form.Strip(a.Values, names) {
			continue
		}
		raw, err := json.Marshal(a.Values)
		if err != nil {
			return n, err
		}
		err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, `UPDATE form_answer SET body = $1 WHERE form = $2 AND id = $3`, string(raw), f.ID, a.ID); err != nil {
				return err
			}
			if err := loosen(ctx, tx, f.ID, a.ID, names); err != nil {
				return err
			}
			return s.tellErased(ctx, tx, a, erasure{actor.Actor{Organisation: f.Organisation}, "form.log_expired", map[string]any{"title": f.Title, "questions": names, "months": f.Retention(names)}})
		})
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// An erasure is who erased something, how that is called, and the rule it follows, if any.
type erasure struct {
	by   actor.Actor
	verb string
	rule map[string]any
}

// tellErased says that an answer lost something, and by which rule, never what it was.
func (s *Store) tellErased(ctx context.Context, tx *sql.Tx, a form.Answer, e erasure) error {
	detail := map[string]any{"reference": a.Reference}
	maps.Copy(detail, e.rule)
	return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: e.by, Verb: e.verb, Subject: "form:" + string(a.Form), Detail: detail})
}

// Due implements [form.Keeper].
func (s *Store) Due(ctx context.Context, f form.Form, names []string, before time.Time) (n int, first time.Time, err error) {
	defer fault.Wrap(&err, "formdb.Due(%s)", f.ID)
	old, err := db.Rows(ctx, s.DB, scanAnswer, answerColumns+`WHERE form = $1 AND version = $2 AND at <= $3 ORDER BY at, id`, f.ID, f.Version, db.Stamp(before))
	for _, a := range old {
		if form.Strip(a.Values, names) {
			if n++; n == 1 {
				first = a.At
			}
		}
	}
	return n, first, err
}

// Hush implements [form.Keeper].
func (s *Store) Hush(ctx context.Context, f form.Form, before time.Time) (err error) {
	defer fault.Wrap(&err, "formdb.Hush(%s)", f.ID)
	_, err = s.DB.ExecContext(ctx, `UPDATE form_step SET body = '' WHERE form = $1 AND kind IN ('message', 'note') AND body <> '' AND answer IN
		(SELECT id FROM form_answer WHERE form = $1 AND version = $2 AND at <= $3)`, f.ID, f.Version, db.Stamp(before))
	return err
}

// Delete implements [form.Keeper].
func (s *Store) Delete(ctx context.Context, by actor.Actor, of form.ID, id form.AnswerID) (err error) {
	defer fault.Wrap(&err, "formdb.Delete(%s)", of)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		a, err := answer(ctx, tx, by.Organisation, of, id)
		if err != nil {
			return err
		}
		if err := loosen(ctx, tx, of, id, nil); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM form_answer WHERE form = $1 AND id = $2`, of, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE form_item SET fed = -1 WHERE id = $1`, of); err != nil { // its dataset holds one too many
			return err
		}
		return s.tellErased(ctx, tx, a, erasure{by: by, verb: "form.log_erased"})
	})
}
