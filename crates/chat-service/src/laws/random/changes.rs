//! Changes of messages.

use api::{ErrorCode, rest::chats::Role};
use kernel::UserId;

use super::Run;
use crate::laws::{replica, support::*};

impl Run {
    pub(super) async fn edit(&mut self, n: usize, chat: usize, by: UserId) {
        let id = self.some_message(chat);
        let named = self.some_named();
        let model = &self.chats[chat];
        let by = match model.message(id) {
            Ok(message) if !self.chance.one_in(4) => message.sender_id,
            _ => by,
        };
        let text = if self.chance.one_in(8) {
            model.message(id).map_or_else(|_| "?".to_owned(), |m| m.text.clone())
        } else {
            format!("edit {n}")
        };
        let expected = (|| {
            model.writable(by)?;
            let message = model.message(id)?;
            match message {
                message if message.sender_id != by => Err(ErrorCode::Forbidden),
                message if message.deleted_at.is_some() => Err(ErrorCode::MessageDeleted),
                message => Ok(message.text != text),
            }
        })();
        let mentions = model.mentions(&named);
        let told = self.store.edit(by, model.id, id, text.clone(), named).await.map_err(code);
        assert_eq!(told.as_ref().map(drop), expected.as_ref().map(drop));
        if let (Ok(true), Ok(told)) = (expected, &told) {
            let model = &mut self.chats[chat];
            model.change(id, |message| {
                message.text = text;
                message.mentions.clone_from(&mentions);
                message.edited_at = told.edited_at;
            });
            if let Some(root) = told.thread_root_id {
                model.mentioned_follow(root, &mentions);
            }
        }
        if let Ok(told) = told {
            assert_eq!(Ok(&told), self.chats[chat].message(id));
        }
    }

    pub(super) async fn delete(&mut self, chat: usize, by: UserId) {
        let id = self.some_message(chat);
        let model = &self.chats[chat];
        let expected = (|| {
            let place = model.writable(by)?;
            let message = model.message(id)?;
            if message.sender_id != by {
                model.at_least(place, Role::Admin)?;
            }
            Ok(message.deleted_at.is_none())
        })();
        let told = self.store.delete(by, model.id, id).await.map_err(code);
        assert_eq!(told, expected);
        if told == Ok(true) {
            let events = self.store.events(None, model.id, model.head, all(1)).await.unwrap();
            self.chats[chat].deleted(id, events.items[0].at);
        }
    }

    pub(super) async fn react(&mut self, chat: usize, by: UserId) {
        let id = self.some_message(chat);
        let emoji = ["👍", "🎉", "❤️"][self.chance.below(3)];
        let present = !self.chance.one_in(3);
        let model = &self.chats[chat];
        let expected = (|| {
            model.writable(by)?;
            let message = model.message(id)?;
            if message.deleted_at.is_some() {
                return if present { Err(ErrorCode::MessageDeleted) } else { Ok(false) };
            }
            let given = message
                .reactions
                .iter()
                .any(|reaction| reaction.emoji == emoji && reaction.user_ids.contains(&by));
            Ok(given != present)
        })();
        let told = self.store.react(by, model.id, id, emoji.to_owned(), present).await;
        assert_eq!(told.map_err(code), expected);
        if expected == Ok(true) {
            self.chats[chat].change(id, |message| {
                if present {
                    replica::add_reaction(message, emoji, by);
                } else {
                    replica::remove_reaction(message, emoji, by);
                }
            });
        }
    }

    pub(super) async fn follow(&mut self, chat: usize, by: UserId) {
        let (id, following) = (self.some_message(chat), self.chance.one_in(2));
        let model = &mut self.chats[chat];
        let expected = model.entered(by).and_then(|_| {
            let message = model.message(id)?;
            Ok(message.thread_root_id.unwrap_or(message.id))
        });
        let told = self.store.follow(by, model.id, id, following).await.map_err(code);
        match expected {
            Ok(root) => {
                let before = model.follows.get(&(root, by)).copied().unwrap_or_default();
                assert_eq!(told, Ok(before != following));
                if before != following {
                    model.follows.insert((root, by), following);
                }
            }
            Err(error) => assert_eq!(told, Err(error)),
        }
    }
}
