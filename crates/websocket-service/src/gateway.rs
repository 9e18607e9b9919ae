//! The Socket.IO service: connecting, commands and their acknowledgements, leaving.

use std::{collections::BTreeMap, sync::Arc};

use api::{
    ErrorCode, Problem,
    events::{
        Acknowledged, Connected, Done, MessageAcknowledged, Refused, SocketError, Sync, Synced,
    },
    rest::chats::MarkRead,
};
use kernel::Ids;
use kit::http::{Authenticator, Caller};
use serde::Serialize;
use socketio::{Ack, CloseReason, ConnectError, Event, Handshake, Service, Socket};
use tokio::time::{Instant, sleep};

use crate::{
    Deps,
    hub::{Hub, NAMESPACE},
    ports::ChatLink,
    session::{Command, Pace, Session},
};

/// Events that one answer to `sync` holds at most.
const SYNC_EVENTS: usize = 500;

/// The Socket.IO service.
pub(crate) struct Gateway {
    chats: Arc<dyn ChatLink>,
    authenticator: Arc<dyn Authenticator>,
    ids: Ids,
    hub: Arc<Hub>,
    events_per_second: Option<u32>,
}

impl Gateway {
    pub(crate) fn new(deps: Deps, hub: Arc<Hub>) -> Self {
        Self {
            chats: deps.chats,
            authenticator: deps.authenticator,
            ids: deps.ids,
            hub,
            events_per_second: deps.settings.events_per_second,
        }
    }

    async fn sign_in(&self, handshake: &Handshake) -> Result<Caller, Problem> {
        let token = handshake.auth.get("token").and_then(|token| token.as_str());
        let token = token.ok_or(ErrorCode::Unauthenticated)?;
        self.authenticator.authenticate(token).await
    }

    async fn execute(
        &self,
        session: &mut Session,
        event: &Event,
        ack: &mut Option<Ack>,
    ) -> Result<(), Problem> {
        let caller = Arc::clone(&session.caller);
        match Command::read(event)? {
            Command::Authenticate(renewal) => {
                let renewed = self.authenticator.authenticate(renewal.token.reveal()).await?;
                if renewed.user_id != caller.user_id {
                    return Err(Problem::new(ErrorCode::Forbidden)
                        .detail("the token is another user's: open another socket"));
                }
                self.hub.renew(session.socket.id(), &renewed)?;
                session.caller = Arc::new(renewed);
                answer(ack, Done {});
            }
            Command::SendMessage(send) => {
                let message = self.chats.post(&caller, send.chat_id, send.message).await?;
                answer(ack, MessageAcknowledged { message });
            }
            Command::EditMessage(edit) => {
                let edited = self.chats.edit(&caller, edit.chat_id, edit.message_id, edit.text);
                answer(ack, MessageAcknowledged { message: edited.await? });
            }
            Command::DeleteMessage(delete) => {
                self.chats.delete(&caller, delete.chat_id, delete.message_id).await?;
                answer(ack, Done {});
            }
            Command::React { reaction, add } => {
                let (chat, message) = (reaction.chat_id, reaction.message_id);
                self.chats.react(&caller, chat, message, reaction.emoji, add).await?;
                answer(ack, Done {});
            }
            Command::MarkRead(read) => {
                let position = MarkRead { seq: read.seq, force: read.force };
                answer(ack, self.chats.mark_read(&caller, read.chat_id, position).await?);
            }
            Command::Typing { chat, started } => {
                let socket = session.socket.id();
                self.hub.types(socket, caller.user_id, chat.chat_id, started)?;
                answer(ack, Done {});
            }
            Command::Screen { chat, shown } => {
                let viewer = caller.user_id;
                self.hub.screen(&session.socket, viewer, chat.chat_id, shown).await?;
                answer(ack, Done {});
            }
            Command::SetPresence(presence) => {
                let socket = session.socket.id();
                self.hub.set_presence(socket, caller.user_id, presence.state).await;
                answer(ack, Done {});
            }
            Command::Sync(sync) => answer(ack, self.sync(&caller, &sync).await?),
        }
        Ok(())
    }

    async fn sync(&self, caller: &Caller, sync: &Sync) -> Result<Synced, Problem> {
        let heads: BTreeMap<_, _> = self.hub.heads(caller).await?.into_iter().collect();
        let mut events = BTreeMap::new();
        let mut room = SYNC_EVENTS;
        for (chat_id, after_seq) in &sync.chats {
            let behind = heads.get(chat_id).is_some_and(|head| head.seq > *after_seq);
            if !behind || room == 0 {
                continue;
            }
            let limit = u32::try_from(room).unwrap_or(1);
            match self.chats.events(caller, *chat_id, *after_seq, limit).await {
                Ok(page) => {
                    room -= page.items.len().min(room);
                    events.insert(*chat_id, page.items);
                }
                // It was theirs a moment ago: `chat_removed` follows.
                Err(problem) if problem.status == 404 || problem.status == 403 => {}
                Err(problem) => return Err(problem),
            }
        }
        Ok(Synced { heads, events })
    }
}

impl Service for Gateway {
    type Session = Session;

    async fn connect(&self, socket: Socket, handshake: Handshake) -> Result<Session, ConnectError> {
        if handshake.namespace != NAMESPACE {
            return Err(ConnectError::new("Invalid namespace"));
        }
        let caller = match self.sign_in(&handshake).await {
            Ok(caller) => caller,
            Err(problem) => return Err(refuse(problem)),
        };
        self.hub.enter(&socket, &caller).await.map_err(refuse)?;
        let connected = Connected {
            msg: "connected".to_owned(),
            user_id: caller.user_id,
            server_time: self.ids.now(),
        };
        // A socket that is gone already is reported by `disconnect`.
        let _ = socket.emit("status", &connected);
        let pace = Pace::new(self.events_per_second, Instant::now());
        Ok(Session { socket, caller: Arc::new(caller), pace })
    }

    async fn event(&self, session: &mut Session, event: Event, ack: Option<Ack>) {
        let wait = session.pace.take(Instant::now());
        if !wait.is_zero() {
            sleep(wait).await;
        }
        let mut ack = ack;
        let outcome = match self.execute(session, &event, &mut ack).await {
            Ok(()) => "ok",
            Err(problem) => {
                let (user_id, code) = (session.caller.user_id, problem.code);
                tracing::debug!(%user_id, event = event.name(), %code, "refused");
                if let Some(ack) = ack.take() {
                    let _ = ack.send(&Refused::from(problem));
                }
                code.as_str()
            }
        };
        let name = Command::NAMES.iter().find(|name| **name == event.name());
        metrics::counter!(
            "thread_socket_commands_total",
            "event" => *name.unwrap_or(&"other"), "outcome" => outcome
        )
        .increment(1);
    }

    async fn disconnect(&self, session: Session, _reason: CloseReason) {
        self.hub.leave(session.socket.id()).await;
    }
}

fn answer<T: Serialize>(ack: &mut Option<Ack>, answer: T) {
    if let Some(ack) = ack.take() {
        // A client that is gone asks again with the same `client_id`.
        let _ = ack.send(&Acknowledged::new(answer));
    }
}

fn refuse(problem: Problem) -> ConnectError {
    let error = SocketError::from(problem);
    let data = serde_json::to_value(&error).unwrap_or_default();
    ConnectError::with_data(error.message, data)
}
