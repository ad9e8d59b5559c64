-- +goose Up
ALTER TABLE mission_try ADD COLUMN given TEXT NOT NULL DEFAULT '{}';
