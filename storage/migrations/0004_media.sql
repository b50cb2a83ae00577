-- +goose Up

-- How far a file that came with a message is on its way from the carrier to us.
ALTER TABLE media ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting'; -- waiting, kept (and still at the carrier), done, lost
ALTER TABLE media ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN next_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX media_next ON media (next_at) WHERE state IN ('waiting', 'kept');

CREATE TABLE media_bodies (
    media_id TEXT PRIMARY KEY REFERENCES media (id),
    body     BYTEA NOT NULL -- sealed
);
