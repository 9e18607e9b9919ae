//! Readers: connections that only read, as many at a time as there are.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::{StoreError, database::open_reader};

/// A pool of read-only connections. A read sees every write that was answered before it began.
#[derive(Clone)]
pub struct Readers {
    free: Arc<Mutex<Vec<Connection>>>,
    room: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn open(path: &Path, count: usize) -> Result<Self, rusqlite::Error> {
        let connections =
            (0..count).map(|_| open_reader(path)).collect::<Result<Vec<_>, rusqlite::Error>>()?;
        Ok(Self { free: Arc::new(Mutex::new(connections)), room: Arc::new(Semaphore::new(count)) })
    }

    /// Runs `read` on a connection of its own, on a thread that may block.
    ///
    /// # Errors
    /// What `read` answers, or [`StoreError::Stopped`] when the program ends.
    pub async fn read<R, F>(&self, read: F) -> Result<R, StoreError>
    where
        R: Send + 'static,
        F: FnOnce(&Connection) -> Result<R, rusqlite::Error> + Send + 'static,
    {
        let place =
            Arc::clone(&self.room).acquire_owned().await.map_err(|_| StoreError::Stopped)?;
        let free = Arc::clone(&self.free);
        let work = tokio::task::spawn_blocking(move || {
            let _place = place;
            let connection = take(&free).ok_or(StoreError::Stopped)?;
            let answer = snapshot(&connection, read);
            free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            answer.map_err(StoreError::from)
        });
        work.await.map_err(|_| StoreError::Stopped)?
    }
}

fn take(free: &Mutex<Vec<Connection>>) -> Option<Connection> {
    free.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

/// One snapshot for all statements of a read: a page and its `as_of_seq` belong together.
fn snapshot<R>(
    connection: &Connection,
    read: impl FnOnce(&Connection) -> Result<R, rusqlite::Error>,
) -> Result<R, rusqlite::Error> {
    let transaction = connection.unchecked_transaction()?;
    let answer = read(&transaction)?;
    drop(transaction);
    Ok(answer)
}
