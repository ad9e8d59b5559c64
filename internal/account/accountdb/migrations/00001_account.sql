-- +goose Up
CREATE TABLE account_organisation (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    slug       TEXT NOT NULL UNIQUE,
    siren      TEXT NOT NULL,
    territory  TEXT NOT NULL,
    accent     TEXT NOT NULL,
    created_at TEXT NOT NULL,
    version    BIGINT NOT NULL,
    turn       BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE account_service (
    id           TEXT PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES account_organisation (id),
    name         TEXT NOT NULL,
    folded       TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    UNIQUE (organisation, folded)
);

CREATE TABLE account_person (
    id              TEXT PRIMARY KEY,
    organisation    TEXT NOT NULL REFERENCES account_organisation (id),
    service         TEXT REFERENCES account_service (id),
    name            TEXT NOT NULL,
    email           TEXT NOT NULL,
    roles           TEXT NOT NULL,
    language        TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('invited', 'active', 'suspended', 'erased')),
    password_hash   TEXT NOT NULL,
    searchable      TEXT NOT NULL,
    created_at      TEXT NOT NULL,
    last_sign_in_at TEXT NOT NULL,
    version         BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_person_email ON account_person (email) WHERE email <> '';
CREATE INDEX account_person_list ON account_person (organisation, searchable, id);
CREATE INDEX account_person_service ON account_person (service);

CREATE TABLE account_session (
    hash         TEXT PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    person       TEXT NOT NULL REFERENCES account_person (id),
    organisation TEXT NOT NULL,
    agent        TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    expires_at   TEXT NOT NULL
);
CREATE INDEX account_session_person ON account_session (person);
CREATE INDEX account_session_expires ON account_session (expires_at);

CREATE TABLE account_link (
    hash         TEXT PRIMARY KEY,
    purpose      TEXT NOT NULL,
    person       TEXT REFERENCES account_person (id),
    organisation TEXT NOT NULL,
    email        TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    expires_at   TEXT NOT NULL,
    used_at      TEXT NOT NULL
);
CREATE INDEX account_link_person ON account_link (person);

CREATE TABLE account_attempt (
    key         TEXT PRIMARY KEY,
    tries       BIGINT NOT NULL,
    since_at    TEXT NOT NULL,
    until_at    TEXT NOT NULL
);
