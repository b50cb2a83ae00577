-- +goose Up

-- Legs of calls: what is known of each, and what is wanted of it. Nothing in a row is personal; numbers are read when
-- they are dialled.
CREATE TABLE legs (
    id         TEXT PRIMARY KEY,
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    part       TEXT NOT NULL,
    user_id    TEXT NOT NULL,    -- empty: the caller
    epoch      BIGINT NOT NULL,  -- of the offer or the grant under which it rings
    phone      BOOLEAN NOT NULL, -- a number; else a browser
    keyed      BOOLEAN NOT NULL, -- pressed its key, or needs none
    sid        TEXT,             -- the carrier's id, once it is known
    room       TEXT NOT NULL,    -- the carrier's id of the room that it is in
    state      TEXT NOT NULL,    -- new, dialled, ringing, up, over
    how        TEXT NOT NULL,    -- how it ended
    down       BOOLEAN NOT NULL, -- wanted: to be ended
    place      BIGINT NOT NULL,  -- wanted: raised when it has to ask where it belongs
    placed     BIGINT NOT NULL,  -- done
    held       BOOLEAN NOT NULL, -- wanted
    is_held    BOOLEAN NOT NULL, -- done
    muted      BOOLEAN NOT NULL,
    is_muted   BOOLEAN NOT NULL,
    next_at    BIGINT NOT NULL,  -- when the carrier is asked for something; 0: never
    tries      BIGINT NOT NULL,
    made_at    BIGINT NOT NULL,
    version    BIGINT NOT NULL   -- raised with every change: two processes never undo each other's
);
CREATE UNIQUE INDEX legs_sid ON legs (sid);
CREATE INDEX legs_contact ON legs (contact_id);
CREATE INDEX legs_next ON legs (next_at) WHERE next_at > 0;
