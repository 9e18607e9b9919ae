//! The rules of chats and messages, without a store, a clock or a wire.

pub(crate) mod fingerprint;
pub(crate) mod fold;
pub(crate) mod mentions;
pub(crate) mod notice;
pub(crate) mod roles;
pub(crate) mod validate;
