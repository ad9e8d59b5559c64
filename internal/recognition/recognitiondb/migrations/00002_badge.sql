-- +goose Up
CREATE TABLE recognition_badge (
    id           TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    offer        TEXT NOT NULL,
    person       TEXT NOT NULL,
    given_by     TEXT NOT NULL,
    lang         TEXT NOT NULL,
    at           TEXT NOT NULL,
    until        TEXT NOT NULL,
    list         BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    credential   TEXT NOT NULL,
    token        TEXT NOT NULL,
    standing     BIGINT NOT NULL,
    changed      TEXT NOT NULL,
    changed_by   TEXT NOT NULL,
    note         TEXT NOT NULL,
    newest       BIGINT NOT NULL
);
CREATE UNIQUE INDEX recognition_badge_place ON recognition_badge (organisation, list, place);
-- Two people who give one badge to one person at once: one does.
CREATE UNIQUE INDEX recognition_badge_newest ON recognition_badge (organisation, offer, person) WHERE newest = 1;
CREATE INDEX recognition_badge_person ON recognition_badge (organisation, person, at);

CREATE TABLE recognition_request (
    id           TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    offer        TEXT NOT NULL,
    person       TEXT NOT NULL,
    lang         TEXT NOT NULL,
    at           TEXT NOT NULL,
    note         TEXT NOT NULL,
    evidence     TEXT NOT NULL,
    state        TEXT NOT NULL,
    closed_by    TEXT NOT NULL,
    answer       TEXT NOT NULL,
    closed       TEXT NOT NULL,
    badge        TEXT NOT NULL
);
CREATE UNIQUE INDEX recognition_request_waiting ON recognition_request (organisation, offer, person) WHERE state = 'waiting';
CREATE INDEX recognition_request_person ON recognition_request (organisation, person, id);
