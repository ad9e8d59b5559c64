package formdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/outbox"
)

// A Store implements [form.Store], [form.Replies], [form.Keeper], [form.Feeder] and [form.Files].
type Store struct {
	DB  *db.DB
	Now func() time.Time
}

func scan(row func(...any) error) (f form.Form, err error) {
	var id, organisation, raw string
	if err = row(&id, &organisation, &raw); err != nil {
		return f, err
	}
	err = json.Unmarshal([]byte(raw), &f)
	f.ID, f.Organisation = form.ID(id), organisation
	return f, err
}

func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "form.not_found")
	}
	return err
}

func find(ctx context.Context, q db.Querier, organisation string, id form.ID) (form.Form, error) {
	f, err := scan(q.QueryRowContext(ctx, `SELECT id, organisation, body FROM form_item WHERE organisation = $1 AND id = $2`, organisation, id).Scan)
	return f, missing(err)
}

// Create implements [form.Store].
func (s *Store) Create(ctx context.Context, by actor.Actor, f form.Form) (err error) {
	defer fault.Wrap(&err, "formdb.Create(%s)", f.ID)
	raw, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO form_item (id, organisation, created, revision, taken, body, line, offered) VALUES ($1, $2, $3, $4, 0, $5, $6, $7)`,
			f.ID, f.Organisation, db.Stamp(f.Created), f.Revision, string(raw), f.Line(), flag(f.Offered))
		if err != nil {
			return err
		}
		return s.tell(ctx, tx, by, f, "form.log_created")
	})
}

func (s *Store) tell(ctx context.Context, tx *sql.Tx, by actor.Actor, f form.Form, verb string) error {
	return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: verb, Subject: "form:" + string(f.ID),
		Detail: map[string]any{"title": f.Title, "version": f.Version}})
}

// List implements [form.Store].
func (s *Store) List(ctx context.Context, organisation string) (_ []form.Form, err error) {
	defer fault.Wrap(&err, "formdb.List")
	return db.Rows(ctx, s.DB, scan, `SELECT id, organisation, body FROM form_item WHERE organisation = $1 ORDER BY created, id`, organisation)
}

// Offered implements [form.Store].
func (s *Store) Offered(ctx context.Context) (_ []form.Form, err error) {
	defer fault.Wrap(&err, "formdb.Offered")
	return db.Rows(ctx, s.DB, scan, `SELECT id, organisation, body FROM form_item WHERE offered = 1 ORDER BY created, id`)
}

// Sharing implements [form.Store].
func (s *Store) Sharing(ctx context.Context, line form.ID) (_ []form.Form, err error) {
	defer fault.Wrap(&err, "formdb.Sharing(%s)", line)
	return db.Rows(ctx, s.DB, scan, `SELECT id, organisation, body FROM form_item WHERE line = $1 ORDER BY created, id`, line)
}

// Find implements [form.Store].
func (s *Store) Find(ctx context.Context, organisation string, id form.ID) (_ form.Form, err error) {
	defer fault.Wrap(&err, "formdb.Find(%s)", id)
	return find(ctx, s.DB, organisation, id)
}

// Change implements [form.Store].
func (s *Store) Change(ctx context.Context, by actor.Actor, id form.ID, verb string, fn func(*form.Form) error) (f form.Form, err error) {
	defer fault.Wrap(&err, "formdb.Change(%s)", id)
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		before, err := find(ctx, tx, by.Organisation, id)
		if err != nil {
			return err
		}
		f = before
		if err := fn(&f); err != nil || reflect.DeepEqual(before, f) {
			return err
		}
		f.Revision = before.Revision + 1
		raw, err := json.Marshal(f)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE form_item SET revision = $1, body = $2, feeds = $3, line = $4, offered = $5 WHERE organisation = $6 AND id = $7 AND revision = $8`,
			f.Revision, string(raw), flag(f.Feed), f.Line(), flag(f.Offered), by.Organisation, id, before.Revision)
		if err := db.Touched(res, err, db.Stale); err != nil {
			return err
		}
		if f.Version != before.Version {
			if _, err := tx.ExecContext(ctx, `INSERT INTO form_version (form, number, at, body) VALUES ($1, $2, $3, $4)`, id, f.Version, db.Stamp(s.Now()), string(raw)); err != nil {
				return err
			}
		}
		return s.tell(ctx, tx, by, f, verb)
	})
	return f, err
}

