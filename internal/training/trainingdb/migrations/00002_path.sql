-- +goose Up
CREATE TABLE training_path (
    organisation TEXT NOT NULL,
    id           TEXT NOT NULL,
    created      TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
);

-- Who follows which path: theirs alone, but for what they share with a cohort.
CREATE TABLE training_walk (
    organisation TEXT NOT NULL,
    path         TEXT NOT NULL,
    person       TEXT NOT NULL,
    since        TEXT NOT NULL,
    said         TEXT NOT NULL,
    PRIMARY KEY (organisation, path, person)
);
CREATE INDEX training_walk_person ON training_walk (organisation, person);

CREATE TABLE training_cohort (
    organisation TEXT NOT NULL,
    id           TEXT NOT NULL,
    created      TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
);
