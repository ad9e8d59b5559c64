-- +goose Up
-- When the names people joined with were erased; '' while they are kept.
ALTER TABLE workshop_session ADD COLUMN forgotten TEXT NOT NULL DEFAULT '';
CREATE INDEX workshop_session_kept ON workshop_session (created) WHERE forgotten = '';
