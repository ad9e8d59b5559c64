package cleaningdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"cultured/internal/actor"
	"cultured/internal/cleaning"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/outbox"
)

// A Book implements [cleaning.Book].
type Book struct {
	DB  *db.DB
	Now func() time.Time
}

func scan(row func(...any) error) (s cleaning.Saved, err error) {
	var raw string
	if err = row(&s.ID, &s.Organisation, &raw); err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(raw), &s)
}

// Save implements [cleaning.Book].
func (b *Book) Save(ctx context.Context, by actor.Actor, s cleaning.Saved) (err error) {
	defer fault.Wrap(&err, "cleaningdb.Save(%s)", s.ID)
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	changed := fault.New(fault.Conflict, "cleaning.recipe_changed")
	return db.Change(ctx, b.DB, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO cleaning_recipe (id, organisation, version) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET version = excluded.version WHERE cleaning_recipe.version = $4 AND cleaning_recipe.organisation = $2`,
			s.ID, by.Organisation, s.Version, s.Version-1)
		if err := db.Touched(res, err, changed); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO cleaning_recipe_version (recipe, version, body) VALUES ($1, $2, $3)`, s.ID, s.Version, string(raw)); err != nil {
			return err
		}
		return b.note(ctx, tx, by, "cleaning.recipe_saved", s)
	})
}

// note tells the other rooms.
func (b *Book) note(ctx context.Context, tx *sql.Tx, by actor.Actor, verb string, s cleaning.Saved) error {
	return outbox.Write(ctx, tx, outbox.Entry{At: b.Now(), By: by, Verb: verb, Subject: "recipe:" + s.ID, Detail: map[string]any{"title": s.Name, "version": s.Version}})
}

// All implements [cleaning.Book].
func (b *Book) All(ctx context.Context, organisation string) (_ []cleaning.Saved, err error) {
	defer fault.Wrap(&err, "cleaningdb.All")
	all, err := db.Rows(ctx, b.DB, scan, `SELECT r.id, r.organisation, v.body FROM cleaning_recipe r JOIN cleaning_recipe_version v ON v.recipe = r.id AND v.version = r.version
		WHERE r.organisation = $1 ORDER BY r.id`, organisation)
	slices.SortStableFunc(all, func(a, b cleaning.Saved) int { return french.Compare(a.Name, b.Name) })
	return all, err
}

// Versions implements [cleaning.Book].
func (b *Book) Versions(ctx context.Context, organisation, id string) (_ []cleaning.Saved, err error) {
	defer fault.Wrap(&err, "cleaningdb.Versions(%s)", id)
	all, err := db.Rows(ctx, b.DB, scan, `SELECT r.id, r.organisation, v.body FROM cleaning_recipe r JOIN cleaning_recipe_version v ON v.recipe = r.id
		WHERE r.organisation = $1 AND r.id = $2 ORDER BY v.version DESC`, organisation, id)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "cleaning.no_recipe")
	}
	return all, err
}

// Drop implements [cleaning.Book].
func (b *Book) Drop(ctx context.Context, by actor.Actor, s cleaning.Saved) (err error) {
	defer fault.Wrap(&err, "cleaningdb.Drop(%s)", s.ID)
	return db.Change(ctx, b.DB, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM cleaning_recipe WHERE id = $1 AND organisation = $2`, s.ID, by.Organisation); err != nil {
			return err
		}
		return b.note(ctx, tx, by, "cleaning.recipe_dropped", s)
	})
}
