//! A turn of our store: each caller posts through the store as the service does.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chat_service::store::{Named, NewMessage, Store};
use futures::future::try_join_all;

use crate::{
    Failure, Options,
    measure::{Cost, Watch},
    world::World,
};

pub(crate) async fn turn(
    store: &Arc<dyn Store>,
    world: &World,
    options: &Options,
) -> Result<Cost, Failure> {
    let watch = Watch::start();
    let until = Instant::now() + Duration::from_secs(options.seconds);
    let callers = world.people.iter().enumerate().map(|(n, by)| {
        let (store, ids, chats) = (Arc::clone(store), world.ids.clone(), world.chats.clone());
        let (by, text, spread) = (*by, world.text.clone(), options.spread.max(1));
        tokio::spawn(async move {
            let mut answered = Vec::new();
            for round in 0.. {
                let started = Instant::now();
                if started >= until {
                    break;
                }
                let message = NewMessage {
                    by,
                    chat_id: chats[(n * spread + round % spread) % chats.len()],
                    client_id: ids.make(),
                    fingerprint: 0,
                    text: text.clone(),
                    reply_to: None,
                    thread_root_id: None,
                    also_in_chat: false,
                    named: Named::default(),
                    blocked: false,
                };
                store.post(message).await?;
                answered.push(started.elapsed());
            }
            Ok::<_, chat_service::ChatError>(answered)
        })
    });
    let mut answered = Vec::new();
    for caller in try_join_all(callers).await? {
        answered.extend(caller?);
    }
    Ok(watch.cost(answered))
}
