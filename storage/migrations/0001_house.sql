-- +goose Up

-- Small values of the whole house: wrapped keys, the key set's fingerprint, the generation.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE users (
    id           TEXT PRIMARY KEY,
    email_index  BYTEA NOT NULL UNIQUE,
    email        BYTEA NOT NULL, -- sealed
    name         BYTEA NOT NULL, -- sealed
    phone        BYTEA NOT NULL, -- sealed
    totp         BYTEA NOT NULL, -- sealed; empty: no second factor
    totp_step    BIGINT NOT NULL, -- the last step used; a code works once
    password     TEXT NOT NULL,
    role         TEXT NOT NULL,
    languages    TEXT NOT NULL,
    disabled     BOOLEAN NOT NULL,
    state        TEXT NOT NULL,
    voice        TEXT NOT NULL,
    missed       BIGINT NOT NULL,
    asked_at     BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_hash BYTEA PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    began_at   BIGINT NOT NULL,
    ends_at    BIGINT NOT NULL,
    enrol      BOOLEAN NOT NULL, -- may only set up a second factor
    totp       BYTEA NOT NULL    -- sealed; the secret that is being set up
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE contacts (
    id            TEXT PRIMARY KEY,
    channel       TEXT NOT NULL,
    line          TEXT NOT NULL,
    address       BYTEA NOT NULL, -- sealed
    ours          BYTEA NOT NULL, -- sealed
    address_index BYTEA,          -- keyed; NULL when withheld
    pair_index    BYTEA,          -- keyed: this address to this address of ours; NULL when withheld
    is_open       BOOLEAN NOT NULL,
    state         TEXT NOT NULL,
    owner         TEXT NOT NULL,
    last_owner    TEXT NOT NULL,
    priority      BIGINT NOT NULL,
    since         BIGINT NOT NULL,
    due_at        BIGINT NOT NULL, -- the next step by the clock; 0: none
    overdue       BOOLEAN NOT NULL,
    unanswered    BIGINT NOT NULL,
    outcome       BYTEA NOT NULL, -- sealed
    facts         TEXT NOT NULL,  -- the rest of the state, without anything personal
    version       BIGINT NOT NULL
);
-- Two first texts at one instant make one contact.
CREATE UNIQUE INDEX contacts_pair ON contacts (pair_index) WHERE is_open;
CREATE INDEX contacts_address ON contacts (address_index);
CREATE INDEX contacts_open ON contacts (state, priority, since) WHERE is_open;
CREATE INDEX contacts_owner ON contacts (owner) WHERE is_open;

-- A contact's data key, wrapped. Without it nothing of the contact opens.
CREATE TABLE contact_keys (
    contact_id TEXT PRIMARY KEY REFERENCES contacts (id),
    wrapped    BYTEA NOT NULL
);

CREATE TABLE messages (
    id         TEXT PRIMARY KEY,
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    sid        TEXT UNIQUE, -- the carrier's id of what came in: one row for each, for ever
    direction  TEXT NOT NULL,
    at         BIGINT NOT NULL,
    body       BYTEA NOT NULL, -- sealed
    media      BIGINT NOT NULL,
    by_user    TEXT NOT NULL,
    ref        TEXT,
    status     TEXT NOT NULL,
    error_code BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX messages_contact ON messages (contact_id, id);
-- The same ref never sends twice.
CREATE UNIQUE INDEX messages_ref ON messages (by_user, ref);

CREATE TABLE media (
    id         TEXT PRIMARY KEY,
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    message_id TEXT NOT NULL REFERENCES messages (id),
    n          BIGINT NOT NULL,
    size       BIGINT NOT NULL,
    type       BYTEA NOT NULL, -- sealed
    place      BYTEA NOT NULL  -- sealed: where it lies at the carrier
);
CREATE INDEX media_message ON media (message_id);

-- What goes out: one row for each part of a message. Only what passed the gate gets here.
CREATE TABLE sends (
    message_id TEXT NOT NULL REFERENCES messages (id),
    part       BIGINT NOT NULL,
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    body       BYTEA NOT NULL, -- sealed
    state      TEXT NOT NULL,  -- waiting, trying, unsure, done
    sid        TEXT NOT NULL,
    status     TEXT NOT NULL,
    error_code BIGINT NOT NULL,
    tries      BIGINT NOT NULL,
    looked     BIGINT NOT NULL, -- how often the carrier was asked for it and did not know it
    next_at    BIGINT NOT NULL,
    began_at   BIGINT NOT NULL,
    PRIMARY KEY (message_id, part)
);
CREATE INDEX sends_next ON sends (next_at) WHERE state <> 'done';
-- One send for each id of the carrier's: two with the same words are never taken for one.
CREATE UNIQUE INDEX sends_sid ON sends (sid) WHERE sid <> '';

CREATE TABLE offers (
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    epoch      BIGINT NOT NULL,
    user_id    TEXT NOT NULL REFERENCES users (id),
    made_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at   BIGINT,
    reason     TEXT NOT NULL,
    PRIMARY KEY (contact_id, epoch)
);
-- One open offer at a time for each person.
CREATE UNIQUE INDEX offers_open ON offers (user_id) WHERE ended_at IS NULL;

-- Room is rows, never a count.
CREATE TABLE slots (
    user_id    TEXT NOT NULL REFERENCES users (id),
    kind       TEXT NOT NULL,
    n          BIGINT NOT NULL,
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    epoch      BIGINT NOT NULL,
    PRIMARY KEY (user_id, kind, n),
    UNIQUE (user_id, contact_id)
);

CREATE TABLE notes (
    id         TEXT PRIMARY KEY,
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    at         BIGINT NOT NULL,
    by_user    TEXT NOT NULL,
    body       BYTEA NOT NULL, -- sealed
    revises    TEXT NOT NULL
);
CREATE INDEX notes_contact ON notes (contact_id, id);

CREATE TABLE triage (
    contact_id TEXT PRIMARY KEY REFERENCES contacts (id),
    body       BYTEA NOT NULL -- sealed
);

-- Who did or read what. One chain for each writer; nothing here is ever changed.
CREATE TABLE audit (
    chain   TEXT NOT NULL,
    seq     BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    contact TEXT NOT NULL,
    detail  TEXT NOT NULL,
    hash    BYTEA NOT NULL,
    PRIMARY KEY (chain, seq)
);
CREATE INDEX audit_contact ON audit (contact);

CREATE TABLE audit_heads (
    chain    TEXT PRIMARY KEY,
    began_at BIGINT NOT NULL,
    seq      BIGINT NOT NULL,
    hash     BYTEA NOT NULL,
    mac      BYTEA NOT NULL, -- under a key that is not in the database
    tied_seq BIGINT NOT NULL -- up to here a later chain vouches for this one
);
