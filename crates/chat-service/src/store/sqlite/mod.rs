//! The store in one SQLite file, `chats.db`.

mod changes;
mod chats;
mod membership;
mod memory;
mod mentions;
mod post;
mod read;
mod rows;
mod state;
#[cfg(test)]
mod tests;
mod threads;
mod unread;
mod view;

use std::{path::Path, sync::Arc};

use api::{
    events::Head,
    rest::{
        chats::{Chat, Notify, Participant, Role, UpdateChat},
        messages::{EventPage, Message, MessagePage, MessageVersion, ThreadPage},
    },
};
use kernel::{ChatId, Ids, Limit, MessageId, Page, UserId};
use kit::sqlite::{Database, Migration, OpenError, StoreError};
use rusqlite::Connection;

use self::{
    state::{State, Stop},
    unread::{Own, Totals},
};
use super::{
    Answer, ChatShape, Created, DiscoverPosition, Logged, Named, NewChat, NewMessage, Posted,
    ReadMoved, Store, StoreFailure, Window, acknowledged,
};
use crate::{ChatError, relay::Tail};

const MIGRATIONS: &[Migration] =
    &[Migration { name: "chats and their logs", sql: include_str!("schema.sql") }];

/// The store in one SQLite file.
pub struct SqliteStore {
    database: Database<State>,
    ids: Ids,
}

impl SqliteStore {
    /// Opens or creates `chats.db` in the directory. What is committed from now on is handed to
    /// `tail`.
    ///
    /// # Errors
    /// The file can't be opened or brought up to date.
    pub fn open(directory: &Path, ids: Ids, tail: Arc<Tail>) -> Result<Self, OpenError> {
        let database = Database::open(&directory.join("chats.db"), MIGRATIONS, |connection| {
            // What is deleted is overwritten in the pages that are written anyway.
            connection.pragma_update(None, "secure_delete", "FAST")?;
            let newest: i64 =
                connection
                    .query_row("SELECT coalesce(max(no), 0) FROM events", [], |row| row.get(0))?;
            tail.start_after(rows::told(newest));
            Ok(State::new(ids.clone(), tail))
        })?;
        Ok(Self { database, ids })
    }

    async fn write<R, F>(&self, mut work: F) -> Result<R, ChatError>
    where
        R: Send + 'static,
        F: FnMut(&Connection, &mut State) -> Result<R, Stop> + Send + 'static,
    {
        let outcome =
            self.database.writer.write(move |connection, state| settle(work(connection, state)));
        answer(outcome.await)
    }

    async fn read<R, F>(&self, work: F) -> Result<R, ChatError>
    where
        R: Send + 'static,
        F: FnOnce(&Connection) -> Result<R, Stop> + Send + 'static,
    {
        let outcome = self.database.readers.read(move |connection| settle(work(connection)));
        answer(outcome.await)
    }
}

fn settle<R>(outcome: Result<R, Stop>) -> Result<Result<R, ChatError>, rusqlite::Error> {
    match outcome {
        Ok(answer) => Ok(Ok(answer)),
        Err(Stop::Refused(error)) => Ok(Err(error)),
        Err(Stop::Sql(error)) => Err(error),
    }
}

fn answer<R>(outcome: Result<Result<R, ChatError>, StoreError>) -> Result<R, ChatError> {
    outcome.unwrap_or_else(|error| Err(StoreFailure::from(error).into()))
}

