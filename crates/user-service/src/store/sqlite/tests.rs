use super::SqliteStore;
use crate::store::{People as _, Store as _, laws};

fn open() -> (SqliteStore, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    (store, directory)
}

mod obeys {
    crate::store::laws::every_law!(crate::store::sqlite::tests::open);
}

#[tokio::test]
async fn what_is_kept_outlives_the_process() {
    let directory = tempfile::tempdir().unwrap();
    for visit in 0..2 {
        let store = SqliteStore::open(directory.path()).unwrap();
        let new = store.keep_person(laws::new_person(1, "ana", "Ana")).await.unwrap();
        assert_eq!(new, visit == 0);
        store.check().await.unwrap();
    }
}
