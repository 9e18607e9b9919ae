//! SQLite: one writer thread with group commit, readers in parallel, migrations, one owner of a
//! data directory. Every embedded store of Thread stands on this.

mod checkpoint;
mod database;
mod migrate;
mod readers;
mod writer;

pub use database::{Database, OpenError};
pub use migrate::Migration;
pub use readers::Readers;
pub use writer::{Batch, StoreError, Writer};
