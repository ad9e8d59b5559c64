-- +goose Up
CREATE TABLE learning_evidence (
    id           TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    person       TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    body         TEXT NOT NULL
);
CREATE INDEX learning_evidence_person ON learning_evidence (organisation, person, id);

-- Who the reviews and shares of a piece of evidence name, so that they find it.
CREATE TABLE learning_reader (
    organisation TEXT NOT NULL,
    reader       TEXT NOT NULL,
    evidence     TEXT NOT NULL,
    PRIMARY KEY (organisation, reader, evidence)
);
CREATE INDEX learning_reader_evidence ON learning_reader (evidence);
