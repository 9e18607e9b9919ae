use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use rusqlite::{Connection, params};

use super::*;
use crate::sqlite::{Database, Migration};

const SCHEMA: &[Migration] =
    &[Migration { name: "numbers", sql: "CREATE TABLE number (n INTEGER PRIMARY KEY) STRICT" }];

fn open(directory: &tempfile::TempDir) -> Database {
    Database::open(&directory.path().join("test.db"), SCHEMA, |_| Ok(())).unwrap()
}

fn insert(connection: &Connection, n: i64) -> Result<(), rusqlite::Error> {
    connection.execute("INSERT INTO number VALUES (?)", params![n]).map(|_| ())
}

async fn numbers(database: &Database) -> Vec<i64> {
    database
        .readers
        .read(|connection| {
            connection
                .prepare("SELECT n FROM number ORDER BY n")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_is_read_by_the_next_read() {
    let directory = tempfile::tempdir().unwrap();
    let database = open(&directory);
    for n in 0..20 {
        database.writer.write(move |connection, ()| insert(connection, n)).await.unwrap();
        assert_eq!(numbers(&database).await.len(), usize::try_from(n).unwrap() + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_write_that_fails_undoes_no_other() {
    let directory = tempfile::tempdir().unwrap();
    let database = Arc::new(open(&directory));
    let writes = (0..200).map(|i| {
        let database = Arc::clone(&database);
        // Every tenth repeats an earlier number, after having written another one.
        tokio::spawn(async move {
            database
                .writer
                .write(move |connection, ()| {
                    insert(connection, i)?;
                    if i % 10 == 9 { insert(connection, i) } else { Ok(()) }
                })
                .await
        })
    });
    let mut refused = 0;
    for write in writes.collect::<Vec<_>>() {
        refused += u32::from(write.await.unwrap().is_err());
    }
    assert_eq!(refused, 20);
    assert_eq!(numbers(&database).await, (0..200).filter(|i| i % 10 != 9).collect::<Vec<i64>>());
}

struct Told {
    pending: u32,
    told: Arc<AtomicU32>,
}

impl Batch for Told {
    fn committed(&mut self) {
        self.told.fetch_add(std::mem::take(&mut self.pending), Ordering::SeqCst);
    }

    fn rolled_back(&mut self) {
        self.pending = 0;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_hears_of_commits_and_forgets_what_was_undone() {
    let directory = tempfile::tempdir().unwrap();
    let told = Arc::new(AtomicU32::new(0));
    let state = Told { pending: 0, told: Arc::clone(&told) };
    let database =
        Database::open(&directory.path().join("test.db"), SCHEMA, |_| Ok(state)).unwrap();
    let write = |n: i64| {
        database.writer.write(move |connection, told: &mut Told| {
            told.pending += 1;
            insert(connection, n)
        })
    };
    let (a, b, c) = tokio::join!(write(1), write(1), write(2));
    assert!(a.is_ok() && b.is_err() && c.is_ok());
    assert_eq!(told.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_opening_finds_what_the_first_wrote() {
    let directory = tempfile::tempdir().unwrap();
    let database = open(&directory);
    database.writer.write(|connection, ()| insert(connection, 7)).await.unwrap();
    drop(database);
    assert_eq!(numbers(&open(&directory)).await, [7]);
}

#[test]
fn a_file_of_a_newer_version_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 9).unwrap();
    let refused = Database::<()>::open(&path, SCHEMA, |_| Ok(())).err().unwrap();
    assert!(matches!(refused, crate::sqlite::OpenError::Migrate { .. }));
}
