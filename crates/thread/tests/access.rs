//! Who may do what: every REST operation and socket event against everybody who may try.
//!
//! The operations are read from the served documents: one that has no row here fails the test.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use identity::{Embedded, EmbeddedConfig, Provider};
use kernel::{Clock, Ids, ManualClock, Random, Secret, Timestamp};
use kit::{bus::InProcessBus, http::RateLimits};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Answer, Person, Program, Socket, client_id};

/// Everybody who may try, in the order of a row's columns.
const ACTORS: [&str; 7] =
    ["nobody", "expired token", "stranger", "former member", "member", "admin", "owner"];

/// The status for each of [`ACTORS`].
type Row = (&'static str, [u16; 7]);

/// Operations on a private group of which the actors are what their names say. `{message_id}` is
/// the owner's message, `{user_id}` another plain member.
const CHATS: &[Row] = &[
    ("GET /api/chats", [401, 401, 200, 200, 200, 200, 200]),
    ("POST /api/chats", [401, 401, 201, 201, 201, 201, 201]),
    ("GET /api/chats/discover", [401, 401, 200, 200, 200, 200, 200]),
    ("GET /api/chats/{id}", [401, 401, 404, 404, 200, 200, 200]),
    ("PATCH /api/chats/{id}", [401, 401, 404, 404, 403, 200, 200]),
    ("DELETE /api/chats/{id}", [401, 401, 404, 404, 403, 403, 204]),
    ("POST /api/chats/{id}/join", [401, 401, 404, 404, 200, 200, 200]),
    ("POST /api/chats/{id}/leave", [401, 401, 404, 404, 204, 204, 409]),
    ("GET /api/chats/{id}/participants", [401, 401, 404, 404, 200, 200, 200]),
    ("POST /api/chats/{id}/participants", [401, 401, 404, 404, 200, 200, 200]),
    ("PATCH /api/chats/{id}/participants/{user_id}", [401, 401, 404, 404, 403, 403, 200]),
    ("DELETE /api/chats/{id}/participants/{user_id}", [401, 401, 404, 404, 403, 204, 204]),
    ("GET /api/chats/{id}/messages", [401, 401, 404, 404, 200, 200, 200]),
    ("POST /api/chats/{id}/messages", [401, 401, 404, 404, 201, 201, 201]),
    ("GET /api/chats/{id}/messages/{message_id}", [401, 401, 404, 404, 200, 200, 200]),
    ("PATCH /api/chats/{id}/messages/{message_id}", [401, 401, 404, 404, 403, 403, 200]),
    ("DELETE /api/chats/{id}/messages/{message_id}", [401, 401, 404, 404, 403, 204, 204]),
    ("GET /api/chats/{id}/messages/{message_id}/history", [401, 401, 404, 404, 200, 200, 200]),
    ("GET /api/chats/{id}/messages/{message_id}/thread", [401, 401, 404, 404, 200, 200, 200]),
    ("PUT /api/chats/{id}/messages/{message_id}/follow", [401, 401, 404, 404, 204, 204, 204]),
    ("DELETE /api/chats/{id}/messages/{message_id}/follow", [401, 401, 404, 404, 204, 204, 204]),
    (
        "PUT /api/chats/{id}/messages/{message_id}/reactions/{emoji}",
        [401, 401, 404, 404, 204, 204, 204],
    ),
    (
        "DELETE /api/chats/{id}/messages/{message_id}/reactions/{emoji}",
        [401, 401, 404, 404, 204, 204, 204],
    ),
    ("PUT /api/chats/{id}/read", [401, 401, 404, 404, 200, 200, 200]),
    ("PUT /api/chats/{id}/settings", [401, 401, 404, 404, 200, 200, 200]),
    ("GET /api/chats/{id}/events", [401, 401, 404, 404, 200, 200, 200]),
];

/// Operations on people. `{id}` is the owner (who administers the installation), or the request
/// that the stranger made to the owner.
const USERS: &[Row] = &[
    ("POST /api/users/register", [201, 201, 201, 201, 201, 201, 201]),
    ("POST /api/users/login", [401, 401, 401, 401, 401, 401, 401]),
    ("POST /api/users/refresh", [401, 401, 401, 401, 401, 401, 401]),
    ("POST /api/users/logout", [204, 204, 204, 204, 204, 204, 204]),
    ("GET /api/users", [401, 401, 200, 200, 200, 200, 200]),
    ("GET /api/users/{id}", [401, 401, 200, 200, 200, 200, 200]),
    ("GET /api/users/search", [401, 401, 200, 200, 200, 200, 200]),
    ("GET /api/users/profile", [401, 401, 200, 200, 200, 200, 200]),
    ("PUT /api/users/profile", [401, 401, 200, 200, 200, 200, 200]),
    ("POST /api/users/connect", [401, 401, 201, 201, 201, 201, 201]),
    ("GET /api/users/connections", [401, 401, 200, 200, 200, 200, 200]),
    ("POST /api/users/connections/{id}/respond", [401, 401, 403, 404, 404, 404, 200]),
    ("DELETE /api/users/connections/{id}", [401, 401, 204, 404, 404, 404, 204]),
    ("GET /api/users/blocks", [401, 401, 200, 200, 200, 200, 200]),
    ("PUT /api/users/blocks/{user_id}", [401, 401, 204, 204, 204, 204, 204]),
    ("DELETE /api/users/blocks/{user_id}", [401, 401, 204, 204, 204, 204, 204]),
    ("GET /api/users/notifications", [401, 401, 200, 200, 200, 200, 200]),
    ("POST /api/users/notifications", [401, 401, 403, 403, 403, 403, 201]),
    ("POST /api/users/notifications/read", [401, 401, 200, 200, 200, 200, 200]),
    ("GET /api/users/presence", [401, 401, 200, 200, 200, 200, 200]),
    ("GET /api/users/sessions", [401, 401, 200, 200, 200, 200, 200]),
    ("DELETE /api/users/sessions/{id}", [401, 401, 404, 404, 404, 404, 404]),
    // The cookie's calls: a bearer token changes nothing. Without a cookie nothing is to be ended.
    ("GET /api/users/session/start", [302, 302, 302, 302, 302, 302, 302]),
    ("GET /api/users/session/callback", [302, 302, 302, 302, 302, 302, 302]),
    ("POST /api/users/session/token", [403, 403, 403, 403, 403, 403, 403]),
    ("DELETE /api/users/session", [204, 204, 204, 204, 204, 204, 204]),
];

/// The issuer's own calls: public by nature, or with credentials of their own.
const IDENTITY: &[Row] = &[
    ("GET /auth/realms/thread/.well-known/openid-configuration", [200; 7]),
    ("GET /auth/realms/thread/protocol/openid-connect/certs", [200; 7]),
    ("GET /auth/realms/thread/protocol/openid-connect/auth", [400; 7]),
    ("POST /auth/realms/thread/protocol/openid-connect/auth", [400; 7]),
    ("GET /auth/realms/thread/protocol/openid-connect/registrations", [400; 7]),
    ("POST /auth/realms/thread/protocol/openid-connect/token", [400; 7]),
    ("POST /auth/realms/thread/protocol/openid-connect/revoke", [400; 7]),
    (
        "GET /auth/realms/thread/protocol/openid-connect/userinfo",
        [401, 401, 200, 200, 200, 200, 200],
    ),
    (
        "POST /auth/realms/thread/protocol/openid-connect/userinfo",
        [401, 401, 200, 200, 200, 200, 200],
    ),
    ("GET /auth/realms/thread/protocol/openid-connect/logout", [200; 7]),
    ("POST /auth/realms/thread/protocol/openid-connect/logout", [400; 7]),
    ("POST /auth/realms/thread/login-actions/authenticate", [400; 7]),
    ("POST /auth/realms/thread/login-actions/registration", [400; 7]),
];

/// Socket events in the same private group: the acknowledgement's code, "" for yes.
const EVENTS: &[(&str, [&str; 7])] = &{
    const U: &str = "unauthenticated";
    const N: &str = "chat_not_found";
    const F: &str = "forbidden";
    [
        ("authenticate", [U, U, "", "", "", "", ""]),
        ("send_message", [U, U, N, N, "", "", ""]),
        ("edit_message", [U, U, N, N, F, F, ""]),
        ("delete_message", [U, U, N, N, F, "", ""]),
        ("add_reaction", [U, U, N, N, "", "", ""]),
        ("remove_reaction", [U, U, N, N, "", "", ""]),
        ("mark_read", [U, U, N, N, "", "", ""]),
        ("typing_start", [U, U, N, N, "", "", ""]),
        ("typing_stop", [U, U, N, N, "", "", ""]),
        ("join_chat", [U, U, N, N, "", "", ""]),
        ("leave_chat", [U, U, N, N, "", "", ""]),
        ("set_presence", [U, U, "", "", "", "", ""]),
        ("sync", [U, U, "", "", "", "", ""]),
    ]
};

/// The people of the test.
struct Cast {
    owner: Person,
    admin: Person,
    member: Person,
    former: Person,
    stranger: Person,
    target: Person,
    expired: String,
}

impl Cast {
    async fn gather(program: &Program) -> Self {
        // The first person of an installation administers it.
        let owner = program.person("owner").await;
        let expired = expired_token(program, &owner).await;
        Self {
            owner,
            admin: program.person("admin").await,
            member: program.person("member").await,
            former: program.person("former").await,
            stranger: program.person("stranger").await,
            target: program.person("target").await,
            expired,
        }
    }

    fn token(&self, actor: &str) -> Option<&str> {
        match actor {
            "nobody" => None,
            "expired token" => Some(&self.expired),
            "stranger" => Some(&self.stranger.token),
            "former member" => Some(&self.former.token),
            "member" => Some(&self.member.token),
            "admin" => Some(&self.admin.token),
            "owner" => Some(&self.owner.token),
            other => panic!("who is {other}?"),
        }
    }

    /// A fresh private group; its id and the owner's message.
    async fn scene(&self) -> (String, Value) {
        let others = [&self.admin, &self.member, &self.former, &self.target];
        let chat = self.owner.group("scene", &others).await;
        let participants = format!("/api/chats/{chat}/participants");
        let promoted = format!("{participants}/{}", self.admin.id);
        self.owner.patch(&promoted, json!({"role": "admin"})).await.expect(200);
        self.owner.delete(&format!("{participants}/{}", self.former.id)).await.expect(204);
        let message = self.owner.say(&chat, "the owner's").await;
        (chat, message)
    }
}

struct Chance;

impl Random for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}

