//! The configuration: defaults, then the TOML file, then the environment, then the command line.
//!
//! Each setting has one name: `server.listen` in the file is `THREAD_SERVER__LISTEN` in the
//! environment. `docs/configuration.md` lists them all.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use config::{Config, ConfigError, Environment, File, FileFormat};
use kit::telemetry::LogFormat;
use serde::{Deserialize, Deserializer, de};
use url::Url;

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// Where everything is kept. Default: `data` in the working directory.
    pub(crate) data_dir: PathBuf,
    /// The address under which people reach Thread. Default: `http://` and the listening address.
    pub(crate) public_url: Option<Url>,
    /// The listeners.
    pub(crate) server: ServerSettings,
    /// Logs.
    pub(crate) log: LogSettings,
    /// Rate limits.
    pub(crate) limits: LimitSettings,
    /// Sockets.
    pub(crate) realtime: RealtimeSettings,
}

/// The listeners.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ServerSettings {
    /// What people reach. Default: `127.0.0.1:8080`.
    pub(crate) listen: SocketAddr,
    /// What operators reach: `/metrics` and health. Default: `127.0.0.1:9464`.
    pub(crate) management_listen: SocketAddr,
    /// Proxies whose `X-Forwarded-For` is believed. Default: none.
    pub(crate) trusted_proxies: List<IpAddr>,
    /// Open connections at most. Default: 50,000.
    pub(crate) connections: usize,
    /// Seconds that running requests have to end after SIGTERM. Default: 10.
    pub(crate) drain_seconds: u64,
}

/// Logs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LogSettings {
    /// `auto` (pretty on a terminal, JSON elsewhere), `json`, `pretty`. Default: `auto`.
    pub(crate) format: LogFormat,
    /// What is logged, as `tracing_subscriber::EnvFilter` reads it. Default: `info`.
    pub(crate) filter: String,
}

/// Rate limits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LimitSettings {
    /// `false` turns all rate limits off, for load tests. Default: `true`.
    pub(crate) enabled: bool,
}

/// Sockets.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RealtimeSettings {
    /// Origins whose pages may connect, besides Thread's own. Default: none.
    pub(crate) origins: List<String>,
    /// Sockets in all at most. Default: 100,000.
    pub(crate) sessions: usize,
    /// Sockets of one address at most. Default: 256.
    pub(crate) sessions_per_address: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("data"),
            public_url: None,
            server: ServerSettings::default(),
            log: LogSettings::default(),
            limits: LimitSettings::default(),
            realtime: RealtimeSettings::default(),
        }
    }
}

impl Default for ServerSettings {
    fn default() -> Self {
        let local = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
        Self {
            listen: local(8080),
            management_listen: local(9464),
            trusted_proxies: List::default(),
            connections: 50_000,
            drain_seconds: 10,
        }
    }
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { format: LogFormat::Auto, filter: "info".to_owned() }
    }
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self { enabled: true }
    }
}

impl Default for RealtimeSettings {
    fn default() -> Self {
        Self { origins: List::default(), sessions: 100_000, sessions_per_address: 256 }
    }
}

/// A list: in the environment, its items separated by commas.
#[derive(Debug, Clone)]
pub(crate) struct List<T>(pub(crate) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T> Deserialize<'de> for List<T>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Many(Vec<String>),
            One(String),
        }
        let items = match Written::deserialize(deserializer)? {
            Written::Many(items) => items,
            Written::One(text) => text.split(',').map(|item| item.trim().to_owned()).collect(),
        };
        items
            .iter()
            .filter(|item| !item.is_empty())
            .map(|item| item.parse().map_err(|error| de::Error::custom(format!("{item}: {error}"))))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// The configuration can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// A setting is unknown, or its value is not allowed.
    #[error("the configuration can't be used: {0}")]
    Bad(String),
    /// A variable names a system that this version does not speak to.
    #[error(
        "{name} is set, but this version of Thread keeps everything in its data directory and \
         would ignore it: unset {name}"
    )]
    NotYet {
        /// The variable.
        name: &'static str,
    },
}

/// The variables that name stores, brokers and identity providers outside.
const OUTSIDE: [&str; 5] =
    ["DATABASE_URL", "MONGODB_URL", "RABBITMQ_URL", "REDIS_URL", "KEYCLOAK_URL"];

