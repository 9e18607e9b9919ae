//! The web app, embedded into the binary.

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use kit::http::Failure;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct WebApp;

/// What the web app's pages may do: everything from here, nothing from elsewhere.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'",
);
const PERMISSIONS: HeaderValue =
    HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()");
/// Hashed names: a file of that name never changes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Ask whether it changed, each time.
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// Answers what no other route does: a file of the web app, or its page for a path of its own.
pub(crate) async fn serve(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let is_service = ["api", "auth", "socket.io", "assets"].iter().any(|first| {
        path == *first || path.strip_prefix(first).is_some_and(|p| p.starts_with('/'))
    });
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let code =
            if is_service { api::ErrorCode::NotFound } else { api::ErrorCode::MethodNotAllowed };
        return Failure::from(code).into_response();
    }
    let headers = request.headers();
    if path.is_empty() || path == "index.html" {
        return page(headers);
    }
    // Browsers ask for this one by themselves, on the issuer's pages too.
    let path = if path == "favicon.ico" { "icon.svg" } else { path };
    match file(path, headers) {
        Some(response) => response,
        // A file that is gone must not be answered with a page: a browser would run it as a script.
        None if is_service || path.rsplit('/').next().is_some_and(|name| name.contains('.')) => {
            Failure::from(api::ErrorCode::NotFound).into_response()
        }
        None => page(headers),
    }
}

fn page(headers: &HeaderMap) -> Response {
    match file("index.html", headers) {
        Some(response) => response,
        None => (
            StatusCode::NOT_FOUND,
            "This program was built without the web app. Build it with `make build`.\n",
        )
            .into_response(),
    }
}

fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let original = WebApp::get(path)?;
    let kind = kind_of(&original);
    let (encoding, file) = encoded(path, headers).unwrap_or((None, original));
    let tag = tag_of(&file, encoding);
    let mut response = if headers.get(header::IF_NONE_MATCH).is_some_and(|known| *known == tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        file.data.into_owned().into_response()
    };
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, kind);
    answer.insert(header::ETAG, tag);
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let caching = if path.starts_with("assets/") { FOREVER } else { ASK };
    answer.insert(header::CACHE_CONTROL, caching);
    answer.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    answer.insert("permissions-policy", PERMISSIONS);
    if let Some(encoding) = encoding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

fn kind_of(file: &EmbeddedFile) -> HeaderValue {
    let kind = file.metadata.mimetype();
    let charset = if kind.starts_with("text/") { "; charset=utf-8" } else { "" };
    HeaderValue::from_str(&format!("{kind}{charset}"))
        .unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// The smallest copy that the browser takes, where the build made one.
fn encoded(path: &str, headers: &HeaderMap) -> Option<(Option<&'static str>, EmbeddedFile)> {
    let accepted = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| accepted.split(',').any(|part| names(part, encoding)))
        .find_map(|(encoding, ending)| {
            Some((Some(encoding), WebApp::get(&format!("{path}.{ending}"))?))
        })
}

fn names(part: &str, encoding: &str) -> bool {
    part.split(';').next().is_some_and(|name| name.trim() == encoding)
}

fn tag_of(file: &EmbeddedFile, encoding: Option<&str>) -> HeaderValue {
    let hash = file.metadata.sha256_hash();
    let hex: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&format!("\"{hex}{}\"", encoding.unwrap_or_default()))
        .unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether the web app is in this binary.
pub(crate) fn is_embedded() -> bool {
    WebApp::get("index.html").is_some()
}
