//! The load generator: one thread, one epoll, every delivery checked for its place.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use mio::{Events, Interest, Poll, Token};
use serde::{Deserialize, Serialize};

use crate::Outcome;

/// What to do.
pub(crate) struct Plan {
    pub(crate) server: SocketAddr,
    /// Process of which CPU time is taken.
    pub(crate) pid: u32,
    pub(crate) rooms: usize,
    pub(crate) members: usize,
    /// Messages in flight in each room: sent, and not yet with every member.
    pub(crate) window: usize,
    pub(crate) seconds: f64,
}

/// What was seen.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Figures {
    pub(crate) deliveries: u64,
    pub(crate) seconds: f64,
    pub(crate) cpu_seconds: f64,
    /// Deliveries that were not the next one of their room.
    pub(crate) misplaced: u64,
    pub(crate) rss_kib: u64,
}

struct Client {
    stream: mio::net::TcpStream,
    room: usize,
    expected: u64,
    /// The beginning of a frame of which the end has not come.
    rest: Vec<u8>,
}

struct Room {
    /// Deliveries that each message in flight still lacks; the first one is number `base`.
    lacking: VecDeque<usize>,
    base: u64,
}

pub(crate) fn run(plan: &Plan) -> Outcome<Figures> {
    let mut poll = Poll::new()?;
    let mut clients = Vec::new();
    for n in 0..plan.rooms * plan.members {
        let room = n / plan.members;
        let stream = connect(plan.server, room)?;
        stream.set_nonblocking(true)?;
        let mut stream = mio::net::TcpStream::from_std(stream);
        poll.registry().register(&mut stream, Token(n), Interest::READABLE)?;
        clients.push(Client { stream, room, expected: 1, rest: Vec::new() });
    }
    let rss_kib = resident(plan.pid)?;
    let mut load = Load {
        plan,
        rooms: (0..plan.rooms).map(|_| Room { lacking: VecDeque::new(), base: 1 }).collect(),
        clients,
        deliveries: 0,
        misplaced: 0,
        text: "x".repeat(100),
    };
    for room in 0..plan.rooms {
        for _ in 0..plan.window {
            load.send(room)?;
        }
    }
    load.turn(&mut poll, Duration::from_millis(500))?;
    let (deliveries, cpu, since) = (load.deliveries, cpu_time(plan.pid)?, Instant::now());
    load.turn(&mut poll, Duration::from_secs_f64(plan.seconds))?;
    let cpu_seconds = cpu_time(plan.pid)? - cpu;
    Ok(Figures {
        deliveries: load.deliveries - deliveries,
        seconds: since.elapsed().as_secs_f64(),
        cpu_seconds,
        misplaced: load.misplaced,
        rss_kib,
    })
}

struct Load<'a> {
    plan: &'a Plan,
    rooms: Vec<Room>,
    clients: Vec<Client>,
    deliveries: u64,
    misplaced: u64,
    text: String,
}

