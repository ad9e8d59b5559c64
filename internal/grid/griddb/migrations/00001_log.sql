-- +goose Up
CREATE TABLE grid_log (
    dataset      TEXT PRIMARY KEY REFERENCES dataset_dataset (id) ON DELETE CASCADE,
    organisation TEXT NOT NULL,
    seq          BIGINT NOT NULL,
    pulse        BIGINT NOT NULL
);
CREATE INDEX grid_log_organisation ON grid_log (organisation, dataset);

CREATE TABLE grid_op (
    dataset     TEXT NOT NULL REFERENCES grid_log (dataset) ON DELETE CASCADE,
    seq         BIGINT NOT NULL,
    sent        TEXT NOT NULL,
    at          TEXT NOT NULL,
    person      TEXT NOT NULL,
    name        TEXT NOT NULL,
    credit      TEXT NOT NULL,
    credit_name TEXT NOT NULL,
    kind        TEXT NOT NULL,
    body        TEXT NOT NULL,
    PRIMARY KEY (dataset, seq)
);
CREATE UNIQUE INDEX grid_op_sent ON grid_op (dataset, sent);

CREATE TABLE grid_presence (
    dataset      TEXT NOT NULL REFERENCES grid_log (dataset) ON DELETE CASCADE,
    person       TEXT NOT NULL,
    name         TEXT NOT NULL,
    place_row    BIGINT NOT NULL,
    place_column TEXT NOT NULL,
    at           TEXT NOT NULL,
    PRIMARY KEY (dataset, person)
);
