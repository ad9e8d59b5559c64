-- +goose Up
-- Links to passports: of the secret only its hash is kept.
CREATE TABLE learning_link (
    id           TEXT PRIMARY KEY,
    hash         TEXT NOT NULL UNIQUE,
    organisation TEXT NOT NULL,
    person       TEXT NOT NULL,
    body         TEXT NOT NULL
);
CREATE INDEX learning_link_person ON learning_link (organisation, person, id);
