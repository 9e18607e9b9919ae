//! The clients that people use. Bots' clients are in the store.

use super::config::EmbeddedConfig;
use crate::{CLI_CLIENT, WEB_CLIENT};

/// A public client: it has no secret.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client<'a> {
    pub(crate) id: &'static str,
    /// Where a browser may be sent back to with a code. Without any, it may not ask for one.
    pub(crate) redirect_uris: &'a [String],
    /// Where a browser may be sent back to after signing out.
    pub(crate) post_logout_redirect_uris: &'a [String],
    /// Whether it may hand in a person's password.
    pub(crate) password_grant: bool,
}

/// The public client of that id.
pub(crate) fn client<'a>(config: &'a EmbeddedConfig, id: &str) -> Option<Client<'a>> {
    match id {
        WEB_CLIENT => Some(Client {
            id: WEB_CLIENT,
            redirect_uris: &config.redirect_uris,
            post_logout_redirect_uris: &config.post_logout_redirect_uris,
            password_grant: false,
        }),
        CLI_CLIENT => Some(Client {
            id: CLI_CLIENT,
            redirect_uris: &[],
            post_logout_redirect_uris: &[],
            password_grant: true,
        }),
        _ => None,
    }
}
