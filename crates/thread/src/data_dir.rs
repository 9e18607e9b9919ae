//! The data directory: made at the first start, owned by one process at a time.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// The data directory, locked. The lock ends with the process, however it ends.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
}

/// The data directory can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataDirError {
    /// Another process has it.
    #[error(
        "the data directory {0} is in use by another Thread: stop that one first, or name another \
         directory with --data-dir"
    )]
    InUse(PathBuf),
    /// The system refuses.
    #[error("the data directory {path} can't be used: {source}")]
    Refused {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl DataDir {
    /// Makes the directory where it is missing and takes it.
    pub(crate) fn take(path: &Path) -> Result<Self, DataDirError> {
        let refused = |source| DataDirError::Refused { path: path.to_owned(), source };
        make(path).map_err(refused)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("thread.lock"))
            .map_err(refused)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(DataDirError::InUse(path.to_owned())),
            Err(TryLockError::Error(source)) => Err(refused(source)),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Makes the directory, readable by its owner only: it holds keys and messages.
#[cfg(unix)]
fn make(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}
