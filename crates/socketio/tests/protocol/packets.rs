//! What Socket.IO packets may not be, and what happens then. The official server closes the
//! transport for each; the close code is ours.

use crate::client::{Seen, frame, text};
use crate::{SOCKET_WS, calm, start};

async fn refused(suite: &crate::Suite, packet: &str, binary: Option<&[u8]>) -> (u16, String) {
    let mut socket = suite.connected().await;
    socket.send(packet).await;
    if let Some(data) = binary {
        socket.send_binary(data).await;
    }
    let (code, reason) = socket.closed().await.expect("a close frame");
    (code.expect("a code"), reason)
}

fn parse_error() -> (u16, String) {
    (1002, "parse error".into())
}

#[tokio::test]
async fn malformed_packets_close() {
    let suite = calm().await;
    for packet in [
        "4",
        "47[\"x\"]",
        "48",
        "49",
        "4a",
        "4 ",
        "4é",
        "42",
        "42[]",
        "42[",
        "42{}",
        "42\"x\"",
        "42null",
        "421",
        "42[\"x\"] y",
        "42[\"x\"",
        "42[null]",
        "42[true]",
        "42[{}]",
        "42[[]]",
        "42[\"x\",]",
        "42 [\"x\"]",
        "42-1[\"x\"]",
        "42[\"x\",NaN]",
        "42[\"x\",'y']",
        "42[\"x\",\u{1}\"y\"]",
        "43[]",
        "431",
        "431{}",
        "431\"x\"",
        "43",
        "41{}",
        "41[]",
        "44{\"message\":\"no\"}",
        "44",
        "421234567890123456789012[\"x\"]",
        "42/[\"x\"]",
        "42/,",
    ] {
        assert_eq!(refused(&suite, packet, None).await, parse_error(), "{packet}");
    }
}

#[tokio::test]
async fn reserved_names_close() {
    let suite = calm().await;
    for name in
        ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]
    {
        assert_eq!(refused(&suite, &format!("42[\"{name}\"]"), None).await, parse_error());
        // Spelled with escapes it is the same name.
        let escaped = name.replacen('n', "\\u006e", 1);
        assert_eq!(refused(&suite, &format!("42[\"{escaped}\"]"), None).await, parse_error());
    }
}

#[tokio::test]
async fn a_number_is_a_name_as_for_the_official_server() {
    let suite = calm().await;
    let mut socket = suite.connected().await;
    socket.send("42[17,1]").await;
    socket.send("42[\"message\"]").await;
    assert_eq!(socket.message().await, text("42[\"message-back\"]"));
}

#[tokio::test]
async fn attachment_counts_and_placeholders_are_checked() {
    let suite = calm().await;
    for header in [
        "45[\"x\"]",
        "45-[\"x\"]",
        "450-[\"x\"]",
        "4511-[\"x\"]",
        "4551000000-[\"x\"]",
        "45x-[\"x\"]",
        "451e0-[\"x\"]",
        "450x1-[\"x\"]",
        "45-1-[\"x\"]",
        "451.0-[\"x\"]",
        "4599999999999999999999999-[\"x\"]",
        "460-1[]",
        "461-[]",
        "451-[]",
        "451-{}",
    ] {
        assert_eq!(refused(&suite, header, None).await, parse_error(), "{header}");
    }
    for num in ["\"0\"", "-1", "1", "1e9", "0.5", "null", "true", "[0]", "99999999999999999999"] {
        let packet = format!("451-[\"message\",{{\"_placeholder\":true,\"num\":{num}}}]");
        assert_eq!(refused(&suite, &packet, None).await, parse_error(), "{num}");
        let nested =
            format!("451-[\"message\",[{{\"a\":{{\"_placeholder\":true,\"num\":{num}}}}}]]");
        assert_eq!(refused(&suite, &nested, None).await, parse_error(), "{num}, nested");
    }
    assert_eq!(
        refused(&suite, "451-[\"message\",{\"_placeholder\":true}]", None).await,
        parse_error()
    );
    // What only looks like a placeholder is data.
    let mut socket = suite.connected().await;
    socket.send("451-[\"message\",{\"_placeholder\":\"true\",\"num\":7},{\"num\":-1}]").await;
    socket.send_binary(&[1]).await;
    assert_eq!(
        socket.message().await,
        text("451-[\"message-back\",{\"_placeholder\":\"true\",\"num\":7},{\"num\":-1}]")
    );
}

#[tokio::test]
async fn text_in_a_binary_packet_and_binary_out_of_one_close() {
    let suite = calm().await;
    let mut socket = suite.connected().await;
    socket.send("452-[\"message\",{\"_placeholder\":true,\"num\":0}]").await;
    socket.send_binary(&[1]).await;
    socket.send("42[\"message\"]").await;
    assert_eq!(socket.closed().await, Some((Some(1002), "parse error".into())));
    let mut socket = suite.connected().await;
    socket.send_binary(&[1]).await;
    assert_eq!(socket.closed().await, Some((Some(1003), "unexpected binary data".into())));
}

