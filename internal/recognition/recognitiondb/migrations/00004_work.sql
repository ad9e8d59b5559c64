-- +goose Up
-- Which works a badge rests on, as the room of evidence calls them: a JSON list.
ALTER TABLE recognition_request ADD COLUMN works TEXT NOT NULL DEFAULT '[]';
ALTER TABLE recognition_badge ADD COLUMN works TEXT NOT NULL DEFAULT '[]';
