//! Whether a stage may be activated: what must have been shown in the stage below, and what must hold now.
//!
//! Invariants:
//! - **A step down needs nothing.** Only a step up is checked.
//! - **Every step counts.** Who skips a stage must meet the criteria of the skipped one as well.
//! - **Worse never helps.** No measurement that becomes worse turns a no into a yes (property-tested).
//! - **Unknown is a no.** What was not measured is not met, and what the host cannot measure needs a person's word by name.

mod criteria;
mod found;
mod health;
mod judged;
mod measured;
mod step;
#[cfg(test)]
mod tests;
mod verdict;

pub use criteria::{Activation, Criteria};
pub use health::{Health, SubsystemHealth};
pub use judged::Judged;
pub use measured::{Cadence, Measured, Trades};
pub use verdict::{Check, Verdict, verdict};
