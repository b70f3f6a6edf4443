//! Joins policy, sandbox and journal: the registry and the one call path for every hook.
//!
//! Invariants:
//! - **One registry.** Made once, passed on. Status and decisions come from the same object.
//! - **One call path.** Every hook of every caller goes through [`Registry::call`].
//! - **Always an answer.** A call returns a value that passed its hook's contract, whatever the plugins do.
//! - **No lock across a guest call.** What serves is read with one atomic load, instances are taken out of their pool.
//! - **The brake is read twice**: before a plugin is asked and before its answer is applied.

#![forbid(unsafe_code)]

pub mod again;
mod alarms;
mod brake;
mod call;
mod chain;
mod dials;
mod directives;
mod durable;
mod error;
pub mod evidence;
pub mod fold;
mod latency;
mod life;
mod limits;
mod metrics;
mod quarantine;
mod registry;
mod reload;
mod report;
mod setup;
mod shadow;
mod spec;
mod status;
mod subsystem;
mod upkeep;
pub mod version;
mod world;

pub use brake::{BrakeFile, BrakeFileError, BrakeWords, Engaged, ReleaseRefused};
pub use call::{Decided, Moment, Part};
pub use chain::{default_order, one_owner};
pub use dials::{Dials, DialsFile, DialsFileError, Recorded};
pub use directives::{DirectiveBoard, Expiry};
pub use durable::replace as replace_file;
pub use error::{ModeError, RuntimeError};
pub use latency::{LATENCY_BOUNDS_NS, Latency};
pub use limits::{LimitsNow, LimitsRefused, Procedure};
pub use metrics::{HookMetrics, HookSnapshot};
pub use registry::{Registry, RegistryOptions};
pub use reload::{Refused, Reloaded, StageError, Step, Versions, Watch, WatchOptions, Wish};
pub use setup::RecordedSetup;
pub use shadow::{PromotionRefused, ShadowDifference, ShadowStatus};
pub use spec::{StageBinding, SubsystemSpec};
pub use status::SubsystemStatus;
pub use upkeep::Upkeep;
