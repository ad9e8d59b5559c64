package recognitiondb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/recognition"
)

const requestColumns = `id, organisation, offer, person, lang, at, note, evidence, state, closed_by, answer, closed, badge, works`

func scanRequest(row func(...any) error) (r recognition.Request, err error) {
	var at, evidence, closed, works string
	if err = row(&r.ID, &r.Organisation, &r.Offer, &r.Person, &r.Lang, &at, &r.Note, &evidence, &r.State, &r.By, &r.Answer, &closed, &r.Badge, &works); err != nil {
		return r, err
	}
	r.At, r.Closed = db.Time(at), moment(closed)
	return r, errors.Join(json.Unmarshal([]byte(evidence), &r.Evidence), json.Unmarshal([]byte(works), &r.Works))
}

// Ask implements [recognition.Requests]. That somebody asks is theirs and of those who answer: the organisation's log does not tell it.
func (s *Store) Ask(ctx context.Context, _ actor.Actor, r recognition.Request) (err error) {
	defer fault.Wrap(&err, "recognitiondb.Ask")
	evidence, err1 := json.Marshal(r.Evidence)
	works, err2 := listed(r.Works)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `INSERT INTO recognition_request (`+requestColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', '', '', $10)`,
		r.ID, r.Organisation, r.Offer, r.Person, r.Lang, db.Stamp(r.At), r.Note, string(evidence), string(r.State), works)
	if db.Duplicate(err) {
		return fault.New(fault.Conflict, "recognition.asked_already").Because(err)
	}
	return err
}

// Request implements [recognition.Requests].
func (s *Store) Request(ctx context.Context, organisation, id string) (_ recognition.Request, err error) {
	defer fault.Wrap(&err, "recognitiondb.Request")
	r, err := scanRequest(s.DB.QueryRowContext(ctx, `SELECT `+requestColumns+` FROM recognition_request WHERE organisation = $1 AND id = $2`, organisation, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return r, fault.New(fault.NotFound, "recognition.no_request")
	}
	return r, err
}

// Requests implements [recognition.Requests].
func (s *Store) Requests(ctx context.Context, organisation, person string) (_ []recognition.Request, err error) {
	defer fault.Wrap(&err, "recognitiondb.Requests")
	return db.Rows(ctx, s.DB, scanRequest, `SELECT `+requestColumns+` FROM recognition_request WHERE organisation = $1 AND (person = $2 OR $2 = '' AND state = 'waiting')
		ORDER BY id DESC LIMIT 200`, organisation, person)
}

// Close implements [recognition.Requests].
func (s *Store) Close(ctx context.Context, by actor.Actor, r recognition.Request) (err error) {
	defer fault.Wrap(&err, "recognitiondb.Close")
	res, err := s.DB.ExecContext(ctx, `UPDATE recognition_request SET state = $1, closed_by = $2, answer = $3, closed = $4 WHERE organisation = $5 AND id = $6 AND state = 'waiting'`,
		string(r.State), by.ID, r.Answer, db.Stamp(r.Closed), r.Organisation, r.ID)
	return db.Touched(res, err, fault.New(fault.Conflict, "recognition.request_closed"))
}

// Forget implements [recognition.Requests].
func (s *Store) Forget(ctx context.Context, organisation, person string) (err error) {
	defer fault.Wrap(&err, "recognitiondb.Forget")
	if person == "" {
		return nil
	}
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM recognition_request WHERE organisation = $1 AND person = $2`, organisation, person); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM recognition_endorsement WHERE organisation = $1 AND (person = $2 OR badge IN (SELECT id FROM recognition_badge WHERE organisation = $1 AND person = $2))`,
			organisation, person)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE recognition_badge SET person = '', credential = '', token = '', note = '', works = '[]', newest = 0 WHERE organisation = $1 AND person = $2`,
			organisation, person)
		return err
	})
}
