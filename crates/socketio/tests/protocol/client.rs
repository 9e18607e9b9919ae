//! A client that can break every rule: HTTP and WebSocket written by hand on a TCP stream.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(10);

/// An HTTP answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Sends one request on a connection of its own; `headers` are whole lines.
pub(crate) async fn http(
    server: SocketAddr,
    method: &str,
    target: &str,
    headers: &[&str],
    body: &[u8],
) -> Answer {
    let mut stream = TcpStream::connect(server).await.unwrap();
    let mut request = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
    if !headers.iter().any(|line| line.to_ascii_lowercase().starts_with("host:")) {
        request += &format!("Host: {server}\r\n");
    }
    for line in headers {
        request += line;
        request += "\r\n";
    }
    if method == "POST" || method == "PUT" {
        request += &format!("Content-Length: {}\r\n", body.len());
    }
    request += "\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    // The server may answer, and close, before it has read a body it does not want.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("an answer in time");
    parse(&answer)
}

fn parse(bytes: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// What a WebSocket client sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<u16>, String),
    /// The stream ended, orderly or by a reset.
    End,
}

pub(crate) fn text(text: &str) -> Seen {
    Seen::Text(text.to_owned())
}

pub(crate) struct WebSocket {
    pub(crate) stream: TcpStream,
    buffer: Vec<u8>,
}

impl WebSocket {
    /// Connects; the answer itself when it is not 101.
    pub(crate) async fn open(
        server: SocketAddr,
        target: &str,
        headers: &[&str],
    ) -> Result<Self, Answer> {
        let mut stream = TcpStream::connect(server).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut request = format!(
            "GET {target} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
        );
        if !headers.iter().any(|line| line.to_ascii_lowercase().starts_with("host:")) {
            request += &format!("Host: {server}\r\n");
        }
        for line in headers {
            request += line;
            request += "\r\n";
        }
        request += "\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut buffer = Vec::new();
        loop {
            if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                let answer = parse(&buffer[..end + 4]);
                if answer.status != 101 {
                    return Err(answer);
                }
                assert!(answer.header("sec-websocket-extensions").is_none(), "no compression");
                buffer.drain(..end + 4);
                return Ok(Self { stream, buffer });
            }
            let read = timeout(PATIENCE, stream.read_buf(&mut buffer)).await.unwrap().unwrap();
            if read == 0 {
                return Err(parse(&buffer));
            }
        }
    }

    pub(crate) async fn raw(&mut self, bytes: &[u8]) {
        // A server that has closed is seen by reading.
        let _ = self.stream.write_all(bytes).await;
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.raw(&frame(0x81, text.as_bytes())).await;
    }

    pub(crate) async fn send_binary(&mut self, data: &[u8]) {
        self.raw(&frame(0x82, data)).await;
    }

    /// The next frame, whatever it is.
    pub(crate) async fn next(&mut self) -> Seen {
        loop {
            if let Some((seen, used)) = read_frame(&self.buffer) {
                self.buffer.drain(..used);
                return seen;
            }
            let read = timeout(PATIENCE, self.stream.read_buf(&mut self.buffer));
            match read.await.expect("a frame in time") {
                Ok(0) | Err(_) => return Seen::End,
                Ok(_) => {}
            }
        }
    }

    /// The next frame that is not an Engine.IO ping; pings are answered.
    pub(crate) async fn message(&mut self) -> Seen {
        loop {
            let seen = self.next().await;
            if seen != text("2") {
                return seen;
            }
            self.send("3").await;
        }
    }

    /// Text of the next message.
    pub(crate) async fn text(&mut self) -> String {
        match self.message().await {
            Seen::Text(text) => text,
            other => panic!("text expected, got {other:?}"),
        }
    }

    /// Code and reason of the close frame, past whatever comes before it; `None` when the stream
    /// ends without one. Answers the close.
    pub(crate) async fn closed(&mut self) -> Option<(Option<u16>, String)> {
        loop {
            match self.next().await {
                Seen::Close(code, reason) => {
                    self.raw(&frame(0x88, &1000u16.to_be_bytes())).await;
                    assert_eq!(self.next().await, Seen::End);
                    return Some((code, reason));
                }
                Seen::End => return None,
                _ => {}
            }
        }
    }
}

/// A masked frame: `first` is the byte of flags and opcode.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [0x12, 0x34, 0x56, 0x78];
    let mut bytes = vec![first];
    match payload.len() {
        short @ 0..126 => bytes.push(0x80 | short as u8),
        medium @ 126..0x1_0000 => {
            bytes.push(0xfe);
            bytes.extend_from_slice(&(medium as u16).to_be_bytes());
        }
        long => {
            bytes.push(0xff);
            bytes.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(&mask);
    bytes.extend(payload.iter().enumerate().map(|(at, byte)| byte ^ mask[at % 4]));
    bytes
}

fn read_frame(buffer: &[u8]) -> Option<(Seen, usize)> {
    let (first, second) = (*buffer.first()?, *buffer.get(1)?);
    assert_eq!(first & 0xf0, 0x80, "the server sends whole frames without extensions");
    assert_eq!(second & 0x80, 0, "a server does not mask");
    let (length, start) = match second {
        126 => (u16::from_be_bytes(buffer.get(2..4)?.try_into().unwrap()) as usize, 4),
        127 => (u64::from_be_bytes(buffer.get(2..10)?.try_into().unwrap()) as usize, 10),
        short => (short as usize, 2),
    };
    let payload = buffer.get(start..start + length)?.to_vec();
    let seen = match first & 0x0f {
        1 => Seen::Text(String::from_utf8(payload).unwrap()),
        2 => Seen::Binary(payload),
        8 => match payload.as_slice() {
            [] => Seen::Close(None, String::new()),
            [high, low, reason @ ..] => Seen::Close(
                Some(u16::from_be_bytes([*high, *low])),
                String::from_utf8(reason.to_vec()).unwrap(),
            ),
            [_] => panic!("a close frame of one byte"),
        },
        9 => Seen::Ping(payload),
        10 => Seen::Pong(payload),
        other => panic!("opcode {other}"),
    };
    Some((seen, start + length))
}
