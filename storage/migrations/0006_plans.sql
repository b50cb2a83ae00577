-- +goose Up

-- A line's rota as a whole. The version rises with every change to the grid, to what is laid over it, and to who takes
-- part in it: whoever keeps a copy compares it.
CREATE TABLE plans (
    line       TEXT PRIMARY KEY,
    version    BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    settings   TEXT NOT NULL -- empty: the usual ones
);
INSERT INTO plans (line, version, changed_at, settings)
    SELECT line, max(version), max(saved_at), '' FROM rotas GROUP BY line;

-- Day templates and temporary plans; users are ids. A change ends one row and makes another.
CREATE TABLE overlays (
    n        TEXT PRIMARY KEY,
    id       TEXT NOT NULL,
    line     TEXT NOT NULL,
    kind     TEXT NOT NULL, -- template, temporary
    body     TEXT NOT NULL,
    reason   BYTEA NOT NULL, -- sealed
    made_at  BIGINT NOT NULL,
    made_by  TEXT NOT NULL,
    ended_at BIGINT NOT NULL, -- 0: it holds
    ended_by TEXT NOT NULL,
    undone   BYTEA -- sealed: why it ended
);
CREATE UNIQUE INDEX overlays_id ON overlays (line, id) WHERE ended_at = 0;

-- What changes one seat of one shift: absence, cover, extra, cancel.
CREATE TABLE exceptions (
    id       TEXT PRIMARY KEY,
    line     TEXT NOT NULL,
    shift    TEXT NOT NULL, -- with the seat
    day      TEXT NOT NULL, -- on which the shift starts
    kind     TEXT NOT NULL,
    user_id  TEXT NOT NULL, -- who does not come; empty: none
    by_user  TEXT NOT NULL, -- who comes; empty: none
    cause    TEXT NOT NULL, -- change, swap, claim, fill
    reason   BYTEA NOT NULL, -- sealed
    made_at  BIGINT NOT NULL,
    made_by  TEXT NOT NULL,
    ended_at BIGINT NOT NULL,
    ended_by TEXT NOT NULL,
    undone   BYTEA -- sealed: why it ended
);
-- Two exceptions on one seat of one shift cannot both hold.
CREATE UNIQUE INDEX exceptions_seat ON exceptions (shift) WHERE ended_at = 0;
CREATE INDEX exceptions_day ON exceptions (day) WHERE ended_at = 0;

CREATE TABLE swaps (
    id         TEXT PRIMARY KEY,
    line       TEXT NOT NULL,
    shift      TEXT NOT NULL, -- with the seat
    day        TEXT NOT NULL,
    giver      TEXT NOT NULL,
    asked      TEXT NOT NULL, -- whom the giver asks; empty: everybody
    taker      TEXT NOT NULL,
    state      TEXT NOT NULL, -- open, taken, approved, refused, withdrawn, past
    note       BYTEA NOT NULL, -- sealed
    made_at    BIGINT NOT NULL,
    ends_at    BIGINT NOT NULL, -- when the shift starts: nobody can take it any more
    decided_at BIGINT NOT NULL,
    decided_by TEXT NOT NULL
);
-- A seat is offered once at a time.
CREATE UNIQUE INDEX swaps_seat ON swaps (shift) WHERE state IN ('open', 'taken');
CREATE INDEX swaps_line ON swaps (line, ends_at);

-- Who said that she will come to a seat, and who that she is there.
CREATE TABLE attendance (
    shift        TEXT NOT NULL, -- with the seat
    user_id      TEXT NOT NULL,
    day          TEXT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    here_at      BIGINT NOT NULL, -- 0: not yet
    PRIMARY KEY (shift, user_id)
);
CREATE INDEX attendance_day ON attendance (day);

-- Who cannot just now, until when.
CREATE TABLE reliefs (
    user_id  TEXT PRIMARY KEY REFERENCES users (id),
    began_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);

CREATE TABLE handovers (
    id       TEXT PRIMARY KEY,
    line     TEXT NOT NULL,
    at       BIGINT NOT NULL,
    by_user  TEXT NOT NULL,
    note     BYTEA NOT NULL, -- sealed
    contacts TEXT NOT NULL,  -- ids of those that were open
    read_by  TEXT NOT NULL,
    read_at  BIGINT NOT NULL
);
CREATE INDEX handovers_line ON handovers (line, at);

CREATE TABLE wishes (
    id      TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    from_at BIGINT NOT NULL,
    to_at   BIGINT NOT NULL,
    kind    TEXT NOT NULL, -- can, cannot, like
    made_at BIGINT NOT NULL
);
CREATE INDEX wishes_time ON wishes (to_at);

-- A rota that a supervisor works on; nothing of it holds.
CREATE TABLE drafts (
    line    TEXT PRIMARY KEY,
    body    BYTEA NOT NULL, -- sealed: it names people
    at      BIGINT NOT NULL,
    by_user TEXT NOT NULL
);

-- The address of a person's calendar: found by its hash, shown again from the sealed copy.
CREATE TABLE calendars (
    user_id TEXT PRIMARY KEY REFERENCES users (id),
    hash    BYTEA NOT NULL UNIQUE,
    secret  BYTEA NOT NULL, -- sealed
    made_at BIGINT NOT NULL
);

-- Duties that a person had and has no longer: her calendar says so for a while.
CREATE TABLE gone_duties (
    shift   TEXT NOT NULL, -- with the seat
    user_id TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at   BIGINT NOT NULL,
    gone_at BIGINT NOT NULL,
    PRIMARY KEY (shift, user_id)
);
