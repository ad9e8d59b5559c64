-- +goose Up
-- Where the file of a piece of evidence lies. Once its evidence is gone it is loose, until its bytes are gone too.
CREATE TABLE learning_file (
    stored       TEXT PRIMARY KEY,
    evidence     TEXT NOT NULL,
    organisation TEXT NOT NULL,
    person       TEXT NOT NULL,
    bytes        BIGINT NOT NULL,
    loose        BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX learning_file_evidence ON learning_file (evidence);
CREATE INDEX learning_file_person ON learning_file (organisation, person);
CREATE INDEX learning_file_loose ON learning_file (loose);
