//! Posting a message: the hot path. A plain message is one insert; its chat's and sender's
//! counters are written once a batch.

use api::{
    events::Change,
    rest::{
        messages::{Message, MessageKind},
        notifications::NotificationKind,
    },
};
use kernel::{MessageId, UserId};
use rusqlite::{Connection, OptionalExtension as _};
use uuid::Uuid;

use super::{
    memory::Head,
    mentions,
    rows::{self, Sql, kind},
    state::{Entry, State, Stop, seq_of},
    threads,
};
use crate::{
    ChatError,
    domain::notice::Addressees,
    store::{NewMessage, Posted},
};

/// Posts the message, or finds it posted. `id` becomes the message's with its place in the log.
pub(super) fn post(
    connection: &Connection,
    state: &mut State,
    new: &NewMessage,
    id: Uuid,
) -> Result<Posted, Stop> {
    let (head, _) = state.entered(connection, new.chat_id, new.by)?;
    let archived = head.info.archived_at.is_some();
    if archived || new.blocked || new.reply_to.is_some() || new.thread_root_id.is_some() {
        // A repetition is answered whatever has become of the chat or the thread since; and what
        // follows writes before the insert could find it.
        if let Some(posted) = repeated(connection, &head, new)? {
            return Ok(posted);
        }
    }
    if archived {
        return Err(ChatError::Archived.into());
    }
    if new.blocked {
        return Err(ChatError::Forbidden("you can't write to this person").into());
    }
    let context = Context::load(connection, &head, new)?;
    let mentions = mentions::of_participants(connection, state, &head, &new.named)?;
    if let Some(root) = &context.root {
        threads::follow_by_reply(connection, &head, root, new.by, &mentions)?;
    }
    let to = addressees(connection, state, &head, new, &context, &mentions)?;

    let at = state.ids.now();
    let id = MessageId::with_seq(id, rows::told(head.seq + 1));
    let mut message = Message {
        id,
        chat_id: new.chat_id,
        seq: id.seq(),
        version: id.seq(),
        client_id: Some(new.client_id),
        sender_id: new.by,
        kind: MessageKind::Text,
        text: new.text.clone(),
        reply_to: new.reply_to,
        thread_root_id: new.thread_root_id,
        also_in_chat: new.also_in_chat,
        thread: None,
        attachments: Vec::new(),
        mentions: mentions.words(),
        reactions: Vec::new(),
        created_at: at,
        edited_at: None,
        deleted_at: None,
    };
    let timeline = in_timeline(&message);
    let entry = Entry {
        kind: if timeline { kind::POSTED } else { kind::REPLIED },
        actor: new.by,
        at,
        id: id.as_uuid(),
        client_id: Some(new.client_id),
        hash: Some(new.fingerprint),
        subject: new.reply_to.map(|id| id.as_uuid()),
        root: new.thread_root_id,
        text: Some(&new.text),
        extra: mentions.column()?,
        to,
    };
    let told = message.clone();
    let change = |_| Change::MessagePosted { message: Box::new(told) };
    let Some(seq) = state.append(connection, new.chat_id, entry, change)? else {
        return repeated(connection, &head, new)?
            .ok_or_else(|| rows::corrupt("a place in the log is taken").into());
    };
    message.seq = rows::told(seq);

    mentions::write(connection, &head, &message, &mentions)?;
    if let Some(root) = context.root {
        threads::count_reply(connection, &head, root, &message)?;
    }
    let newest = state.newest();
    state.change_head(new.chat_id, |head| {
        if timeline {
            head.last_message = seq;
            head.activity = newest;
        } else {
            head.last_reply = seq;
        }
    });
    if timeline {
        state.change_member(head.no, new.by, false, |member| {
            member.own_posts += 1;
            member.own_last = seq;
        });
    }
    Ok(Posted { message, repeated: false })
}

/// Whether the chat's own timeline shows the message.
pub(super) const fn in_timeline(message: &Message) -> bool {
    message.thread_root_id.is_none() || message.also_in_chat
}

