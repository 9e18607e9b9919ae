//! What reading costs.

use std::sync::Arc;

use chat_service::store::{Store, Window};
use futures::future::BoxFuture;
use kernel::Limit;

use crate::{Failure, measure::Watch, world::World};

/// A read and its cost, in microseconds.
pub(crate) struct Read {
    pub(crate) name: &'static str,
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
}

type Once<'a> = Box<dyn Fn(usize) -> BoxFuture<'a, Result<(), Failure>> + 'a>;

pub(crate) async fn measure(store: &Arc<dyn Store>, world: &World) -> Result<Vec<Read>, Failure> {
    let me = world.people[0];
    let fifty = Limit::new(Some(50)).ok_or("50 is a limit")?;
    let hundred = Limit::new(Some(100)).ok_or("100 is a limit")?;
    let first = world.chats[0];
    let reads: Vec<(&'static str, u32, Once<'_>)> = vec![
        (
            "newest 50 messages of the first chat",
            4_000,
            Box::new(move |_| {
                Box::pin(async move {
                    store.messages(me, first, Window::Newest, fifty).await?;
                    Ok(())
                })
            }),
        ),
        (
            "newest 50 messages, every chat in turn",
            4_000,
            Box::new(move |n| {
                let chat = world.chats[n * 7 % world.chats.len()];
                Box::pin(async move {
                    store.messages(me, chat, Window::Newest, fifty).await?;
                    Ok(())
                })
            }),
        ),
        (
            "heads of all my 200 chats",
            2_000,
            Box::new(move |_| {
                Box::pin(async move {
                    store.heads_of(me).await?;
                    Ok(())
                })
            }),
        ),
        (
            "my first 100 chats with counts and newest messages",
            300,
            Box::new(move |_| {
                Box::pin(async move {
                    store.chats(me, hundred, None).await?;
                    Ok(())
                })
            }),
        ),
    ];
    let mut costs = Vec::new();
    for (name, times, read) in reads {
        for n in 0..50 {
            read(n).await?;
        }
        let watch = Watch::start();
        for n in 0..times as usize {
            read(n).await?;
        }
        let (wall, cpu) = watch.read();
        let each = 1e6 / f64::from(times);
        costs.push(Read { name, cpu: cpu * each, wall: wall * each });
    }
    Ok(costs)
}
