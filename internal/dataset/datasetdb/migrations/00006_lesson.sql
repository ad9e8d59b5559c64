-- +goose Up
-- The exercise a dataset is of, '' for real data.
ALTER TABLE dataset_dataset ADD COLUMN lesson TEXT NOT NULL DEFAULT '';
