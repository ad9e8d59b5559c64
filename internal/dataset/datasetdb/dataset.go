package datasetdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
)

const datasetColumns = `id, organisation, service, owner, owner_name, title, created, modified, current, row_count, column_count, problems, fixable, dictionary, revision, lesson`

func scanDataset(row func(...any) error) (d dataset.Dataset, err error) {
	var created, modified, dictionary string
	err = row(&d.ID, &d.Organisation, &d.Service, &d.Owner, &d.OwnerName, &d.Title, &created, &modified, &d.Current,
		&d.Rows, &d.Columns, &d.Problems, &d.Fixable, &dictionary, &d.Revision, &d.Lesson)
	if err != nil {
		return d, err
	}
	d.Created, d.Modified = db.Time(created), db.Time(modified)
	return d, json.Unmarshal([]byte(dictionary), &d.Dictionary)
}

// Datasets is the part of the store that keeps datasets: it implements [dataset.Datasets] and [dataset.Graves].
type Datasets struct{ *Store }

// Create implements [dataset.Datasets].
func (s Datasets) Create(ctx context.Context, by actor.Actor, d dataset.Dataset, v dataset.Version, from dataset.CheckID) (err error) {
	defer fault.Wrap(&err, "datasetdb.Create(%s)", d.ID)
	if d.Organisation != by.Organisation {
		return fault.New(fault.NotFound, "dataset.not_found")
	}
	dictionary, err := json.Marshal(d.Dictionary)
	if err != nil {
		return err
	}
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		if from != "" {
			res, err := tx.ExecContext(ctx, `DELETE FROM dataset_check WHERE id = $1`, from)
			if err := db.Touched(res, err, fault.New(fault.NotFound, "dataset.check_gone")); err != nil {
				return err // somebody kept it a moment ago: a double click makes one dataset
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO dataset_dataset (`+datasetColumns+`)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
			d.ID, d.Organisation, d.Service, d.Owner, d.OwnerName, d.Title, db.Stamp(d.Created), db.Stamp(d.Modified), d.Current,
			d.Rows, d.Columns, d.Problems, d.Fixable, string(dictionary), d.Revision, d.Lesson)
		if err != nil {
			return err
		}
		if err := insertVersion(ctx, tx, v); err != nil {
			return err
		}
		return outbox.Write(ctx, tx, s.said(by, "dataset.kept", d.ID, map[string]any{"title": d.Title}))
	})
}

// said is the event of a change.
func (s Datasets) said(by actor.Actor, verb string, id dataset.ID, detail map[string]any) outbox.Entry {
	return outbox.Entry{At: s.Now(), By: by, Verb: verb, Subject: "dataset:" + string(id), Detail: detail}
}

func insertVersion(ctx context.Context, tx *sql.Tx, v dataset.Version) error {
	source, err1 := json.Marshal(v.Source)
	outcome, err2 := json.Marshal(v.Outcome)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO dataset_version
		(dataset, number, at, person, person_name, why, source, outcome, source_blob, table_blob, finding_blob)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		v.Dataset, v.Number, db.Stamp(v.At), v.By, v.ByName, v.Why, string(source), string(outcome),
		v.Source.Blob, v.Outcome.Table, v.Outcome.Findings)
	return err
}

// Find implements [dataset.Datasets].
func (s Datasets) Find(ctx context.Context, organisation string, id dataset.ID) (d dataset.Dataset, err error) {
	defer fault.Wrap(&err, "datasetdb.Find(%s)", id)
	if d, err = findDataset(ctx, s.DB, organisation, id); err != nil {
		return d, err
	}
	checks, err := db.Rows(ctx, s.DB, scanCheck, `SELECT `+checkColumns+` FROM dataset_check
		WHERE for_dataset = $1 AND base = $2 ORDER BY at DESC, id DESC LIMIT 1`, id, d.Current)
	if err == nil && len(checks) == 1 {
		c := checks[0]
		d.Pending = &dataset.Pending{Check: c.ID, State: c.State, Job: c.Job, Fault: c.Fault}
	}
	return d, err
}

