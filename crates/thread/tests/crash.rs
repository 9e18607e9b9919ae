//! The promise, put to the test: `kill -9` at random moments while people send over sockets and
//! REST. What was acknowledged is there once, in order, in a log without holes.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Person, Program, Socket, client_id, eventually_for, random_between};
use tokio::time::{sleep, timeout};

const CLIENTS: usize = 64;
const PEOPLE: usize = 16;
const CHATS: usize = 5;
const KILLS: usize = 50;

/// A message that was sent, and where the server said that it is.
#[derive(Debug, Clone)]
struct Sent {
    chat: String,
    client_id: String,
    text: String,
    /// The `seq` that was acknowledged; `None` while the outcome is unknown.
    seq: Option<u64>,
}

type Record = Arc<Mutex<Vec<Sent>>>;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_kill_9_once_and_in_order() {
    let mut program = Program::start(env!("CARGO_BIN_EXE_thread")).await;
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(program.person(&format!("p{n}")).await);
    }
    let others: Vec<&Person> = people[1..].iter().collect();
    let mut chats = Vec::new();
    for n in 0..CHATS {
        chats.push(people[0].group(&format!("group {n}"), &others).await);
    }

    let stop = Arc::new(AtomicBool::new(false));
    // The observers go on until all that was sent is settled.
    let settled = Arc::new(AtomicBool::new(false));
    let base = program.url("");
    let observers: Vec<_> = (0..2)
        .map(|n| {
            let (person, chats) = (people[n].clone(), chats.clone());
            tokio::spawn(observe(person, base.clone(), chats, Arc::clone(&settled)))
        })
        .collect();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|n| {
            let person = people[n % PEOPLE].clone();
            let chat = chats[n % CHATS].clone();
            let record = Record::default();
            let sending = send(n, person, base.clone(), chat, Arc::clone(&record), stop.clone());
            (record, tokio::spawn(sending))
        })
        .collect();

    let mut slowest = Duration::ZERO;
    for _ in 0..KILLS {
        sleep(Duration::from_millis(random_between(100, 700))).await;
        program.kill().await;
        slowest = slowest.max(program.run().await);
    }
    sleep(Duration::from_millis(500)).await;
    stop.store(true, Ordering::SeqCst);

    let mut records = Vec::new();
    for (record, client) in clients {
        client.await.unwrap();
        records.push(record.lock().unwrap().clone());
    }
    program.kill().await;
    program.run().await;
    settled.store(true, Ordering::SeqCst);

    // A reader of its own: somebody who was never connected, over REST, from a fresh process.
    let reader = &people[PEOPLE - 1];
    let mut logs = HashMap::new();
    for chat in &chats {
        logs.insert(chat.clone(), read_log(reader, chat).await);
    }
    let acknowledged = check(&records, &logs);
    for observer in observers {
        let seen = observer.await.unwrap();
        for (chat, events) in seen {
            let log = &logs[&chat];
            assert_eq!(events.len(), log.len(), "an observer of {chat} missed something");
            for (seq, id) in &events {
                assert_eq!(log[usize::try_from(*seq).unwrap() - 1]["id"], *id);
            }
        }
    }
    assert!(acknowledged > KILLS, "hardly anything was sent: {acknowledged}");
    println!(
        "{KILLS} kills, {acknowledged} acknowledged messages, none lost, none double; back after \
         {slowest:?} at the latest. Zero in n kills bounds the rate at 3/n: {:.0} %.",
        300.0 / KILLS as f64
    );
}

/// Sends one message after another, each until its outcome is known.
async fn send(
    n: usize,
    person: Person,
    base: String,
    chat: String,
    record: Record,
    stop: Arc<AtomicBool>,
) {
    let mut socket: Option<Socket> = None;
    for turn in 0u64.. {
        let sent = Sent {
            chat: chat.clone(),
            client_id: client_id(),
            text: format!("{n}: {turn}"),
            seq: None,
        };
        record.lock().unwrap().push(sent.clone());
        let seq = loop {
            if stop.load(Ordering::SeqCst) {
                return;
            }
            let body = json!({"chat_id": chat, "client_id": sent.client_id, "text": sent.text});
            // Every third turn goes over the other way, retries included.
            let answer = if (n + usize::try_from(turn).unwrap_or(0)).is_multiple_of(3) {
                let path = format!("/api/chats/{chat}/messages");
                let answer = person.try_call(Method::POST, &path, &body).await;
                answer.filter(|answer| answer.status.is_success()).map(|answer| answer.body)
            } else {
                over_socket(&mut socket, &person, &base, body).await
            };
            match answer.as_ref().and_then(|body| body["message"]["seq"].as_u64()) {
                Some(seq) => break seq,
                None => sleep(Duration::from_millis(random_between(5, 60))).await,
            }
        };
        record.lock().unwrap().last_mut().unwrap().seq = Some(seq);
    }
}

async fn over_socket(
    socket: &mut Option<Socket>,
    person: &Person,
    base: &str,
    body: Value,
) -> Option<Value> {
    if socket.as_ref().is_none_or(Socket::is_over) {
        *socket = Socket::try_connect(base, json!({"token": person.token})).await?.ok();
    }
    let answer = socket.as_ref()?.start("send_message", body);
    match timeout(Duration::from_secs(5), answer).await {
        Ok(Ok(answer)) => {
            assert_eq!(answer["ok"], true, "{answer}");
            Some(answer)
        }
        _ => {
            *socket = None;
            None
        }
    }
}

