-- +goose Up

-- What supervisors are told of a line's rota until each has seen it: the newest of each kind.
CREATE TABLE bulletins (
    kind    TEXT NOT NULL, -- report, clocks
    line    TEXT NOT NULL,
    id      TEXT NOT NULL UNIQUE,
    day     TEXT NOT NULL, -- that it is of: of two processes that make the same one, one does
    body    TEXT NOT NULL, -- counts and times as JSON; it names no person
    made_at BIGINT NOT NULL,
    PRIMARY KEY (kind, line)
);
CREATE TABLE bulletins_seen (
    bulletin TEXT NOT NULL,
    user_id  TEXT NOT NULL REFERENCES users (id),
    seen_at  BIGINT NOT NULL,
    PRIMARY KEY (bulletin, user_id)
);

-- The time zone data that the shifts to come were last reckoned by.
CREATE TABLE zones (
    zone     TEXT PRIMARY KEY,
    data     BYTEA NOT NULL,
    noted_at BIGINT NOT NULL
);
