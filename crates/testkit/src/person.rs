//! A person who uses the program over REST.

use kernel::UserId;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Program, Socket};

/// Somebody who signed up and in.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their id.
    pub id: UserId,
    /// Their username.
    pub username: String,
    /// Their password.
    pub password: String,
    /// Their access token.
    pub token: String,
    /// Their refresh token.
    pub refresh_token: String,
    base: String,
    http: reqwest::Client,
}

/// The answer to a call.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its body; `null` when there is none.
    pub body: Value,
    /// Its headers.
    pub headers: http::HeaderMap,
}

impl Answer {
    /// Reads an answer.
    pub async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.unwrap_or_default();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Self { status, body, headers }
    }

    /// The body, of an answer with that status.
    ///
    /// # Panics
    /// The status is another one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    /// Asserts that the call was refused so.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.body["code"], code, "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
    }
}

impl Person {
    pub(crate) async fn sign_up(program: &Program, name: &str) -> Self {
        let username = random_name(name);
        let password = format!("correct horse {username}");
        let register = json!({
            "username": username,
            "email": format!("{username}@example.org"),
            "password": password,
            "display_name": name,
        });
        let post = program.http.post(program.url("/api/users/register")).json(&register);
        let user = Answer::read(post.send().await.unwrap()).await.expect(201)["user"].clone();
        let mut person = Self {
            id: user["id"].as_str().unwrap().parse().unwrap(),
            username,
            password,
            token: String::new(),
            refresh_token: String::new(),
            base: program.url(""),
            http: program.http.clone(),
        };
        person.sign_in().await;
        person
    }

    /// Signs in anew.
    pub async fn sign_in(&mut self) {
        let login = json!({"username": self.username, "password": self.password});
        let post = self.http.post(format!("{}/api/users/login", self.base)).json(&login);
        let tokens = Answer::read(post.send().await.unwrap()).await.expect(200);
        self.token = tokens["access_token"].as_str().unwrap().to_owned();
        self.refresh_token = tokens["refresh_token"].as_str().unwrap().to_owned();
    }

    /// A call in this person's name. `Value::Null` sends no body.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> Answer {
        let mut request =
            self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        if !body.is_null() {
            request = request.json(&body);
        }
        Answer::read(request.send().await.unwrap()).await
    }

    /// The same, where the program may be away: `None` then.
    pub async fn try_call(&self, method: Method, path: &str, body: &Value) -> Option<Answer> {
        let request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token)
            .json(body);
        Some(Answer::read(request.send().await.ok()?).await)
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, Value::Null).await
    }

    /// `POST`.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, body).await
    }

    /// `PUT`.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, body).await
    }

    /// `PATCH`.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PATCH, path, body).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, Value::Null).await
    }

    /// A socket in this person's name.
    pub async fn socket(&self) -> Socket {
        Socket::connect(&self.base, json!({"token": self.token}))
            .await
            .unwrap_or_else(|refusal| panic!("the socket was refused: {refusal:?}"))
    }

    /// Opens the direct chat with somebody; answers its id.
    pub async fn direct_chat(&self, other: &Self) -> String {
        let chat =
            self.post("/api/chats", json!({"kind": "direct", "participant_ids": [other.id]})).await;
        assert!(chat.status.is_success(), "{}", chat.body);
        chat.body["id"].as_str().unwrap().to_owned()
    }

    /// Makes a group with these people; answers its id.
    pub async fn group(&self, name: &str, others: &[&Self]) -> String {
        let ids: Vec<UserId> = others.iter().map(|other| other.id).collect();
        let group = json!({"kind": "group", "name": name, "participant_ids": ids});
        self.post("/api/chats", group).await.expect(201)["id"].as_str().unwrap().to_owned()
    }

    /// Makes a channel; answers its id.
    pub async fn channel(&self, name: &str, visibility: &str) -> String {
        let channel = json!({"kind": "channel", "name": name, "visibility": visibility});
        self.post("/api/chats", channel).await.expect(201)["id"].as_str().unwrap().to_owned()
    }

    /// Posts a message; answers it.
    pub async fn say(&self, chat: &str, text: &str) -> Value {
        let message = json!({"client_id": client_id(), "text": text});
        let posted = self.post(&format!("/api/chats/{chat}/messages"), message).await;
        posted.expect(201)["message"].clone()
    }
}

/// A new id for a write.
#[must_use]
pub fn client_id() -> String {
    Uuid::now_v7().to_string()
}

/// A username that nobody has.
#[must_use]
pub fn random_name(name: &str) -> String {
    let mut bytes = [0; 5];
    getrandom::fill(&mut bytes).unwrap();
    let tail: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{name}-{tail}")
}
