//! Clients that do not read, and readers that we pause.

use std::time::Duration;

use socketio::{CloseReason, Encoded, SendError};
use tokio::time::{Instant, sleep, timeout};

use crate::SOCKET_POLL;
use crate::client::{Seen, frame, http, text};
use crate::hall::hall;

#[tokio::test]
async fn a_reader_that_we_pause_is_not_dead() {
    let place = hall(|config| {
        config.inbound_packets = 4;
        config.ping_interval = Duration::from_millis(100);
        config.ping_timeout = Duration::from_millis(100);
    })
    .await;
    let mut socket = place.connected().await;
    // A handler that takes a second, and more waiting than fits.
    let all: Vec<u8> = frame(0x81, b"42[\"sleep\",1000]")
        .into_iter()
        .chain((0..200).flat_map(|n| frame(0x81, format!("42{n}[\"x\"]").as_bytes())))
        .collect();
    socket.raw(&all).await;
    for n in 0..200 {
        // Pongs are sent, and cannot be read by the server while it does not read.
        assert_eq!(socket.message().await, text(&format!("43{n}[[]]")));
    }
    assert!(place.left().is_empty());
}

#[tokio::test]
async fn a_post_that_we_hold_up_is_not_a_missing_pong() {
    let place = hall(|config| {
        config.inbound_packets = 4;
        config.ping_interval = Duration::from_millis(100);
        config.ping_timeout = Duration::from_millis(400);
    })
    .await;
    let open = http(place.address, "GET", SOCKET_POLL, &[], b"").await;
    let sid = open.body.split('"').nth(3).unwrap().to_owned();
    let session = format!("{SOCKET_POLL}&sid={sid}");
    let mut payload = "40\x1e42[\"sleep\",1500]".to_owned();
    for n in 0..50 {
        payload += &format!("\x1e42{n}[\"x\"]");
    }
    let since = Instant::now();
    let push = http(place.address, "POST", &session, &[], payload.as_bytes()).await;
    assert_eq!(push.status, 200);
    assert!(since.elapsed() > Duration::from_secs(1), "held up, and for longer than a ping lives");
    assert_eq!(http(place.address, "POST", &session, &[], b"3").await.status, 200);
    let mut got = String::new();
    while !got.contains("4349[[]]") {
        let poll = http(place.address, "GET", &session, &[], b"").await;
        assert_eq!(poll.status, 200);
        got += &poll.body;
    }
    assert!(place.left().is_empty());
}

#[tokio::test]
async fn pongs_and_the_end_are_seen_while_a_handler_runs() {
    let place = hall(|config| {
        config.ping_interval = Duration::from_millis(100);
        config.ping_timeout = Duration::from_millis(100);
    })
    .await;
    let mut socket = place.connected().await;
    socket.send("42[\"sleep\",1000]").await;
    let since = Instant::now();
    while since.elapsed() < Duration::from_millis(500) {
        match timeout(Duration::from_millis(20), socket.next()).await {
            Ok(Seen::Text(ping)) if ping == "2" => socket.send("3").await,
            Ok(other) => panic!("{other:?}"),
            Err(_) => {}
        }
    }
    let server_side = place.server.service().room.lock().unwrap()[0].clone();
    drop(socket);
    timeout(Duration::from_millis(300), server_side.closed()).await.expect("noticed at once");
    assert!(place.left().is_empty(), "the handler has not ended yet");
    place.until("it ends", |hall| hall.left.lock().unwrap().len() == 1).await;
}

