//! What REST calls take and answer.

pub mod chats;
pub mod connections;
pub mod messages;
pub mod notifications;
pub mod presence;
pub mod sessions;
pub mod users;
