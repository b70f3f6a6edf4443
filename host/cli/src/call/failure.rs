//! Why there is no answer, for people and as JSON.

use bulkhead_policy::{Breach, json::JsonError};
use bulkhead_sandbox::Fault;
use serde_json::{Value, json};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The arguments, or a file they name.
    #[error("{0}")]
    Usage(String),
    /// The document is no JSON.
    #[error("input: it is not JSON: {0}")]
    NotJson(serde_json::Error),
    /// The document is not what the hook is asked with.
    #[error(transparent)]
    Document(JsonError),
    /// The plugin says that its configuration makes no sense.
    #[error("the plugin refused its configuration: {0}")]
    Configuration(String),
    /// The component is none, or not for this host.
    #[error("{0}; the plugin was not loaded")]
    Load(String),
    /// The call went wrong.
    #[error("{fault}")]
    Fault {
        /// How.
        fault: Fault,
        /// The instance is gone, and what it remembered.
        state_lost: bool,
    },
    /// The answer is one that the contract forbids.
    #[error("{}: {text}", breach.class())]
    Breach {
        /// How.
        breach: Breach,
        /// For people, with the names of symbols.
        text: String,
    },
}

impl Failure {
    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    /// What the process ends with.
    pub(super) const fn code(&self) -> u8 {
        match self {
            Self::Load(_) | Self::Fault { .. } | Self::Breach { .. } => 1,
            Self::Usage(_) | Self::NotJson(_) | Self::Document(_) | Self::Configuration(_) => 2,
        }
    }

    /// What stands in the place of an answer.
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Document(error) => json!({
                "class": "document", "field": error.field(), "text": error.problem(),
            }),
            Self::NotJson(_) => json!({ "class": "document", "field": "input", "text": self.to_string() }),
            Self::Usage(_) => json!({ "class": "usage", "text": self.to_string() }),
            Self::Configuration(_) => json!({ "class": "configuration", "text": self.to_string() }),
            Self::Load(_) => json!({ "class": "refused", "text": self.to_string() }),
            Self::Fault { fault, state_lost } => json!({
                "class": fault.class.name(), "phase": fault.phase.to_string(), "text": fault.text,
                "state_lost": state_lost,
            }),
            Self::Breach { breach, text } => json!({
                "class": breach.class().name(), "phase": "contract", "text": text, "state_lost": false,
            }),
        }
    }
}
