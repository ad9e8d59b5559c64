package accountdb

import (
	"context"
	"database/sql"
	"embed"
	"strings"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
)

// Migrations make the tables of this room; outbox's come first.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Store keeps the room in a database. It implements every interface of [account.Stores].
type Store struct{ DB *db.DB }

// Stores fills every field with one store on d.
func Stores(d *db.DB) account.Stores {
	s := &Store{DB: d}
	return account.Stores{People: s, Sessions: s, Links: s, Organisations: s, Attempts: s, Journal: s}
}

// write adds the act to the audit log; the zero Act writes nothing.
func write(ctx context.Context, tx *sql.Tx, act account.Act) error {
	if act.Verb == "" {
		return nil
	}
	var detail any
	if act.Detail != nil {
		detail = act.Detail
	}
	return outbox.Write(ctx, tx, outbox.Entry{At: act.At, By: act.By, Verb: act.Verb, Subject: act.Subject, Detail: detail})
}

// turn makes changes to one organisation's people take turns. Faults: NotFound "account.no_organisation".
func turn(ctx context.Context, tx *sql.Tx, organisation string) error {
	res, err := tx.ExecContext(ctx, `UPDATE account_organisation SET turn = turn + 1 WHERE id = $1`, organisation)
	return db.Touched(res, err, fault.New(fault.NotFound, "account.no_organisation"))
}

// like turns a word into the pattern of a LIKE with ESCAPE '\'.
func like(word string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
}

func joinRoles(roles []actor.Role) string {
	parts := make([]string, len(roles))
	for i, r := range roles {
		parts[i] = string(r)
	}
	return strings.Join(parts, " ")
}

func splitRoles(s string) []actor.Role {
	var out []actor.Role
	for _, r := range strings.Fields(s) {
		out = append(out, actor.Role(r))
	}
	return out
}

// orNull stores "" as NULL, for foreign keys.
func orNull(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }
