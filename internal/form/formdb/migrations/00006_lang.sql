-- +goose Up
ALTER TABLE form_answer ADD COLUMN lang TEXT NOT NULL DEFAULT '';
