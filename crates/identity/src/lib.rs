//! Identity: verifying access tokens in every service, the port to the identity provider, and the
//! embedded OpenID Connect issuer.
//!
//! The issuer speaks Keycloak's paths under `/auth/realms/thread`, so that moving to Keycloak
//! changes one setting. It is absent here on purpose: dynamic client registration, the implicit
//! flow, request objects, and anything that would let a token choose how it is verified.

mod issuer;
mod provider;
mod verifier;

pub use issuer::{
    Admin, AdminError, Bot, Embedded, EmbeddedConfig, KeyError, OpenError, RATE_LIMITS, REALM_PATH,
    Role, StoreOpenError, routes_description,
};
pub use provider::{
    Account, AuthorizationRequest, Cause, CodeExchange, GrantError, NewAccount, Provider,
    RegisterError, Tokens,
};
pub use verifier::{KeySet, KeySource, KeysUnavailable, Verifier, VerifierConfig};

/// `aud` of the access tokens that Thread's services accept.
pub const AUDIENCE: &str = "thread";
/// The web app's client: public, with PKCE.
pub const WEB_CLIENT: &str = "thread-web";
/// The programs' client: public, for the password grant.
pub const CLI_CLIENT: &str = "thread-cli";
