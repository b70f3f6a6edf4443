//! The envelope's limits in an answer.

use bulkhead_policy::envelope::EnvelopeLimits;
use bulkhead_runtime::LimitsNow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The limits as they stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LimitsView {
    /// In force.
    #[schema(value_type = std::collections::BTreeMap<String, f64>)]
    pub limits: EnvelopeLimits,
    /// In the configuration. No drawdown limit is ever wider than here.
    #[schema(value_type = std::collections::BTreeMap<String, f64>)]
    pub configured: EnvelopeLimits,
    /// Changes so far, starts included. A wider limit names it.
    pub generation: u64,
}

/// A change of limits.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LimitsChanged {
    /// What happened, in one sentence.
    pub message: String,
    /// The limits as they stand now.
    #[serde(flatten)]
    pub now: LimitsView,
}

impl From<LimitsNow> for LimitsView {
    fn from(LimitsNow { limits, configured, generation }: LimitsNow) -> Self {
        Self { limits, configured, generation }
    }
}
