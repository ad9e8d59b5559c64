-- +goose Up
CREATE TABLE contact_list (
    organisation TEXT NOT NULL,
    dataset      TEXT NOT NULL,
    title        TEXT NOT NULL,
    trail        BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, dataset)
);

-- Of who refused: a digest under the secret of the instance, never an address.
CREATE TABLE contact_objection (
    organisation TEXT NOT NULL,
    digest       TEXT NOT NULL,
    at           TEXT NOT NULL,
    person       TEXT NOT NULL,
    how          TEXT NOT NULL,
    PRIMARY KEY (organisation, digest)
);
