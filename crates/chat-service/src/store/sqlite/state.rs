//! What the writer keeps in memory: the heads of chats, the people who write, and the entries of
//! the batch in hand. Checks are made against it in the writer's thread, so that a check and the
//! write it allows are one step.
//!
//! Memory is filled from the file when it is needed. What a batch changed is written by one
//! statement for each chat and person it touched (`flush`); after a rollback all is forgotten.

use std::{
    collections::{HashMap, hash_map},
    sync::Arc,
};

use api::{
    events::{Change, Event},
    rest::chats::{ChatInfo, Role},
};
use kernel::{ChatId, ClientId, EventId, Ids, MessageId, Timestamp, UserId};
use kit::sqlite::Batch;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::{
    memory::{Head, Member, SAVE_MEMBER, load_head, load_member, save_head},
    rows::{self, Sql, stored, told},
};
use crate::{ChatError, domain::notice::Addressees, relay::Tail, store::Logged};

/// Chats and people kept between batches; beyond that all are forgotten and loaded anew.
const CHATS: usize = 20_000;
const PEOPLE: usize = 200_000;

/// Why a job ends early: it is refused before it wrote anything, or a statement failed.
pub(super) enum Stop {
    Refused(ChatError),
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<ChatError> for Stop {
    fn from(error: ChatError) -> Self {
        Self::Refused(error)
    }
}

/// An entry of the log to be written.
pub(super) struct Entry<'a> {
    pub(super) kind: i64,
    pub(super) actor: UserId,
    pub(super) at: Timestamp,
    pub(super) id: Uuid,
    pub(super) client_id: Option<ClientId>,
    pub(super) hash: Option<i64>,
    pub(super) subject: Option<Uuid>,
    pub(super) root: Option<MessageId>,
    pub(super) text: Option<&'a str>,
    pub(super) extra: Option<String>,
    pub(super) to: Addressees,
}

pub(super) struct State {
    pub(super) ids: Ids,
    tail: Arc<Tail>,
    last_no: Option<i64>,
    chats: HashMap<ChatId, Head>,
    people: HashMap<(i64, UserId), Member>,
    dirty_chats: Vec<ChatId>,
    dirty_people: Vec<(i64, UserId)>,
    batch: Vec<Logged>,
}

impl State {
    pub(super) fn new(ids: Ids, tail: Arc<Tail>) -> Self {
        Self {
            ids,
            tail,
            last_no: None,
            chats: HashMap::new(),
            people: HashMap::new(),
            dirty_chats: Vec::new(),
            dirty_people: Vec::new(),
            batch: Vec::new(),
        }
    }

    /// The chat's head.
    pub(super) fn head(&mut self, connection: &Connection, chat: ChatId) -> Sql<Option<&Head>> {
        match self.chats.entry(chat) {
            hash_map::Entry::Occupied(held) => Ok(Some(held.into_mut())),
            hash_map::Entry::Vacant(place) => {
                Ok(load_head(connection, chat)?.map(|head| &*place.insert(head)))
            }
        }
    }

    /// Takes a new chat into memory; its row is written by the caller.
    pub(super) fn add_chat(&mut self, no: i64, info: ChatInfo, pair: Option<(UserId, UserId)>) {
        let chat = info.id;
        let head = Head {
            no,
            info: Arc::new(info),
            pair,
            seq: 0,
            posts: 0,
            participants: 0,
            last_message: 0,
            last_reply: 0,
            last_deleted: 0,
            activity: 0,
            dirty: false,
        };
        self.chats.insert(chat, head);
    }

    /// Changes the head; it is written with the batch.
    pub(super) fn change_head(&mut self, chat: ChatId, change: impl FnOnce(&mut Head)) {
        if let Some(head) = self.chats.get_mut(&chat) {
            change(head);
            if !head.dirty {
                head.dirty = true;
                self.dirty_chats.push(chat);
            }
        }
    }

    /// The person's place in the chat, present or former.
    pub(super) fn member(
        &mut self,
        connection: &Connection,
        chat: i64,
        user: UserId,
    ) -> Sql<Option<Member>> {
        if let Some(member) = self.people.get(&(chat, user)) {
            return Ok(Some(*member));
        }
        let member = load_member(connection, chat, user)?;
        if let Some(member) = member {
            self.people.insert((chat, user), member);
        }
        Ok(member)
    }

    /// Forgets the person's place: its row was written past memory.
    pub(super) fn forget_member(&mut self, chat: i64, user: UserId) {
        self.people.remove(&(chat, user));
    }

    /// Changes what is kept of a person who was loaded. `written`: the row holds it already.
    pub(super) fn change_member(
        &mut self,
        chat: i64,
        user: UserId,
        written: bool,
        change: impl FnOnce(&mut Member),
    ) {
        if let Some(member) = self.people.get_mut(&(chat, user)) {
            change(member);
            if !written && !member.dirty {
                member.dirty = true;
                self.dirty_people.push((chat, user));
            }
        }
    }

