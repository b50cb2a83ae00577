-- +goose Up

-- When somebody was last rung as an interpreter: whoever was not for the longest is rung first. 0: never.
ALTER TABLE users ADD COLUMN interpreted_at BIGINT NOT NULL DEFAULT 0;
