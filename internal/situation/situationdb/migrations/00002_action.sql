-- +goose Up
-- What was decided about the gaps of the map.
CREATE TABLE situation_action (
    organisation TEXT NOT NULL,
    id           TEXT NOT NULL,
    created      TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
);
