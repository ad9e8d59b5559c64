-- +goose Up
CREATE TABLE dataset_check (
    id           TEXT PRIMARY KEY,
    at           TEXT NOT NULL,
    expires      TEXT NOT NULL,
    organisation TEXT NOT NULL,
    person       TEXT NOT NULL,
    person_name  TEXT NOT NULL,
    source       TEXT NOT NULL,
    previous     TEXT NOT NULL,
    state        TEXT NOT NULL,
    job          TEXT NOT NULL,
    fault        TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    for_dataset  TEXT NOT NULL,
    base         BIGINT NOT NULL,
    why          TEXT NOT NULL,
    source_blob  TEXT NOT NULL,
    table_blob   TEXT NOT NULL,
    finding_blob TEXT NOT NULL,
    bytes        BIGINT NOT NULL
);
CREATE INDEX dataset_check_expires ON dataset_check (expires);
CREATE INDEX dataset_check_for ON dataset_check (for_dataset, at);

CREATE TABLE dataset_dataset (
    id           TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    service      TEXT NOT NULL,
    owner        TEXT NOT NULL,
    owner_name   TEXT NOT NULL,
    title        TEXT NOT NULL,
    created      TEXT NOT NULL,
    modified     TEXT NOT NULL,
    current      BIGINT NOT NULL,
    row_count    BIGINT NOT NULL,
    column_count BIGINT NOT NULL,
    problems     BIGINT NOT NULL,
    fixable      BIGINT NOT NULL,
    dictionary   TEXT NOT NULL,
    revision     BIGINT NOT NULL
);
CREATE INDEX dataset_dataset_owner ON dataset_dataset (organisation, owner, modified);

CREATE TABLE dataset_version (
    dataset     TEXT NOT NULL REFERENCES dataset_dataset (id) ON DELETE CASCADE,
    number      BIGINT NOT NULL,
    at          TEXT NOT NULL,
    person      TEXT NOT NULL,
    person_name TEXT NOT NULL,
    why         TEXT NOT NULL,
    source      TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    source_blob  TEXT NOT NULL,
    table_blob   TEXT NOT NULL,
    finding_blob TEXT NOT NULL,
    PRIMARY KEY (dataset, number)
);
CREATE INDEX dataset_version_source ON dataset_version (source_blob);
CREATE INDEX dataset_version_table ON dataset_version (table_blob);
CREATE INDEX dataset_version_finding ON dataset_version (finding_blob);
