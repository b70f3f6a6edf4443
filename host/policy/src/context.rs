//! What goes with every call.

use serde::{Deserialize, Serialize};

use crate::{Directives, Mode, RiskMode, Stage};

/// The context of a call. A plugin has no other clock than `event_time_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Context {
    /// Epoch ms UTC of the market's data.
    pub event_time_ms: u64,
    /// Cycle of the trading loop, starting at 1.
    pub cycle: u64,
    /// Stage of the rollout.
    pub stage: Stage,
    /// Mode of the asked subsystem.
    pub mode: Mode,
    /// The coordinator's risk mode; NORMAL when nobody coordinates.
    pub risk_mode: RiskMode,
    /// Directives in force.
    pub directives: Option<Directives>,
}
