-- +goose Up
ALTER TABLE dataset_mapping ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE dataset_mapping ADD COLUMN forgotten TEXT NOT NULL DEFAULT '';