impl Store for SqliteStore {
    fn create(&self, chat: NewChat) -> Answer<'_, Created> {
        Box::pin(self.write(move |connection, state| chats::create(connection, state, &chat)))
    }

    fn update(&self, by: UserId, chat: ChatId, change: UpdateChat) -> Answer<'_, bool> {
        Box::pin(self.write(move |c, state| chats::update(c, state, by, chat, &change)))
    }

    fn archive(&self, by: UserId, chat: ChatId) -> Answer<'_, ()> {
        Box::pin(self.write(move |c, state| chats::archive(c, state, by, chat)))
    }

    fn join(&self, by: UserId, chat: ChatId) -> Answer<'_, bool> {
        Box::pin(self.write(move |c, state| membership::join(c, state, by, chat)))
    }

    fn leave(&self, by: UserId, chat: ChatId) -> Answer<'_, ()> {
        Box::pin(self.write(move |c, state| membership::leave(c, state, by, chat)))
    }

    fn add(&self, by: UserId, chat: ChatId, users: Vec<UserId>) -> Answer<'_, Vec<Participant>> {
        Box::pin(self.write(move |c, state| membership::add(c, state, by, chat, &users)))
    }

    fn change_role(
        &self,
        by: UserId,
        chat: ChatId,
        user: UserId,
        role: Role,
    ) -> Answer<'_, Participant> {
        Box::pin(
            self.write(move |c, state| membership::change_role(c, state, by, (chat, user), role)),
        )
    }

    fn remove(&self, by: UserId, chat: ChatId, user: UserId) -> Answer<'_, ()> {
        Box::pin(self.write(move |c, state| membership::remove(c, state, by, chat, user)))
    }

    fn post(&self, message: NewMessage) -> Answer<'_, Posted> {
        // Chance is asked here, not in the writer's thread, where everybody would wait for it.
        let id = self.ids.make();
        Box::pin(self.write(move |c, state| post::post(c, state, &message, id)))
    }

    fn edit(
        &self,
        by: UserId,
        chat: ChatId,
        message: MessageId,
        text: String,
        named: Named,
    ) -> Answer<'_, Message> {
        Box::pin(
            self.write(move |c, state| changes::edit(c, state, by, (chat, message), &text, &named)),
        )
    }

    fn delete(&self, by: UserId, chat: ChatId, message: MessageId) -> Answer<'_, bool> {
        Box::pin(self.write(move |c, state| changes::delete(c, state, by, chat, message)))
    }

    fn react(
        &self,
        by: UserId,
        chat: ChatId,
        message: MessageId,
        emoji: String,
        present: bool,
    ) -> Answer<'_, bool> {
        Box::pin(
            self.write(move |c, state| {
                changes::react(c, state, by, (chat, message), &emoji, present)
            }),
        )
    }

    fn follow(
        &self,
        by: UserId,
        chat: ChatId,
        message: MessageId,
        following: bool,
    ) -> Answer<'_, bool> {
        Box::pin(
            self.write(move |c, state| changes::follow(c, state, by, (chat, message), following)),
        )
    }

    fn mark_read(&self, by: UserId, chat: ChatId, seq: u64, force: bool) -> Answer<'_, ReadMoved> {
        Box::pin(async move {
            // The counts up to a place of the log never change, so a reader finds them: a jump
            // into a long history must not hold up those who write.
            let to = self
                .read(move |connection| {
                    let (view, own) = view::entered(connection, chat, by)?;
                    Ok(unread::position(connection, view.totals, own, rows::stored(seq))?)
                })
                .await?;
            self.write(move |connection, state| {
                let (read, moved) = membership::set_read(connection, state, by, chat, to, force)?;
                let head = state.head(connection, chat)?.ok_or(ChatError::ChatNotFound)?;
                let totals = Totals {
                    chat: head.no,
                    seq: head.seq,
                    posts: head.posts,
                    last_reply: head.last_reply,
                    last_deleted: head.last_deleted,
                };
                let other_id = head.pair.map(|(a, b)| if a == by { b } else { a });
                let own = state.member(connection, totals.chat, by)?;
                let own = own.ok_or(ChatError::ChatNotFound)?;
                let own = Own { user: by, posts: own.own_posts, last: own.own_last, read };
                let (unread, mentions) = unread::count(connection, totals, own)?;
                let read = acknowledged(rows::told(read.seq), unread, mentions);
                Ok(ReadMoved { read, moved, other_id })
            })
            .await
        })
    }

    fn set_notify(&self, by: UserId, chat: ChatId, notify: Notify) -> Answer<'_, bool> {
        Box::pin(self.write(move |c, state| membership::set_notify(c, state, by, chat, notify)))
    }

    fn chat(&self, user: UserId, chat: ChatId) -> Answer<'_, Chat> {
        Box::pin(self.read(move |connection| view::chat(connection, user, chat)))
    }

    fn chats(&self, user: UserId, limit: Limit, after: Option<u64>) -> Answer<'_, Page<Chat>> {
        Box::pin(self.read(move |connection| Ok(view::chats(connection, user, limit, after)?)))
    }

    fn discover(
        &self,
        user: UserId,
        query: String,
        limit: Limit,
        after: Option<DiscoverPosition>,
    ) -> Answer<'_, Page<Chat>> {
        Box::pin(self.read(move |connection| {
            Ok(view::discover(connection, user, &query, limit, after.as_ref())?)
        }))
    }

    fn participants(
        &self,
        user: UserId,
        chat: ChatId,
        limit: Limit,
        after: Option<u64>,
    ) -> Answer<'_, Page<Participant>> {
        Box::pin(self.read(move |c| read::participants(c, user, chat, limit, after)))
    }

    fn messages(
        &self,
        user: UserId,
        chat: ChatId,
        window: Window,
        limit: Limit,
    ) -> Answer<'_, MessagePage> {
        Box::pin(self.read(move |c| read::messages(c, user, chat, window, limit)))
    }

    fn message(&self, user: UserId, chat: ChatId, message: MessageId) -> Answer<'_, Message> {
        Box::pin(self.read(move |c| Ok(read::message(c, user, chat, message)?.1)))
    }

    fn history(
        &self,
        user: UserId,
        chat: ChatId,
        message: MessageId,
    ) -> Answer<'_, Vec<MessageVersion>> {
        Box::pin(self.read(move |c| read::history(c, user, chat, message)))
    }

    fn thread(
        &self,
        user: UserId,
        chat: ChatId,
        message: MessageId,
        after: u64,
        limit: Limit,
    ) -> Answer<'_, ThreadPage> {
        Box::pin(self.read(move |c| read::thread(c, user, chat, message, after, limit)))
    }

    fn events(
        &self,
        user: Option<UserId>,
        chat: ChatId,
        after: u64,
        limit: Limit,
    ) -> Answer<'_, EventPage> {
        Box::pin(self.read(move |c| read::events(c, user, chat, after, limit)))
    }

    fn heads_of(&self, user: UserId) -> Answer<'_, Vec<(ChatId, Head)>> {
        Box::pin(self.read(move |connection| Ok(read::heads_of(connection, user)?)))
    }

    fn participants_of(&self, chat: ChatId) -> Answer<'_, Vec<UserId>> {
        Box::pin(self.read(move |connection| Ok(read::participants_of(connection, chat)?)))
    }

    fn shape(&self, chat: ChatId) -> Answer<'_, Option<ChatShape>> {
        Box::pin(self.read(move |connection| Ok(read::shape(connection, chat)?)))
    }

    fn relayed(&self) -> Answer<'_, u64> {
        Box::pin(self.read(|connection| Ok(read::relayed(connection)?)))
    }

    fn logged(&self, after: u64, limit: u32) -> Answer<'_, Vec<Logged>> {
        Box::pin(self.read(move |connection| Ok(read::logged(connection, after, limit)?)))
    }

    fn mark_relayed(&self, no: u64) -> Answer<'_, ()> {
        Box::pin(self.write(move |connection, _| {
            connection
                .prepare_cached("UPDATE relay SET no = ?1 WHERE no < ?1")?
                .execute([rows::stored(no)])?;
            Ok(())
        }))
    }

    fn check(&self) -> Answer<'_, ()> {
        Box::pin(
            self.read(
                |connection| Ok(connection.query_row("SELECT 1 FROM relay", [], |_| Ok(()))?),
            ),
        )
    }
}
