//! The public keys of an issuer, and where they come from.

use std::{collections::HashMap, sync::Arc};

use futures::future::BoxFuture;
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};

/// Where an issuer's public keys come from: the issuer in this process, or a JWKS document.
pub trait KeySource: Send + Sync + 'static {
    /// The keys as last known. Never waits.
    fn current(&self) -> Arc<KeySet>;

    /// Asks the issuer for its keys. When it can't be asked, the known ones stay.
    ///
    /// The caller ([`Verifier`](super::Verifier)) sees to it that this is not called too often.
    fn refresh(&self) -> BoxFuture<'_, Result<(), KeysUnavailable>>;
}

/// The issuer could not be asked for its keys.
#[derive(Debug, thiserror::Error)]
#[error("the issuer's keys can't be fetched")]
pub struct KeysUnavailable(#[source] pub crate::Cause);

/// A public key with the one algorithm that it is for.
pub(super) struct PublicKey {
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// The public keys of an issuer, by their id.
#[derive(Default)]
pub struct KeySet(HashMap<String, PublicKey>);

impl KeySet {
    /// The signing keys of a JWKS document.
    ///
    /// Taken are P-256 keys (for ES256) and RSA keys (for RS256) with an id; all others, symmetric
    /// ones above all, are left out. One that can't be read does not spoil the rest.
    ///
    /// # Errors
    /// The text is no JWKS.
    pub fn from_jwks(document: &str) -> Result<Self, serde_json::Error> {
        #[derive(serde::Deserialize)]
        struct Document {
            keys: Vec<serde_json::Value>,
        }
        let document: Document = serde_json::from_str(document)?;
        let keys = document.keys.into_iter().filter_map(|value| {
            serde_json::from_value::<Jwk>(value).ok().and_then(|jwk| public_key(&jwk))
        });
        Ok(Self(keys.collect()))
    }

    /// The keys' ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there is a key of that id.
    #[must_use]
    pub fn contains(&self, kid: &str) -> bool {
        self.0.contains_key(kid)
    }

    pub(super) fn get(&self, kid: &str) -> Option<&PublicKey> {
        self.0.get(kid)
    }
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.ids()).finish()
    }
}

fn public_key(jwk: &Jwk) -> Option<(String, PublicKey)> {
    if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    let algorithm = match (&jwk.algorithm, jwk.common.key_algorithm) {
        (AlgorithmParameters::EllipticCurve(key), None | Some(KeyAlgorithm::ES256))
            if key.curve == EllipticCurve::P256 =>
        {
            Algorithm::ES256
        }
        (AlgorithmParameters::RSA(_), None | Some(KeyAlgorithm::RS256)) => Algorithm::RS256,
        _ => return None,
    };
    let kid = jwk.common.key_id.clone()?;
    let key = DecodingKey::from_jwk(jwk).ok()?;
    Some((kid, PublicKey { algorithm, key }))
}
