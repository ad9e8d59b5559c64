-- +goose Up
CREATE TABLE outbox_counter (
    name TEXT PRIMARY KEY,
    n    BIGINT NOT NULL
);
INSERT INTO outbox_counter (name, n) VALUES ('event', 0);

CREATE TABLE outbox_event (
    seq          BIGINT PRIMARY KEY,
    at           TEXT NOT NULL,
    organisation TEXT NOT NULL,
    actor        TEXT NOT NULL,
    actor_name   TEXT NOT NULL,
    verb         TEXT NOT NULL,
    subject      TEXT NOT NULL,
    detail       TEXT NOT NULL
);
CREATE INDEX outbox_event_organisation ON outbox_event (organisation, seq);
CREATE INDEX outbox_event_subject ON outbox_event (subject, seq);

CREATE TABLE outbox_cursor (
    subscriber TEXT PRIMARY KEY,
    seq        BIGINT NOT NULL
);
