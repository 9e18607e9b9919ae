//! A running issuer, and a small browser to talk to it over real HTTP.

use std::{collections::BTreeMap, net::SocketAddr, num::NonZeroU32, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use identity::{Embedded, EmbeddedConfig, NewAccount, Verifier, VerifierConfig};
use kernel::{Clock, Ids, ManualClock, Random, Secret, Timestamp};
use kit::{
    bus::InProcessBus,
    http::{HttpServer, RateLimits, ServerLimits},
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;
use url::{Url, form_urlencoded};

pub(crate) const PUBLIC_URL: &str = "http://thread.test";
pub(crate) const ISSUER: &str = "http://thread.test/auth/realms/thread";
pub(crate) const CALLBACK: &str = "http://thread.test/api/users/session/callback";
pub(crate) const AUTH: &str = "/auth/realms/thread/protocol/openid-connect/auth";
pub(crate) const TOKEN: &str = "/auth/realms/thread/protocol/openid-connect/token";
pub(crate) const LOGOUT: &str = "/auth/realms/thread/protocol/openid-connect/logout";
pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const VERIFIER: &str = "a-code-verifier-that-is-long-enough-for-rfc-7636";

struct RealChance;

impl Random for RealChance {
    fn fill(&self, bytes: &mut [u8]) {
        aws_lc_rs::rand::fill(bytes).unwrap();
    }
}

/// A running issuer.
pub(crate) struct World {
    pub(crate) dir: Option<TempDir>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ids: Ids,
    pub(crate) bus: Arc<InProcessBus>,
    pub(crate) issuer: Arc<Embedded>,
    pub(crate) address: SocketAddr,
    stop: CancellationToken,
}

impl World {
    /// A new installation without rate limits.
    pub(crate) async fn start() -> Self {
        Self::limited(false).await
    }

    /// A new installation.
    pub(crate) async fn limited(limits: bool) -> Self {
        // The relying party compares with the real time.
        #[expect(clippy::disallowed_methods, reason = "where the test's clock begins")]
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let now = Timestamp::from_millis(i64::try_from(now.as_millis()).unwrap());
        let clock = Arc::new(ManualClock::starting_at(now));
        Self::open(tempfile::tempdir().unwrap(), clock, limits).await
    }

    /// Stops it and starts it again on the same data.
    pub(crate) async fn restarted(mut self) -> Self {
        self.stop.cancel();
        let dir = self.dir.take().unwrap();
        let clock = Arc::clone(&self.clock);
        drop(self);
        Self::open(dir, clock, false).await
    }

    async fn open(dir: TempDir, clock: Arc<ManualClock>, limits: bool) -> Self {
        let shared: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let ids = Ids::new(shared, Arc::new(RealChance));
        let bus = Arc::new(InProcessBus::default());
        let public_url = Url::parse(PUBLIC_URL).unwrap();
        let issuer = Embedded::open(
            EmbeddedConfig::new(dir.path(), &public_url),
            ids.clone(),
            Arc::<InProcessBus>::clone(&bus),
            Arc::new(RateLimits::new(limits, identity::RATE_LIMITS)),
        )
        .unwrap();
        let module = issuer.module();
        let stop = CancellationToken::new();
        for task in module.tasks {
            tokio::spawn((task.run)(stop.clone()));
        }
        let (router, _) = module.routes.split_for_parts();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = HttpServer::new(listener, ServerLimits::default(), Vec::new());
        tokio::spawn(server.serve(router, stop.clone()));
        Self { dir: Some(dir), clock, ids, bus, issuer, address, stop }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser { address: self.address, cookies: BTreeMap::new(), language: "en".to_owned() }
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    pub(crate) fn verifier(&self) -> Verifier {
        Verifier::new(
            self.issuer.keys(),
            VerifierConfig::for_issuer(ISSUER),
            Arc::<ManualClock>::clone(&self.clock),
        )
    }

    pub(crate) async fn add(&self, username: &str) -> identity::Account {
        self.issuer.admin().add(person(username)).await.unwrap()
    }

    /// Asks the token endpoint.
    pub(crate) async fn token(&self, form: &[(&str, &str)]) -> Reply {
        self.browser().post(TOKEN, form).await
    }

    /// Tokens for a username and the usual password.
    pub(crate) async fn sign_in(&self, username: &str) -> Value {
        let reply = self
            .token(&[
                ("grant_type", "password"),
                ("client_id", "thread-cli"),
                ("username", username),
                ("password", PASSWORD),
                ("scope", "openid"),
            ])
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        reply.json()
    }

    pub(crate) async fn refresh(&self, client_id: &str, token: &str) -> Reply {
        self.token(&[
            ("grant_type", "refresh_token"),
            ("client_id", client_id),
            ("refresh_token", token),
        ])
        .await
    }

    /// Exchanges a code with the usual verifier.
    pub(crate) async fn exchange(&self, code: &str) -> Reply {
        self.exchange_with(code, VERIFIER).await
    }

    pub(crate) async fn exchange_with(&self, code: &str, verifier: &str) -> Reply {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("client_id", "thread-web"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", verifier),
        ])
        .await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(crate) fn person(username: &str) -> NewAccount {
    NewAccount {
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        password: Secret::new(PASSWORD),
        display_name: None,
        locale: None,
    }
}

pub(crate) fn limit(name: &str) -> NonZeroU32 {
    let (_, burst, _) = identity::RATE_LIMITS.iter().find(|(one, _, _)| *one == name).unwrap();
    *burst
}

pub(crate) fn challenge_of(verifier: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
    URL_SAFE_NO_PAD.encode(hash.as_ref())
}

/// The path of a good authorization request, with some parameters changed (`None` leaves out).
pub(crate) fn auth_path(changes: &[(&str, Option<&str>)]) -> String {
    let challenge = challenge_of(VERIFIER);
    let mut parameters: BTreeMap<&str, &str> = BTreeMap::from([
        ("response_type", "code"),
        ("client_id", "thread-web"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid profile email"),
        ("state", "the state"),
        ("nonce", "the-nonce"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    for (name, value) in changes {
        match value {
            Some(value) => parameters.insert(name, value),
            None => parameters.remove(name),
        };
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{AUTH}?{query}")
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }

    /// A parameter of the address that the answer redirects to.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let url = Url::parse(self.header("location")).unwrap();
        url.query_pairs().find(|(one, _)| one == name).map(|(_, value)| value.into_owned())
    }

    pub(crate) fn code(&self) -> String {
        self.parameter("code").unwrap()
    }

    /// The value of a hidden field of the page.
    pub(crate) fn field(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let rest = self.body.split(&start).nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// Where the page's form goes.
    pub(crate) fn action(&self) -> String {
        let rest = self.body.split("action=\"").nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

/// A browser: it keeps cookies and follows nothing by itself.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) address: SocketAddr,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) language: String,
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, &[], String::new()).await
    }

    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let kind = ("content-type", "application/x-www-form-urlencoded");
        self.send("POST", path, &[kind], body).await
    }

    /// Opens the sign-in page and sends its form.
    pub(crate) async fn sign_in(&mut self, path: &str, username: &str, password: &str) -> Reply {
        let page = self.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let request = page.field("request");
        let form = [("request", request.as_str()), ("username", username), ("password", password)];
        self.post(&page.action(), &form).await
    }

    /// Opens the sign-up page and sends its form.
    pub(crate) async fn sign_up(&mut self, username: &str, email: &str, password: &str) -> Reply {
        let page = self.get(&auth_path(&[("prompt", Some("create"))])).await;
        let request = page.field("request");
        let form = [
            ("request", request.as_str()),
            ("display_name", ""),
            ("username", username),
            ("email", email),
            ("password", password),
        ];
        self.post(&page.action(), &form).await
    }

    pub(crate) async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Reply {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             accept-language: {}\r\ncontent-length: {}\r\n",
            self.language,
            body.len()
        );
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            head.push_str(&format!("cookie: {}\r\n", cookies.join("; ")));
        }
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(format!("{head}\r\n{body}").as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let reply = parse(&String::from_utf8(bytes).unwrap());
        for cookie in reply.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }
}

fn parse(text: &str) -> Reply {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').unwrap();
        headers.append(
            HeaderName::try_from(name).unwrap(),
            HeaderValue::try_from(value.trim()).unwrap(),
        );
    }
    Reply { status: status.parse().unwrap(), headers, body: body.to_owned() }
}
