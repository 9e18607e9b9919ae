//! Random steps between few people, against a model that fits on a page.

use std::collections::{BTreeMap, BTreeSet};

use kernel::UserId;

use super::{at, id, limit, people};
use crate::{
    domain::connection::Refusal,
    store::{ConnectionIds, Store},
};

const PEOPLE: u64 = 4;
const STEPS: u64 = 400;

/// By pair, the smaller first: who asked, and whether both agreed.
#[derive(Default)]
struct Model {
    connections: BTreeMap<(UserId, UserId), (UserId, bool)>,
    blocks: BTreeSet<(UserId, UserId)>,
}

impl Model {
    fn connect(&mut self, me: UserId, other: UserId) -> Result<bool, Refusal> {
        if me == other {
            return Err(Refusal::Oneself);
        }
        if self.blocks.contains(&(other, me)) {
            return Err(Refusal::NoSuchPerson);
        }
        if self.blocks.contains(&(me, other)) {
            return Err(Refusal::Blocking);
        }
        let pair = (me.min(other), me.max(other));
        match self.connections.get_mut(&pair) {
            None => {
                self.connections.insert(pair, (me, false));
                Ok(false)
            }
            Some((asker, accepted)) if *asker != me && !*accepted => {
                *accepted = true;
                Ok(true)
            }
            Some(_) => Err(Refusal::AlreadyConnected),
        }
    }

    fn block(&mut self, me: UserId, other: UserId) -> bool {
        if me != other {
            self.blocks.insert((me, other));
            self.connections.remove(&(me.min(other), me.max(other)));
        }
        me != other
    }

    fn seen_by(&self, me: UserId) -> BTreeSet<(UserId, bool, bool)> {
        let mine = self.connections.iter().filter_map(|((low, high), (asker, accepted))| {
            let other = match me {
                _ if *low == me => high,
                _ if *high == me => low,
                _ => return None,
            };
            Some((*other, *asker == me, *accepted))
        });
        mine.collect()
    }
}

/// A small generator of numbers, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % sides
    }
}

pub(crate) async fn random_steps_agree_with_the_model(store: &impl Store) {
    let seed = std::env::var("THREAD_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or(20_261_101);
    println!("THREAD_TEST_SEED={seed}");
    let (mut dice, mut model) = (Dice(seed), Model::default());
    let p = people(store, u128::from(PEOPLE)).await;
    for step in 0..STEPS {
        let mut someone = || p[usize::try_from(dice.roll(PEOPLE)).unwrap()];
        let (me, other) = (someone(), someone());
        let ids = ConnectionIds {
            connection: id(u128::from(1_000 + step)),
            notification: id(u128::from(100_000 + step)),
        };
        match dice.roll(10) {
            0..=5 => {
                let done = store.connect(me, other, ids, at(1)).await.unwrap();
                let done = done.map(|changed| changed.mine.accepted);
                assert_eq!(done, model.connect(me, other), "step {step}");
            }
            6 => {
                let done = store.block(me, other, at(1)).await.unwrap();
                assert_eq!(done, model.block(me, other), "step {step}");
            }
            7 => {
                let done = store.unblock(me, other).await.unwrap();
                assert_eq!(done, model.blocks.remove(&(me, other)), "step {step}");
            }
            _ => {
                let mine = store.connections(me, None, None, limit(100)).await.unwrap();
                if let Some(side) = mine.iter().find(|side| side.other.person.id == other) {
                    assert!(store.disconnect(me, side.id).await.unwrap(), "step {step}");
                    model.connections.remove(&(me.min(other), me.max(other)));
                }
            }
        }
        for me in &p {
            let seen = store.connections(*me, None, None, limit(100)).await.unwrap();
            let seen = seen.into_iter().map(|s| (s.other.person.id, s.outgoing, s.accepted));
            assert_eq!(seen.collect::<BTreeSet<_>>(), model.seen_by(*me), "step {step}");
        }
    }
}
