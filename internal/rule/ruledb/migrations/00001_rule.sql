-- +goose Up
CREATE TABLE rule_book (
    organisation TEXT NOT NULL,
    subject      TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    rules        BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, subject)
);
