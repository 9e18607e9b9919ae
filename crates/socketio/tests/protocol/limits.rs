//! What holds before anyone has signed in.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use crate::client::{Seen, WebSocket, http};
use crate::{ENGINE_POLL, ENGINE_WS, SOCKET_POLL, SOCKET_WS, Suite, calm, quiet, start};

async fn nobody_left(count: impl Fn() -> u64) {
    let deadline = Instant::now() + Duration::from_secs(5);
    while count() > 0 {
        assert!(Instant::now() < deadline, "every session ends");
        sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn sessions_of_an_address_are_bounded_and_given_back() {
    let suite = start(|config| {
        quiet(config);
        config.max_sessions_per_address = 2;
    })
    .await;
    let first = suite.ws(ENGINE_WS).await;
    let _second = suite.polling(ENGINE_POLL).await;
    assert_eq!(suite.get(ENGINE_POLL).await.status, 429);
    let refused = WebSocket::open(suite.address, ENGINE_WS, &[]).await.err().unwrap();
    assert_eq!(refused.status, 429);
    assert_eq!(suite.echoes.engine_io.stats().refused_sessions, 2);
    drop(first);
    let deadline = Instant::now() + Duration::from_secs(5);
    while suite.get(ENGINE_POLL).await.status != 200 {
        assert!(Instant::now() < deadline, "the place is given back");
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn sessions_in_all_are_bounded() {
    let suite = start(|config| {
        quiet(config);
        config.max_sessions = 1;
    })
    .await;
    let _one = suite.ws(ENGINE_WS).await;
    assert_eq!(suite.get(ENGINE_POLL).await.status, 503);
}

#[tokio::test]
async fn a_polling_session_that_nobody_uses_expires() {
    let suite = start(|_| {}).await;
    for _ in 0..50 {
        suite.polling(SOCKET_POLL).await;
    }
    assert_eq!(suite.echoes.socket_io.stats().polling_sessions, 50);
    sleep(Duration::from_millis(700)).await;
    let stats = suite.echoes.socket_io.stats();
    assert_eq!((stats.polling_sessions, stats.opened), (0, 50));
    assert!(stats.closed.contains(&("ping_timeout", 50)));
}

#[tokio::test]
async fn a_probe_that_goes_no_further_is_closed() {
    let suite = start(|config| {
        quiet(config);
        config.upgrade_timeout = Duration::from_millis(200);
    })
    .await;
    let session = suite.polling(ENGINE_POLL).await;
    let mut socket = suite.ws(&Suite::upgrade_of(&session)).await;
    assert!(socket.closed().await.is_some());
    assert_eq!(suite.post(&session, "4still").await.status, 200);
}

#[tokio::test]
async fn a_body_above_the_limit_is_413() {
    let suite = start(|config| {
        quiet(config);
        config.max_payload = 1000;
    })
    .await;
    let session = suite.polling(ENGINE_POLL).await;
    let fits = format!("4{}", "x".repeat(999));
    assert_eq!(suite.post(&session, &fits).await.status, 200);
    assert_eq!(suite.get(&session).await.body, fits);
    assert_eq!(suite.post(&session, &format!("{fits}x")).await.status, 413);
    assert_eq!(suite.get(&session).await.status, 400, "what was lost may have been an event");
    // Also when the length is not announced.
    let session = suite.polling(ENGINE_POLL).await;
    let mut stream = TcpStream::connect(suite.address).await.unwrap();
    let head = format!("POST {session} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("258\r\n{}\r\n", "4".repeat(600));
    stream.write_all(chunk.as_bytes()).await.unwrap();
    let _ = stream.write_all(chunk.as_bytes()).await;
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn a_body_that_trickles_is_408_and_one_given_up_closes() {
    let suite = start(|config| {
        quiet(config);
        config.body_timeout = Duration::from_millis(200);
    })
    .await;
    let session = suite.polling(ENGINE_POLL).await;
    let head = format!("POST {session} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n4");
    let mut stream = TcpStream::connect(suite.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 408");
    let session = suite.polling(ENGINE_POLL).await;
    let mut stream = TcpStream::connect(suite.address).await.unwrap();
    let head = format!("POST {session} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n4");
    stream.write_all(head.as_bytes()).await.unwrap();
    sleep(Duration::from_millis(50)).await;
    drop(stream);
    sleep(Duration::from_millis(50)).await;
    assert_eq!(suite.get(&session).await.status, 400);
}

#[tokio::test]
async fn two_posts_at_a_time_close_the_session() {
    let suite = calm().await;
    let session = suite.polling(ENGINE_POLL).await;
    let mut stream = TcpStream::connect(suite.address).await.unwrap();
    let head = format!("POST {session} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n4");
    stream.write_all(head.as_bytes()).await.unwrap();
    sleep(Duration::from_millis(50)).await;
    assert_eq!(suite.post(&session, "4x").await.status, 400);
    assert_eq!(suite.get(&session).await.status, 400);
}

#[tokio::test]
async fn bodies_that_are_no_text_are_refused() {
    let suite = calm().await;
    for (header, body) in [
        ("Content-Type: application/octet-stream", b"4x".as_slice()),
        ("Content-Encoding: gzip", b"4x"),
        ("Content-Type: text/plain", b"4\xff"),
        ("Content-Type: text/plain", b""),
        ("Content-Type: text/plain", b"2"),
    ] {
        let session = suite.polling(ENGINE_POLL).await;
        let answer = http(suite.address, "POST", &session, &[header], body).await;
        assert_eq!(answer.status, 400, "{header} {body:?}");
        assert_eq!(suite.get(&session).await.status, 400);
    }
}

#[tokio::test]
async fn headers_are_bounded() {
    let suite = calm().await;
    let long = format!("X-Long: {}", "x".repeat(17 * 1024));
    assert_eq!(http(suite.address, "GET", SOCKET_POLL, &[&long], b"").await.status, 431);
}

#[tokio::test]
async fn malformed_handshakes_are_answered_and_nothing_more() {
    let suite = calm().await;
    for target in [
        "/socket.io/",
        "/socket.io/?",
        "/socket.io/?EIO=3&transport=polling",
        "/socket.io/?EIO=4&transport=polling&sid=nobody",
        "/socket.io/?EIO=4&transport=polling&sid=__proto__",
        "/socket.io/?EIO=4&transport=polling&sid=%00%ff",
        "/socket.io/?EIO=4&transport=webtransport",
        "/socket.io/?EIO=4&&&==&transport=websocket",
        "/socket.io/?EIO[]=4&transport[]=polling",
    ] {
        assert_eq!(suite.get(target).await.status, 400, "{target}");
    }
    for (remove, status) in [
        ("Sec-WebSocket-Version: 12", 426),
        ("Sec-WebSocket-Key: short", 400),
        ("Upgrade: h2c", 400),
    ] {
        let mut lines = vec![
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ];
        let name = remove.split(':').next().unwrap();
        lines.retain(|line| !line.starts_with(name));
        lines.push(remove);
        assert_eq!(http(suite.address, "GET", SOCKET_WS, &lines, b"").await.status, status);
    }
}

#[tokio::test]
async fn clients_that_do_not_sign_in_cost_little_and_do_not_stay() {
    let suite = start(|config| config.connect_timeout = Duration::from_millis(300)).await;
    let mut sockets = Vec::new();
    for _ in 0..50 {
        let mut socket = suite.ws(SOCKET_WS).await;
        // A frame of a megabyte is announced and never comes.
        let mut header = vec![0x81, 0xff];
        header.extend_from_slice(&1_000_000u64.to_be_bytes());
        header.extend_from_slice(&[0; 4]);
        socket.raw(&header).await;
        sockets.push(socket);
    }
    for mut socket in sockets {
        assert_eq!(socket.closed().await, Some((Some(1008), "connect timeout".into())));
    }
    nobody_left(|| suite.echoes.socket_io.stats().websocket_sessions).await;
}

#[tokio::test]
async fn a_client_that_never_answers_a_close_is_reset() {
    let suite = start(|config| {
        quiet(config);
        config.close_grace = Duration::from_millis(200);
    })
    .await;
    let mut socket = suite.ws(ENGINE_WS).await;
    socket.text().await;
    socket.send("abc").await;
    assert!(matches!(socket.next().await, Seen::Close(Some(1002), _)));
    let since = Instant::now();
    assert_eq!(socket.next().await, Seen::End);
    assert!(since.elapsed() >= Duration::from_millis(150));
    nobody_left(|| suite.echoes.engine_io.stats().websocket_sessions).await;
}

#[tokio::test]
async fn talking_does_not_replace_answering_pings() {
    let suite = start(|_| {}).await;
    let mut socket = suite.ws(ENGINE_WS).await;
    let since = Instant::now();
    loop {
        socket.send("4x").await;
        match tokio::time::timeout(Duration::from_millis(20), socket.next()).await {
            Ok(Seen::Close(code, _)) => break assert_eq!(code, Some(1008)),
            Ok(Seen::End) => panic!("a close frame first"),
            _ => {}
        }
        assert!(since.elapsed() < Duration::from_secs(3));
    }
    assert!(since.elapsed() > Duration::from_millis(500), "one more timeout is granted");
}
