-- +goose Up
ALTER TABLE form_item ADD COLUMN line TEXT NOT NULL DEFAULT '';
ALTER TABLE form_item ADD COLUMN offered BIGINT NOT NULL DEFAULT 0;
UPDATE form_item SET line = id;
CREATE INDEX form_item_line ON form_item (line, created, id);
CREATE INDEX form_item_offered ON form_item (offered, created, id);
