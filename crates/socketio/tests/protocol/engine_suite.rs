//! Each case of the official Engine.IO v4 test suite.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::client::{Seen, WebSocket, text};
use crate::{ENGINE_POLL, ENGINE_WS, Suite, suite};

const BAD_QUERIES: [&str; 4] = [
    "/engine.io/?transport=TRANSPORT",
    "/engine.io/?EIO=abc&transport=TRANSPORT",
    "/engine.io/?EIO=4",
    "/engine.io/?EIO=4&transport=abc",
];

fn check_open(packet: &str, upgrades: Value) {
    let mut open: Value = serde_json::from_str(packet.strip_prefix('0').unwrap()).unwrap();
    let sid = open.as_object_mut().unwrap().remove("sid").unwrap();
    assert!(sid.as_str().unwrap().len() >= 22, "128 bits and more");
    assert_eq!(
        open,
        json!({ "upgrades": upgrades, "pingInterval": 300, "pingTimeout": 200,
                "maxPayload": 1_000_000 })
    );
}

#[tokio::test]
async fn handshake_polling_opens_a_session() {
    let answer = suite().await.get(ENGINE_POLL).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=UTF-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    check_open(&answer.body, json!(["websocket"]));
}

#[tokio::test]
async fn handshake_polling_fails_with_invalid_parameters() {
    let suite = suite().await;
    for target in BAD_QUERIES {
        let target = target.replace("TRANSPORT", "polling");
        assert_eq!(suite.get(&target).await.status, 400, "{target}");
    }
}

#[tokio::test]
async fn handshake_polling_fails_with_an_invalid_method() {
    let suite = suite().await;
    assert_eq!(suite.post(ENGINE_POLL, "").await.status, 400);
    let put = crate::http(suite.address, "PUT", ENGINE_POLL, &[], b"").await;
    assert_eq!(put.status, 400);
}

#[tokio::test]
async fn handshake_websocket_opens_a_session() {
    let mut socket = suite().await.ws(ENGINE_WS).await;
    let Seen::Text(packet) = socket.next().await else { panic!("text") };
    check_open(&packet, json!([]));
}

#[tokio::test]
async fn handshake_websocket_fails_with_invalid_parameters() {
    let suite = suite().await;
    for target in BAD_QUERIES {
        let target = target.replace("TRANSPORT", "websocket");
        let refused = WebSocket::open(suite.address, &target, &[]).await.err().unwrap();
        assert_eq!(refused.status, 400, "{target}");
    }
    assert_eq!(suite.get(ENGINE_WS).await.status, 400, "not an upgrade request");
}

async fn polled_echo(payload: &str) {
    let suite = suite().await;
    let session = suite.polling(ENGINE_POLL).await;
    let push = suite.post(&session, payload).await;
    assert_eq!((push.status, push.body.as_str()), (200, "ok"));
    let poll = suite.get(&session).await;
    assert_eq!((poll.status, poll.body.as_str()), (200, payload));
}

#[tokio::test]
async fn message_polling_one_text_packet() {
    polled_echo("4hello").await;
}

#[tokio::test]
async fn message_polling_several_text_packets() {
    polled_echo("4test1\x1e4test2\x1e4test3").await;
}

#[tokio::test]
async fn message_polling_text_and_binary_packets() {
    polled_echo("4hello\x1ebAQIDBA==").await;
}

#[tokio::test]
async fn message_polling_invalid_packet_closes_the_session() {
    let suite = suite().await;
    let session = suite.polling(ENGINE_POLL).await;
    assert_eq!(suite.post(&session, "abc").await.status, 400);
    assert_eq!(suite.get(&session).await.status, 400);
}

#[tokio::test]
async fn message_polling_two_polls_at_a_time_close_the_session() {
    let suite = suite().await;
    let session = suite.polling(ENGINE_POLL).await;
    let burst = format!("{session}&t=burst");
    let (first, second) = tokio::join!(suite.get(&session), async {
        sleep(Duration::from_millis(20)).await;
        suite.get(&burst).await
    });
    assert_eq!((first.status, first.body.as_str()), (200, "1"));
    assert_eq!(second.status, 400);
    assert_eq!(suite.get(&session).await.status, 400);
}

