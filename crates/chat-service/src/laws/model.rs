//! A chat as one would write it who has no disk and no hurry: lists that are searched and counted
//! through. What it says of a call must be what the store says.

use std::collections::{BTreeMap, HashMap};

use api::{
    ErrorCode,
    rest::{
        chats::{ChatKind, Role, Visibility},
        messages::Message,
    },
};
use kernel::{ChatId, ClientId, MessageId, Timestamp, UserId};

use super::replica;
use crate::store::Named;

pub(super) type Verdict<T = ()> = Result<T, ErrorCode>;

/// A person's place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) role: Role,
    pub(super) read: u64,
    joined: u64,
}

/// A chat.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) id: ChatId,
    pub(super) kind: ChatKind,
    pub(super) visibility: Visibility,
    pub(super) name: Option<String>,
    pub(super) archived: bool,
    pub(super) head: u64,
    pub(super) messages: Vec<Message>,
    pub(super) people: HashMap<UserId, Place>,
    pub(super) follows: HashMap<(MessageId, UserId), bool>,
    pub(super) keys: HashMap<(UserId, ClientId), (i64, u64)>,
}

impl Model {
    pub(super) fn new(
        id: ChatId,
        kind: ChatKind,
        visibility: Visibility,
        name: Option<String>,
        people: &[UserId],
    ) -> Self {
        let mut model = Self {
            id,
            kind,
            visibility,
            name,
            archived: false,
            head: 0,
            messages: Vec::new(),
            people: HashMap::new(),
            follows: HashMap::new(),
            keys: HashMap::new(),
        };
        for (n, user) in people.iter().enumerate() {
            model.join(*user, if n == 0 { Role::Owner } else { Role::Member });
        }
        model
    }

    pub(super) fn join(&mut self, user: UserId, role: Role) {
        self.head += 1;
        self.people.insert(user, Place { role, read: self.head, joined: self.head });
    }

    pub(super) fn leave(&mut self, user: UserId) {
        self.head += 1;
        self.people.remove(&user);
    }

    pub(super) fn in_order(&self) -> Vec<UserId> {
        let by_place: BTreeMap<u64, UserId> =
            self.people.iter().map(|(user, place)| (place.joined, *user)).collect();
        by_place.into_values().collect()
    }

    pub(super) fn entered(&self, user: UserId) -> Verdict<Place> {
        match (self.people.get(&user), self.visibility) {
            (Some(place), _) => Ok(*place),
            (None, Visibility::Public) => Err(ErrorCode::NotAParticipant),
            (None, Visibility::Private) => Err(ErrorCode::ChatNotFound),
        }
    }

    pub(super) fn writable(&self, user: UserId) -> Verdict<Place> {
        let place = self.entered(user)?;
        if self.archived { Err(ErrorCode::ChatArchived) } else { Ok(place) }
    }

    pub(super) fn at_least(&self, place: Place, needed: Role) -> Verdict {
        if self.kind == ChatKind::Direct || place.role < needed {
            Err(ErrorCode::Forbidden)
        } else {
            Ok(())
        }
    }

    pub(super) fn message(&self, id: MessageId) -> Verdict<&Message> {
        self.messages.iter().find(|message| message.id == id).ok_or(ErrorCode::MessageNotFound)
    }

    pub(super) fn change(&mut self, id: MessageId, change: impl FnOnce(&mut Message)) {
        self.head += 1;
        let head = self.head;
        let message = self.messages.iter_mut().find(|message| message.id == id).unwrap();
        change(message);
        message.version = head;
    }

    pub(super) fn other_owner(&self, user: UserId) -> bool {
        self.people.iter().any(|(other, place)| *other != user && place.role == Role::Owner)
    }

    pub(super) fn mentions(&self, named: &Named) -> Vec<String> {
        let users = named.users.iter().filter(|user| self.people.contains_key(user));
        let mut words: Vec<String> = users.map(UserId::to_string).collect();
        words.extend(named.here.then(|| "here".to_owned()));
        words.extend(named.all.then(|| "all".to_owned()));
        words
    }

    /// Whether a new message may be posted, and if so whether it was before.
    pub(super) fn may_post(
        &self,
        by: UserId,
        key: ClientId,
        fingerprint: i64,
        reply_to: Option<MessageId>,
        root: Option<MessageId>,
    ) -> Verdict<Option<&Message>> {
        self.entered(by)?;
        if let Some((stored, seq)) = self.keys.get(&(by, key)) {
            if *stored != fingerprint {
                return Err(ErrorCode::ClientIdReused);
            }
            return Ok(self.messages.iter().find(|message| message.seq == *seq));
        }
        self.writable(by)?;
        if let Some(id) = reply_to {
            self.message(id).map_err(|_| ErrorCode::Invalid)?;
        }
        if let Some(id) = root {
            let root = self.message(id).map_err(|_| ErrorCode::Invalid)?;
            if root.thread_root_id.is_some() {
                return Err(ErrorCode::Invalid);
            }
            if root.deleted_at.is_some() {
                return Err(ErrorCode::MessageDeleted);
            }
        }
        Ok(None)
    }

    pub(super) fn posted(&mut self, message: Message, fingerprint: i64) {
        self.head += 1;
        assert_eq!((message.seq, message.version), (self.head, self.head));
        let by = message.sender_id;
        self.keys.insert((by, message.client_id.unwrap()), (fingerprint, message.seq));
        if let Some(id) = message.thread_root_id {
            self.follows.insert((id, by), true);
            let root = self.messages.iter_mut().find(|root| root.id == id).unwrap();
            replica::count_reply(root, &message);
            root.version = message.seq;
            let author = root.sender_id;
            self.follows.entry((id, author)).or_insert(true);
            self.mentioned_follow(id, &message.mentions);
        }
        self.messages.push(message);
    }

    pub(super) fn mentioned_follow(&mut self, root: MessageId, mentions: &[String]) {
        for user in mentions.iter().filter_map(|word| word.parse().ok()) {
            self.follows.entry((root, user)).or_insert(true);
        }
    }

    pub(super) fn deleted(&mut self, id: MessageId, at: Timestamp) {
        self.change(id, |message| {
            message.text.clear();
            message.mentions.clear();
            message.reactions.clear();
            message.deleted_at = Some(at);
        });
        let head = self.head;
        if let Some(root) = self.message(id).unwrap().thread_root_id {
            let root = self.messages.iter_mut().find(|message| message.id == root).unwrap();
            root.thread.as_mut().unwrap().reply_count -= 1;
            root.version = head;
        }
    }

    pub(super) fn in_timeline(message: &Message) -> bool {
        message.thread_root_id.is_none() || message.also_in_chat
    }

    /// Unread messages and mentions, by looking at every message.
    pub(super) fn unread(&self, user: UserId) -> (u64, u64) {
        let place = self.people[&user];
        let (mut unread, mut mentions) = (0, 0);
        for message in &self.messages {
            let follows = |root| self.follows.get(&(root, user)).copied().unwrap_or_default();
            let shown = Self::in_timeline(message) || message.thread_root_id.is_some_and(follows);
            if message.seq > place.read
                && message.sender_id != user
                && message.deleted_at.is_none()
                && shown
            {
                unread += 1;
                let me = user.to_string();
                let called = |word: &String| *word == me || word == "here" || word == "all";
                mentions += u64::from(message.mentions.iter().any(called));
            }
        }
        (unread, mentions)
    }
}
