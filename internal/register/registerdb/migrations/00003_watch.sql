-- +goose Up
-- What the data protection officer said of entries.
CREATE TABLE register_opinion (
    organisation TEXT NOT NULL,
    id           TEXT NOT NULL,
    entry        TEXT NOT NULL,
    at           TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    person       TEXT NOT NULL,
    verdict      TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, entry) REFERENCES register_entry (organisation, id) ON DELETE CASCADE
);

-- Publications of datasets in which persons were recognised: blocked, or done with a reason.
CREATE TABLE register_alert (
    organisation TEXT NOT NULL,
    event        BIGINT NOT NULL,
    at           TEXT NOT NULL,
    kind         TEXT NOT NULL,
    dataset      TEXT NOT NULL,
    title        TEXT NOT NULL,
    columns      TEXT NOT NULL,
    reason       TEXT NOT NULL,
    person       TEXT NOT NULL,
    seen         TEXT NOT NULL,
    PRIMARY KEY (organisation, event)
);
