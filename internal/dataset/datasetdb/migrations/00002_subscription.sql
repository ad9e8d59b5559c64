-- +goose Up
CREATE TABLE dataset_subscription (
    dataset      TEXT PRIMARY KEY REFERENCES dataset_dataset (id) ON DELETE CASCADE,
    organisation TEXT NOT NULL,
    address      TEXT NOT NULL,
    etag         TEXT NOT NULL,
    modified     TEXT NOT NULL,
    fetched      TEXT NOT NULL,
    known_blob   TEXT NOT NULL,
    looked       TEXT NOT NULL,
    every        TEXT NOT NULL,
    due          TEXT NOT NULL,
    fault        TEXT NOT NULL
);
CREATE INDEX dataset_subscription_due ON dataset_subscription (due);
