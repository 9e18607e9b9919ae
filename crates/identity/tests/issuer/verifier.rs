//! The verifier against forged, foreign and stale tokens; the keys behind it.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use crate::support::{ISSUER, World};
use api::told::Told;
use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256,
        RSA_PSS_SHA256, RsaEncoding,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::future::{BoxFuture, join_all};
use identity::{KeySet, KeySource, KeysUnavailable, Verifier, VerifierConfig};
use kernel::{Clock, ManualClock, SessionId, Timestamp, UserId};
use kit::{
    bus::{Bus, InProcessBus},
    http::Authenticator,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

const SUB: &str = "01920000-0000-7abc-8fff-ffffffffffff";
const SID: &str = "01920000-0000-7abc-8fff-fffffffffffe";
const NOW: i64 = 1_800_000_000;

/// An issuer of our own making, whose keys can be changed and fetched.
struct Forge {
    key: EcdsaKeyPair,
    published: Mutex<Arc<KeySet>>,
    next: Mutex<Option<Arc<KeySet>>>,
    refreshed: AtomicUsize,
}

impl Forge {
    fn new() -> Arc<Self> {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let forge = Self {
            key,
            published: Mutex::default(),
            next: Mutex::default(),
            refreshed: AtomicUsize::new(0),
        };
        *forge.published.lock().unwrap() = forge.keys("k1");
        Arc::new(forge)
    }

    fn jwk(&self, kid: &str) -> Value {
        let public = self.key.public_key().as_ref();
        json!({
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": kid,
            "x": URL_SAFE_NO_PAD.encode(&public[1..33]),
            "y": URL_SAFE_NO_PAD.encode(&public[33..]),
        })
    }

    fn keys(&self, kid: &str) -> Arc<KeySet> {
        let junk = json!({"kty": "oct", "kid": "secret", "alg": "HS256", "k": "AAAA"});
        let broken = json!({"kty": "EC", "kid": 5});
        let document = json!({"keys": [junk, broken, self.jwk(kid)]});
        Arc::new(KeySet::from_jwks(&document.to_string()).unwrap())
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let signature = self.key.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }

    fn token(&self, claims: &Value) -> String {
        self.sign(&header(), claims)
    }
}

impl KeySource for Forge {
    fn current(&self) -> Arc<KeySet> {
        Arc::clone(&self.published.lock().unwrap())
    }

    fn refresh(&self) -> BoxFuture<'_, Result<(), KeysUnavailable>> {
        self.refreshed.fetch_add(1, Ordering::SeqCst);
        let next = self.next.lock().unwrap().clone();
        Box::pin(async move {
            let next = next.ok_or_else(|| KeysUnavailable("away".into()))?;
            *self.published.lock().unwrap() = next;
            Ok(())
        })
    }
}

fn message(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

fn header() -> Value {
    json!({"alg": "ES256", "kid": "k1", "typ": "JWT"})
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": SUB, "sid": SID, "aud": ["thread", "account"], "azp": "thread-web",
        "typ": "Bearer", "iat": NOW, "exp": NOW + 300, "preferred_username": "ada",
        "realm_access": {"roles": ["member"]},
    })
}

fn changed(mut value: Value, name: &str, to: Value) -> Value {
    let object = value.as_object_mut().unwrap();
    if to.is_null() {
        object.remove(name);
    } else {
        object.insert(name.to_owned(), to);
    }
    value
}

fn verifier(forge: &Arc<Forge>) -> (Arc<Verifier>, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::starting_at(Timestamp::from_millis(NOW * 1000)));
    let shared: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
    let source: Arc<dyn KeySource> = Arc::<Forge>::clone(forge);
    let verifier = Verifier::new(source, VerifierConfig::for_issuer(ISSUER), shared);
    (Arc::new(verifier), clock)
}

async fn accepts(verifier: &Verifier, token: &str) -> bool {
    verifier.authenticate(token).await.is_ok()
}

#[tokio::test]
async fn a_good_token_names_its_caller() {
    let forge = Forge::new();
    let (verifier, _) = verifier(&forge);
    let caller = verifier.authenticate(&forge.token(&claims())).await.unwrap();
    assert_eq!(caller.user_id, SUB.parse::<UserId>().unwrap());
    assert_eq!(caller.session_id, Some(SID.parse::<SessionId>().unwrap()));
    assert_eq!((caller.username.as_str(), caller.is_admin()), ("ada", false));
    let by_client = changed(claims(), "aud", json!("account"));
    assert!(accepts(&verifier, &forge.token(&by_client)).await);
    let by_audience = changed(changed(claims(), "aud", json!("thread")), "azp", json!("bot"));
    assert!(accepts(&verifier, &forge.token(&by_audience)).await);
}

