//! The calls of `/api/users` as a client sees them, over the real issuer and the real store.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod accounts;
mod blocks;
mod browser;
mod connections;
mod document;
mod hearing;
mod links;
mod notifications;
mod people;
mod presence;
mod profile;
mod session;
mod sessions;
mod tokens;
mod world;
