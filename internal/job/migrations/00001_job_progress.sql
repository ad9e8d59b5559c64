-- +goose Up
CREATE TABLE job_progress (
    id          TEXT    PRIMARY KEY,
    river_id    BIGINT  NOT NULL,
    kind        TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    done        BIGINT  NOT NULL DEFAULT 0,
    total       BIGINT  NOT NULL DEFAULT 0,
    note        TEXT    NOT NULL DEFAULT '',
    fault_kind  INTEGER NOT NULL DEFAULT 0,
    fault_key   TEXT    NOT NULL DEFAULT '',
    fault_args  TEXT    NOT NULL DEFAULT '[]',
    cancel      INTEGER NOT NULL DEFAULT 0,
    node        TEXT    NOT NULL DEFAULT '',
    beat_at     BIGINT  NOT NULL DEFAULT 0,
    created_at  BIGINT  NOT NULL,
    started_at  BIGINT  NOT NULL DEFAULT 0,
    finished_at BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX job_progress_river ON job_progress (river_id);
CREATE INDEX job_progress_finished ON job_progress (finished_at);

-- +goose Down
DROP TABLE job_progress;
