//! Chats as one person sees them.

use api::rest::chats::{Chat, ChatInfo, MyPlace};
use kernel::{ChatId, Limit, Page, UserId};
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::{
    memory::Position,
    rows::{self, CHAT_INFO, CHAT_INFO_COLUMNS, Sql, notify_of, role_of, stored, told},
    state::{Stop, hidden},
    unread::{self, Own, Totals},
};
use crate::{ChatError, store::DiscoverPosition};

/// People that a chat names.
const FIRST_PEOPLE: i64 = 10;

/// The columns of a [`View`], of `chats AS c` and `participants AS p`.
const VIEW: &str = "c.no, c.head_seq, c.posts, c.participants, c.last_message, c.last_reply, c.last_deleted, \
     c.activity, p.role, p.notify, p.read_seq, p.read_posts, p.read_own, p.own_posts, p.own_last";

/// A chat and a person's place in it, in one snapshot.
pub(super) struct View {
    pub(super) info: ChatInfo,
    pub(super) totals: Totals,
    participants: i64,
    last_message: i64,
    activity: i64,
    /// `None`: takes no part.
    pub(super) own: Option<(MyPlace, Own)>,
}

impl View {
    fn from_row(row: &Row<'_>, user: UserId) -> Sql<Self> {
        const AT: usize = CHAT_INFO_COLUMNS;
        let role = row.get::<_, Option<i64>>(AT + 8)?.and_then(role_of);
        let own = match role {
            None => None,
            Some(role) => {
                let read = Position {
                    seq: row.get(AT + 10)?,
                    posts: row.get(AT + 11)?,
                    own: row.get(AT + 12)?,
                };
                let place = MyPlace {
                    role,
                    read_seq: told(read.seq),
                    unread_count: 0,
                    mention_count: 0,
                    notify: notify_of(row.get(AT + 9)?),
                };
                Some((place, Own { user, posts: row.get(AT + 13)?, last: row.get(AT + 14)?, read }))
            }
        };
        Ok(Self {
            info: rows::chat_info(row)?,
            totals: Totals {
                chat: row.get(AT)?,
                seq: row.get(AT + 1)?,
                posts: row.get(AT + 2)?,
                last_reply: row.get(AT + 5)?,
                last_deleted: row.get(AT + 6)?,
            },
            participants: row.get(AT + 3)?,
            last_message: row.get(AT + 4)?,
            activity: row.get(AT + 7)?,
            own,
        })
    }

    /// The chat as the wire has it.
    fn into_chat(self, connection: &Connection) -> Sql<Chat> {
        let Self { info, totals, own, .. } = self;
        // Who takes no part sees how many do, not who, and no message.
        let (mut my, mut last_message, mut participant_ids) = (None, None, Vec::new());
        if let Some((mut place, own)) = own {
            (place.unread_count, place.mention_count) = unread::count(connection, totals, own)?;
            my = Some(place);
            if self.last_message > 0 {
                last_message =
                    rows::message_at(connection, totals.chat, info.id, self.last_message)?;
            }
            participant_ids = connection
                .prepare_cached(
                    "SELECT user FROM participants WHERE chat = ? AND role > 0 \
                     ORDER BY joined_seq LIMIT ?",
                )?
                .query_map((totals.chat, FIRST_PEOPLE), |row| rows::id(row, 0))?
                .collect::<Sql<_>>()?;
        }
        Ok(Chat {
            info,
            last_seq: told(totals.seq),
            last_message,
            participant_count: told(self.participants),
            participant_ids,
            my,
        })
    }
}

/// The chat as `user` sees it; `None` when it is hidden from them.
fn visible(connection: &Connection, chat: ChatId, user: UserId) -> Sql<Option<View>> {
    let view = connection
        .prepare_cached(&format!(
            "SELECT {CHAT_INFO}, {VIEW} FROM chats c \
             LEFT JOIN participants p ON p.chat = c.no AND p.user = ?2 WHERE c.id = ?1"
        ))?
        .query_row((chat.as_bytes(), user.as_bytes()), |row| View::from_row(row, user))
        .optional()?;
    Ok(view.filter(|view| {
        view.own.is_some() || matches!(hidden(&view.info), ChatError::NotAParticipant)
    }))
}

/// The chat as a participant sees it, for reading what is in it.
pub(super) fn entered(
    connection: &Connection,
    chat: ChatId,
    user: UserId,
) -> Result<(View, Own), Stop> {
    let view = visible(connection, chat, user)?.ok_or(ChatError::ChatNotFound)?;
    match view.own {
        Some((_, own)) => Ok((view, own)),
        None => Err(ChatError::NotAParticipant.into()),
    }
}

pub(super) fn chat(connection: &Connection, user: UserId, chat: ChatId) -> Result<Chat, Stop> {
    let view = visible(connection, chat, user)?.ok_or(ChatError::ChatNotFound)?;
    Ok(view.into_chat(connection)?)
}

pub(super) fn chats(
    connection: &Connection,
    user: UserId,
    limit: Limit,
    after: Option<u64>,
) -> Sql<Page<Chat>> {
    let views = connection
        .prepare_cached(&format!(
            "SELECT {CHAT_INFO}, {VIEW} FROM participants p JOIN chats c ON c.no = p.chat \
             WHERE p.user = ?1 AND p.role > 0 AND c.activity < ?2 ORDER BY c.activity DESC LIMIT ?3"
        ))?
        .query_map(
            (user.as_bytes(), after.map_or(i64::MAX, stored), i64::from(limit.get()) + 1),
            |row| View::from_row(row, user),
        )?
        .collect::<Sql<Vec<_>>>()?;
    chat_page(connection, views, limit, |view| told(view.activity))
}

pub(super) fn discover(
    connection: &Connection,
    user: UserId,
    query: &str,
    limit: Limit,
    after: Option<&DiscoverPosition>,
) -> Sql<Page<Chat>> {
    let (text, id) = after
        .map_or(("", ChatId::from_uuid(uuid::Uuid::nil())), |after| (after.0.as_str(), after.1));
    let views = connection
        .prepare_cached(&format!(
            "SELECT {CHAT_INFO}, {VIEW}, c.folded FROM chats c \
             LEFT JOIN participants p ON p.chat = c.no AND p.user = ?1 \
             WHERE c.public = 1 AND c.archived_at IS NULL AND (c.folded, c.id) > (?2, ?3) \
             AND instr(c.folded, ?4) > 0 ORDER BY c.folded, c.id LIMIT ?5"
        ))?
        .query_map(
            (user.as_bytes(), text, id.as_bytes(), query, i64::from(limit.get()) + 1),
            |row| Ok((View::from_row(row, user)?, row.get::<_, String>("folded")?)),
        )?
        .collect::<Sql<Vec<_>>>()?;
    let page = Page::from_overfetch(views, limit, |(view, folded)| {
        DiscoverPosition(folded.clone(), view.info.id)
    });
    finish(connection, page.map(|(view, _)| view))
}

fn chat_page<P: serde::Serialize>(
    connection: &Connection,
    views: Vec<View>,
    limit: Limit,
    position: impl Fn(&View) -> P,
) -> Sql<Page<Chat>> {
    finish(connection, Page::from_overfetch(views, limit, position))
}

fn finish(connection: &Connection, page: Page<View>) -> Sql<Page<Chat>> {
    let items =
        page.items.into_iter().map(|view| view.into_chat(connection)).collect::<Sql<_>>()?;
    Ok(Page { items, next_cursor: page.next_cursor })
}
