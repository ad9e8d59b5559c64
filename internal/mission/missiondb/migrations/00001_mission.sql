-- +goose Up
CREATE TABLE mission_work (
    organisation TEXT NOT NULL,
    person       TEXT NOT NULL,
    mission      TEXT NOT NULL,
    seed         BIGINT NOT NULL,
    since        TEXT NOT NULL,
    PRIMARY KEY (organisation, person, mission)
);

CREATE TABLE mission_try (
    id           TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    person       TEXT NOT NULL,
    mission      TEXT NOT NULL,
    version      BIGINT NOT NULL,
    seed         BIGINT NOT NULL,
    at           TEXT NOT NULL,
    verdict      TEXT NOT NULL,
    name         TEXT NOT NULL,
    hash         TEXT NOT NULL,
    under_check  TEXT NOT NULL
);
CREATE INDEX mission_try_person ON mission_try (organisation, person, mission, id);
