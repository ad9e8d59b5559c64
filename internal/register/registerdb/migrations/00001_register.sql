-- +goose Up
CREATE TABLE register_entry (
    organisation TEXT NOT NULL,
    id           TEXT NOT NULL,
    created      TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
);

CREATE TABLE register_change (
    organisation TEXT NOT NULL,
    entry        TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    at           TEXT NOT NULL,
    person       TEXT NOT NULL,
    verb         TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, entry, revision),
    FOREIGN KEY (organisation, entry) REFERENCES register_entry (organisation, id) ON DELETE CASCADE
);

-- Forms and datasets with personal data, as their rooms last told of them.
CREATE TABLE register_subject (
    organisation TEXT NOT NULL,
    kind         TEXT NOT NULL,
    id           TEXT NOT NULL,
    title        TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, kind, id)
);
