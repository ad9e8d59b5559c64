-- +goose Up
-- What each person said yes to, by the digest of their address or number, and when they took it back.
CREATE TABLE contact_consent (
    organisation TEXT NOT NULL,
    id           TEXT NOT NULL,
    digest       TEXT NOT NULL,
    given        TEXT NOT NULL,
    how          TEXT NOT NULL,
    purpose      TEXT NOT NULL,
    words        TEXT NOT NULL,
    person       TEXT NOT NULL,
    at           TEXT NOT NULL,
    ended        TEXT NOT NULL,
    end_how      TEXT NOT NULL,
    end_person   TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
);
CREATE INDEX contact_consent_digest ON contact_consent (organisation, digest);
CREATE INDEX contact_consent_purpose ON contact_consent (organisation, purpose);
