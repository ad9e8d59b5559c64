-- +goose Up
ALTER TABLE form_answer ADD COLUMN state TEXT NOT NULL DEFAULT 'received';
ALTER TABLE form_answer ADD COLUMN assignee TEXT NOT NULL DEFAULT '';
ALTER TABLE form_answer ADD COLUMN due TEXT NOT NULL DEFAULT '';
ALTER TABLE form_answer ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;

CREATE TABLE form_step (
    form   TEXT NOT NULL,
    answer TEXT NOT NULL,
    number BIGINT NOT NULL,
    at     TEXT NOT NULL,
    person TEXT NOT NULL,
    kind   TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (form, answer, number),
    FOREIGN KEY (form, answer) REFERENCES form_answer (form, id) ON DELETE CASCADE
);
