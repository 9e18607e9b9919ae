//! Order and completeness: the traps that `realtime.md` names, and their like.

use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use socketio::{AckError, CloseReason, Encoded, Placeholder, SendError};
use tokio::time::{sleep, timeout};

use crate::client::{Seen, WebSocket, frame, http, text};
use crate::hall::hall;
use crate::{SOCKET_POLL, SOCKET_WS};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pipelined_events_are_handled_one_after_another() {
    let place = hall(|_| {}).await;
    let mut socket = place.connected().await;
    let all: Vec<u8> =
        (0..20).flat_map(|n| frame(0x81, format!("42{n}[\"slow\",{n}]").as_bytes())).collect();
    socket.raw(&all).await;
    for n in 0..20 {
        assert_eq!(socket.message().await, text(&format!("42[\"done\",{n}]")));
        assert_eq!(socket.message().await, text(&format!("43{n}[[{n}]]")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_sent_with_the_connect_is_lost() {
    let place = hall(|config| config.max_sessions_per_address = 10_000).await;
    for _ in 0..4 {
        let clients: Vec<_> = (0..100)
            .map(|n| {
                let address = place.address;
                tokio::spawn(async move {
                    let mut socket = WebSocket::open(address, SOCKET_WS, &[]).await.expect("101");
                    let connect = format!("40{{\"delay\":{}}}", n % 3);
                    // All before the server has said a word.
                    socket
                        .raw(
                            &[frame(0x81, connect.as_bytes()), frame(0x81, b"420[\"x\",0]")]
                                .concat(),
                        )
                        .await;
                    assert!(socket.text().await.starts_with('0'));
                    assert!(socket.text().await.starts_with("40{"));
                    assert_eq!(socket.message().await, text("42[\"early\",1]"));
                    assert_eq!(socket.message().await, text("42[\"early\",2]"));
                    assert_eq!(socket.message().await, text("430[[0]]"));
                })
            })
            .collect();
        for client in clients {
            client.await.unwrap();
        }
    }
    assert_eq!(place.server.service().handled.load(Ordering::SeqCst), 400);
}

#[tokio::test]
async fn a_refused_connect_says_why_and_sends_nothing_else() {
    let place = hall(|_| {}).await;
    let mut socket = WebSocket::open(place.address, SOCKET_WS, &[]).await.expect("101");
    socket.send("40/x,{\"refuse\":true}").await;
    assert!(socket.text().await.starts_with('0'));
    assert_eq!(socket.message().await, text("44/x,{\"message\":\"no\",\"data\":{\"code\":7}}"));
    // And it may ask again.
    socket.send("40/x,").await;
    assert!(socket.text().await.starts_with("40/x,{"));
    assert!(place.left().is_empty());
}

#[tokio::test]
async fn an_answer_is_read_while_the_handler_waits_for_it() {
    let place = hall(|_| {}).await;
    let mut socket = place.connected().await;
    socket.send("42[\"ask\",5000]").await;
    assert_eq!(socket.message().await, text("420[\"question\",\"?\"]"));
    socket.raw(&[frame(0x81, b"42[\"x\"]"), frame(0x81, b"430[\"!\",2]")].concat()).await;
    assert_eq!(socket.message().await, text("42[\"answer\",{\"Ok\":[\"!\",2]}]"));
    // A second answer to the same question, and one too late, are nothing.
    socket.send("430[\"again\"]").await;
    socket.send("42[\"ask\",10]").await;
    assert_eq!(socket.message().await, text("421[\"question\",\"?\"]"));
    assert_eq!(
        socket.message().await,
        text("42[\"answer\",{\"Err\":\"no acknowledgement in time\"}]")
    );
    socket.send("431[]").await;
    socket.send("420[\"x\"]").await;
    assert_eq!(socket.message().await, text("430[[]]"));
}

#[tokio::test]
async fn an_answer_may_bring_attachments_and_so_may_events() {
    let place = hall(|_| {}).await;
    let mut socket = place.connected().await;
    let server_side = place.server.service().room.lock().unwrap()[0].clone();
    let data = Bytes::from_static(b"data");
    let reply = server_side.emit_for_reply(
        "q",
        &[Placeholder(0)],
        std::slice::from_ref(&data),
        Duration::from_secs(5),
    );
    let client = async {
        assert_eq!(socket.message().await, text("451-0[\"q\",{\"_placeholder\":true,\"num\":0}]"));
        assert_eq!(socket.message().await, Seen::Binary(b"data".to_vec()));
        socket.send("461-0[{\"_placeholder\":true,\"num\":0}]").await;
        socket.send_binary(b"back").await;
    };
    let (reply, ()) = tokio::join!(reply, client);
    let reply = reply.unwrap();
    assert_eq!(reply.attachments(), [Bytes::from_static(b"back")]);
    assert_eq!(reply.arg::<Placeholder>(0).unwrap(), Placeholder(0));
    assert_eq!(reply.values(), [json!({ "_placeholder": true, "num": 0 })]);
}

#[tokio::test]
async fn whoever_waits_for_an_answer_learns_that_the_client_is_gone() {
    let place = hall(|_| {}).await;
    let mut socket = place.connected().await;
    let server_side = place.server.service().room.lock().unwrap()[0].clone();
    let waiting = server_side.emit_with_ack("q", &0, Duration::from_secs(60));
    socket.send("42[\"ask\",60000]").await;
    place.until("the handler runs", |hall| hall.handled.load(Ordering::SeqCst) == 1).await;
    // Both questions are read, or dropping the socket would reset the connection.
    assert_eq!(socket.message().await, text("420[\"q\",0]"));
    assert_eq!(socket.message().await, text("421[\"question\",\"?\"]"));
    drop(socket);
    assert_eq!(waiting.await.unwrap_err(), AckError::Closed);
    place.until("the session ends", |hall| !hall.left.lock().unwrap().is_empty()).await;
    assert_eq!(place.left(), [CloseReason::ClientGone]);
    let late = server_side.emit_with_ack("q", &0, Duration::from_secs(60)).await;
    assert_eq!(late.unwrap_err(), AckError::Closed);
}

#[tokio::test]
async fn what_was_received_before_a_goodbye_is_handled_before_it() {
    let place = hall(|_| {}).await;
    let mut socket = place.connected().await;
    let all: Vec<u8> = (0..30)
        .flat_map(|_| frame(0x81, b"42[\"sleep\",1]"))
        .chain(frame(0x88, &1000u16.to_be_bytes()))
        .collect();
    socket.raw(&all).await;
    place.until("the session ends", |hall| !hall.left.lock().unwrap().is_empty()).await;
    assert_eq!(place.server.service().finished.load(Ordering::SeqCst), 30);
    assert_eq!(place.left(), [CloseReason::ClientGone]);
}

#[tokio::test]
async fn leaving_a_namespace_ends_its_session_only() {
    let place = hall(|_| {}).await;
    let mut socket = place.connected().await;
    socket.send("40/other,").await;
    assert!(socket.text().await.starts_with("40/other,"));
    socket.send("41/other,").await;
    place.until("the session ends", |hall| !hall.left.lock().unwrap().is_empty()).await;
    assert_eq!(place.left(), [CloseReason::ClientDisconnect]);
    let other = place.server.service().room.lock().unwrap()[1].clone();
    assert_eq!(other.emit("x", &0), Err(SendError::Closed));
    drop(socket);
    place.until("both end", |hall| hall.left.lock().unwrap().len() == 2).await;
}

#[tokio::test]
async fn a_close_of_the_application_comes_after_what_was_sent() {
    let place = hall(|_| {}).await;
    let mut socket = place.connected().await;
    socket.raw(&[frame(0x81, b"42[\"kick\"]"), frame(0x81, b"42[\"x\"]")].concat()).await;
    assert_eq!(socket.message().await, text("42[\"last words\",0]"));
    assert_eq!(socket.message().await, Seen::Close(Some(4003), "forbidden".into()));
    place.until("the session ends", |hall| !hall.left.lock().unwrap().is_empty()).await;
    assert_eq!(place.left(), [CloseReason::Application { code: 4003, reason: "forbidden" }]);
    // The event that came with the one that got it thrown out was not handled.
    assert_eq!(place.server.service().handled.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_polling_client_is_told_what_was_sent_and_that_it_is_over() {
    let place = hall(|_| {}).await;
    let open = http(place.address, "GET", SOCKET_POLL, &[], b"").await;
    let sid = open.body.split('"').nth(3).unwrap().to_owned();
    let session = format!("{SOCKET_POLL}&sid={sid}");
    http(place.address, "POST", &session, &[], b"40\x1e42[\"kick\"]").await;
    place.until("the session ends", |hall| !hall.left.lock().unwrap().is_empty()).await;
    let poll = http(place.address, "GET", &session, &[], b"").await;
    assert!(poll.body.ends_with("42[\"last words\",0]\x1e1"), "{}", poll.body);
    assert_eq!(http(place.address, "GET", &session, &[], b"").await.status, 400);
}

#[tokio::test]
async fn a_panic_of_a_handler_costs_its_own_session_only() {
    let place = hall(|_| {}).await;
    let mut other = place.connected().await;
    let mut socket = place.connected().await;
    socket.send("42[\"panic\"]").await;
    assert!(matches!(socket.message().await, Seen::Close(..) | Seen::End));
    other.send("420[\"x\"]").await;
    assert_eq!(other.message().await, text("430[[]]"));
    assert_eq!(place.server.stats().websocket_sessions, 1);
    let room = place.server.service().room.lock().unwrap().clone();
    assert!(room[1].is_closed() && !room[0].is_closed());
}

#[tokio::test]
async fn a_broadcast_reaches_both_transports_from_one_encoding() {
    let place = hall(|_| {}).await;
    let mut client = place.connected().await;
    let open = http(place.address, "GET", SOCKET_POLL, &[], b"").await;
    let sid = open.body.split('"').nth(3).unwrap().to_owned();
    let session = format!("{SOCKET_POLL}&sid={sid}");
    http(place.address, "POST", &session, &[], b"40").await;
    place.until("connected", |hall| hall.room.lock().unwrap().len() == 2).await;
    http(place.address, "GET", &session, &[], b"").await;
    let raw = Encoded::event_raw("/", "m", b"{\"a\":\"\xc3\xa9\"}");
    let binary = Encoded::event_with("/", "b", &[Placeholder(0)], &[Bytes::from_static(&[1, 2])]);
    for socket in place.server.service().room.lock().unwrap().iter() {
        socket.send(&raw).unwrap();
        socket.send(&binary).unwrap();
    }
    let header = "451-[\"b\",{\"_placeholder\":true,\"num\":0}]";
    assert_eq!(client.message().await, text("42[\"m\",{\"a\":\"é\"}]"));
    assert_eq!(client.message().await, text(header));
    assert_eq!(client.message().await, Seen::Binary(vec![1, 2]));
    let poll = http(place.address, "GET", &session, &[], b"").await;
    assert_eq!(poll.body, format!("42[\"m\",{{\"a\":\"é\"}}]\x1e{header}\x1ebAQI="));
}

#[tokio::test]
async fn a_shutdown_lets_handlers_end_and_answers_leave() {
    let place = hall(|_| {}).await;
    let mut socket = place.connected().await;
    socket.send("427[\"sleep\",300]").await;
    place.until("it runs", |hall| hall.handled.load(Ordering::SeqCst) == 1).await;
    socket.send("428[\"x\"]").await;
    sleep(Duration::from_millis(50)).await;
    let server = place.server.clone();
    let stopping = tokio::spawn(async move { server.shutdown(Duration::from_secs(10)).await });
    sleep(Duration::from_millis(50)).await;
    let refused = WebSocket::open(place.address, SOCKET_WS, &[]).await.err().unwrap();
    assert_eq!(refused.status, 503);
    assert_eq!(socket.message().await, text("437[[300]]"));
    assert_eq!(socket.closed().await, Some((Some(1001), "shutdown".into())));
    timeout(Duration::from_secs(2), stopping).await.expect("ends with its last client").unwrap();
    assert_eq!(place.left(), [CloseReason::Shutdown]);
    assert_eq!(place.server.service().handled.load(Ordering::SeqCst), 1, "8 was not begun");
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_ever() {
    let place = hall(|_| {}).await;
    let mut socket = place.connected().await;
    socket.send("42[\"sleep\",600000]").await;
    place.until("it runs", |hall| hall.handled.load(Ordering::SeqCst) == 1).await;
    place.server.shutdown(Duration::from_millis(100)).await;
    assert_eq!(socket.next().await, Seen::End);
    let stats = place.server.stats();
    assert_eq!((stats.websocket_sessions, stats.polling_sessions), (0, 0));
}

#[tokio::test]
async fn arguments_are_read_as_asked() {
    let place = hall(|_| {}).await;
    let mut socket = place.connected().await;
    socket.send("421[\"x\",\"\\u00e9\",{\"a\":[1]},null]").await;
    assert_eq!(socket.message().await, text("431[[\"é\",{\"a\":[1]},null]]"));
    socket.send("451-2[\"binary\",{\"_placeholder\":true,\"num\":0}]").await;
    socket.send_binary(&[7]).await;
    assert_eq!(socket.message().await, text("451-[\"binary\",{\"_placeholder\":true,\"num\":0}]"));
    assert_eq!(socket.message().await, Seen::Binary(vec![7]));
}
