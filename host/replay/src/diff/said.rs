//! What one party said to one question.

use std::collections::BTreeMap;

use bulkhead_policy::{FaultClass, Hook, HookId, SymbolId, for_hook, json};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
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
    shown::<H::Answer>(bytes, names)
}

/// What a plugin said, unchecked, in JSON.
pub(crate) fn raw_json<H: Hook>(bytes: &[u8], names: &Names) -> Value {
    shown::<H::Raw>(bytes, names)
}

/// Bytes of a value in JSON, with the names of symbols. What cannot be read is shown as its length.
pub(crate) fn shown<T: Serialize + DeserializeOwned>(bytes: &[u8], names: &Names) -> Value {
    let value = postcard::from_bytes::<T>(bytes).ok();
    let Some(mut value) = value.and_then(|value| json::write(&value).ok()) else {
        return json!({ "unreadable_bytes": bytes.len() });
    };
    json::to_names(&mut value, &|id| names.get(&id).map(String::as_str));
    value
}
