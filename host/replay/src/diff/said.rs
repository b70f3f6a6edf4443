//! What one party said to one question.

use std::collections::BTreeMap;

use bulkhead_policy::{FaultClass, Hook, HookId, SymbolId, for_hook, json};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Names of the journal's symbols.
pub type Names = BTreeMap<SymbolId, String>;

/// An answer, a fault, or nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// Canonical bytes (postcard) of an answer that passed its hook's contract.
    Answer(Vec<u8>),
    /// It failed.
    Fault {
        /// How.
        class: FaultClass,
        /// In words, at most 256 bytes.
        text: String,
    },
    /// It was not asked.
    Nothing,
}

impl Said {
    /// The JSON form, with the names of symbols: an answer in the form of its hook, `{"fault": ..., "text": ...}`, or null.
    #[must_use]
    pub fn to_json(&self, hook: HookId, names: &Names) -> Value {
        match self {
            Self::Answer(bytes) => for_hook!(hook, H => answer_json::<H>(bytes, names)),
            Self::Fault { class, text } => json!({ "fault": class.name(), "text": text }),
            Self::Nothing => Value::Null,
        }
    }

    /// The answer, where it is one and can be read.
    #[must_use]
    pub fn answer<H: Hook>(&self) -> Option<H::Answer> {
        match self {
            Self::Answer(bytes) => postcard::from_bytes(bytes).ok(),
            _ => None,
        }
    }
}

fn answer_json<H: Hook>(bytes: &[u8], names: &Names) -> Value {
    let answer = postcard::from_bytes::<H::Answer>(bytes).ok();
    let Some(mut value) = answer.and_then(|answer| json::write(&answer).ok()) else {
        return json!({ "unreadable": bytes.len() });
    };
    json::to_names(&mut value, &|id| names.get(&id).map(String::as_str));
    value
}
