-- +goose Up
CREATE TABLE form_item (
    id           TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    created      TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    taken        BIGINT NOT NULL,
    body         TEXT NOT NULL
);
CREATE INDEX form_item_organisation ON form_item (organisation, created, id);

CREATE TABLE form_version (
    form   TEXT NOT NULL REFERENCES form_item (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    at     TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (form, number)
);

CREATE TABLE form_answer (
    form         TEXT NOT NULL REFERENCES form_item (id) ON DELETE CASCADE,
    id           TEXT NOT NULL,
    organisation TEXT NOT NULL,
    version      BIGINT NOT NULL,
    nonce        TEXT NOT NULL,
    reference    TEXT NOT NULL,
    at           TEXT NOT NULL,
    person       TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (form, id),
    UNIQUE (form, nonce),
    UNIQUE (form, reference)
);