    /// Writes what memory holds of a person, before a statement reads or changes their row.
    pub(super) fn settle_member(
        &mut self,
        connection: &Connection,
        chat: i64,
        user: UserId,
    ) -> Sql<()> {
        match self.people.get_mut(&(chat, user)) {
            Some(member) if member.dirty => {
                member.dirty = false;
                let mut save = connection.prepare_cached(SAVE_MEMBER)?;
                save.execute((member.no, member.own_posts, member.own_last)).map(|_| ())
            }
            _ => Ok(()),
        }
    }

    /// The chat and the caller's role in it, for a change of the log.
    pub(super) fn writable(
        &mut self,
        connection: &Connection,
        chat: ChatId,
        user: UserId,
    ) -> Result<(Head, Role), Stop> {
        let (head, role) = self.entered(connection, chat, user)?;
        if head.info.archived_at.is_some() {
            return Err(ChatError::Archived.into());
        }
        Ok((head, role))
    }

    /// The chat and the caller's role in it.
    pub(super) fn entered(
        &mut self,
        connection: &Connection,
        chat: ChatId,
        user: UserId,
    ) -> Result<(Head, Role), Stop> {
        let head = self.head(connection, chat)?.cloned().ok_or(ChatError::ChatNotFound)?;
        match self.member(connection, head.no, user)?.and_then(|member| member.role) {
            Some(role) => Ok((head, role)),
            None => Err(hidden(&head.info).into()),
        }
    }

    /// Appends an entry to the chat's log and answers its `seq`; `None` when the client id is
    /// taken, and then nothing was written. `change` makes what clients are told.
    pub(super) fn append(
        &mut self,
        connection: &Connection,
        chat: ChatId,
        entry: Entry<'_>,
        change: impl FnOnce(u64) -> Change,
    ) -> Sql<Option<i64>> {
        let last = match self.last_no {
            Some(no) => no,
            None => connection
                .query_row("SELECT coalesce(max(no), 0) FROM events", [], |row| row.get(0))?,
        };
        let Some(head) = self.chats.get_mut(&chat) else {
            return Err(rows::corrupt("the chat is not loaded"));
        };
        let (no, seq) = (last + 1, head.seq + 1);
        let posts = head.posts + i64::from(entry.kind == rows::kind::POSTED);
        let written = connection
            .prepare_cached(
                "INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                no,
                head.no,
                seq,
                entry.kind,
                entry.actor.as_bytes(),
                entry.at.as_millis(),
                entry.id,
                entry.client_id.as_ref().map(ClientId::as_bytes),
                entry.hash,
                posts,
                entry.subject,
                entry.root.as_ref().map(MessageId::as_bytes),
                entry.text,
                entry.extra,
                entry.to.encode(),
            ])?;
        self.last_no = Some(last);
        if written == 0 {
            return Ok(None);
        }
        self.last_no = Some(no);
        head.seq = seq;
        head.posts = posts;
        if !head.dirty {
            head.dirty = true;
            self.dirty_chats.push(chat);
        }
        let event = Event {
            chat_id: chat,
            seq: told(seq),
            id: EventId::from_uuid(entry.id),
            actor_id: entry.actor,
            at: entry.at,
            change: change(told(seq)),
        };
        let notices = entry.to.notices(&event, head.info.name.as_deref());
        self.batch.push(Logged { no: told(no), event: Arc::new(event), notices });
        Ok(Some(seq))
    }

    /// The place of the newest entry in the order of commits.
    pub(super) fn newest(&self) -> i64 {
        self.last_no.unwrap_or(0)
    }
}

/// How a chat refuses somebody who takes no part in it.
pub(super) fn hidden(info: &ChatInfo) -> ChatError {
    if info.visibility == api::rest::chats::Visibility::Public {
        ChatError::NotAParticipant
    } else {
        ChatError::ChatNotFound
    }
}

impl Batch for State {
    fn flush(&mut self, connection: &Connection) -> Sql<()> {
        for chat in self.dirty_chats.drain(..) {
            if let Some(head) = self.chats.get_mut(&chat) {
                head.dirty = false;
                save_head(connection, head)?;
            }
        }
        if !self.dirty_people.is_empty() {
            let mut save = connection.prepare_cached(SAVE_MEMBER)?;
            for key in self.dirty_people.drain(..) {
                if let Some(member) = self.people.get_mut(&key)
                    && std::mem::take(&mut member.dirty)
                {
                    save.execute((member.no, member.own_posts, member.own_last))?;
                }
            }
        }
        Ok(())
    }

    fn committed(&mut self) {
        self.tail.push(self.batch.drain(..));
        if self.chats.len() > CHATS {
            self.chats.clear();
        }
        if self.people.len() > PEOPLE {
            self.people.clear();
        }
    }

    fn rolled_back(&mut self) {
        self.last_no = None;
        self.chats.clear();
        self.people.clear();
        self.dirty_chats.clear();
        self.dirty_people.clear();
        self.batch.clear();
    }
}

/// The `seq` that a message's id holds, as SQLite keeps it.
pub(super) fn seq_of(message: MessageId) -> i64 {
    stored(message.seq())
}
