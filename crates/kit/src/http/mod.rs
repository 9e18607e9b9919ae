//! HTTP: problems, the caller, extractors that answer with problems, the server, health.

mod caller;
mod extract;
mod health;
mod limits;
mod problem;
mod server;

pub use caller::{Authenticator, Caller};
pub use extract::{Json, Path, Query, ids, page, refused_json};
pub use health::health_routes;
pub use limits::{LimitName, RateLimits};
pub use problem::{Failure, fallback, method_not_allowed};
pub use server::{HttpServer, Peer, ServerLimits, request_frame};
