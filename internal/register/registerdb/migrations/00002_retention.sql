-- +goose Up
-- Until when datasets are kept.
CREATE TABLE register_retention (
    organisation TEXT NOT NULL,
    dataset      TEXT NOT NULL,
    title        TEXT NOT NULL,
    until_day    TEXT NOT NULL,
    why          TEXT NOT NULL,
    person       TEXT NOT NULL,
    told         TEXT NOT NULL,
    PRIMARY KEY (organisation, dataset)
);
CREATE INDEX register_retention_until ON register_retention (until_day);

-- What retentions erased: that it was, never what it was.
CREATE TABLE register_erasure (
    organisation TEXT NOT NULL,
    event        BIGINT NOT NULL,
    day          TEXT NOT NULL,
    kind         TEXT NOT NULL,
    subject      TEXT NOT NULL,
    title        TEXT NOT NULL,
    months       BIGINT NOT NULL,
    until_day    TEXT NOT NULL,
    why          TEXT NOT NULL,
    amount       BIGINT NOT NULL,
    PRIMARY KEY (organisation, event)
);

-- Months in which who owns a form was told of coming erasures.
CREATE TABLE register_warning (
    organisation TEXT NOT NULL,
    form         TEXT NOT NULL,
    month        TEXT NOT NULL,
    PRIMARY KEY (organisation, form, month)
);
