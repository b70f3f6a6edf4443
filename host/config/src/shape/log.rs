//! `[log]`

use serde::{Deserialize, Serialize};

/// What is written to the standard error. `RUST_LOG`, where it is set, replaces both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// Least level of the host's own lines.
    pub level: Level,
    /// Least level of what plugins log.
    pub plugins: Level,
}

/// A level; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// What failed.
    Error,
    /// What somebody should look at.
    Warn,
    /// What happened.
    Info,
    /// How it happened.
    Debug,
    /// Everything.
    Trace,
}

impl Level {
    const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { level: Level::Warn, plugins: Level::Error }
    }
}

impl LogConfig {
    /// What failed, and nothing else.
    #[must_use]
    pub const fn failures() -> Self {
        Self { level: Level::Error, plugins: Level::Error }
    }

    /// The filter in the form of `RUST_LOG`.
    #[must_use]
    pub fn filter(self) -> String {
        format!("{},plugin={}", self.level.name(), self.plugins.name())
    }
}
