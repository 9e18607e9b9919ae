//! The tables.

use kit::sqlite::Migration;

/// Scripts, never changed once they are released.
pub(super) const MIGRATIONS: &[Migration] = &[Migration {
    name: "people, connections, blocks, notifications, sign-ins, devices",
    sql: r"
CREATE TABLE person (
  n                 INTEGER PRIMARY KEY,
  id                BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  username          TEXT NOT NULL UNIQUE,
  email             TEXT NOT NULL,
  display_name      TEXT NOT NULL,
  bio               TEXT NOT NULL DEFAULT '',
  avatar_url        TEXT,
  locale            TEXT NOT NULL,
  time_zone         TEXT NOT NULL,
  status_text       TEXT NOT NULL DEFAULT '',
  status_emoji      TEXT NOT NULL DEFAULT '',
  status_expires_at INTEGER,
  created_at        INTEGER NOT NULL,
  username_key      TEXT NOT NULL,
  name_key          TEXT NOT NULL
) STRICT;

-- Groups of three letters of what people are called: how a search finds candidates.
CREATE TABLE gram (
  gram   TEXT NOT NULL,
  person INTEGER NOT NULL REFERENCES person (n) ON DELETE CASCADE,
  PRIMARY KEY (gram, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX gram_of_person ON gram (person);

-- One row per pair, the smaller id first: two people who ask each other meet in it.
CREATE TABLE connection (
  id         BLOB NOT NULL PRIMARY KEY,
  low        BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  high       BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  asker      BLOB NOT NULL,
  accepted   INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  UNIQUE (low, high),
  CHECK (low < high),
  CHECK (asker IN (low, high))
) STRICT, WITHOUT ROWID;
CREATE INDEX connection_of_low ON connection (low, id);
CREATE INDEX connection_of_high ON connection (high, id);

CREATE TABLE block (
  n          INTEGER PRIMARY KEY,
  blocker    BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  blocked    BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  UNIQUE (blocker, blocked),
  CHECK (blocker <> blocked)
) STRICT;

CREATE TABLE notification (
  n           INTEGER PRIMARY KEY AUTOINCREMENT,
  id          BLOB NOT NULL UNIQUE,
  user_id     BLOB NOT NULL,
  kind        TEXT NOT NULL,
  actor_id    BLOB,
  chat_id     BLOB,
  message_id  BLOB,
  message_seq INTEGER,
  event_id    BLOB,
  text        TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  read_at     INTEGER
) STRICT;
CREATE UNIQUE INDEX notification_once ON notification (user_id, event_id, kind)
  WHERE event_id IS NOT NULL;
CREATE INDEX notification_newest ON notification (user_id, n);
CREATE INDEX notification_unread ON notification (user_id, chat_id, message_seq)
  WHERE read_at IS NULL;

CREATE TABLE sign_in (
  state      TEXT NOT NULL PRIMARY KEY,
  browser    BLOB NOT NULL,
  nonce      TEXT NOT NULL,
  verifier   TEXT NOT NULL,
  return_to  TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_started ON sign_in (created_at);

CREATE TABLE login (
  id            BLOB NOT NULL PRIMARY KEY,
  user_id       BLOB NOT NULL,
  token         BLOB NOT NULL UNIQUE CHECK (length(token) = 32),
  session_id    BLOB NOT NULL,
  refresh_token TEXT NOT NULL,
  user_agent    TEXT NOT NULL,
  created_at    INTEGER NOT NULL,
  last_seen_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_of_person ON login (user_id, last_seen_at);
CREATE INDEX login_of_session ON login (session_id);
CREATE INDEX login_last_seen ON login (last_seen_at);
",
}];
