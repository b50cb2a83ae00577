-- +goose Up

-- Browsers that may be pushed.
CREATE TABLE pushes (
    id       TEXT PRIMARY KEY,
    user_id  TEXT NOT NULL REFERENCES users (id),
    endpoint BYTEA NOT NULL UNIQUE, -- a keyed index of where it is pushed
    body     BYTEA NOT NULL,        -- sealed
    made_at  BIGINT NOT NULL
);
CREATE INDEX pushes_user ON pushes (user_id);
