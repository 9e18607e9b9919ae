CREATE TABLE accounts (
    id            BLOB NOT NULL PRIMARY KEY,
    kind          TEXT NOT NULL CHECK (kind IN ('person', 'bot')),
    username      TEXT NOT NULL UNIQUE,
    email         TEXT UNIQUE,
    name          TEXT NOT NULL,
    password_hash TEXT,
    locale        TEXT,
    roles         TEXT NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

-- Bots sign in as confidential clients; people's clients are part of the program.
CREATE TABLE clients (
    id          TEXT NOT NULL PRIMARY KEY,
    account_id  BLOB NOT NULL UNIQUE REFERENCES accounts (id),
    secret_hash BLOB NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

-- A browser that is signed in here (single sign-on).
CREATE TABLE sign_ins (
    id          BLOB NOT NULL PRIMARY KEY,
    cookie_hash BLOB NOT NULL UNIQUE,
    account_id  BLOB NOT NULL REFERENCES accounts (id),
    auth_time   INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    ended_at    INTEGER
) STRICT;
CREATE INDEX sign_ins_by_account ON sign_ins (account_id);

-- A client's session: a family of refresh tokens, of which one is good at a time.
CREATE TABLE sessions (
    id               BLOB NOT NULL PRIMARY KEY,
    account_id       BLOB NOT NULL REFERENCES accounts (id),
    client_id        TEXT NOT NULL,
    sign_in_id       BLOB,
    scope            TEXT NOT NULL,
    auth_time        INTEGER NOT NULL,
    family_hash      BLOB NOT NULL UNIQUE,
    token_hash       BLOB NOT NULL,
    token_expires_at INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    ended_at         INTEGER,
    told_at          INTEGER
) STRICT;
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_sign_in ON sessions (sign_in_id);
CREATE INDEX sessions_untold ON sessions (ended_at) WHERE ended_at IS NOT NULL AND told_at IS NULL;

CREATE TABLE codes (
    hash         BLOB NOT NULL PRIMARY KEY,
    client_id    TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge    BLOB NOT NULL,
    account_id   BLOB NOT NULL REFERENCES accounts (id),
    sign_in_id   BLOB NOT NULL REFERENCES sign_ins (id),
    scope        TEXT NOT NULL,
    nonce        TEXT,
    auth_time    INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER,
    session_id   BLOB
) STRICT;

-- The newest activated key signs; one waits, published already; retired ones stay a while.
CREATE TABLE signing_keys (
    kid          TEXT NOT NULL PRIMARY KEY,
    pkcs8        BLOB NOT NULL,
    created_at   INTEGER NOT NULL,
    activated_at INTEGER,
    retired_at   INTEGER
) STRICT;

CREATE TABLE secrets (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;
