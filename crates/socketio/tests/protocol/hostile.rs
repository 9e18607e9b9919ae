//! Clients that say anything at all, in any order, on either transport. Others must not notice.

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::client::{WebSocket, frame, text};
use crate::{SOCKET_POLL, SOCKET_WS, Suite, quiet, start};

/// One thing a client does.
#[derive(Clone, Debug)]
enum Act {
    Text(String),
    Binary(Vec<u8>),
    Raw(Vec<u8>),
    Post(String),
    Poll,
    Upgrade,
    Hang,
}

fn word() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "40",
        "40{}",
        "40/custom,",
        "40/no,",
        "41",
        "41/custom,",
        "42[\"message\",1]",
        "421[\"message-with-ack\",1]",
        "42/custom,[\"message\"]",
        "43",
        "430[]",
        "431[1]",
        "44{}",
        "451-[\"message\",{\"_placeholder\":true,\"num\":0}]",
        "452-[\"message\"]",
        "451-5[\"message-with-ack\",{\"_placeholder\":true,\"num\":0}]",
        "461-0[]",
        "4511-[\"message\"]",
        "0",
        "1",
        "2",
        "2probe",
        "3",
        "3probe",
        "5",
        "6",
        "4",
        "",
    ])
    .prop_map(str::to_owned);
    prop_oneof![6 => known, 1 => any::<String>(), 1 => "4[0-6]{1,2}[\\[\\]{}\",:a-z0-9]{0,12}"]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => word().prop_map(Act::Text),
        3 => prop::collection::vec(any::<u8>(), 0..20).prop_map(Act::Binary),
        1 => prop::collection::vec(any::<u8>(), 0..20).prop_map(Act::Raw),
        1 => (any::<u8>(), prop::collection::vec(any::<u8>(), 0..20))
            .prop_map(|(first, payload)| Act::Raw(frame(first, &payload))),
        3 => prop::collection::vec(word(), 1..4).prop_map(|words| Act::Post(words.join("\x1e"))),
        1 => Just(Act::Poll),
        1 => Just(Act::Upgrade),
        1 => Just(Act::Hang),
    ]
}

async fn on_websocket(suite: &Suite, acts: &[Act]) {
    let Ok(mut socket) = WebSocket::open(suite.address, SOCKET_WS, &[]).await else { return };
    for act in acts {
        match act {
            Act::Text(word) => socket.send(word).await,
            Act::Binary(data) => socket.send_binary(data).await,
            Act::Raw(bytes) => socket.raw(bytes).await,
            Act::Post(_) | Act::Poll | Act::Upgrade => {}
            Act::Hang => return,
        }
    }
    let _ = timeout(Duration::from_millis(5), socket.next()).await;
}

async fn on_polling(suite: &Suite, acts: &[Act]) {
    let session = suite.polling(SOCKET_POLL).await;
    let mut socket = None;
    for act in acts {
        match (act, &mut socket) {
            (Act::Post(payload), _) => {
                let status = suite.post(&session, payload).await.status;
                assert!(matches!(status, 200 | 400), "{status}");
            }
            (Act::Poll, _) => {
                let _ = timeout(Duration::from_millis(5), suite.get(&session)).await;
            }
            (Act::Upgrade, None) => {
                let target = Suite::upgrade_of(&session);
                socket = WebSocket::open(suite.address, &target, &[]).await.ok();
            }
            (Act::Text(word), Some(socket)) => socket.send(word).await,
            (Act::Binary(data), Some(socket)) => socket.send_binary(data).await,
            (Act::Raw(bytes), Some(socket)) => socket.raw(bytes).await,
            _ => {}
        }
    }
}

#[test]
fn whatever_some_say_others_are_served() {
    let runtime = Runtime::new().unwrap();
    let suite = runtime.block_on(start(|config| {
        quiet(config);
        config.max_payload = 4096;
        config.inbound_packets = 4;
        config.close_grace = Duration::from_millis(50);
    }));
    let witness = tokio::sync::Mutex::new(runtime.block_on(suite.connected()));
    let mut runner = TestRunner::new(Cases { cases: 300, ..Cases::default() });
    runner
        .run(&(prop::collection::vec(act(), 1..12), any::<bool>()), |(acts, polling)| {
            runtime.block_on(async {
                if polling {
                    on_polling(&suite, &acts).await;
                } else {
                    on_websocket(&suite, &acts).await;
                }
                let mut witness = witness.lock().await;
                witness.send("427[\"message-with-ack\",\"here\"]").await;
                assert_eq!(witness.message().await, text("437[\"here\"]"));
            });
            Ok(())
        })
        .unwrap();
    let stats = suite.echoes.socket_io.stats();
    assert_eq!(stats.closed.iter().find(|(why, _)| *why == "slow_consumer").unwrap().1, 0);
}
