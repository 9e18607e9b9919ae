//! The writer: one thread owns the connection and commits what is queued in one transaction.
//!
//! A write is acknowledged after COMMIT, and with `synchronous=FULL` that is after the disk has
//! it. Grouping makes the sync cost shared: it takes what is queued and never waits for more
//! (a linger of 2 ms cost 80 % of the rate at 16 callers).

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

use rusqlite::{Connection, ErrorCode};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

/// Writes in one transaction at most.
const BATCH: usize = 512;
/// Writes that may wait; beyond that a caller is told to come back.
const QUEUE: usize = 8_192;
/// The exit status after the disk failed: see [`Writer`].
const EXIT_DISK_FAILED: i32 = 74;

/// What a store keeps in the writer's memory between writes, such as counters. It is told of the
/// batch's fate, so that memory and file never disagree.
pub trait Batch: Send + 'static {
    /// Before COMMIT: writes what the jobs left in memory (one row a touched chat, say).
    ///
    /// # Errors
    /// The statement's. The batch is then rolled back and its jobs tried one by one.
    fn flush(&mut self, _connection: &Connection) -> Result<(), rusqlite::Error> {
        Ok(())
    }

    /// After COMMIT, before any caller is answered: tells what is durable now, in order.
    fn committed(&mut self) {}

    /// After ROLLBACK: forgets what the batch left in memory.
    fn rolled_back(&mut self) {}
}

impl Batch for () {}

/// A write or read failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// More is queued than can be served; nothing was written.
    #[error("more writes are queued than can be served")]
    Busy,
    /// The program is ending; whether it was written is unknown.
    #[error("the store has stopped")]
    Stopped,
    /// The disk is full; nothing was written.
    #[error("the disk is full")]
    Full,
    /// SQLite refused; nothing was written.
    #[error("the database refused")]
    Sqlite(#[source] Arc<rusqlite::Error>),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        if error.sqlite_error_code() == Some(ErrorCode::DiskFull) {
            Self::Full
        } else {
            Self::Sqlite(Arc::new(error))
        }
    }
}

/// One write, whatever it answers. It may be run twice (see [`Writer::write`]).
trait Job<S>: Send {
    fn run(&mut self, connection: &Connection, state: &mut S) -> Result<(), rusqlite::Error>;
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

struct Call<F, R> {
    work: F,
    answer: Option<R>,
    caller: oneshot::Sender<Result<R, StoreError>>,
}

impl<S, R, F> Job<S> for Call<F, R>
where
    F: FnMut(&Connection, &mut S) -> Result<R, rusqlite::Error> + Send,
    R: Send,
{
    fn run(&mut self, connection: &Connection, state: &mut S) -> Result<(), rusqlite::Error> {
        self.answer = Some((self.work)(connection, state)?);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { answer, caller, .. } = *self;
        // A caller that went away does not want to know.
        let _ = caller.send(outcome.and_then(|()| answer.ok_or(StoreError::Stopped)));
    }
}

type Queue<S> = mpsc::Sender<Box<dyn Job<S>>>;

/// Hands writes to the writer's thread.
///
/// When the disk reports an error that leaves unknown what it holds (a failed fsync above all),
/// the process exits with status 74 without acknowledging anything: after such an error only the
/// file, read anew, tells the truth.
pub struct Writer<S: Batch = ()> {
    queue: Option<Queue<S>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl<S: Batch> Writer<S> {
    pub(super) fn start(path: &Path, connection: Connection, state: S) -> std::io::Result<Self> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let store: Arc<str> =
            path.file_stem().map_or_else(|| "store".into(), |name| name.to_string_lossy().into());
        let thread = std::thread::Builder::new()
            .name(format!("write-{store}"))
            .spawn(move || run(&connection, state, jobs, &store))?;
        Ok(Self { queue: Some(queue), thread: Mutex::new(Some(thread)) })
    }

