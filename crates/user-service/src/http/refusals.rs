//! Error answers as the served document describes them.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses,
    openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder},
};

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident { $($status:literal: $text:literal,)* })*) => {
        $(
            $(#[$doc])*
            pub(super) struct $name;

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Response>> {
                    BTreeMap::from([$(($status.to_owned(), refusal($text))),*])
                }
            }
        )*
    };
}

refusals! {
    /// What any call may answer.
    Always {
        "408": "`request_timeout`: the request took too long to arrive",
        "500": "`internal`: a fault of ours, of which nothing is told",
        "503": "`unavailable`: a part that is needed is away; see `Retry-After`",
    }
    /// A call that needs an access token.
    SignedIn {
        "401": "`unauthenticated`: no token, or one that is expired, forged or for somebody else",
    }
    /// A call that takes a body.
    Body {
        "400": "`malformed`: the body is no JSON, or a part of the address can't be read",
        "413": "`too_large`: the body is larger than 256 KiB",
        "415": "`unsupported_media_type`: the body is not `application/json`",
        "422": "`invalid`: a value is missing or not allowed; see `errors`",
    }
    /// A call with parameters.
    Params {
        "400": "`malformed`: a parameter is missing or can't be read",
        "422": "`invalid`: a parameter's value is not allowed; see `errors`",
    }
    /// A call with an id in its path.
    Id {
        "400": "`malformed`: the id is no UUID",
    }
    /// A call that is limited.
    Limited {
        "429": "`rate_limited`: too often; see `Retry-After`",
    }
    /// A person who is not there.
    NoUser {
        "404": "`user_not_found`: no such person, or they are hidden from you",
    }
    /// A connection that is not there.
    NoConnection {
        "404": "`connection_not_found`: no such connection of yours",
    }
}

/// An answer that carries a problem.
fn refusal(text: &str) -> RefOr<Response> {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new()
        .description(text)
        .content("application/problem+json", problem)
        .build()
        .into()
}
