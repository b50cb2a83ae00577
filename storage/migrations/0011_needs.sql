-- +goose Up

ALTER TABLE users ADD COLUMN gender TEXT NOT NULL DEFAULT ''; -- woman, man; empty: not said

-- Who is not for a person: never asked for her again, from whichever contact she comes back.
CREATE TABLE barred (
    address_index BYTEA NOT NULL, -- keyed
    user_id       TEXT NOT NULL REFERENCES users (id),
    made_at       BIGINT NOT NULL,
    made_by       TEXT NOT NULL,
    PRIMARY KEY (address_index, user_id)
);
