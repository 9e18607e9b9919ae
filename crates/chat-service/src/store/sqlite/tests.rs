//! What only this engine has to promise.

use crate::{
    laws::support::{Ground, group, open_sqlite, say, user},
    store::Named,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_text_is_not_left_in_the_file() {
    const SECRET: &str = "the-secret-that-must-be-gone";
    let mut ground = Ground::new(open_sqlite);
    let store = ground.store();
    let (ana, bob) = (user(1), user(2));
    let chat = group(&store, &[ana, bob]).await;
    let mut ids = Vec::new();
    for n in 0..50 {
        ids.push(say(&store, ana, chat, n, &format!("{SECRET} {n}")).await.id);
    }
    for id in &ids {
        let text = format!("{SECRET} edited");
        store.edit(ana, chat, *id, text, Named::default()).await.unwrap();
    }
    for id in &ids {
        store.delete(ana, chat, *id).await.unwrap();
    }
    drop(store);
    ground.close();
    // The WAL goes into the file, as a checkpoint does.
    rusqlite::Connection::open(ground.directory.path().join("chats.db"))
        .and_then(|file| file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())))
        .unwrap();
    for file in std::fs::read_dir(ground.directory.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
        assert!(!found, "{} holds a deleted text", path.display());
    }
}
