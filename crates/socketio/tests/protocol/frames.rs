//! RFC 6455 as a server has to keep it.

use std::time::Duration;

use tokio::time::sleep;

use crate::client::{Seen, WebSocket, frame, text};
use crate::{ENGINE_WS, Suite, calm};

async fn open(suite: &Suite) -> WebSocket {
    let mut socket = suite.ws(ENGINE_WS).await;
    assert!(socket.text().await.starts_with('0'));
    socket
}

/// What the server says to bytes it must not accept.
async fn code(suite: &Suite, bytes: &[u8]) -> u16 {
    let mut socket = open(suite).await;
    socket.raw(bytes).await;
    socket.closed().await.expect("a close frame").0.expect("a code")
}

#[tokio::test]
async fn fragments_with_control_frames_between_them_make_one_message() {
    let suite = calm().await;
    let mut socket = open(&suite).await;
    // The euro sign is cut in two.
    let euro = "€".as_bytes();
    socket.raw(&frame(0x01, b"4one ")).await;
    socket.raw(&frame(0x89, b"are you there?")).await;
    socket.raw(&frame(0x00, &euro[..1])).await;
    socket.raw(&frame(0x8a, b"unasked")).await;
    socket.raw(&frame(0x00, &euro[1..])).await;
    socket.raw(&frame(0x80, b"")).await;
    assert_eq!(socket.next().await, Seen::Pong(b"are you there?".to_vec()));
    assert_eq!(socket.next().await, text("4one €"));
}

#[tokio::test]
async fn a_frame_may_come_byte_by_byte() {
    let suite = calm().await;
    let mut socket = open(&suite).await;
    for byte in frame(0x81, "4€".as_bytes()) {
        socket.raw(&[byte]).await;
        sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(socket.next().await, text("4€"));
}

#[tokio::test]
async fn many_frames_may_come_at_once() {
    let suite = calm().await;
    let mut socket = open(&suite).await;
    let all: Vec<u8> = (0..150).flat_map(|n| frame(0x81, format!("4{n}").as_bytes())).collect();
    socket.raw(&all).await;
    for n in 0..150 {
        assert_eq!(socket.next().await, text(&format!("4{n}")));
    }
}

#[tokio::test]
async fn every_length_of_length() {
    let suite = calm().await;
    let mut socket = open(&suite).await;
    for length in [0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 999_999] {
        let message = format!("4{}", "x".repeat(length));
        socket.send(&message).await;
        assert_eq!(socket.next().await, text(&message), "{length}");
    }
}

#[tokio::test]
async fn what_the_protocol_forbids_is_1002() {
    let suite = calm().await;
    let mut unmasked = frame(0x81, b"4x");
    unmasked[1] &= 0x7f;
    let mut wasteful = vec![0x81, 0xfe, 0, 2, 0, 0, 0, 0];
    wasteful.extend_from_slice(b"4x");
    let cases: [(&str, Vec<u8>); 13] = [
        ("reserved bit 1", frame(0xc1, b"4x")),
        ("reserved bit 2", frame(0xa1, b"4x")),
        ("reserved bit 3", frame(0x91, b"4x")),
        ("no mask", unmasked),
        ("unknown data opcode", frame(0x83, b"4x")),
        ("unknown control opcode", frame(0x8b, b"")),
        ("continuation of nothing", frame(0x80, b"4x")),
        ("a message in a message", [frame(0x01, b"4x"), frame(0x81, b"4y")].concat()),
        ("a fragmented ping", frame(0x09, b"")),
        ("a long ping", frame(0x89, &[b'x'; 126])),
        ("a length in more bytes than needed", wasteful),
        ("a negative length", vec![0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("a close frame of one byte", frame(0x88, &[3])),
    ];
    for (name, bytes) in cases {
        assert_eq!(code(&suite, &bytes).await, 1002, "{name}");
    }
    for bad in [0u16, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000] {
        assert_eq!(code(&suite, &frame(0x88, &bad.to_be_bytes())).await, 1002, "close with {bad}");
    }
}

#[tokio::test]
async fn text_that_is_not_utf8_is_1007_at_the_first_wrong_byte() {
    let suite = calm().await;
    assert_eq!(code(&suite, &frame(0x81, b"4\xff")).await, 1007);
    assert_eq!(code(&suite, &frame(0x81, b"4\xed\xa0\x80")).await, 1007, "a surrogate");
    assert_eq!(code(&suite, &frame(0x81, b"4\xe2\x82")).await, 1007, "cut short");
    assert_eq!(code(&suite, &frame(0x01, b"4\xc0")).await, 1007, "without waiting for the end");
    let mut close = 1000u16.to_be_bytes().to_vec();
    close.push(0xff);
    assert_eq!(code(&suite, &frame(0x88, &close)).await, 1007);
    // Binary data may be anything.
    let mut socket = open(&suite).await;
    socket.send_binary(&[0xff, 0xfe]).await;
    assert_eq!(socket.next().await, Seen::Binary(vec![0xff, 0xfe]));
}

#[tokio::test]
async fn too_much_is_1009_when_it_is_announced() {
    let suite = calm().await;
    let mut header = vec![0x81, 0xff];
    header.extend_from_slice(&1_000_001u64.to_be_bytes());
    header.extend_from_slice(&[0; 4]);
    assert_eq!(code(&suite, &header).await, 1009);
    let mut huge = vec![0x82, 0xff];
    huge.extend_from_slice(&(u64::MAX >> 1).to_be_bytes());
    huge.extend_from_slice(&[0; 4]);
    assert_eq!(code(&suite, &huge).await, 1009);
    let pieces = [frame(0x01, &[b'4'; 600_000]), frame(0x80, &[b'4'; 600_000])].concat();
    let mut socket = open(&suite).await;
    let (mut read, mut write) = socket.stream.split();
    // The server stops reading what it has refused, and answers while we still write.
    let write = tokio::io::AsyncWriteExt::write_all(&mut write, &pieces);
    let mut answer = Vec::new();
    let read = tokio::io::AsyncReadExt::read_buf(&mut read, &mut answer);
    let (_, read) = tokio::join!(write, read);
    assert!(read.unwrap() > 0);
    assert_eq!(answer[..4], [0x88, 17, 0x03, 0xf1], "1009");
}

#[tokio::test]
async fn a_close_is_answered_with_a_close_and_the_end() {
    let suite = calm().await;
    for payload in [vec![], 1000u16.to_be_bytes().to_vec(), 4321u16.to_be_bytes().to_vec()] {
        let mut socket = open(&suite).await;
        socket.raw(&frame(0x88, &payload)).await;
        assert!(matches!(socket.next().await, Seen::Close(Some(1000), _)));
        assert_eq!(socket.next().await, Seen::End);
    }
}

#[tokio::test]
async fn a_flood_of_pings_is_answered_and_held_to_nothing() {
    let suite = calm().await;
    let mut socket = open(&suite).await;
    let flood: Vec<u8> = (0u32..5000).flat_map(|n| frame(0x89, &n.to_be_bytes())).collect();
    socket.raw(&flood).await;
    socket.send("4done").await;
    let mut last = None;
    loop {
        match socket.next().await {
            Seen::Pong(payload) => last = Some(payload),
            Seen::Text(message) => {
                assert_eq!(message, "4done");
                break;
            }
            other => panic!("{other:?}"),
        }
        if last.as_deref() == Some(&4999u32.to_be_bytes()) {
            break;
        }
    }
    assert!(last.is_some());
}
