-- +goose Up
CREATE TABLE cleaning_place (
    organisation TEXT NOT NULL,
    address      TEXT NOT NULL,
    body         TEXT NOT NULL,
    found        TEXT NOT NULL,
    PRIMARY KEY (organisation, address)
);