#[tokio::test]
async fn the_wrong_packet_for_the_state_closes() {
    let suite = calm().await;
    assert_eq!(refused(&suite, "40", None).await, parse_error(), "connected already");
    assert_eq!(refused(&suite, "42/custom,[\"message\"]", None).await, parse_error());
    assert_eq!(refused(&suite, "41/custom,", None).await, parse_error());
    assert_eq!(refused(&suite, "43/custom,1[]", None).await, parse_error());
    // An acknowledgement of nothing in a namespace one is in: ignored.
    let mut socket = suite.connected().await;
    socket.send("4399[]").await;
    socket.send("42[\"message\"]").await;
    assert_eq!(socket.message().await, text("42[\"message-back\"]"));
    // Events before any CONNECT.
    let mut socket = suite.ws(SOCKET_WS).await;
    socket.send("42[\"message\"]").await;
    assert_eq!(socket.closed().await, Some((Some(1002), "parse error".into())));
    // After a refused CONNECT the refusal still arrives first.
    let mut socket = suite.ws(SOCKET_WS).await;
    socket.text().await;
    socket.raw(&[frame(0x81, b"40/no"), frame(0x81, b"42/no,[\"message\"]")].concat()).await;
    assert_eq!(socket.message().await, text("44/no,{\"message\":\"Invalid namespace\"}"));
    assert_eq!(socket.closed().await, Some((Some(1002), "parse error".into())));
}

#[tokio::test]
async fn auth_is_an_object_or_nothing() {
    let suite = calm().await;
    for auth in ["[]", "-1", "\"x\"", "null", "{", "{}x", "x"] {
        let mut socket = suite.ws(SOCKET_WS).await;
        socket.send(&format!("40{auth}")).await;
        assert_eq!(socket.closed().await, Some((Some(1002), "parse error".into())), "{auth}");
    }
}

#[tokio::test]
async fn depth_is_bounded_and_no_stack_is_at_stake() {
    let suite = calm().await;
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("42[\"message\",{}1{}]", open.repeat(10_000), close.repeat(10_000));
        assert_eq!(refused(&suite, &deep, None).await, parse_error());
        let unclosed = format!("42[\"message\",{}", open.repeat(10_000));
        assert_eq!(refused(&suite, &unclosed, None).await, parse_error());
    }
    let auth = format!("40{{\"a\":{}}}", nested(10_000));
    let mut socket = suite.ws(SOCKET_WS).await;
    socket.send(&auth).await;
    assert!(socket.closed().await.is_some());
    let mut socket = suite.connected().await;
    socket.send(&format!("42[\"message\",{}]", nested(31))).await;
    assert_eq!(socket.message().await, text(&format!("42[\"message-back\",{}]", nested(31))));
    socket.send(&format!("42[\"message\",{}]", nested(32))).await;
    assert!(socket.closed().await.is_some());
    // Brackets in strings are text.
    let mut socket = suite.connected().await;
    let brackets = format!("\"{}\\\"{}\"", "[".repeat(100), "{".repeat(100));
    socket.send(&format!("42[\"message\",{brackets}]")).await;
    assert_eq!(socket.message().await, text(&format!("42[\"message-back\",{brackets}]")));
}

#[tokio::test]
async fn odd_but_valid_json_comes_back_as_it_was() {
    let suite = calm().await;
    let mut socket = suite.connected().await;
    let keys = (0..20_000).map(|n| format!("\"{n}\":{n}")).collect::<Vec<_>>().join(",");
    for args in [
        "1e400",
        "-0",
        "1.00",
        "\"\\ud800\"",
        "{\"a\":1,\"a\":2}",
        "\"\\u0000\"",
        " [ 1 , 2 ] ",
        "\"é€😀\"",
        &format!("{{{keys}}}"),
    ] {
        socket.send(&format!("42[\"message\",{args}]")).await;
        let expect = format!("42[\"message-back\",{}]", args.trim());
        assert_eq!(socket.message().await, text(&expect));
    }
}

#[tokio::test]
async fn attachments_are_bounded_in_bytes() {
    let suite = start(|config| {
        crate::quiet(config);
        config.max_attachment_bytes = 1000;
    })
    .await;
    let mut socket = suite.connected().await;
    socket.send("452-[\"message\",{\"_placeholder\":true,\"num\":1}]").await;
    socket.send_binary(&[0; 600]).await;
    socket.send_binary(&[0; 400]).await;
    assert!(matches!(socket.message().await, Seen::Text(_)));
    assert_eq!(socket.message().await, Seen::Binary(vec![0; 600]));
    assert_eq!(socket.message().await, Seen::Binary(vec![0; 400]));
    socket.send("452-[\"message\"]").await;
    socket.send_binary(&[0; 600]).await;
    socket.send_binary(&[0; 401]).await;
    assert_eq!(socket.closed().await, Some((Some(1009), "message too big".into())));
}

#[tokio::test]
async fn attachments_that_never_come_close() {
    let suite = start(|config| {
        config.attachment_timeout = std::time::Duration::from_millis(200);
    })
    .await;
    let mut socket = suite.connected().await;
    socket.send("451-[\"message\",{\"_placeholder\":true,\"num\":0}]").await;
    loop {
        match socket.message().await {
            Seen::Close(code, _) => break assert_eq!(code, Some(1002)),
            Seen::Text(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn namespaces_are_bounded() {
    let suite = start(|config| {
        crate::quiet(config);
        config.max_namespaces = 1;
    })
    .await;
    let mut socket = suite.connected().await;
    socket.send("40/custom").await;
    assert_eq!(socket.message().await, text("44/custom,{\"message\":\"Too many namespaces\"}"));
}
