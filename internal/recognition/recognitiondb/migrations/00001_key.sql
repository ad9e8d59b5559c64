-- +goose Up
CREATE TABLE recognition_key (
    organisation TEXT NOT NULL,
    public       TEXT NOT NULL,
    sealed       TEXT NOT NULL,
    since        TEXT NOT NULL,
    until        TEXT NOT NULL,
    PRIMARY KEY (organisation, public)
);
-- Of two replicas that make the first key at once, or two clicks that turn it, one wins.
CREATE UNIQUE INDEX recognition_key_signs ON recognition_key (organisation) WHERE until = '';
