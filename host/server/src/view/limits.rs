//! The envelope's limits in an answer.

use bulkhead_policy::envelope::EnvelopeLimits;
use bulkhead_runtime::LimitsNow;
use serde::{Deserialize, Serialize};

/// The limits as they stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LimitsView {
    /// In force.
    pub limits: EnvelopeLimits,
    /// In the configuration. No drawdown limit is ever wider than here.
    pub configured: EnvelopeLimits,
    /// Changes so far, starts included. A wider limit names it.
    pub generation: u64,
}

/// A change of limits.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
