//! The fingerprint of a message's body: what tells a repetition from another message under the
//! same `client_id`, also after the text is gone.

use api::rest::messages::PostMessage;
use kernel::ChatId;

/// 64-bit FNV-1a. It is stored for ever, so it must never change; it need not resist an attacker,
/// because a sender can collide with their own messages only.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// The fingerprint of all that a sender decides about a message.
pub(crate) fn of(chat: ChatId, body: &PostMessage) -> i64 {
    let mut hash = Fnv::new();
    hash.add(chat.as_bytes());
    for id in [body.reply_to, body.thread_root_id] {
        match id {
            Some(id) => hash.add(id.as_bytes()),
            None => hash.add(&[0]),
        }
    }
    hash.add(&[u8::from(body.also_in_chat)]);
    for id in &body.attachment_ids {
        hash.add(id.as_bytes());
        hash.add(&[0]);
    }
    hash.add(body.text.as_bytes());
    hash.0.cast_signed()
}

#[cfg(test)]
mod tests {
    use kernel::{ClientId, MessageId};
    use uuid::Uuid;

    use super::*;

    fn body(text: &str) -> PostMessage {
        PostMessage {
            client_id: ClientId::from_uuid(Uuid::from_u128(1)),
            text: text.to_owned(),
            reply_to: None,
            thread_root_id: None,
            also_in_chat: false,
            attachment_ids: Vec::new(),
        }
    }

    #[test]
    fn it_depends_on_every_part_and_never_changes() {
        let chat = ChatId::from_uuid(Uuid::from_u128(7));
        let root = Some(MessageId::from_uuid(Uuid::from_u128(9)));
        let plain = of(chat, &body("hello"));
        assert_eq!(plain, 2_459_323_567_698_662_744, "stored fingerprints would no longer match");
        let others = [
            of(ChatId::from_uuid(Uuid::from_u128(8)), &body("hello")),
            of(chat, &body("hello ")),
            of(chat, &PostMessage { reply_to: root, ..body("hello") }),
            of(chat, &PostMessage { thread_root_id: root, ..body("hello") }),
            of(chat, &PostMessage { also_in_chat: true, ..body("hello") }),
        ];
        for (i, other) in others.iter().enumerate() {
            assert_ne!(*other, plain, "case {i}");
        }
    }
}
