-- +goose Up
CREATE TABLE workshop_session (
    id           TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    owner        TEXT NOT NULL,
    title        TEXT NOT NULL,
    code         TEXT NOT NULL UNIQUE,
    template     TEXT NOT NULL,
    created      TEXT NOT NULL,
    seq          BIGINT NOT NULL
);
CREATE INDEX workshop_session_organisation ON workshop_session (organisation, created);

CREATE TABLE workshop_op (
    session TEXT NOT NULL REFERENCES workshop_session (id) ON DELETE CASCADE,
    seq     BIGINT NOT NULL,
    sent    TEXT NOT NULL,
    at      TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (session, seq),
    UNIQUE (session, sent)
);
