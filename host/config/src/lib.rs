//! The host's configuration: one effective value for every key, and where it comes from.
//!
//! ```text
//! built-in default < file < profile < environment < command line
//! ```
//!
//! Invariants:
//! - **Strict.** An unknown key, a variable of a known family that nobody reads, a value that cannot be meant, limits that
//!   contradict each other: nothing starts, and every one of them is named with its file and line, variable or flag.
//! - **Nothing is ignored.** A documented variable sets its key, or is refused with what to use instead.
//! - **One default set.** Stage OBSERVATION, every subsystem off.
//! - **Every value has an origin**, down to the single key.
//! - **Pure but for two files.** The environment and the arguments are handed in; no globals.
//!
//! A new section is a struct in `shape`, a field of [`HostConfig`] with its default, and a line in `check` if it can
//! contradict itself. Layers, origins, suggestions and printing follow from that.

#![forbid(unsafe_code)]

mod check;
mod command_line;
mod document;
mod effective;
pub mod environment;
mod files;
mod load;
mod origin;
mod problem;
mod shape;
mod show;
mod start;
mod strict;

pub use effective::Effective;
pub use load::{Sources, load};
pub use origin::Origin;
pub use problem::{Problem, Problems};
pub use shape::{
    HostConfig, JournalConfig, LogConfig, LoosenConfig, Network, ReloadConfig, RolloutConfig, SandboxConfig,
    StageConfig, SubsystemConfig, SymbolConfig,
};
