package datasetdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
)

// Mappings is the part of the store that keeps what organisations decided: it implements [dataset.Mappings].
type Mappings struct{ *Store }

// Remember implements [dataset.Mappings].
func (s Mappings) Remember(ctx context.Context, by actor.Actor, r dataset.Remembered) (err error) {
	defer fault.Wrap(&err, "datasetdb.Remember(%s)", r.Mapping.Schema)
	if !by.Known() {
		return fault.New(fault.SignIn, "dataset.sign_in_first")
	}
	mapping, err := json.Marshal(r.Mapping)
	if err != nil {
		return err
	}
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO dataset_mapping (organisation, schema_name, header, mapping, person, person_name, at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (organisation, schema_name, header) DO UPDATE
			SET mapping = excluded.mapping, person = excluded.person, person_name = excluded.person_name, at = excluded.at, forgotten = ''`,
			by.Organisation, r.Mapping.Schema, r.Header, string(mapping), by.ID, by.Name, db.Stamp(r.At))
		if err != nil {
			return err
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: "dataset.mapping_kept", Subject: "schema:" + r.Mapping.Schema})
	})
}

// Known implements [dataset.Mappings].
func (s Mappings) Known(ctx context.Context, organisation string, limit int) (list []dataset.Remembered, err error) {
	defer fault.Wrap(&err, "datasetdb.Known")
	return db.Rows(ctx, s.DB, scanMapping, `SELECT mapping, header, name, person, person_name, at, forgotten FROM dataset_mapping
		WHERE organisation = $1 AND forgotten = '' ORDER BY at DESC, schema_name, header LIMIT $2`, organisation, limit)
}

// Amend implements [dataset.Mappings].
func (s Mappings) Amend(ctx context.Context, by actor.Actor, a dataset.Amendment, change func(*dataset.Remembered) error) (err error) {
	defer fault.Wrap(&err, "datasetdb.Amend(%s)", a.Of.Schema)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM dataset_mapping WHERE organisation = $1 AND forgotten <> '' AND forgotten < $2`, by.Organisation, db.Stamp(a.Gone)); err != nil {
			return err
		}
		r, err := scanMapping(tx.QueryRowContext(ctx, `SELECT mapping, header, name, person, person_name, at, forgotten FROM dataset_mapping
			WHERE organisation = $1 AND schema_name = $2 AND header = $3`, by.Organisation, a.Of.Schema, a.Of.Header).Scan)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "dataset.mapping_gone")
		}
		if err != nil {
			return err
		}
		if err := change(&r); err != nil {
			return err
		}
		forgotten := ""
		if !r.Forgotten.IsZero() {
			forgotten = db.Stamp(r.Forgotten)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE dataset_mapping SET name = $1, forgotten = $2
			WHERE organisation = $3 AND schema_name = $4 AND header = $5`, r.Name, forgotten, by.Organisation, a.Of.Schema, a.Of.Header); err != nil {
			return err
		}
		return outbox.Write(ctx, tx, outbox.Entry{At: s.Now(), By: by, Verb: a.Verb, Subject: "schema:" + a.Of.Schema})
	})
}

func scanMapping(row func(...any) error) (r dataset.Remembered, err error) {
	var mapping, at, forgotten string
	if err = row(&mapping, &r.Header, &r.Name, &r.By, &r.ByName, &at, &forgotten); err != nil {
		return r, err
	}
	r.At = db.Time(at)
	if forgotten != "" {
		r.Forgotten = db.Time(forgotten)
	}
	return r, json.Unmarshal([]byte(mapping), &r.Mapping)
}
