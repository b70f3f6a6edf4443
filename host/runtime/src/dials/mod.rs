//! What a person sets while the host runs: stage, modes, limits, bindings. The brake stands beside them.
//!
//! Invariants:
//! - **Effect before record** on the way to less (a lower stage or mode, a tighter limit): the next decision goes by it,
//!   whatever becomes of the disk. What could not be recorded is tried again, and people are told until it is.
//! - **Record before effect** on the way to more: what cannot be kept does not come into force.
//! - **The safer one wins over a restart**, value by value: nothing set at run time is ever more than what is configured.
//! - **A document that is lost means the least**: stage OBSERVATION, nobody applied, until a person says otherwise.

mod document;
mod file;
mod lost;
mod mode;
mod record;
mod settle;

pub(crate) use document::{Bound, Document, Set};
pub(crate) use file::Keeping;
pub use file::{DialsFile, DialsFileError};
pub(crate) use settle::{Settled, is_name, within};

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

/// A change that is in force, and what became of its record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Why it would not survive a restart, if so: one sentence.
    pub lost: Option<String>,
}
