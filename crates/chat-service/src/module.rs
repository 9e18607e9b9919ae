//! The service as the binary mounts it.

use std::{path::PathBuf, sync::Arc};

use kernel::Ids;
use kit::{Check, Module, Task, bus::Bus, sqlite::OpenError};

use crate::{
    Chats, Directory, Relay,
    relay::{ReadTeller, Tail, tell_reads},
    routes,
    store::{SqliteStore, Store},
};

/// What chat-service needs of the program.
pub struct Deps {
    /// Where `chats.db` is.
    pub data_dir: PathBuf,
    /// Ids, time and chance.
    pub ids: Ids,
    /// Where it tells what happened.
    pub bus: Arc<dyn Bus>,
    /// Whom it asks about people.
    pub directory: Arc<dyn Directory>,
}

/// The service, and its application for those who call it in the same process.
///
/// # Errors
/// The store can't be opened.
pub fn module(deps: Deps) -> Result<(Module, Arc<Chats>), OpenError> {
    let tail = Arc::new(Tail::default());
    let store: Arc<dyn Store> =
        Arc::new(SqliteStore::open(&deps.data_dir, deps.ids, Arc::clone(&tail))?);
    let (teller, moves) = ReadTeller::new();
    let chats = Arc::new(Chats::new(Arc::clone(&store), deps.directory, teller));
    let relay = Relay::new(Arc::clone(&store), tail, Arc::clone(&deps.bus));
    let bus = deps.bus;
    let module = Module {
        routes: routes(Arc::clone(&chats)),
        tasks: vec![
            Task::new("chat relay", |stop| relay.run(stop)),
            Task::new("read positions", |stop| tell_reads(moves, bus, stop)),
        ],
        readiness: vec![Check::new("chat store", move || {
            let store = Arc::clone(&store);
            async move { store.check().await.map_err(|error| error.to_string()) }
        })],
    };
    Ok((module, chats))
}
