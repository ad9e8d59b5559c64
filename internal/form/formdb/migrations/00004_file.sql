-- +goose Up
CREATE TABLE form_file (
    id     TEXT NOT NULL PRIMARY KEY,
    form   TEXT NOT NULL REFERENCES form_item (id) ON DELETE CASCADE,
    answer TEXT NOT NULL DEFAULT '',
    nonce  TEXT NOT NULL,
    block  TEXT NOT NULL,
    name   TEXT NOT NULL,
    media  TEXT NOT NULL,
    bytes  BIGINT NOT NULL,
    hash   TEXT NOT NULL,
    at     TEXT NOT NULL,
    loose  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX form_file_ticket ON form_file (form, nonce, at, id);
CREATE INDEX form_file_hash ON form_file (hash);
CREATE INDEX form_file_waiting ON form_file (answer, at, id);
