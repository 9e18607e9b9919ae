//! Who may come from a browser, on both transports.

use socketio::Origins;

use crate::client::{Answer, WebSocket, http};
use crate::{SOCKET_POLL, SOCKET_WS, Suite, start};

async fn endpoint(origins: Origins) -> Suite {
    start(|config| {
        crate::quiet(config);
        config.origins = origins;
    })
    .await
}

async fn polled(suite: &Suite, headers: &[&str]) -> Answer {
    http(suite.address, "GET", SOCKET_POLL, headers, b"").await
}

async fn status_of_websocket(suite: &Suite, headers: &[&str]) -> u16 {
    WebSocket::open(suite.address, SOCKET_WS, headers).await.map_or_else(|it| it.status, |_| 101)
}

/// Whether a request with these headers is let in; both transports must agree.
async fn allowed(suite: &Suite, headers: &[&str]) -> bool {
    let polling = polled(suite, headers).await.status;
    let websocket = status_of_websocket(suite, headers).await;
    match (polling, websocket) {
        (200, 101) => true,
        (403, 403) => false,
        other => panic!("{other:?}"),
    }
}

const HOST: &str = "Host: chat.example";

#[tokio::test]
async fn the_same_host_and_nobody_else() {
    let suite = endpoint(Origins::SameHost(Vec::new())).await;
    assert!(allowed(&suite, &[HOST]).await, "native clients send no Origin");
    for origin in [
        "https://chat.example",
        "http://chat.example",
        "https://chat.example:443",
        "http://chat.example:80",
        "HTTPS://CHAT.EXAMPLE",
    ] {
        assert!(allowed(&suite, &[HOST, &format!("Origin: {origin}")]).await, "{origin}");
    }
    for origin in [
        "null",
        "",
        "https://evil.example",
        "https://evilchat.example",
        "https://chat.example.evil.example",
        "https://sub.chat.example",
        "https://chat.example:8443",
        "http://chat.example:443",
        "https://chat.example@evil.example",
        "https://evil.example/chat.example",
        "https://chat.example/",
        "https://chat.example evil.example",
        "file://",
        "file://chat.example",
        "chat.example",
        "https://",
    ] {
        assert!(!allowed(&suite, &[HOST, &format!("Origin: {origin}")]).await, "{origin}");
    }
    let twice = [HOST, "Origin: https://chat.example", "Origin: https://evil.example"];
    assert!(!allowed(&suite, &twice).await);
    assert!(allowed(&suite, &["Host: localhost:8080", "Origin: http://localhost:8080"]).await);
    assert!(!allowed(&suite, &["Host: localhost:8080", "Origin: http://localhost:8081"]).await);
    assert!(suite.echoes.socket_io.stats().refused_origins >= 36);
}

#[tokio::test]
async fn a_list_of_hosts_stops_rebinding() {
    let suite = endpoint(Origins::SameHost(vec!["chat.example".into()])).await;
    assert!(allowed(&suite, &[HOST, "Origin: https://chat.example"]).await);
    assert!(!allowed(&suite, &["Host: evil.example", "Origin: https://evil.example"]).await);
}

#[tokio::test]
async fn the_same_host_and_a_list_besides() {
    let suite = endpoint(Origins::SameHostOr(vec!["https://app.example".into()])).await;
    for origin in ["https://chat.example", "http://chat.example", "https://app.example"] {
        assert!(allowed(&suite, &[HOST, &format!("Origin: {origin}")]).await, "{origin}");
    }
    for origin in ["https://evil.example", "http://app.example", "null", "file://app.example"] {
        assert!(!allowed(&suite, &[HOST, &format!("Origin: {origin}")]).await, "{origin}");
    }
}

#[tokio::test]
async fn a_list_of_origins_is_exact() {
    let list = vec!["https://app.example".into(), "tauri://localhost".into()];
    let suite = endpoint(Origins::List(list)).await;
    for origin in ["https://app.example", "https://app.example:443", "tauri://localhost"] {
        assert!(allowed(&suite, &[HOST, &format!("Origin: {origin}")]).await, "{origin}");
    }
    for origin in ["https://chat.example", "http://app.example", "https://app.example:444", "null"]
    {
        assert!(!allowed(&suite, &[HOST, &format!("Origin: {origin}")]).await, "{origin}");
    }
}

#[tokio::test]
async fn allowed_pages_may_read_the_answers() {
    let suite = endpoint(Origins::List(vec!["https://app.example".into()])).await;
    let origin = "Origin: https://app.example";
    let answer = polled(&suite, &[HOST, origin]).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://app.example"));
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(answer.header("vary"), Some("Origin"));
    // Errors too, or the client could not tell them.
    let error = http(suite.address, "GET", "/socket.io/", &[HOST, origin], b"").await;
    assert_eq!(error.status, 400);
    assert_eq!(error.header("access-control-allow-origin"), Some("https://app.example"));
    let plain = polled(&suite, &[HOST]).await;
    assert_eq!(plain.header("access-control-allow-origin"), None);

    let ask = [
        HOST,
        origin,
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: content-type",
    ];
    let preflight = http(suite.address, "OPTIONS", SOCKET_POLL, &ask, b"").await;
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("https://app.example"));
    assert_eq!(preflight.header("access-control-allow-headers"), Some("content-type"));
    assert!(preflight.header("access-control-allow-methods").unwrap().contains("POST"));
    let foreign = [HOST, "Origin: https://evil.example", "Access-Control-Request-Method: POST"];
    let refused = http(suite.address, "OPTIONS", SOCKET_POLL, &foreign, b"").await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn any_means_any_but_without_credentials() {
    let suite = endpoint(Origins::Any).await;
    let answer = polled(&suite, &[HOST, "Origin: null"]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
}

#[tokio::test]
async fn a_session_is_no_way_around_the_origin() {
    let suite = endpoint(Origins::List(vec!["https://app.example".into()])).await;
    let session = suite.polling(SOCKET_POLL).await;
    let evil = [HOST, "Origin: https://evil.example"];
    assert_eq!(http(suite.address, "POST", &session, &evil, b"40").await.status, 403);
    assert_eq!(http(suite.address, "GET", &session, &evil, b"").await.status, 403);
    let upgrade = WebSocket::open(suite.address, &Suite::upgrade_of(&session), &evil).await;
    assert_eq!(upgrade.err().unwrap().status, 403);
}
