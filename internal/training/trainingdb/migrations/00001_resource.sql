-- +goose Up
CREATE TABLE training_resource (
    organisation TEXT NOT NULL,
    id           TEXT NOT NULL,
    created      TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
);

-- Who used what: theirs alone, but for what they share.
CREATE TABLE training_follow (
    organisation TEXT NOT NULL,
    resource     TEXT NOT NULL,
    person       TEXT NOT NULL,
    at           TEXT NOT NULL,
    changed      TEXT NOT NULL,
    shared       BOOLEAN NOT NULL,
    PRIMARY KEY (organisation, resource, person)
);

CREATE TABLE training_link (
    organisation TEXT NOT NULL,
    resource     TEXT NOT NULL,
    address      TEXT NOT NULL,
    at           TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    PRIMARY KEY (organisation, resource)
);

-- When the links of an organisation are to be checked next.
CREATE TABLE training_round (
    organisation TEXT PRIMARY KEY,
    due          TEXT NOT NULL
);
