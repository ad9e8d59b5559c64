-- +goose Up
CREATE TABLE dataset_mapping (
    organisation TEXT NOT NULL,
    schema_name  TEXT NOT NULL,
    header       TEXT NOT NULL,
    mapping      TEXT NOT NULL,
    person       TEXT NOT NULL,
    person_name  TEXT NOT NULL,
    at           TEXT NOT NULL,
    PRIMARY KEY (organisation, schema_name, header)
);
CREATE INDEX dataset_mapping_at ON dataset_mapping (organisation, at);
