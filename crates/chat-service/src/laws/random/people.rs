//! Changes of who takes part, and of the chat itself.

use api::{
    ErrorCode,
    rest::chats::{ChatKind, Role, UpdateChat, Visibility},
};
use kernel::UserId;

use super::{OPERATIONS, PEOPLE, Run};
use crate::laws::{model::Verdict, support::*};

impl Run {
    pub(super) async fn join(&mut self, chat: usize, by: UserId) {
        let model = &mut self.chats[chat];
        let expected: Verdict<bool> = match model.entered(by) {
            Ok(_) => Ok(false),
            Err(ErrorCode::NotAParticipant) if model.archived => Err(ErrorCode::ChatArchived),
            Err(ErrorCode::NotAParticipant) => Ok(true),
            Err(error) => Err(error),
        };
        assert_eq!(self.store.join(by, model.id).await.map_err(code), expected);
        if expected == Ok(true) {
            let first = model.people.is_empty();
            model.join(by, if first { Role::Owner } else { Role::Member });
        }
    }

    pub(super) async fn leave(&mut self, chat: usize, by: UserId) {
        let model = &mut self.chats[chat];
        let expected = model.writable(by).and_then(|place| {
            model.at_least(place, Role::Member)?;
            let last = place.role == Role::Owner && !model.other_owner(by);
            if last && model.people.len() > 1 { Err(ErrorCode::LastOwner) } else { Ok(()) }
        });
        assert_eq!(self.store.leave(by, model.id).await.map_err(code), expected);
        if expected.is_ok() {
            model.leave(by);
        }
    }

    pub(super) async fn add(&mut self, chat: usize, by: UserId) {
        let mut users = vec![self.somebody()];
        users.push(user(u128::from(self.chance.next()) % PEOPLE));
        users.dedup();
        let model = &mut self.chats[chat];
        let expected = model.writable(by).and_then(|place| {
            let closed = model.kind == ChatKind::Channel && model.visibility == Visibility::Private;
            model.at_least(place, if closed { Role::Admin } else { Role::Member })
        });
        let told = self.store.add(by, model.id, users.clone()).await.map_err(code);
        assert_eq!(told.as_ref().map(drop), expected.as_ref().copied());
        if let Ok(told) = told {
            for user in &users {
                if !model.people.contains_key(user) {
                    model.join(*user, Role::Member);
                }
            }
            let seen: Vec<_> = told.iter().map(|who| (who.user_id, who.role)).collect();
            let there: Vec<_> = users.iter().map(|user| (*user, model.people[user].role)).collect();
            assert_eq!(seen, there);
        }
    }

    pub(super) async fn remove(&mut self, chat: usize, by: UserId) {
        let user = self.somebody();
        if user == by {
            return self.leave(chat, by).await;
        }
        let model = &mut self.chats[chat];
        let expected = model.writable(by).and_then(|place| {
            model.at_least(place, Role::Admin)?;
            let target = model.people.get(&user).ok_or(ErrorCode::ParticipantNotFound)?;
            if target.role > place.role { Err(ErrorCode::Forbidden) } else { Ok(()) }
        });
        assert_eq!(self.store.remove(by, model.id, user).await.map_err(code), expected);
        if expected.is_ok() {
            model.leave(user);
        }
    }

    pub(super) async fn role(&mut self, chat: usize, by: UserId) {
        let user = self.somebody();
        let role = [Role::Member, Role::Admin, Role::Owner, Role::Owner][self.chance.below(4)];
        let model = &mut self.chats[chat];
        let expected = model.writable(by).and_then(|place| {
            model.at_least(place, Role::Owner)?;
            let target = model.people.get(&user).ok_or(ErrorCode::ParticipantNotFound)?;
            if target.role == role {
                Ok(false)
            } else if target.role == Role::Owner && !model.other_owner(user) {
                Err(ErrorCode::LastOwner)
            } else {
                Ok(true)
            }
        });
        let told = self.store.change_role(by, model.id, user, role).await.map_err(code);
        assert_eq!(told.map(|who| who.role), expected.map(|_| role));
        if expected == Ok(true) {
            model.head += 1;
            model.people.get_mut(&user).unwrap().role = role;
        }
    }

    pub(super) async fn rename(&mut self, n: usize, chat: usize, by: UserId) {
        let name = Some(format!("name {}", n % 3));
        let model = &mut self.chats[chat];
        let expected = model
            .writable(by)
            .and_then(|place| model.at_least(place, Role::Admin))
            .map(|()| model.name != name);
        let change = UpdateChat { name: name.clone(), ..UpdateChat::default() };
        assert_eq!(self.store.update(by, model.id, change).await.map_err(code), expected);
        if expected == Ok(true) {
            model.head += 1;
            model.name = name;
        }
    }

    pub(super) async fn archive(&mut self, n: usize, chat: usize, by: UserId) {
        // Late, and not all: an archived chat is dull.
        if n < OPERATIONS * 3 / 4 || chat.is_multiple_of(2) {
            return;
        }
        let model = &mut self.chats[chat];
        let expected = model.writable(by).and_then(|place| model.at_least(place, Role::Owner));
        assert_eq!(self.store.archive(by, model.id).await.map_err(code), expected);
        if expected.is_ok() {
            model.head += 1;
            model.archived = true;
        }
    }
}
