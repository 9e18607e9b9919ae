//! Who asks at the token and revocation endpoints (RFC 6749, 2.3).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, header};
use kernel::Secret;
use url::form_urlencoded;

use super::oauth_error::OAuthError;
use crate::issuer::{Embedded, clients::Client, clients::client};

/// Who asks.
pub(super) enum Asker<'a> {
    /// A client that people use; it has no secret.
    Public(Client<'a>),
    /// A bot that has proved who it is.
    Bot { client_id: String, secret: Secret },
}

impl Asker<'_> {
    /// Its client id.
    pub(super) fn client_id(&self) -> &str {
        match self {
            Self::Public(client) => client.id,
            Self::Bot { client_id, .. } => client_id,
        }
    }
}

impl Embedded {
    /// Finds out who asks: by HTTP's basic authentication, or by the form, not both.
    pub(super) async fn asker(
        &self,
        headers: &HeaderMap,
        form_id: Option<&str>,
        form_secret: Option<&Secret>,
    ) -> Result<Asker<'_>, OAuthError> {
        let basic = basic(headers)?;
        let challenge = basic.is_some();
        let (client_id, secret) = match (basic, form_secret) {
            (Some(_), Some(_)) => {
                return Err(OAuthError::invalid_request("the client authenticates in two ways"));
            }
            (Some((id, secret)), None) => {
                if form_id.is_some_and(|form_id| form_id != id) {
                    return Err(OAuthError::invalid_request("there are two client ids"));
                }
                (id, Some(secret))
            }
            (None, secret) => {
                let id = form_id.ok_or(OAuthError::invalid_request("client_id is missing"))?;
                (id.to_owned(), secret.cloned())
            }
        };
        let secret = secret.filter(|secret| !secret.reveal().is_empty());
        if let Some(client) = client(&self.config, &client_id) {
            // A public client can't have a secret: who sends one is mistaken.
            return match secret {
                None => Ok(Asker::Public(client)),
                Some(_) => Err(OAuthError::invalid_client(challenge)),
            };
        }
        let secret = secret.ok_or(OAuthError::invalid_client(challenge))?;
        match self.bot(&client_id, secret.reveal()).await? {
            Some(_) => Ok(Asker::Bot { client_id, secret }),
            None => Err(OAuthError::invalid_client(challenge)),
        }
    }
}

/// The id and secret of `Authorization: Basic`, each form-encoded before (RFC 6749, 2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, Secret)>, OAuthError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let decoded = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let (id, secret) = decoded
        .as_deref()
        .and_then(|text| text.split_once(':'))
        .ok_or(OAuthError::invalid_client(true))?;
    Ok(Some((form_decoded(id), Secret::new(form_decoded(secret)))))
}

fn form_decoded(text: &str) -> String {
    // One value without `=` and `&` is a name to the parser.
    form_urlencoded::parse(text.as_bytes())
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned())
}
