package outbox

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
)

// Migrations make the tables of this package.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// An Event is one thing that happened. Verb is "room.verb" in the past ("catalogue.published"); Subject is "room:id".
type Event struct {
	Seq          int64 // order of commits, without holes that fill later
	At           time.Time
	Organisation string
	Actor        string // person's id, "" for the system or a visitor
	ActorName    string // as it was then
	Verb         string
	Subject      string
	Detail       json.RawMessage // small; no personal data beyond what the subject's page shows
}

// An Entry is an event about to be written. Verb has a sentence of its own in the catalogue; Detail becomes JSON, nil is {}.
type Entry struct {
	At      time.Time
	By      actor.Actor // its organisation is the event's
	Verb    string
	Subject string
	Detail  any
}

// Write records an entry inside tx. The counter's row makes commits take turns, so that a subscriber never passes over
// an event that commits late.
func Write(ctx context.Context, tx *sql.Tx, e Entry) error {
	raw := []byte("{}")
	if e.Detail != nil {
		var err error
		if raw, err = json.Marshal(e.Detail); err != nil {
			return fmt.Errorf("outbox.Write(%s): %w", e.Verb, err)
		}
	}
	var seq int64
	if err := tx.QueryRowContext(ctx, `UPDATE outbox_counter SET n = n + 1 WHERE name = 'event' RETURNING n`).Scan(&seq); err != nil {
		return fmt.Errorf("outbox.Write(%s): %w", e.Verb, err)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO outbox_event (seq, at, organisation, actor, actor_name, verb, subject, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		seq, db.Stamp(e.At), e.By.Organisation, e.By.ID, e.By.Name, e.Verb, e.Subject, string(raw))
	if err != nil {
		return fmt.Errorf("outbox.Write(%s): %w", e.Verb, err)
	}
	return nil
}

const columns = `seq, at, organisation, actor, actor_name, verb, subject, detail`

func scan(row func(...any) error) (e Event, err error) {
	var at, detail string
	err = row(&e.Seq, &at, &e.Organisation, &e.Actor, &e.ActorName, &e.Verb, &e.Subject, &detail)
	e.At, e.Detail = db.Time(at), json.RawMessage(detail)
	return e, err
}

// After lists up to limit events after seq, in order, of every organisation.
func After(ctx context.Context, q db.Querier, seq int64, limit int) ([]Event, error) {
	return db.Rows(ctx, q, scan, `SELECT `+columns+` FROM outbox_event WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, limit)
}

// Of lists up to limit events about a subject of an organisation, the newest first.
func Of(ctx context.Context, q db.Querier, organisation, subject string, limit int) ([]Event, error) {
	return Search(ctx, q, Filter{Organisation: organisation, Subject: subject, Limit: limit})
}

// Page lists up to limit events of an organisation before seq (0 = from the newest), the newest first.
func Page(ctx context.Context, q db.Querier, organisation string, before int64, limit int) ([]Event, error) {
	return Search(ctx, q, Filter{Organisation: organisation, Before: before, Limit: limit})
}

// Last is the sequence number of the newest event, 0 when nothing happened yet.
func Last(ctx context.Context, q db.Querier) (int64, error) {
	var n int64
	err := q.QueryRowContext(ctx, `SELECT n FROM outbox_counter WHERE name = 'event'`).Scan(&n)
	return n, err
}