/// The message that this sender posted under this client id, if there is one.
fn repeated(
    connection: &Connection,
    head: &Head,
    new: &NewMessage,
) -> Result<Option<Posted>, Stop> {
    let found = connection
        .prepare_cached("SELECT chat, seq, hash FROM events WHERE actor = ? AND client_id = ?")?
        .query_row((new.by.as_bytes(), new.client_id.as_bytes()), |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, Option<i64>>(2)?))
        })
        .optional()?;
    let Some((chat, seq, hash)) = found else {
        return Ok(None);
    };
    if chat != head.no || hash != Some(new.fingerprint) {
        return Err(ChatError::ClientIdReused.into());
    }
    let message = rows::message_at(connection, chat, new.chat_id, seq)?
        .ok_or_else(|| rows::corrupt("a client id names no message"))?;
    Ok(Some(Posted { message, repeated: true }))
}

/// The messages that a new one refers to.
struct Context {
    answered: Option<Message>,
    root: Option<Message>,
}

impl Context {
    fn load(connection: &Connection, head: &Head, new: &NewMessage) -> Result<Self, Stop> {
        let find = |id| {
            let found = rows::message_at(connection, head.no, new.chat_id, seq_of(id))?;
            Ok::<_, rusqlite::Error>(found.filter(|message| message.id == id))
        };
        let answered =
            match new.reply_to {
                None => None,
                Some(id) => Some(find(id)?.ok_or_else(|| {
                    ChatError::invalid("reply_to", "names no message of this chat")
                })?),
            };
        let root = match new.thread_root_id {
            None => None,
            Some(id) => {
                Some(find(id)?.filter(|root| root.thread_root_id.is_none()).ok_or_else(|| {
                    ChatError::invalid("thread_root_id", "names no message of this chat's timeline")
                })?)
            }
        };
        if root.as_ref().is_some_and(|root| root.deleted_at.is_some()) {
            return Err(ChatError::MessageDeleted.into());
        }
        Ok(Self { answered, root })
    }
}

/// Who must hear of the message: the strongest reason of each person first.
fn addressees(
    connection: &Connection,
    state: &mut State,
    head: &Head,
    new: &NewMessage,
    context: &Context,
    mentions: &mentions::Mentions,
) -> Sql<Addressees> {
    let mut to = Addressees::default();
    if let Some((a, b)) = head.pair {
        let other = if a == new.by { b } else { a };
        if hears(connection, state, head, new.by, other)? {
            to.add(other, NotificationKind::DirectMessage);
        }
        return Ok(to);
    }
    let followers = match &context.root {
        Some(root) => threads::followers(connection, head.no, root.id)?,
        None => Vec::new(),
    };
    for user in &mentions.users {
        if hears(connection, state, head, new.by, *user)? {
            to.add(*user, NotificationKind::Mention);
        }
    }
    if mentions.everybody() {
        let thread_only = new.thread_root_id.is_some() && !new.also_in_chat;
        let everybody =
            if thread_only { followers.clone() } else { mentions::crowd(connection, head)? };
        for user in everybody {
            if hears(connection, state, head, new.by, user)? {
                to.add(user, NotificationKind::Mention);
            }
        }
    }
    let author = context.answered.as_ref().map(|message| message.sender_id);
    for user in author.into_iter().chain(followers) {
        if hears(connection, state, head, new.by, user)? {
            to.add(user, NotificationKind::Reply);
        }
    }
    Ok(to)
}

/// Whether a person is told of what `actor` did: they take part, want to hear, and are another.
pub(super) fn hears(
    connection: &Connection,
    state: &mut State,
    head: &Head,
    actor: UserId,
    user: UserId,
) -> Sql<bool> {
    if user == actor {
        return Ok(false);
    }
    let member = state.member(connection, head.no, user)?;
    Ok(member.is_some_and(|member| {
        member.role.is_some() && member.notify != api::rest::chats::Notify::None
    }))
}
