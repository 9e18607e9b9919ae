//! Who may do what in a chat.
//!
//! | | direct | group | public channel | private channel |
//! | --- | --- | --- | --- | --- |
//! | rename, topic, visibility | nobody | admins | admins | admins |
//! | add people | nobody | everybody | everybody | admins |
//! | remove people of the same or a lower role | nobody | admins | admins | admins |
//! | change roles, archive | nobody | owners | owners | owners |
//! | leave | nobody | everybody | everybody | everybody |
//! | edit a message | sender | sender | sender | sender |
//! | delete a message | sender | sender, admins | sender, admins | sender, admins |
//!
//! "Admins" includes owners. An administrator of the installation has no right of their own here.

use api::rest::chats::{ChatInfo, ChatKind, Role, Visibility};

use crate::ChatError;

const DIRECT: ChatError = ChatError::Forbidden("a direct chat belongs to its two people as it is");
const ADMINS: ChatError = ChatError::Forbidden("only an admin or owner of the chat may do this");
const OWNERS: ChatError = ChatError::Forbidden("only an owner of the chat may do this");

/// Name, topic and visibility.
pub(crate) fn may_update(chat: &ChatInfo, role: Role) -> Result<(), ChatError> {
    not_direct(chat)?;
    at_least(role, Role::Admin)
}

/// Roles and archiving.
pub(crate) fn may_own(chat: &ChatInfo, role: Role) -> Result<(), ChatError> {
    not_direct(chat)?;
    at_least(role, Role::Owner)
}

/// Adding people.
pub(crate) fn may_add(chat: &ChatInfo, role: Role) -> Result<(), ChatError> {
    not_direct(chat)?;
    if chat.kind == ChatKind::Channel && chat.visibility == Visibility::Private {
        at_least(role, Role::Admin)
    } else {
        Ok(())
    }
}

/// Removing somebody of the role `target`.
pub(crate) fn may_remove(chat: &ChatInfo, role: Role, target: Role) -> Result<(), ChatError> {
    not_direct(chat)?;
    at_least(role, Role::Admin)?;
    if target > role { Err(OWNERS) } else { Ok(()) }
}

/// Leaving.
pub(crate) fn may_leave(chat: &ChatInfo) -> Result<(), ChatError> {
    not_direct(chat)
}

/// Deleting a message, one's own or another's.
pub(crate) fn may_delete(chat: &ChatInfo, role: Role, own: bool) -> Result<(), ChatError> {
    if own {
        return Ok(());
    }
    if chat.kind == ChatKind::Direct {
        return Err(ChatError::Forbidden("only its sender may delete this message"));
    }
    at_least(role, Role::Admin)
}

fn not_direct(chat: &ChatInfo) -> Result<(), ChatError> {
    if chat.kind == ChatKind::Direct { Err(DIRECT) } else { Ok(()) }
}

fn at_least(role: Role, needed: Role) -> Result<(), ChatError> {
    if role >= needed {
        Ok(())
    } else if needed == Role::Owner {
        Err(OWNERS)
    } else {
        Err(ADMINS)
    }
}
