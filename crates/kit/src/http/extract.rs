//! Extractors that refuse with the contract's problems instead of axum's plain text.

use api::{ErrorCode, FieldError, Problem};
use axum::{
    extract::{FromRequest, FromRequestParts, Request, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{StatusCode, header, request::Parts};
use kernel::{
    Cursor, Limit,
    limits::{IDS_PER_CALL, JSON_DEPTH},
};
use serde::{Serialize, de::DeserializeOwned};

use super::Failure;

/// A JSON body in, a JSON body out.
///
/// In: 415 for another content type, 400 for what is no JSON or nests deeper than 32 levels, 413
/// beyond the body limit, 422 where a value is not of its field's type.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        if !is_json {
            return Err(Problem::new(ErrorCode::UnsupportedMediaType)
                .detail("send the body as application/json")
                .into());
        }
        let body = Bytes::from_request(request, state).await.map_err(refused_body)?;
        parse(&body).map(Self).map_err(Failure::from)
    }
}

fn refused_body(rejection: BytesRejection) -> Failure {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        ErrorCode::TooLarge.into()
    } else {
        Problem::new(ErrorCode::Malformed).detail("the body broke off").into()
    }
}

/// Reads a value from JSON that came from outside.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    if nests_deeper_than(body, JSON_DEPTH) {
        return Err(Problem::new(ErrorCode::Malformed)
            .detail(format!("the JSON nests deeper than {JSON_DEPTH} levels")));
    }
    serde_json::from_slice(body).map_err(|error| refused_json(&error))
}

/// Why JSON from outside could not be read, without quoting what was sent: 400 for what is no
/// JSON, 422 where a value is missing or not of its field's type.
#[must_use]
pub fn refused_json(error: &serde_json::Error) -> Problem {
    if error.is_data() {
        Problem::invalid(vec![FieldError::new(field_of(error), data_message(error))])
    } else {
        Problem::new(ErrorCode::Malformed).detail(format!(
            "no JSON at line {}, column {}",
            error.line(),
            error.column()
        ))
    }
}

/// The field that serde names, where it does.
fn field_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let named = text.starts_with("missing field") || text.starts_with("unknown field");
    match (named, text.split('`').nth(1)) {
        (true, Some(field)) => field.to_owned(),
        _ => "body".to_owned(),
    }
}

fn data_message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if text.starts_with("missing field") {
        return "is missing".to_owned();
    }
    let expected = text.split("expected ").nth(1).and_then(|rest| rest.split(" at line").next());
    match expected {
        Some(expected) => format!("expected {expected} at column {}", error.column()),
        None => format!("has a value that is not allowed at column {}", error.column()),
    }
}

/// Whether the JSON's brackets nest deeper than that. Strings are skipped; no recursion.
fn nests_deeper_than(json: &[u8], limit: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for byte in json {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => in_string = false,
            (true, _) => {}
            (false, b'"') => in_string = true,
            (false, b'[' | b'{') => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            (false, _) => {}
        }
    }
    false
}

/// The path's parameters; 400 when one can't be read.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Problem::new(ErrorCode::Malformed)
                .detail("an id in the path can't be read")
                .into()),
        }
    }
}

/// The query's parameters; 400 when one is missing or can't be read.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(_) => Err(Problem::new(ErrorCode::Malformed)
                .detail("a parameter is missing or can't be read")
                .into()),
        }
    }
}

/// The limit and position that a list is asked for.
///
/// # Errors
/// 422 for a limit outside 1 to 100, 400 for a cursor that is not ours.
pub fn page<P: DeserializeOwned>(
    limit: Option<u32>,
    cursor: Option<&str>,
) -> Result<(Limit, Option<P>), Problem> {
    let limit = Limit::new(limit)
        .ok_or_else(|| Problem::invalid_field("limit", "must be between 1 and 100"))?;
    let position = match cursor {
        None | Some("") => None,
        Some(text) => Some(Cursor::decode(text).map_err(|_| {
            Problem::new(ErrorCode::Malformed).detail("the cursor is not one of ours")
        })?),
    };
    Ok((limit, position))
}

/// The ids of a comma-separated parameter, each once.
///
/// # Errors
/// 400 when one is no id, 422 for more than 100.
pub fn ids<I: std::str::FromStr + PartialEq>(text: &str) -> Result<Vec<I>, Problem> {
    let mut ids = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let id = part.parse().map_err(|_| {
            Problem::new(ErrorCode::Malformed).detail("`ids` holds something that is no id")
        })?;
        if ids.len() == IDS_PER_CALL {
            return Err(Problem::invalid_field("ids", "at most 100 ids"));
        }
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_strings() {
        assert!(!nests_deeper_than(br#"{"a":"[[[[","b":"\"["}"#, 1));
        assert!(nests_deeper_than(b"[[[", 2));
        assert!(nests_deeper_than("[".repeat(10_000).as_bytes(), 32));
    }

    #[test]
    fn bad_json_is_told_without_quoting_it() {
        #[derive(Debug, serde::Deserialize)]
        #[expect(dead_code, reason = "only its shape matters")]
        struct Body {
            name: String,
        }
        let broken = parse::<Body>(br#"{"name": "#).unwrap_err();
        assert_eq!(broken.code, ErrorCode::Malformed);
        let missing = parse::<Body>(b"{}").unwrap_err();
        assert_eq!(missing.code, ErrorCode::Invalid);
        assert_eq!(missing.errors[0].field, "name");
        let typed = parse::<Body>(br#"{"name": 5550123}"#).unwrap_err();
        assert!(!format!("{typed:?}").contains("5550123"));
    }
}