func findDataset(ctx context.Context, q db.Querier, organisation string, id dataset.ID) (dataset.Dataset, error) {
	d, err := scanDataset(q.QueryRowContext(ctx, `SELECT `+datasetColumns+` FROM dataset_dataset
		WHERE organisation = $1 AND id = $2`, organisation, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return d, fault.New(fault.NotFound, "dataset.not_found")
	}
	return d, err
}

// List implements [dataset.Datasets].
func (s Datasets) List(ctx context.Context, organisation string) (all []dataset.Dataset, err error) {
	defer fault.Wrap(&err, "datasetdb.List")
	return db.Rows(ctx, s.DB, scanDataset, `SELECT `+datasetColumns+` FROM dataset_dataset
		WHERE organisation = $1 ORDER BY modified DESC, id DESC`, organisation)
}

// AddVersion implements [dataset.Datasets].
func (s Datasets) AddVersion(ctx context.Context, by actor.Actor, v dataset.Version, base int, from dataset.CheckID) (err error) {
	defer fault.Wrap(&err, "datasetdb.AddVersion(%s)", v.Dataset)
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		d, err := findDataset(ctx, tx, by.Organisation, v.Dataset)
		if err != nil {
			return err
		}
		if d.Current != base {
			return fault.New(fault.Conflict, "dataset.changed_meanwhile")
		}
		d.Accept(v)
		dictionary, err := json.Marshal(d.Dictionary)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE dataset_dataset
			SET current = $1, row_count = $2, column_count = $3, problems = $4, fixable = $5, dictionary = $6, modified = $7, revision = revision + 1
			WHERE id = $8 AND organisation = $9 AND revision = $10`,
			d.Current, d.Rows, d.Columns, d.Problems, d.Fixable, string(dictionary), db.Stamp(d.Modified), d.ID, by.Organisation, d.Revision)
		if err := db.Touched(res, err, db.Stale); err != nil {
			return err // the dictionary may have changed too: again, from what it is now
		}
		if err := insertVersion(ctx, tx, v); err != nil {
			return err
		}
		if from != "" {
			res, err := tx.ExecContext(ctx, `DELETE FROM dataset_check WHERE id = $1 AND state = $2`, from, dataset.Running)
			if err := db.Touched(res, err, fault.New(fault.Conflict, "dataset.cancelled")); err != nil {
				return err
			}
		}
		return outbox.Write(ctx, tx, s.said(by, "dataset.version_added", v.Dataset, map[string]any{"number": v.Number, "why": v.Why}))
	})
}

const versionColumns = `dataset, number, at, person, person_name, why, source, outcome`

func scanVersion(row func(...any) error) (v dataset.Version, err error) {
	var at, source, outcome string
	if err = row(&v.Dataset, &v.Number, &at, &v.By, &v.ByName, &v.Why, &source, &outcome); err != nil {
		return v, err
	}
	v.At = db.Time(at)
	return v, errors.Join(json.Unmarshal([]byte(source), &v.Source), json.Unmarshal([]byte(outcome), &v.Outcome))
}

// Versions implements [dataset.Datasets].
func (s Datasets) Versions(ctx context.Context, organisation string, id dataset.ID) (vs []dataset.Version, err error) {
	defer fault.Wrap(&err, "datasetdb.Versions(%s)", id)
	return db.Rows(ctx, s.DB, scanVersion, `SELECT v.dataset, v.number, v.at, v.person, v.person_name, v.why, v.source, v.outcome
		FROM dataset_version v JOIN dataset_dataset d ON d.id = v.dataset
		WHERE d.organisation = $1 AND v.dataset = $2 ORDER BY v.number DESC`, organisation, id)
}

// Version implements [dataset.Datasets].
func (s Datasets) Version(ctx context.Context, id dataset.ID, number int) (v dataset.Version, err error) {
	defer fault.Wrap(&err, "datasetdb.Version(%s, %d)", id, number)
	v, err = scanVersion(s.DB.QueryRowContext(ctx, `SELECT `+versionColumns+` FROM dataset_version
		WHERE dataset = $1 AND number = $2`, id, number).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return v, fault.New(fault.NotFound, "dataset.not_found")
	}
	return v, err
}

// Change implements [dataset.Datasets].
func (s Datasets) Change(ctx context.Context, by actor.Actor, id dataset.ID, verb string, fn func(*dataset.Dataset) error) (d dataset.Dataset, err error) {
	defer fault.Wrap(&err, "datasetdb.Change(%s)", id)
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) (err error) {
		if d, err = findDataset(ctx, tx, by.Organisation, id); err != nil {
			return err
		}
		if err = fn(&d); err != nil {
			return err
		}
		dictionary, err := json.Marshal(d.Dictionary)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE dataset_dataset SET title = $1, dictionary = $2, modified = $3, revision = revision + 1
			WHERE id = $4 AND organisation = $5 AND revision = $6`,
			d.Title, string(dictionary), db.Stamp(d.Modified), id, by.Organisation, d.Revision)
		if err := db.Touched(res, err, db.Stale); err != nil {
			return err
		}
		d.Revision++
		return outbox.Write(ctx, tx, s.said(by, verb, id, nil))
	})
	return d, err
}

