-- +goose Up

-- What lies at the carrier and is to be deleted there, once its time has come. Nothing in a row is personal.
CREATE TABLE traces (
    kind    TEXT NOT NULL,   -- message, call, recording
    sid     TEXT NOT NULL,   -- the carrier's id
    due_at  BIGINT NOT NULL, -- since when it should be gone
    next_at BIGINT NOT NULL, -- when the carrier is asked next
    tries   BIGINT NOT NULL,
    PRIMARY KEY (kind, sid)
);
CREATE INDEX traces_next ON traces (next_at);
