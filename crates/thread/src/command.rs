//! The command line.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use url::Url;

use crate::{
    doctor, documents, serve,
    settings::{Settings, SettingsError},
    user_command::{self, UserCommand},
};

/// Thread: team chat that people host themselves.
#[derive(Debug, Parser)]
#[command(name = "thread", version, about)]
pub(crate) struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Run everything in one process: services, identity, web app, embedded storage
    Serve(Shared),
    /// Check the configuration and everything it names; say what is wrong and how to mend it
    Doctor(Shared),
    /// Administer accounts
    User {
        #[command(flatten)]
        shared: Shared,
        #[command(subcommand)]
        action: UserCommand,
    },
    /// Print the OpenAPI 3.1 document of all services, as JSON
    Openapi,
    /// Print the AsyncAPI 3 document of the real-time part, as YAML
    Asyncapi,
}

/// What most commands take. Each stands above the environment, which stands above the file.
#[derive(Debug, Args)]
pub(crate) struct Shared {
    /// What people reach [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// What operators reach: metrics and health [default: 127.0.0.1:9464]
    #[arg(long, value_name = "ADDRESS")]
    management_listen: Option<SocketAddr>,
    /// Where everything is kept [default: data]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The address under which people reach Thread [default: http:// and what it listens on]
    #[arg(long, value_name = "URL")]
    public_url: Option<Url>,
    /// A configuration file (TOML)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Shared {
    /// The settings that stand.
    pub(crate) fn settings(self) -> Result<Settings, SettingsError> {
        let mut settings = Settings::load(self.config.as_deref(), std::env::vars())?;
        if let Some(listen) = self.listen {
            settings.server.listen = listen;
        }
        if let Some(listen) = self.management_listen {
            settings.server.management_listen = listen;
        }
        if let Some(directory) = self.data_dir {
            settings.data_dir = directory;
        }
        if self.public_url.is_some() {
            settings.public_url = self.public_url;
        }
        settings.check()?;
        Ok(settings)
    }
}

/// Runs the command. What goes wrong is said in one sentence on standard error.
pub(crate) fn run(command: Command) -> ExitCode {
    let done = match command.action {
        Action::Serve(shared) => shared.settings().map_err(Into::into).and_then(serve::run),
        Action::Doctor(shared) => shared.settings().map_err(Into::into).and_then(doctor::run),
        Action::User { shared, action } => shared
            .settings()
            .map_err(Into::into)
            .and_then(|settings| user_command::run(&settings, action)),
        Action::Openapi => say(&documents::openapi_json()),
        Action::Asyncapi => say(&websocket_service::asyncapi::yaml()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Ended(error)) => {
            complain(&*error);
            ExitCode::FAILURE
        }
    }
}

/// Why a command ended: a sentence with its causes.
#[derive(Debug)]
pub(crate) struct Ended(pub(crate) Box<dyn std::error::Error + Send + Sync>);

impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> From<E> for Ended {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// Prints to standard output, which may be closed early (`thread openapi | head`).
pub(crate) fn say(text: &str) -> Result<(), Ended> {
    use std::io::Write;
    let mut output = std::io::stdout().lock();
    match writeln!(output, "{text}").and_then(|()| output.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

#[expect(clippy::print_stderr, reason = "the last word of a command that failed")]
fn complain(error: &(dyn std::error::Error + 'static)) {
    eprint!("thread: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprint!(": {error}");
        cause = error.source();
    }
    eprintln!();
}
