//! A person, as they are and as another one sees them.

use api::rest::users::{Profile, Status, User};
use kernel::{Timestamp, UserId};

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The same id at the identity provider.
    pub id: UserId,
    /// In lower case.
    pub username: String,
    /// In lower case; empty when the identity provider told none.
    pub email: String,
    /// The name that others see.
    pub display_name: String,
    /// A few words about oneself.
    pub bio: String,
    /// Where the picture is.
    pub avatar_url: Option<String>,
    /// A BCP 47 tag.
    pub locale: String,
    /// An IANA name.
    pub time_zone: String,
    /// What the person says; see [`current`].
    pub status: Status,
    /// When they registered.
    pub created_at: Timestamp,
}

/// What is known of a person whom this service meets for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// The same id at the identity provider.
    pub id: UserId,
    /// The identity provider's word, which wins over what is stored.
    pub username: String,
    /// The identity provider's word, which wins over what is stored.
    pub email: String,
    /// Taken only for who is new: later it is the person's own to change.
    pub display_name: String,
    /// Taken only for who is new.
    pub locale: String,
    /// When they registered, or were first met.
    pub created_at: Timestamp,
}

/// A person, seen by somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Who is seen.
    pub person: Person,
    /// The two are connected, both agreed.
    pub contact: bool,
    /// The person has blocked who looks.
    pub blocked_viewer: bool,
}

impl Person {
    /// The person's own profile.
    #[must_use]
    pub fn profile(self, roles: Vec<String>, now: Timestamp) -> Profile {
        Profile {
            status: current(&self.status, now).unwrap_or_default(),
            id: self.id,
            username: self.username,
            email: self.email,
            display_name: self.display_name,
            bio: self.bio,
            avatar_url: self.avatar_url,
            locale: self.locale,
            time_zone: self.time_zone,
            roles,
            created_at: self.created_at,
        }
    }
}

impl Sighting {
    /// What the one who looks may see: the e-mail address only of contacts, and what the person
    /// is doing only when not blocked by them.
    #[must_use]
    pub fn user(self, now: Timestamp) -> User {
        let status = self.status(now);
        let person = self.person;
        User {
            id: person.id,
            username: person.username,
            display_name: person.display_name,
            bio: person.bio,
            avatar_url: person.avatar_url,
            status,
            email: (self.contact && !person.email.is_empty()).then_some(person.email),
            created_at: person.created_at,
        }
    }

    /// What the person says they are doing, as far as the one who looks may know.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> Option<Status> {
        if self.blocked_viewer { None } else { current(&self.person.status, now) }
    }
}

/// What somebody says they are doing; `None` when nothing, or no longer.
#[must_use]
pub fn current(status: &Status, now: Timestamp) -> Option<Status> {
    let silent = status.text.is_empty() && status.emoji.is_empty();
    let over = status.expires_at.is_some_and(|end| end <= now);
    (!silent && !over).then(|| status.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(contact: bool, blocked_viewer: bool) -> User {
        let person = Person {
            id: UserId::from_slice(&[7; 16]).unwrap(),
            username: "ana".into(),
            email: "ana@example.org".into(),
            display_name: "Ana".into(),
            bio: String::new(),
            avatar_url: None,
            locale: "en".into(),
            time_zone: "UTC".into(),
            status: Status {
                text: "at lunch".into(),
                emoji: "🍜".into(),
                expires_at: Some(Timestamp::from_millis(100)),
            },
            created_at: Timestamp::from_millis(1),
        };
        Sighting { person, contact, blocked_viewer }.user(Timestamp::from_millis(99))
    }

    #[test]
    fn only_contacts_see_the_address() {
        assert_eq!(seen(false, false).email, None);
        assert_eq!(seen(true, false).email.unwrap(), "ana@example.org");
    }

    #[test]
    fn who_is_blocked_sees_no_status() {
        assert!(seen(false, false).status.is_some());
        assert_eq!(seen(false, true).status, None);
    }

    #[test]
    fn a_status_ends_at_its_moment() {
        let status = Status {
            text: "x".into(),
            emoji: String::new(),
            expires_at: Some(Timestamp::from_millis(10)),
        };
        assert!(current(&status, Timestamp::from_millis(9)).is_some());
        assert_eq!(current(&status, Timestamp::from_millis(10)), None);
        assert_eq!(current(&Status::default(), Timestamp::from_millis(0)), None);
    }
}
