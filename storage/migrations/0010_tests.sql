-- +goose Up

-- Test pages: a colleague's own phone is rung with nobody behind it, and she presses a key. Nothing in a row is personal;
-- numbers are read when they are dialled.
CREATE TABLE tests (
    id       TEXT PRIMARY KEY,
    user_id  TEXT NOT NULL REFERENCES users (id),
    by_user  TEXT NOT NULL,
    line     TEXT NOT NULL,    -- from which it is rung
    shift    TEXT NOT NULL,    -- with the seat: she is asked whether she is there; empty: a test
    made_at  BIGINT NOT NULL,
    state    TEXT NOT NULL,    -- new, dialled, ringing, up, over
    result   TEXT NOT NULL,    -- of one that is over
    ended_at BIGINT NOT NULL,
    sid      TEXT,             -- the carrier's id, once it is known
    down     BOOLEAN NOT NULL, -- wanted: to be ended, for somebody waits
    next_at  BIGINT NOT NULL,  -- when the carrier is asked for something; 0: never
    till_at  BIGINT NOT NULL,  -- when it is over whatever was reported; 0: it is
    version  BIGINT NOT NULL   -- raised with every change: two processes never undo each other's
);
CREATE UNIQUE INDEX tests_sid ON tests (sid);
-- One at a time for each person.
CREATE UNIQUE INDEX tests_open ON tests (user_id) WHERE till_at > 0;
CREATE INDEX tests_till ON tests (till_at) WHERE till_at > 0;
CREATE INDEX tests_user ON tests (user_id, id);

-- When somebody last pressed the key of a test page.
ALTER TABLE users ADD COLUMN tested_at BIGINT NOT NULL DEFAULT 0;

-- Whether the last push to a browser failed.
ALTER TABLE pushes ADD COLUMN failing BOOLEAN NOT NULL DEFAULT FALSE;
