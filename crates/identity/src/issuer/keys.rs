//! The issuer's signing keys: one signs, the next one is published already, retired ones stay
//! published for a day.
//!
//! Since the next key is known before it signs, a verifier that fetched the keys any time since
//! the last rotation meets no unknown key after this one.

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use futures::future::BoxFuture;
use jsonwebtoken::{
    Algorithm, EncodingKey, Header,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use kernel::Timestamp;
use serde::Serialize;

use super::store::KeyRow;
use crate::{KeySet, KeySource, KeysUnavailable};

/// A key signs for that long.
pub(crate) const ROTATE_EVERY: Duration = Duration::from_secs(30 * 24 * 3_600);
/// A retired key stays published for that long: far beyond the life of what it signed.
const OVERLAP: Duration = Duration::from_secs(24 * 3_600);

/// A signing key could not be made or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key generator failed.
    #[error("no signing key could be generated")]
    Generate,
    /// A key can't be read or does not sign.
    #[error("a signing key can't be used")]
    Unusable(#[from] jsonwebtoken::errors::Error),
    /// The public keys can't be written down.
    #[error("the public keys can't be published")]
    Publish(#[from] serde_json::Error),
    /// The store holds no key that signs.
    #[error("there is no signing key")]
    Missing,
}

/// The keys at one moment.
struct Ring {
    kid: String,
    signing: EncodingKey,
    since: Timestamp,
    public: Arc<KeySet>,
    jwks: Arc<str>,
}

/// The issuer's keys.
pub(crate) struct KeyRing(ArcSwap<Ring>);

impl KeyRing {
    pub(crate) fn new(rows: &[KeyRow], now: Timestamp) -> Result<Self, KeyError> {
        Ok(Self(ArcSwap::from_pointee(ring(rows, now)?)))
    }

    /// Goes over to what the store holds now.
    pub(crate) fn replace(&self, rows: &[KeyRow], now: Timestamp) -> Result<(), KeyError> {
        self.0.store(Arc::new(ring(rows, now)?));
        Ok(())
    }

    /// Since when the present key signs.
    pub(crate) fn since(&self) -> Timestamp {
        self.0.load().since
    }

    /// The JWKS document.
    pub(crate) fn jwks(&self) -> Arc<str> {
        Arc::clone(&self.0.load().jwks)
    }

    /// A token that says so.
    pub(crate) fn sign<T: Serialize>(&self, claims: &T) -> Result<String, KeyError> {
        let ring = self.0.load();
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(ring.kid.clone());
        Ok(jsonwebtoken::encode(&header, claims, &ring.signing)?)
    }
}

impl KeySource for KeyRing {
    fn current(&self) -> Arc<KeySet> {
        Arc::clone(&self.0.load().public)
    }

    fn refresh(&self) -> BoxFuture<'_, Result<(), KeysUnavailable>> {
        // In this process the keys are always the present ones.
        Box::pin(async { Ok(()) })
    }
}

/// A new key, which does not sign yet.
pub(crate) fn generate(now: Timestamp) -> Result<KeyRow, KeyError> {
    // From the library's own generator: a signing key must never come from a test's chance.
    let document =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|_| KeyError::Generate)?;
    let pkcs8 = document.as_ref().to_vec();
    let jwk = Jwk::from_encoding_key(&EncodingKey::from_ec_der(&pkcs8), Algorithm::ES256)?;
    Ok(KeyRow {
        kid: jwk.thumbprint(ThumbprintHash::SHA256)?,
        pkcs8,
        created_at: now,
        activated_at: None,
        retired_at: None,
    })
}

fn ring(rows: &[KeyRow], now: Timestamp) -> Result<Ring, KeyError> {
    #[derive(Serialize)]
    struct Document {
        keys: Vec<Jwk>,
    }
    let published =
        rows.iter().filter(|row| row.retired_at.is_none_or(|at| now.since(at) < OVERLAP));
    let keys = published
        .map(|row| {
            let key = EncodingKey::from_ec_der(&row.pkcs8);
            let mut jwk = Jwk::from_encoding_key(&key, Algorithm::ES256)?;
            jwk.common.key_id = Some(row.kid.clone());
            jwk.common.public_key_use = Some(PublicKeyUse::Signature);
            Ok(jwk)
        })
        .collect::<Result<Vec<_>, KeyError>>()?;
    let jwks = serde_json::to_string(&Document { keys })?;
    let (row, since) = rows
        .iter()
        .filter(|row| row.retired_at.is_none())
        .filter_map(|row| row.activated_at.map(|at| (row, at)))
        .max_by_key(|(_, at)| *at)
        .ok_or(KeyError::Missing)?;
    Ok(Ring {
        kid: row.kid.clone(),
        signing: EncodingKey::from_ec_der(&row.pkcs8),
        since,
        public: Arc::new(KeySet::from_jwks(&jwks)?),
        jwks: jwks.into(),
    })
}