// Delete implements [dataset.Graves].
func (s Datasets) Delete(ctx context.Context, by actor.Actor, id dataset.ID, detail map[string]any) (blobs []string, err error) {
	defer fault.Wrap(&err, "datasetdb.Delete(%s)", id)
	err = db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		blobs = nil
		if _, err := findDataset(ctx, tx, by.Organisation, id); err != nil {
			return err
		}
		for _, q := range []string{
			`DELETE FROM dataset_check WHERE for_dataset = $1 RETURNING source_blob, table_blob, finding_blob`,
			`DELETE FROM dataset_version WHERE dataset = $1 RETURNING source_blob, table_blob, finding_blob`,
		} {
			held, err := db.Rows(ctx, tx, scanBlobs, q, id)
			if err != nil {
				return err
			}
			blobs = append(blobs, slices.Concat(held...)...)
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM dataset_dataset WHERE id = $1 AND organisation = $2`, id, by.Organisation)
		if err := db.Touched(res, err, fault.New(fault.NotFound, "dataset.not_found")); err != nil {
			return err // two people at once: one of them deleted it
		}
		return outbox.Write(ctx, tx, s.said(by, "dataset.deleted", id, detail))
	})
	if err != nil {
		return nil, err // undone: its rows still need their files
	}
	slices.Sort(blobs)
	return slices.DeleteFunc(slices.Compact(blobs), func(b string) bool { return b == "" }), nil
}

func scanBlobs(row func(...any) error) ([]string, error) {
	b := make([]string, 3)
	return b, row(&b[0], &b[1], &b[2])
}

// Passing implements [dataset.Graves].
func (s Datasets) Passing(ctx context.Context) (bytes int64, err error) {
	defer fault.Wrap(&err, "datasetdb.Passing")
	err = s.DB.QueryRowContext(ctx, `SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM dataset_check
		WHERE person = '' AND (package = '' OR package = id)`).Scan(&bytes)
	return bytes, err
}

// Uses implements [dataset.Graves].
func (s Datasets) Uses(ctx context.Context, blob string) (n int, err error) {
	defer fault.Wrap(&err, "datasetdb.Uses")
	err = s.DB.QueryRowContext(ctx, `SELECT
		(SELECT COUNT(*) FROM dataset_check WHERE source_blob = $1 OR table_blob = $1 OR finding_blob = $1) +
		(SELECT COUNT(*) FROM dataset_version WHERE source_blob = $1 OR table_blob = $1 OR finding_blob = $1)`, blob).Scan(&n)
	return n, err
}
