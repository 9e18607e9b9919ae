//! The service behind a router, with people who carry tokens of their own name.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use api::{ErrorCode, Problem};
use axum::{Extension, Router, body::Body, extract::DefaultBodyLimit};
use futures::future::BoxFuture;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kernel::{ChatId, MessageId, Secret, Timestamp, UserId, limits::BODY_BYTES};
use kit::{
    bus::InProcessBus,
    http::{Authenticator, Caller},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{
    Deps, Directory, Unavailable,
    laws::support::{ids, user},
    module,
};

/// People that there are.
const PEOPLE: u128 = 50;
/// Who has blocked person 2.
pub(super) const BLOCKER: u128 = 8;

struct Tokens;

impl Authenticator for Tokens {
    fn authenticate<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Caller, Problem>> {
        Box::pin(async move {
            let (roles, number) = match token.strip_prefix("admin") {
                Some(number) => (vec!["admin".to_owned()], number),
                None => (Vec::new(), token.trim_start_matches('u')),
            };
            let number: u128 = number.parse().map_err(|_| ErrorCode::Unauthenticated)?;
            Ok(Caller {
                user_id: user(number),
                session_id: None,
                username: format!("user{number}"),
                name: None,
                email: None,
                roles,
                expires_at: Timestamp::from_millis(i64::MAX),
                token: Secret::new(token),
            })
        })
    }
}

struct People;

impl Directory for People {
    fn known<'a>(
        &'a self,
        ids: &'a [UserId],
    ) -> BoxFuture<'a, Result<HashSet<UserId>, Unavailable>> {
        let known: HashSet<UserId> = (0..PEOPLE).map(user).collect();
        Box::pin(async move { Ok(ids.iter().copied().filter(|id| known.contains(id)).collect()) })
    }

    fn by_username<'a>(
        &'a self,
        usernames: &'a [String],
    ) -> BoxFuture<'a, Result<HashMap<String, UserId>, Unavailable>> {
        let found = usernames.iter().filter_map(|name| {
            let number = name.strip_prefix("user")?.parse::<u128>().ok()?;
            (number < PEOPLE).then(|| (name.clone(), user(number)))
        });
        let found = found.collect();
        Box::pin(async move { Ok(found) })
    }

    fn blocked_by<'a>(
        &'a self,
        by: UserId,
        others: &'a [UserId],
    ) -> BoxFuture<'a, Result<HashSet<UserId>, Unavailable>> {
        let blocked =
            others.iter().copied().filter(|other| by == user(2) && *other == user(BLOCKER));
        let blocked = blocked.collect();
        Box::pin(async move { Ok(blocked) })
    }
}

/// The service.
pub(super) struct App {
    router: Router,
    pub(super) description: utoipa::openapi::OpenApi,
    _directory: tempfile::TempDir,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) json: Value,
}

impl Answer {
    /// The problem's code.
    pub(super) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// The body of an answer with that status.
    #[track_caller]
    pub(super) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.json);
        self.json
    }

    /// Asserts that it is refused like that, and well.
    #[track_caller]
    pub(super) fn refused(&self, code: ErrorCode) {
        assert_eq!((self.status, self.code()), (code.status(), code.as_str()), "{}", self.json);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(self.json["status"], self.status);
    }
}

impl App {
    pub(super) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (module, _) = module(Deps {
            data_dir: directory.path().to_owned(),
            ids: ids(),
            bus: Arc::new(InProcessBus::default()),
            directory: Arc::new(People),
        })
        .unwrap();
        let (router, description) = module.routes.split_for_parts();
        let tokens: Arc<dyn Authenticator> = Arc::new(Tokens);
        let router = router.layer(Extension(tokens)).layer(DefaultBodyLimit::max(BODY_BYTES));
        Self { router, description, _directory: directory }
    }

    /// Sends a request; a string is sent as it is.
    pub(super) async fn send(
        &self,
        token: Option<&str>,
        call: &str,
        body: Option<(&str, String)>,
    ) -> Answer {
        let (method, path) = call.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = match body {
            None => Body::empty(),
            Some((kind, text)) => {
                if !kind.is_empty() {
                    request = request.header(header::CONTENT_TYPE, kind);
                }
                Body::from(text)
            }
        };
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        assert_ne!(parts.status, StatusCode::INTERNAL_SERVER_ERROR, "{call}");
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    /// A call of person `n`, with a JSON body unless it is `null`.
    pub(super) async fn call(&self, n: u128, call: &str, body: Value) -> Answer {
        let body = (!body.is_null()).then(|| ("application/json", body.to_string()));
        self.send(Some(&format!("u{n}")), call, body).await
    }

    /// Makes a chat.
    pub(super) async fn chat(&self, by: u128, body: Value) -> ChatId {
        let chat = self.call(by, "POST /api/chats", body).await.expect(201);
        serde_json::from_value(chat["id"].clone()).unwrap()
    }

    /// Posts a message.
    pub(super) async fn post(&self, by: u128, chat: ChatId, key: u128, text: &str) -> MessageId {
        let body = json!({"client_id": key_of(key), "text": text});
        let posted = self.call(by, &format!("POST /api/chats/{chat}/messages"), body).await;
        serde_json::from_value(posted.expect(201)["message"]["id"].clone()).unwrap()
    }
}

pub(super) fn key_of(n: u128) -> String {
    crate::laws::support::client(n).to_string()
}
