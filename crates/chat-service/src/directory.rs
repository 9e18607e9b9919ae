//! What chat-service must know of people. A port: user-service answers it, in process or over
//! HTTP.

use std::collections::{HashMap, HashSet};

use futures::future::BoxFuture;
use kernel::UserId;

/// The directory can't be asked right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the directory of people is not available")]
pub struct Unavailable;

/// Who there is.
pub trait Directory: Send + Sync + 'static {
    /// Those of the ids that belong to somebody.
    fn known<'a>(
        &'a self,
        ids: &'a [UserId],
    ) -> BoxFuture<'a, Result<HashSet<UserId>, Unavailable>>;

    /// Who bears these usernames (in lower case). Names that nobody bears are left out.
    fn by_username<'a>(
        &'a self,
        usernames: &'a [String],
    ) -> BoxFuture<'a, Result<HashMap<String, UserId>, Unavailable>>;

    /// Those of `others` who have blocked `user`: they can't be written to directly or mentioned.
    /// Nobody, unless the directory knows of blocks.
    fn blocked_by<'a>(
        &'a self,
        user: UserId,
        others: &'a [UserId],
    ) -> BoxFuture<'a, Result<HashSet<UserId>, Unavailable>> {
        let _ = (user, others);
        Box::pin(async { Ok(HashSet::new()) })
    }
}
