//! Measures the whole job against the release build: signed-in sockets, durable messages, fan-out,
//! memory and start. The server runs on core 0, this generator is to be run on core 1
//! (`bench/run.sh` does so). Prints Markdown.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark that can't build its world fails; it prints its figures; real ids"
)]

mod client;
mod server;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use clap::Parser;
use client::Client;
use futures::future::join_all;
use server::{Server, User};

/// Measures the whole job.
#[derive(Debug, Parser)]
struct Options {
    /// The release build.
    #[arg(long, default_value = "target/release/thread")]
    binary: PathBuf,
    /// Seconds that each load lasts.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Idle sockets to hold.
    #[arg(long, default_value_t = 10_000)]
    sockets: usize,
    /// Messages in the directory that is started on; 0 leaves that out.
    #[arg(long, default_value_t = 1_000_000)]
    messages: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let options = Options::parse();
    let stripped = std::fs::metadata(&options.binary).unwrap().len();
    println!("| what | figure |\n| --- | --- |");
    println!("| binary | {:.1} MiB |", stripped as f64 / 1_048_576.0);
    let mut server = Server::start(&options.binary).await;
    println!("| first start on an empty directory | {} ms |", server.started_in.as_millis());
    println!("| idle RSS | {:.1} MiB |", server.rss() as f64 / 1_048_576.0);

    let users = server.users(1_000).await;
    let load = Duration::from_secs(options.seconds);
    println!("\n| online | messages/s | deliveries/s | CPU µs/message | of it a delivery |");
    println!("| --- | --- | --- | --- | --- |");
    let mut smallest = None;
    for online in [10, 100, 1_000] {
        let measured = one_chat(&server, &users[..online], load).await;
        let base = *smallest.get_or_insert(measured.cpu_per_message);
        let more = (measured.cpu_per_message - base) / (online - 10).max(1) as f64;
        let more = if online == 10 { "-".to_owned() } else { format!("{more:.1}") };
        println!(
            "| {online} | {:.0} | {:.0} | {:.0} | {more} |",
            measured.messages_per_second,
            measured.messages_per_second * online as f64,
            measured.cpu_per_message,
        );
    }
    let small = small_chats(&server, &users, load).await;
    println!(
        "\n256 senders in 64 chats of 5: {:.0} durable messages/s, {:.0} µs CPU each",
        small.messages_per_second, small.cpu_per_message
    );
    memory(&server, &users[..100], options.sockets).await;
    if options.messages > 0 {
        fill(&server, &users, options.messages).await;
        let ready = server.restart(&options.binary).await;
        println!("ready {} ms after the start on {} messages", ready.as_millis(), options.messages);
    }
}

/// What a load cost.
struct Measured {
    messages_per_second: f64,
    cpu_per_message: f64,
}

/// Everybody online in one chat; eight of them send, each the next message after the last one's
/// acknowledgement.
async fn one_chat(server: &Server, users: &[User], load: Duration) -> Measured {
    let chat = server.group(&users[0], &users[1..]).await;
    let clients =
        join_all(users.iter().map(|user| Client::connect(server.port, &user.token))).await;
    let chats: Vec<String> = (0..8).map(|_| chat.clone()).collect();
    let measured = send(server, &clients, &chats, load).await;
    settle(&clients).await;
    for client in &clients {
        assert_eq!(client.gaps(), 0, "a gap");
    }
    measured
}

async fn small_chats(server: &Server, users: &[User], load: Duration) -> Measured {
    let mut chats = Vec::new();
    let mut senders = Vec::new();
    for group in users.chunks(5).take(64) {
        let chat = server.group(&group[0], &group[1..]).await;
        for user in group.iter().take(4) {
            senders.push(user);
            chats.push(chat.clone());
        }
    }
    let clients =
        join_all(senders.iter().map(|user| Client::connect(server.port, &user.token))).await;
    let measured = send(server, &clients, &chats, load).await;
    settle(&clients).await;
    for client in &clients {
        assert_eq!(client.gaps(), 0, "a gap");
    }
    measured
}

/// One sender per entry of `chats`, for that long.
async fn send(server: &Server, clients: &[Client], chats: &[String], load: Duration) -> Measured {
    let stop = Arc::new(AtomicBool::new(false));
    let sent = Arc::new(AtomicU64::new(0));
    let (cpu, began) = (server.cpu(), Instant::now());
    let senders = clients.iter().zip(chats).map(|(client, chat)| {
        let (stop, sent) = (Arc::clone(&stop), Arc::clone(&sent));
        async move {
            while !stop.load(Ordering::Relaxed) {
                client.send_message(chat).await;
                sent.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let timer = async {
        tokio::time::sleep(load).await;
        stop.store(true, Ordering::Relaxed);
    };
    tokio::join!(join_all(senders), timer);
    let seconds = began.elapsed().as_secs_f64();
    settle(clients).await;
    let cpu = (server.cpu() - cpu).as_secs_f64() * 1_000_000.0;
    let messages = sent.load(Ordering::Relaxed) as f64;
    Measured { messages_per_second: messages / seconds, cpu_per_message: cpu / messages }
}

/// Waits until nothing more arrives.
async fn settle(clients: &[Client]) {
    loop {
        let before: u64 = clients.iter().map(Client::received).sum();
        tokio::time::sleep(Duration::from_millis(200)).await;
        if clients.iter().map(Client::received).sum::<u64>() == before {
            return;
        }
    }
}

async fn memory(server: &Server, users: &[User], sockets: usize) {
    let before = server.rss();
    let mut clients = Vec::with_capacity(sockets);
    for batch in (0..sockets).collect::<Vec<_>>().chunks(200) {
        let connecting =
            batch.iter().map(|n| Client::connect(server.port, &users[n % users.len()].token));
        clients.extend(join_all(connecting).await);
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let each = (server.rss() - before) as f64 / sockets as f64 / 1024.0;
    println!("{sockets} idle signed-in sockets: {each:.1} KiB each");
    drop(clients);
    tokio::time::sleep(Duration::from_secs(2)).await;
}

/// Writes until the directory holds that many messages.
async fn fill(server: &Server, users: &[User], messages: u64) {
    let mut chats = Vec::new();
    for group in users.chunks(5).take(64) {
        chats.push(server.group(&group[0], &group[1..]).await);
    }
    let senders: Vec<_> = users.chunks(5).take(64).map(|group| &group[0]).collect();
    let clients =
        join_all(senders.iter().map(|user| Client::connect(server.port, &user.token))).await;
    let left = Arc::new(AtomicU64::new(messages));
    let take = || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1));
    let sending = clients.iter().zip(&chats).flat_map(|(client, chat)| {
        (0..8).map(move |_| async move {
            while take().is_ok() {
                client.send_message(chat).await;
            }
        })
    });
    join_all(sending.collect::<Vec<_>>()).await;
}
