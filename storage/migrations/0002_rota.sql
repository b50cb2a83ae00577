-- +goose Up

-- Rotas, one row for each version of each line's; nothing here is ever changed, and the highest version counts.
CREATE TABLE rotas (
    line     TEXT NOT NULL, -- a number of ours, or '*' for every line
    version  BIGINT NOT NULL,
    body     TEXT NOT NULL,  -- the grid; users are ids
    saved_at BIGINT NOT NULL,
    saved_by TEXT NOT NULL,
    reason   BYTEA NOT NULL, -- sealed
    PRIMARY KEY (line, version)
);
