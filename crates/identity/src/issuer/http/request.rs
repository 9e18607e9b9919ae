//! The authorization request: its parameters, and what of them may be granted.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;
use utoipa::{IntoParams, ToSchema};

use crate::issuer::{
    clients::client, config::EmbeddedConfig, crypto::Hash, grants::CodeFor, store::SignInRow,
};

/// Characters of one parameter at most.
const PARAMETER_CHARS: usize = 2_048;
/// The scopes there are; others are passed over.
const SCOPES: [&str; 3] = ["openid", "profile", "email"];

macro_rules! params {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// The parameters of an authorization request (OpenID Connect Core, 3.1.2.1).
        #[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams, ToSchema)]
        #[into_params(parameter_in = Query)]
        pub(crate) struct Params {
            $(
                $(#[$doc])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub(crate) $name: Option<String>,
            )*
        }

        impl Params {
            fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
                [$((stringify!($name), self.$name.as_deref())),*]
                    .into_iter()
                    .filter_map(|(name, value)| value.map(|value| (name, value)))
            }
        }
    };
}

params! {
    /// Who asks.
    client_id,
    /// Where the browser goes back to: one of the client's, exactly.
    redirect_uri,
    /// `code`.
    response_type,
    /// `query`, if anything.
    response_mode,
    /// `openid profile email`.
    scope,
    /// Comes back with the code.
    state,
    /// Comes back in the ID token.
    nonce,
    /// SHA-256 of the code verifier in URL-safe base64 (RFC 7636).
    code_challenge,
    /// `S256`.
    code_challenge_method,
    /// `none`, `login` or `create` (the sign-up page).
    prompt,
    /// Seconds since the password was typed, at most.
    max_age,
    /// Languages of the pages, best first.
    ui_locales,
    /// The language chosen on the page.
    kc_locale,
    /// The username to begin with.
    login_hint,
    /// Request objects are refused.
    request,
    /// Request objects are refused.
    request_uri,
}

impl Params {
    /// The same request again, as a query.
    pub(super) fn query(&self) -> String {
        Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    fn has_long(&self) -> bool {
        self.pairs().any(|(_, value)| value.chars().count() > PARAMETER_CHARS)
    }
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Nobody to go back to: a page says so.
    UnknownClient,
    /// The address to go back to is not the client's: a page says so.
    UnknownRedirect,
    /// Too long to be read.
    Unreadable,
    /// The client is told.
    Back {
        redirect_uri: String,
        state: Option<String>,
        error: &'static str,
        description: &'static str,
    },
}

/// A request that may be granted, once somebody signs in.
#[derive(Debug, Clone)]
pub(super) struct AuthRequest {
    pub(super) params: Params,
    pub(super) client_id: &'static str,
    pub(super) redirect_uri: String,
    pub(super) scope: String,
    challenge: Hash,
    max_age: Option<i64>,
}

impl AuthRequest {
    /// Checks the parameters. The client and its address come first: before they are known to be
    /// good, nothing is sent anywhere.
    pub(super) fn check(config: &EmbeddedConfig, params: Params) -> Result<Self, Refusal> {
        if params.has_long() {
            return Err(Refusal::Unreadable);
        }
        let client = params
            .client_id
            .as_deref()
            .and_then(|id| client(config, id))
            .ok_or(Refusal::UnknownClient)?;
        let redirect_uri = params
            .redirect_uri
            .clone()
            .filter(|uri| client.redirect_uris.contains(uri))
            .ok_or(Refusal::UnknownRedirect)?;
        let back = |error, description| Refusal::Back {
            redirect_uri: redirect_uri.clone(),
            state: params.state.clone(),
            error,
            description,
        };
        let challenge =
            challenge(&params).map_err(|(error, description)| back(error, description))?;
        let max_age = match params.max_age.as_deref().map(str::parse::<u32>) {
            None => None,
            Some(Ok(seconds)) => Some(i64::from(seconds)),
            Some(Err(_)) => return Err(back("invalid_request", "max_age is no number of seconds")),
        };
        let scope = granted_scope(params.scope.as_deref());
        Ok(Self { client_id: client.id, redirect_uri, scope, challenge, max_age, params })
    }

    /// Whether `prompt` holds that word.
    pub(super) fn prompts(&self, word: &str) -> bool {
        self.params.prompt.as_deref().is_some_and(|prompt| prompt.split(' ').any(|one| one == word))
    }

    /// Whether that sign-in is enough.
    pub(super) fn is_met_by(&self, sign_in: &SignInRow, now: Timestamp) -> bool {
        let age = now.as_seconds() - sign_in.auth_time.as_seconds();
        !self.prompts("login")
            && !self.prompts("select_account")
            && self.max_age.is_none_or(|max_age| age <= max_age)
    }

    /// What a code is to be given for.
    pub(super) fn code_for(&self) -> CodeFor<'_> {
        CodeFor {
            client_id: self.client_id,
            redirect_uri: &self.redirect_uri,
            challenge: self.challenge,
            scope: &self.scope,
            nonce: self.params.nonce.as_deref(),
        }
    }
}

/// Checks what is asked for, and answers the code challenge.
fn challenge(params: &Params) -> Result<Hash, (&'static str, &'static str)> {
    if params.request.is_some() {
        return Err(("request_not_supported", "request objects are not supported"));
    }
    if params.request_uri.is_some() {
        return Err(("request_uri_not_supported", "request objects are not supported"));
    }
    match params.response_type.as_deref() {
        Some("code") => {}
        None => return Err(("invalid_request", "response_type is missing")),
        Some(_) => return Err(("unsupported_response_type", "only code is supported")),
    }
    if !matches!(params.response_mode.as_deref(), None | Some("query")) {
        return Err(("invalid_request", "only the response_mode query is supported"));
    }
    if params.code_challenge_method.as_deref() != Some("S256") {
        return Err(("invalid_request", "PKCE with code_challenge_method S256 is required"));
    }
    let prompt = params.prompt.as_deref().unwrap_or_default();
    if prompt.split(' ').any(|word| word == "none") && prompt != "none" {
        return Err(("invalid_request", "prompt=none stands alone"));
    }
    params
        .code_challenge
        .as_deref()
        .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
        .and_then(|bytes| Hash::try_from(bytes).ok())
        .ok_or(("invalid_request", "code_challenge must be a SHA-256 in base64url"))
}

/// The scopes that are granted: those asked for that there are.
pub(super) fn granted_scope(asked: Option<&str>) -> String {
    let asked = asked.unwrap_or("profile email");
    SCOPES
        .into_iter()
        .filter(|scope| asked.split(' ').any(|one| one == *scope))
        .collect::<Vec<_>>()
        .join(" ")
}