/// Follows the chats as a client does: live events, and `sync` after each absence.
async fn observe(
    person: Person,
    base: String,
    chats: Vec<String>,
    stop: Arc<AtomicBool>,
) -> HashMap<String, BTreeMap<u64, String>> {
    let mut seen: HashMap<String, BTreeMap<u64, String>> =
        chats.iter().map(|chat| (chat.clone(), BTreeMap::new())).collect();
    loop {
        let over = stop.load(Ordering::SeqCst);
        if let Some(Ok(socket)) = Socket::try_connect(&base, json!({"token": person.token})).await {
            let complete = follow(&socket, &person, &mut seen, &stop).await;
            if over && complete {
                return seen;
            }
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// Catches up, then takes what comes until the socket ends; whether it caught up.
async fn follow(
    socket: &Socket,
    person: &Person,
    seen: &mut HashMap<String, BTreeMap<u64, String>>,
    stop: &AtomicBool,
) -> bool {
    let heads: HashMap<_, _> =
        seen.iter().map(|(chat, events)| (chat.clone(), head(events))).collect();
    let answer = socket.start("sync", json!({"chats": heads}));
    let Ok(Ok(answer)) = timeout(Duration::from_secs(5), answer).await else { return false };
    for chat in heads.keys() {
        take(seen, answer["events"][chat].as_array().into_iter().flatten());
        let target = answer["heads"][chat]["seq"].as_u64().unwrap();
        while head(&seen[chat]) < target {
            let path =
                format!("/api/chats/{chat}/events?limit=500&after_seq={}", head(&seen[chat]));
            let Some(page) = person.try_call(Method::GET, &path, &Value::Null).await else {
                return false;
            };
            let Some(items) = page.body["items"].as_array() else { return false };
            take(seen, items.iter());
        }
    }
    while !socket.is_over() && !stop.load(Ordering::SeqCst) {
        sleep(Duration::from_millis(10)).await;
    }
    // What came live continues what was read, without a hole.
    let live: Vec<Value> = socket.all_received().into_iter().map(|(_, event)| event).collect();
    take(seen, live.iter().filter(|event| event["kind"].is_string()));
    true
}

fn head(events: &BTreeMap<u64, String>) -> u64 {
    events.last_key_value().map_or(0, |(seq, _)| *seq)
}

fn take<'a>(
    seen: &mut HashMap<String, BTreeMap<u64, String>>,
    events: impl Iterator<Item = &'a Value>,
) {
    for event in events {
        let Some(events) = event["chat_id"].as_str().and_then(|chat| seen.get_mut(chat)) else {
            continue;
        };
        let (seq, id) = (event["seq"].as_u64().unwrap(), event["id"].as_str().unwrap());
        assert!(seq <= head(events) + 1, "a hole before {seq}");
        let known = events.entry(seq).or_insert_with(|| id.to_owned());
        assert_eq!(known, id, "two events at {seq}");
    }
}

async fn read_log(reader: &Person, chat: &str) -> Vec<Value> {
    let mut log: Vec<Value> = Vec::new();
    loop {
        let path = format!("/api/chats/{chat}/events?limit=500&after_seq={}", log.len());
        let page = eventually_for(Duration::from_secs(30), "a page of the log", || async {
            reader.try_call(Method::GET, &path, &Value::Null).await.filter(|p| p.status == 200)
        })
        .await
        .body;
        log.extend(page["items"].as_array().unwrap().iter().cloned());
        if page["has_more"] == false {
            return log;
        }
    }
}

/// Checks the invariants of `docs/delivery.md`; how many messages were acknowledged.
fn check(records: &[Vec<Sent>], logs: &HashMap<String, Vec<Value>>) -> usize {
    let sent: HashMap<&str, &Sent> =
        records.iter().flatten().map(|sent| (sent.client_id.as_str(), sent)).collect();
    for (chat, log) in logs {
        let mut keys = HashSet::new();
        for (place, event) in log.iter().enumerate() {
            assert_eq!(event["seq"], place as u64 + 1, "the log of {chat} has a hole");
            let Some(key) = event["message"]["client_id"].as_str() else { continue };
            assert!(keys.insert(key), "{key} is there twice");
            let sent = sent.get(key).unwrap_or_else(|| panic!("nobody sent {key}"));
            assert_eq!(event["message"]["text"], sent.text);
            assert_eq!(*chat, sent.chat);
        }
    }
    let mut acknowledged = 0;
    for record in records {
        let mut last = 0;
        for sent in record.iter().filter(|sent| sent.seq.is_some()) {
            let seq = sent.seq.unwrap();
            let event = &logs[&sent.chat][usize::try_from(seq).unwrap() - 1];
            assert_eq!(event["message"]["client_id"], sent.client_id, "lost or moved");
            assert!(seq > last, "one sender's messages are out of order");
            last = seq;
            acknowledged += 1;
        }
    }
    acknowledged
}