/// A room of ten, of which one does not read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_consumer_is_closed_and_the_others_miss_nothing() {
    let place = hall(|config| {
        config.queue_bytes = 256 * 1024;
        config.slow_consumer_grace = Duration::from_millis(300);
    })
    .await;
    let mut sleeper = place.connected().await;
    let mut readers = Vec::new();
    for _ in 0..9 {
        readers.push(place.connected().await);
    }
    let room = place.server.service().room.lock().unwrap().clone();
    const MESSAGES: usize = 1500;
    let reading: Vec<_> = readers
        .into_iter()
        .map(|mut socket| {
            tokio::spawn(async move {
                for n in 0..MESSAGES {
                    let got = socket.text().await;
                    assert!(got.starts_with(&format!("42[\"m\",[{n},")), "{n}: {}", &got[..20]);
                }
                socket
            })
        })
        .collect();
    let padding = "x".repeat(4096);
    let mut refused = 0;
    for n in 0..MESSAGES {
        let frame = Encoded::event("/", "m", &(n, &padding));
        for socket in &room {
            match socket.send(&frame) {
                Ok(()) => {}
                Err(error) => {
                    assert_eq!(socket.id(), room[0].id());
                    assert_eq!(error == SendError::Full, refused == 0, "told once");
                    refused += 1;
                }
            }
        }
        sleep(Duration::from_micros(300)).await;
    }
    let mut readers = Vec::new();
    for reader in reading {
        readers.push(reader.await.unwrap());
    }
    assert!(refused > 0 && room[0].is_closed());
    place.until("the session ends", |hall| !hall.left.lock().unwrap().is_empty()).await;
    assert_eq!(place.left(), [CloseReason::SlowConsumer]);
    // After the grace the connection is reset, so that the kernel keeps nothing for it.
    sleep(Duration::from_millis(500)).await;
    assert_eq!(place.server.stats().websocket_sessions, 9);
    let mut expected = 0;
    loop {
        match sleeper.next().await {
            Seen::Text(got) => {
                assert!(got.starts_with(&format!("42[\"m\",[{expected},")), "no hole");
                expected += 1;
            }
            Seen::End => break,
            other => panic!("{other:?}"),
        }
    }
    assert!(expected < MESSAGES);
    drop(readers);
}

#[tokio::test]
async fn a_slow_consumer_that_wakes_up_reads_the_reason() {
    let place = hall(|config| config.slow_consumer_grace = Duration::from_secs(10)).await;
    let mut sleeper = place.connected().await;
    let socket = place.server.service().room.lock().unwrap()[0].clone();
    let frame = Encoded::event("/", "m", &"x".repeat(4096));
    while socket.send(&frame).is_ok() {
        tokio::task::yield_now().await;
    }
    let mut whole = 0;
    loop {
        match sleeper.next().await {
            Seen::Text(_) => whole += 1,
            Seen::Close(code, reason) => {
                assert_eq!((code, reason.as_str()), (Some(4008), "slow_consumer"));
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(whole > 0);
}

#[tokio::test]
async fn the_queue_is_bounded_in_frames_for_polling_too() {
    let place = hall(|config| config.queue_frames = 10).await;
    let open = http(place.address, "GET", SOCKET_POLL, &[], b"").await;
    let sid = open.body.split('"').nth(3).unwrap().to_owned();
    let session = format!("{SOCKET_POLL}&sid={sid}");
    http(place.address, "POST", &session, &[], b"40").await;
    place.until("connected", |hall| hall.room.lock().unwrap().len() == 1).await;
    let first = http(place.address, "GET", &session, &[], b"").await;
    assert!(first.body.starts_with("40{"));
    let socket = place.server.service().room.lock().unwrap()[0].clone();
    let frame = Encoded::event("/", "m", &0);
    let sent = (0..11).map_while(|_| socket.send(&frame).ok()).count();
    assert_eq!(sent, 10);
    let poll = http(place.address, "GET", &session, &[], b"").await;
    assert_eq!(poll.body, "1", "not one event of the queue, and the end");
    assert_eq!(http(place.address, "GET", &session, &[], b"").await.status, 400);
}

#[tokio::test]
async fn volatile_frames_are_skipped_before_the_queue_is_full() {
    let place = hall(|_| {}).await;
    let _sleeper = place.connected().await;
    let socket = place.server.service().room.lock().unwrap()[0].clone();
    let frame = Encoded::event("/", "typing", &"x".repeat(4096));
    for _ in 0..5000 {
        socket.send_volatile(&frame);
        tokio::task::yield_now().await;
    }
    assert!(!socket.is_closed());
    assert!(place.server.stats().volatile_skipped > 0);
}

#[tokio::test]
async fn one_message_above_the_bound_still_fits_an_empty_queue() {
    let place = hall(|config| config.queue_bytes = 1000).await;
    let mut client = place.connected().await;
    let socket = place.server.service().room.lock().unwrap()[0].clone();
    sleep(Duration::from_millis(20)).await;
    socket.emit("big", &"x".repeat(100_000)).unwrap();
    assert!(client.text().await.len() > 100_000);
}
