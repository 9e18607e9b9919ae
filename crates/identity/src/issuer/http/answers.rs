//! Pages and redirects as answers.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use url::Url;

/// A page. `form_to` is where its form may lead besides this origin: Chromium applies
/// `form-action` to the redirect that follows the form as well.
pub(super) fn page(status: StatusCode, html: String, form_to: Option<&str>) -> Response {
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    let origin = form_to.and_then(origin_of).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'{origin}; \
         frame-ancestors 'none'; base-uri 'none'"
    );
    if let Ok(value) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::VARY, "accept-language, cookie"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A space and the origin of an address.
fn origin_of(address: &str) -> Option<String> {
    let origin = Url::parse(address).ok()?.origin();
    origin.is_tuple().then(|| format!(" {}", origin.ascii_serialization()))
}

/// A redirect to a registered address with these parameters added.
pub(super) fn redirect(
    status: StatusCode,
    address: &str,
    parameters: &[(&str, Option<&str>)],
) -> Response {
    let Ok(mut url) = Url::parse(address) else {
        // Registered addresses were compared as text; one that is no URL leads nowhere.
        return StatusCode::BAD_REQUEST.into_response();
    };
    for (name, value) in parameters {
        if let Some(value) = value {
            url.query_pairs_mut().append_pair(name, value);
        }
    }
    let mut response = status.into_response();
    let headers = response.headers_mut();
    // A serialised URL is ASCII.
    if let Ok(value) = HeaderValue::from_str(url.as_str()) {
        headers.insert(header::LOCATION, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// Adds a header to an answer.
pub(super) fn with_header(mut response: Response, name: HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().append(name, value);
    }
    response
}