#[tokio::test]
async fn message_polling_a_cancelled_poll_closes_the_session() {
    let suite = suite().await;
    let session = suite.polling(ENGINE_POLL).await;
    let mut stream = TcpStream::connect(suite.address).await.unwrap();
    let request = format!("GET {session} HTTP/1.1\r\nHost: x\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    sleep(Duration::from_millis(20)).await;
    drop(stream);
    assert_eq!(suite.get(&session).await.status, 400);
}

#[tokio::test]
async fn message_websocket_text_and_binary_packets() {
    let mut socket = suite().await.ws(ENGINE_WS).await;
    socket.next().await;
    socket.send("4hello").await;
    assert_eq!(socket.message().await, text("4hello"));
    socket.send_binary(&[1, 2, 3, 4]).await;
    assert_eq!(socket.message().await, Seen::Binary(vec![1, 2, 3, 4]));
}

#[tokio::test]
async fn message_websocket_invalid_packet_closes_the_session() {
    let mut socket = suite().await.ws(ENGINE_WS).await;
    socket.send("abc").await;
    assert_eq!(socket.closed().await, Some((Some(1002), "parse error".into())));
}

#[tokio::test]
async fn heartbeat_polling() {
    let suite = suite().await;
    let session = suite.polling(ENGINE_POLL).await;
    for _ in 0..3 {
        let poll = suite.get(&session).await;
        assert_eq!((poll.status, poll.body.as_str()), (200, "2"));
        assert_eq!(suite.post(&session, "3").await.status, 200);
    }
}

#[tokio::test]
async fn heartbeat_polling_timeout() {
    let suite = suite().await;
    let session = suite.polling(ENGINE_POLL).await;
    sleep(Duration::from_millis(500)).await;
    assert_eq!(suite.get(&session).await.status, 400);
}

#[tokio::test]
async fn heartbeat_websocket() {
    let mut socket = suite().await.ws(ENGINE_WS).await;
    socket.next().await;
    for _ in 0..3 {
        assert_eq!(socket.next().await, text("2"));
        socket.send("3").await;
        // One that nobody waits for is nothing.
        socket.send("3").await;
    }
    socket.send("4x").await;
    assert_eq!(socket.message().await, text("4x"));
}

#[tokio::test]
async fn heartbeat_websocket_timeout() {
    let mut socket = suite().await.ws(ENGINE_WS).await;
    assert_eq!(socket.closed().await, Some((Some(1008), "ping timeout".into())));
}

#[tokio::test]
async fn close_polling() {
    let suite = suite().await;
    let session = suite.polling(ENGINE_POLL).await;
    let (poll, push) = tokio::join!(suite.get(&session), suite.post(&session, "1"));
    assert_eq!((poll.status, poll.body.as_str()), (200, "6"));
    assert_eq!(push.status, 200);
    assert_eq!(suite.get(&session).await.status, 400);
}

#[tokio::test]
async fn close_websocket() {
    let mut socket = suite().await.ws(ENGINE_WS).await;
    socket.next().await;
    socket.send("1").await;
    assert_eq!(socket.closed().await, Some((Some(1000), String::new())));
}

#[tokio::test]
async fn upgrade_from_polling_to_websocket() {
    let suite = suite().await;
    let session = suite.polling(ENGINE_POLL).await;
    let mut socket = suite.ws(&Suite::upgrade_of(&session)).await;
    socket.send("2probe").await;
    assert_eq!(socket.next().await, text("3probe"));
    let poll = suite.get(&session).await;
    assert_eq!((poll.status, poll.body.as_str()), (200, "6"));
    socket.send("5").await;
    socket.send("4hello").await;
    assert_eq!(socket.message().await, text("4hello"));
    assert_eq!(suite.echoes.engine_io.stats().upgraded, 1);
}

#[tokio::test]
async fn upgrade_ends_the_poll_that_waits_and_loses_nothing() {
    let suite = suite().await;
    let session = suite.polling(ENGINE_POLL).await;
    let mut socket = suite.ws(&Suite::upgrade_of(&session)).await;
    let (poll, ()) = tokio::join!(suite.get(&session), async {
        sleep(Duration::from_millis(20)).await;
        socket.send("2probe").await;
        assert_eq!(socket.next().await, text("3probe"));
    });
    assert_eq!(poll.body, "6");
    // Answered while the client has stopped polling: waits for the WebSocket.
    assert_eq!(suite.post(&session, "4between").await.status, 200);
    socket
        .raw(&[crate::client::frame(0x81, b"5"), crate::client::frame(0x81, b"4after")].concat())
        .await;
    assert_eq!(socket.message().await, text("4between"));
    assert_eq!(socket.message().await, text("4after"));
}

#[tokio::test]
async fn upgrade_leaves_nothing_to_polling() {
    let suite = suite().await;
    let session = suite.polling(ENGINE_POLL).await;
    let mut socket = suite.ws(&Suite::upgrade_of(&session)).await;
    socket.send("2probe").await;
    assert_eq!(socket.next().await, text("3probe"));
    // Whether the poll comes before the last word or after it.
    let (poll, ()) = tokio::join!(suite.get(&session), async {
        sleep(Duration::from_millis(20)).await;
        socket.send("5").await;
    });
    assert_eq!(poll.status, 400);
    assert_eq!(suite.get(&session).await.status, 400);
    assert_eq!(suite.post(&session, "4x").await.status, 400);
    socket.send("4hello").await;
    assert_eq!(socket.message().await, text("4hello"));
}

#[tokio::test]
async fn upgrade_happens_once() {
    let suite = suite().await;
    let session = suite.polling(ENGINE_POLL).await;
    let target = Suite::upgrade_of(&session);
    let mut socket = suite.ws(&target).await;
    let mut rival = suite.ws(&target).await;
    assert!(rival.closed().await.is_some(), "while another one probes");
    socket.send("2probe").await;
    assert_eq!(socket.next().await, text("3probe"));
    socket.send("5").await;
    let mut late = suite.ws(&target).await;
    assert!(late.closed().await.is_some(), "after the upgrade");
    socket.send("4hello").await;
    assert_eq!(socket.message().await, text("4hello"));
}

#[tokio::test]
async fn upgrade_given_up_leaves_the_session_polling() {
    let suite = suite().await;
    let session = suite.polling(ENGINE_POLL).await;
    let target = Suite::upgrade_of(&session);
    for bad in ["4hello", "5x", "2", "abc", ""] {
        let mut socket = suite.ws(&target).await;
        socket.send(bad).await;
        assert!(socket.closed().await.is_some(), "{bad:?}");
    }
    drop(suite.ws(&target).await);
    assert_eq!(suite.post(&session, "4still").await.status, 200);
    assert_eq!(suite.get(&session).await.body, "4still");
}
