-- +goose Up
CREATE TABLE situation_item (
    organisation TEXT NOT NULL,
    id           TEXT NOT NULL,
    created      TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
);

CREATE TABLE situation_change (
    organisation TEXT NOT NULL,
    item         TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    at           TEXT NOT NULL,
    person       TEXT NOT NULL,
    verb         TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, item, revision),
    FOREIGN KEY (organisation, item) REFERENCES situation_item (organisation, id) ON DELETE CASCADE
);
