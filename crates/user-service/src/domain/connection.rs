//! A connection between two people: none → asked → accepted, or back to none.

use api::rest::connections::{Connection, ConnectionStatus, Direction};
use kernel::{ConnectionId, Timestamp, UserId};

use super::person::Sighting;

/// A connection that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Who asked.
    pub asker: UserId,
    /// Whether the other one agreed.
    pub accepted: bool,
}

/// What asking comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// Nothing stood: it is asked for now.
    Ask,
    /// The other side had asked: now both agree.
    Accept,
}

/// What answering comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    /// Both agree.
    Accept,
    /// It is gone.
    Remove,
}

/// Why a step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody connects with themselves.
    #[error("nobody connects with themselves")]
    Oneself,
    /// No such person, or one who has blocked who asks: the two look the same.
    #[error("there is no such person")]
    NoSuchPerson,
    /// Who asks has blocked the other.
    #[error("the other is blocked")]
    Blocking,
    /// Asked before, or connected.
    #[error("they are connected, or one has asked before")]
    AlreadyConnected,
    /// No such connection of this person's.
    #[error("there is no such connection")]
    NoSuchConnection,
    /// Only the one who was asked answers.
    #[error("only the one who was asked answers")]
    NotAsked,
    /// It was answered before.
    #[error("it was answered before")]
    AlreadyAnswered,
}

/// `me` asks.
///
/// # Errors
/// [`Refusal::AlreadyConnected`] when I asked before, or it is accepted.
pub fn ask(standing: Option<Standing>, me: UserId) -> Result<Asking, Refusal> {
    match standing {
        None => Ok(Asking::Ask),
        Some(Standing { asker, accepted: false }) if asker != me => Ok(Asking::Accept),
        Some(_) => Err(Refusal::AlreadyConnected),
    }
}

/// `me`, one of the two, answers.
///
/// # Errors
/// [`Refusal::NotAsked`] for the one who asked, [`Refusal::AlreadyAnswered`] the second time.
pub fn answer(standing: Standing, me: UserId, accept: bool) -> Result<Answering, Refusal> {
    match (standing, accept) {
        (Standing { asker, .. }, _) if asker == me => Err(Refusal::NotAsked),
        (Standing { accepted: true, .. }, _) => Err(Refusal::AlreadyAnswered),
        (_, true) => Ok(Answering::Accept),
        (_, false) => Ok(Answering::Remove),
    }
}

/// A connection, seen from one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideOfConnection {
    /// The connection.
    pub id: ConnectionId,
    /// The other side.
    pub other: Sighting,
    /// This side asked.
    pub outgoing: bool,
    /// Both agreed.
    pub accepted: bool,
    /// When it was asked for.
    pub created_at: Timestamp,
}

impl SideOfConnection {
    /// As it goes over the wire.
    #[must_use]
    pub fn told(self, now: Timestamp) -> Connection {
        Connection {
            id: self.id,
            user: self.other.user(now),
            direction: if self.outgoing { Direction::Outgoing } else { Direction::Incoming },
            status: if self.accepted {
                ConnectionStatus::Accepted
            } else {
                ConnectionStatus::Pending
            },
            created_at: self.created_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(n: u8) -> UserId {
        UserId::from_slice(&[n; 16]).unwrap()
    }

    fn standing(asker: u8, accepted: bool) -> Standing {
        Standing { asker: person(asker), accepted }
    }

    #[test]
    fn asking_starts_once_and_meets_the_other_half_way() {
        assert_eq!(ask(None, person(1)), Ok(Asking::Ask));
        assert_eq!(ask(Some(standing(2, false)), person(1)), Ok(Asking::Accept));
        for stands in [standing(1, false), standing(1, true), standing(2, true)] {
            assert_eq!(ask(Some(stands), person(1)), Err(Refusal::AlreadyConnected));
        }
    }

    #[test]
    fn only_the_asked_one_answers_and_only_once() {
        let me = person(1);
        assert_eq!(answer(standing(2, false), me, true), Ok(Answering::Accept));
        assert_eq!(answer(standing(2, false), me, false), Ok(Answering::Remove));
        for accept in [true, false] {
            assert_eq!(answer(standing(1, false), me, accept), Err(Refusal::NotAsked));
            assert_eq!(answer(standing(1, true), me, accept), Err(Refusal::NotAsked));
            assert_eq!(answer(standing(2, true), me, accept), Err(Refusal::AlreadyAnswered));
        }
    }
}
