-- +goose Up
-- When the session was closed; '' while it goes on. The names are kept for a while from then on, whatever is written in the synthesis.
ALTER TABLE workshop_session ADD COLUMN closed TEXT NOT NULL DEFAULT '';
UPDATE workshop_session SET closed = coalesce((SELECT min(at) FROM workshop_op WHERE session = workshop_session.id AND body LIKE '{"kind":"close"%'), '');
