//! The release build on core 0, with a directory of its own.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use futures::{StreamExt, stream};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// Somebody who signed up and in.
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) token: String,
}

pub(crate) struct Server {
    child: Child,
    directory: TempDir,
    http: reqwest::Client,
    pub(crate) port: u16,
    pub(crate) started_in: Duration,
}

impl Server {
    pub(crate) async fn start(binary: &Path) -> Self {
        let directory = TempDir::new().unwrap();
        let port =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let (child, started_in) = run(binary, directory.path(), port).await;
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { child, directory, http, port, started_in }
    }

    /// `kill -9` and a start on the same directory; how long until it is ready.
    pub(crate) async fn restart(&mut self, binary: &Path) -> Duration {
        self.child.kill().await.unwrap();
        let (child, started_in) = run(binary, self.directory.path(), self.port).await;
        self.child = child;
        started_in
    }

    async fn post(&self, path: &str, token: Option<&str>, body: Value) -> Value {
        let mut request =
            self.http.post(format!("http://127.0.0.1:{}{path}", self.port)).json(&body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap_or(Value::Null)
    }

    /// Signs that many people up and in.
    pub(crate) async fn users(&self, count: usize) -> Vec<User> {
        let sign_up = |n: usize| async move {
            let (name, password) = (format!("user{n:05}"), format!("the passphrase of {n}"));
            let register = json!({"username": name, "email": format!("{name}@example.org"),
                "password": password});
            let user = self.post("/api/users/register", None, register).await;
            let login = json!({"username": name, "password": password});
            let tokens = self.post("/api/users/login", None, login).await;
            User {
                id: user["user"]["id"].as_str().unwrap().to_owned(),
                token: tokens["access_token"].as_str().unwrap().to_owned(),
            }
        };
        stream::iter((0..count).map(sign_up)).buffered(4).collect().await
    }

    /// A group of these people; its id.
    pub(crate) async fn group(&self, owner: &User, others: &[User]) -> String {
        let ids: Vec<&str> = others.iter().map(|user| user.id.as_str()).collect();
        let mut batches = ids.chunks(100);
        let first = batches.next().unwrap_or_default();
        let group = json!({"kind": "group", "name": "load", "participant_ids": first});
        let chat = self.post("/api/chats", Some(&owner.token), group).await;
        let id = chat["id"].as_str().unwrap().to_owned();
        for batch in batches {
            let path = format!("/api/chats/{id}/participants");
            self.post(&path, Some(&owner.token), json!({"user_ids": batch})).await;
        }
        id
    }

    /// CPU time used so far, user and system.
    pub(crate) fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(self.proc("stat")).unwrap();
        // The fields after the name, which may hold spaces: utime is the 12th, stime the 13th.
        let fields: Vec<u64> = stat
            .rsplit(')')
            .next()
            .unwrap()
            .split_whitespace()
            .map(|field| field.parse().unwrap_or(0))
            .collect();
        // Ticks of 10 ms on every Linux.
        Duration::from_millis((fields[11] + fields[12]) * 10)
    }

    /// Resident memory in bytes.
    pub(crate) fn rss(&self) -> u64 {
        let status = std::fs::read_to_string(self.proc("status")).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
    }

    fn proc(&self, file: &str) -> String {
        format!("/proc/{}/{file}", self.child.id().unwrap())
    }
}

async fn run(binary: &Path, directory: &Path, port: u16) -> (Child, Duration) {
    let began = Instant::now();
    let mut child = Command::new("taskset")
        .args(["-c", "0"])
        .arg(binary)
        .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
        .args(["--management-listen", "127.0.0.1:0", "--data-dir"])
        .arg(directory)
        .env("THREAD_LIMITS__ENABLED", "false")
        .env("THREAD_LOG__FILTER", "warn")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.next_line().await.unwrap().expect("the server ended");
    (child, began.elapsed())
}
