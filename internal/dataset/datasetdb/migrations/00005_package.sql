-- +goose Up
ALTER TABLE dataset_check ADD COLUMN package TEXT NOT NULL DEFAULT '';
ALTER TABLE dataset_check ADD COLUMN place BIGINT NOT NULL DEFAULT 0;
CREATE INDEX dataset_check_package ON dataset_check (package, place);
