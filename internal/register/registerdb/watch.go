package registerdb

import (
	"context"
	"database/sql"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/id"
	"cultured/internal/outbox"
	"cultured/internal/register"
)

// Advise implements [register.Watch].
func (s *Store) Advise(ctx context.Context, by actor.Actor, o register.Opinion) (err error) {
	defer fault.Wrap(&err, "registerdb.Advise(%s)", o.Entry)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO register_opinion (organisation, id, entry, at, revision, person, verdict, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			by.Organisation, id.New(o.At), o.Entry, db.Stamp(o.At), o.Revision, by.ID, o.Verdict, o.Text)
		if err != nil {
			return err
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: "register.log_advised", Subject: "register:" + string(o.Entry), Detail: map[string]any{"verdict": o.Verdict, "revision": o.Revision}})
	})
}

// Opinions implements [register.Watch].
func (s *Store) Opinions(ctx context.Context, organisation string) (_ []register.Opinion, err error) {
	defer fault.Wrap(&err, "registerdb.Opinions")
	return db.Rows(ctx, s.DB, func(row func(...any) error) (o register.Opinion, err error) {
		var at string
		err = row(&o.Entry, &at, &o.Revision, &o.Person, &o.Verdict, &o.Text)
		o.At = db.Time(at)
		return o, err
	}, `SELECT entry, at, revision, person, verdict, body FROM register_opinion WHERE organisation = $1 ORDER BY at DESC, revision DESC, id DESC`, organisation)
}

// Alert implements [register.Watch].
func (s *Store) Alert(ctx context.Context, a register.Alert) (added bool, err error) {
	defer fault.Wrap(&err, "registerdb.Alert(%s)", a.Dataset)
	res, err := s.DB.ExecContext(ctx, `INSERT INTO register_alert (organisation, event, at, kind, dataset, title, columns, reason, person, seen)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '') ON CONFLICT (organisation, event) DO NOTHING`,
		a.Organisation, a.Event, db.Stamp(a.At), a.Kind, a.Dataset, a.Title, a.Columns, a.Reason, a.Person)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// Alerts implements [register.Watch].
func (s *Store) Alerts(ctx context.Context, organisation string) (_ []register.Alert, err error) {
	defer fault.Wrap(&err, "registerdb.Alerts")
	return db.Rows(ctx, s.DB, func(row func(...any) error) (a register.Alert, err error) {
		var at string
		err = row(&a.Event, &at, &a.Kind, &a.Dataset, &a.Title, &a.Columns, &a.Reason, &a.Person, &a.Seen)
		a.Organisation, a.At = organisation, db.Time(at)
		return a, err
	}, `SELECT event, at, kind, dataset, title, columns, reason, person, seen FROM register_alert WHERE organisation = $1 ORDER BY event DESC LIMIT 200`, organisation)
}

// See implements [register.Watch].
func (s *Store) See(ctx context.Context, by actor.Actor, event int64) (err error) {
	defer fault.Wrap(&err, "registerdb.See(%d)", event)
	res, err := s.DB.ExecContext(ctx, `UPDATE register_alert SET seen = CASE WHEN seen = '' THEN $1 ELSE seen END WHERE organisation = $2 AND event = $3`, by.ID, by.Organisation, event)
	return db.Touched(res, err, fault.New(fault.NotFound, "register.no_alert"))
}
