//! What a hook answered, and who said what.

use bulkhead_policy::Authority;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a hook answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HookAnswer {
    /// What is in force. It passed the hook's contract.
    pub answer: Value,
    /// What became of the call as a whole.
    pub outcome: String,
    /// Why the safe default was answered.
    pub cause: Option<String>,
    /// Who said what.
    pub parts: Vec<HookPart>,
}

/// What one subsystem said.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HookPart {
    /// Who.
    pub subsystem: String,
    /// What its answer was allowed to do.
    pub authority: Authority,
    /// What became of it.
    pub outcome: String,
    /// Why its answer was not used.
    pub cause: Option<String>,
    /// Its answer, when it passed the contract.
    pub answer: Option<Value>,
}