impl Settings {
    /// Reads the file (where one is named) and the environment.
    pub(crate) fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let environment: std::collections::HashMap<_, _> = environment.collect();
        for name in OUTSIDE {
            if environment.get(name).is_some_and(|value| !value.is_empty()) {
                return Err(SettingsError::NotYet { name });
            }
        }
        let mut sources = Config::builder();
        if let Some(file) = file {
            sources = sources.add_source(File::from(file).format(FileFormat::Toml));
        }
        let ours =
            environment.into_iter().filter(|(name, _)| name.starts_with("THREAD_")).collect();
        let variables = Environment::with_prefix("THREAD")
            .prefix_separator("_")
            .separator("__")
            .source(Some(ours));
        sources
            .add_source(variables)
            .build()
            .and_then(Config::try_deserialize)
            .map_err(|error| SettingsError::Bad(explain(&error)))
    }

    /// Refuses values that can't work.
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        let Some(url) = &self.public_url else { return Ok(()) };
        let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() || !plain {
            return Err(SettingsError::Bad(format!(
                "public_url is {url}, but must be an origin such as https://chat.example.org"
            )));
        }
        Ok(())
    }

    /// The address under which people reach Thread, without a slash at its end.
    pub(crate) fn origin(&self, listening: SocketAddr) -> String {
        match &self.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None if listening.ip().is_unspecified() => {
                format!("http://localhost:{}", listening.port())
            }
            None => format!("http://{listening}"),
        }
    }
}

/// The error with the names as people wrote them.
fn explain(error: &ConfigError) -> String {
    let text = error.to_string();
    match text.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`')) {
        Some((name, rest)) => format!(
            "there is no setting `{name}` (in the environment its name would end in \
             {}){rest}",
            name.to_uppercase()
        ),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let variables = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        Settings::load(None, variables)
    }

    #[test]
    fn a_setting_has_one_name_in_the_environment() {
        let settings = load(&[
            ("THREAD_LIMITS__ENABLED", "false"),
            ("THREAD_SERVER__LISTEN", "127.0.0.1:9000"),
            ("THREAD_SERVER__TRUSTED_PROXIES", "127.0.0.1, ::1"),
            ("THREAD_DATA_DIR", "/tmp/x"),
            ("HOME", "/"),
        ])
        .unwrap();
        assert!(!settings.limits.enabled);
        assert_eq!(settings.server.listen.port(), 9000);
        assert_eq!(settings.server.trusted_proxies.0.len(), 2);
        assert_eq!(settings.data_dir, Path::new("/tmp/x"));
    }

    #[test]
    fn an_unknown_or_bad_setting_is_named() {
        let unknown = load(&[("THREAD_LIMITS__ENABLD", "false")]).unwrap_err().to_string();
        assert!(unknown.contains("enabld"), "{unknown}");
        let unknown = load(&[("THREAD_NONSENSE", "1")]).unwrap_err().to_string();
        assert!(unknown.contains("nonsense"), "{unknown}");
        let bad = load(&[("THREAD_SERVER__LISTEN", "everywhere")]).unwrap_err().to_string();
        assert!(bad.contains("listen"), "{bad}");
        let bad = load(&[("THREAD_LIMITS__ENABLED", "maybe")]).unwrap_err().to_string();
        assert!(bad.contains("enabled"), "{bad}");
    }

    #[test]
    fn what_would_be_ignored_stops_the_start() {
        let refused = load(&[("DATABASE_URL", "postgres://x")]).unwrap_err().to_string();
        assert!(refused.contains("DATABASE_URL"));
    }

    #[test]
    fn the_documentation_lists_every_setting() {
        let page = include_str!("../../../docs/configuration.md");
        for name in [
            "data_dir",
            "public_url",
            "server.listen",
            "server.management_listen",
            "server.trusted_proxies",
            "server.connections",
            "server.drain_seconds",
            "log.format",
            "log.filter",
            "limits.enabled",
            "realtime.origins",
            "realtime.sessions",
            "realtime.sessions_per_address",
        ] {
            let variable = format!("THREAD_{}", name.replace('.', "__").to_uppercase());
            assert!(page.contains(&format!("`{name}`")), "{name}");
            assert!(page.contains(&format!("`{variable}`")), "{variable}");
        }
    }
}
