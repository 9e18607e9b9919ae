//! The calls of `/api/users` as a client sees them, over the real issuer and the real store.

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
