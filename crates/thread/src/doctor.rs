//! `thread doctor`: is everything as it should be, and if not, how to mend it.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
};

use rusqlite::{Connection, OpenFlags};

use crate::{
    command::{Ended, say},
    data_dir::{DataDir, DataDirError},
    settings::Settings,
    web,
};

/// The stores of a data directory.
const STORES: [&str; 3] = ["identity.db", "users.db", "chats.db"];

/// What was looked at.
enum Finding {
    Well(String),
    /// What is wrong, and how to mend it.
    Ill(String, String),
}

/// Looks at everything; an error when something is wrong.
pub(crate) fn run(settings: Settings) -> Result<(), Ended> {
    let mut findings = vec![Finding::Well("the configuration can be used".to_owned())];
    let running = match DataDir::take(&settings.data_dir) {
        Ok(directory) => {
            findings.push(Finding::Well(format!(
                "the data directory {} can be written to",
                directory.path().display()
            )));
            false
        }
        Err(DataDirError::InUse(path)) => {
            findings.push(Finding::Well(format!(
                "a Thread is running on the data directory {}",
                path.display()
            )));
            true
        }
        Err(error) => {
            findings.push(Finding::Ill(
                error.to_string(),
                "make it belong to the user who runs Thread, or name another with --data-dir"
                    .to_owned(),
            ));
            false
        }
    };
    findings.extend(STORES.iter().map(|name| store(&settings.data_dir.join(name), name)));
    if !running {
        findings.push(listener(settings.server.listen, "server.listen"));
        findings.push(listener(settings.server.management_listen, "server.management_listen"));
    }
    findings.push(if web::is_embedded() {
        Finding::Well("the web app is built in".to_owned())
    } else {
        Finding::Ill(
            "this program was built without the web app".to_owned(),
            "build it with `make build`".to_owned(),
        )
    });
    if !settings.limits.enabled {
        findings.push(Finding::Ill(
            "rate limits are off".to_owned(),
            "set limits.enabled to true, unless this is a load test".to_owned(),
        ));
    }
    let mut ill = 0;
    for finding in findings {
        match finding {
            Finding::Well(what) => say(&format!("ok    {what}"))?,
            Finding::Ill(what, cure) => {
                ill += 1;
                say(&format!("WRONG {what}\n      {cure}"))?;
            }
        }
    }
    if ill == 0 { Ok(()) } else { Err(format!("{ill} of these must be mended").into()) }
}

/// Reads a store through and has SQLite check it.
fn store(path: &Path, name: &str) -> Finding {
    if !path.exists() {
        return Finding::Well(format!("{name} will be made at the first start"));
    }
    let checked = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .and_then(|file| file.query_row("PRAGMA quick_check", [], |row| row.get::<_, String>(0)));
    match checked {
        Ok(word) if word == "ok" => Finding::Well(format!("{name} is whole")),
        Ok(word) => Finding::Ill(
            format!("{name} is damaged: {word}"),
            "stop Thread and restore the data directory from a backup".to_owned(),
        ),
        Err(error) => Finding::Ill(
            format!("{name} can't be read: {error}"),
            "check that it is Thread's file and belongs to the user who runs Thread; else \
             restore the data directory from a backup"
                .to_owned(),
        ),
    }
}

fn listener(address: SocketAddr, setting: &str) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => Finding::Well(format!("{address} ({setting}) is free")),
        Err(error) => Finding::Ill(
            format!("{address} ({setting}) can't be listened on: {error}"),
            format!("stop what listens there, or set another {setting}"),
        ),
    }
}
