//! Each case of the official Socket.IO v5 test suite that is not one of Engine.IO's.

use crate::client::{Seen, text};
use crate::{SOCKET_POLL, SOCKET_WS, Suite, suite};

async fn connect(packet: &str, prefix: &str, auth: &str) {
    let mut socket = suite().await.ws(SOCKET_WS).await;
    assert!(socket.text().await.starts_with('0'));
    socket.send(packet).await;
    let answer = socket.text().await;
    let handshake: serde_json::Value =
        serde_json::from_str(answer.strip_prefix(prefix).unwrap()).unwrap();
    assert_eq!(handshake.as_object().unwrap().len(), 1);
    assert!(handshake["sid"].is_string());
    assert_eq!(socket.message().await, text(auth));
}

#[tokio::test]
async fn connect_to_the_main_namespace() {
    connect("40", "40", r#"42["auth",{}]"#).await;
}

#[tokio::test]
async fn connect_to_the_main_namespace_with_a_payload() {
    connect(r#"40{"token":"123"}"#, "40", r#"42["auth",{"token":"123"}]"#).await;
}

#[tokio::test]
async fn connect_to_a_custom_namespace() {
    connect("40/custom,", "40/custom,", r#"42/custom,["auth",{}]"#).await;
}

#[tokio::test]
async fn connect_to_a_custom_namespace_with_a_payload() {
    connect(r#"40/custom,{"token":"abc"}"#, "40/custom,", r#"42/custom,["auth",{"token":"abc"}]"#)
        .await;
}

#[tokio::test]
async fn connect_to_an_unknown_namespace_is_refused() {
    let mut socket = suite().await.ws(SOCKET_WS).await;
    socket.text().await;
    socket.send("40/random").await;
    assert_eq!(socket.message().await, text(r#"44/random,{"message":"Invalid namespace"}"#));
}

#[tokio::test]
async fn connect_with_nonsense_closes() {
    let mut socket = suite().await.ws(SOCKET_WS).await;
    socket.text().await;
    socket.send("4abc").await;
    assert_eq!(socket.closed().await, Some((Some(1002), "parse error".into())));
}

#[tokio::test]
async fn a_client_that_does_not_connect_is_closed() {
    let mut socket = suite().await.ws(SOCKET_WS).await;
    loop {
        match socket.message().await {
            Seen::Text(_) => {}
            Seen::Close(code, reason) => {
                assert_eq!((code, reason.as_str()), (Some(1008), "connect timeout"));
                break;
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn disconnect_from_the_main_namespace_keeps_the_transport() {
    let suite = suite().await;
    let mut socket = suite.connected().await;
    socket.send("41").await;
    assert_eq!(socket.next().await, text("2"));
    // And the namespace can be entered again.
    socket.send("3").await;
    socket.send("40").await;
    assert!(socket.text().await.starts_with("40{"));
}

#[tokio::test]
async fn disconnect_from_a_custom_namespace() {
    let suite = suite().await;
    let mut socket = suite.connected().await;
    socket.send("40/custom").await;
    assert!(socket.text().await.starts_with("40/custom,"));
    assert_eq!(socket.message().await, text(r#"42/custom,["auth",{}]"#));
    socket.send("41/custom").await;
    socket.send(r#"42["message","message to main namespace"]"#).await;
    assert_eq!(socket.message().await, text(r#"42["message-back","message to main namespace"]"#));
}

async fn echo(send: &[&str], binaries: &[&[u8]], expect: &str) {
    let suite = suite().await;
    let mut socket = suite.connected().await;
    for packet in send {
        socket.send(packet).await;
    }
    for data in binaries {
        socket.send_binary(data).await;
    }
    assert_eq!(socket.message().await, text(expect));
    for data in binaries {
        assert_eq!(socket.message().await, Seen::Binary(data.to_vec()));
    }
}

#[tokio::test]
async fn message_plain_text() {
    echo(&[r#"42["message",1,"2",{"3":[true]}]"#], &[], r#"42["message-back",1,"2",{"3":[true]}]"#)
        .await;
}

#[tokio::test]
async fn message_with_binary_attachments() {
    echo(
        &[r#"452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#],
        &[&[1, 2, 3], &[4, 5, 6]],
        r#"452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#,
    )
    .await;
}

#[tokio::test]
async fn message_plain_text_with_an_ack() {
    echo(
        &[r#"42456["message-with-ack",1,"2",{"3":[false]}]"#],
        &[],
        r#"43456[1,"2",{"3":[false]}]"#,
    )
    .await;
}

#[tokio::test]
async fn message_with_binary_attachments_and_an_ack() {
    echo(
        &[r#"452-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#],
        &[&[1, 2, 3], &[4, 5, 6]],
        r#"462-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#,
    )
    .await;
}

#[tokio::test]
async fn message_of_an_invalid_format_closes() {
    let suite = suite().await;
    for bad in ["4abc", "42{}", r#"42abc["message-with-ack",1,"2",{"3":[false]}]"#] {
        let mut socket = suite.connected().await;
        socket.send(bad).await;
        assert!(socket.closed().await.is_some(), "{bad}");
    }
}

#[tokio::test]
async fn all_of_it_over_polling() {
    let suite = suite().await;
    let session = suite.polling(SOCKET_POLL).await;
    let push = "40\x1e452-7[\"message-with-ack\",{\"_placeholder\":true,\"num\":0},\
                {\"_placeholder\":true,\"num\":1}]\x1ebAQID\x1ebBAUG\x1e42[\"message\",\"é\"]";
    assert_eq!(suite.post(&session, push).await.status, 200);
    let mut got = String::new();
    while got.matches('\x1e').count() < 5 {
        let poll = suite.get(&session).await;
        assert_eq!(poll.status, 200);
        if poll.body == "2" {
            suite.post(&session, "3").await;
            continue;
        }
        got += if got.is_empty() { "" } else { "\x1e" };
        got += &poll.body;
    }
    let packets: Vec<&str> = got.split('\x1e').collect();
    assert!(packets[0].starts_with("40{\"sid\":"));
    assert_eq!(
        packets[1..],
        [
            "42[\"auth\",{}]",
            "462-7[{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]",
            "bAQID",
            "bBAUG",
            "42[\"message-back\",\"é\"]",
        ]
    );
}

#[tokio::test]
async fn an_upgrade_in_the_middle_of_a_conversation() {
    let suite = suite().await;
    let session = suite.polling(SOCKET_POLL).await;
    assert_eq!(suite.post(&session, "40").await.status, 200);
    assert!(suite.get(&session).await.body.starts_with("40{"));
    let mut socket = suite.ws(&Suite::upgrade_of(&session)).await;
    socket.send("2probe").await;
    assert_eq!(socket.next().await, text("3probe"));
    socket.send("5").await;
    socket.send(r#"42["message",1]"#).await;
    assert_eq!(socket.message().await, text(r#"42["message-back",1]"#));
}
