//! Sign-ins and signed-in devices as they are kept.

use kernel::{LoginId, Secret, SessionId, Timestamp, UserId};

use super::Answer;
use crate::domain::sign_in::{Login, SignIn, TokenHash};

/// Sign-ins and signed-in devices.
pub trait Logins: Send + Sync + 'static {
    /// Keeps a sign-in that was started, and forgets those started before `stale`.
    fn start_sign_in(&self, sign_in: SignIn, stale: Timestamp) -> Answer<'_, ()>;

    /// Takes the sign-in of that state, if that browser started it, after `since`. It can be
    /// taken once.
    fn take_sign_in(
        &self,
        state: String,
        browser: TokenHash,
        since: Timestamp,
    ) -> Answer<'_, Option<SignIn>>;

    /// Keeps a signed-in device. The one that the same browser held before is replaced and
    /// answered.
    fn keep_login(&self, login: Login, replaces: Option<TokenHash>) -> Answer<'_, Option<Login>>;

    /// The device that holds that cookie, if it was used after `since`.
    fn login(&self, token: TokenHash, since: Timestamp) -> Answer<'_, Option<Login>>;

    /// Notes a device's new refresh token and session; `false` when the device is no longer
    /// signed in.
    fn renew_login(
        &self,
        id: LoginId,
        refresh_token: Secret,
        session_id: SessionId,
        at: Timestamp,
    ) -> Answer<'_, bool>;

    /// A person's signed-in devices used after `since`, the latest used first.
    fn logins(&self, user_id: UserId, since: Timestamp) -> Answer<'_, Vec<Login>>;

    /// Ends a device of that person; `None` when it is not theirs.
    fn end_login(&self, user_id: UserId, id: LoginId) -> Answer<'_, Option<Login>>;

    /// Ends the device that holds that cookie; `None` when there is none.
    fn end_login_of(&self, token: TokenHash) -> Answer<'_, Option<Login>>;

    /// Ends the devices of a session that is over at the identity provider, and answers them.
    fn end_logins(&self, session_id: SessionId) -> Answer<'_, Vec<LoginId>>;

    /// Forgets devices not used after `since`; answers how many.
    fn forget_logins(&self, since: Timestamp) -> Answer<'_, u64>;
}