    /// Runs `work` inside the next transaction and answers once that is committed.
    ///
    /// `work` must refuse by its answer (`Ok`) before it writes anything. An `Err` undoes the
    /// whole batch, whose other jobs are then run again one by one: so `work` may run twice, and
    /// must not change what it captured.
    ///
    /// # Errors
    /// See [`StoreError`]; after [`StoreError::Stopped`] the write may have happened.
    pub async fn write<R, F>(&self, work: F) -> Result<R, StoreError>
    where
        R: Send + 'static,
        F: FnMut(&Connection, &mut S) -> Result<R, rusqlite::Error> + Send + 'static,
    {
        let (caller, answered) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or(StoreError::Stopped)?;
        queue.try_send(Box::new(Call { work, answer: None, caller })).map_err(
            |error| match error {
                mpsc::error::TrySendError::Full(_) => StoreError::Busy,
                mpsc::error::TrySendError::Closed(_) => StoreError::Stopped,
            },
        )?;
        answered.await.map_err(|_| StoreError::Stopped)?
    }
}

impl<S: Batch> Drop for Writer<S> {
    fn drop(&mut self) {
        drop(self.queue.take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.thread().id() != std::thread::current().id()
        {
            // A panic there was reported by the panic hook.
            let _ = thread.join();
        }
    }
}

fn run<S: Batch>(
    connection: &Connection,
    mut state: S,
    mut jobs: mpsc::Receiver<Box<dyn Job<S>>>,
    store: &Arc<str>,
) {
    let batch_size = metrics::histogram!("thread_store_batch", "store" => store.to_string());
    let commit_time =
        metrics::histogram!("thread_store_commit_seconds", "store" => store.to_string());
    let mut batch = Vec::with_capacity(BATCH);
    while jobs.blocking_recv_many(&mut batch, BATCH) > 0 {
        let started = Instant::now();
        batch_size.record(u32::try_from(batch.len()).unwrap_or(u32::MAX));
        match commit(connection, &mut state, &mut batch) {
            Ok(()) => answer_all(batch.drain(..)),
            Err(error) if batch.len() == 1 => {
                answer_each(batch.drain(..), &StoreError::from(error));
            }
            Err(error) => {
                tracing::debug!(%error, "a batch is done again, write by write");
                for job in batch.drain(..) {
                    let mut alone = vec![job];
                    match commit(connection, &mut state, &mut alone) {
                        Ok(()) => answer_all(alone.drain(..)),
                        Err(error) => answer_each(alone.drain(..), &StoreError::from(error)),
                    }
                }
            }
        }
        commit_time.record(started.elapsed().as_secs_f64());
    }
    // The last connection to close would checkpoint; do it where nobody waits for it.
    if let Err(error) = connection.execute_batch("PRAGMA optimize") {
        tracing::debug!(%error, "the statistics were not refreshed");
    }
}

fn answer_all<S>(jobs: impl Iterator<Item = Box<dyn Job<S>>>) {
    for job in jobs {
        job.answer(Ok(()));
    }
}

fn answer_each<S>(jobs: impl Iterator<Item = Box<dyn Job<S>>>, error: &StoreError) {
    for job in jobs {
        job.answer(Err(error.clone()));
    }
}

fn commit<S: Batch>(
    connection: &Connection,
    state: &mut S,
    batch: &mut [Box<dyn Job<S>>],
) -> Result<(), rusqlite::Error> {
    let done = begin(connection)
        .and_then(|()| batch.iter_mut().try_for_each(|job| job.run(connection, state)))
        .and_then(|()| state.flush(connection))
        .and_then(|()| connection.prepare_cached("COMMIT")?.execute([]).map(|_| ()));
    match done {
        Ok(()) => {
            state.committed();
            Ok(())
        }
        Err(error) => {
            stop_if_disk_failed(&error);
            state.rolled_back();
            if !connection.is_autocommit()
                && let Err(second) = connection.execute_batch("ROLLBACK")
            {
                stop_if_disk_failed(&second);
                tracing::error!(error = %second, "a transaction could not be rolled back");
                std::process::exit(EXIT_DISK_FAILED);
            }
            Err(error)
        }
    }
}

fn begin(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([]).map(|_| ())
}

fn stop_if_disk_failed(error: &rusqlite::Error) {
    let failed = matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    );
    if failed {
        tracing::error!(%error, "the disk failed: stopping without acknowledging anything more");
        std::process::exit(EXIT_DISK_FAILED);
    }
}

#[cfg(test)]
mod tests;
