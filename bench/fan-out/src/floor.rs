//! The floor: what delivering costs when nothing but `write(2)` is done. One thread, no parser
//! worth the name, one write per delivery of a frame made once per message.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::Outcome;

type Rooms = Rc<RefCell<HashMap<String, Room>>>;

#[derive(Default)]
struct Room {
    seq: u64,
    members: Vec<Rc<TcpStream>>,
}

pub(crate) fn run(port: u16) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, async move {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let rooms = Rooms::default();
        loop {
            let (stream, _) = listener.accept().await?;
            let rooms = Rc::clone(&rooms);
            tokio::task::spawn_local(async move {
                // A client that leaves is the end of its task and nothing else.
                let _ = serve(stream, rooms).await;
            });
        }
    })
}

async fn serve(mut stream: TcpStream, rooms: Rooms) -> Outcome {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    while !buffer.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
    }
    buffer.clear();
    stream
        .write_all(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        .await?;
    let stream = Rc::new(stream);
    deliver(&stream, &frame(r#"0{"sid":"floor"}"#)).await?;
    let mut read = vec![0; 16 * 1024];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut read) {
            Ok(0) => return Ok(()),
            Ok(count) => buffer.extend_from_slice(&read[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error.into()),
        }
        while let Some((text, used)) = client_frame(&buffer) {
            answer(&text, &stream, &rooms).await?;
            buffer.drain(..used);
        }
    }
}

/// The load generator's frames: masked with zeros, below 64 KiB, whole.
fn client_frame(buffer: &[u8]) -> Option<(String, usize)> {
    let (length, start) = match *buffer.get(1)? & 0x7f {
        126 => (u16::from_be_bytes([*buffer.get(2)?, *buffer.get(3)?]) as usize, 8),
        short => (short as usize, 6),
    };
    let payload = buffer.get(start..start + length)?;
    Some((String::from_utf8_lossy(payload).into_owned(), start + length))
}

async fn answer(text: &str, stream: &Rc<TcpStream>, rooms: &Rooms) -> Outcome {
    let quoted: Vec<&str> = text.split('"').collect();
    if text == "40" {
        return deliver(stream, &frame(r#"40{"sid":"floor"}"#)).await;
    }
    if let [_, "join", _, room, ..] = quoted.as_slice() {
        let member = Rc::clone(stream);
        rooms.borrow_mut().entry((*room).to_owned()).or_default().members.push(member);
        return deliver(stream, &frame(r#"42["joined",0]"#)).await;
    }
    // 42<id>["send",{"room":"r","text":"..."}]
    let [start, "send", _, "room", _, room, _, "text", _, words, ..] = quoted.as_slice() else {
        return Err("what the generator does not send".into());
    };
    let (message, seq, members) = {
        let mut rooms = rooms.borrow_mut();
        let room_state = rooms.get_mut(*room).ok_or("an unknown room")?;
        room_state.seq += 1;
        let seq = room_state.seq;
        let text = format!(r#"42["message",{{"room":"{room}","seq":{seq},"text":"{words}"}}]"#);
        (frame(&text), seq, room_state.members.clone())
    };
    for member in &members {
        deliver(member, &message).await?;
    }
    let id = start.trim_start_matches("42").trim_end_matches('[');
    deliver(stream, &frame(&format!("43{id}[{seq}]"))).await
}

fn frame(text: &str) -> Vec<u8> {
    let mut bytes = vec![0x81];
    if text.len() < 126 {
        bytes.push(text.len() as u8);
    } else {
        bytes.push(126);
        bytes.extend_from_slice(&(text.len() as u16).to_be_bytes());
    }
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

async fn deliver(stream: &TcpStream, frame: &[u8]) -> Outcome {
    let mut rest = frame;
    while !rest.is_empty() {
        match stream.try_write(rest) {
            Ok(count) => rest = &rest[count..],
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                stream.writable().await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
