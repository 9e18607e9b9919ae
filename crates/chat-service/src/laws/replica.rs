//! A client's copy of a chat, kept up by the log alone.

use std::collections::BTreeMap;

use api::{
    events::{Change, Event},
    rest::{
        chats::Role,
        messages::{Message, Reaction, ThreadSummary},
    },
};
use kernel::{MessageId, UserId};

/// What a client holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Replica {
    pub(super) seq: u64,
    pub(super) messages: BTreeMap<u64, Message>,
    pub(super) people: BTreeMap<UserId, Role>,
    pub(super) name: Option<String>,
    pub(super) archived: bool,
}

impl Replica {
    /// Applies the next event.
    pub(super) fn apply(&mut self, event: &Event) {
        assert_eq!(event.seq, self.seq + 1, "the log has a gap");
        self.seq = event.seq;
        match &event.change {
            Change::MessagePosted { message } => {
                if let Some(root) = message.thread_root_id {
                    self.change(root, event.seq, |root| count_reply(root, message));
                }
                self.messages.insert(message.seq, Message::clone(message));
            }
            Change::MessageEdited { message } => {
                self.messages.insert(message.seq, Message::clone(message));
            }
            Change::MessageDeleted { message_id } => {
                let root = self.messages[&message_id.seq()].thread_root_id;
                self.change(*message_id, event.seq, |message| {
                    message.text.clear();
                    message.mentions.clear();
                    message.reactions.clear();
                    message.deleted_at = Some(event.at);
                });
                if let Some(root) = root {
                    self.change(root, event.seq, |root| {
                        root.thread.as_mut().unwrap().reply_count -= 1;
                    });
                }
            }
            Change::ReactionAdded { message_id, emoji, user_id } => {
                self.change(*message_id, event.seq, |message| {
                    add_reaction(message, emoji, *user_id);
                });
            }
            Change::ReactionRemoved { message_id, emoji, user_id } => {
                self.change(*message_id, event.seq, |message| {
                    remove_reaction(message, emoji, *user_id);
                });
            }
            Change::ParticipantJoined { user_id, role }
            | Change::ParticipantRoleChanged { user_id, role } => {
                self.people.insert(*user_id, *role);
            }
            Change::ParticipantLeft { user_id, role } => {
                assert_eq!(self.people.remove(user_id), Some(*role));
            }
            Change::ChatUpdated { chat } | Change::ChatArchived { chat } => {
                self.name.clone_from(&chat.name);
                self.archived = chat.archived_at.is_some();
            }
        }
    }

    fn change(&mut self, id: MessageId, seq: u64, change: impl FnOnce(&mut Message)) {
        let message = self.messages.get_mut(&id.seq()).unwrap();
        change(message);
        message.version = seq;
    }
}

pub(super) fn count_reply(root: &mut Message, reply: &Message) {
    let thread = root.thread.get_or_insert_with(|| ThreadSummary {
        reply_count: 0,
        last_reply_at: None,
        user_ids: Vec::new(),
    });
    thread.reply_count += 1;
    thread.last_reply_at = Some(reply.created_at);
    if thread.user_ids.len() < 10 && !thread.user_ids.contains(&reply.sender_id) {
        thread.user_ids.push(reply.sender_id);
    }
}

pub(super) fn add_reaction(message: &mut Message, emoji: &str, user: UserId) {
    match message.reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
        Some(reaction) => {
            reaction.count += 1;
            reaction.user_ids.push(user);
        }
        None => message.reactions.push(Reaction {
            emoji: emoji.to_owned(),
            count: 1,
            user_ids: vec![user],
        }),
    }
}

pub(super) fn remove_reaction(message: &mut Message, emoji: &str, user: UserId) {
    for reaction in message.reactions.iter_mut().filter(|reaction| reaction.emoji == emoji) {
        reaction.count -= 1;
        reaction.user_ids.retain(|giver| *giver != user);
    }
    message.reactions.retain(|reaction| reaction.count > 0);
}
