//! What a person sets while the host runs: stage, brake, policy.

use bulkhead_policy::{Brake, PolicySet, Stage};

/// The dials, read as one value so that a decision never sees half a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dials {
    /// Stage of the rollout.
    pub stage: Stage,
    /// The lever above all plugins.
    pub brake: Brake,
    /// Changes of the brake so far, those of earlier runs included where it is kept.
    pub brake_generation: u64,
    /// When the brake left `released`, epoch ms of event time.
    pub braked_since_ms: Option<u64>,
    /// Generation of the latest release that let drawdowns begin anew; 0: none.
    pub rebased: u64,
    /// What holds after a fault.
    pub policy: PolicySet,
}
