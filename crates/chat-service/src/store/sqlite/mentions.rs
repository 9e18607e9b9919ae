//! Mentions: those of participants are kept with the message, and one row each for counting.

use api::rest::messages::Message;
use kernel::UserId;
use rusqlite::Connection;

use super::{
    memory::Head,
    post::in_timeline,
    rows::{self, Sql, stored},
    state::State,
};
use crate::store::Named;

/// Up to that many participants are told one by one of `@here` and `@all`; in a larger chat the
/// mention is counted, but nobody gets a notice.
const CROWD: i64 = 1_000;

/// Whom a message mentions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    pub(super) users: Vec<UserId>,
    pub(super) here: bool,
    pub(super) all: bool,
}

impl Mentions {
    /// `@here` or `@all`.
    pub(super) const fn everybody(&self) -> bool {
        self.here || self.all
    }

    /// As the wire has them.
    pub(super) fn words(&self) -> Vec<String> {
        let users = self.users.iter().map(UserId::to_string);
        let here = self.here.then(|| "here".to_owned());
        let all = self.all.then(|| "all".to_owned());
        users.chain(here).chain(all).collect()
    }

    /// What [`Mentions::words`] made.
    pub(super) fn from_words(words: &[String]) -> Self {
        Self {
            users: words.iter().filter_map(|word| word.parse().ok()).collect(),
            here: words.iter().any(|word| word == "here"),
            all: words.iter().any(|word| word == "all"),
        }
    }

    /// As stored: `None` when there are none, as for most messages.
    pub(super) fn column(&self) -> Sql<Option<String>> {
        if self.users.is_empty() && !self.everybody() {
            return Ok(None);
        }
        rows::to_json(&self.words()).map(Some)
    }
}

/// The mentions of people who take part.
pub(super) fn of_participants(
    connection: &Connection,
    state: &mut State,
    head: &Head,
    named: &Named,
) -> Sql<Mentions> {
    let mut users = Vec::new();
    for user in &named.users {
        let member = state.member(connection, head.no, *user)?;
        if member.is_some_and(|member| member.role.is_some()) {
            users.push(*user);
        }
    }
    Ok(Mentions { users, here: named.here, all: named.all })
}

/// Everybody who wants to hear of `@here` and `@all`; nobody in a large chat.
pub(super) fn crowd(connection: &Connection, head: &Head) -> Sql<Vec<UserId>> {
    if head.participants > CROWD {
        return Ok(Vec::new());
    }
    connection
        .prepare_cached("SELECT user FROM participants WHERE chat = ? AND role > 0")?
        .query_map([head.no], |row| rows::id(row, 0))?
        .collect()
}

/// Writes a row for each mention. Nobody counts their own.
pub(super) fn write(
    connection: &Connection,
    head: &Head,
    message: &Message,
    mentions: &Mentions,
) -> Sql<()> {
    if mentions.users.is_empty() && !mentions.everybody() {
        return Ok(());
    }
    let root = message.thread_root_id.filter(|_| !in_timeline(message)).map(|id| id.as_uuid());
    let mut insert =
        connection.prepare_cached("INSERT OR REPLACE INTO mentions VALUES (?,?,?,?,?)")?;
    let users = mentions.users.iter().filter(|user| **user != message.sender_id);
    for user in
        users.map(|user| &user.as_bytes()[..]).chain(mentions.everybody().then_some(&[][..]))
    {
        insert.execute((head.no, user, stored(message.seq), message.sender_id.as_bytes(), root))?;
    }
    Ok(())
}

/// Removes the rows of a message's mentions.
pub(super) fn erase(
    connection: &Connection,
    head: &Head,
    message: &Message,
    mentions: &Mentions,
) -> Sql<()> {
    if mentions.users.is_empty() && !mentions.everybody() {
        return Ok(());
    }
    let mut delete = connection
        .prepare_cached("DELETE FROM mentions WHERE chat = ? AND user = ? AND seq = ?")?;
    for user in mentions
        .users
        .iter()
        .map(|user| &user.as_bytes()[..])
        .chain(mentions.everybody().then_some(&[][..]))
    {
        delete.execute((head.no, user, stored(message.seq)))?;
    }
    Ok(())
}
