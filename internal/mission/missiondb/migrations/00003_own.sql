-- +goose Up
-- The missions of an organisation itself: as they are written now, and every edition published.
CREATE TABLE mission_own (
    organisation TEXT NOT NULL,
    id           TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
);

-- The tables they are made of, as CSV, each named by what it says.
CREATE TABLE mission_sheet (
    organisation TEXT NOT NULL,
    name         TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, name)
);
