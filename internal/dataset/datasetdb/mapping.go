package datasetdb

import (
	"context"
	"database/sql"
	"encoding/json"

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
			SET mapping = excluded.mapping, person = excluded.person, person_name = excluded.person_name, at = excluded.at`,
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
	return db.Rows(ctx, s.DB, scanMapping, `SELECT mapping, header, person_name, at FROM dataset_mapping
		WHERE organisation = $1 ORDER BY at DESC, schema_name, header LIMIT $2`, organisation, limit)
}

func scanMapping(row func(...any) error) (r dataset.Remembered, err error) {
	var mapping, at string
	if err = row(&mapping, &r.Header, &r.ByName, &at); err != nil {
		return r, err
	}
	r.At = db.Time(at)
	return r, json.Unmarshal([]byte(mapping), &r.Mapping)
}
