-- +goose Up
CREATE TABLE cleaning_draft (
    organisation TEXT NOT NULL,
    person       TEXT NOT NULL,
    dataset      TEXT NOT NULL REFERENCES dataset_dataset (id) ON DELETE CASCADE,
    revision     BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, person, dataset)
);
CREATE INDEX cleaning_draft_dataset ON cleaning_draft (dataset);