// flag is how the store writes yes and no.
func flag(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// Published implements [form.Store].
func (s *Store) Published(ctx context.Context, id form.ID, version int) (f form.Form, err error) {
	defer fault.Wrap(&err, "formdb.Published(%s, %d)", id, version)
	today, err := scan(s.DB.QueryRowContext(ctx, `SELECT id, organisation, body FROM form_item WHERE id = $1`, id).Scan)
	if err != nil {
		return f, missing(err)
	}
	if version == 0 {
		version = today.Version
	}
	f, err = scan(s.DB.QueryRowContext(ctx, `SELECT i.id, i.organisation, v.body FROM form_version v JOIN form_item i ON i.id = v.form WHERE v.form = $1 AND v.number = $2`, id, version).Scan)
	if err != nil {
		return f, missing(err)
	}
	f.Door, f.Code, f.Named = today.Door, today.Code, today.Named
	f.Opens, f.Closes, f.Limit, f.Stopped = today.Opens, today.Closes, today.Limit, today.Stopped
	f.Owner, f.Service, f.Thanks, f.Contact = today.Owner, today.Service, today.Thanks, today.Contact
	f.Track, f.Days, f.Tell = today.Track, today.Days, today.Tell
	return f, nil
}

// errSent says that the answer was stored before: the transaction that found it out changes nothing.
var errSent = errors.New("formdb: sent before")

// Receive implements [form.Replies]. The form's row is taken first, so that answers to one form take turns and no limit is passed.
func (s *Store) Receive(ctx context.Context, a form.Answer, nonce string, ready func(int) error) (_ form.Answer, err error) {
	defer fault.Wrap(&err, "formdb.Receive(%s)", a.Form)
	raw, err := json.Marshal(a.Values)
	if err != nil {
		return a, err
	}
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		var taken int
		err := tx.QueryRowContext(ctx, `UPDATE form_item SET taken = taken + 1 WHERE id = $1 AND organisation = $2 RETURNING taken`, a.Form, a.Organisation).Scan(&taken)
		if err != nil {
			return missing(err)
		}
		if _, err := sent(ctx, tx, a.Form, nonce); !errors.Is(err, sql.ErrNoRows) {
			return errors.Join(err, errSent) // before the limit is judged: who answered last and sends again has answered
		}
		if err := ready(taken - 1); err != nil {
			return err
		}
		if err := insert(ctx, tx, &a, nonce, string(raw)); err != nil {
			return err
		}
		if err := attach(ctx, tx, a, nonce, a.Files); err != nil {
			return err
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: a.At, By: actor.Actor{ID: a.By, Organisation: a.Organisation}, Verb: "form.log_answered",
			Subject: "form:" + string(a.Form), Detail: map[string]any{"reference": a.Reference, "version": a.Version, "answer": a.ID}})
	})
	if errors.Is(err, errSent) {
		return sent(ctx, s.DB, a.Form, nonce)
	}
	return a, err
}

// triesMost is how many references are tried: two answers of a form share one of 2^50 about never, three references in turn never.
const triesMost = 3

// insert stores a under a reference no answer of its form has.
func insert(ctx context.Context, tx *sql.Tx, a *form.Answer, nonce, raw string) error {
	for try := range uint16(triesMost) {
		a.Reference = form.Reference(a.Form, nonce, try)
		res, err := tx.ExecContext(ctx, `INSERT INTO form_answer (form, id, organisation, version, nonce, reference, at, person, body, state, due, lang)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (form, reference) DO NOTHING`,
			a.Form, a.ID, a.Organisation, a.Version, nonce, a.Reference, db.Stamp(a.At), a.By, raw, a.State, a.Due, a.Lang)
		if err := db.Touched(res, err, errSent); !errors.Is(err, errSent) {
			return err
		}
	}
	return errors.New("formdb: no reference is free")
}

const answerColumns = `SELECT form, id, organisation, version, reference, at, person, body, state, assignee, due, lang, revision FROM form_answer `

func scanAnswer(row func(...any) error) (a form.Answer, err error) {
	var at, raw string
	if err = row(&a.Form, &a.ID, &a.Organisation, &a.Version, &a.Reference, &at, &a.By, &raw, &a.State, &a.Assignee, &a.Due, &a.Lang, &a.Revision); err != nil {
		return a, err
	}
	a.At = db.Time(at)
	return a, json.Unmarshal([]byte(raw), &a.Values)
}

func sent(ctx context.Context, q db.Querier, id form.ID, nonce string) (form.Answer, error) {
	return scanAnswer(q.QueryRowContext(ctx, answerColumns+`WHERE form = $1 AND nonce = $2`, id, nonce).Scan)
}

// Taken implements [form.Replies].
func (s *Store) Taken(ctx context.Context, id form.ID) (taken int, err error) {
	defer fault.Wrap(&err, "formdb.Taken(%s)", id)
	err = s.DB.QueryRowContext(ctx, `SELECT taken FROM form_item WHERE id = $1`, id).Scan(&taken)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return taken, err
}

// Referenced implements [form.Replies].
func (s *Store) Referenced(ctx context.Context, id form.ID, reference string) (_ form.Answer, err error) {
	defer fault.Wrap(&err, "formdb.Referenced(%s)", id)
	a, err := scanAnswer(s.DB.QueryRowContext(ctx, answerColumns+`WHERE form = $1 AND reference = $2`, id, reference).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "form.no_reference")
	}
	return a, err
}

// Answers implements [form.Replies].
func (s *Store) Answers(ctx context.Context, organisation string, id form.ID) (_ []form.Answer, err error) {
	defer fault.Wrap(&err, "formdb.Answers(%s)", id)
	return db.Rows(ctx, s.DB, scanAnswer, answerColumns+`WHERE organisation = $1 AND form = $2 ORDER BY at, id`, organisation, id)
}