impl Load<'_> {
    fn send(&mut self, room: usize) -> Outcome {
        let number = self.rooms[room].base + self.rooms[room].lacking.len() as u64;
        self.rooms[room].lacking.push_back(self.plan.members);
        let text = format!(r#"42{number}["send",{{"room":"r{room}","text":"{}"}}]"#, self.text);
        // Members speak in turn, so that messages of several senders meet.
        let member = number as usize % self.plan.members;
        let sender = &mut self.clients[room * self.plan.members + member].stream;
        let frame = masked(&text);
        let mut rest = frame.as_slice();
        while !rest.is_empty() {
            match sender.write(rest) {
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::yield_now(),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Reads, checks and sends on for a while.
    fn turn(&mut self, poll: &mut Poll, time: Duration) -> Outcome {
        let end = Instant::now() + time;
        let mut events = Events::with_capacity(1024);
        let mut buffer = vec![0; 256 * 1024];
        while Instant::now() < end {
            poll.poll(&mut events, Some(Duration::from_millis(50)))?;
            for event in &events {
                self.read(event.token().0, &mut buffer)?;
            }
        }
        Ok(())
    }

    fn read(&mut self, index: usize, buffer: &mut [u8]) -> Outcome {
        loop {
            let client = &mut self.clients[index];
            let kept = client.rest.len();
            buffer[..kept].copy_from_slice(&client.rest);
            client.rest.clear();
            let (count, drained) = match client.stream.read(&mut buffer[kept..]) {
                Ok(0) => return Err("the server closed a connection".into()),
                Ok(count) => (kept + count, kept + count < buffer.len()),
                Err(error) if error.kind() == ErrorKind::WouldBlock => (kept, true),
                Err(error) => return Err(error.into()),
            };
            let mut at = 0;
            while let Some((start, end)) = server_frame(&buffer[at..count]) {
                self.delivered(index, &buffer[at + start..at + end])?;
                at += end;
            }
            self.clients[index].rest.extend_from_slice(&buffer[at..count]);
            if drained {
                return Ok(());
            }
        }
    }

    fn delivered(&mut self, index: usize, text: &[u8]) -> Outcome {
        let Some(seq) = seq_of(text) else { return Ok(()) };
        self.deliveries += 1;
        let client = &mut self.clients[index];
        if seq != client.expected {
            self.misplaced += 1;
        }
        client.expected = seq + 1;
        let room_index = client.room;
        let room = &mut self.rooms[room_index];
        let place = seq.checked_sub(room.base).and_then(|place| usize::try_from(place).ok());
        if let Some(lacking) = place.and_then(|place| room.lacking.get_mut(place)) {
            *lacking -= 1;
        }
        let mut done = 0;
        while room.lacking.front() == Some(&0) {
            room.lacking.pop_front();
            room.base += 1;
            done += 1;
        }
        for _ in 0..done {
            self.send(room_index)?;
        }
        Ok(())
    }
}

/// The number in `42["message",{...,"seq":N,...}]`; nothing for other packets.
fn seq_of(text: &[u8]) -> Option<u64> {
    if !text.starts_with(b"42[\"message\"") {
        return None;
    }
    const KEY: &[u8] = b"\"seq\":";
    let at = text.windows(KEY.len()).position(|window| window == KEY)? + KEY.len();
    let digits = text[at..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

/// Where the first frame's payload begins and ends.
fn server_frame(bytes: &[u8]) -> Option<(usize, usize)> {
    let (length, start) = match *bytes.get(1)? {
        126 => (u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]) as usize, 4),
        127 => return None,
        short => (short as usize, 2),
    };
    (bytes.len() >= start + length).then_some((start, start + length))
}

/// Masked with zeros: a mask all the same, at no cost to the generator.
fn masked(text: &str) -> Vec<u8> {
    let mut bytes = vec![0x81];
    if text.len() < 126 {
        bytes.push(0x80 | text.len() as u8);
    } else {
        bytes.push(0xfe);
        bytes.extend_from_slice(&(text.len() as u16).to_be_bytes());
    }
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

/// A client that has joined its room.
fn connect(server: SocketAddr, room: usize) -> Outcome<TcpStream> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.write_all(
        format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {server}\r\n\
             Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        .as_bytes(),
    )?;
    let mut read = Vec::new();
    await_packet(&mut stream, &mut read, b"0{")?;
    stream.write_all(&masked("40"))?;
    await_packet(&mut stream, &mut read, b"40{")?;
    stream.write_all(&masked(&format!(r#"42["join","r{room}"]"#)))?;
    await_packet(&mut stream, &mut read, b"42[\"joined\"")?;
    Ok(stream)
}

/// Reads until the packet is there. Nothing else comes before the room is complete.
fn await_packet(stream: &mut TcpStream, read: &mut Vec<u8>, packet: &[u8]) -> Outcome {
    let mut piece = [0; 4096];
    while !read.windows(packet.len()).any(|window| window == packet) {
        let count = stream.read(&mut piece)?;
        if count == 0 {
            return Err("the server closed a connection".into());
        }
        read.extend_from_slice(&piece[..count]);
    }
    read.clear();
    Ok(())
}

/// Seconds of CPU, user and system, that a process has used.
fn cpu_time(pid: u32) -> Outcome<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // Fields are counted after the name, which may hold anything in its parentheses.
    let fields: Vec<&str> = stat.rsplit_once(')').ok_or("no stat")?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok());
    let (user, system) = (ticks(11).ok_or("no utime")?, ticks(12).ok_or("no stime")?);
    // A tick is 10 ms on every Linux this runs on.
    Ok((user + system) as f64 / 100.0)
}

fn resident(pid: u32) -> Outcome<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.split_whitespace().nth(1).ok_or("no VmRSS")?.parse()?)
}
