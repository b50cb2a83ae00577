-- +goose Up

-- Calendars of people's own that the house reads; of what is in them only busy times are kept.
CREATE TABLE followed_calendars (
    user_id  TEXT PRIMARY KEY REFERENCES users (id),
    id       TEXT NOT NULL,   -- another for each address that she gave
    address  BYTEA NOT NULL,  -- sealed
    tag      BYTEA NOT NULL,  -- sealed: what its host calls what we know of it
    busy     BYTEA NOT NULL,  -- sealed: when she is busy
    next_at  BIGINT NOT NULL, -- when it is to be read; while somebody reads it, when another may try
    tries    BIGINT NOT NULL, -- in a row, without success
    read_at  BIGINT NOT NULL, -- when it was last read well; 0: never
    whole_at BIGINT NOT NULL, -- and last as a whole
    fault    TEXT NOT NULL,   -- why it could not be read; empty: it could
    unclear  BIGINT NOT NULL  -- entries that cannot be understood
);
CREATE INDEX followed_calendars_due ON followed_calendars (next_at);

-- Days about which people are asked for their wishes. A line asks once at a time.
CREATE TABLE wish_asks (
    id       TEXT PRIMARY KEY,
    line     TEXT NOT NULL,
    zone     TEXT NOT NULL, -- by whose clock the days are
    from_day TEXT NOT NULL,
    to_day   TEXT NOT NULL, -- included
    ends_at  BIGINT NOT NULL, -- with the last day, or when it was taken back
    ended_by TEXT NOT NULL,
    made_at  BIGINT NOT NULL,
    made_by  TEXT NOT NULL
);
CREATE INDEX wish_asks_line ON wish_asks (line, ends_at);

-- The address that each is asked by: found by its hash, shown again to supervisors from the sealed copy.
CREATE TABLE wish_links (
    hash        BYTEA PRIMARY KEY,
    ask_id      TEXT NOT NULL REFERENCES wish_asks (id),
    user_id     TEXT NOT NULL REFERENCES users (id),
    secret      BYTEA NOT NULL,  -- sealed
    opened_at   BIGINT NOT NULL, -- 0: never
    answered_at BIGINT NOT NULL, -- when she last said something by it; 0: never
    UNIQUE (ask_id, user_id)
);
