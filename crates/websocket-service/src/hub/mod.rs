//! The hub: which sockets are connected, and what each of them is to be sent.

pub(crate) mod fan_out;
mod presence;
mod registry;
pub(crate) mod ticks;
mod typing;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use api::{
    ErrorCode, Problem,
    events::{Head, Typing},
    rest::presence::PresenceState,
};
use kernel::{ChatId, Clock, SessionId, Timestamp, UserId};
use kit::{http::Caller, presence::Presence};
use socketio::{CloseReason, Encoded, Socket, SocketId};
use tokio::time::Instant;

use crate::ports::{ChatLink, PeopleLink};
use presence::PresenceStates;
use registry::Registry;
use typing::TypingStates;

/// The namespace that Thread speaks in.
pub(crate) const NAMESPACE: &str = "/";
/// The token ran out over a minute ago, or was refused.
const TOKEN_EXPIRED: CloseReason = CloseReason::Application { code: 4001, reason: "token_expired" };
/// The sign-in was ended.
const SESSION_ENDED: CloseReason = CloseReason::Application { code: 4001, reason: "session_ended" };
/// How long a socket outlives its token.
const TOKEN_GRACE: Duration = Duration::from_secs(60);
/// How long an ended sign-in is remembered: longer than any access token lives.
const ENDED_FOR: Duration = Duration::from_secs(15 * 60);

/// Which sockets are connected, and what each of them is to be sent.
pub(crate) struct Hub {
    chats: Arc<dyn ChatLink>,
    people: Arc<dyn PeopleLink>,
    presence: Arc<dyn Presence>,
    clock: Arc<dyn Clock>,
    registry: Mutex<Registry>,
    states: Mutex<PresenceStates>,
    typing: Mutex<TypingStates>,
    ended: Mutex<Vec<(SessionId, Timestamp)>>,
}

