//! Hashes of tokens, refresh tokens, and seals on what a browser keeps for us.

use aws_lc_rs::{digest, hmac};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Ids, Secret};
use serde::{Serialize, de::DeserializeOwned};

/// SHA-256 of a secret of at least 256 random bits; good enough to store, for such can't be
/// guessed.
pub(crate) type Hash = [u8; 32];

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    hash
}

/// A refresh token: the family's random part and the token's own.
#[derive(Debug)]
pub(crate) struct RefreshToken {
    pub(crate) text: Secret,
    pub(crate) hashes: TokenHashes,
}

/// What is stored of a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TokenHashes {
    pub(crate) family: Hash,
    pub(crate) token: Hash,
}

impl RefreshToken {
    /// The first token of a new family.
    pub(crate) fn first(ids: &Ids) -> Self {
        Self::of(&ids.token(), &ids.token())
    }

    /// A token from outside; `None` when it can't be one of ours.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (family, token) = text.split_once('.')?;
        // 256 bits in base64: nothing else is worth asking the store.
        (family.len() == 43 && token.len() == 43).then(|| Self::of(family, token))
    }

    /// The next token of the same family.
    pub(crate) fn next(&self, ids: &Ids) -> Self {
        let family = self.text.reveal().split('.').next().unwrap_or_default();
        Self::of(family, &ids.token())
    }

    fn of(family: &str, token: &str) -> Self {
        Self {
            text: Secret::new(format!("{family}.{token}")),
            hashes: TokenHashes {
                family: sha256(family.as_bytes()),
                token: sha256(token.as_bytes()),
            },
        }
    }
}

/// Seals values that a form carries, so that they come back as they went out, and only from the
/// browser they went to.
pub(crate) struct Sealer(hmac::Key);

impl Sealer {
    pub(crate) fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The value sealed for one purpose and one browser (by its cookie).
    pub(crate) fn seal<T: Serialize>(&self, purpose: &str, cookie: &str, value: &T) -> String {
        let value = URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap_or_default());
        let tag = hmac::sign(&self.0, &message(purpose, cookie, &value));
        format!("{value}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()))
    }

    /// The value that was sealed; `None` when it was altered, or meant for another purpose or
    /// another browser.
    pub(crate) fn open<T: DeserializeOwned>(
        &self,
        purpose: &str,
        cookie: &str,
        sealed: &str,
    ) -> Option<T> {
        let (value, tag) = sealed.split_once('.')?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        hmac::verify(&self.0, &message(purpose, cookie, value), &tag).ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()
    }
}

/// Lengths go first: no two triples make the same message.
fn message(purpose: &str, cookie: &str, value: &str) -> Vec<u8> {
    format!("{}:{purpose}{}:{cookie}{value}", purpose.len(), cookie.len()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_only_for_its_browser_and_purpose() {
        let sealer = Sealer::new(b"key");
        let sealed = sealer.seal("sign-in", "mine", &"value");
        let open = |purpose, cookie, sealed: &str| sealer.open::<String>(purpose, cookie, sealed);
        assert_eq!(open("sign-in", "mine", &sealed).as_deref(), Some("value"));
        assert_eq!(open("sign-in", "yours", &sealed), None);
        assert_eq!(open("sign-out", "mine", &sealed), None);
        assert_eq!(open("sign-in", "mine", &format!("A{sealed}")), None);
        assert_eq!(Sealer::new(b"other").open::<String>("sign-in", "mine", &sealed), None);
    }
}