#[tokio::test]
async fn the_key_decides_the_algorithm() {
    let forge = Forge::new();
    let (verifier, _) = verifier(&forge);
    let good = forge.token(&claims());
    let (body, signature) = good.rsplit_once('.').unwrap();
    let public = forge.key.public_key().as_ref().to_vec();
    let mut forged = vec![
        format!("{body}."),
        body.to_owned(),
        format!("{body}.{}", URL_SAFE_NO_PAD.encode([0; 64])),
        format!("{good}."),
        format!("{good}.{signature}"),
        format!(".{good}"),
        "..".to_owned(),
        String::new(),
        "a".repeat(9_000),
    ];
    for alg in ["none", "nOnE", "NONE", "", "HS256", "RS256", "PS256", "ES384", "EdDSA"] {
        let header = changed(header(), "alg", json!(alg));
        forged.push(forge.sign(&header, &claims()));
        forged.push(format!("{}.", message(&header, &claims())));
    }
    let jwk = forge.jwk("k1").to_string();
    let secrets: [&[u8]; 3] = [&public, jwk.as_bytes(), b""];
    for secret in secrets {
        let message = message(&changed(header(), "alg", json!("HS256")), &claims());
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        forged.push(format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref())));
    }
    let other = Forge::new();
    forged.push(other.token(&claims()));
    for name in ["jwk", "jku", "x5u", "x5c"] {
        let value = if name == "jwk" { other.jwk("k1") } else { json!("http://evil.example") };
        forged.push(other.sign(&changed(header(), name, value), &claims()));
    }
    for kid in
        [json!("secret"), json!("../../dev/null"), json!("' OR 1=1 --"), json!(1), Value::Null]
    {
        forged.push(forge.sign(&changed(header(), "kid", kid), &claims()));
    }
    forged.push(forge.sign(&changed(header(), "crit", json!(["exp"])), &claims()));
    for token in forged {
        assert!(!accepts(&verifier, &token).await, "{token}");
    }
    // A header that only names a key is not read: the token is judged by the configured one.
    let named = forge.sign(&changed(header(), "jku", json!("http://evil.example")), &claims());
    assert!(accepts(&verifier, &named).await);
}

