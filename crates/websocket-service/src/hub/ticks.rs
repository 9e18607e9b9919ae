//! What happens by the clock: tokens that run out, typing that ends, people who are gone, and the
//! heads that reveal a lost last event.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use api::{events::Heads, rest::presence::PresenceState};
use socketio::Encoded;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::{Hub, NAMESPACE};

/// How often the heads of the chats on screen are told, in ticks of a second.
const HEADS_EVERY: u64 = 30;

/// Runs until `stop`.
pub(crate) async fn run(hub: Arc<Hub>, stop: CancellationToken) {
    let mut ticks = interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut tick = 0u64;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        tick += 1;
        hub.close_expired();
        let now = Instant::now();
        let over = hub.typing().over(now);
        for (chat_id, user_id) in over {
            hub.tell_typing(chat_id, user_id, false);
        }
        let offline = hub.states().offline(now);
        for (user_id, chats) in offline {
            hub.tell_presence(user_id, PresenceState::Offline, &chats).await;
        }
        if tick.is_multiple_of(HEADS_EVERY) {
            tell_heads(&hub).await;
        }
        let sockets = hub.registry().len();
        metrics::gauge!("thread_sockets")
            .set(f64::from(u32::try_from(sockets).unwrap_or(u32::MAX)));
    }
}

/// Tells each socket where the logs of the chats on its screen stand. The log is asked, not what
/// was delivered: an event that got lost on the way is what this is for.
async fn tell_heads(hub: &Hub) {
    let screens = hub.registry().screens();
    let mut known = HashMap::new();
    for (socket, chats) in screens {
        let mut heads: Heads = BTreeMap::new();
        for chat_id in chats {
            let head = match known.get(&chat_id) {
                Some(head) => *head,
                None => {
                    // Nothing is after the end; the page tells where the end is.
                    let page = hub.chats.log(chat_id, u64::from(u32::MAX), 1).await;
                    let head = page.ok().map(|page| page.head_seq);
                    known.insert(chat_id, head);
                    head
                }
            };
            if let Some(head) = head {
                heads.insert(chat_id, head);
            }
        }
        socket.send_volatile(&Encoded::event(NAMESPACE, "heads", &heads));
    }
}
