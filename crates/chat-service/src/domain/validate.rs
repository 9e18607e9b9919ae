//! What may be written: texts, names, topics, emoji.

use api::rest::{
    chats::{ChatKind, CreateChat, UpdateChat, Visibility},
    messages::PostMessage,
};
use kernel::{
    UserId,
    limits::{CHAT_NAME_CHARS, CHAT_TOPIC_CHARS, EMOJI_BYTES, IDS_PER_CALL, TEXT_CHARS},
};

use crate::{ChatError, store::NewChat};

/// A message's text: 1 to 8,000 characters, some of them visible, none of them NUL.
pub(crate) fn text(text: &str) -> Result<(), ChatError> {
    let why = if text.trim().is_empty() {
        "must not be empty"
    } else if text.len() > TEXT_CHARS && text.chars().count() > TEXT_CHARS {
        "must have at most 8,000 characters"
    } else if text.contains('\0') {
        "must not contain the character NUL"
    } else {
        return Ok(());
    };
    Err(ChatError::invalid("text", why))
}

/// A message to be posted.
pub(crate) fn message(body: &PostMessage) -> Result<(), ChatError> {
    text(&body.text)?;
    if !body.attachment_ids.is_empty() {
        return Err(ChatError::invalid("attachment_ids", "names no file of yours"));
    }
    if body.also_in_chat && body.thread_root_id.is_none() {
        return Err(ChatError::invalid("also_in_chat", "needs thread_root_id"));
    }
    Ok(())
}

/// An emoji: short, without white space, control characters or markup.
pub(crate) fn emoji(emoji: &str) -> Result<(), ChatError> {
    let fits = !emoji.is_empty()
        && emoji.len() <= EMOJI_BYTES
        && !emoji
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '&' | '"'));
    if fits {
        Ok(())
    } else {
        Err(ChatError::invalid("emoji", "must be one emoji of at most 64 bytes"))
    }
}

/// A chat's name, without the white space around it.
fn name(name: &str) -> Result<String, ChatError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > CHAT_NAME_CHARS || name.contains(char::is_control)
    {
        return Err(ChatError::invalid("name", "must have 1 to 80 characters on one line"));
    }
    Ok(name.to_owned())
}

/// A chat's topic, without the white space around it.
fn topic(topic: &str) -> Result<String, ChatError> {
    let topic = topic.trim();
    if topic.chars().count() > CHAT_TOPIC_CHARS || topic.contains(char::is_control) {
        return Err(ChatError::invalid("topic", "must have at most 250 characters on one line"));
    }
    Ok(topic.to_owned())
}

/// People whom a call names: each once, at most 100.
pub(crate) fn people(field: &str, ids: &[UserId]) -> Result<Vec<UserId>, ChatError> {
    if ids.len() > IDS_PER_CALL {
        return Err(ChatError::invalid(field, "at most 100 people"));
    }
    let mut each = Vec::with_capacity(ids.len());
    for id in ids {
        if !each.contains(id) {
            each.push(*id);
        }
    }
    Ok(each)
}

/// A chat to be made by `by`.
pub(crate) fn new_chat(by: UserId, body: &CreateChat) -> Result<NewChat, ChatError> {
    let mut others = people("participant_ids", &body.participant_ids)?;
    let given_name = body.name.as_deref().map(name).transpose()?;
    let topic = body.topic.as_deref().map(topic).transpose()?;
    let visibility = match (body.kind, body.visibility) {
        (ChatKind::Channel, visibility) => visibility.unwrap_or(Visibility::Public),
        (_, None | Some(Visibility::Private)) => Visibility::Private,
        (_, Some(Visibility::Public)) => {
            return Err(ChatError::invalid("visibility", "only a channel can be public"));
        }
    };
    match body.kind {
        ChatKind::Direct => {
            if given_name.is_some() {
                return Err(ChatError::invalid("name", "a direct chat has no name"));
            }
            if topic.as_deref().is_some_and(|topic| !topic.is_empty()) {
                return Err(ChatError::invalid("topic", "a direct chat has no topic"));
            }
            if others.len() != 1 || others.contains(&by) {
                return Err(ChatError::invalid("participant_ids", "must name one other person"));
            }
        }
        ChatKind::Channel if given_name.is_none() => {
            return Err(ChatError::invalid("name", "is missing"));
        }
        ChatKind::Channel | ChatKind::Group => others.retain(|id| *id != by),
    }
    Ok(NewChat {
        by,
        kind: body.kind,
        visibility,
        name: given_name,
        topic: topic.unwrap_or_default(),
        others,
    })
}

/// A change to a chat, its texts trimmed.
pub(crate) fn update(body: &UpdateChat) -> Result<UpdateChat, ChatError> {
    Ok(UpdateChat {
        name: body.name.as_deref().map(name).transpose()?,
        topic: body.topic.as_deref().map(topic).transpose()?,
        visibility: body.visibility,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_1_to_8000_characters_however_many_bytes() {
        assert!(text("a").is_ok());
        assert!(text(&"💬".repeat(8_000)).is_ok());
        assert!(text(&"a".repeat(8_001)).is_err());
        assert!(text(" \n\t ").is_err());
        assert!(text("").is_err());
        assert!(text("a\0b").is_err());
    }

    #[test]
    fn an_emoji_is_short_and_plain() {
        for good in ["👍", "👨‍👩‍👧‍👦", "❤️", "🇧🇷", "+1"] {
            assert!(emoji(good).is_ok(), "{good}");
        }
        for bad in ["", " ", "a b", "<b>", "\u{7}", &"👍".repeat(17)] {
            assert!(emoji(bad).is_err(), "{bad:?}");
        }
    }
}
