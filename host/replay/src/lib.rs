//! Recorded decisions, made again.
//!
//! Guests see no clock and no randomness, their floats are canonical and their fuel is deterministic. So whoever knows what
//! an instance was given, in which order, knows what it says: [`run`] makes every recorded decision again and must come to
//! the same bytes, and [`decisions`] asks what another version, mode or stage would have decided on the same inputs.
//!
//! What would have *followed* is another question: [`full`] runs the loop again on the recorded market, once as it was and once
//! with something changed, and [`sweep`] does so for a grid of configurations. [`report`] says what came of either, and
//! [`page`] draws it.
//!
//! Invariants:
//! - **Nothing is guessed.** What the journal does not hold is counted and named, never filled in ([`run::Untold`]).
//! - **Time is taken from the record.** A deadline fires by the clock, which no replay has: where one fired, the record says
//!   so, and is believed. Everything else is made again.
//! - **The recorded journal is only read.** Nothing here writes into it or beside it, but the file of an interrupted replay.
//! - **Memory does not grow with the journal**, only with the instances that are alive at one moment of it.

#![forbid(unsafe_code)]

pub mod course;
pub mod decisions;
pub mod diff;
mod error;
pub mod full;
pub mod inputs;
pub mod page;
pub mod premise;
pub mod report;
pub mod run;
pub mod sweep;

pub use diff::{DecisionChange, HookTally, Said, Tally};
pub use error::ReplayError;
