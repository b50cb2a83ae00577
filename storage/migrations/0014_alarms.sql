-- +goose Up

-- Alarms of a rota that are so: phones of supervisors are rung for each, until one of them says by a key that she knows.
CREATE TABLE alarms (
    id       TEXT PRIMARY KEY,
    what     TEXT NOT NULL,   -- tells it from every other that is so
    kind     TEXT NOT NULL,   -- gap, not_here
    line     TEXT NOT NULL,   -- whose rota it is about
    began_at BIGINT NOT NULL,
    so_at    BIGINT NOT NULL, -- when it was last found so
    ended_at BIGINT NOT NULL, -- 0: it is so
    known_by TEXT NOT NULL,   -- who pressed the key; empty: nobody yet
    known_at BIGINT NOT NULL,
    round    BIGINT NOT NULL, -- of phones, from 1 on
    round_at BIGINT NOT NULL  -- when that began
);
CREATE UNIQUE INDEX alarms_so ON alarms (what) WHERE ended_at = 0;

ALTER TABLE tests ADD COLUMN alarm TEXT NOT NULL DEFAULT ''; -- she is told of it; empty: none
ALTER TABLE tests ADD COLUMN round BIGINT NOT NULL DEFAULT 0;
-- Each phone rings once in a round.
CREATE UNIQUE INDEX tests_alarm ON tests (alarm, round, user_id) WHERE alarm <> '';