/// A token that this installation's own key signed, an hour ago.
async fn expired_token(program: &Program, person: &Person) -> String {
    #[expect(clippy::disallowed_methods, reason = "an hour before the program's own clock")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let past = now - Duration::from_secs(3_600);
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::starting_at(Timestamp::from_millis(
        i64::try_from(past.as_millis()).unwrap(),
    )));
    let origin = program.url("").parse().unwrap();
    let issuer = Embedded::open(
        EmbeddedConfig::new(program.data_dir(), &origin),
        Ids::new(clock, Arc::new(Chance)),
        Arc::new(InProcessBus::default()),
        Arc::new(RateLimits::new(false, &[])),
    )
    .unwrap();
    let password = Secret::new(person.password.clone());
    let peer = program.address.ip();
    let tokens = issuer.password_grant(&person.username, &password, peer).await.unwrap();
    tokens.access_token.reveal().to_owned()
}

/// The body that the operation takes, valid as far as the actor goes.
fn body(operation: &str, cast: &Cast) -> Value {
    match operation {
        "POST /api/chats" => json!({"kind": "group", "name": "another"}),
        "PATCH /api/chats/{id}" => json!({"topic": "changed"}),
        "POST /api/chats/{id}/participants" => json!({"user_ids": [cast.stranger.id]}),
        "PATCH /api/chats/{id}/participants/{user_id}" => json!({"role": "admin"}),
        "POST /api/chats/{id}/messages" => json!({"client_id": client_id(), "text": "hello"}),
        "PATCH /api/chats/{id}/messages/{message_id}" => json!({"text": "changed"}),
        "PUT /api/chats/{id}/read" => json!({"seq": 1}),
        "PUT /api/chats/{id}/settings" => json!({"notify": "mentions"}),
        "POST /api/users/register" => {
            let name = testkit::random_name("more");
            json!({"username": name, "email": format!("{name}@example.org"),
                "password": format!("a passphrase of {name}")})
        }
        "POST /api/users/login" => json!({"username": cast.owner.username, "password": "guessed!"}),
        "POST /api/users/refresh" | "POST /api/users/logout" => json!({"refresh_token": "none"}),
        "PUT /api/users/profile" => json!({"bio": "short"}),
        "POST /api/users/connections/{id}/respond" => json!({"accept": true}),
        "POST /api/users/notifications" => {
            json!({"user_id": cast.member.id, "kind": "system", "text": "tonight we restart"})
        }
        "POST /api/users/notifications/read" => json!({"all": true}),
        _ => Value::Null,
    }
}

