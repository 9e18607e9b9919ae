//! Who is connected, and who is subscribed to what. Pure bookkeeping under one lock.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use api::{events::Head, rest::presence::PresenceState};
use kernel::{ChatId, SessionId, Timestamp, UserId};
use kit::http::Caller;
use socketio::{Encoded, Socket, SocketId};

/// Sockets in a chat up to which presence and typing go to all of them, on screen or not.
const SMALL_CHAT: usize = 50;

/// A connected socket.
struct Entry {
    socket: Socket,
    user_id: UserId,
    session_id: Option<SessionId>,
    expires_at: Timestamp,
    /// Its chats, and its place among the members of each.
    chats: HashMap<ChatId, usize>,
    on_screen: HashSet<ChatId>,
    state: PresenceState,
    /// While its chats are being read: the memberships that changed meanwhile.
    loading: Option<Vec<Membership>>,
}

/// A membership that changed.
#[derive(Debug, Clone, Copy)]
struct Membership {
    chat_id: ChatId,
    seq: u64,
    joined: bool,
}

/// A chat that somebody connected takes part in.
struct Subscribers {
    /// The `seq` of the last event that was delivered.
    seen: u64,
    members: Vec<Socket>,
    on_screen: HashSet<SocketId>,
}

/// What leaving leaves behind.
pub(super) struct Left {
    pub(super) user_id: UserId,
    pub(super) chats: Vec<ChatId>,
    pub(super) was_last: bool,
}

/// What to do with an event.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nobody here needs it, or everybody has it.
    Skip,
    /// It is the next one.
    Deliver,
    /// Some before it are missing: read the log after this `seq`.
    Heal(u64),
}

/// Who is connected, and who is subscribed to what.
#[derive(Default)]
pub(super) struct Registry {
    entries: HashMap<SocketId, Entry>,
    users: HashMap<UserId, Vec<SocketId>>,
    chats: HashMap<ChatId, Subscribers>,
}

impl Registry {
    pub(super) fn enter(&mut self, socket: Socket, caller: &Caller) {
        let id = socket.id();
        self.users.entry(caller.user_id).or_default().push(id);
        self.entries.insert(
            id,
            Entry {
                socket,
                user_id: caller.user_id,
                session_id: caller.session_id,
                expires_at: caller.expires_at,
                chats: HashMap::new(),
                on_screen: HashSet::new(),
                state: PresenceState::Online,
                loading: Some(Vec::new()),
            },
        );
    }

    /// Subscribes a socket to the chats that were read, and to what changed since.
    pub(super) fn subscribe_to_all(&mut self, id: SocketId, heads: &[(ChatId, Head)]) {
        for (chat_id, head) in heads {
            // What was committed before is read by the client itself, after connecting.
            self.subscribe(id, *chat_id, head.seq);
        }
        let Some(changes) = self.entries.get_mut(&id).and_then(|entry| entry.loading.take()) else {
            return;
        };
        for change in changes {
            let read_at = heads
                .iter()
                .find(|(chat_id, _)| *chat_id == change.chat_id)
                .map_or(0, |(_, head)| head.seq);
            if change.seq <= read_at {
                continue;
            }
            if change.joined {
                self.subscribe(id, change.chat_id, change.seq);
            } else {
                self.unsubscribe(id, change.chat_id);
            }
        }
    }

    pub(super) fn leave(&mut self, id: SocketId) -> Option<Left> {
        let chats: Vec<ChatId> = self.entries.get(&id)?.chats.keys().copied().collect();
        for chat_id in &chats {
            self.unsubscribe(id, *chat_id);
        }
        let entry = self.entries.remove(&id)?;
        let mut was_last = false;
        if let Some(sockets) = self.users.get_mut(&entry.user_id) {
            sockets.retain(|socket| *socket != id);
            if sockets.is_empty() {
                self.users.remove(&entry.user_id);
                was_last = true;
            }
        }
        Some(Left { user_id: entry.user_id, chats, was_last })
    }

