-- The chats and their logs. `no` are time-ordered integer keys of this file; ids, seqs and nothing
-- else go over the wire.

CREATE TABLE chats (
    no           INTEGER PRIMARY KEY,
    id           BLOB    NOT NULL UNIQUE,
    kind         INTEGER NOT NULL,           -- 1 direct, 2 group, 3 channel
    public       INTEGER NOT NULL,
    name         TEXT,
    topic        TEXT    NOT NULL,
    folded       TEXT    NOT NULL,           -- name and topic without accents and case
    epoch        TEXT    NOT NULL,
    created_by   BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    archived_at  INTEGER,
    pair         BLOB    UNIQUE,             -- the two people of a direct chat, the lower id first
    head_seq     INTEGER NOT NULL,           -- the newest event
    posts        INTEGER NOT NULL,           -- messages ever posted to the timeline
    participants INTEGER NOT NULL,
    last_message INTEGER NOT NULL,           -- the newest message of the timeline not deleted, or 0
    last_reply   INTEGER NOT NULL,           -- the newest message of a thread only, or 0
    last_deleted INTEGER NOT NULL,           -- the newest message of the timeline deleted, or 0
    activity     INTEGER NOT NULL            -- events.no of the newest message, or of the creation
) STRICT;

CREATE INDEX public_chats ON chats (folded, id) WHERE public = 1 AND archived_at IS NULL;

-- The log and the outbox. The row of a posted message is the message, until something changes it.
CREATE TABLE events (
    no        INTEGER PRIMARY KEY,           -- the order of commits
    chat      INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    kind      INTEGER NOT NULL,              -- see rows.rs
    actor     BLOB    NOT NULL,
    at        INTEGER NOT NULL,
    id        BLOB    NOT NULL,              -- the event's, and the message's if it posts one
    client_id BLOB,
    hash      INTEGER,                       -- of the message's body as it was posted
    posts     INTEGER NOT NULL,              -- messages of the timeline up to here
    subject   BLOB,                          -- the message or person it is about; of a message: reply_to
    root      BLOB,                          -- the root of the message's thread
    text      TEXT,                          -- text, emoji, role, or the chat as JSON
    extra     TEXT,                          -- mentions, or the edited message without its text, as JSON
    notices   BLOB                           -- who must hear of it
) STRICT;

CREATE UNIQUE INDEX log ON events (chat, seq);
-- The promise "once": a sender's client id names one message for ever.
CREATE UNIQUE INDEX client_ids ON events (actor, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX threads ON events (chat, root, seq) WHERE root IS NOT NULL;
CREATE INDEX edits ON events (chat, subject, seq) WHERE kind = 3;

-- The present state of messages that were changed since they were posted.
CREATE TABLE message_states (
    chat          INTEGER NOT NULL,
    seq           INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    sender        BLOB    NOT NULL,
    timeline      INTEGER NOT NULL,
    text          TEXT,                      -- NULL: as posted
    mentions      TEXT,
    edited_at     INTEGER,
    deleted_at    INTEGER,
    reactions     INTEGER NOT NULL DEFAULT 0,
    reply_count   INTEGER,                   -- NULL: no thread
    last_reply_at INTEGER,
    repliers      BLOB,
    PRIMARY KEY (chat, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX deleted_messages ON message_states (chat, seq, sender)
    WHERE deleted_at IS NOT NULL AND timeline = 1;

CREATE TABLE reactions (
    chat  INTEGER NOT NULL,
    seq   INTEGER NOT NULL,                  -- of the message
    emoji TEXT    NOT NULL,
    user  BLOB    NOT NULL,
    place INTEGER NOT NULL,                  -- of the emoji among the message's: who gave it first
    given INTEGER NOT NULL,                  -- seq of the event
    PRIMARY KEY (chat, seq, emoji, user)
) STRICT, WITHOUT ROWID;

-- Who takes part, and who did: a row stays when its person leaves (role 0), for its counters.
CREATE TABLE participants (
    no         INTEGER PRIMARY KEY,
    chat       INTEGER NOT NULL,
    user       BLOB    NOT NULL,
    role       INTEGER NOT NULL,             -- 0 left, 1 member, 2 admin, 3 owner
    joined_at  INTEGER NOT NULL,
    joined_seq INTEGER NOT NULL,
    notify     INTEGER NOT NULL,             -- 0 all, 1 mentions, 2 none
    read_seq   INTEGER NOT NULL,
    read_posts INTEGER NOT NULL,             -- messages of the timeline up to read_seq
    read_own   INTEGER NOT NULL,             -- those of them that are this person's
    own_posts  INTEGER NOT NULL,             -- this person's messages of the timeline
    own_last   INTEGER NOT NULL              -- the newest of them, or 0
) STRICT;

CREATE UNIQUE INDEX participants_once ON participants (chat, user);
CREATE INDEX chats_of ON participants (user, chat) WHERE role > 0;
CREATE INDEX people_of ON participants (chat, joined_seq, user, role) WHERE role > 0;

-- Mentions of messages that are not deleted. An empty user stands for everybody (@here, @all).
CREATE TABLE mentions (
    chat   INTEGER NOT NULL,
    user   BLOB    NOT NULL,
    seq    INTEGER NOT NULL,
    sender BLOB    NOT NULL,
    root   BLOB,                             -- of a message in a thread only
    PRIMARY KEY (chat, user, seq)
) STRICT, WITHOUT ROWID;

-- Who follows a thread (1), or decided not to (0).
CREATE TABLE follows (
    chat      INTEGER NOT NULL,
    root      BLOB    NOT NULL,
    user      BLOB    NOT NULL,
    following INTEGER NOT NULL,
    PRIMARY KEY (chat, root, user)
) STRICT, WITHOUT ROWID;

CREATE INDEX followed_by ON follows (chat, user, root) WHERE following = 1;

-- Up to where the log has been told to the other services.
CREATE TABLE relay (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    no INTEGER NOT NULL
) STRICT;

INSERT INTO relay VALUES (1, 0);
