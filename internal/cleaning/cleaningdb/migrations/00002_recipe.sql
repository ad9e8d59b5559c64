-- +goose Up
CREATE TABLE cleaning_recipe (
    id           TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX cleaning_recipe_organisation ON cleaning_recipe (organisation, id);

CREATE TABLE cleaning_recipe_version (
    recipe  TEXT NOT NULL REFERENCES cleaning_recipe (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (recipe, version)
);
