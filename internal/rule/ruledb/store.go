package ruledb

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/rule"
)

// A Store implements [rule.Books].
type Store struct {
	DB  *db.DB
	Now func() time.Time
}

const columns = `organisation, subject, revision, body`

func scan(row func(...any) error) (b rule.Book, err error) {
	var raw string
	if err = row(&b.Organisation, &b.Subject, &b.Revision, &raw); err != nil {
		return b, err
	}
	return b, json.Unmarshal([]byte(raw), &b)
}

func find(ctx context.Context, q db.Querier, organisation string, of rule.Subject) (rule.Book, error) {
	b, err := scan(q.QueryRowContext(ctx, `SELECT `+columns+` FROM rule_book WHERE organisation = $1 AND subject = $2`, organisation, of).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return rule.Book{Organisation: organisation, Subject: of}, nil
	}
	return b, err
}

// Find implements [rule.Books].
func (s *Store) Find(ctx context.Context, organisation string, of rule.Subject) (_ rule.Book, err error) {
	defer fault.Wrap(&err, "ruledb.Find(%s)", of)
	return find(ctx, s.DB, organisation, of)
}

// All implements [rule.Books].
func (s *Store) All(ctx context.Context, organisation string) (_ []rule.Book, err error) {
	defer fault.Wrap(&err, "ruledb.All")
	return db.Rows(ctx, s.DB, scan, `SELECT `+columns+` FROM rule_book WHERE organisation = $1 AND rules > 0 ORDER BY subject`, organisation)
}

// Change implements [rule.Books].
func (s *Store) Change(ctx context.Context, by actor.Actor, c rule.Change, fn func(*rule.Book) error) (err error) {
	defer fault.Wrap(&err, "ruledb.Change(%s)", c.Of)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		b, err := find(ctx, tx, by.Organisation, c.Of)
		if err != nil {
			return err
		}
		before, err := json.Marshal(b)
		if err != nil {
			return err
		}
		if err := fn(&b); err != nil {
			return err
		}
		raw, err := json.Marshal(b)
		if err != nil || bytes.Equal(raw, before) {
			return err
		}
		res, err := tx.ExecContext(ctx, `INSERT INTO rule_book (organisation, subject, revision, rules, body) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (organisation, subject) DO UPDATE SET revision = excluded.revision, rules = excluded.rules, body = excluded.body
			WHERE rule_book.revision = $6`, by.Organisation, c.Of, b.Revision+1, len(b.Rules), string(raw), b.Revision)
		if err := db.Touched(res, err, db.Stale); err != nil {
			return err
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: c.Verb, Subject: string(c.Of), Detail: map[string]any{"rule": c.Rule, "rules": len(b.Rules)}})
	})
}

// Forget implements [rule.Books].
func (s *Store) Forget(ctx context.Context, organisation string, of rule.Subject) (err error) {
	defer fault.Wrap(&err, "ruledb.Forget(%s)", of)
	_, err = s.DB.ExecContext(ctx, `DELETE FROM rule_book WHERE organisation = $1 AND subject = $2`, organisation, of)
	return err
}
