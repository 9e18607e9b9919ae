//! A lean Socket.IO client: it counts what it receives and checks that `seq` has no gap.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use futures::{SinkExt, StreamExt};
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::{client_async, tungstenite::Message};
use uuid::Uuid;

#[derive(Default)]
struct State {
    acks: Mutex<HashMap<u64, oneshot::Sender<()>>>,
    next: AtomicU64,
    received: AtomicU64,
    gaps: AtomicU64,
}

pub(crate) struct Client {
    out: mpsc::UnboundedSender<Message>,
    state: Arc<State>,
}

impl Client {
    pub(crate) async fn connect(port: u16, token: &str) -> Self {
        let stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let url = format!("ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket");
        let (socket, _) = client_async(url, stream).await.unwrap();
        let (mut sink, mut source) = socket.split();
        sink.send(Message::text(format!("40{{\"token\":\"{token}\"}}"))).await.unwrap();
        while let Some(Ok(frame)) = source.next().await {
            let text = frame.to_text().unwrap_or_default();
            assert!(!text.starts_with("44"), "refused: {text}");
            if text.starts_with("40") {
                break;
            }
        }
        let state = Arc::new(State::default());
        let (out, mut outgoing) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(message) = outgoing.recv().await {
                if sink.send(message).await.is_err() {
                    return;
                }
            }
            let _ = sink.close().await;
        });
        let (sight, pong) = (Arc::clone(&state), out.downgrade());
        tokio::spawn(async move {
            let mut seqs = HashMap::new();
            while let Some(Ok(frame)) = source.next().await {
                let text = frame.to_text().unwrap_or_default();
                if text == "2" {
                    let Some(pong) = pong.upgrade() else { return };
                    let _ = pong.send(Message::text("3"));
                } else if text.starts_with("43") {
                    let digits = &text[2..text.find('[').unwrap_or(2)];
                    assert!(text.contains("\"ok\":true"), "{text}");
                    let ack =
                        digits.parse().ok().and_then(|id| sight.acks.lock().unwrap().remove(&id));
                    if let Some(ack) = ack {
                        let _ = ack.send(());
                    }
                } else if text.starts_with("42[\"new_message\"") {
                    sight.received.fetch_add(1, Ordering::Relaxed);
                    sight.gaps.fetch_add(u64::from(has_gap(&mut seqs, text)), Ordering::Relaxed);
                }
            }
        });
        Self { out, state }
    }

    /// Sends a message of about 100 bytes and waits for its acknowledgement.
    pub(crate) async fn send_message(&self, chat: &str) {
        let id = self.state.next.fetch_add(1, Ordering::Relaxed);
        let (ack, acknowledged) = oneshot::channel();
        self.state.acks.lock().unwrap().insert(id, ack);
        let client_id = Uuid::now_v7();
        let text = "The quick brown fox jumps over the lazy dog, and the dog does not mind it at all today.";
        let packet = format!(
            "42{id}[\"send_message\",{{\"chat_id\":\"{chat}\",\"client_id\":\"{client_id}\",\"text\":\"{text}\"}}]"
        );
        self.out.send(Message::text(packet)).unwrap();
        acknowledged.await.expect("the connection ended");
    }

    pub(crate) fn received(&self) -> u64 {
        self.state.received.load(Ordering::Relaxed)
    }

    pub(crate) fn gaps(&self) -> u64 {
        self.state.gaps.load(Ordering::Relaxed)
    }
}

/// Whether the event does not continue what came before of its chat. Reads the first `chat_id`
/// and `seq` of the text, which are the event's own.
fn has_gap(seqs: &mut HashMap<String, u64>, text: &str) -> bool {
    let after = |key: &str| text.split_once(key).map(|(_, rest)| rest).unwrap_or_default();
    let chat = after("\"chat_id\":\"").split('"').next().unwrap_or_default();
    let seq: u64 =
        after("\"seq\":").split([',', '}']).next().and_then(|seq| seq.parse().ok()).unwrap_or(0);
    match seqs.get_mut(chat) {
        Some(last) => {
            let gap = seq != *last + 1;
            *last = seq;
            gap
        }
        None => {
            seqs.insert(chat.to_owned(), seq);
            false
        }
    }
}
