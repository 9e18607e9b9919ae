//! Checkpoints away from the writer: its own thread and connection move the WAL's pages into the
//! database file, so that no acknowledgement waits for it.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::Connection;

/// A checkpoint is made when the WAL has grown by that: 20,000 pages of 4 KiB.
const WAL_BYTES: u64 = 20_000 * 4096;

/// The thread; it ends when this is dropped.
pub(super) struct Checkpoints {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    pub(super) fn start(path: &Path) -> std::io::Result<Self> {
        let (stop, stopped) = channel();
        let path = path.to_owned();
        let thread =
            std::thread::Builder::new().name("checkpoint".to_owned()).spawn(move || {
                let mut connection = None;
                while matches!(
                    stopped.recv_timeout(Duration::from_secs(1)),
                    Err(RecvTimeoutError::Timeout)
                ) {
                    if wal_bytes(&path) >= WAL_BYTES
                        && let Err(error) = checkpoint(&path, &mut connection)
                    {
                        tracing::warn!(%error, "the WAL could not be checkpointed; trying again");
                    }
                }
            })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic there was reported by the panic hook.
            let _ = thread.join();
        }
    }
}

fn wal_bytes(path: &Path) -> u64 {
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    std::fs::metadata(PathBuf::from(wal)).map_or(0, |file| file.len())
}

fn checkpoint(path: &Path, kept: &mut Option<Connection>) -> Result<(), rusqlite::Error> {
    if kept.is_none() {
        let connection = Connection::open(path)?;
        connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA busy_timeout = 100;")?;
        *kept = Some(connection);
    }
    let Some(connection) = kept else {
        return Ok(());
    };
    // PASSIVE never makes the writer wait; the writer begins the WAL anew once all is moved.
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}
