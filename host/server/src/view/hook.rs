//! What a hook answered, and who said what.

use bulkhead_policy::Authority;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::openapi::schema;

/// What a hook answered.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct HookAnswer {
    /// What is in force. It passed the hook's contract.
    pub answer: Value,
    /// What became of the call as a whole.
    #[schema(value_type = schema::Outcome)]
    pub outcome: String,
    /// Why the safe default was answered.
    #[schema(value_type = Option<schema::Cause>)]
    pub cause: Option<String>,
    /// Who said what.
    pub parts: Vec<HookPart>,
}

/// What one subsystem said.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct HookPart {
    /// Who.
    pub subsystem: String,
    /// What its answer was allowed to do.
    #[schema(value_type = schema::Authority)]
    pub authority: Authority,
    /// What became of it.
    #[schema(value_type = schema::Outcome)]
    pub outcome: String,
    /// Why its answer was not used.
    #[schema(value_type = Option<schema::Cause>)]
    pub cause: Option<String>,
    /// Its answer, when it passed the contract.
    pub answer: Option<Value>,
}
