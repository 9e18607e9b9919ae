//! How calls are refused, for the description: the statuses besides success.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses, PartialSchema,
    openapi::{
        ContentBuilder, RefOr, Response, ResponseBuilder, ResponsesBuilder, header::HeaderBuilder,
    },
};

/// A call that reads.
pub(super) struct Reading;
/// A call that changes something and has no body.
pub(super) struct Changing;
/// A call that changes something and has a body.
pub(super) struct Writing;

const READING: &[(&str, &str)] = &[
    ("400", "`malformed`: an id, parameter or cursor can't be read"),
    ("401", "`unauthenticated`: no token, or not a good one"),
    ("403", "`not_a_participant`: a public channel that the caller is not in"),
    ("404", "`chat_not_found`, `message_not_found`: not there, or not the caller's to see"),
    ("422", "`invalid`: a value is out of its bounds, see `errors`"),
    ("503", "`unavailable`: come back after `Retry-After` seconds"),
];

const CHANGING: &[(&str, &str)] = &[
    ("400", "`malformed`: an id can't be read"),
    ("401", "`unauthenticated`: no token, or not a good one"),
    ("403", "`forbidden`: the caller's role does not allow it; `not_a_participant`"),
    (
        "404",
        "`chat_not_found`, `message_not_found`, `participant_not_found`: not there, or not the \
         caller's to see",
    ),
    ("409", "`chat_archived`, `message_deleted`, `last_owner`: its state does not allow it"),
    ("422", "`invalid`: a value is not allowed, see `errors`"),
    ("503", "`unavailable`: come back after `Retry-After` seconds"),
];

const WRITING: &[(&str, &str)] = &[
    ("400", "`malformed`: the body or an id can't be read"),
    ("401", "`unauthenticated`: no token, or not a good one"),
    ("403", "`forbidden`: the caller's role does not allow it; `not_a_participant`"),
    (
        "404",
        "`chat_not_found`, `message_not_found`, `participant_not_found`: not there, or not the \
         caller's to see",
    ),
    (
        "409",
        "`client_id_reused`, `chat_archived`, `message_deleted`, `last_owner`: it conflicts with \
         what is there",
    ),
    ("413", "`too_large`: the body is larger than 256 KiB"),
    ("415", "`unsupported_media_type`: the body is not `application/json`"),
    ("422", "`invalid`: a value is not allowed, see `errors`"),
    ("503", "`unavailable`: come back after `Retry-After` seconds"),
];

fn responses(list: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    list.iter()
        .fold(ResponsesBuilder::new(), |responses, (status, words)| {
            let content = ContentBuilder::new()
                .schema(Some(utoipa::openapi::Ref::from_schema_name("Problem")))
                .build();
            let mut response = ResponseBuilder::new()
                .description(*words)
                .content("application/problem+json", content);
            if *status == "503" {
                let seconds = HeaderBuilder::new()
                    .schema(Some(u64::schema()))
                    .description(Some("Seconds to wait"))
                    .build();
                response = response.header("Retry-After", seconds);
            }
            responses.response(*status, response.build())
        })
        .build()
        .responses
        .into_iter()
        .collect()
}

impl IntoResponses for Reading {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(READING)
    }
}

impl IntoResponses for Changing {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(CHANGING)
    }
}

impl IntoResponses for Writing {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(WRITING)
    }
}
