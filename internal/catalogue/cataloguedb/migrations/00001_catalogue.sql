-- +goose Up
CREATE TABLE catalogue_mark (
    name TEXT PRIMARY KEY,
    n    BIGINT NOT NULL
);
INSERT INTO catalogue_mark (name, n) VALUES ('record', 0);

CREATE TABLE catalogue_record (
    id           TEXT PRIMARY KEY,
    dataset      TEXT NOT NULL UNIQUE,
    organisation TEXT NOT NULL,
    slug         TEXT NOT NULL UNIQUE,
    version      BIGINT NOT NULL,
    removed      BOOLEAN NOT NULL,
    mark         BIGINT NOT NULL,
    body         TEXT NOT NULL
);
CREATE INDEX catalogue_record_mark ON catalogue_record (mark);

CREATE TABLE catalogue_text (
    record  TEXT NOT NULL REFERENCES catalogue_record (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    at      TEXT NOT NULL,
    person  TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (record, version)
);
