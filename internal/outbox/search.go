package outbox

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"cultured/internal/db"
)

// A Filter narrows the record of one organisation. Empty fields ask for nothing.
type Filter struct {
	Organisation string // always asked for
	Verb         string
	Actor        string // who did it …
	Subject      string // … or what it was done to: with both, either is enough
	Before       int64  // sequence number; ≤ 0 is from the newest
	Limit        int    // events at most; ≤ 0 gives none
}

// Search lists the events of an organisation that a filter lets through, the newest first.
func Search(ctx context.Context, q db.Querier, f Filter) ([]Event, error) {
	query, args := `SELECT `+columns+` FROM outbox_event WHERE organisation = $1`, []any{f.Organisation}
	with := func(clause string, arg any) string {
		args = append(args, arg)
		return clause + strconv.Itoa(len(args))
	}
	if f.Verb != "" {
		query += with(` AND verb = $`, f.Verb)
	}
	switch {
	case f.Actor != "" && f.Subject != "":
		query += with(` AND (actor = $`, f.Actor) + with(` OR subject = $`, f.Subject) + `)`
	case f.Actor != "":
		query += with(` AND actor = $`, f.Actor)
	case f.Subject != "":
		query += with(` AND subject = $`, f.Subject)
	}
	if f.Before > 0 {
		query += with(` AND seq < $`, f.Before)
	}
	query += with(` ORDER BY seq DESC LIMIT $`, max(f.Limit, 0))
	events, err := db.Rows(ctx, q, scan, query, args...)
	if err != nil {
		return nil, fmt.Errorf("outbox.Search: %w", err)
	}
	return events, nil
}

// Verbs lists the verbs met in an organisation, sorted.
func Verbs(ctx context.Context, q db.Querier, organisation string) ([]string, error) {
	verbs, err := db.Rows(ctx, q, func(row func(...any) error) (v string, err error) { return v, row(&v) },
		`SELECT DISTINCT verb FROM outbox_event WHERE organisation = $1 ORDER BY verb`, organisation)
	if err != nil {
		return nil, fmt.Errorf("outbox.Verbs: %w", err)
	}
	return verbs, nil
}

// Anonymise takes a person's name off everything they did in an organisation: erasure is the one thing that may touch
// what is written. The events stay.
func Anonymise(ctx context.Context, tx *sql.Tx, organisation, actor string) error {
	_, err := tx.ExecContext(ctx, `UPDATE outbox_event SET actor_name = '' WHERE organisation = $1 AND actor = $2`, organisation, actor)
	if err != nil {
		return fmt.Errorf("outbox.Anonymise: %w", err)
	}
	return nil
}
