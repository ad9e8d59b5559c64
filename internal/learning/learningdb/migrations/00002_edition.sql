-- +goose Up
-- What was told of an organisation each month, and whom each figure counted, so that no later one can be told beside it that gives somebody away.
CREATE TABLE learning_edition (
    organisation TEXT NOT NULL,
    month        TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (organisation, month)
);
