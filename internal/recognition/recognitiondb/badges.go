package recognitiondb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/recognition"
)

// stamped writes a moment, "" for none.
func stamped(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return db.Stamp(t)
}

// moment reads what stamped wrote.
func moment(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	return db.Time(s)
}

// listed writes works as a list, an empty one for none.
func listed(works []string) (string, error) {
	raw, err := json.Marshal(append([]string{}, works...))
	return string(raw), err
}

const badgeColumns = `id, organisation, offer, person, given_by, lang, at, until, list, place, credential, token, standing, changed, changed_by, note, works`

func scanBadge(row func(...any) error) (b recognition.Issued, err error) {
	var at, until, credential, changed, works string
	err = row(&b.ID, &b.Organisation, &b.Offer, &b.Person, &b.By, &b.Lang, &at, &until, &b.List, &b.Place, &credential, &b.Token, &b.Standing, &changed, &b.ChangedBy, &b.Note, &works)
	b.At, b.Until, b.Changed = db.Time(at), moment(until), moment(changed)
	if credential != "" {
		b.Credential = []byte(credential)
	}
	if err == nil {
		err = json.Unmarshal([]byte(works), &b.Works)
	}
	return b, err
}

// Give implements [recognition.Badges].
func (s *Store) Give(ctx context.Context, by actor.Actor, b recognition.Issued, request string) (err error) {
	defer fault.Wrap(&err, "recognitiondb.Give")
	works, err := listed(b.Works)
	if err != nil {
		return err
	}
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if err := s.makeRoom(ctx, tx, b); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO recognition_badge (`+badgeColumns+`, newest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1)`,
			b.ID, b.Organisation, b.Offer, b.Person, b.By, b.Lang, db.Stamp(b.At), stamped(b.Until), b.List, b.Place, string(b.Credential), b.Token, int(b.Standing), "", "", "", works)
		if err != nil {
			return err
		}
		if request != "" {
			res, err := tx.ExecContext(ctx, `UPDATE recognition_request SET state = $1, closed_by = $2, closed = $3, badge = $4
				WHERE organisation = $5 AND id = $6 AND state = 'waiting'`, string(recognition.Granted), by.ID, db.Stamp(b.At), b.ID, b.Organisation, request)
			if err := db.Touched(res, err, fault.New(fault.Conflict, "recognition.request_closed")); err != nil {
				return err
			}
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: "recognition.log_given", Subject: "badge:" + b.ID, Detail: map[string]any{"offer": b.Offer, "person": b.Person}})
	})
	if db.Duplicate(err) { // the next try tells whether it is the place or the person
		return fault.New(fault.Conflict, "recognition.place_taken").Because(err)
	}
	return err
}

// makeRoom lets a badge that is over, or nearly, give way to a newer one. Fault: Conflict "recognition.holds_already".
func (s *Store) makeRoom(ctx context.Context, tx *sql.Tx, b recognition.Issued) error {
	list, err := db.Rows(ctx, tx, scanBadge, `SELECT `+badgeColumns+` FROM recognition_badge WHERE organisation = $1 AND offer = $2 AND person = $3 AND newest = 1`,
		b.Organisation, b.Offer, b.Person)
	if err != nil {
		return err
	}
	for _, old := range list {
		if !old.Renewable(b.At) {
			return fault.New(fault.Conflict, "recognition.holds_already")
		}
		if _, err := tx.ExecContext(ctx, `UPDATE recognition_badge SET newest = 0 WHERE id = $1`, old.ID); err != nil {
			return err
		}
	}
	return nil
}

func findBadge(ctx context.Context, q db.Querier, id string) (recognition.Issued, error) {
	b, err := scanBadge(q.QueryRowContext(ctx, `SELECT `+badgeColumns+` FROM recognition_badge WHERE id = $1`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return b, fault.New(fault.NotFound, "recognition.no_badge")
	}
	return b, err
}

// Badge implements [recognition.Badges].
func (s *Store) Badge(ctx context.Context, id string) (_ recognition.Issued, err error) {
	defer fault.Wrap(&err, "recognitiondb.Badge")
	return findBadge(ctx, s.DB, id)
}

// List implements [recognition.Badges].
func (s *Store) List(ctx context.Context, organisation, person string) (_ []recognition.Issued, err error) {
	defer fault.Wrap(&err, "recognitiondb.List")
	return db.Rows(ctx, s.DB, scanBadge, `SELECT `+badgeColumns+` FROM recognition_badge WHERE organisation = $1 AND person <> '' AND (person = $2 OR $2 = '')
		ORDER BY at DESC, id LIMIT 200`, organisation, person)
}

// Stand implements [recognition.Badges].
func (s *Store) Stand(ctx context.Context, by actor.Actor, id string, fn func(*recognition.Issued) error) (err error) {
	defer fault.Wrap(&err, "recognitiondb.Stand")
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		b, err := findBadge(ctx, tx, id)
		if err != nil {
			return err
		}
		before := b.Standing
		if err := fn(&b); err != nil || b.Standing == before {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE recognition_badge SET standing = $1, changed = $2, changed_by = $3, note = $4 WHERE id = $5 AND standing = $6`,
			int(b.Standing), stamped(b.Changed), b.ChangedBy, b.Note, id, int(before))
		if err := db.Touched(res, err, db.Stale); err != nil {
			return err
		}
		verb := "recognition.log_revoked"
		switch b.Standing {
		case recognition.Paused:
			verb = "recognition.log_paused"
		case recognition.Holds:
			verb = "recognition.log_resumed"
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: verb, Subject: "badge:" + id, Detail: map[string]any{"offer": b.Offer, "person": b.Person}})
	})
}

// Taken implements [recognition.Badges].
func (s *Store) Taken(ctx context.Context, organisation string, list int) (_ recognition.Revocations, used int, err error) {
	defer fault.Wrap(&err, "recognitiondb.Taken")
	type one struct {
		place int
		why   recognition.Reason
	}
	rows, err := db.Rows(ctx, s.DB, func(row func(...any) error) (o one, err error) {
		err = row(&o.place, &o.why)
		return o, err
	}, `SELECT place, standing FROM recognition_badge WHERE organisation = $1 AND list = $2 AND standing <> 0 ORDER BY place`, organisation, list)
	if err != nil {
		return nil, 0, err
	}
	taken := recognition.Revocations{}
	for _, o := range rows {
		taken[o.place] = o.why
	}
	err = s.DB.QueryRowContext(ctx, `SELECT COUNT(*) FROM recognition_badge WHERE organisation = $1 AND list = $2`, organisation, list).Scan(&used)
	return taken, used, err
}

// LastList implements [recognition.Badges].
func (s *Store) LastList(ctx context.Context, organisation string) (n int, err error) {
	defer fault.Wrap(&err, "recognitiondb.LastList")
	err = s.DB.QueryRowContext(ctx, `SELECT COALESCE(MAX(list), 0) FROM recognition_badge WHERE organisation = $1`, organisation).Scan(&n)
	return n, err
}
