-- +goose Up
CREATE TABLE recognition_endorsement (
    id           TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    badge        TEXT NOT NULL,
    person       TEXT NOT NULL,
    name         TEXT NOT NULL,
    at           TEXT NOT NULL,
    word         TEXT NOT NULL,
    credential   TEXT NOT NULL
);
CREATE UNIQUE INDEX recognition_endorsement_once ON recognition_endorsement (badge, person);
CREATE INDEX recognition_endorsement_person ON recognition_endorsement (organisation, person);
