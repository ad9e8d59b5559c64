-- +goose Up
CREATE TABLE competency_framework (
    organisation TEXT NOT NULL,
    id           TEXT NOT NULL,
    created      TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    number       BIGINT NOT NULL,
    published_at TEXT NOT NULL,
    working      TEXT NOT NULL,
    published    TEXT NOT NULL,
    arrival      TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
);

CREATE TABLE competency_version (
    organisation TEXT NOT NULL,
    framework    TEXT NOT NULL,
    number       BIGINT NOT NULL,
    at           TEXT NOT NULL,
    person       TEXT NOT NULL,
    verb         TEXT NOT NULL,
    note         TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, framework, number),
    FOREIGN KEY (organisation, framework) REFERENCES competency_framework (organisation, id) ON DELETE CASCADE
);

CREATE TABLE competency_change (
    organisation TEXT NOT NULL,
    framework    TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    position     BIGINT NOT NULL,
    at           TEXT NOT NULL,
    person       TEXT NOT NULL,
    verb         TEXT NOT NULL,
    note         TEXT NOT NULL,
    item         TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, framework, revision, position),
    FOREIGN KEY (organisation, framework) REFERENCES competency_framework (organisation, id) ON DELETE CASCADE
);
CREATE INDEX competency_change_item ON competency_change (organisation, framework, item, revision);