fn query(operation: &str, cast: &Cast) -> String {
    match operation {
        "GET /api/users" | "GET /api/users/presence" => format!("?ids={}", cast.owner.id),
        "GET /api/users/search" => "?query=own".to_owned(),
        _ => String::new(),
    }
}

fn operations(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            if ["get", "put", "post", "patch", "delete"].contains(&method.as_str()) {
                found.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    found
}

async fn call(
    program: &Program,
    operation: &str,
    path: &str,
    token: Option<&str>,
    body: Value,
) -> Answer {
    let method: Method = operation.split(' ').next().unwrap().parse().unwrap();
    let mut request = program.http.request(method, program.url(path));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if !body.is_null() {
        request = request.json(&body);
    }
    Answer::read(request.send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rest_operation_answers_everybody_as_it_should() {
    let program = Program::start(env!("CARGO_BIN_EXE_thread")).await;
    let document = tokio::process::Command::new(program.binary()).arg("openapi").output();
    let document: Value = serde_json::from_slice(&document.await.unwrap().stdout).unwrap();
    let rows: BTreeMap<&str, [u16; 7]> =
        CHATS.iter().chain(USERS).chain(IDENTITY).copied().collect();
    let described = operations(&document);
    let with_rows: BTreeSet<String> = rows.keys().map(|name| (*name).to_owned()).collect();
    let missing: Vec<_> = described.difference(&with_rows).collect();
    assert!(missing.is_empty(), "operations without a row: {missing:#?}");
    let gone: Vec<_> = with_rows.difference(&described).collect();
    assert!(gone.is_empty(), "rows without an operation: {gone:#?}");

    let cast = Cast::gather(&program).await;
    let mut wrong = Vec::new();
    let mut asserted = 0;
    for (operation, expected) in &rows {
        for (actor, expected) in ACTORS.iter().zip(expected) {
            let (status, answer) = attempt(&program, &cast, operation, actor).await;
            asserted += 1;
            if status != *expected {
                wrong.push(format!("{operation} by {actor}: {status}, not {expected}: {answer}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asserted} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    println!("{asserted} cells hold");
}

async fn attempt(program: &Program, cast: &Cast, operation: &str, actor: &str) -> (u16, Value) {
    let path = operation.split(' ').nth(1).unwrap();
    let mut body = body(operation, cast);
    let path = if path.starts_with("/api/chats") {
        let (chat, message) = cast.scene().await;
        path.replace("{id}", &chat)
            .replace("{message_id}", message["id"].as_str().unwrap())
            .replace("{user_id}", &cast.target.id.to_string())
            .replace("{emoji}", "%F0%9F%91%8D")
    } else if path.starts_with("/api/users/connections/{id}") {
        // Whatever stood between the two before is ended first.
        let list = cast.stranger.get("/api/users/connections").await.expect(200);
        for connection in list["items"].as_array().unwrap() {
            let id = connection["id"].as_str().unwrap();
            cast.stranger.delete(&format!("/api/users/connections/{id}")).await;
        }
        let asked = json!({"user_id": cast.owner.id});
        let asked = cast.stranger.post("/api/users/connect", asked).await.expect(201);
        path.replace("{id}", asked["id"].as_str().unwrap())
    } else {
        if operation == "POST /api/users/connect" {
            body = json!({"user_id": program.person("new").await.id});
        }
        path.replace("{id}", &cast.owner.id.to_string())
            .replace("{user_id}", &cast.target.id.to_string())
    };
    let path = path + &query(operation, cast);
    let answer = call(program, operation, &path, cast.token(actor), body).await;
    (answer.status.as_u16(), answer.body)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_socket_event_answers_everybody_as_it_should() {
    let program = Program::start(env!("CARGO_BIN_EXE_thread")).await;
    let document = websocket_service::asyncapi::document();
    let described: BTreeSet<&str> = document["operations"]
        .as_object()
        .unwrap()
        .keys()
        .filter_map(|name| name.strip_prefix("client."))
        .collect();
    let rows: BTreeSet<&str> = EVENTS.iter().map(|(name, _)| *name).collect();
    assert_eq!(described, rows, "an event without a row, or a row without an event");

    let cast = Cast::gather(&program).await;
    let mut wrong = Vec::new();
    for (name, expected) in EVENTS {
        for (actor, expected) in ACTORS.iter().zip(expected) {
            let (chat, message) = cast.scene().await;
            let auth = json!({"token": cast.token(actor)});
            let code = match Socket::connect(&program.url(""), auth).await {
                Err(refusal) => refusal.error["data"]["code"].clone(),
                Ok(socket) => {
                    let payload = json!({
                        "token": cast.token(actor), "chat_id": chat, "message_id": message["id"],
                        "client_id": client_id(), "text": "hello", "emoji": "👍", "seq": 1,
                        "state": "away", "chats": {chat.clone(): 0},
                    });
                    let answer = socket.ask(name, payload).await;
                    if answer["ok"] == true { json!("") } else { answer["error"]["code"].clone() }
                }
            };
            if code != *expected {
                wrong.push(format!("{name} by {actor}: {code}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