impl Hub {
    pub(crate) fn new(
        chats: Arc<dyn ChatLink>,
        people: Arc<dyn PeopleLink>,
        presence: Arc<dyn Presence>,
        clock: Arc<dyn Clock>,
        offline_after: Duration,
    ) -> Self {
        Self {
            chats,
            people,
            presence,
            clock,
            registry: Mutex::default(),
            states: Mutex::new(PresenceStates::new(offline_after)),
            typing: Mutex::default(),
            ended: Mutex::default(),
        }
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn states(&self) -> MutexGuard<'_, PresenceStates> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn typing(&self) -> MutexGuard<'_, TypingStates> {
        self.typing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in a socket and subscribes it to its user's chats.
    ///
    /// It is registered first and the chats are read then, so that no membership that changes in
    /// between is missed.
    pub(crate) async fn enter(&self, socket: &Socket, caller: &Caller) -> Result<(), Problem> {
        if caller.session_id.is_some_and(|session| self.has_ended(session)) {
            return Err(ErrorCode::Unauthenticated.into());
        }
        self.registry().enter(socket.clone(), caller);
        match self.chats.heads(caller).await {
            Ok(heads) => {
                self.registry().subscribe_to_all(socket.id(), &heads);
                // Ended while the chats were read: the fan-out closed it, or this does.
                if caller.session_id.is_some_and(|session| self.has_ended(session)) {
                    socket.close(SESSION_ENDED);
                }
                self.presence_changed(caller.user_id).await;
                Ok(())
            }
            Err(problem) => {
                self.registry().leave(socket.id());
                Err(problem)
            }
        }
    }

    /// A socket is gone.
    pub(crate) async fn leave(&self, socket: SocketId) {
        let left = self.registry().leave(socket);
        let Some(left) = left else { return };
        if left.was_last {
            self.states().gone(left.user_id, left.chats, Instant::now());
        } else {
            self.presence_changed(left.user_id).await;
        }
    }

    /// A socket has a new token.
    pub(crate) fn renew(&self, socket: SocketId, caller: &Caller) -> Result<(), Problem> {
        if caller.session_id.is_some_and(|session| self.has_ended(session)) {
            return Err(ErrorCode::Unauthenticated.into());
        }
        self.registry().renew(socket, caller);
        Ok(())
    }

    /// The chat is on that socket's screen, or no longer. The presence of its people follows.
    pub(crate) async fn screen(
        &self,
        socket: &Socket,
        viewer: UserId,
        chat: ChatId,
        shown: bool,
    ) -> Result<(), Problem> {
        let present = {
            let mut registry = self.registry();
            if !registry.is_subscribed(socket.id(), chat) {
                return Err(ErrorCode::ChatNotFound.into());
            }
            registry.screen(socket.id(), chat, shown);
            if shown { registry.people_in(chat) } else { HashSet::new() }
        };
        let now = self.clock.now();
        let people: Vec<UserId> = present.into_iter().collect();
        let hidden = self.people.blockers_of(viewer, &people).await?;
        for user_id in people.into_iter().filter(|id| !hidden.contains(id)) {
            let state = self.states().of(user_id);
            socket.send_volatile(&presence::encode(user_id, state, now));
        }
        Ok(())
    }

    /// Somebody types, or stopped.
    pub(crate) fn types(
        &self,
        socket: SocketId,
        user_id: UserId,
        chat_id: ChatId,
        started: bool,
    ) -> Result<(), Problem> {
        if !self.registry().is_subscribed(socket, chat_id) {
            return Err(ErrorCode::ChatNotFound.into());
        }
        let told = self.typing().change(chat_id, user_id, started, Instant::now());
        if told {
            self.tell_typing(chat_id, user_id, started);
        }
        Ok(())
    }

    fn tell_typing(&self, chat_id: ChatId, user_id: UserId, started: bool) {
        let name = if started { "typing_start" } else { "typing_stop" };
        let frame = Encoded::event(NAMESPACE, name, &Typing { chat_id, user_id });
        for socket in self.registry().onlookers(&[chat_id], &HashSet::from([user_id])) {
            socket.send_volatile(&frame);
        }
    }

    /// Sets how one socket shows its user.
    pub(crate) async fn set_presence(
        &self,
        socket: SocketId,
        user_id: UserId,
        state: PresenceState,
    ) {
        self.registry().set_state(socket, state);
        self.presence_changed(user_id).await;
    }

    /// Works out a person's state from their sockets, and tells it where it changed.
    async fn presence_changed(&self, user_id: UserId) {
        let state = self.registry().state_of(user_id);
        if self.states().update(user_id, state) {
            let chats = self.registry().chats_of(user_id);
            self.tell_presence(user_id, state, &chats).await;
        }
    }

    async fn tell_presence(&self, user_id: UserId, state: PresenceState, chats: &[ChatId]) {
        let now = self.clock.now();
        self.presence.set(user_id, state, now).await;
        self.show(user_id, chats, &presence::encode(user_id, state, now)).await;
    }

    /// Sends a frame about a person to those who may see whether they are there.
    async fn show(&self, user_id: UserId, chats: &[ChatId], frame: &Encoded) {
        let hidden = match self.people.blocked_by(user_id).await {
            Ok(blocked) => blocked,
            Err(problem) => {
                // Who may not see them is not known: nobody does, until the next change.
                tracing::warn!(%user_id, code = %problem.code, "presence is not told");
                return;
            }
        };
        let registry = self.registry();
        let onlookers = registry.onlookers(chats, &hidden);
        for socket in onlookers.iter().chain(&registry.sockets_of(user_id)) {
            socket.send_volatile(frame);
        }
    }

    /// Where the logs of the caller's chats stand.
    pub(crate) async fn heads(&self, caller: &Caller) -> Result<Vec<(ChatId, Head)>, Problem> {
        self.chats.heads(caller).await
    }

    fn has_ended(&self, session: SessionId) -> bool {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.iter().any(|(id, _)| *id == session)
    }

    /// A sign-in is over: its sockets are closed, and its tokens open no new ones.
    fn end_session(&self, session: SessionId) {
        let now = self.clock.now();
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|(_, at)| now.since(*at) < ENDED_FOR);
        ended.push((session, now));
        drop(ended);
        for socket in self.registry().sockets_in(session) {
            socket.close(SESSION_ENDED);
        }
    }

    fn close_expired(&self) {
        let now = self.clock.now();
        for socket in self.registry().expired(now, TOKEN_GRACE) {
            socket.close(TOKEN_EXPIRED);
        }
    }
}
