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

#[tokio::test(flavor = "multi_thread")]
#[ignore]
async fn perf() {
    use std::time::Instant;
    let (store, _d) = open();
    let first = ["ana","bruno","carla","daniel","eduarda","felipe","gabriela","henrique","isabela","joao","karen","lucas","mariana","nicolas","olivia","paulo","quiteria","rafael","sofia","tiago"];
    let last = ["silva","santos","oliveira","souza","pereira","costa","rodrigues","almeida","nascimento","lima","araujo","fernandes","carvalho","gomes","martins","rocha","ribeiro","alves","monteiro","mendes"];
    let t = Instant::now();
    let mut all = Vec::new();
    for n in 0..50_000usize {
        let f = first[n % 20]; let l = last[(n / 20) % 20]; let m = last[(n / 400) % 20];
        all.push(laws::new_person(n as u128 + 1, &format!("{f}.{l}{n}"), &format!("{f} {m} {l}")));
        if all.len() == 500 { futures::future::join_all(all.drain(..).map(|p| store.keep_person(p))).await; }
    }
    println!("made in {:?}", t.elapsed());
    use crate::store::People as _;
    for q in ["a", "an", "ana", "silva", "ana silva", "slva", "jaoo pereria", "zzzz", "monteiro", "ana.silva400"] {
        let t = Instant::now();
        let found = store.search(laws::id(999_999), crate::domain::search::Query::new(q).unwrap(), None, laws::limit(20)).await.unwrap();
        println!("{q}: {} in {:?}", found.len(), t.elapsed());
    }
}