#[tokio::test]
async fn rs256_is_for_rsa_keys_alone() {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let public = key.public_key();
    let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let jwk = json!({
        "kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k1",
        "n": number(public.modulus().big_endian_without_leading_zero()),
        "e": number(public.exponent().big_endian_without_leading_zero()),
    });
    let forge = Forge::new();
    let document = json!({"keys": [jwk]}).to_string();
    *forge.published.lock().unwrap() = Arc::new(KeySet::from_jwks(&document).unwrap());
    let (verifier, _) = verifier(&forge);
    let sign = |alg: &str, padding: &'static dyn RsaEncoding| {
        let message = message(&changed(header(), "alg", json!(alg)), &claims());
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(padding, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    };
    assert!(accepts(&verifier, &sign("RS256", &RSA_PKCS1_SHA256)).await);
    for (alg, padding) in [
        ("PS256", &RSA_PSS_SHA256),
        ("RS256", &RSA_PSS_SHA256),
        ("RS512", &RSA_PKCS1_SHA256),
        ("ES256", &RSA_PKCS1_SHA256),
    ] as [(&str, &'static dyn RsaEncoding); 4]
    {
        assert!(!accepts(&verifier, &sign(alg, padding)).await, "{alg}");
    }
    assert!(!accepts(&verifier, &forge.token(&claims())).await, "an ES256 token");
}

#[tokio::test]
async fn every_claim_that_grants_something_is_required() {
    let forge = Forge::new();
    let (verifier, _) = verifier(&forge);
    for (name, values) in [
        ("iss", vec![json!("http://evil.example"), json!([ISSUER]), json!(1), Value::Null]),
        ("sub", vec![json!("ada"), json!(""), json!(1), Value::Null]),
        ("sid", vec![json!("x"), json!(1)]),
        ("typ", vec![json!("ID"), json!("Refresh"), json!("bearer"), Value::Null]),
        ("exp", vec![json!(NOW - 6), json!("2000000000"), json!(-1), Value::Null]),
        ("nbf", vec![json!(NOW + 6), json!("x")]),
        ("aud", vec![json!({"a": 1}), json!(5)]),
    ] {
        for value in values {
            let token = forge.token(&changed(claims(), name, value.clone()));
            assert!(!accepts(&verifier, &token).await, "{name} {value}");
        }
    }
    for audience in [json!("account"), json!([]), json!("threads"), Value::Null] {
        let foreign = changed(changed(claims(), "aud", audience), "azp", json!("other"));
        assert!(!accepts(&verifier, &forge.token(&foreign)).await);
    }
}

#[tokio::test]
async fn a_token_runs_out_even_when_it_was_verified_before() {
    let forge = Forge::new();
    let (verifier, clock) = verifier(&forge);
    let token = forge.token(&claims());
    assert!(accepts(&verifier, &token).await);
    clock.advance(Duration::from_secs(304));
    assert!(accepts(&verifier, &token).await, "within the leeway");
    clock.advance(Duration::from_secs(1));
    assert!(!accepts(&verifier, &token).await);
    let early =
        forge.token(&changed(changed(claims(), "nbf", json!(NOW + 320)), "exp", json!(NOW + 900)));
    assert!(!accepts(&verifier, &early).await);
    clock.advance(Duration::from_secs(10));
    assert!(accepts(&verifier, &early).await, "a refusal is not remembered");
}

#[tokio::test]
async fn an_ended_session_or_a_withdrawn_key_ends_trust_at_once() {
    let forge = Forge::new();
    let (verifier, _) = verifier(&forge);
    let token = forge.token(&claims());
    assert!(accepts(&verifier, &token).await);
    *forge.published.lock().unwrap() = forge.keys("k2");
    assert!(!accepts(&verifier, &token).await, "its key is gone");
    *forge.published.lock().unwrap() = forge.keys("k1");
    assert!(accepts(&verifier, &token).await);
    verifier.end_session(SID.parse().unwrap());
    assert!(!accepts(&verifier, &token).await, "its session is over");
}

#[tokio::test]
async fn an_ended_session_is_heard_of_on_the_bus() {
    let forge = Forge::new();
    let (verifier, _) = verifier(&forge);
    let bus = InProcessBus::default();
    let stop = CancellationToken::new();
    let task = verifier.task(&bus);
    let running = tokio::spawn((task.run)(stop.clone()));
    let token = forge.token(&claims());
    assert!(accepts(&verifier, &token).await);
    let session_id = SID.parse().unwrap();
    let _confirm = bus.publish(Told::SessionEnded { session_id }).await.unwrap();
    while accepts(&verifier, &token).await {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn an_unknown_key_asks_the_issuer_once_a_minute() {
    let forge = Forge::new();
    let (verifier, clock) = verifier(&forge);
    let unknown = forge.sign(&changed(header(), "kid", json!("k2")), &claims());
    join_all((0..50).map(|_| accepts(&verifier, &unknown))).await;
    assert_eq!(forge.refreshed.load(Ordering::SeqCst), 1);
    clock.advance(Duration::from_secs(59));
    assert!(!accepts(&verifier, &unknown).await);
    assert_eq!(forge.refreshed.load(Ordering::SeqCst), 1);
    assert!(accepts(&verifier, &forge.token(&claims())).await, "the issuer is away, its keys stay");

    clock.advance(Duration::from_secs(1));
    *forge.next.lock().unwrap() = Some(forge.keys("k2"));
    assert!(accepts(&verifier, &unknown).await);
    assert_eq!(forge.refreshed.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn keys_rotate_without_refusing_anybody() {
    let world = World::start().await;
    world.add("ada").await;
    let certs = "/auth/realms/thread/protocol/openid-connect/certs";
    let kids = async || {
        let document = world.browser().get(certs).await.json();
        let keys = document["keys"].as_array().unwrap().clone();
        assert!(keys.iter().all(|key| key["alg"] == "ES256" && key.get("d").is_none()));
        keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let verifier = world.verifier();
    let before = world.sign_in("ada").await["access_token"].as_str().unwrap().to_owned();
    let known = kids().await;
    assert_eq!(known.len(), 2, "the next key is published before it signs");
    world.issuer.rotate_keys().await.unwrap();
    let after = world.sign_in("ada").await["access_token"].as_str().unwrap().to_owned();
    let kid = after.split('.').next().map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let kid: Value = serde_json::from_slice(&kid.unwrap()).unwrap();
    assert!(known.contains(&kid["kid"].as_str().unwrap().to_owned()));
    assert_ne!(before.split('.').next(), after.split('.').next());
    assert!(accepts(&verifier, &before).await && accepts(&verifier, &after).await);
    assert_eq!(kids().await.len(), 3);

    world.advance(Duration::from_secs(24 * 3_600));
    world.issuer.tidy().await.unwrap();
    assert_eq!(kids().await.len(), 2, "the old key is withdrawn");
    world.advance(Duration::from_secs(30 * 24 * 3_600));
    world.issuer.tidy().await.unwrap();
    assert_eq!(kids().await.len(), 3, "a key signs for 30 days");
}

#[tokio::test]
async fn id_and_refresh_tokens_are_no_access_tokens() {
    let world = World::start().await;
    world.add("ada").await;
    let verifier = world.verifier();
    let tokens = world.sign_in("ada").await;
    for (name, good) in [("access_token", true), ("id_token", false), ("refresh_token", false)] {
        let token = tokens[name].as_str().unwrap();
        assert_eq!(accepts(&verifier, token).await, good, "{name}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_with_the_keys_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::start().await;
    world.add("ada").await;
    let dir = world.dir.as_ref().unwrap().path();
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
    }
}
