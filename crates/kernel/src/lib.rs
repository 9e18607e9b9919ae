//! What every crate of Thread may use: ids, time, chance, pages, limits and secrets.
//!
//! Nothing here does input or output. There is no tokio, no axum and no SQL, so that a rule
//! written against this crate can be tested without starting anything.

mod id;
pub mod limits;
mod page;
mod random;
mod secret;
mod time;

pub use id::{
    ChatId, ClientId, ConnectionId, EventId, InvalidId, LoginId, MessageId, NotificationId,
    RequestId, SessionId, UserId,
};
pub use page::{Cursor, InvalidCursor, Limit, Page};
pub use random::{Ids, Random};
pub use secret::Secret;
pub use time::{Clock, ManualClock, Timestamp};