    pub(super) fn renew(&mut self, id: SocketId, caller: &Caller) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.expires_at = caller.expires_at;
            entry.session_id = caller.session_id;
        }
    }

    fn subscribe(&mut self, id: SocketId, chat_id: ChatId, seen: u64) {
        let Some(entry) = self.entries.get_mut(&id) else { return };
        if entry.chats.contains_key(&chat_id) {
            return;
        }
        let subscribers = self.chats.entry(chat_id).or_insert_with(|| Subscribers {
            seen,
            members: vec![],
            on_screen: HashSet::new(),
        });
        entry.chats.insert(chat_id, subscribers.members.len());
        subscribers.members.push(entry.socket.clone());
    }

    fn unsubscribe(&mut self, id: SocketId, chat_id: ChatId) {
        let Some(entry) = self.entries.get_mut(&id) else { return };
        let Some(place) = entry.chats.remove(&chat_id) else { return };
        entry.on_screen.remove(&chat_id);
        let Some(subscribers) = self.chats.get_mut(&chat_id) else { return };
        subscribers.on_screen.remove(&id);
        subscribers.members.swap_remove(place);
        // The last one took the free place.
        if let Some(moved) = subscribers.members.get(place).map(Socket::id)
            && let Some(moved) = self.entries.get_mut(&moved)
        {
            moved.chats.insert(chat_id, place);
        }
        if subscribers.members.is_empty() {
            self.chats.remove(&chat_id);
        }
    }

    /// Subscribes all sockets of a user to a chat that they joined with the event `seq`. Answers
    /// the sockets for which it is new.
    pub(super) fn join(&mut self, user_id: UserId, chat_id: ChatId, seq: u64) -> Vec<Socket> {
        let mut joined = Vec::new();
        for id in self.users.get(&user_id).cloned().unwrap_or_default() {
            let Some(entry) = self.entries.get_mut(&id) else { continue };
            if let Some(changes) = &mut entry.loading {
                changes.push(Membership { chat_id, seq, joined: true });
            } else if !entry.chats.contains_key(&chat_id) {
                joined.push(entry.socket.clone());
                self.subscribe(id, chat_id, seq.saturating_sub(1));
            }
        }
        joined
    }

    /// Ends the subscriptions of a user's sockets. Answers the sockets.
    pub(super) fn part(&mut self, user_id: UserId, chat_id: ChatId, seq: u64) -> Vec<Socket> {
        let mut parted = Vec::new();
        for id in self.users.get(&user_id).cloned().unwrap_or_default() {
            let Some(entry) = self.entries.get_mut(&id) else { continue };
            if let Some(changes) = &mut entry.loading {
                changes.push(Membership { chat_id, seq, joined: false });
            }
            parted.push(entry.socket.clone());
            self.unsubscribe(id, chat_id);
        }
        parted
    }

    /// What to do with the event `seq` of a chat. [`Step::Deliver`] counts it as delivered.
    pub(super) fn step(&mut self, chat_id: ChatId, seq: u64) -> Step {
        let Some(subscribers) = self.chats.get_mut(&chat_id) else { return Step::Skip };
        let seen = subscribers.seen;
        if seq <= seen {
            Step::Skip
        } else if seq > seen + 1 {
            Step::Heal(seen)
        } else {
            subscribers.seen = seq;
            Step::Deliver
        }
    }

    /// Sends a frame to everybody subscribed to a chat. One that can't take it is being closed by
    /// its own queue; the others do not notice.
    pub(super) fn broadcast(&self, chat_id: ChatId, frame: &Encoded) -> usize {
        let Some(subscribers) = self.chats.get(&chat_id) else { return 0 };
        subscribers.members.iter().filter(|socket| socket.send(frame).is_ok()).count()
    }

    /// Everybody subscribed to a chat.
    pub(super) fn members(&self, chat_id: ChatId) -> Vec<Socket> {
        self.chats.get(&chat_id).map(|chat| chat.members.clone()).unwrap_or_default()
    }

    pub(super) fn is_connected(&self, user_id: UserId) -> bool {
        self.users.contains_key(&user_id)
    }

    pub(super) fn is_subscribed(&self, id: SocketId, chat_id: ChatId) -> bool {
        self.entries.get(&id).is_some_and(|entry| entry.chats.contains_key(&chat_id))
    }

    pub(super) fn screen(&mut self, id: SocketId, chat_id: ChatId, shown: bool) {
        let Some(entry) = self.entries.get_mut(&id) else { return };
        let Some(subscribers) = self.chats.get_mut(&chat_id) else { return };
        if shown {
            entry.on_screen.insert(chat_id);
            subscribers.on_screen.insert(id);
        } else {
            entry.on_screen.remove(&chat_id);
            subscribers.on_screen.remove(&id);
        }
    }

    pub(super) fn set_state(&mut self, id: SocketId, state: PresenceState) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.state = state;
        }
    }

    /// A person's state: not to be disturbed when one of their devices says so, else there when
    /// one of them is.
    pub(super) fn state_of(&self, user_id: UserId) -> PresenceState {
        let mut best = PresenceState::Offline;
        for id in self.users.get(&user_id).into_iter().flatten() {
            match (self.entries.get(id).map(|entry| entry.state), best) {
                (Some(PresenceState::Dnd), _) => return PresenceState::Dnd,
                (Some(PresenceState::Online), _) => best = PresenceState::Online,
                (Some(PresenceState::Away), PresenceState::Offline) => best = PresenceState::Away,
                _ => {}
            }
        }
        best
    }

    pub(super) fn sockets_of(&self, user_id: UserId) -> Vec<Socket> {
        let ids = self.users.get(&user_id).into_iter().flatten();
        ids.filter_map(|id| self.entries.get(id)).map(|entry| entry.socket.clone()).collect()
    }

    pub(super) fn sockets_in(&self, session: SessionId) -> Vec<Socket> {
        let entries = self.entries.values().filter(|entry| entry.session_id == Some(session));
        entries.map(|entry| entry.socket.clone()).collect()
    }

    pub(super) fn expired(&self, now: Timestamp, grace: Duration) -> Vec<Socket> {
        let entries = self.entries.values().filter(|entry| entry.expires_at.plus(grace) < now);
        entries.map(|entry| entry.socket.clone()).collect()
    }

    pub(super) fn chats_of(&self, user_id: UserId) -> Vec<ChatId> {
        let first = self.users.get(&user_id).and_then(|ids| ids.first());
        first
            .and_then(|id| self.entries.get(id))
            .map(|entry| entry.chats.keys().copied().collect())
            .unwrap_or_default()
    }

    /// People with a socket in that chat.
    pub(super) fn people_in(&self, chat_id: ChatId) -> HashSet<UserId> {
        let members = self.chats.get(&chat_id).map(|chat| chat.members.as_slice());
        members
            .unwrap_or_default()
            .iter()
            .filter_map(|socket| self.entries.get(&socket.id()))
            .map(|entry| entry.user_id)
            .take(200)
            .collect()
    }

    /// Who is to see presence and typing in these chats: everybody in a small one, those who have
    /// it on screen in a large one. Each once; those people's are left out.
    pub(super) fn onlookers(&self, chats: &[ChatId], but: &HashSet<UserId>) -> Vec<Socket> {
        let mut told = HashSet::new();
        let mut sockets = Vec::new();
        for chat in chats.iter().filter_map(|chat_id| self.chats.get(chat_id)) {
            let small = chat.members.len() <= SMALL_CHAT;
            let small_members = chat.members.iter().filter(|_| small).map(Socket::id);
            let watching = chat.on_screen.iter().filter(|_| !small).copied();
            for id in small_members.chain(watching) {
                let Some(entry) = self.entries.get(&id) else { continue };
                if !but.contains(&entry.user_id) && told.insert(id) {
                    sockets.push(entry.socket.clone());
                }
            }
        }
        sockets
    }

    /// The chats on each socket's screen.
    pub(super) fn screens(&self) -> Vec<(Socket, Vec<ChatId>)> {
        let entries = self.entries.values().filter(|entry| !entry.on_screen.is_empty());
        entries
            .map(|entry| (entry.socket.clone(), entry.on_screen.iter().copied().collect()))
            .collect()
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}
