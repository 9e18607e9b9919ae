//! `thread user`: administering accounts, beside a server that may be running.

use std::io::{BufRead, IsTerminal};

use clap::{Subcommand, ValueEnum};
use identity::{Admin, NewAccount, RegisterError, Role};
use kernel::Secret;

use crate::{
    command::{Ended, say},
    settings::Settings,
    system,
};

/// Administer accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add an account; the password is read from standard input
    Add {
        /// 3 to 64 of a-z, 0-9, '.', '_', '-'
        username: String,
        /// The e-mail address
        #[arg(long)]
        email: String,
        /// The name that others see [default: the username]
        #[arg(long)]
        name: Option<String>,
    },
    /// Set a password, read from standard input; signs the account out everywhere
    Password {
        /// Username or e-mail address
        account: String,
    },
    /// Set a role; signs the account out everywhere
    Role {
        /// Username or e-mail address
        account: String,
        /// What the account may do
        role: RoleName,
    },
    /// List the accounts, oldest first
    List,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum RoleName {
    /// Uses this installation
    Member,
    /// Also administers it
    Admin,
}

pub(crate) fn run(settings: &Settings, command: UserCommand) -> Result<(), Ended> {
    if !settings.data_dir.is_dir() {
        return Err(format!(
            "there is no data directory {}: start Thread once, or name another with --data-dir",
            settings.data_dir.display()
        )
        .into());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let admin = Admin::open(&settings.data_dir, system::ids())?;
        execute(&admin, command).await
    })
}

async fn execute(admin: &Admin, command: UserCommand) -> Result<(), Ended> {
    match command {
        UserCommand::Add { username, email, name } => {
            let password = read_password()?;
            let account =
                NewAccount { username, email, password, display_name: name, locale: None };
            let added = admin.add(account).await.map_err(explain)?;
            say(&format!("added {} ({})", added.username, added.roles.join(", ")))
        }
        UserCommand::Password { account } => {
            let password = read_password()?;
            let set = admin.set_password(&account, &password).await;
            set.map_err(|error| named(&account, error))?;
            say(&format!("{account} has a new password and is signed out everywhere"))
        }
        UserCommand::Role { account, role } => {
            let role = match role {
                RoleName::Member => Role::Member,
                RoleName::Admin => Role::Admin,
            };
            let set = admin.set_role(&account, role).await;
            set.map_err(|error| named(&account, error))?;
            say(&format!("{account} has a new role and is signed out everywhere"))
        }
        UserCommand::List => {
            for account in admin.list().await? {
                say(&format!(
                    "{}\t{}\t{}\t{}\t{}",
                    account.username,
                    account.email,
                    account.roles.join(","),
                    account.created_at,
                    account.id
                ))?;
            }
            Ok(())
        }
    }
}

/// The first line of standard input. Never an argument: those can be read by others.
fn read_password() -> Result<Secret, Ended> {
    let input = std::io::stdin();
    if input.is_terminal() {
        say("Password (it is shown as you type):")?;
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err("no password on standard input".into());
    }
    Ok(Secret::new(password))
}

fn named(account: &str, error: identity::AdminError) -> Ended {
    match error {
        identity::AdminError::NoSuchAccount => format!("there is no account {account}").into(),
        other => explain(other),
    }
}

/// The refused fields, each with its reason.
fn explain(error: identity::AdminError) -> Ended {
    match error {
        identity::AdminError::Refused(RegisterError::Invalid(fields)) => {
            let fields: Vec<_> =
                fields.iter().map(|flaw| format!("{}: {}", flaw.field, flaw.message)).collect();
            fields.join("; ").into()
        }
        other => other.into(),
    }
}
