//! The embedded issuer and the verifier, over real HTTP. One binary: it links once.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic, its helpers too")]

mod accounts;
mod authorization;
mod relying_party;
mod support;
mod tokens;
mod verifier;
