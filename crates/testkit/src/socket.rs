//! A Socket.IO client over WebSocket that remembers what it received.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};
use tokio_tungstenite::tungstenite::{Message, protocol::CloseFrame};

use crate::eventually;

/// Why a socket was not let in: `connect_error`.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// `message` and `data`; `null` when the connection was closed instead.
    pub error: Value,
}

/// What a socket received and what became of it.
#[derive(Debug, Default)]
struct Seen {
    events: Vec<(String, Value)>,
    acks: HashMap<u64, oneshot::Sender<Value>>,
    next_ack: u64,
    closed: Option<(u16, String)>,
    over: bool,
}

/// A connected socket. Dropping it closes the connection.
#[derive(Debug)]
pub struct Socket {
    out: mpsc::UnboundedSender<String>,
    seen: Arc<Mutex<Seen>>,
}

impl Socket {
    /// Connects to the program at `base` (`http://…`), with that `auth`.
    ///
    /// # Errors
    /// The server refused.
    ///
    /// # Panics
    /// Nothing listens there.
    pub async fn connect(base: &str, auth: Value) -> Result<Self, Refusal> {
        Self::try_connect(base, auth).await.expect("nothing listens there")
    }

    /// The same where the program may be away: `None` then.
    pub async fn try_connect(base: &str, auth: Value) -> Option<Result<Self, Refusal>> {
        let url = format!("{}/socket.io/?EIO=4&transport=websocket", base.replace("http", "ws"));
        let (stream, _) = tokio_tungstenite::connect_async(url).await.ok()?;
        let (mut sink, mut source) = stream.split();
        sink.send(Message::text(format!("40{auth}"))).await.ok()?;
        let seen = Arc::new(Mutex::new(Seen::default()));
        loop {
            let frame = timeout(Duration::from_secs(10), source.next()).await.ok()?;
            match frame {
                Some(Ok(Message::Text(text))) if text.starts_with("40") => break,
                Some(Ok(Message::Text(text))) if text.starts_with("44") => {
                    let error = serde_json::from_str(&text[2..]).unwrap_or_default();
                    return Some(Err(Refusal { error }));
                }
                Some(Ok(_)) => {}
                _ => return Some(Err(Refusal { error: Value::Null })),
            }
        }
        let (out, mut outgoing) = mpsc::unbounded_channel::<String>();
        let (sight, pong) = (Arc::clone(&seen), out.clone());
        tokio::spawn(async move {
            while let Some(packet) = outgoing.recv().await {
                if sink.send(Message::text(packet)).await.is_err() {
                    return;
                }
            }
            let _ = sink.close().await;
        });
        let pong = pong.downgrade();
        tokio::spawn(async move {
            while let Some(Ok(frame)) = source.next().await {
                match frame {
                    Message::Text(text) if text.as_str() == "2" => match pong.upgrade() {
                        Some(pong) => drop(pong.send("3".to_owned())),
                        None => break,
                    },
                    Message::Text(text) => sight.lock().unwrap().take(&text),
                    Message::Close(frame) => {
                        let CloseFrame { code, reason } =
                            frame.unwrap_or(CloseFrame { code: 1005.into(), reason: "".into() });
                        sight.lock().unwrap().closed = Some((code.into(), reason.to_string()));
                    }
                    _ => {}
                }
            }
            let mut seen = sight.lock().unwrap();
            seen.over = true;
            seen.acks.clear();
        });
        Some(Ok(Self { out, seen }))
    }

    /// Sends an event and does not wait; the answer comes by the receiver, which fails when the
    /// connection ends first.
    pub fn start(&self, name: &str, payload: Value) -> oneshot::Receiver<Value> {
        let (answer, answered) = oneshot::channel();
        let mut seen = self.seen.lock().unwrap();
        let id = seen.next_ack;
        seen.next_ack += 1;
        if !seen.over {
            seen.acks.insert(id, answer);
        }
        // Sent under the lock: what is numbered first leaves first.
        let _ = self.out.send(format!("42{id}{}", json!([name, payload])));
        answered
    }

    /// Sends an event; answers its acknowledgement.
    ///
    /// # Panics
    /// There was none in 10 s.
    pub async fn ask(&self, name: &str, payload: Value) -> Value {
        timeout(Duration::from_secs(10), self.start(name, payload))
            .await
            .expect("no acknowledgement in 10 s")
            .expect("the connection ended")
    }

    /// The same, of an event that must be accepted.
    #[track_caller]
    pub fn accepted(&self, name: &str, payload: Value) -> impl Future<Output = Value> {
        let answer = self.ask(name, payload);
        async move {
            let answer = answer.await;
            assert_eq!(answer["ok"], true, "{answer}");
            answer
        }
    }

    /// Sends text as it is.
    pub fn send_raw(&self, packet: &str) {
        let _ = self.out.send(packet.to_owned());
    }

    /// Everything received until now under that name.
    #[must_use]
    pub fn received(&self, name: &str) -> Vec<Value> {
        let seen = self.seen.lock().unwrap();
        seen.events.iter().filter(|(n, _)| n == name).map(|(_, payload)| payload.clone()).collect()
    }

    /// Everything received until now.
    #[must_use]
    pub fn all_received(&self) -> Vec<(String, Value)> {
        self.seen.lock().unwrap().events.clone()
    }

    /// Waits for an event of that name that fits.
    pub async fn wait_for(&self, name: &str, fits: impl Fn(&Value) -> bool) -> Value {
        eventually(&format!("an event {name}"), || async {
            self.received(name).into_iter().find(&fits)
        })
        .await
    }

    /// The `seq` of every event of that chat's log, in the order received.
    #[must_use]
    pub fn seqs(&self, chat: &str) -> Vec<u64> {
        let seen = self.seen.lock().unwrap();
        seen.events
            .iter()
            .filter(|(_, payload)| payload["chat_id"] == chat && payload["kind"].is_string())
            .filter_map(|(_, payload)| payload["seq"].as_u64())
            .collect()
    }

    /// The close frame's code and reason, once the server closed.
    #[must_use]
    pub fn closed(&self) -> Option<(u16, String)> {
        self.seen.lock().unwrap().closed.clone()
    }

    /// Whether the connection is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.seen.lock().unwrap().over
    }
}

impl Seen {
    fn take(&mut self, packet: &str) {
        let (kind, rest) = packet.split_at(packet.len().min(2));
        let (digits, json) =
            rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
        let Ok(args) = serde_json::from_str::<Value>(json) else { return };
        match kind {
            "42" => {
                let name = args[0].as_str().unwrap_or_default().to_owned();
                self.events.push((name, args[1].clone()));
            }
            "43" => {
                let id = digits.parse().unwrap_or(u64::MAX);
                if let Some(answer) = self.acks.remove(&id) {
                    let _ = answer.send(args[0].clone());
                }
            }
            _ => {}
        }
    }
}
